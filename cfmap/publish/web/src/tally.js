/** How many places are there: by year and by town, counted from the rows that the page shows; what is not stated is counted apart, never dropped. */
import { shown } from "./filters.js";

const YEARS = 8; // bars of years

/**
 * Rows under everything chosen, except what `lifted` takes back: a chart lists all of its own kind.
 * @param {import("./data.js").Sites} sites
 * @param {import("./types").State} state
 * @param {Partial<import("./types").State>} lifted
 */
export const rowsFor = (sites, state, lifted) => shown(sites, { ...state, near: null, ...lifted });

/** Every year that a place names. @param {import("./data.js").Sites} sites */
export const yearsIn = (sites) => byYear(sites, [...Array(sites.count).keys()], [], Infinity).years.map(({ year }) => year);

/**
 * Places that were there by each year: one named in a year counts in it and in all later ones.
 * @param {import("./data.js").Sites} sites
 * @param {number[]} rows
 * @param {number[]} [marks] years that get a bar also when nothing is new in them
 * @param {number} [most] so many years at most, the latest; the first of them holds what was there before
 * @returns {{years: {year: number, fresh: number, upTo: number}[], unknown: number}}
 */
export function byYear(sites, rows, marks = [], most = YEARS) {
  const fresh = new Map(marks.map((year) => [year, 0]));
  let unknown = 0;
  for (const row of rows) {
    const year = sites.get(row, "year");
    if (typeof year === "number") fresh.set(year, (fresh.get(year) ?? 0) + 1);
    else unknown++;
  }
  let upTo = 0;
  const years = [...fresh].sort(([a], [b]) => a - b).map(([year, n]) => ({ year, fresh: n, upTo: (upTo += n) }));
  return { years: years.slice(-most), unknown };
}

/**
 * Places by town, most first.
 * @param {import("./data.js").Sites} sites
 * @param {number[]} rows
 * @returns {{towns: {town: string, n: number}[], unknown: number}}
 */
export function byTown(sites, rows) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const row of rows) {
    const town = sites.text(row, "town");
    found.set(town, (found.get(town) ?? 0) + 1);
  }
  const unknown = found.get("") ?? 0;
  found.delete("");
  return { towns: [...found].map(([town, n]) => ({ town, n })).sort((a, b) => b.n - a.n || (a.town < b.town ? -1 : 1)), unknown };
}
