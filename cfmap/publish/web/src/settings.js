/** What else can be chosen: categories by group, the year, walking reach with its legend, and what stands behind the numbers. */
import { el, icon } from "./dom.js";
import { review } from "./frame.js";
import { pick, t } from "./i18n.js";
import { bandSwatch, bandWords } from "./reach.js";
import { pathSwatch, stateSwatch } from "./streets.js";
import { townTables } from "./towns.js";

/**
 * All categories, group by group.
 * @param {import("./types").Meta} meta
 * @param {import("./types").State} state
 * @param {Map<string, number>} counts
 * @param {number[]} years
 * @param {{layer: (group: string, key: string) => void, year: (year: number) => void, planned: (on: boolean) => void}} doors
 * @param {HTMLElement[]} editions links to those of other years
 */
export function more(meta, state, counts, years, doors, editions = []) {
  const sections = meta.groups.map(([group, zh, en]) => {
    const layers = meta.layers.filter((layer) => layer.group === group && layer.count > 0);
    if (!layers.length) return null;
    return el("section", {}, el("h3", {}, icon(`group-${group}`, "picture"), pick(zh, en)), el("div", { class: "grid" }, ...layers.map((layer) => tile(layer, state, counts, doors.layer))));
  });
  const out = [yearPicker(meta, state, years, doors, editions), ...sections].filter((part) => part !== null);
  const without = meta.layers.filter((layer) => layer.unlocated);
  const which = without.map((layer) => `${pick(layer.title, layer.title_en)} ${layer.unlocated}`).join(pick("、", ", "));
  if (which) out.push(el("p", { class: "hint" }, t("unlocated", { n: without.reduce((sum, layer) => sum + layer.unlocated, 0), which })));
  return out;
}

/** @param {import("./types").LayerInfo} layer @param {import("./types").State} state @param {Map<string, number>} counts @param {(group: string, key: string) => void} choose */
function tile(layer, state, counts, choose) {
  const face = el("span", { class: `face ${layer.group}` }, icon(layer.icon));
  face.style.setProperty("--colour", layer.colour);
  const on = state.layers.includes(layer.key);
  return el("button", { type: "button", class: "tile", "aria-pressed": String(on), onclick: () => choose(layer.group, layer.key) }, face, el("span", { class: "words" }, pick(layer.title, layer.title_en)), el("span", { class: "count" }, String(counts.get(layer.key) ?? 0)));
}

/** @param {import("./types").Meta} meta @param {import("./types").State} state @param {number[]} years @param {{year: (year: number) => void, planned: (on: boolean) => void}} doors @param {HTMLElement[]} editions */
function yearPicker(meta, state, years, doors, editions) {
  const box = el("section", { class: "years" });
  const known = years.includes(state.year) ? years : [...years, state.year].sort((a, b) => a - b); // one of the statistics' years
  if (years.length > 1) {
    box.append(
      el("h3", { id: "years-title" }, t("upTo")),
      el("div", { class: "segments", role: "group", "aria-labelledby": "years-title" }, ...known.map((year) => el("button", { type: "button", "aria-pressed": String(state.year === year), onclick: () => doors.year(year) }, String(year)))),
      el("p", { class: "hint" }, t("yearMeans", { year: meta.year })),
    );
  }
  box.append(...editions, toggle(t("planned"), state.planned, doors.planned));
  return box;
}

/**
 * Walking reach with legend, figures, and where the map comes from.
 * @param {import("./types").Meta} meta
 * @param {import("./types").State} state
 * @param {import("./reach.js").ReachLayers | null} reach
 * @param {{reach: (key: string, on: boolean) => void, perimeter: (on: boolean) => void, paths: (on: boolean) => void, bus: (on: boolean) => void, shade: (shade: string) => void}} doors
 * @param {import("./bus.js").Bus | null} bus
 */
export function layers(meta, state, reach, doors, bus = null) {
  const out = [];
  if (reach && (reach.items.length || reach.perimeter || reach.paths)) {
    const box = el("section", {}, el("h3", {}, t("reach")), el("p", { class: "hint" }, t("reachHint")), reach.items.some((item) => item.minutes) && el("p", { class: "hint" }, t("spotHint")));
    for (const item of reach.items) box.append(reachItem(meta, item, state.reach.includes(item.key), (on) => doors.reach(item.key, on), townTables(reach.towns, item, state.shade, doors.shade)));
    if (reach.perimeter) box.append(linesItem("perimeter", state.perimeter, doors.perimeter, reach.perimeter.states.map((state) => [stateSwatch(state), t(state.key)]), t("aroundHint", { v: reach.perimeter.limit })));
    if (reach.paths) box.append(linesItem("paths", state.paths, doors.paths, [[pathSwatch(reach.paths.colour), t("pathsLine")]], pick(reach.paths.definition, reach.paths.definition_en)));
    out.push(box);
  }
  if (bus) {
    const item = linesItem("bus", state.bus, doors.bus, bus.legend(), bus.definition(), bus.title());
    item.append(bus.list());
    out.push(el("section", {}, item));
  }
  const used = new Set((reach?.items ?? []).flatMap((item) => figuresOf(meta, item.key).map((figure) => figure.id)));
  const rest = meta.indicators.filter((figure) => !used.has(figure.id));
  if (rest.length) out.push(el("section", {}, el("h3", {}, t("figures")), ...rest.map(figure)));
  out.push(about(meta));
  return out;
}

/**
 * @param {import("./types").Meta} meta
 * @param {import("./types").Reach & {colour: string}} item @param {boolean} on @param {(on: boolean) => void} choose @param {HTMLElement | null} towns
 */
function reachItem(meta, item, on, choose, towns) {
  const box = el("div", { class: "reach" }, toggle(pick(item.title, item.title_en), on, choose, item.key));
  const bands = item.bands.map((_, n) => el("li", {}, bandSwatch(item.colour, n, item.bands.length), bandWords(item, n)));
  const left = ["far", "off_network", "island"].filter((key) => item.sites[key]).map((key) => t(key, { n: item.sites[key] }));
  if (on) box.append(el("ul", { class: "legend", "aria-label": t("legend") }, ...bands.reverse()));
  box.append(
    el(
      "details",
      {},
      el("summary", {}, t("how")),
      el("p", {}, pick(item.definition, item.definition_en)),
      el("p", {}, t("sitesUsed", { n: item.sites.ok ?? 0 }), left.length > 0 && ` · ${t("sitesLeft", { what: left.join("，") })}`),
      ...table(figuresOf(meta, item.key).filter((f) => f.id.startsWith("coverage.")), item, t("shares")),
      ...table(figuresOf(meta, item.key).filter((f) => f.id.startsWith("people.")), item, t("people")),
    ),
  );
  if (towns) box.append(towns);
  return box;
}

/** @param {string} name @param {boolean} on @param {(on: boolean) => void} choose @param {[HTMLCanvasElement, string][]} entries @param {string} hint @param {string} [title] */
function linesItem(name, on, choose, entries, hint, title = t(name)) {
  const box = el("div", { class: "reach" }, toggle(title, on, choose, name));
  if (on) box.append(el("ul", { class: "legend", "aria-label": t("legend") }, ...entries.map(([swatch, words]) => el("li", {}, swatch, words))), el("p", { class: "hint" }, hint));
  return box;
}

/** Figures about one reach: those whose name begins with its key. @param {import("./types").Meta} meta @param {string} key */
const figuresOf = (meta, key) => meta.indicators.filter((figure) => ["coverage", "people"].some((kind) => figure.id.startsWith(`${kind}.${key}.`)));

/**
 * Figures of one reach as a table, what they mean once below it.
 * @param {import("./types").Indicator[]} figures @param {import("./types").Reach} item @param {string} caption
 */
function table(figures, item, caption) {
  if (!figures.length) return [];
  const rows = figures.map((f) => el("tr", {}, el("th", { scope: "row" }, pick(f.title.replace(` · ${item.title}`, ""), f.title_en.replace(` · ${item.title_en}`, ""))), el("td", {}, valueOf(f))));
  const meanings = new Set(figures.map((f) => pick(f.definition, f.definition_en)));
  const sources = new Set(figures.flatMap((f) => f.sources));
  const dates = new Set(figures.map((f) => f.data_date).filter(Boolean));
  return [
    el("table", { class: "figures" }, el("caption", {}, caption), el("tbody", {}, ...rows)),
    el("details", {}, el("summary", {}, t("formula")), ...[...meanings].map((text) => el("p", { class: "hint" }, text)), el("p", { class: "hint" }, [t("sourceOf", { s: [...sources].join("、") }), ...dates].join(" · "))),
  ];
}

/** @param {import("./types").Indicator} item */
const valueOf = (item) => (item.value === null ? t("unknownValue") : `${round(item.value)}${item.unit === "%" ? "%" : ` ${item.unit}`}`);

/** @param {import("./types").Indicator} item */
function figure(item) {
  const value = valueOf(item);
  const range = item.lower !== null && item.upper !== null && item.lower !== item.upper ? t("between", { a: round(item.lower), b: round(item.upper) }) : "";
  return el(
    "div",
    { class: "figure" },
    el("p", {}, el("strong", {}, value), " ", pick(item.title, item.title_en), range && `（${range}）`),
    el("p", { class: "hint" }, pick(item.definition, item.definition_en), " ", [item.denominator, item.data_date, item.sources.length ? t("sourceOf", { s: item.sources.join("、") }) : ""].filter(Boolean).join(" · ")),
  );
}

/** @param {number} value */
const round = (value) => String(Math.round(value * 100) / 100);

/** @param {import("./types").Meta} meta */
function about(meta) {
  const facts = /** @type {[string, string][]} */ ([
    ["producer", meta.producer],
    ["dataDate", meta.data_date],
    ["review", [meta.review || review(meta)[0].words, ...review(meta).slice(1).map(({ words }) => words)].join(" · ")],
    ["basemap", meta.attribution],
    ["pictures", meta.tiles?.licence ? t(meta.tiles.datum === "gcj02" ? "picturesShifted" : "picturesAre", { what: [meta.tiles.attribution, meta.tiles.licence].filter(Boolean).join(" · ") }) : ""],
    ["contact", meta.contact],
  ]);
  return el(
    "section",
    {},
    el("h3", {}, t("about")),
    el("dl", { class: "facts" }, ...facts.filter(([, value]) => value).map(([key, value]) => el("div", {}, el("dt", {}, t(key)), el("dd", {}, value)))),
    el("p", { class: "hint" }, t("missing")),
  );
}

/** @param {string} words @param {boolean} on @param {(on: boolean) => void} choose @param {string} [key] */
function toggle(words, on, choose, key) {
  const box = el("input", { type: "checkbox", role: "switch", "data-toggle": key, onchange: (/** @type {Event} */ event) => choose(/** @type {HTMLInputElement} */ (event.target).checked) });
  box.checked = on;
  return el("label", { class: "switch" }, el("span", {}, words), box);
}
