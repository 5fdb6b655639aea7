/** The same places as on the map, one after another. */
import { el, icon } from "./dom.js";
import { distance, metres } from "./filters.js";
import { pick, t } from "./i18n.js";

const STEP = 40;

/**
 * @param {import("./data.js").Sites} sites
 * @param {number[]} rows
 * @param {import("./types").State} state
 * @param {{open: (row: number) => void, reset: () => void, farOff: () => void}} doors
 * @returns {HTMLElement[]}
 */
export function list(sites, rows, state, doors) {
  const out = [];
  if (state.near) out.push(el("p", { class: "note" }, t("straightHint"), el("button", { type: "button", class: "link", onclick: doors.farOff }, t("nearOff"))));
  if (!rows.length) {
    return [...out, el("div", { class: "empty" }, icon("group-more", "picture"), el("p", {}, el("strong", {}, t("none"))), el("p", {}, t("noneHint")), el("button", { type: "button", class: "action main", onclick: doors.reset }, t("reset")))];
  }
  const items = el("ul", { class: "sites" });
  const more = el("button", { type: "button", class: "action more" });
  let shown = 0;
  const grow = () => {
    const next = rows.slice(shown, shown + STEP);
    const made = next.map((row) => item(sites, row, state, doors.open));
    items.append(...made);
    if (shown) made[0]?.querySelector("button")?.focus();
    shown += next.length;
    more.hidden = shown >= rows.length;
    more.textContent = t("showMore", { n: Math.min(STEP, rows.length - shown) });
  };
  more.addEventListener("click", grow);
  grow();
  return [...out, items, more];
}

/**
 * @param {import("./data.js").Sites} sites @param {number} row @param {import("./types").State} state @param {(row: number) => void} open
 */
function item(sites, row, state, open) {
  const info = sites.info(row);
  const face = el("span", { class: `face ${info.group}` }, icon(info.icon));
  face.style.setProperty("--colour", info.colour);
  const status = sites.text(row, "status");
  const second = [
    state.near && sites.placed(row) ? t("straight", { d: distance(metres(state.near.lat, state.near.lon, sites.lat[row], sites.lon[row])) }) : "",
    sites.placed(row) ? "" : t("noPlace"),
    status && status !== "在用" && status !== "未知" ? status : "",
    sites.text(row, "address") || sites.text(row, "town") || pick(info.title, info.title_en),
  ];
  return el(
    "li",
    {},
    el("button", { type: "button", class: "site", "data-row": row, onclick: () => open(row) }, face, el("span", { class: "words" }, el("span", { class: "name" }, sites.name(row)), el("span", { class: "second" }, second.filter(Boolean).join(" · ")))),
  );
}
