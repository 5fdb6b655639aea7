/** How does a link carry what is seen: `#…` while browsing, `?…` in links that are passed on (some phones cut `#`). */
import { OPTIONS } from "./wishes.js";

const LONGEST = 60; // characters of one text in a link

/**
 * @param {import("./types").State} state
 * @param {{zoom: number, lat: number, lon: number} | null} view
 * @param {{year: number, keyOf: (row: number) => string}} about
 * @returns {string}
 */
export function encode(state, view, about) {
  const out = new URLSearchParams();
  if (view) out.set("at", `${view.zoom}/${view.lat.toFixed(5)}/${view.lon.toFixed(5)}`);
  if (state.group) out.set("g", state.group);
  if (state.layers.length) out.set("l", state.layers.join("."));
  if (state.wishes.length) out.set("w", state.wishes.join("."));
  if (state.town && state.town.length <= LONGEST) out.set("town", state.town);
  if (state.unsure) out.set("unsure", "1");
  if (state.q) out.set("q", state.q);
  if (state.year !== about.year) out.set("y", String(state.year));
  if (state.planned) out.set("planned", "1");
  if (state.reach.length) out.set("reach", state.reach.join(" "));
  if (state.perimeter) out.set("perimeter", "1");
  if (state.paths) out.set("paths", "1");
  if (state.bus) out.set("bus", "1");
  if (state.shade) out.set("shade", state.shade);
  if (state.site >= 0) out.set("s", about.keyOf(state.site));
  if (state.base === "own") out.set("base", "own");
  if (state.large) out.set("large", "1");
  if (state.contrast) out.set("contrast", "1");
  if (state.lang === "en") out.set("lang", "en");
  return out.toString().replace(/%2F/g, "/");
}

/**
 * What a link says, checked against what there is; anything else in it is passed over.
 * @param {string} text
 * @param {{groups: string[], layers: string[], years: number[], towns: string[], reach: string[], shades?: string[], find: (key: string) => number}} about
 * @returns {{state: Partial<import("./types").State>, view: {zoom: number, lat: number, lon: number} | null}}
 */
export function decode(text, about) {
  const given = new URLSearchParams(text);
  /** @type {Partial<import("./types").State>} */
  const state = {};
  const group = given.get("g") ?? "";
  if (about.groups.includes(group)) state.group = group;
  const layers = (given.get("l") ?? "").split(".").filter((key) => about.layers.includes(key));
  if (layers.length) state.layers = layers;
  const wishes = (given.get("w") ?? "").split(".");
  if (OPTIONS.some(({ key }) => wishes.includes(key))) state.wishes = OPTIONS.map(({ key }) => key).filter((key) => wishes.includes(key));
  const town = given.get("town") ?? "";
  if (about.towns.includes(town)) state.town = town;
  if (given.get("unsure")) state.unsure = true;
  if (given.get("q")) state.q = String(given.get("q")).slice(0, LONGEST);
  const year = Number(given.get("y"));
  if (about.years.includes(year)) state.year = year;
  if (given.get("planned")) state.planned = true;
  const reach = (given.get("reach") ?? "").split(" ").filter((key) => about.reach.includes(key));
  if (reach.length) state.reach = reach;
  if (given.get("perimeter")) state.perimeter = true;
  if (given.get("paths")) state.paths = true;
  if (given.get("bus")) state.bus = true;
  const shade = given.get("shade") ?? "";
  if ((about.shades ?? []).includes(shade)) state.shade = shade;
  const site = about.find(given.get("s") ?? "");
  if (site >= 0) state.site = site;
  if (given.get("base") === "own") state.base = "own";
  if (given.get("large")) state.large = true;
  if (given.get("contrast")) state.contrast = true;
  if (given.get("lang") === "en") state.lang = "en";
  const [zoom, lat, lon] = (given.get("at") ?? "").split("/").map(Number);
  const view = Number.isFinite(zoom) && Math.abs(lat) <= 85 && Math.abs(lon) <= 180 ? { zoom, lat, lon } : null;
  return { state, view };
}

/**
 * Pass a link on: by the phone's own sheet, else the clipboard, else for the reader to copy.
 * @param {string} title @param {string} url
 * @returns {Promise<"shared" | "copied" | "shown">}
 */
export async function passOn(title, url) {
  try {
    if (navigator.share) {
      await navigator.share({ title, url });
      return "shared";
    }
    await navigator.clipboard.writeText(url);
    return "copied";
  } catch {
    return "shown";
  }
}
