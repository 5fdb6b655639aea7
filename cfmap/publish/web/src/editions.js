/** Which other years' editions stand beside this page, and how does one get there with what is seen kept? */
import { el } from "./dom.js";
import { t } from "./i18n.js";

const PLACE = /\/\d{4}(-internal)?\/versions\/\d{6,}\/(?:index\.html)?$/; // where `cfmap build` puts a page
const MOST = 30;

/**
 * Years that the pointer named when it led here (`editions=2023.2024`). None where this page stands elsewhere, in a package or alone:
 * then nobody knows what is beside it, and a link might lead nowhere.
 * @param {string} path @param {string} text what stands behind `#` or `?` @param {number} own
 */
export function beside(path, text, own) {
  if (!PLACE.test(path)) return [];
  const given = (new URLSearchParams(text).get("editions") ?? "").split(".");
  const years = new Set(given.filter((part) => /^(19|20)\d\d$/.test(part)).map(Number));
  return [...years].filter((year) => year !== own).sort((a, b) => a - b).slice(-MOST);
}

/** The edition of a year beside this page. @param {string} path @param {number} year @param {string} text what it should show */
export const addressOf = (path, year, text) => `../../../${year}${PLACE.exec(path)?.[1] ?? ""}/index.html#${text}`;

/** The address that stays when the next version is published: that of the pointer. @param {string} href @returns {URL} */
export function lasting(href) {
  const url = new URL(href);
  return PLACE.test(url.pathname) ? new URL("../../index.html", url) : url;
}

export class Editions {
  /**
   * @param {import("./types").Meta} meta
   * @param {{pathname: string, hash: string, search: string}} place
   * @param {(year: number) => string} seen what is seen now, as a link to that year's edition carries it
   */
  constructor(meta, place, seen) {
    this.path = place.pathname;
    this.seen = seen;
    this.years = beside(this.path, place.hash.length > 1 ? place.hash.slice(1) : place.search.slice(1), meta.year);
    /** What the address bar keeps, so that they are still known when the page is opened again. */
    this.kept = this.years.length ? `&editions=${this.years.join(".")}` : "";
  }

  /** @param {number} year @returns {HTMLAnchorElement | null} null where that edition is not there */
  link(year) {
    if (!this.years.includes(year)) return null;
    const link = el("a", { class: "action", href: addressOf(this.path, year, this.seen(year)) }, t("openEdition", { year }));
    link.addEventListener("click", () => (link.href = addressOf(this.path, year, this.seen(year)))); // the map may have been moved since
    return link;
  }

  /** @returns {HTMLElement[]} */
  panel() {
    if (!this.years.length) return [];
    return [el("nav", { class: "editions", "aria-label": t("editions") }, ...this.years.map((year) => this.link(year)))];
  }
}
