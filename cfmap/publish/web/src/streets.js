/** Streets round schools and proposed ways to school: each by colour and pattern, with its legend, and in words on a school's card. */
import { canvasLayer, traceLines } from "./canvas.js";
import { readLines } from "./decode.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";

/** In the order of the block's states: safe unbroken, unsafe in long dashes, unknown in dots; told apart without colours, too. */
const STATES = [
  { colour: "#00695c", dash: [], cap: "round" },
  { colour: "#c2410c", dash: [11, 7], cap: "butt" },
  { colour: "#5f6368", dash: [0.1, 8], cap: "round" },
];
const PATH = { colour: "#6d28d9", dash: [], cap: "round" };

/** @param {{lines: string}} data @returns {import("leaflet").GridLayer} */
export function statesLayer({ lines: packed }) {
  const lines = readLines(packed);
  return canvasLayer((tile) => {
    const width = tile.zoom >= 15 ? 5 : 3;
    STATES.forEach((style, state) => {
      if (traceLines(tile, lines, (tag) => tag === state)) stroke(tile.ctx, style, width);
    });
  }, { pane: "reach" });
}

/** @param {{lines: string}} data @returns {import("leaflet").GridLayer} */
export function pathsLayer({ lines: packed }) {
  const lines = readLines(packed);
  return canvasLayer((tile) => {
    if (traceLines(tile, lines)) strokePath(tile.ctx, tile.zoom >= 15 ? 7 : tile.zoom >= 13 ? 5 : 3);
  }, { pane: "reach" });
}

/** On white, so that gaps stay gaps over a coloured street. @param {CanvasRenderingContext2D} ctx @param {typeof STATES[0]} style @param {number} width */
function stroke(ctx, style, width) {
  ctx.save();
  ctx.strokeStyle = "#fff";
  ctx.lineWidth = width + 2.5;
  ctx.lineCap = "round";
  ctx.stroke();
  ctx.strokeStyle = style.colour;
  ctx.lineWidth = width;
  ctx.lineCap = /** @type {CanvasLineCap} */ (style.cap);
  ctx.setLineDash(style.dash);
  ctx.stroke();
  ctx.restore();
}

/** A proposed way: two lines side by side, as no state has. @param {CanvasRenderingContext2D} ctx @param {number} width */
function strokePath(ctx, width) {
  stroke(ctx, PATH, width);
  ctx.save();
  ctx.strokeStyle = "#fff";
  ctx.lineWidth = width / 3;
  ctx.stroke();
  ctx.restore();
}

/** @param {number} state */
export const stateSwatch = (state) => swatch((ctx) => stroke(ctx, STATES[state], 4));

export const pathSwatch = () => swatch((ctx) => strokePath(ctx, 7));

/** @param {(ctx: CanvasRenderingContext2D) => void} draw */
function swatch(draw) {
  const canvas = document.createElement("canvas");
  canvas.width = 72;
  canvas.height = 44;
  canvas.className = "swatch";
  canvas.setAttribute("aria-hidden", "true");
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.scale(2, 2);
  ctx.beginPath();
  ctx.moveTo(4, 11);
  ctx.lineTo(32, 11);
  draw(ctx);
  return canvas;
}

/**
 * Whole per cents that add up to 100; what is there is never 0.
 * @param {number[]} metres @returns {number[]}
 */
export function percents(metres) {
  const all = metres.reduce((sum, m) => sum + m, 0);
  if (!all) return metres.map(() => 0);
  const exact = metres.map((m) => (100 * m) / all);
  const whole = exact.map((share, n) => (metres[n] > 0 ? Math.max(1, Math.floor(share)) : 0));
  const order = exact.map((share, n) => ({ n, rest: share - whole[n] })).sort((a, b) => b.rest - a.rest || a.n - b.n);
  for (let left = 100 - whole.reduce((sum, share) => sum + share, 0), k = 0; left > 0; left--, k++) whole[order[k % order.length].n]++;
  for (let over = whole.reduce((sum, share) => sum + share, 0) - 100; over > 0; over--) whole[whole.indexOf(Math.max(...whole))]--;
  return whole;
}

/**
 * Streets round one school, in words; null where nothing is known of it or nothing may be said.
 * @param {import("./types").Perimeter | null | undefined} data @param {string} key of the school @param {boolean} shown @param {(on: boolean) => void} show
 */
export function roundSchool(data, key, shown, show) {
  const metres = data?.schools[key];
  if (!data || !metres) return null;
  const shares = percents(metres);
  return el(
    "section",
    { class: "around", "aria-labelledby": "around-title" },
    el("h3", { id: "around-title" }, t("aroundTitle", { m: data.metres })),
    el("ul", { class: "legend" }, ...data.states.map((state, n) => el("li", {}, stateSwatch(n), el("span", {}, t("aroundRow", { what: t(state), p: shares[n], m: metres[n] }))))),
    el("p", { class: "hint" }, t("aroundHint")),
    el("button", { type: "button", class: "action", id: "around-show", "aria-pressed": String(shown), onclick: () => show(!shown) }, t("aroundShow")),
  );
}
