/** What stands on the page before any place does: title, search, the big pictures, empty panels. */
import { byId, el, icon } from "./dom.js";
import { pick, t } from "./i18n.js";

export const BIG = ["play", "health", "care", "way"];

/** Elements without words; {@link paintFrame} writes them. */
export function buildFrame() {
  byId("cfmap").append(
    el("a", { class: "skip", href: "#panel", id: "skip" }),
    el("aside", { id: "band", class: "band", hidden: true }),
    el(
      "header",
      { class: "top" },
      el("div", { class: "brand" }, icon("skyline", "skyline"), el("img", { id: "logo", class: "logo", hidden: true, alt: "" }), el("div", { class: "names" }, el("h1", { id: "title" }), el("p", { id: "badges", class: "badges" })), el("button", { type: "button", id: "language", class: "plain" })),
      el(
        "div",
        { class: "search", role: "search" },
        icon("search"),
        el("input", { id: "q", type: "search", autocomplete: "off", spellcheck: "false", enterkeyhint: "search" }),
        el("button", { type: "button", id: "clear", class: "plain round", hidden: true }, icon("close")),
        el("button", { type: "button", id: "filter", class: "plain filter" }, icon("filter"), el("span", {}), el("b", {}), el("span", { class: "hidden" })),
      ),
      el("nav", { id: "groups", class: "groups" }),
      el("div", { id: "chips", class: "chips", role: "group" }),
    ),
    el(
      "main",
      {},
      el("div", { id: "map" }),
      el(
        "div",
        { class: "tools" },
        el("button", { type: "button", id: "near", class: "tool" }, icon("locate"), el("span", {})),
        el("button", { type: "button", id: "layers", class: "tool" }, icon("layers"), el("span", {})),
        el("button", { type: "button", id: "in", class: "tool small" }, icon("plus")),
        el("button", { type: "button", id: "out", class: "tool small" }, icon("minus")),
      ),
      el("button", { type: "button", id: "open-list", class: "pill" }, icon("list"), el("span", {})),
      el("p", { id: "toast", class: "toast", role: "status", hidden: true }),
    ),
    el("section", { id: "panel", class: "panel", tabindex: "-1" }),
    el("footer", { id: "foot", class: "foot" }),
    el("p", { id: "live", class: "hidden", role: "status", "aria-live": "polite" }),
  );
}

/** @param {import("./types").Meta} meta */
export function title(meta) {
  return t("title", { city: pick(meta.city.name, meta.city.name_en) });
}

/**
 * All words of the frame, in the language of the moment.
 * @param {import("./types").Meta} meta
 * @param {(key: string) => void} onGroup
 */
export function paintFrame(meta, onGroup = () => {}) {
  document.documentElement.lang = pick("zh-CN", "en");
  document.title = (meta.public ? "" : `【${t("internal")}】`) + title(meta) + (meta.city.demo ? ` · ${t("demo")}` : "");
  byId("band").hidden = meta.public;
  byId("band").textContent = meta.public ? "" : t("insideBand");
  byId("title").textContent = title(meta);
  const logo = /** @type {HTMLImageElement} */ (byId("logo"));
  logo.hidden = !meta.logo;
  if (meta.logo) Object.assign(logo, { ...meta.logo, alt: t("logo", { who: meta.producer || pick(meta.city.name, meta.city.name_en) }) });
  // a long title needs the room of the picture behind it
  byId("title").closest(".brand")?.classList.toggle("long", Array.from(title(meta)).reduce((sum, c) => sum + (c > "\u2e7f" ? 2 : 1), 0) > (meta.logo ? 10 : 21));
  byId("skip").textContent = t("skip");
  byId("badges").replaceChildren(
    ...(meta.city.demo ? [el("span", { class: "badge demo" }, t("demo"))] : []),
    el("span", { class: "edition" }, t("edition", { year: meta.year })),
  );
  const q = byId("q");
  q.setAttribute("placeholder", t("search"));
  q.setAttribute("aria-label", t("search"));
  byId("clear").setAttribute("aria-label", t("clear"));
  byId("filter").querySelector("span")?.replaceChildren(t("filter"));
  byId("language").textContent = t("language");
  byId("language").setAttribute("aria-label", t("languageLabel"));
  byId("map").setAttribute("aria-label", t("map"));
  byId("chips").setAttribute("aria-label", t("categories"));
  byId("groups").setAttribute("aria-label", t("groups"));
  const titles = new Map(meta.groups.map(([key, zh, en]) => [key, pick(zh, en)]));
  byId("groups").replaceChildren(
    ...[...BIG, "more"].map((key) =>
      el("button", { type: "button", class: `group ${key}`, "data-group": key, "aria-pressed": key === "more" ? null : "false", onclick: () => onGroup(key) }, icon(`group-${key}`, "picture"), el("span", {}, key === "more" ? t("more") : (titles.get(key) ?? key))),
    ),
  );
  for (const [id, word] of [["near", "near"], ["layers", "layers"]]) {
    byId(id).querySelector("span")?.replaceChildren(t(word));
    byId(id).setAttribute("aria-label", t(word));
  }
  byId("in").setAttribute("aria-label", t("zoomIn"));
  byId("out").setAttribute("aria-label", t("zoomOut"));
  byId("foot").replaceChildren(...foot(meta));
}

/**
 * What must stand at the lower left of every copy: the review number or why there is none; `wrong` when that is not in order.
 * @param {import("./types").Meta} meta @returns {{words: string, wrong: boolean}[]}
 */
export function review(meta) {
  const stated = meta.review ? `${t("review")}：${meta.review}` : meta.exemption;
  if (stated) return [{ words: stated, wrong: false }, ...(meta.changed ? [{ words: t("changed"), wrong: true }] : [])];
  return [{ words: t(meta.city.demo ? "noReviewDemo" : meta.public ? "noReview" : "noReviewInternal"), wrong: meta.public && !meta.city.demo }];
}

/** @param {import("./types").Meta} meta @returns {HTMLElement[]} */
function foot(meta) {
  const parts = review(meta).map(({ words, wrong }) => el("span", { class: `review${wrong ? " missing" : ""}` }, words));
  if (meta.data_date) parts.push(el("span", {}, `${t("dataDate")} ${meta.data_date}`));
  if (meta.attribution) parts.push(el("span", {}, `${t("basemap")} ${meta.attribution}`));
  if (meta.producer) parts.push(el("span", {}, meta.producer));
  return parts;
}
