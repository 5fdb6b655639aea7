/** Beside places in straight-line order: how many minutes it is on foot to the nearest one of each kind. */
import { el, icon } from "./dom.js";
import { t } from "./i18n.js";

/**
 * @param {import("./answer.js").Answers} answers @param {{lat: number, lon: number}} near
 * @returns {HTMLElement | null} null where the edition knows no minutes
 */
export function walkToNearest(answers, near) {
  if (!answers.fields.items.length) return null;
  const all = answers.wanted(near)[0];
  const known = all.filter(({ minutes }) => minutes !== null);
  const most = Math.max(...all.map(({ item }) => item.minutes?.most ?? 0));
  const none = all.filter(({ minutes }) => minutes === null).map(({ item }) => answers.title(item));
  const row = (/** @type {import("./field.js").Answer} */ { item, minutes }) => {
    const layer = answers.layer(item.layer);
    const face = el("span", { class: `face ${layer?.group ?? ""}` }, icon(layer?.icon ?? "dot"));
    face.style.setProperty("--colour", item.colour);
    return el("li", { class: "walk" }, face, el("span", { class: "words" }, answers.title(item)), el("strong", {}, `${minutes} ${t("spotMinutes")}`));
  };
  return el(
    "section",
    { class: "walks", "aria-labelledby": "walks-title" },
    el("h3", { id: "walks-title" }, t("walks")),
    known.length > 0 && el("ul", {}, ...known.map(row)),
    none.length > 0 && el("p", { class: "hint" }, t("walksNone", { what: none.join("、"), n: most })),
  );
}
