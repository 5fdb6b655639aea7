/** The page in numbers: places by group, category, year and town as bars that filter the map, each with the same as a table. */
import { el, icon } from "./dom.js";
import { counts } from "./filters.js";
import { pick, t } from "./i18n.js";
import { byTown, byYear, rowsFor } from "./tally.js";

const SVG = "http://www.w3.org/2000/svg";
const FIRST = 8; // bars shown at once

/**
 * @typedef {{words: string, n: number, fresh?: number, colour?: string, on?: boolean, unknown?: boolean, act?: () => void}} Bar
 * `fresh`: the part of n that is striped
 * @typedef {{key: string, title: string, counted: string, bars: Bar[], total: number, fresh?: boolean}} Chart
 * @typedef {{group: (key: string) => void, layer: (group: string, key: string) => void, year: (year: number) => void, town: (town: string) => void, list: () => void, reset: () => void, print: () => void}} Doors
 */

export class Statistics {
  /**
   * @param {import("./types").Meta} meta
   * @param {import("./data.js").Sites} sites
   * @param {number[]} years those that can be chosen elsewhere on the page
   * @param {import("./types").State} start what the page shows while nothing is chosen
   */
  constructor(meta, sites, years, start) {
    this.meta = meta;
    this.sites = sites;
    this.years = years;
    this.start = start;
    /** @type {Set<string>} charts that show all their bars */
    this.whole = new Set();
  }

  /** What leads here. @param {() => void} open */
  door(open) {
    return el("button", { type: "button", class: "action wide-door", "data-tool": "stats", onclick: open }, icon("stats"), t("stats"));
  }

  /**
   * @param {import("./types").State} state
   * @param {number} n places chosen now
   * @param {Doors} doors
   * @returns {HTMLElement[]}
   */
  panel(state, n, doors) {
    const { chosen, words } = this.now(state, n);
    const head = el(
      "section",
      { class: "stats-head" },
      el("p", {}, words),
      el("p", { class: "hint" }, t("statsHow")),
      el(
        "div",
        { class: "actions" },
        el("button", { type: "button", class: "action main", id: "stats-list", onclick: doors.list }, icon("list"), t("statsShow", { n })),
        chosen && el("button", { type: "button", class: "action", id: "stats-reset", onclick: doors.reset }, t("reset")),
        el("button", { type: "button", class: "action", id: "stats-print", onclick: doors.print }, icon("print"), t("print")),
      ),
    );
    return [head, ...this.charts(state, doors).map((chart) => this.chart(chart))];
  }

  /** How many are chosen, and of how many. @param {import("./types").State} state @param {number} n */
  now(state, n) {
    const all = rowsFor(this.sites, this.start, { planned: state.planned }).length;
    return { chosen: n !== all, words: `${n === all ? t("statsAll", { n }) : t("statsNow", { n, all })}${t(state.planned ? "statsPlanned" : "statsOpen")}` };
  }

  /** For the printer: everything, nothing to press. @param {import("./types").State} state @param {number} n @returns {HTMLElement[]} */
  sheet(state, n) {
    return [el("p", {}, this.now(state, n).words), ...this.charts(state).map((chart) => this.chart(chart, true))];
  }

  /** @param {import("./types").State} state @param {Doors} [doors] @returns {Chart[]} */
  charts(state, doors) {
    const { meta, sites } = this;
    const number = counts(sites, state);
    const layers = meta.layers.map((layer) => ({ layer, n: number.get(layer.key) ?? 0 })).filter(({ n }) => n > 0);
    const sum = (/** @type {{n: number}[]} */ list) => list.reduce((s, { n }) => s + n, 0);
    const groups = meta.groups.map(([key, zh, en]) => ({ key, words: pick(zh, en), n: sum(layers.filter(({ layer }) => layer.group === key)) })).filter(({ n }) => n > 0);
    const inGroup = layers.filter(({ layer }) => !state.group || layer.group === state.group).sort((a, b) => b.n - a.n);
    const years = byYear(sites, rowsFor(sites, state, { year: Math.max(meta.year, ...this.years) }), this.years);
    const towns = byTown(sites, rowsFor(sites, state, { town: "" }));
    const group = meta.groups.find(([key]) => key === state.group);
    /** @type {Chart[]} */
    const out = [
      {
        key: "groups",
        title: t("byGroup"),
        counted: t("countedGroup"),
        total: sum(groups),
        bars: groups.map(({ key, words, n }) => ({ words, n, on: state.group === key, act: doors && (() => doors.group(key)) })),
      },
      {
        key: "layers",
        title: group ? t("byLayerIn", { group: pick(group[1], group[2]) }) : t("byLayer"),
        counted: t("countedLayer"),
        total: sum(inGroup),
        bars: inGroup.map(({ layer, n }) => ({ words: pick(layer.title, layer.title_en), n, colour: layer.colour, on: state.layers.includes(layer.key), act: doors && (() => doors.layer(layer.group, layer.key)) })),
      },
      {
        key: "years",
        title: t("byYear"),
        counted: t("countedYear"),
        total: (years.years.at(-1)?.upTo ?? 0) + years.unknown,
        fresh: true,
        bars: [
          ...years.years.map(({ year, fresh, upTo }) => ({ words: t("upToYear", { y: year }), n: upTo, fresh, on: state.year === year, act: doors && (() => doors.year(year)) })),
          ...(years.unknown ? [{ words: t("noYear"), n: years.unknown, unknown: true }] : []),
        ],
      },
    ];
    if (towns.towns.length)
      out.push({
        key: "towns",
        title: t("byTown"),
        counted: t("countedTown"),
        total: sum(towns.towns) + towns.unknown,
        bars: [
          ...towns.towns.map(({ town, n }) => ({ words: town, n, on: state.town === town, act: doors && (() => doors.town(town)) })),
          ...(towns.unknown ? [{ words: t("noTown"), n: towns.unknown, unknown: true }] : []),
        ],
      });
    return out;
  }

  /** @param {Chart} chart @param {boolean} [printed] */
  chart(chart, printed = false) {
    const most = Math.max(1, ...chart.bars.map((bar) => bar.n));
    const items = chart.bars.map((bar, n) => el("li", {}, this.bar(bar, most, printed ? "" : `${chart.key}-${n}`)));
    const list = el("ul", { class: "bars" }, ...items);
    const known = items.filter((_, n) => !chart.bars[n].unknown);
    const cut = !printed && chart.key !== "years" && known.length > FIRST && !this.whole.has(chart.key) ? known.slice(FIRST) : [];
    for (const item of cut) item.hidden = true;
    const rest =
      cut.length > 0 &&
      el("button", { type: "button", class: "action more", onclick: (/** @type {Event} */ event) => {
        this.whole.add(chart.key);
        for (const item of cut) item.hidden = false;
        cut[0].querySelector("button")?.focus();
        /** @type {HTMLElement} */ (event.currentTarget).remove();
      } }, t("statsMore", { n: cut.length }));
    return el(
      "section",
      { class: "chart", "data-chart": chart.key },
      el("h3", { id: printed ? null : `chart-${chart.key}` }, chart.title),
      el("p", { class: "hint" }, [chart.counted, t("unitPlaces"), this.meta.data_date && `${t("dataDate")} ${this.meta.data_date}`, t("totalOf", { n: chart.total })].filter(Boolean).join(" · ")),
      list,
      rest,
      printed ? null : el("details", {}, el("summary", {}, t("asTable")), this.table(chart)),
    );
  }

  /** @param {Bar} bar @param {number} most @param {string} key where the keyboard finds it again; "" where nothing can be pressed */
  bar(bar, most, key) {
    const parts = [
      el("span", { class: "bar-words" }, bar.words),
      bar.fresh ? el("span", { class: "fresh" }, t("freshOf", { n: bar.fresh })) : null,
      el("span", { class: "count" }, String(bar.n)),
      el("span", { class: "hidden" }, t("placesWord")),
      meter(bar, most),
    ];
    if (!bar.act) return el("div", { class: bar.unknown ? "bar unknown" : "bar" }, ...parts);
    return el("button", { type: "button", class: "bar", "data-toggle": `stat-${key}`, "aria-pressed": String(Boolean(bar.on)), onclick: bar.act }, ...parts);
  }

  /** @param {Chart} chart */
  table(chart) {
    const head = [t("what"), t("placesCount"), ...(chart.fresh ? [t("freshCount")] : [])];
    const cells = (/** @type {Bar} */ bar) => [String(bar.n), ...(chart.fresh ? [bar.fresh === undefined ? "–" : String(bar.fresh)] : [])];
    return el(
      "table",
      { class: "figures" },
      el("caption", {}, `${chart.title} · ${t("totalOf", { n: chart.total })}`),
      el("thead", {}, el("tr", {}, ...head.map((words) => el("th", { scope: "col" }, words)))),
      el("tbody", {}, ...chart.bars.map((bar) => el("tr", {}, el("th", { scope: "row" }, bar.words), ...cells(bar).map((text) => el("td", {}, text))))),
    );
  }
}

/**
 * The bar itself: length by number, new ones striped, what is not stated as an outline.
 * @param {Bar} bar @param {number} most
 */
function meter(bar, most) {
  const svg = shape("svg", { class: bar.unknown ? "meter unknown" : "meter", "aria-hidden": "true", focusable: "false" });
  const end = percent(bar.n / most);
  svg.append(shape("rect", { class: "track", width: "100%", height: "100%", rx: 4 }), shape("rect", { class: "value", width: end, height: "100%", rx: 4 }));
  if (bar.fresh) svg.append(shape("line", { class: "stripes", x1: percent((bar.n - bar.fresh) / most), x2: end, y1: "50%", y2: "50%" }));
  if (bar.colour) svg.style.setProperty("--colour", bar.colour);
  return svg;
}

/** @param {number} share */
const percent = (share) => `${Math.round(share * 10000) / 100}%`;

/** @param {string} tag @param {Record<string, string | number>} attributes */
function shape(tag, attributes) {
  const node = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}
