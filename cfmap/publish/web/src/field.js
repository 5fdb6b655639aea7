/** How many minutes is it on foot from any place on the map: grids as minutes_grid.py computed and geometry.py packed them. */
import { COUNT, DX, POINTS, TAG, coded } from "./coder.js";
import { GRID, bytesOf } from "./decode.js";

/**
 * @typedef {{west: number, south: number, lonStep: number, latStep: number, columns: number, first: Float64Array, start: Int32Array, minutes: Uint8Array}} Grid
 * `first[n]` is the first cell of run n, its minutes stand from `start[n]` to `start[n + 1]`
 * @typedef {import("./types").Reach & {colour: string}} Item
 * @typedef {{item: Item, minutes: number | null}} Answer
 */

/** @param {string} text @returns {Grid} */
export function readMinutes(text) {
  const read = coded(bytesOf(text));
  const [west, south] = [read(DX), read(DX)];
  const [lonStep, latStep, columns, runs] = [read(COUNT), read(COUNT), read(COUNT), read(COUNT)];
  const first = new Float64Array(runs);
  const start = new Int32Array(runs + 1);
  let cell = 0;
  for (let n = 0; n < runs; n++) {
    cell += read(TAG);
    first[n] = cell;
    const cells = read(POINTS);
    start[n + 1] = start[n] + cells;
    cell += cells;
  }
  const minutes = new Uint8Array(start[runs]);
  let value = 0;
  for (let n = 0; n < minutes.length; n++) minutes[n] = value += read(DX);
  return { west, south, lonStep, latStep, columns, first, start, minutes };
}

/** @param {Grid} grid @param {number} lat @param {number} lon @returns {number | null} null where there is no answer, never 0 */
export function minutesAt(grid, lat, lon) {
  const column = Math.floor((lon * GRID - grid.west) / grid.lonStep);
  const row = Math.floor((lat * GRID - grid.south) / grid.latStep);
  if (!(column >= 0 && column < grid.columns && row >= 0)) return null;
  const cell = row * grid.columns + column;
  let low = 0;
  let high = grid.first.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (grid.first[middle] <= cell) low = middle + 1;
    else high = middle;
  }
  const run = low - 1;
  if (run < 0) return null;
  const at = grid.start[run] + cell - grid.first[run];
  return at < grid.start[run + 1] ? grid.minutes[at] : null;
}

/** The minutes of every coverage; a grid is unpacked when it is first asked. */
export class Fields {
  /** @param {Item[]} items */
  constructor(items) {
    this.items = items.filter((item) => item.minutes);
    /** @type {Map<string, Grid>} */
    this.grids = new Map();
  }

  /** @param {Item} item @returns {Grid} */
  grid(item) {
    const found = this.grids.get(item.key) ?? readMinutes(item.minutes?.cells ?? "");
    this.grids.set(item.key, found);
    return found;
  }

  /** Side of a cell, metres. @param {Item} item */
  cellMetres(item) {
    return (this.grid(item).latStep * 111320) / GRID;
  }

  /**
   * Answers for one place, nearest first, those without an answer last.
   * @param {number} lat @param {number} lon
   * @returns {Answer[]}
   */
  at(lat, lon) {
    const found = this.items.map((item) => ({ item, minutes: minutesAt(this.grid(item), lat, lon) }));
    return found.sort((a, b) => (a.minutes ?? Infinity) - (b.minutes ?? Infinity) || 0);
  }
}

/**
 * Which answers does the reader want: those of the reaches shown, else of the categories chosen, else all.
 * @param {Answer[]} answers
 * @param {import("./types").State} state
 * @param {(layer: string) => string} groupOf
 * @returns {[Answer[], Answer[]]} wanted, others
 */
export function wanted(answers, state, groupOf) {
  const tests = [
    (/** @type {Answer} */ a) => state.reach.includes(a.item.key),
    (/** @type {Answer} */ a) => state.layers.includes(a.item.layer),
    (/** @type {Answer} */ a) => state.group !== "" && groupOf(a.item.layer) === state.group,
  ];
  const test = tests.find((one) => answers.some(one)) ?? (() => true);
  return [answers.filter(test), answers.filter((a) => !test(a))];
}
