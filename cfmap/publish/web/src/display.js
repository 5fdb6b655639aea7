/** How is the page easier to read: large text and high contrast, remembered where the browser lets us. */
import { el, icon } from "./dom.js";
import { t } from "./i18n.js";

/** @typedef {{large: boolean, contrast: boolean}} Display */

const PLACE = "cfmap-display";

/** What the reader chose here before, else what the system asks for. @returns {Display} */
export function remembered() {
  const wanted = { large: false, contrast: window.matchMedia("(prefers-contrast: more)").matches };
  try {
    const kept = JSON.parse(localStorage.getItem(PLACE) ?? "null");
    for (const key of /** @type {(keyof Display)[]} */ (["large", "contrast"])) if (typeof kept?.[key] === "boolean") wanted[key] = kept[key];
  } catch {
    // not allowed in some frames, or not ours: nothing is remembered
  }
  return wanted;
}

/** @param {Display} display */
export function keep({ large, contrast }) {
  try {
    localStorage.setItem(PLACE, JSON.stringify({ large, contrast }));
  } catch {
    // the link keeps it too
  }
}

/** @param {Display} display */
export function applyDisplay({ large, contrast }) {
  document.documentElement.classList.toggle("large", large);
  document.documentElement.classList.toggle("contrast", contrast);
}

/**
 * The row of tools at the head of 更多.
 * @param {Display} display
 * @param {number | null} changed number of changes, null when nothing is known about any
 * @param {{display: (change: Partial<Display>) => void, open: (panel: "picture" | "changes" | "stats") => void, print: () => void}} doors
 */
export function tools(display, changed, doors) {
  /** @param {string} picture @param {string} words @param {() => void} act @param {boolean} [on] @param {string} [count] */
  const tool = (picture, words, act, on, count) =>
    el("button", { type: "button", class: "tile", "data-tool": picture, "aria-pressed": on === undefined ? null : String(on), onclick: act }, icon(picture), el("span", { class: "words" }, words), count ? el("span", { class: "count" }, count) : null);
  return el(
    "section",
    { class: "tools-row", "aria-label": t("pageTools") },
    tool("large", t("large"), () => doors.display({ large: !display.large }), display.large),
    tool("contrast", t("contrast"), () => doors.display({ contrast: !display.contrast }), display.contrast),
    tool("stats", t("stats"), () => doors.open("stats")),
    tool("picture", t("picture"), () => doors.open("picture")),
    tool("print", t("print"), doors.print),
    changed === null ? null : tool("changes", t("changes"), () => doors.open("changes"), undefined, String(changed)),
  );
}
