/** Pictures of a map service above our own background: asked for after ours is on the screen, given up at the first sign of trouble. */
import { el } from "./dom.js";
import { TILE_WORDS } from "./tile-words.js";

export const PATIENCE_MS = 5000; // a service that takes longer is none for somebody in the street
const MOST_FAILED = 3; // pictures missing in a row
const SIZES = [256, 512];

/**
 * Address of one picture: by the pattern that the settings give, else WMTS, matrix set w (EPSG:3857, rows from the north).
 * @param {import("./types").TilesInfo} info @param {string} layer @param {{x: number, y: number, z: number}} at
 */
export function address(info, layer, { x, y, z }) {
  if (info.url) {
    /** @type {Record<string, string | number>} */
    const parts = { x, y, z, key: encodeURIComponent(info.key) };
    return info.url.replace(/\{(x|y|z|key)\}/g, (_, name) => String(parts[name]));
  }
  const asked = new URLSearchParams({ SERVICE: "WMTS", REQUEST: "GetTile", VERSION: "1.0.0", LAYER: layer, STYLE: "default", TILEMATRIXSET: "w", FORMAT: "tiles", TILEMATRIX: String(z), TILEROW: String(y), TILECOL: String(x), tk: info.key });
  return `https://${info.hosts[Math.abs(x + y) % info.hosts.length]}/${layer}_w/wmts?${asked}`;
}

/** The picture in which a place lies. @param {import("leaflet").Map} map @param {import("leaflet").LatLng} place @param {number} z */
export function tileAt(map, place, z) {
  const { x, y } = map.project(place, z);
  return { x: Math.floor(x / 256), y: Math.floor(y / 256), z };
}

/** @typedef {{map: import("leaflet").Map, info: import("./types").TilesInfo, store: import("./store.js").Store, t: (key: string) => string, pick: (zh: string, en: string) => string, say: (text: string, milliseconds?: number) => void, repaint: () => void}} Doors */

export class Tiles {
  /** @param {Doors} doors */
  constructor(doors) {
    this.doors = doors;
    /** @type {"off" | "asking" | "on" | "failed"} */
    this.status = "off";
    /** @type {import("leaflet").TileLayer[]} */
    this.layers = [];
    this.failed = 0;
    this.timer = 0;
    this.round = 0;
    const { map, store } = doors;
    for (const [name, z] of /** @type {[string, string][]} */ ([["tiles", "210"], ["tile-names", "345"]])) {
      const pane = map.createPane(name);
      pane.style.zIndex = z;
      pane.style.pointerEvents = "none";
    }
    this.credit = el("p", { class: "tiles-credit", hidden: true });
    map.getContainer().querySelector(".leaflet-bottom.leaflet-left")?.prepend(this.credit);
    store.on(["base"], ({ base }) => (base === "own" ? this.stop("off") : this.start()));
    store.on(["lang"], () => this.name());
    // twice: the first comes before our own background is painted
    const later = () => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => this.start(), 0)));
    if (document.readyState === "complete") later();
    else window.addEventListener("load", later, { once: true }); // a slow service must not keep the page loading
  }

  /** One picture first: when it does not come there is one failure and not a screenful. */
  start() {
    if (this.status === "asking" || this.status === "on" || this.doors.store.state.base === "own") return;
    if (navigator.onLine === false) return this.giveUp();
    this.is("asking");
    const { map, info } = this.doors;
    const round = ++this.round;
    this.patience();
    const centre = map.getCenter();
    const first = new Image();
    first.referrerPolicy = "origin"; // a key of the browser kind is bound to the site that asks
    first.onload = () => round === this.round && (SIZES.includes(first.naturalWidth) && SIZES.includes(first.naturalHeight) ? this.draw() : this.giveUp());
    first.onerror = () => round === this.round && this.giveUp();
    first.src = address(info, info.layers[0], tileAt(map, centre, Math.min(Math.round(map.getZoom()), info.most)));
  }

  draw() {
    const { map, info } = this.doors;
    this.failed = 0;
    this.layers = info.layers.map((name, n) => {
      const Layer = L.TileLayer.extend({
        /** @param {import("leaflet").Coords} at @this {any} */
        getTileUrl(at) {
          return address(info, name, { x: at.x, y: at.y, z: this._getZoomForUrl() });
        },
      });
      const options = { pane: n ? "tile-names" : "tiles", maxNativeZoom: info.most, maxZoom: 19, keepBuffer: 1, updateWhenZooming: false, referrerPolicy: "origin" };
      return /** @type {import("leaflet").TileLayer} */ (new /** @type {any} */ (Layer)("", options));
    });
    for (const layer of this.layers) {
      layer.on("tileload", () => (this.failed = 0));
      layer.on("tileerror", () => ++this.failed >= MOST_FAILED && this.giveUp());
    }
    this.layers[0].once("load", () => this.status === "asking" && this.reveal());
    for (const layer of this.layers) layer.addTo(map);
  }

  reveal() {
    clearTimeout(this.timer);
    this.is("on");
  }

  patience() {
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.status === "asking" && this.giveUp(), PATIENCE_MS);
  }

  giveUp() {
    this.stop("failed");
    this.doors.say(this.words("tilesFailed"), 4000);
  }

  /** @param {"off" | "failed"} status */
  stop(status) {
    this.round++;
    clearTimeout(this.timer);
    for (const layer of this.layers) layer.off().remove();
    this.layers = [];
    this.is(status);
  }

  /** @param {Tiles["status"]} status */
  is(status) {
    this.status = status;
    document.documentElement.dataset.tiles = status;
    this.name();
    this.doors.repaint();
  }

  /** @param {string} key */
  words(key) {
    const [zh, en] = TILE_WORDS[this.doors.info.name];
    return this.doors.pick(...TILE_WORDS[key]).replaceAll("{service}", () => this.doors.pick(zh, en));
  }

  /** What must stand beside the pictures: what the bureau says, else the name of the service. */
  name() {
    this.credit.hidden = this.status !== "on";
    this.credit.textContent = this.doors.info.attribution || this.words(this.doors.info.name);
  }

  /** The choice, for the panel of layers. @returns {HTMLElement} */
  panel() {
    const { info, store, t } = this.doors;
    const own = store.state.base === "own";
    /** @param {string} words @param {boolean} on @param {string} key @param {() => void} choose */
    const button = (words, on, key, choose) => el("button", { type: "button", "aria-pressed": String(on), "data-toggle": key, onclick: choose }, words);
    return el(
      "section",
      { class: "base" },
      el("h3", { id: "base-title" }, t("basemap")),
      el(
        "div",
        { class: "segments", role: "group", "aria-labelledby": "base-title" },
        button(this.words("baseOwn"), own, "base-own", () => store.set({ base: "own" })),
        button(this.words(info.name), !own, "base-tiles", () => (own ? store.set({ base: "" }) : this.start())),
      ),
      el("p", { class: "hint" }, this.words(own ? "tilesOff" : this.status === "failed" ? "tilesAgain" : "tilesHint")),
    );
  }
}

if (typeof window !== "undefined") window.cfmap.tiles?.(Tiles);
