/** How many minutes is it on foot from any place on the map: cells of a grid, as minutes_grid.py computed and geometry.py packed them. */
import { COUNT, DX, JUMP_X, JUMP_Y, POINTS, TAG, coded } from "./coder.js";
import { GRID, bytesOf } from "./decode.js";

/**
 * @typedef {{west: number, south: number, lonStep: number, latStep: number, columns: number, rows: Int32Array, found: Float64Array}} Grid
 * `rows` are the sites' rows within their layer, -1 for one that is not listed; `found` holds an entry for each cell and site, by cell
 * @typedef {import("./types").Reach & {colour: string}} Item
 * @typedef {{item: Item, minutes: number | null}} Answer
 */

const MINUTES = 256; // an entry is (cell x sites + site) x 256 + minutes

/** @param {string} text @returns {Grid} */
export function readMinutes(text) {
  const read = coded(bytesOf(text));
  const [west, south] = [read(DX), read(DX)];
  const [lonStep, latStep, columns, guess, sites] = [read(COUNT), read(COUNT), read(COUNT), read(COUNT), read(COUNT)];
  const rows = new Int32Array(sites);
  /** @type {number[]} */
  const found = [];
  let [listed, east, north] = [-1, 0, 0];
  for (let site = 0; site < sites; site++) {
    const step = read(TAG);
    rows[site] = step ? (listed += step) : -1;
    east += read(JUMP_X);
    north += read(JUMP_X);
    const runs = new Int32Array(3 * read(COUNT));
    let [up, first, end] = [0, 0, 0];
    for (let n = 0; n < runs.length; n += 3) {
      const rise = read(TAG);
      const right = read(JUMP_Y) + (rise || !n ? first : end);
      up += rise;
      if (rise || !n) first = right;
      runs[n] = up;
      runs[n + 1] = right;
      end = right + (runs[n + 2] = read(POINTS));
    }
    for (let n = 0; n < runs.length; n += 3) {
      const dy = 2 * runs[n] + 1 - north;
      for (let k = 0; k < runs[n + 2]; k++) {
        const right = runs[n + 1] + k;
        const dx = 2 * right + 1 - east;
        const minutes = read(DX) + Math.max(1, Math.floor((Math.sqrt(dx * dx + dy * dy) * guess) / 2000 + 0.5));
        found.push(((runs[n] * columns + right) * sites + site) * MINUTES + minutes);
      }
    }
  }
  return { west, south, lonStep, latStep, columns, rows, found: Float64Array.from(found).sort() };
}

/** @param {Grid} grid @param {number} lat @param {number} lon @returns {[number, number][]} row and minutes of the sites within reach of a place, the nearest first; none where there is no answer */
export function sitesAt(grid, lat, lon) {
  const column = Math.floor((lon * GRID - grid.west) / grid.lonStep);
  const row = Math.floor((lat * GRID - grid.south) / grid.latStep);
  if (!(column >= 0 && column < grid.columns && row >= 0)) return [];
  const sites = grid.rows.length;
  const begin = (row * grid.columns + column) * sites * MINUTES;
  let low = 0;
  let high = grid.found.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (grid.found[middle] < begin) low = middle + 1;
    else high = middle;
  }
  /** @type {[number, number][]} */
  const out = [];
  for (; low < grid.found.length && grid.found[low] < begin + sites * MINUTES; low++) {
    const entry = grid.found[low] - begin;
    out.push([grid.rows[Math.floor(entry / MINUTES)], entry % MINUTES]);
  }
  return out.sort((a, b) => a[1] - b[1] || a[0] - b[0]);
}

/** @param {Grid} grid @param {number} lat @param {number} lon @returns {number | null} to the nearest site; null where there is no answer, never 0 */
export const minutesAt = (grid, lat, lon) => sitesAt(grid, lat, lon)[0]?.[1] ?? null;

/** The minutes of every coverage; a grid is unpacked when it is first asked. */
export class Fields {
  /** @param {Item[]} items */
  constructor(items) {
    this.items = items.filter((item) => item.minutes);
    /** @type {Map<string, Grid>} */
    this.grids = new Map();
    /** @type {{key: string, minutes: Map<number, number>} | null} those of the place asked about last */
    this.last = null;
  }

  /**
   * Minutes on foot to every site around a place, by row.
   * @param {number} lat @param {number} lon
   * @param {(layer: string) => number} first row of a layer's first site
   * @returns {Map<number, number>} a row that is not in it is farther, or not known
   */
  walks(lat, lon, first) {
    const key = `${lat} ${lon}`;
    if (this.last?.key === key) return this.last.minutes;
    const minutes = new Map();
    for (const item of this.items) {
      for (const [row, time] of sitesAt(this.grid(item), lat, lon)) {
        const at = first(item.layer) + row;
        if (row >= 0 && !(minutes.get(at) <= time)) minutes.set(at, time);
      }
    }
    this.last = { key, minutes };
    return minutes;
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
