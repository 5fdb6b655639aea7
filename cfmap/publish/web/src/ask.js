/** The filter's panel and its marks: what a parent asks for, how many places each answer leaves, what is on. */
import { byId, el, icon } from "./dom.js";
import { t } from "./i18n.js";
import { OPTIONS, chosen } from "./wishes.js";

const AGES = OPTIONS.filter(({ ages }) => ages);
const OTHERS = OPTIONS.filter(({ ages }) => !ages);
const LONGEST = 40; // characters of a town's name in the list of towns

/**
 * @typedef {{rows: number, unsure: number, options: Map<string, number>, towns: Map<string, number>}} Counts
 * @typedef {{set: (change: Partial<import("./types").State>) => void, reset: () => void, list: () => void}} Doors
 */

/** @param {string} key @returns {string} */
export function words(key) {
  const ages = OPTIONS.find((option) => option.key === key)?.ages;
  return ages ? t("ages", { a: ages[0], b: ages[1] }) : t(`wish-${key}`);
}

/** @param {string[]} wishes @param {string} key */
const toggled = (wishes, key) => (wishes.includes(key) ? wishes.filter((other) => other !== key) : OPTIONS.map((option) => option.key).filter((other) => other === key || wishes.includes(other)));

/**
 * @param {import("./types").Meta} meta @param {import("./types").State} state @param {{ready: boolean, towns: () => string[], silent: () => Set<string>}} wishes
 * @param {Counts} counts @param {Doors} doors
 * @returns {(HTMLElement | null)[]}
 */
export function askPanel(meta, state, wishes, counts, doors) {
  const silent = wishes.silent();
  const tile = (/** @type {{key: string}} */ { key }) =>
    el(
      "button",
      { type: "button", class: silent.has(key) ? "tile wish silent" : "tile wish", "data-toggle": `wish-${key}`, "aria-pressed": String(state.wishes.includes(key)), onclick: () => doors.set({ wishes: toggled(state.wishes, key) }) },
      el("span", { class: "words" }, words(key)),
      wishes.ready && (silent.has(key) ? el("span", { class: "count" }, t("nobodySays")) : el("span", { class: "count" }, String(counts.options.get(key) ?? 0))),
    );
  const towns = wishes.towns();
  return [
    wishes.ready ? null : el("p", { class: "note" }, t("stillReading")),
    el("section", { "aria-labelledby": "ask-age" }, el("h3", { id: "ask-age" }, t("childAge")), el("div", { class: "grid" }, ...AGES.map(tile))),
    el("section", { "aria-labelledby": "ask-wish" }, el("h3", { id: "ask-wish" }, t("wanted")), el("div", { class: "grid" }, ...OTHERS.map(tile)), el("p", { class: "hint" }, t(meta.shifted === false ? "openHintLocal" : "openHint"))),
    towns.length > 1 ? el("section", {}, el("h3", {}, el("label", { for: "ask-town" }, t("town"))), townPicker(towns, state, counts, doors)) : null,
    chosen(state) && counts.unsure ? unsure(state, counts, doors) : null,
    el("div", { class: "actions last" }, el("button", { type: "button", class: "action main", id: "see", onclick: doors.list }, t("see", { n: counts.rows })), el("button", { type: "button", class: "action", "data-toggle": "reset", onclick: doors.reset }, t("reset"))),
  ];
}

/** @param {string[]} towns @param {import("./types").State} state @param {Counts} counts @param {Doors} doors */
function townPicker(towns, state, counts, doors) {
  const option = (/** @type {string} */ town, /** @type {string} */ text) => el("option", { value: town, selected: town === state.town }, text);
  const short = (/** @type {string} */ town) => (town.length > LONGEST ? `${Array.from(town).slice(0, LONGEST).join("")}…` : town);
  return el(
    "select",
    { id: "ask-town", class: "pick", "data-toggle": "town", onchange: (/** @type {Event} */ event) => doors.set({ town: /** @type {HTMLSelectElement} */ (event.target).value }) },
    option("", t("anyTown")),
    ...towns.map((town) => option(town, `${short(town)}（${counts.towns.get(town) ?? 0}）`)),
  );
}

/**
 * How many say nothing of what was asked, and the switch that puts them in.
 * @param {import("./types").State} state @param {{unsure: number}} counts @param {{set: (change: Partial<import("./types").State>) => void}} doors
 */
function unsure(state, counts, doors) {
  const box = el("input", { type: "checkbox", role: "switch", "data-toggle": "unsure", onchange: (/** @type {Event} */ event) => doors.set({ unsure: /** @type {HTMLInputElement} */ (event.target).checked }) });
  box.checked = state.unsure;
  return el("label", { class: "switch unsure" }, el("span", {}, t(state.unsure ? "unsureIn" : "unsureOut", { n: counts.unsure })), box);
}

/**
 * Above the list: what is on, each to be taken off by a tap.
 * @param {import("./types").State} state @param {{unsure: number}} counts @param {boolean} ready @param {Doors} doors
 * @returns {HTMLElement[]}
 */
export function askedFor(state, counts, ready, doors) {
  const off = (/** @type {string} */ text, /** @type {string} */ toggle, /** @type {Partial<import("./types").State>} */ change) =>
    el("button", { type: "button", class: "chip asked", "data-toggle": toggle, "aria-label": t("takeOff", { what: text }), onclick: () => doors.set(change) }, el("span", {}, text), icon("close"));
  const on = state.wishes.map((key) => off(words(key), `off-${key}`, { wishes: toggled(state.wishes, key) }));
  if (state.town) on.push(off(state.town, "off-town", { town: "" }));
  if (!on.length) return []; // the button beside the search stands on every screen
  const clear = el("button", { type: "button", class: "link", "data-toggle": "clear-asked", onclick: doors.reset }, t("reset"));
  const row = el("div", { class: "asked-row", role: "group", "aria-label": t("filter") }, ...on, clear);
  return [row, ...(ready ? (counts.unsure ? [unsure(state, counts, doors)] : []) : [el("p", { class: "note" }, t("stillReading"))])];
}

/** The button beside the search: how many filters are on. @param {import("./types").State} state */
export function paintAskButton(state) {
  const button = byId("filter");
  const on = chosen(state);
  button.querySelector("span")?.replaceChildren(t("filter"));
  button.querySelector("b")?.replaceChildren(on ? String(on) : "");
  button.classList.toggle("on", on > 0);
  button.querySelector(".hidden")?.replaceChildren(on ? t("filtersOn") : "");
}

/**
 * What of a place matters for what was asked, in few words.
 * @param {import("./data.js").Sites} sites @param {import("./wishes.js").Wishes} wishes @param {number} row @param {import("./types").State} state
 * @returns {string[]}
 */
export function matters(sites, wishes, row, state) {
  const out = [];
  const open = wishes.openNow(row);
  if (open !== null) out.push(t(open ? "isOpen" : "isShut"));
  else if (state.wishes.includes("open")) out.push(t("openUnknown"));
  if (AGES.some(({ key }) => state.wishes.includes(key))) out.push(ages(sites.get(row, "age_min"), sites.get(row, "age_max")) || t("ageUnknown"));
  if (state.wishes.includes("free")) out.push(sites.text(row, "fee") || t("feeUnknown"));
  if (state.unsure) for (const option of OTHERS) if (!["open", "free"].includes(option.key) && state.wishes.includes(option.key) && wishes.ask(row, option) === 0) out.push(t("wishUnknown", { what: words(option.key) }));
  return out;
}

/** @param {import("./types").Cell} a @param {import("./types").Cell} b */
export function ages(a, b) {
  if (typeof a === "number" && a === b) return t("oneAge", { a });
  if (typeof a === "number" && typeof b === "number") return t("ages", { a, b });
  if (typeof a === "number") return t("agesFrom", { a });
  return typeof b === "number" ? t("agesTo", { b }) : "";
}
