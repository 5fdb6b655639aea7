/** What changed since the edition before: new, gone, moved and renamed places, layer by layer. */
import { el, icon } from "./dom.js";
import { distance } from "./filters.js";
import { pick, t } from "./i18n.js";

/** Sites without a number of their own page: those beyond are shown when asked for. */
const STEP = 30;

/**
 * Places by layer, in the page's order.
 * @param {import("./types").ChangesBlock} data
 * @param {(row: number) => number} layerOf position of a row's layer
 * @returns {{kind: "added" | "removed" | "moved" | "renamed", count: number, layers: {layer: number, items: {row: number, name?: string, before?: string, metres?: number}[]}[]}[]}
 */
export function byLayer(data, layerOf) {
  const kinds = /** @type {const} */ ([
    ["added", data.added.map((row) => ({ row, layer: layerOf(row) }))],
    ["moved", data.moved.map(([row, metres]) => ({ row, metres, layer: layerOf(row) }))],
    ["renamed", data.renamed.map(([row, before]) => ({ row, before, layer: layerOf(row) }))],
    ["removed", data.removed.map(([layer, name]) => ({ row: -1, name, layer }))],
  ]);
  return kinds
    .filter(([, items]) => items.length)
    .map(([kind, items]) => {
      const order = [...new Set(items.map((item) => item.layer))].sort((a, b) => a - b);
      return { kind, count: items.length, layers: order.map((layer) => ({ layer, items: items.filter((item) => item.layer === layer).map(({ layer: _, ...rest }) => rest) })) };
    });
}

/** @param {import("./types").ChangesBlock | null} data */
export const changeCount = (data) => (data ? data.added.length + data.removed.length + data.moved.length + data.renamed.length : null);

/**
 * @param {import("./types").Meta} meta
 * @param {import("./data.js").Sites} sites
 * @param {import("./types").ChangesBlock} data
 * @param {(row: number) => void} open
 * @returns {HTMLElement[]}
 */
export function changesPanel(meta, sites, data, open) {
  const out = [];
  const groups = byLayer(data, (row) => sites.layer[row]);
  if (!groups.length) out.push(el("div", { class: "empty" }, icon("changes", "picture"), el("p", {}, el("strong", {}, t("noChanges", { since: data.since })))));
  for (const group of groups) {
    const box = el("section", { class: `changes ${group.kind}` }, el("h3", {}, t(`${group.kind}Sites`), el("span", { class: "count" }, String(group.count))));
    for (const { layer, items } of group.layers) {
      const info = meta.layers[layer];
      const face = el("span", { class: `face ${info.group}` }, icon(info.icon));
      face.style.setProperty("--colour", info.colour);
      const list = el("ul", { class: "sites" });
      const more = el("button", { type: "button", class: "action more" });
      let shown = 0;
      const grow = () => {
        const made = items.slice(shown, shown + STEP).map((item) => el("li", {}, item.row < 0 ? el("p", { class: "site gone" }, el("span", { class: "name" }, item.name ?? "")) : door(sites, item, open)));
        list.append(...made);
        if (shown) made[0]?.querySelector("button")?.focus();
        shown += made.length;
        more.hidden = shown >= items.length;
        more.textContent = t("showMore", { n: Math.min(STEP, items.length - shown) });
      };
      more.addEventListener("click", grow);
      grow();
      box.append(el("h4", {}, face, pick(info.title, info.title_en), el("span", { class: "count" }, String(items.length))), list, more);
    }
    out.push(box);
  }
  out.push(how(meta, data, sites.events?.layer));
  return out;
}

/** @param {import("./data.js").Sites} sites @param {{row: number, before?: string, metres?: number}} item @param {(row: number) => void} open */
function door(sites, { row, before, metres }, open) {
  const second = [before ? t("formerly", { name: before }) : "", metres ? t("movedBy", { d: distance(metres) }) : "", sites.text(row, "address") || sites.text(row, "town")].filter(Boolean).join(" · ");
  return el("button", { type: "button", class: "site", "data-row": row, onclick: () => open(row) }, el("span", { class: "words" }, el("span", { class: "name" }, sites.name(row)), second && el("span", { class: "second" }, second)));
}

/** What is counted, and where nothing can be known. @param {import("./types").Meta} meta @param {import("./types").ChangesBlock} data @param {number} [events] they come and go */
function how(meta, data, events) {
  const compared = new Set(data.compared);
  const used = meta.layers.map((layer, n) => ({ layer, n })).filter(({ layer, n }) => layer.count > 0 && n !== events);
  const names = used.filter(({ n }) => compared.has(n)).map(({ layer }) => pick(layer.title, layer.title_en));
  const facts = { year: meta.year, since: data.since, layers: names.join(pick("、", ", ")) };
  return el(
    "section",
    {},
    el("h3", {}, t("how")),
    el("p", { class: "hint" }, t("changesInUse")),
    names.length ? el("p", { class: "hint" }, t("changesCompared", facts)) : null,
    names.length < used.length ? el("p", { class: "hint" }, t(names.length ? "changesRest" : "changesByYear", facts)) : null,
  );
}
