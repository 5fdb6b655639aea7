/** What to mend round schools first: for colleagues, ranked in a list, each action's streets on the map. */
import { canvasLayer, traceLines } from "./canvas.js";
import { readLines } from "./decode.js";
import { el } from "./dom.js";
import { pick } from "./i18n.js";

/** @typedef {import("./types").Mending} Mending @typedef {import("./types").MendingRow} MendingRow */

/** Neither a state of a street nor a proposed way: lines with a dark edge, the chosen one wide. */
export const MENDED = "#c01a6b";
const EDGE = "#2a0014";

/** @param {number} value */
const number = (value) => value.toLocaleString("en");

/** @param {string} zh @param {string} en @param {[number | null, number]} told number, and of how many schools it is missing */
function people(zh, en, [count, missing]) {
  if (count === null) return "";
  const least = missing ? pick("至少 ", "at least ") : "";
  return pick(`${zh} ${least}${number(count)} 人`, `${least}${number(count)} ${en}`);
}

/** @param {MendingRow} row @param {number} rank @returns {[string, string[]]} a heading, and the lines below it */
export function mendingWords(row, rank) {
  const road = pick(row.road, row.road_en);
  const open = row.known ? "" : pick("没有资料，先去看", "not known: look first");
  const where = [pick(row.where, row.where_en), row.metres ? pick(`${number(row.metres)} 米`, `${number(row.metres)} m`) : "", open];
  const who = [people("在校（园）生", "pupils", row.pupils), people("就近儿童", "nearest children", row.children)].filter(Boolean);
  const schools = pick(`${row.schools} 所需要`, `needed by ${row.schools} ${row.schools === 1 ? "school" : "schools"}`);
  const money = row.cost ? (row.cost[0] === null ? pick("费用不知道（没有单价）", "cost not known (no price)") : pick(`${number(row.cost[0])} 元（${row.cost[1]}）`, `${number(row.cost[0])} yuan (${row.cost[2]})`)) : "";
  const alone = row.alone ? pick(`只做这一条，${row.alone} 所就安全`, `by itself makes ${row.alone} safe`) : row.spare ? pick("可以不做", "can be left out") : "";
  return [
    `${rank}. ${pick(row.work, row.work_en)}${road ? ` · ${road}` : ""}`,
    [where.filter(Boolean).join(" · "), [schools, ...(who.length ? who : [pick("孩子多少不知道", "number of children not known")]), money, alone].filter(Boolean).join(" · ")],
  ];
}

/** @param {Mending["steps"][0]} step @param {number} all */
export function stepWords([done, low, high, safe, perhaps, schools], all) {
  const name = !done ? pick("现在", "Now") : done === all ? pick(`${number(all)} 条全做`, `All ${number(all)} done`) : pick(`做前 ${done} 条`, `First ${done} done`);
  const span = (/** @type {number | null} */ a, /** @type {number | null} */ b) => (a === b ? `${a ?? "—"}` : `${a}–${b}`);
  return pick(`${name}：安全路段 ${span(low, high)}%，安全的学校、幼儿园 ${span(safe, perhaps)}/${schools} 所`, `${name}: ${span(low, high)}% of the length safe, ${span(safe, perhaps)}/${schools} schools`);
}

/**
 * The layer and its list; what is chosen stays chosen while the list is drawn anew.
 * @param {Mending} data @param {(lon: number, lat: number) => void} go
 */
export function mendingPart(data, go) {
  const lines = readLines(data.lines);
  let chosen = -1;
  const layer = canvasLayer((tile) => {
    const width = tile.zoom >= 15 ? 4 : 2.5;
    if (traceLines(tile, lines, (tag) => tag !== chosen)) stroke(tile.ctx, width, 0.8);
    if (chosen >= 0 && traceLines(tile, lines, (tag) => tag === chosen)) stroke(tile.ctx, width + 6, 1);
  }, { pane: "shapes" });

  /** @param {number} n @param {HTMLElement} list */
  function choose(n, list) {
    chosen = n;
    list.querySelectorAll("button").forEach((button, at) => button.setAttribute("aria-pressed", String(at === n)));
    layer.redraw();
    go(...data.rows[n].at);
  }

  function list() {
    const items = el("ul", { class: "findings mending" });
    items.append(
      ...data.rows.map((row, n) => {
        const [head, below] = mendingWords(row, n + 1);
        const words = el("span", { class: "words" }, el("span", { class: "name" }, head), ...below.map((text) => el("span", { class: "second" }, text)));
        return el("li", {}, el("button", { type: "button", class: "finding", "aria-pressed": String(n === chosen), onclick: () => choose(n, items) }, words));
      }),
    );
    return [
      el("ul", { class: "hint" }, ...data.steps.map((step) => el("li", {}, stepWords(step, data.all)))),
      el("p", { class: "hint" }, pick("点一条，它的路段在地图上变粗。怎么排、怎么算，见 indicators.xlsx 的“整改前后”。", "Press one and its streets are drawn wide. How it is ordered and counted: indicators.xlsx, 整改前后.")),
      items,
      data.all > data.rows.length ? el("p", { class: "hint" }, pick(`另有 ${number(data.all - data.rows.length)} 条，全部在 indicators.xlsx 里。`, `${number(data.all - data.rows.length)} more; indicators.xlsx has all.`)) : null,
    ];
  }
  return { layer, list };
}

/** @param {CanvasRenderingContext2D} ctx @param {number} width @param {number} alpha */
function stroke(ctx, width, alpha) {
  ctx.globalAlpha = alpha;
  for (const [colour, wide] of /** @type {[string, number][]} */ ([[EDGE, width + 2.5], [MENDED, width]])) {
    ctx.strokeStyle = colour;
    ctx.lineWidth = wide;
    ctx.stroke();
  }
  ctx.globalAlpha = 1;
}
