/** The one panel beside or over the map: what it shows, and where the keyboard goes. */
import { byId, el, icon } from "./dom.js";
import { t } from "./i18n.js";

export const wide = () => window.matchMedia("(min-width: 900px)").matches;

/**
 * @param {{name: string, title: string, back?: boolean, body: (Node | null)[], onClose: () => void}} content
 * @param {boolean} keepScroll
 */
export function paintPanel({ name, title, back, body, onClose }, keepScroll) {
  const panel = byId("panel");
  const before = panel.querySelector(".body")?.scrollTop ?? 0;
  const close = el("button", { type: "button", class: "plain round close", "aria-label": t(back ? "back" : "close"), onclick: onClose }, icon(back ? "back" : "close"));
  const head = el("div", { class: "head" }, title && el("h2", { id: "panel-title", class: "panel-title" }, title), (name !== "list" || !wide()) && close);
  const main = el("div", { class: "body" }, ...body.filter((part) => part !== null));
  panel.replaceChildren(head, main);
  panel.dataset.panel = name;
  panel.setAttribute("aria-labelledby", title ? "panel-title" : "card-name");
  if (keepScroll) main.scrollTop = before;
}

export function hidePanel() {
  const panel = byId("panel");
  panel.dataset.panel = "";
  panel.replaceChildren();
  panel.setAttribute("aria-labelledby", "title");
}

/** Pixels of the map that the panel covers from below. */
export const coveredHeight = () => (wide() || !byId("panel").dataset.panel ? 0 : byId("panel").getBoundingClientRect().height);
