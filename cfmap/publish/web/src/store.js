/** What is chosen just now, and who wants to know when it changes. */

export class Store {
  /** @param {import("./types").State} state */
  constructor(state) {
    this.state = state;
    /** @type {{keys: string[], call: (state: import("./types").State) => void}[]} */
    this.listeners = [];
  }

  /**
   * @param {string[]} keys
   * @param {(state: import("./types").State) => void} call
   */
  on(keys, call) {
    this.listeners.push({ keys, call });
  }

  /** @param {Partial<import("./types").State>} change */
  set(change) {
    const before = this.state;
    const changed = Object.keys(change).filter((key) => !same(/** @type {any} */ (before)[key], /** @type {any} */ (change)[key]));
    if (!changed.length) return;
    this.state = { ...before, ...change };
    for (const { keys, call } of this.listeners) if (keys.some((key) => changed.includes(key))) call(this.state);
  }
}

/** @param {unknown} a @param {unknown} b */
function same(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
