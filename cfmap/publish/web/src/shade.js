/** Towns on the map in the shades of one figure: the share of people who can walk there. */
import { canvasLayer, tracePolygons } from "./canvas.js";
import { el } from "./dom.js";
import { pick, t } from "./i18n.js";

/** The lightest for the smallest shares; fewer classes are spread over them. Where classes end is told with the figures. */
const SHADES = ["#f2dcf3", "#ddb3e0", "#c184c9", "#9c55a8", "#6d2f7b"];
const PAPER = "#fbf7ef"; // first under every shade, so that woods do not darken it
const [VEIL, ALPHA] = [0.8, 0.8];

/** @typedef {number | "hidden" | "unknown"} Class from the smallest shares up; not shown for privacy; not known, or nobody there */

/** @param {import("./types").TownGroup} group @param {number} n position of the town, -1 for one without figures @returns {Class} */
export function classOf(group, n) {
  if (n >= 0 && group.hidden.share?.includes(n)) return "hidden";
  const value = n < 0 ? null : group.parts.share?.[n] ?? null;
  return value === null ? "unknown" : group.breaks.findIndex((end) => value <= end);
}

/** Name of a shading in links. @param {string} key @param {number} n */
export const shadeKey = (key, n) => `${key}.${n}`;

/**
 * @param {import("./types").TownBlock | undefined} data @param {string} shade
 * @returns {import("./types").TownGroup | null}
 */
export function shaded(data, shade) {
  const at = shade.lastIndexOf(".");
  const group = data?.areas ? data.items[shade.slice(0, at)]?.[Number(shade.slice(at + 1))] : undefined;
  return group?.parts.share ? group : null;
}

/** Every shading there is. @param {import("./types").TownBlock | undefined} data @returns {string[]} */
export const shadings = (data) => Object.entries(data?.items ?? {}).flatMap(([key, groups]) => groups.map((_, n) => shadeKey(key, n)).filter((shade) => shaded(data, shade)));

/**
 * @param {import("./types").Polygons} towns their tags are positions in `data.areas`
 * @param {import("./types").TownBlock} data @param {import("./types").TownGroup} group
 */
export function shadeLayer(towns, data, group) {
  const classes = (data.areas ?? []).map((n) => classOf(group, n));
  return canvasLayer((tile) => {
    for (const kind of new Set(classes)) if (tracePolygons(tile, towns, (tag) => (classes[tag] ?? "unknown") === kind)) paint(tile.ctx, kind, group.breaks.length);
  }, { pane: "towns" });
}

/** Which shade a class has among so many. @param {number} kind @param {number} classes */
export const shadeOf = (kind, classes) => SHADES[classes < 2 ? 2 : Math.round((kind * (SHADES.length - 1)) / (classes - 1))];

/** @param {CanvasRenderingContext2D} ctx @param {Class} kind @param {number} classes */
function paint(ctx, kind, classes) {
  ctx.save();
  ctx.globalAlpha = VEIL;
  ctx.fillStyle = PAPER;
  ctx.fill("evenodd");
  if (typeof kind === "number") {
    ctx.globalAlpha = ALPHA;
    ctx.fillStyle = shadeOf(kind, classes) ?? PAPER;
    ctx.fill("evenodd");
  } else if (kind === "hidden") {
    ctx.globalAlpha = 0.55;
    ctx.fillStyle = stripes(ctx);
    ctx.fill("evenodd");
  }
  ctx.globalAlpha = 0.9;
  ctx.strokeStyle = "#6d5a70";
  ctx.lineWidth = 1.2;
  ctx.stroke();
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx */
function stripes(ctx) {
  const cell = document.createElement("canvas");
  cell.width = cell.height = 8;
  const pen = /** @type {CanvasRenderingContext2D} */ (cell.getContext("2d"));
  pen.strokeStyle = "#6b7280";
  pen.lineWidth = 1.6;
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift, 8);
    pen.lineTo(shift + 8, 0);
  }
  pen.stroke();
  return /** @type {CanvasPattern} */ (ctx.createPattern(cell, "repeat"));
}

/** Classes that occur, the largest shares first, with their pictures. @param {import("./types").TownBlock} data @param {import("./types").TownGroup} group @returns {[HTMLCanvasElement, string][]} */
export function shadeLegend(data, group) {
  const found = new Set((data.areas ?? []).map((n) => classOf(group, n)));
  const words = (/** @type {Class} */ kind) => (typeof kind === "number" ? t(kind ? "shadeClass" : "shadeLowest", { a: group.breaks[kind - 1] ?? 0, b: group.breaks[kind] ?? 100 }) : t(kind === "hidden" ? "notShown" : "noNumber"));
  const order = /** @type {Class[]} */ ([...group.breaks.keys()].reverse()).concat(["hidden", "unknown"]);
  return order.filter((kind) => found.has(kind)).map((kind) => [swatch(kind, group.breaks.length), words(kind)]);
}

/** @param {Class} kind @param {number} classes */
function swatch(kind, classes) {
  const canvas = el("canvas", { width: 72, height: 44, class: "swatch", "aria-hidden": "true" });
  const ctx = /** @type {CanvasRenderingContext2D} */ (/** @type {HTMLCanvasElement} */ (canvas).getContext("2d"));
  ctx.scale(2, 2);
  ctx.beginPath();
  ctx.rect(2, 2, 32, 18);
  paint(ctx, kind, classes);
  return /** @type {HTMLCanvasElement} */ (canvas);
}

/** Heading of the legend. @param {import("./types").TownGroup} group */
export const shadeTitle = (group) => t("shadeTowns", { who: pick(group.title, group.title_en) });
