/** Where children cross main roads, railways and water on the way to school or kindergarten without known help: for colleagues, on the map and ranked. */
import { swatch } from "./canvas.js";
import { degrees } from "./decode.js";
import { el } from "./dom.js";
import { pick } from "./i18n.js";

const RING = 13; // pixels
const WIDTH = 4;
/** Which of the two a crossing is: known to have no help, or not known. */
const STATES = { unsafe: ["没有设施", "no help"], unknown: ["没有资料", "not known"] };
/** Where children walk to: the way there, and who walks. @type {Record<string, { way: [string, string], who: [string, string] }>} */
const WAYS = {
  schools: { way: ["去学校", "to school"], who: ["6–14 岁儿童", "children aged 6-14"] },
  kindergartens: { way: ["去幼儿园", "to kindergarten"], who: ["3–5 岁儿童", "children aged 3-5"] },
};

/** @param {import("./types").Crossings} data what stands on the switch */
export function crossingTitle({ kinds }) {
  return kinds.some(({ layer }) => layer !== "schools") ? pick("上学、入园过街点", "Crossings on the way to school and kindergarten") : pick("上学过街点", "Crossings on the way to school");
}

/** @param {import("./types").CrossingRow} row rank, obstacle, name, state, children, lon, lat @returns {[string, string]} a heading and a line below it */
export function crossingWords([rank, kind, name, state, children]) {
  const what = { road: pick("主干道", "main road"), railway: pick("铁路", "railway"), water: pick("河湖", "water") }[kind] ?? kind;
  const who = children === null ? pick("人数未知", "number unknown") : pick(`${children} 名儿童`, `${children} children`);
  return [`${rank}. ${name || what}`, [name ? what : "", pick(STATES[state][0], STATES[state][1]), who].filter(Boolean).join(" · ")];
}

/** @param {import("./types").Crossings} data @param {(row: import("./types").CrossingRow) => void} open @returns {import("leaflet").LayerGroup} */
export function crossingLayer({ kinds, states }, open) {
  const mark = (/** @type {import("./types").CrossingRow} */ row, /** @type {string} */ layer) => {
    const { colour, dash, ends } = states[row[3]];
    return L.circleMarker([degrees(row[6]), degrees(row[5])], { radius: RING, weight: WIDTH, color: colour, lineCap: ends, dashArray: dash.map((part) => part * WIDTH), fillColor: "#fff", fillOpacity: 0.7, bubblingMouseEvents: false })
      .bindTooltip([pick(...WAYS[layer].way), ...crossingWords(row)].join(" · "))
      .on("click", () => open(row));
  };
  return L.layerGroup(kinds.flatMap(({ layer, rows }) => rows.map((row) => mark(row, layer))));
}

/** @param {import("./types").Crossings} data @returns {[HTMLCanvasElement, string][]} */
export function crossingLegend({ states }) {
  return (/** @type {["unsafe", "unknown"]} */ (["unsafe", "unknown"])).map((state) => [
    swatch((ctx) => {
      ctx.beginPath();
      ctx.arc(18, 11, 8, 0, 2 * Math.PI);
      ctx.strokeStyle = states[state].colour;
      ctx.lineWidth = 3;
      ctx.lineCap = states[state].ends;
      ctx.setLineDash(states[state].dash.map((part) => part * 3));
      ctx.stroke();
    }),
    pick(STATES[state][0], STATES[state][1]),
  ]);
}

/** @param {import("./types").Crossings} data @param {(row: import("./types").CrossingRow) => void} open */
export function crossingList({ kinds }, open) {
  const item = (/** @type {import("./types").CrossingRow} */ row) => {
    const [head, below] = crossingWords(row);
    return el("li", {}, el("button", { type: "button", class: "finding", onclick: () => open(row) }, el("span", { class: "words" }, el("span", { class: "name" }, head), el("span", { class: "second" }, below))));
  };
  return [
    el("p", { class: "hint" }, pick("去学校、幼儿园最短的路要横穿主干道、铁路、河湖，15 米内没有信号灯、斑马线、天桥、地道，或没有资料；按经过的儿童排。", "The shortest walk crosses here with no signal, marked crossing, bridge or subway within 15 m, or nothing is known; ranked by the children who pass.")),
    ...kinds.flatMap(({ layer, rows, more }) => [
      el("h4", {}, `${pick(...WAYS[layer].way)} · ${pick(...WAYS[layer].who)}`),
      el("ul", { class: "findings" }, ...rows.map(item)),
      more ? el("p", { class: "hint" }, pick(`另有 ${more} 处，全部在 indicators.xlsx 里。`, `${more} more; indicators.xlsx has all.`)) : null,
    ]),
  ];
}
