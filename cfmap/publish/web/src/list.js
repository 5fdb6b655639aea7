/** The same places as on the map, one after another. */
import { matters } from "./ask.js";
import { el, icon } from "./dom.js";
import { NEAREST, wayTo, wishesOf } from "./filters.js";
import { pick, t } from "./i18n.js";

const STEP = 40;

/**
 * Nearest first or best answer first as one list, else under a heading for each category.
 * @param {import("./data.js").Sites} sites
 * @param {number[]} rows
 * @param {import("./types").State} state
 * @param {{open: (row: number) => void, reset: () => void, farOff: () => void}} doors
 * @param {(HTMLElement | null)[]} above what stands before the places
 * @returns {(HTMLElement | null)[]}
 */
export function list(sites, rows, state, doors, above = []) {
  const out = [...above];
  const minutes = state.near && !state.q ? sites.walks(state.near) : new Map();
  const onFoot = rows.slice(0, NEAREST).filter((row) => minutes.has(row)).length;
  if (state.near) out.push(el("p", { class: "note" }, t(onFoot ? "onFootHint" : state.q ? "straightBeside" : "straightHint"), el("button", { type: "button", class: "link", onclick: doors.farOff }, t("nearOff"))));
  if (!rows.length) {
    return [...out, el("div", { class: "empty" }, icon("group-more", "picture"), el("p", {}, el("strong", {}, t("none"))), el("p", {}, t("noneHint")), el("button", { type: "button", class: "action main", onclick: doors.reset }, t("reset")))];
  }
  // under which heading a row stands: minutes on foot before straight lines, else its category, else none
  const grouped = !state.q && !state.near && rows.some((row) => sites.layer[row] !== sites.layer[rows[0]]);
  const box = el("div", { class: "lists" });
  const more = el("button", { type: "button", class: "action more" });
  let [shown, layer] = [0, -1];
  const grow = () => {
    const next = rows.slice(shown, shown + STEP);
    const made = next.map((row) => item(sites, row, state, doors.open));
    made.forEach((li, n) => {
      const own = grouped ? sites.layer[next[n]] : onFoot && shown + n >= onFoot ? 1 : 0;
      if (own !== layer) {
        layer = own;
        if (grouped) box.append(heading(sites, rows, own));
        else if (onFoot) box.append(el("h3", { class: "kind-title" }, el("span", {}, t(own ? "restStraight" : "nearestOnFoot", { n: onFoot }))));
        box.append(el("ul", { class: "sites" }));
      }
      box.lastElementChild?.append(li);
    });
    if (shown) made[0]?.querySelector("button")?.focus();
    shown += next.length;
    more.hidden = shown >= rows.length;
    more.textContent = t("showMore", { n: Math.min(STEP, rows.length - shown) });
  };
  more.addEventListener("click", grow);
  grow();
  return [...out, box, more];
}

/** @param {import("./data.js").Sites} sites @param {number[]} rows @param {number} layer */
function heading(sites, rows, layer) {
  const info = sites.meta.layers[layer];
  return el("h3", { class: "kind-title" }, el("span", {}, pick(info.title, info.title_en)), el("span", { class: "count" }, String(rows.filter((row) => sites.layer[row] === layer).length)));
}

/**
 * @param {import("./data.js").Sites} sites @param {number} row @param {import("./types").State} state @param {(row: number) => void} open
 */
export function item(sites, row, state, open) {
  const info = sites.info(row);
  const face = el("span", { class: `face ${info.group}` }, icon(info.icon));
  face.style.setProperty("--colour", info.colour);
  const status = sites.text(row, "status");
  const second = [
    wayTo(sites, row, state.near),
    sites.placed(row) ? "" : t("noPlace"),
    status && status !== "在用" && status !== "未知" ? status : "",
    ...matters(sites, wishesOf(sites), row, state),
    sites.text(row, "address") || sites.text(row, "town") || pick(info.title, info.title_en),
  ];
  return el(
    "li",
    {},
    el("button", { type: "button", class: "site", "data-row": row, onclick: () => open(row) }, face, el("span", { class: "words" }, el("span", { class: "name" }, sites.name(row)), sites.when(row) && el("span", { class: "when" }, sites.when(row)), el("span", { class: "second" }, second.filter(Boolean).join(" · ")))),
  );
}
