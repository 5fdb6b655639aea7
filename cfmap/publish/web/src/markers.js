/** Which markers stand on the map: buttons made one by one, groups of sites where they would overlap. */
import Supercluster from "supercluster";
import { el, icon } from "./dom.js";
import { t, pick } from "./i18n.js";

export const MAX_CLUSTER_ZOOM = 17;

/** Colours of the big pictures; the ring of a group of sites is drawn in them. */
const GROUPS = { play: "#5fa84a", health: "#e2574c", care: "#f0a92e", way: "#3b8ed0", learn: "#9063b8", place: "#8a97a5" };

export class Markers {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./data.js").Sites} sites
   * @param {{open: (row: number) => void, many: (rows: number[]) => void, drawn: () => void}} doors
   */
  constructor(map, sites, doors) {
    this.map = map;
    this.sites = sites;
    this.doors = doors;
    /** @type {Map<string, import("leaflet").Marker>} */
    this.drawn = new Map();
    this.selected = -1;
    /** @type {Set<string>} layers that stand out */
    this.own = new Set();
    // sites that stand out are grouped among themselves
    this.indexes = [0, 1].map(() => new Supercluster({ radius: 60, extent: 256, maxZoom: MAX_CLUSTER_ZOOM, minPoints: 3 }));
    map.on("moveend", () => this.draw());
  }

  /** @param {number[]} rows sites to show */
  show(rows) {
    /** @type {any[][]} */
    const points = [[], []];
    for (const row of rows) {
      if (!this.sites.placed(row) || row === this.selected) continue;
      points[Number(this.own.has(this.sites.info(row).key))].push({ type: "Feature", properties: { row }, geometry: { type: "Point", coordinates: [this.sites.lon[row], this.sites.lat[row]] } });
    }
    this.rows = rows;
    this.indexes.forEach((index, n) => index.load(points[n]));
    this.faint = this.own.size > 0 && points[1].length > 0;
    this.generation = (this.generation ?? 0) + 1;
    this.draw();
  }

  /** @param {string[]} layers whose sites stand out, the others stepping back */
  emphasise(layers) {
    if (layers.length === this.own.size && layers.every((key) => this.own.has(key))) return;
    this.own = new Set(layers);
    if (this.rows) this.show(this.rows);
  }

  /** @param {number} row -1 for none; the chosen site always has a marker of its own */
  select(row) {
    if (row === this.selected) return;
    this.selected = row;
    if (this.rows) this.show(this.rows);
  }

  /** Names in the other language. */
  relabel() {
    for (const marker of this.drawn.values()) marker.remove();
    this.drawn.clear();
    this.draw();
  }

  draw() {
    if (!this.rows) return;
    const bounds = this.map.getBounds();
    const zoom = Math.round(this.map.getZoom());
    /** @type {Map<string, () => import("leaflet").Marker>} */
    const wanted = new Map();
    this.indexes.forEach((index, n) => {
      const look = n ? " own" : this.faint ? " faint" : "";
      for (const found of index.getClusters([bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()], zoom)) {
        const properties = /** @type {any} */ (found.properties);
        const [lon, lat] = found.geometry.coordinates;
        if (properties.cluster) wanted.set(`c${n}-${properties.cluster_id}-${this.generation}`, () => this.cluster(n, properties.cluster_id, properties.point_count, lat, lon, look));
        else wanted.set(`s${look}-${properties.row}`, () => this.site(properties.row, look));
      }
    });
    if (this.selected >= 0 && this.sites.placed(this.selected)) wanted.set(`x-${this.selected}`, () => this.site(this.selected, " selected"));
    for (const [key, marker] of this.drawn) {
      if (wanted.has(key)) continue;
      marker.remove();
      this.drawn.delete(key);
    }
    for (const [key, make] of wanted) if (!this.drawn.has(key)) this.drawn.set(key, make().addTo(this.map));
    this.doors.drawn();
  }

  /** Where markers stand in the map's frame, so that names can keep clear of them. @returns {number[][]} left, top, right, bottom */
  boxes() {
    return [...this.drawn.values()].map((marker) => {
      const { x, y } = this.map.latLngToContainerPoint(marker.getLatLng());
      return [x - 20, y - 20, x + 20, y + 20];
    });
  }

  /** What stands on the map now: places in the map's frame and the rows behind them. */
  standing() {
    const size = this.map.getSize();
    const all = [...this.drawn].map(([key, marker]) => {
      const { x, y } = this.map.latLngToContainerPoint(marker.getLatLng());
      const [kind, id] = key.split("-");
      const rows = kind[0] === "c" ? this.indexes[Number(kind[1])].getLeaves(Number(id), Infinity).map((leaf) => /** @type {number} */ (/** @type {any} */ (leaf.properties).row)) : [Number(id)];
      return { x, y, rows };
    });
    return all.filter(({ x, y }) => x >= 0 && y >= 0 && x <= size.x && y <= size.y);
  }

  /** @param {number} row @param {string} look */
  site(row, look) {
    const info = this.sites.info(row);
    const pin = el("button", { type: "button", class: `pin ${info.group}${look}`, "data-row": row }, el("span", { class: "face" }, icon(info.icon)));
    pin.style.setProperty("--colour", info.colour);
    pin.setAttribute("aria-label", `${this.sites.name(row)} · ${pick(info.title, info.title_en)}`);
    pin.title = this.sites.name(row);
    pin.addEventListener("click", () => this.doors.open(row));
    return marker(pin, this.sites.lat[row], this.sites.lon[row], { " selected": 1000, " own": 600 }[look] ?? 0);
  }

  /** @param {number} n position of its index @param {number} id @param {number} count @param {number} lat @param {number} lon @param {string} look */
  cluster(n, id, count, lat, lon, look) {
    const index = this.indexes[n];
    const rows = index.getLeaves(id, Infinity).map((leaf) => /** @type {any} */ (leaf.properties).row);
    /** @type {Map<string, number>} */
    const shares = new Map();
    for (const row of rows) {
      const colour = GROUPS[/** @type {keyof typeof GROUPS} */ (this.sites.info(row).group)];
      shares.set(colour, (shares.get(colour) ?? 0) + 1);
    }
    let at = 0;
    const order = Object.values(GROUPS);
    const ring = [...shares].sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0])).map(([colour, n]) => `${colour} ${(at / count) * 360}deg ${((at += n) / count) * 360}deg`);
    const button = el("button", { type: "button", class: `cluster ${count < 10 ? "small" : count < 100 ? "middle" : "large"}${look}` }, el("span", {}, String(count)));
    button.style.background = `conic-gradient(${ring.join(",")})`;
    button.setAttribute("aria-label", t("clusterOf", { n: count }));
    button.addEventListener("click", () => {
      const zoom = index.getClusterExpansionZoom(id);
      if (zoom > MAX_CLUSTER_ZOOM || this.map.getZoom() >= this.map.getMaxZoom()) this.doors.many(rows);
      else this.map.setView([lat, lon], Math.min(zoom, this.map.getMaxZoom()));
    });
    return marker(button, lat, lon, look === " own" ? 700 : 500);
  }
}

/**
 * A Leaflet marker around a button of ours; Leaflet only moves it.
 * @param {HTMLElement} button @param {number} lat @param {number} lon @param {number} above
 */
export function marker(button, lat, lon, above) {
  const Holder = L.Icon.extend({
    createIcon() {
      const holder = el("div", { class: "holder" }, button);
      L.DomEvent.disableClickPropagation(holder);
      return holder;
    },
    createShadow: () => null,
  });
  return L.marker([lat, lon], { icon: new /** @type {any} */ (Holder)(), keyboard: false, zIndexOffset: above, interactive: false });
}
