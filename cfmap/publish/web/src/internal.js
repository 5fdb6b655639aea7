/** What only colleagues see: findings where they are, the bureau's own layers, proposed sites with their reach. */
import { canvasLayer, traceLines, tracePolygons } from "./canvas.js";
import { block } from "./data.js";
import { crossingLayer, crossingLegend, crossingList, crossingTitle } from "./crossings.js";
import { degrees, readLines, readPolygons } from "./decode.js";
import { world } from "./drawn.js";
import { byId, el, icon } from "./dom.js";
import { pick, setLanguage } from "./i18n.js";
import { goTo } from "./map.js";
import { MENDED, mendingPart } from "./mending.js";

/** @typedef {import("./types").Finding} Finding */

const PAGE = 60; // findings in the list at once
const PROPOSED = "#6d28d9";
const RING = 21; // pixels: wider than the marker of a site, so that it stands round it
/** @type {Record<string, {zh: string, en: string, glyph: string, colour: string, dash: string}>} */
export const LEVELS = {
  error: { zh: "错误", en: "Errors", glyph: "✕", colour: "#b42318", dash: "" },
  warning: { zh: "警告", en: "Warnings", glyph: "!", colour: "#b45309", dash: "9 6" },
  info: { zh: "提示", en: "Notes", glyph: "i", colour: "#1454b8", dash: "2 6" },
};

/**
 * Findings that the filters let through, those on the map first.
 * @param {Finding[]} findings @param {{levels: Set<string>, layer: string}} filter @returns {Finding[]}
 */
export function wanted(findings, { levels, layer }) {
  const kept = findings.filter((one) => levels.has(one.level) && (!layer || one.layer === layer));
  return [...kept.filter((one) => one.lon !== undefined), ...kept.filter((one) => one.lon === undefined)];
}

/** @param {Finding} one what is wrong, why, how to mend it, where it is written */
const words = (one) => (pick("zh", "en") === "en" ? one.en : one.zh);

/** Everything of the internal page. @param {import("leaflet").Map} map @param {import("./types").Meta} meta @param {import("./types").InternalBlock} data */
function build(map, meta, data) {
  const filter = { levels: new Set(Object.keys(LEVELS)), layer: "" };
  const marks = L.layerGroup();
  let shown = true;
  let limit = PAGE;
  /** @type {Finding | null} */
  let chosen = null;
  const overlays = data.overlays.map(overlayLayer);
  const scenario = data.scenario && scenarioLayer(data.scenario);
  const crossings = data.crossings && crossingLayer(data.crossings, (row) => go(row[5], row[6]));
  const mending = data.mending && mendingPart(data.mending, go);
  const on = new Set();

  const button = el("button", { type: "button", id: "open-inside", class: "open-inside", "aria-expanded": "false", "aria-controls": "inside", onclick: () => toggle(true) });
  const box = el("section", { id: "inside", class: "inside", tabindex: "-1", "aria-labelledby": "inside-title", hidden: true });
  byId("map").after(button, box);
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    toggle(false);
  });

  /** @param {boolean} open */
  function toggle(open) {
    box.hidden = !open;
    button.hidden = open;
    button.setAttribute("aria-expanded", String(open));
    paint();
    (open ? box : button).focus({ preventScroll: true });
  }

  /** @param {Finding} one */
  function show(one) {
    chosen = one;
    paint();
    box.focus({ preventScroll: true });
    if (one.lon !== undefined && one.lat !== undefined) go(one.lon, one.lat);
  }

  /** Bring a place into the part of the map that the box leaves free: beside it, or below it. @param {number} lon @param {number} lat */
  function go(lon, lat) {
    const wide = window.matchMedia("(min-width: 900px)").matches;
    const aside = wide ? (box.offsetLeft + box.offsetWidth) / 2 : 0; // pixels, at the zoom that is gone to
    goTo(map, degrees(lat), degrees(lon) - (360 * aside) / (256 * 2 ** Math.max(map.getZoom(), 16)), wide ? 0 : -box.offsetHeight);
  }

  function mark() {
    marks.clearLayers();
    if (!shown || box.hidden) return;
    for (const one of wanted(data.findings, filter)) {
      if (one.lon === undefined || one.lat === undefined) continue;
      const { colour, dash } = LEVELS[one.level];
      L.circleMarker([degrees(one.lat), degrees(one.lon)], { radius: RING, weight: one === chosen ? 7 : 4, color: colour, dashArray: dash, fillOpacity: 0.12, bubblingMouseEvents: false })
        .on("click", () => show(one))
        .addTo(marks);
    }
  }

  function paint() {
    button.replaceChildren(icon("layers"), el("span", {}, pick("内部资料", "Internal")));
    button.setAttribute("aria-label", pick(`内部资料，${data.findings.length} 个问题`, `Internal: ${data.findings.length} findings`));
    const inner = chosen ? cardOf(chosen) : [...todoOf(), ...findingsOf(), ...layersOf()];
    const back = () => {
      chosen = null;
      paint();
      box.focus({ preventScroll: true });
    };
    box.replaceChildren(
      el(
        "div",
        { class: "inside-head" },
        chosen && el("button", { type: "button", class: "plain round", "aria-label": pick("返回", "Back"), onclick: back }, icon("back")),
        el("h2", { id: "inside-title" }, chosen ? LEVEL(chosen.level) : pick("内部资料", "Internal")),
        el("button", { type: "button", class: "plain round", "aria-label": pick("关闭", "Close"), onclick: () => toggle(false) }, icon("close")),
      ),
      el("div", { class: "inside-body", tabindex: chosen ? "0" : null }, ...inner),
    );
    mark();
  }

  /** @param {string} level */
  const LEVEL = (level) => pick(LEVELS[level].zh, LEVELS[level].en);

  /** @param {string} level */
  function glyph(level) {
    const sign = el("span", { class: "glyph", "aria-hidden": "true" }, LEVELS[level].glyph);
    sign.style.setProperty("--colour", LEVELS[level].colour);
    return sign;
  }

  /** @param {Finding} one */
  function cardOf(one) {
    const [what, why, how, where] = words(one);
    const rows = /** @type {[string, string][]} */ ([[pick("原因", "Why"), why], [pick("怎么改", "How to mend"), how], [pick("位置", "Where"), where], [pick("编号", "Code"), one.code]]);
    return [
      el("p", { class: "finding-what" }, glyph(one.level), el("strong", {}, what)),
      el("dl", { class: "facts" }, ...rows.filter(([, text]) => text).map(([title, text]) => el("div", {}, el("dt", {}, title), el("dd", {}, text)))),
      one.lon === undefined ? el("p", { class: "hint" }, pick("这个问题没有位置，只在列表里。", "This finding has no place; it stands in the list only.")) : null,
    ];
  }

  function findingsOf() {
    const rows = wanted(data.findings, filter);
    const placed = rows.filter((one) => one.lon !== undefined).length;
    const used = meta.layers.filter((layer) => data.findings.some((one) => one.layer === layer.key));
    const choose = el("select", { id: "inside-layer", onchange: (/** @type {Event} */ event) => refilter(() => (filter.layer = /** @type {HTMLSelectElement} */ (event.target).value), "inside-layer") }, el("option", { value: "" }, pick("全部图层", "All layers")), ...used.map((layer) => el("option", { value: layer.key, selected: layer.key === filter.layer }, pick(layer.title, layer.title_en))));
    return [
      el("h3", {}, pick("数据问题", "Findings")),
      el(
        "div",
        { class: "levels", role: "group", "aria-label": pick("哪几种", "Which kinds") },
        ...Object.keys(LEVELS).map((level) => {
          const count = data.findings.filter((one) => one.level === level && (!filter.layer || one.layer === filter.layer)).length;
          const flip = () => refilter(() => void (filter.levels.has(level) ? filter.levels.delete(level) : filter.levels.add(level)), `level-${level}`);
          return el("button", { type: "button", id: `level-${level}`, class: "level", "aria-pressed": String(filter.levels.has(level)), onclick: flip }, glyph(level), `${LEVEL(level)} ${count}`);
        }),
      ),
      used.length > 1 ? el("label", { class: "inside-field" }, el("span", {}, pick("图层", "Layer")), choose) : null,
      toggleOf("inside-marks", pick("在地图上标出", "Mark on the map"), shown, (now) => (shown = now)),
      el("p", { class: "hint", role: "status" }, pick(`${placed} 个有位置，${rows.length - placed} 个没有位置`, `${placed} with a place, ${rows.length - placed} without`)),
      el("ul", { class: "findings" }, ...rows.slice(0, limit).map((one) => el("li", {}, el("button", { type: "button", class: "finding", onclick: () => show(one) }, glyph(one.level), el("span", { class: "words" }, el("span", { class: "name" }, words(one)[0]), el("span", { class: "second" }, words(one)[3]), one.lon === undefined ? el("span", { class: "second" }, pick("没有位置", "no place")) : null))))),
      rows.length > limit ? el("button", { type: "button", class: "action more", onclick: () => refilter(() => (limit += PAGE), "") }, pick(`再显示 ${Math.min(PAGE, rows.length - limit)} 个`, `Show ${Math.min(PAGE, rows.length - limit)} more`)) : null,
      data.more ? el("p", { class: "hint" }, pick(`另有 ${data.more} 个没有放进网页，全部在 check.xlsx 里。`, `${data.more} more are not on this page; check.xlsx has all.`)) : null,
    ];
  }

  /** @param {() => void} change @param {string} id what keeps the keyboard */
  function refilter(change, id) {
    change();
    paint();
    if (id) byId(id).focus({ preventScroll: true });
  }

  /** What the head of the house came for: what to mend, and what children must get over. */
  function todoOf() {
    const parts = /** @type {(HTMLElement | null)[]} */ ([]);
    if (mending && data.mending) {
      const shade = el("span", { class: "swatch" });
      shade.style.setProperty("--colour", MENDED);
      parts.push(toggleOf("mending", pick("学校周边先改哪里", "What to mend round schools first"), on.has(mending.layer), (now) => draw(mending.layer, now), shade));
      parts.push(el("p", { class: "first" }, pick(...data.mending.first)));
      if (on.has(mending.layer)) parts.push(...mending.list());
    }
    if (crossings && data.crossings) {
      parts.push(toggleOf("crossings", crossingTitle(data.crossings), on.has(crossings), (now) => draw(crossings, now)));
      if (on.has(crossings)) parts.push(...crossingList(data.crossings, (row) => go(row[5], row[6])));
    }
    return parts.length ? [el("h3", {}, pick("先做什么", "What to do first")), ...parts] : [];
  }

  function layersOf() {
    const parts = /** @type {HTMLElement[]} */ (overlays.map(({ layer, info }, n) => {
      const swatch = el("span", { class: "swatch" });
      swatch.style.setProperty("--colour", info.colour);
      return toggleOf(`overlay-${n}`, pick(info.title, info.title_en), on.has(layer), (now) => draw(layer, now), swatch);
    }));
    if (scenario && data.scenario) {
      const { title, title_en, minutes, sites, reach } = data.scenario;
      const swatch = el("span", { class: "swatch proposed" });
      parts.push(toggleOf("scenario", pick(title, title_en), on.has(scenario), (now) => draw(scenario, now), swatch));
      const far = reach ? pick(`菱形是拟建的 ${sites.length} 处，虚线内是它们自己的 ${minutes} 分钟步行范围，没有和现有的合在一起。`, `Diamonds are the ${sites.length} proposed places; the dashed area is their own reach of ${minutes} minutes, not joined with what exists.`) : pick(`菱形是拟建的 ${sites.length} 处；没有算出步行范围。`, `Diamonds are the ${sites.length} proposed places; there is no reach.`);
      parts.push(el("p", { class: "hint" }, far));
      parts.push(el("ul", { class: "findings" }, ...sites.map(([name, lon, lat]) => el("li", {}, el("button", { type: "button", class: "finding", onclick: () => go(lon, lat) }, el("span", { class: "words" }, el("span", { class: "name" }, name)))))));
    }
    return parts.length ? [el("h3", {}, pick("内部图层", "Internal layers")), ...parts] : [];
  }

  /** @param {import("leaflet").Layer} layer @param {boolean} now */
  function draw(layer, now) {
    if (now) on.add(layer.addTo(map));
    else {
      on.delete(layer);
      layer.remove();
    }
  }

  /** @param {string} id @param {string} title @param {boolean} checked @param {(now: boolean) => void} change @param {Node} [swatch] */
  function toggleOf(id, title, checked, change, swatch) {
    const input = el("input", { type: "checkbox", role: "switch", id, onchange: (/** @type {Event} */ event) => refilter(() => change(/** @type {HTMLInputElement} */ (event.target).checked), id) });
    input.checked = checked;
    return el("label", { class: "switch" }, el("span", { class: "titled" }, swatch, title), input);
  }

  new MutationObserver(() => {
    setLanguage(document.documentElement.lang === "en" ? "en" : "zh");
    paint();
  }).observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
  window.cfmap.legends = () => [
    ...overlays.filter(({ layer }) => on.has(layer)).map(({ info }) => ({ title: pick("内部图层", "Internal layers"), entries: /** @type {[HTMLCanvasElement, string][]} */ ([[swatchOf(info.colour), pick(info.title, info.title_en)]]) })),
    ...(scenario && data.scenario && on.has(scenario) ? [{ title: pick(data.scenario.title, data.scenario.title_en), entries: /** @type {[HTMLCanvasElement, string][]} */ ([[swatchOf(PROPOSED), pick("拟建（菱形）和步行范围", "proposed (diamonds) and reach on foot")]]) }] : []),
    ...(crossings && data.crossings && on.has(crossings) ? [{ title: crossingTitle(data.crossings), entries: crossingLegend(data.crossings) }] : []),
    ...(mending && on.has(mending.layer) ? [{ title: pick("学校周边先改哪里", "What to mend round schools first"), entries: /** @type {[HTMLCanvasElement, string][]} */ ([[swatchOf(MENDED), pick("要整改的路段", "streets to be mended")]]) }] : []),
    ...(shown && !box.hidden && marks.getLayers().length ? [{ title: pick("数据问题", "Findings"), entries: Object.keys(LEVELS).filter((level) => filter.levels.has(level)).map((level) => /** @type {[HTMLCanvasElement, string]} */ ([swatchOf(LEVELS[level].colour), LEVEL(level)])) }] : []),
  ];
  marks.addTo(map);
  paint();
}

/** @param {string} colour */
function swatchOf(colour) {
  const canvas = document.createElement("canvas");
  canvas.width = 72;
  canvas.height = 44;
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.fillStyle = colour;
  ctx.fillRect(12, 10, 48, 24);
  return canvas;
}

/** @param {import("./types").OverlayBlock} info */
function overlayLayer(info) {
  const lines = readLines(info.lines);
  const areas = readPolygons(info.polygons);
  const layer = canvasLayer((tile) => {
    const { ctx, zoom, scale, x0, y0 } = tile;
    ctx.strokeStyle = ctx.fillStyle = info.colour;
    if (tracePolygons(tile, areas)) {
      ctx.globalAlpha = 0.18;
      ctx.fill("evenodd");
      ctx.globalAlpha = 0.95;
      ctx.lineWidth = 2;
      ctx.stroke();
    }
    ctx.globalAlpha = 0.95;
    ctx.lineWidth = zoom >= 15 ? 4 : 2.5;
    if (traceLines(tile, lines)) ctx.stroke();
    for (const [lon, lat] of info.points) {
      const at = world(degrees(lon), degrees(lat));
      const [x, y] = [at[0] * scale - x0, at[1] * scale - y0];
      if (x < -8 || y < -8 || x > 264 || y > 264) continue;
      ctx.beginPath();
      ctx.arc(x, y, 5, 0, 2 * Math.PI);
      ctx.fill();
      ctx.save();
      ctx.strokeStyle = "#ffffff";
      ctx.lineWidth = 1.5;
      ctx.stroke();
      ctx.restore();
    }
  }, { pane: "shapes" });
  return { layer, info };
}

/** @param {NonNullable<import("./types").InternalBlock["scenario"]>} data */
function scenarioLayer(data) {
  const areas = data.reach ? readPolygons(data.reach) : null;
  return canvasLayer((tile) => {
    const { ctx, scale, x0, y0 } = tile;
    if (areas && tracePolygons(tile, areas)) {
      ctx.globalAlpha = 0.16;
      ctx.fillStyle = ctx.strokeStyle = PROPOSED;
      ctx.fill("evenodd");
      ctx.globalAlpha = 0.95;
      ctx.lineWidth = 2;
      ctx.setLineDash([8, 5]);
      ctx.stroke();
      ctx.setLineDash([]);
    }
    ctx.globalAlpha = 1;
    for (const [, lon, lat] of data.sites) {
      const at = world(degrees(lon), degrees(lat));
      const [x, y] = [at[0] * scale - x0, at[1] * scale - y0];
      if (x < -16 || y < -16 || x > 272 || y > 272) continue;
      ctx.beginPath();
      for (const [dx, dy] of [[0, -12], [12, 0], [0, 12], [-12, 0]]) ctx.lineTo(x + dx, y + dy);
      ctx.closePath();
      ctx.fillStyle = PROPOSED;
      ctx.fill();
      ctx.lineWidth = 2.5;
      ctx.strokeStyle = "#ffffff";
      ctx.stroke();
    }
  }, { pane: "shapes" });
}

if (typeof document !== "undefined" && window.cfmap?.map) build(window.cfmap.map, window.cfmap.meta, block("internal"));
