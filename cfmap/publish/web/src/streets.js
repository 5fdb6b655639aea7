/** Streets round schools and proposed ways to school: each by colour and pattern, with its legend, and in words on a school's card. */
import { canvasLayer, swatch, traceLines } from "./canvas.js";
import { readLines } from "./decode.js";
import { el } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {import("./types").Look} Look */

/** @param {import("./types").Perimeter} data @returns {import("leaflet").GridLayer} */
export function statesLayer({ lines: packed, states }) {
  const lines = readLines(packed);
  return canvasLayer((tile) => {
    states.forEach((look, state) => {
      if (traceLines(tile, lines, (tag) => tag === state)) stroke(tile.ctx, look, tile.zoom >= 15 ? 5 : 3);
    });
  }, { pane: "reach" });
}

/** Lines all alike. @param {string} packed @param {(ctx: CanvasRenderingContext2D, zoom: number) => void} draw the path is there @returns {import("leaflet").GridLayer} */
export function linesLayer(packed, draw) {
  const lines = readLines(packed);
  return canvasLayer((tile) => traceLines(tile, lines) && draw(tile.ctx, tile.zoom), { pane: "reach" });
}

/** @param {{lines: string, colour: string}} data */
export const pathsLayer = ({ lines, colour }) => linesLayer(lines, (ctx, zoom) => strokePath(ctx, colour, zoom >= 15 ? 7 : zoom >= 13 ? 5 : 3));

/** On white, so that gaps stay gaps over a coloured street. @param {CanvasRenderingContext2D} ctx @param {Look} look @param {number} width */
function stroke(ctx, look, width) {
  ctx.save();
  ctx.strokeStyle = "#fff";
  ctx.lineWidth = width + 2.5;
  ctx.lineCap = "round";
  ctx.stroke();
  ctx.strokeStyle = look.colour;
  ctx.lineWidth = width;
  ctx.lineCap = look.ends;
  ctx.setLineDash(look.dash.map((part) => part * width));
  ctx.stroke();
  ctx.restore();
}

/** A proposed way: two lines side by side, as no state has. @param {CanvasRenderingContext2D} ctx @param {string} colour @param {number} width */
function strokePath(ctx, colour, width) {
  stroke(ctx, { colour, dash: [], ends: "round" }, width);
  ctx.save();
  ctx.strokeStyle = "#fff";
  ctx.lineWidth = width / 3;
  ctx.stroke();
  ctx.restore();
}

/** @param {Look} look */
export const stateSwatch = (look) => lineSwatch((ctx) => stroke(ctx, look, 4));

/** @param {string} colour */
export const pathSwatch = (colour) => lineSwatch((ctx) => strokePath(ctx, colour, 7));

/** @param {(ctx: CanvasRenderingContext2D) => void} draw */
export function lineSwatch(draw) {
  return swatch((ctx) => {
    ctx.beginPath();
    ctx.moveTo(4, 11);
    ctx.lineTo(32, 11);
    draw(ctx);
  });
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
 * Streets round one school or kindergarten, in words; null where nothing is known of it or nothing may be said.
 * @param {import("./types").Perimeter | null | undefined} data @param {string} key of the school @param {boolean} shown @param {(on: boolean) => void} show
 */
export function roundSchool(data, key, shown, show) {
  const metres = data?.schools[key];
  if (!data || (!metres && !data.bare.includes(key))) return null;
  const title = el("h3", { id: "around-title" }, t("aroundTitle", { m: data.metres }));
  const section = { class: "around", "aria-labelledby": "around-title" };
  if (!metres) return el("section", section, title, el("p", {}, t("aroundNone", { m: data.metres })));
  const shares = percents(metres);
  return el(
    "section",
    section,
    title,
    el("ul", { class: "legend" }, ...data.states.map((state, n) => el("li", {}, stateSwatch(state), el("span", {}, t("aroundRow", { what: t(state.key), p: shares[n], m: metres[n] }))))),
    el("p", { class: "hint" }, t("aroundHint", { v: data.limit })),
    el("button", { type: "button", class: "action", id: "around-show", "aria-pressed": String(shown), onclick: () => show(!shown) }, t("aroundShow")),
  );
}
