/** The categories of the chosen group, with their counts. */
import { byId, el, icon } from "./dom.js";
import { pick, t } from "./i18n.js";

/**
 * @param {import("./types").Meta} meta
 * @param {import("./types").State} state
 * @param {Map<string, number>} counts
 * @param {(key: string) => void} choose "" for all
 */
export function paintChips(meta, state, counts, choose) {
  const box = byId("chips");
  const layers = meta.layers.filter((layer) => layer.group === state.group);
  box.hidden = !layers.length;
  const focused = document.activeElement instanceof HTMLElement && box.contains(document.activeElement) ? document.activeElement.dataset.layer : undefined;
  const all = el("button", { type: "button", class: "chip", "data-layer": "", "aria-pressed": String(!state.layers.length), onclick: () => choose("") }, t("all"));
  const made = layers.map((layer) => {
    const chip = el(
      "button",
      { type: "button", class: "chip", "data-layer": layer.key, "aria-pressed": String(state.layers.includes(layer.key)), onclick: () => choose(layer.key) },
      icon(layer.icon),
      el("span", {}, pick(layer.title, layer.title_en)),
      el("span", { class: "count" }, String(counts.get(layer.key) ?? 0)),
    );
    chip.style.setProperty("--colour", layer.colour);
    return chip;
  });
  box.replaceChildren(all, ...made);
  if (focused !== undefined) [...box.querySelectorAll("button")].find((chip) => chip.dataset.layer === focused)?.focus();
}
