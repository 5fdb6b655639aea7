/** Everything that answers to the reader: joins the parts, in the order in which they arrive. */
import { paced } from "./address.js";
import { Answers } from "./answer.js";
import { basemapLayer, readBasemap } from "./basemap.js";
import { askPanel, askedFor, paintAskButton } from "./ask.js";
import { card } from "./card.js";
import { changeCount, changesPanel } from "./changes.js";
import { paintChips } from "./chips.js";
import { Sites, block } from "./data.js";
import { byId, el } from "./dom.js";
import { Editions, lasting } from "./editions.js";
import { Calendar } from "./events.js";
import { counts, sift, tally, wishesOf } from "./filters.js";
import { BIG, paintFrame, title } from "./frame.js";
import { pick, setLanguage, t } from "./i18n.js";
import { labelLayer } from "./labels.js";
import { list } from "./list.js";
import { fitRows, goTo, makeMap } from "./map.js";
import { Markers, marker } from "./markers.js";
import { around, hereMarker, nearMe } from "./near.js";
import { coveredHeight, hidePanel, paintPanel, wide } from "./panel.js";
import { ReachLayers } from "./reach.js";
import { layers as layersPanel, more } from "./settings.js";
import { shapeLayer } from "./shapes.js";
import { applyDisplay, keep, remembered, tools } from "./display.js";
import { legendsOf, picturePanel } from "./picture.js";
import { printer } from "./print.js";
import { shadeLayer, shaded, shadings } from "./shade.js";
import { decode, encode, passOn } from "./share.js";
import { Statistics } from "./statistics.js";
import { Store } from "./store.js";
import { lineSwatch, linesLayer, roundSchool } from "./streets.js";
import { yearsIn } from "./tally.js";
import { walkToNearest } from "./walk.js";

const { meta } = window.cfmap;
const sites = new Sites(meta, block("sites"), block("events"));
const calendar = new Calendar(sites);
const years = yearsOf();
/** @type {import("./types").State} */
const START = { lang: document.documentElement.lang === "en" ? "en" : "zh", group: "", layers: [], wishes: [], town: "", unsure: false, q: "", year: meta.year, planned: false, near: null, site: -1, panel: "", reach: [], perimeter: false, paths: false, bus: false, shade: "", base: "", ...remembered(), spot: null };
const store = new Store(START);
const map = makeMap(meta);
/** @type {(import("leaflet").Layer & {draw: () => void}) | undefined} names on the map, once the basemap is here */
let labels;
const markers = new Markers(map, sites, { open: openSite, many: openMany, drawn: () => labels?.draw() });
const shapes = shapeLayer(map, sites);
const answers = new Answers(map, sites, store, { ask: askAt, open: openSite });
/** @type {ReachLayers | null} */
let reach = null;
const editions = new Editions(meta, location, (year) => encode({ ...store.state, year }, view(), { year, keyOf: (row) => sites.key(row) }));
/** @type {import("./tiles.js").Tiles | null} pictures of a map service, where the page may fetch any */
let tiles = null;
/** @type {import("./bus.js").Bus | null} where there are walking buses */
let bus = null;
/** @type {import("./types").Polygons | null} outlines, once the basemap is here */
let towns = null;
/** @type {import("leaflet").GridLayer | null} */
let shading = null;
/** @type {number[]} */
let rows = [];
let unsure = 0; // of how many it is not known whether they are what was asked for
/** @type {number[] | null} rows of a group of markers that cannot be pulled apart */
let only = null;
/** @type {import("leaflet").Marker | null} */
let here = null;
/** @type {HTMLElement | null} where the keyboard was before the panel opened */
let opener = null;
let cameFromList = false;
/** @type {import("./types").ChangesBlock | null} */
let changes = null;
const statistics = new Statistics(meta, sites, years, START);
const figures = () => (store.state.panel === "stats" ? statistics.sheet(store.state, rows.length) : []);
const scene = () => ({ map, meta, sites, standing: markers.standing(), legends: [...legendsOf(store.state, reach), ...(bus?.legends() ?? []), ...(window.cfmap.legends?.() ?? [])], figures });
const print = printer(scene);

function yearsOf() {
  if (meta.editions.length > 1) return [...meta.editions].sort((a, b) => a - b);
  const found = new Set();
  for (let row = 0; row < sites.count; row++) {
    const year = sites.get(row, "year");
    if (typeof year === "number") found.add(year);
  }
  return [...found].sort((a, b) => a - b).slice(-5);
}

const asking = { set: (/** @type {Partial<import("./types").State>} */ change) => store.set(change), reset, list: () => openPanel("list"), open: () => openPanel("filter") };

// --- what the reader does -------------------------------------------------------------------------------------------

/** @param {string} key */
function chooseGroup(key) {
  if (key === "more") return openPanel("more");
  store.set({ group: store.state.group === key ? "" : key, layers: [], panel: store.state.panel === "more" ? "" : store.state.panel });
}

/** @param {string} key */
function chooseLayer(key) {
  const { layers } = store.state;
  store.set({ layers: key === "" ? [] : layers.includes(key) ? layers.filter((other) => other !== key) : [...layers, key] });
}

/** @param {string} group @param {string} key */
function chooseTile(group, key) {
  const on = store.state.group === group && store.state.layers.includes(key);
  store.set({ group: on ? "" : group, layers: on ? [] : [key] });
}

/** @param {number} row */
function openSite(row) {
  if (!store.state.panel || store.state.panel === "list") opener = /** @type {HTMLElement} */ (document.activeElement);
  cameFromList = store.state.panel === "list" || (wide() && !store.state.panel);
  store.set({ site: row, panel: "card" });
  byId("card-name").focus({ preventScroll: true });
  if (sites.placed(row) && !visible(row)) goTo(map, sites.lat[row], sites.lon[row], coveredHeight());
}

/** @param {number} row is its marker in the uncovered part of the map? */
function visible(row) {
  const point = map.latLngToContainerPoint([sites.lat[row], sites.lon[row]]);
  const size = map.getSize();
  return map.getZoom() >= 15 && point.x > 30 && point.y > 40 && point.x < size.x - 30 && point.y < size.y - coveredHeight() - 30;
}

/** @param {number[]} many */
function openMany(many) {
  only = many;
  store.set({ panel: "list" });
  paint(false);
}

/** @param {string} name */
function openPanel(name) {
  opener = /** @type {HTMLElement} */ (document.activeElement);
  store.set({ panel: name, site: -1 });
  byId("panel").focus({ preventScroll: true });
}

/** @param {{lat: number, lon: number}} spot a place on the map: how far is it from there */
function askAt(spot) {
  if (!byId("panel").contains(document.activeElement)) opener = /** @type {HTMLElement} */ (document.activeElement);
  store.set({ spot, panel: "spot", site: -1 });
  byId("panel").focus({ preventScroll: true });
  answers.tell(spot, coveredHeight());
}

function closePanel() {
  const back = store.state.panel === "card" && cameFromList && !wide() ? "list" : "";
  const row = store.state.site;
  only = null;
  store.set({ panel: back, site: -1 });
  const again = document.querySelector(`#panel [data-row="${row}"]`) ?? (opener?.isConnected ? opener : document.querySelector(`[data-row="${row}"]`));
  (/** @type {HTMLElement | null} */ (again) ?? byId("open-list")).focus({ preventScroll: true });
}

function reset() {
  only = null;
  store.set({ group: "", layers: [], wishes: [], town: "", unsure: false, q: "", year: meta.year, near: null });
}

async function shareSite() {
  const url = lasting(location.href);
  url.hash = "";
  url.search = encode(store.state, view(), { year: meta.year, keyOf: (row) => sites.key(row) });
  const name = store.state.site >= 0 ? sites.name(store.state.site) : title(meta);
  const how = await passOn(name, url.href);
  if (how === "copied") say(t("copied"), 2500);
  if (how === "shown") {
    const field = el("input", { class: "copy", readonly: true, value: url.href, "aria-label": t("copyThis") });
    document.querySelector(".actions")?.append(el("p", { class: "hint" }, t("copyThis")), field);
    field.select();
  }
}

function printNow() {
  if (!print()) say(t("cannotPrint"), 4000);
}

function toolsRow() {
  return tools(store.state, changeCount(changes), { display: (change) => store.set(change), open: openPanel, print: printNow });
}

/** @param {string} text said to those who listen, not shown */
function announce(text) {
  byId("live").textContent = text;
}

let toastTimer = 0;

/** @param {string} text @param {number} [milliseconds] */
function say(text, milliseconds) {
  const toast = byId("toast");
  toast.hidden = !text;
  toast.textContent = text;
  clearTimeout(toastTimer);
  if (milliseconds) toastTimer = window.setTimeout(() => (toast.hidden = true), milliseconds);
}

// --- what the page answers ------------------------------------------------------------------------------------------

const TYPING_MS = 80; // while a word is being typed the list answers at once, the map a moment later
let typing = false;
let drawTimer = 0;

function drawFound() {
  markers.show(rows);
  shapes.show(rows, store.state.site);
}

function update() {
  only = null;
  const found = sift(sites, store.state);
  rows = found.rows;
  unsure = found.unsure.length;
  clearTimeout(drawTimer);
  if (typing) drawTimer = window.setTimeout(drawFound, TYPING_MS);
  else drawFound();
  const text = rows.length === sites.count ? t("results", { n: rows.length }) : t("resultsOf", { n: rows.length, all: sites.count });
  byId("live").textContent = unsure && !store.state.unsure ? t("unsureLive", { text, n: unsure }) : text;
  paintPill();
  paintAskButton(store.state);
  paintChips(meta, store.state, counts(sites, store.state), chooseLayer);
  for (const button of byId("groups").querySelectorAll("button")) {
    const key = button.dataset.group ?? "";
    if (key !== "more") button.setAttribute("aria-pressed", String(store.state.group === key));
    else button.classList.toggle("on", store.state.group !== "" && !BIG.includes(store.state.group));
  }
  paint(true);
}

function paintPill() {
  byId("open-list").querySelector("span")?.replaceChildren(`${t("list")} ${rows.length}`);
  byId("open-list").setAttribute("aria-label", `${t("list")} ${t("results", { n: rows.length })}`);
}

/** @param {boolean} keepScroll */
function paint(keepScroll) {
  const { state } = store;
  const name = state.panel || (wide() ? "list" : "");
  document.documentElement.dataset.panel = name;
  if (!name) return hidePanel();
  const focused = document.activeElement instanceof HTMLElement && byId("panel").contains(document.activeElement) ? document.activeElement : null;
  const toggled = focused?.dataset.toggle;
  const index = focused ? [...byId("panel").querySelectorAll("button, input, summary")].indexOf(focused) : -1;
  const seen = only ?? rows;
  if (name === "list") {
    const words = seen.length === sites.count ? t("results", { n: seen.length }) : t("resultsOf", { n: seen.length, all: sites.count });
    const above = only ? [] : [...askedFor(state, { unsure }, wishesOf(sites).ready, asking), state.near && walkToNearest(answers, state.near)];
    paintPanel({ name, title: words, body: listed(seen, above), onClose: closePanel }, keepScroll);
  } else if (name === "filter") {
    paintPanel({ name, title: t("filter"), body: askPanel(meta, state, wishesOf(sites), { rows: rows.length, unsure, ...tally(sites, state) }, asking), onClose: closePanel }, keepScroll);
  } else if (name === "card") {
    paintPanel({ name, title: "", back: cameFromList, body: [...card(sites, state.site, state, shareSite, openSite, [roundSchool(reach?.perimeter, sites.key(state.site), state.perimeter, (on) => store.set({ perimeter: on })), bus?.card(sites.key(state.site)) ?? null]), calendar.here(state.site, openSite)], onClose: closePanel }, keepScroll);
  } else if (name === "spot") {
    paintPanel({ name, title: t("spotTitle"), body: answers.panel((near) => store.set({ near, panel: "list" })), onClose: closePanel }, keepScroll);
  } else if (name === "more") {
    paintPanel({ name, title: t("more"), body: [toolsRow(), ...more(meta, state, counts(sites, state), years, { layer: chooseTile, year: (year) => store.set({ year }), planned: (planned) => store.set({ planned }) }, editions.panel())], onClose: closePanel }, keepScroll);
  } else if (name === "picture") {
    paintPanel({ name, title: t("picture"), body: picturePanel(scene(), { say: announce, print: printNow }), onClose: closePanel }, keepScroll);
  } else if (name === "stats") {
    const doors = {
      group: chooseGroup,
      layer: chooseTile,
      year: (/** @type {number} */ year) => store.set({ year: store.state.year === year ? meta.year : year }),
      town: (/** @type {string} */ town) => store.set({ town: store.state.town === town ? "" : town }),
      list: () => openPanel("list"),
      reset,
      print: printNow,
    };
    paintPanel({ name, title: t("stats"), body: statistics.panel(state, rows.length, doors), onClose: closePanel }, keepScroll);
  } else if (name === "changes" && changes) {
    paintPanel({ name, title: t("changesTitle", { year: meta.year, since: changes.since }), body: [...changesPanel(meta, sites, changes, openSite), editions.link(changes.since)], onClose: closePanel }, keepScroll);
    announce(t("changesCountLive", { n: changeCount(changes) ?? 0 }));
  } else {
    const doors = {
      reach: (/** @type {string} */ key, /** @type {boolean} */ on) => store.set({ reach: on ? [...store.state.reach, key] : store.state.reach.filter((other) => other !== key) }),
      perimeter: (/** @type {boolean} */ on) => store.set({ perimeter: on }),
      paths: (/** @type {boolean} */ on) => store.set({ paths: on }),
      bus: (/** @type {boolean} */ on) => store.set({ bus: on }),
      shade: (/** @type {string} */ shade) => store.set({ shade }),
    };
    paintPanel({ name, title: t("layers"), body: [statistics.door(() => openPanel("stats")), tiles?.panel(), ...layersPanel(meta, state, reach, doors, bus)].filter((part) => !!part), onClose: closePanel }, keepScroll);
  }
  if (toggled) /** @type {HTMLElement | null} */ (byId("panel").querySelector(`[data-toggle="${toggled}"]`))?.focus();
  else if (index >= 0 && name === "more") /** @type {HTMLElement | undefined} */ ([...byId("panel").querySelectorAll("button, input, summary")][index])?.focus();
  if (focused && !byId("panel").contains(document.activeElement)) {
    const again = focused.dataset.row && byId("panel").querySelector(`[data-row="${focused.dataset.row}"]`);
    (/** @type {HTMLElement | null} */ (again || null) ?? byId("panel")).focus({ preventScroll: true });
  }
}

/** @param {number[]} seen the list; of events alone with what there is to know of them @param {(HTMLElement | null)[]} above */
function listed(seen, above) {
  const { state } = store;
  const notes = state.layers.length === 1 && state.layers[0] === meta.layers[sites.events?.layer ?? -1]?.key ? calendar.notes(seen.length) : [];
  return notes.length > 1 ? notes : list(sites, seen, state, { open: openSite, reset, farOff: () => store.set({ near: null }) }, [...above, ...notes]);
}

/** Another day has begun: events that are over go, others come. */
function turnDay() {
  const { site } = store.state;
  const row = sites.isEvent(site) ? sites.rowNow(site) : site;
  if (row !== site) store.set(row < 0 ? { site: -1, panel: "" } : { site: row });
  if (row < 0 && site >= 0) say(t("eventOver"), 6000);
  wishesOf(sites).forget();
  markers.relabel();
  update();
}

function view() {
  const centre = map.getCenter();
  return { zoom: map.getZoom(), lat: centre.lat, lon: centre.lng };
}

const address = paced(() => {
  const text = encode(store.state, view(), { year: meta.year, keyOf: (row) => sites.key(row) });
  try {
    history.replaceState(null, "", `#${text}${editions.kept}`);
  } catch {
    // a page inside a frame may not be allowed to; nothing else depends on it
  }
});

/** While the page is still arriving the address keeps what the link asked of the parts to come. */
function remember() {
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", address.changed, { once: true });
  else address.changed();
}

// --- joining --------------------------------------------------------------------------------------------------------

store.on(["group", "layers", "wishes", "town", "unsure", "q", "year", "planned", "near"], update);
store.on(["town"], ({ town }) => town && fitRows(map, sites, rows));
store.on(["panel", "site", "reach", "perimeter", "paths", "bus", "shade", "spot", "base"], () => paint(true));
store.on(["site"], ({ site }) => {
  markers.select(site);
  shapes.show(rows, site);
});
store.on(["large", "contrast"], (state) => {
  applyDisplay(state);
  keep(state);
  map.invalidateSize({ pan: false });
  paint(true);
});
store.on(["reach", "perimeter", "paths"], (state) => {
  reach?.show(state.reach, state.perimeter, state.paths);
  markers.emphasise((reach?.items ?? []).filter((item) => state.reach.includes(item.key)).map((item) => item.layer));
});
store.on(["shade"], ({ shade }) => {
  shading?.remove();
  const group = shaded(reach?.towns, shade);
  shading = group && reach?.towns && towns ? shadeLayer(towns, reach.towns, group).addTo(map) : null;
});
store.on(["near"], ({ near }) => {
  here?.remove();
  here = near ? hereMarker(near).addTo(map) : null;
  byId("near").classList.toggle("on", near !== null);
});
store.on(["q"], ({ q }) => {
  const field = /** @type {HTMLInputElement} */ (byId("q"));
  if (field.value !== q) field.value = q;
  byId("clear").hidden = !q;
});
store.on(["lang"], ({ lang }) => {
  setLanguage(lang);
  paintFrame(meta, chooseGroup);
  markers.relabel();
  update();
});
store.on(Object.keys(START), remember);
map.on("moveend", remember);
window.addEventListener("pagehide", address.flush);
document.addEventListener("visibilitychange", address.flush);

byId("q").addEventListener("input", (event) => {
  typing = true;
  store.set({ q: /** @type {HTMLInputElement} */ (event.target).value, panel: "list", site: -1 });
  typing = false;
});
byId("clear").addEventListener("click", () => {
  store.set({ q: "", panel: "" });
  byId("q").focus();
});
byId("language").addEventListener("click", () => store.set({ lang: store.state.lang === "en" ? "zh" : "en" }));
byId("open-list").addEventListener("click", () => openPanel("list"));
byId("skip").addEventListener("click", (event) => {
  event.preventDefault();
  openPanel("list");
});
byId("layers").addEventListener("click", () => {
  openPanel("layers");
  const { state } = store;
  const chosen = reach?.items.find(({ layer }) => (state.layers.length ? state.layers.includes(layer) : state.group !== "" && meta.layers.find(({ key }) => key === layer)?.group === state.group));
  if (chosen) byId("panel").querySelector(`[data-toggle="${CSS.escape(chosen.key)}"]`)?.closest(".reach")?.scrollIntoView({ block: "start" });
});
byId("filter").addEventListener("click", asking.open);
wishesOf(sites).watch(() => store.state.wishes.includes("open") && update());
byId("in").addEventListener("click", () => map.zoomIn());
byId("out").addEventListener("click", () => map.zoomOut());
byId("near").addEventListener(
  "click",
  nearMe(map, {
    say,
    inside: around(sites, meta),
    found: (near) => {
      store.set({ near, panel: "list", site: -1 });
      goTo(map, near.lat, near.lon, coveredHeight());
    },
  }),
);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && store.state.panel) closePanel();
});
window.matchMedia("(min-width: 900px)").addEventListener("change", () => {
  map.invalidateSize();
  paint(true);
});

const about = { groups: meta.groups.map(([key]) => key), layers: meta.layers.map((layer) => layer.key), years: [...years, ...yearsIn(sites)], towns: wishesOf(sites).towns(), reach: [], find: (/** @type {string} */ key) => sites.find(key) };
const wish = location.hash.slice(1) || location.search.slice(1); // kept: what arrives later is asked by it, when the address bar already says something else
const asked = decode(wish, about);
store.state = { ...store.state, ...asked.state, site: -1 };
applyDisplay(store.state);
if (asked.view) map.setView([asked.view.lat, asked.view.lon], asked.view.zoom, { animate: false });
byId("clear").hidden = !store.state.q;
/** @type {HTMLInputElement} */ (byId("q")).value = store.state.q;
paintFrame(meta, chooseGroup);
update();
if (asked.state.site !== undefined) openSite(asked.state.site);
if (calendar.isOver(new URLSearchParams(wish).get("s") ?? "")) say(t("eventOver"), 6000);
calendar.watch(turnDay);

window.cfmap.map = map;
window.cfmap.tiles = (/** @type {typeof import("./tiles.js").Tiles} */ Tiles) => {
  if (meta.tiles) tiles = new Tiles({ map, info: meta.tiles, store, t, pick, say, repaint: () => store.state.panel === "layers" && paint(true) });
};
window.cfmap.bus = (/** @type {typeof import("./bus.js").Bus} */ Bus) => {
  const data = block("bus");
  const open = (/** @type {string} */ key) => (sites.find(key) < 0 ? null : () => openSite(sites.find(key)));
  bus = new Bus({ data, map, store, pick, marker, swatch: lineSwatch, open, layer: (draw) => linesLayer(data.lines, draw), covered: coveredHeight });
  store.set({ bus: Boolean(decode(wish, about).state.bus) });
  paint(true);
};
window.cfmap.arrived = (/** @type {string} */ name) => {
  if (name === "basemap") {
    const base = readBasemap(block("basemap"));
    towns = base.towns;
    basemapLayer(base).addTo(map);
    labels = labelLayer(base, () => markers.boxes());
    labels.addTo(map);
  } else if (name === "details") {
    const { site, town } = decode(wish, { ...about, towns: wishesOf(sites).towns() }).state;
    if (town) store.set({ town });
    update();
    if (site !== undefined && store.state.site < 0 && !store.state.panel) openSite(site); // unless the reader has gone elsewhere by now
  } else if (name === "photos") {
    if (store.state.panel === "card") paint(true);
  } else if (name === "coverage") {
    changes = block("changes");
    reach = new ReachLayers(map, meta, block("coverage"));
    answers.arrived(reach.items);
    if (store.state.near) update();
    const known = reach.items.map((item) => item.key);
    const wanted = decode(wish, { ...about, reach: known, shades: shadings(reach.towns) }).state;
    store.set({ shade: wanted.shade ?? "", reach: wanted.reach ?? [], perimeter: Boolean(wanted.perimeter && reach.perimeter), paths: Boolean(wanted.paths && reach.paths) });
    reach.show(store.state.reach, store.state.perimeter, store.state.paths); // what a link asked for was no change
    paint(true);
  }
};
