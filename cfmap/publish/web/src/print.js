/** What comes out of the printer: the map with numbers, the places behind the numbers, and what must stand on every copy. */
import { el } from "./dom.js";
import { title } from "./frame.js";
import { pick, t } from "./i18n.js";
import { credits, drawMap, layersIn, marks, today } from "./picture.js";

export const MOST = 400; // places listed; more would be a book

/**
 * Numbers for what stands on the map, from top to bottom; a group of sites gets the range of its members.
 * @param {import("./picture.js").Standing[]} standing
 * @returns {{standing: import("./picture.js").Standing[], rows: number[]}} rows in the order of their numbers
 */
export function numbered(standing) {
  /** @type {number[]} */
  const rows = [];
  const ordered = [...standing].sort((a, b) => Math.round(a.y / 40) - Math.round(b.y / 40) || a.x - b.x);
  const out = ordered.map((one) => {
    const first = rows.length + 1;
    rows.push(...one.rows);
    return { ...one, label: one.rows.length > 1 ? `${first}–${rows.length}` : String(first) };
  });
  return { standing: out, rows };
}

/**
 * The sheet, put into the page for the printer only.
 * @param {import("./picture.js").Scene} scene
 */
export function paintSheet(scene) {
  if (!scene.map.getContainer().offsetWidth) return; // the printer's style is on already and hides the map: what was drawn before stays
  clearSheet();
  const { meta, sites } = scene;
  const figures = scene.figures?.() ?? [];
  if (figures.length) {
    document.body.append(sheetOf(meta, ...figures, el("p", { class: "credit" }, credits().join("　"))));
    return;
  }
  const { standing, rows } = numbered(scene.standing);
  const map = drawMap({ ...scene, standing });
  map.setAttribute("role", "img");
  map.setAttribute("aria-label", t("map"));
  const legend = el("ul", { class: "print-legend" });
  for (const { layer, count } of layersIn({ ...scene, standing })) {
    const dot = el("span", { class: "dot" });
    dot.style.setProperty("--colour", layer.colour);
    legend.append(el("li", {}, dot, `${pick(layer.title, layer.title_en)} ${count}`));
  }
  for (const part of scene.legends) {
    legend.append(el("li", { class: "whole" }, el("strong", {}, part.title)));
    for (const [swatch, words] of part.entries) legend.append(el("li", {}, swatch, words));
  }
  const items = rows.slice(0, MOST).map((row, n) => {
    const info = sites.info(row);
    return el("li", {}, el("span", { class: "number" }, String(n + 1)), el("span", {}, el("strong", {}, sites.name(row)), ` ${[pick(info.title, info.title_en), sites.text(row, "address")].filter(Boolean).join(" · ")}`));
  });
  document.body.append(
    sheetOf(
      meta,
      map,
      el("h2", {}, t("legend")),
      legend,
      el("p", { class: "credit" }, credits().join("　")),
      el("h2", {}, t("inView", { n: rows.length })),
      rows.length > MOST ? el("p", {}, t("printMore", { n: rows.length - MOST })) : null,
      el("ol", { class: "print-sites" }, ...items),
    ),
  );
}

/** A sheet with what must stand at the head of every copy. @param {import("./types").Meta} meta @param {...(Node | null)} parts */
function sheetOf(meta, ...parts) {
  const facts = [t("edition", { year: meta.year }), meta.producer, t("drawn", { date: today() })].filter(Boolean);
  return el("section", { id: "print", lang: pick("zh-CN", "en") }, meta.public ? null : el("p", { class: "band" }, t("insideBand")), el("h1", {}, meta.logo && el("img", { class: "logo", ...meta.logo, alt: "" }), title(meta), ...marks(meta).map((mark) => el("span", { class: "mark" }, mark))), el("p", {}, facts.join(" · ")), ...parts);
}

export function clearSheet() {
  document.getElementById("print")?.remove();
}

/**
 * The sheet is made whenever the browser is about to print, whether by our button or by its own menu.
 * @param {() => import("./picture.js").Scene} scene
 * @returns {() => boolean} print; false where the browser cannot
 */
export function printer(scene) {
  window.addEventListener("beforeprint", () => paintSheet(scene()));
  window.addEventListener("afterprint", clearSheet);
  return () => {
    if (typeof window.print !== "function") return false;
    paintSheet(scene()); // some browsers print without announcing it
    window.print();
    return true;
  };
}
