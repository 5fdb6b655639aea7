/** The reader taps a place: how many minutes is it on foot from there to the nearest playground, nursery, clinic. */
import { byId, el, icon } from "./dom.js";
import { Fields, sitesAt, wanted } from "./field.js";
import { NEAREST, nearestFirst, shown } from "./filters.js";
import { pick, t } from "./i18n.js";
import { item as siteItem } from "./list.js";
import { calm } from "./map.js";

const DOUBLE_TAP_MS = 280; // a second tap within it zooms and asks nothing

/** @typedef {{lat: number, lon: number}} Place */

export class Answers {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./data.js").Sites} sites
   * @param {import("./store.js").Store} store
   * @param {{ask: (place: Place) => void, open: (row: number) => void}} doors
   */
  constructor(map, sites, store, { ask, open }) {
    this.map = map;
    this.sites = sites;
    this.meta = sites.meta;
    this.open = open;
    this.store = store;
    this.ask = ask;
    this.fields = new Fields([]);
    /** @type {import("leaflet").Marker | null} */
    this.marker = null;
    store.on(["spot", "panel"], ({ spot, panel }) => this.mark(panel === "spot" ? spot : null));
    store.on(["lang"], () => this.describe());
  }

  /** Coverage is here: from now on the map answers. @param {import("./field.js").Item[]} items */
  arrived(items) {
    this.fields = new Fields(items);
    this.sites.walks = ({ lat, lon }) => this.fields.walks(lat, lon, (key) => this.first(key));
    if (!this.fields.items.length) return;
    const box = this.map.getContainer();
    box.after(el("p", { id: "map-hint", class: "hidden" }));
    box.setAttribute("aria-describedby", "map-hint");
    box.classList.add("asks");
    this.describe();
    let timer = 0;
    this.map.on("click", ({ latlng }) => {
      clearTimeout(timer);
      if (!box.classList.contains("placing")) timer = window.setTimeout(() => this.ask(place(latlng)), DOUBLE_TAP_MS);
    });
    this.map.on("dblclick", () => clearTimeout(timer));
    this.store.on(["panel", "site"], () => clearTimeout(timer)); // the reader was quicker
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.target !== box || box.classList.contains("placing")) return;
      event.preventDefault();
      this.ask(place(this.map.getCenter()));
    });
  }

  describe() {
    const hint = document.getElementById("map-hint");
    if (hint) hint.textContent = t("spotHint");
  }

  /** @param {Place | null} spot */
  mark(spot) {
    this.marker?.remove();
    this.marker = spot ? spotMarker(spot).addTo(this.map) : null;
  }

  /** Keep the place asked about out from under the panel. @param {Place} spot @param {number} covered pixels at the bottom */
  keepInSight(spot, covered) {
    const { y } = this.map.latLngToContainerPoint([spot.lat, spot.lon]);
    const free = this.map.getSize().y - covered;
    if (covered && y > free - 40) this.map.panBy([0, y - free / 2], { animate: !calm() });
  }

  /** What a screen reader says. @param {Place} spot */
  words(spot) {
    return this.wanted(spot)[0].map(({ item, minutes }) => (minutes === null ? t("spotNoAnswer", { what: this.title(item), n: item.minutes?.most ?? "" }) : t("spotAnswer", { what: this.title(item), n: minutes }))).join("；");
  }

  /** @param {Place} spot */
  wanted(spot) {
    return wanted(this.fields.at(spot.lat, spot.lon), this.store.state, (key) => this.layer(key)?.group ?? "");
  }

  /** @param {string} key */
  layer(key) {
    return this.meta.layers.find((layer) => layer.key === key);
  }

  /** @param {import("./field.js").Item} item */
  title(item) {
    const layer = this.layer(item.layer);
    return layer ? pick(layer.title, layer.title_en) : pick(item.title, item.title_en);
  }

  /**
   * The panel's content.
   * @param {(place: Place) => void} useAsHere
   * @returns {HTMLElement[]}
   */
  panel(useAsHere) {
    const { spot } = this.store.state;
    if (!spot || !this.fields.items.length) return [];
    const [first, others] = this.wanted(spot);
    const definitions = new Set([...first, ...others].map(({ item }) => pick(item.definition, item.definition_en)));
    const metres = Math.round(this.fields.cellMetres(this.fields.items[0]) / 10) * 10;
    return [
      this.list(first),
      ...this.nearest(spot, first),
      ...(others.length ? [el("details", {}, el("summary", {}, t("spotOthers", { n: others.length })), this.list(others))] : []),
      el("div", { class: "actions" }, el("button", { type: "button", class: "action main", id: "use-spot", onclick: () => useAsHere(spot) }, icon("locate"), t("spotUse"))),
      el("details", {}, el("summary", {}, t("how")), el("p", {}, t("spotHow", { m: metres })), ...[...definitions].map((text) => el("p", {}, text)), el("p", { class: "hint" }, t("spotPrivate"))),
    ];
  }

  /**
   * The places around, by minutes on foot, of the kinds asked for; under all other filters chosen.
   * @param {Place} spot @param {import("./field.js").Answer[]} answers
   */
  nearest(spot, answers) {
    const { sites, store } = this;
    const minutes = sites.walks(spot);
    const kinds = new Set(answers.map(({ item }) => item.layer));
    const around = shown(sites, { ...store.state, group: "", layers: [], near: null }).filter((row) => minutes.has(row) && kinds.has(sites.info(row).key));
    const rows = nearestFirst(sites, around, spot).slice(0, NEAREST);
    if (!rows.length) return [];
    const state = { ...store.state, near: spot };
    return [el("details", { class: "around" }, el("summary", {}, t("nearestOnFoot", { n: rows.length })), el("ul", { class: "sites" }, ...rows.map((row) => siteItem(sites, row, state, this.open))))];
  }

  /** @param {import("./field.js").Answer[]} answers */
  list(answers) {
    return el("ul", { class: "answers" }, ...answers.map((answer) => this.row(answer)));
  }

  /** @param {import("./field.js").Item} item @returns {number} row of the nearest of its sites, -1 when there is none or it is not on the page */
  nearestRow(item) {
    const { spot } = this.store.state;
    const [row] = (spot && sitesAt(this.fields.grid(item), spot.lat, spot.lon)[0]) ?? [-1];
    return row < 0 ? -1 : this.first(item.layer) + row;
  }

  /** @param {string} key @returns {number} row of a layer's first site */
  first(key) {
    return this.sites.first[this.meta.layers.findIndex((layer) => layer.key === key)];
  }

  /** @param {import("./field.js").Answer} answer */
  row({ item, minutes }) {
    const layer = this.layer(item.layer);
    const face = el("span", { class: `face ${layer?.group ?? ""}` }, icon(layer?.icon ?? "dot"));
    face.style.setProperty("--colour", item.colour);
    const known = minutes !== null;
    const row = this.nearestRow(item);
    return el(
      "li",
      { class: known ? "answer" : "answer none", "data-reach": item.key },
      face,
      el("span", { class: "words" }, el("span", { class: "name" }, this.title(item)), el("span", { class: "why" }, known ? t("spotNearest") : t("spotNone", { n: item.minutes?.most ?? "" })), row >= 0 && el("button", { type: "button", class: "link", "data-row": row, onclick: () => this.open(row) }, this.sites.name(row))),
      known && el("span", { class: "minutes" }, el("strong", {}, String(minutes)), ` ${t("spotMinutes")}`),
    );
  }

  /** Panel open, place in sight, told to those who listen. @param {Place} spot @param {number} covered */
  tell(spot, covered) {
    byId("live").textContent = this.words(spot);
    this.keepInSight(spot, covered);
  }
}

/** @param {import("leaflet").LatLng} latlng */
function place(latlng) {
  const { lat, lng } = latlng.wrap();
  return { lat, lon: lng };
}

/** @param {Place} spot */
function spotMarker(spot) {
  const Holder = L.Icon.extend({ createIcon: () => el("div", { class: "holder spot", role: "img", "aria-label": t("spotHere") }, el("span", {})), createShadow: () => null });
  return L.marker([spot.lat, spot.lon], { icon: new /** @type {any} */ (Holder)(), interactive: false, keyboard: false, zIndexOffset: 950 });
}
