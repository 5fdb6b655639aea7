/** Which sites does the page show: one answer for map, list and counts. */
import { t } from "./i18n.js";
import { fold, score } from "./search.js";
import { Wishes } from "./wishes.js";

export const NEAREST = 20; // places told by minutes on foot

const SHOWN = new Set(["", "在用", "未知"]);

/** @type {WeakMap<import("./data.js").Sites, Wishes>} */
const asked = new WeakMap();

/** @type {WeakMap<import("./data.js").Sites, {query: string, complete: boolean, on: number[], of: Int8Array}>} how well each row answers to the last query, -1 not known yet */
const answers = new WeakMap();

/**
 * How well rows answer to what was typed; each row is read once for list, counts and filters.
 * @param {import("./data.js").Sites} sites @param {string} query folded
 * @returns {(row: number) => number} 0 not at all
 */
function answering(sites, query) {
  const complete = sites.complete();
  let known = answers.get(sites);
  if (known?.query !== query || known.complete !== complete || known.on !== sites.on) {
    known = { query, complete, on: sites.on, of: new Int8Array(sites.count).fill(-1) };
    answers.set(sites, known);
  }
  const { of } = known;
  const readings = sites.data.pinyin;
  const kinds = sites.meta.layers.map(({ title, title_en }) => Math.max(score(title, query, readings), score(title_en, query, {})));
  const towns = new Map();
  const inTown = (/** @type {string} */ town) => {
    if (!towns.has(town)) towns.set(town, town ? score(town, query, readings) : 0);
    return towns.get(town);
  };
  return (row) => {
    if (of[row] >= 0) return of[row];
    const about = Math.max(score(sites.text(row, "address"), query, readings), kinds[sites.layer[row]], inTown(sites.text(row, "town")));
    return (of[row] = Math.max(score(sites.name(row), query, readings) * 2, about));
  };
}

/** What parents ask of these sites. @param {import("./data.js").Sites} sites @returns {Wishes} */
export function wishesOf(sites) {
  const found = asked.get(sites) ?? new Wishes(sites);
  asked.set(sites, found);
  return found;
}

/**
 * Rows in display order: best answers first when something was typed, nearest first when a place was given, else as in the data.
 * @param {import("./data.js").Sites} sites
 * @param {import("./types").State} state
 * @param {{ignoreLayers?: boolean}} [options]
 * @returns {{rows: number[], unsure: number[]}} unsure: left out, or with `state.unsure` put in, because something asked for is not known of them
 */
export function sift(sites, state, { ignoreLayers = false } = {}) {
  const query = fold(state.q);
  const wanted = new Set(state.layers);
  /** @type {number[]} */
  const rows = [];
  /** @type {number[]} */
  const unsure = [];
  const judge = wishesOf(sites).judge(state);
  const points = new Map();
  const answer = query ? answering(sites, query) : null;
  for (let row = 0; row < sites.count; row++) {
    const layer = sites.info(row);
    if (state.group && layer.group !== state.group) continue;
    if (!ignoreLayers && wanted.size && !wanted.has(layer.key)) continue;
    const year = sites.get(row, "year");
    if (typeof year === "number" && year > state.year) continue;
    if (!state.planned && !SHOWN.has(sites.text(row, "status"))) continue;
    const verdict = judge(row);
    if (verdict < 0) continue;
    if (answer) {
      const found = answer(row);
      if (!found) continue;
      points.set(row, found);
    }
    if (!verdict) unsure.push(row);
    if (verdict || state.unsure) rows.push(row);
  }
  if (query) rows.sort((a, b) => points.get(b) - points.get(a) || a - b);
  else if (state.near) return { rows: nearestFirst(sites, rows, state.near), unsure };
  return { rows, unsure };
}

/**
 * Rows by the way to them: up to {@link NEAREST} by minutes on foot, the rest by the straight line, those without a place last.
 * @param {import("./data.js").Sites} sites @param {number[]} rows @param {{lat: number, lon: number}} near
 */
export function nearestFirst(sites, rows, near) {
  const away = new Map(rows.map((row) => [row, sites.placed(row) ? metres(near.lat, near.lon, sites.lat[row], sites.lon[row]) : Infinity]));
  const minutes = sites.walks(near);
  const straight = (/** @type {number} */ a, /** @type {number} */ b) => (away.get(a) ?? 0) - (away.get(b) ?? 0) || a - b;
  const first = rows.filter((row) => minutes.has(row)).sort((a, b) => (minutes.get(a) ?? 0) - (minutes.get(b) ?? 0) || straight(a, b)).slice(0, NEAREST);
  const told = new Set(first);
  return [...first, ...rows.filter((row) => !told.has(row)).sort(straight)];
}

/**
 * The way to a row in words that say what is measured: minutes along streets where they are known, else the straight line.
 * @param {import("./data.js").Sites} sites @param {number} row @param {{lat: number, lon: number} | null} near
 */
export function wayTo(sites, row, near) {
  if (!near || !sites.placed(row)) return "";
  const minutes = sites.walks(near).get(row);
  return minutes ? t("onFoot", { n: minutes }) : t("straight", { d: distance(metres(near.lat, near.lon, sites.lat[row], sites.lon[row])) });
}

/** @param {import("./data.js").Sites} sites @param {import("./types").State} state @param {{ignoreLayers?: boolean}} [options] */
export const shown = (sites, state, options) => sift(sites, state, options).rows;

/** How many sites each option of the filter would leave. @param {import("./data.js").Sites} sites @param {import("./types").State} state */
export const tally = (sites, state) => wishesOf(sites).tally(state, shown(sites, { ...state, wishes: [], town: "", near: null }));

/**
 * Number of sites by layer, under everything chosen except the layers themselves.
 * @param {import("./data.js").Sites} sites
 * @param {import("./types").State} state
 * @returns {Map<string, number>}
 */
export function counts(sites, state) {
  const found = new Map(sites.meta.layers.map((layer) => [layer.key, 0]));
  for (const row of shown(sites, { ...state, group: "", near: null }, { ignoreLayers: true })) {
    const { key } = sites.info(row);
    found.set(key, (found.get(key) ?? 0) + 1);
  }
  return found;
}

/**
 * Straight-line distance on the sphere, metres.
 * @param {number} lat1 @param {number} lon1 @param {number} lat2 @param {number} lon2
 */
export function metres(lat1, lon1, lat2, lon2) {
  const rad = Math.PI / 180;
  const a = Math.sin(((lat2 - lat1) * rad) / 2) ** 2 + Math.cos(lat1 * rad) * Math.cos(lat2 * rad) * Math.sin(((lon2 - lon1) * rad) / 2) ** 2;
  return 2 * 6371008.8 * Math.asin(Math.sqrt(a));
}

/** @param {number} m */
export const distance = (m) => (m < 995 ? `${Math.round(m / 10) * 10} m` : `${(m / 1000).toFixed(m < 9950 ? 1 : 0)} km`);
