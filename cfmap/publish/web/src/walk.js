/** Above the places around: how many minutes it is on foot to the nearest one of each kind, and of which kinds there is none. */
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
  const note = none.length > 0 && el("p", { class: "hint" }, t("walksNone", { what: none.join("、"), n: most }));
  if (all.length === 1 && known.length) return null; // the first of the list says it
  return el("details", { class: "walks" }, el("summary", {}, t("walks")), known.length > 0 && el("ul", {}, ...known.map(row)), note);
}
