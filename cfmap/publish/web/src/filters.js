/** Which sites does the page show: one answer for map, list and counts. */
import { fold, score } from "./search.js";

const SHOWN = new Set(["", "在用", "未知"]);

/**
 * Rows in display order: best answers first when something was typed, nearest first when a place was given, else as in the data.
 * @param {import("./data.js").Sites} sites
 * @param {import("./types").State} state
 * @param {{ignoreLayers?: boolean}} [options]
 * @returns {number[]}
 */
export function shown(sites, state, { ignoreLayers = false } = {}) {
  const query = fold(state.q);
  const wanted = new Set(state.layers);
  /** @type {number[]} */
  const rows = [];
  const points = new Map();
  for (let row = 0; row < sites.count; row++) {
    const layer = sites.info(row);
    if (state.group && layer.group !== state.group) continue;
    if (!ignoreLayers && wanted.size && !wanted.has(layer.key)) continue;
    const year = sites.get(row, "year");
    if (typeof year === "number" && year > state.year) continue;
    if (!state.planned && !SHOWN.has(sites.text(row, "status"))) continue;
    if (query) {
      const readings = sites.data.pinyin;
      const found = Math.max(score(sites.name(row), query, readings) * 2, score(sites.text(row, "address"), query, readings));
      if (!found) continue;
      points.set(row, found);
    }
    rows.push(row);
  }
  if (query) rows.sort((a, b) => points.get(b) - points.get(a) || a - b);
  else if (state.near) {
    const { lat, lon } = state.near;
    const away = new Map(rows.map((row) => [row, sites.placed(row) ? metres(lat, lon, sites.lat[row], sites.lon[row]) : Infinity]));
    rows.sort((a, b) => (away.get(a) ?? 0) - (away.get(b) ?? 0) || a - b);
  }
  return rows;
}

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
