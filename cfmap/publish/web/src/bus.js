/** Walking buses: lines to schools and their numbered stops with the time at each; on the map, on a school's card, in the panel of layers. */
import { BUS_WORDS } from "./bus-words.js";
import { el, icon } from "./dom.js";

/** @typedef {import("./types").BusSchool} School @typedef {import("./types").BusLine} Line @typedef {import("./types").BusStop} Stop */
/** @typedef {{school: School, line: Line, stop: Stop, n: number}} Call a line that calls at a place as its n-th stop */
/**
 * @typedef {object} Doors
 * @property {import("./types").BusBlock} data
 * @property {import("leaflet").Map} map
 * @property {import("./store.js").Store} store
 * @property {(zh: string, en: string) => string} pick
 * @property {(draw: (ctx: CanvasRenderingContext2D, zoom: number) => void) => import("leaflet").Layer} layer of the lines
 * @property {(inner: HTMLElement, lat: number, lon: number, above: number) => import("leaflet").Marker} marker
 * @property {(draw: (ctx: CanvasRenderingContext2D) => void) => HTMLCanvasElement} swatch
 * @property {(key: string) => (() => void) | null} open a school's card, null where the page has none
 * @property {() => number} covered pixels of the map under the panel
 */

const STOPS_FROM = 15; // zoom; from afar stops would hide the streets
const GRID = 100000;

/** Places where lines call, each once. @param {School[]} schools @returns {{lat: number, lon: number, calls: Call[]}[]} */
export function places(schools) {
  /** @type {Map<string, {lat: number, lon: number, calls: Call[]}>} */
  const found = new Map();
  for (const school of schools) {
    for (const line of school.lines) {
      line.stops.forEach((stop, at) => {
        const key = `${stop[2]},${stop[3]}`;
        const place = found.get(key) ?? { lat: stop[3] / GRID, lon: stop[2] / GRID, calls: [] };
        place.calls.push({ school, line, stop, n: at + 1 });
        found.set(key, place);
      });
    }
  }
  return [...found.values()];
}

/** Light with dark edges: no other line of the map is, in colour or in grey. @param {CanvasRenderingContext2D} ctx @param {string[]} colours of it and its edges @param {number} width */
function strokeBus(ctx, [core, edge], width) {
  ctx.save();
  ctx.setLineDash([]);
  ctx.lineCap = ctx.lineJoin = "round";
  for (const [colour, more] of /** @type {[string, number][]} */ ([["#fff", 7], [edge, 4], [core, 0]])) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = width + more;
    ctx.stroke();
  }
  ctx.restore();
}

export class Bus {
  /** @param {Doors} doors */
  constructor(doors) {
    this.doors = doors;
    this.schools = new Map(doors.data.schools.map((school) => [school.key, school]));
    this.places = places(doors.data.schools);
    this.lines = doors.layer((ctx, zoom) => strokeBus(ctx, doors.data.colours, zoom >= 15 ? 4 : zoom >= 13 ? 2.5 : 1.5));
    /** @type {Map<number, import("leaflet").Marker>} */
    this.stops = new Map();
    /** @type {{remove: () => unknown} | null} */
    this.told = null;
    /** @type {Set<unknown>} details that are open: the panel is painted anew with every choice */
    this.open = new Set();
    const { map, store } = doors;
    for (const [n, name] of ["--bus", "--bus-edge"].entries()) document.documentElement.style.setProperty(name, doors.data.colours[n]);
    map.on("moveend", () => this.draw());
    map.on("click", () => this.hush());
    store.on(["bus"], () => this.show());
    store.on(["lang"], () => {
      this.hush();
      this.clear();
      this.draw();
    });
  }

  /** @param {string} key @param {Record<string, string | number>} [facts] */
  words(key, facts = {}) {
    return this.doors.pick(...BUS_WORDS[key]).replace(/\{(\w+)\}/g, (_, name) => String(facts[name]));
  }

  show() {
    if (this.doors.store.state.bus) this.lines.addTo(this.doors.map);
    else {
      this.lines.remove();
      this.hush();
    }
    this.draw();
  }

  clear() {
    for (const marker of this.stops.values()) marker.remove();
    this.stops.clear();
  }

  /** Stops in sight. */
  draw() {
    const { map, store, marker } = this.doors;
    if (!store.state.bus || map.getZoom() < STOPS_FROM) return this.clear();
    const sight = map.getBounds().pad(0.1);
    this.places.forEach(({ lat, lon, calls }, at) => {
      const seen = sight.contains([lat, lon]);
      const drawn = this.stops.get(at);
      if (drawn && !seen) {
        drawn.remove();
        this.stops.delete(at);
      } else if (seen && !drawn) {
        const numbers = [...new Set(calls.map(({ n }) => n))].join("·");
        const button = el("button", { type: "button", class: "bus-stop", "aria-label": [...(calls.length > 1 ? [numbers] : []), ...calls.map((call) => this.said(call))].join("；"), onclick: () => this.tell(at) }, el("span", {}, numbers));
        this.stops.set(at, marker(button, lat, lon, 550).addTo(map));
      }
    });
  }

  /** @param {Stop} stop */
  name([zh, en]) {
    return this.doors.pick(zh, en);
  }

  /** Everything about a stop in one line, for those who listen. @param {Call} call */
  said({ school, line, stop, n }) {
    return [this.words("stop", { school: school.name, line: line.n, n }), this.name(stop), this.words("leaves", { at: stop[4] })].join(this.doors.pick("，", ", "));
  }

  /** Say what a stop is, above it. @param {number} at which place */
  tell(at) {
    this.hush();
    const { map, marker, open, store, covered } = this.doors;
    if (covered()) store.set({ panel: "", site: -1 }); // on a phone there is no room for both
    const { lat, lon, calls } = this.places[at];
    const back = () => {
      this.hush();
      /** @type {HTMLElement | null | undefined} */ (this.stops.get(at)?.getElement()?.querySelector("button"))?.focus({ preventScroll: true });
    };
    const close = el("button", { type: "button", class: "plain round", "aria-label": this.words("close"), onclick: back }, icon("close"));
    const box = el(
      "div",
      { class: "bus-told", role: "group", "aria-label": this.name(calls[0].stop), onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key !== "Escape") return;
        event.stopPropagation();
        back();
      } },
      el("div", { class: "bus-head" }, el("strong", {}, this.name(calls[0].stop)), close),
      ...calls.map(({ school, line, stop, n }) => {
        const door = open(school.key);
        return el(
          "div",
          {},
          el("p", {}, el("b", { class: "time" }, this.words("leaves", { at: stop[4] }))),
          el("p", {}, this.words("stop", { school: school.name, line: line.n, n })),
          el("p", { class: "hint" }, this.words("way", { m: stop[5] }), stop[6] ? this.words("some", { n: stop[6] }) : ""),
          door && el("button", { type: "button", class: "link", onclick: door }, this.words("open")),
        );
      }),
    );
    const wide = window.matchMedia("(min-width: 900px)").matches;
    if (wide) this.told = marker(box, lat, lon, 2000).addTo(map);
    else {
      box.classList.add("docked"); // above a stop there is no room beside the buttons
      map.getContainer().after(box);
      this.told = box;
    }
    const [side, end] = wide ? [140, 40] : [40, 90];
    map.panInside([lat, lon], { paddingTopLeft: [side, box.offsetHeight + (wide ? 90 : 40)], paddingBottomRight: [wide ? side : 90, end], animate: false });
    close.focus({ preventScroll: true });
  }

  hush() {
    this.told?.remove();
    this.told = null;
  }

  /** Bring a school's lines into the free part of the map. @param {School} school */
  fit(school) {
    const { map, store, covered } = this.doors;
    store.set({ bus: true });
    const spots = school.lines.flatMap((line) => line.stops.map((stop) => L.latLng(stop[3] / GRID, stop[2] / GRID)));
    map.fitBounds(L.latLngBounds(spots), { paddingTopLeft: [50, 60], paddingBottomRight: [50, covered() + 40], maxZoom: 16, animate: false });
  }

  /** Bring one stop there and say what it is. @param {School} school @param {Stop} stop */
  go(school, stop) {
    this.fit(school);
    const { map } = this.doors;
    if (map.getZoom() < STOPS_FROM) map.setView([stop[3] / GRID, stop[2] / GRID], STOPS_FROM, { animate: false });
    this.tell(this.places.findIndex(({ calls }) => calls.some((call) => call.stop === stop)));
  }

  /** For a school's card. @param {string} key of the school */
  card(key) {
    const school = this.schools.get(key);
    if (!school) return null;
    const on = this.doors.store.state.bus;
    const { arrival } = this.doors.data;
    const count = school.lines.length;
    return el(
      "section",
      { class: "around", "aria-labelledby": "bus-title" },
      el("h3", { id: "bus-title" }, count === 1 ? this.words("one") : this.words("lines", { n: count })),
      ...school.lines.map((line) =>
        el(
          "details",
          { class: "bus-line", ...this.kept(line) },
          el("summary", {}, this.words("line", { n: line.n, at: line.stops[0][4] })),
          el("p", { class: "hint" }, this.words("facts", { m: line.m, t: line.t, by: arrival }), line.children ? this.words("some", { n: line.children }) : ""),
          el(
            "ol",
            { class: "bus-times" },
            ...line.stops.map((stop) => el("li", {}, el("b", { class: "time" }, stop[4]), el("button", { type: "button", class: "link", onclick: () => this.go(school, stop) }, this.name(stop)))),
            el("li", {}, el("b", { class: "time" }, arrival), el("span", {}, this.words("school"))),
          ),
        ),
      ),
      el("button", { type: "button", class: "action", "data-toggle": "bus-show", "aria-pressed": String(on), onclick: () => (on ? this.doors.store.set({ bus: false }) : this.fit(school)) }, this.words("show")),
    );
  }

  /** Whether a part was open, and that it is asked. @param {unknown} part */
  kept(part) {
    return { open: this.open.has(part), ontoggle: (/** @type {Event} */ event) => void (/** @type {HTMLDetailsElement} */ (event.target).open ? this.open.add(part) : this.open.delete(part)) };
  }

  /** @returns {[HTMLCanvasElement, string][]} */
  legend() {
    return [[this.doors.swatch((ctx) => strokeBus(ctx, this.doors.data.colours, 4)), this.words("legend")]];
  }

  /** For pictures and print, while lines are drawn. */
  legends() {
    return this.doors.store.state.bus ? [{ title: this.words("bus"), entries: /** @type {[HTMLCanvasElement, string][]} */ ([[this.legend()[0][0], this.words("legendShort")]]) }] : [];
  }

  title = () => this.words("bus");

  definition = () => this.doors.pick(this.doors.data.definition, this.doors.data.definition_en);

  /** Schools with a line, for the panel of layers. */
  list() {
    const { schools } = this.doors.data;
    const row = (/** @type {School} */ school) => {
      const door = this.doors.open(school.key);
      const words = this.words("row", { school: school.name, n: school.lines.length });
      return el("li", {}, door ? el("button", { type: "button", class: "link", onclick: door }, words) : words);
    };
    return el("details", this.kept(schools), el("summary", {}, this.words("which", { n: schools.length })), el("ul", {}, ...schools.map(row)));
  }
}

if (typeof window !== "undefined") window.cfmap.bus?.(Bus);
