/** What is known about one place: its card. */
import { ages } from "./ask.js";
import { el, icon, safeUrl } from "./dom.js";
import { wayTo, wishesOf } from "./filters.js";
import { title } from "./frame.js";
import { isApple, routes } from "./go.js";
import { pick, t } from "./i18n.js";
import { reportTo } from "./report.js";

const FACTS = ["address", "town", "opening", "fee", "phone", "website"];
const PROOF = ["year", "batch", "status", "lead_unit", "source", "source_date"];

/**
 * @param {import("./data.js").Sites} sites
 * @param {number} row
 * @param {import("./types").State} state
 * @param {() => void} onShare
 * @param {(row: number) => void} open
 * @param {(HTMLElement | null)[]} [around] what is known of the streets round it
 * @returns {(HTMLElement | null)[]}
 */
export function card(sites, row, state, onShare, open, around = []) {
  const info = sites.info(row);
  const face = el("span", { class: `face ${info.group}` }, icon(info.icon));
  face.style.setProperty("--colour", info.colour);
  const away = wayTo(sites, row, state.near);
  const kind = el("p", { class: "kind" }, pick(info.title, info.title_en), away && ` · ${away}`);
  const status = sites.text(row, "status");
  const head = el("div", { class: "card-head" }, face, el("div", {}, el("h2", { id: "card-name", tabindex: "-1" }, sites.name(row)), kind));
  if (status && status !== "在用" && status !== "未知") kind.append(el("span", { class: "badge status" }, status));
  const facts = el("dl", { class: "facts" });
  if (sites.when(row)) fact(facts, t("eventDate"), el("strong", {}, sites.when(row)));
  const age = ages(sites.get(row, "age_min"), sites.get(row, "age_max"));
  for (const key of FACTS) {
    if (key === "opening" && age) fact(facts, t("age"), age);
    const value = sites.get(row, key);
    if (value !== null) fact(facts, label(sites.meta.fields[key], key), key === "opening" ? opening(sites, row, String(value)) : linked(key, String(value)));
  }
  if (age && !sites.meta.fields.opening) fact(facts, t("age"), age);
  for (const field of info.fields) {
    const value = sites.own(row, field.key ?? "");
    const place = field.key === "at_site" && sites.isEvent(row) ? sites.placeOf(row) : -1;
    if (sites.isEvent(row) && (field.key === "starts_on" || field.key === "ends_on")) continue;
    if (value !== null) fact(facts, pick(field.title, field.title_en), place < 0 ? shown(value, field) : el("button", { type: "button", class: "link", "data-row": place, onclick: () => open(place) }, String(value)));
  }
  const facilities = sites.text(row, "facilities");
  if (facilities) fact(facts, label(sites.meta.fields.facilities, "facilities"), tags(facilities));
  const proof = el("dl", { class: "facts proof" });
  for (const key of PROOF) {
    const value = sites.get(row, key);
    if (value !== null && !(key === "status" && value === "在用")) fact(proof, label(sites.meta.fields[key], key), String(value));
  }
  const photo = sites.photo(row);
  return [head, ...actions(sites, row, onShare), photo ? el("img", { class: "photo", src: photo, alt: t("photoOf", { name: short(sites.name(row)) }), decoding: "async" }) : null, facts, ...around, proof, el("p", { class: "hint" }, t("missing")), report(sites, row)];
}

/**
 * The map that takes one there, call, share; other maps behind one button.
 * @param {import("./data.js").Sites} sites @param {number} row @param {() => void} onShare
 * @returns {HTMLElement[]}
 */
function actions(sites, row, onShare) {
  const bar = el("div", { class: "actions" });
  const share = el("button", { type: "button", class: "action", id: "share", onclick: onShare }, icon("share"), t("share"));
  const line = dial(sites.text(row, "phone"));
  const call = line && el("a", { class: "action", href: line }, icon("call"), t("call"));
  if (!sites.placed(row)) {
    bar.append(...[el("p", { class: "hint" }, t("noPlace")), call, share].filter((part) => part !== null));
    return [bar];
  }
  const place = { lon: sites.lon[row], lat: sites.lat[row], name: sites.name(row) };
  const [best, ...others] = routes(place, { shifted: sites.meta.shifted !== false, apple: isApple(navigator.userAgent) });
  const link = (/** @type {import("./go.js").Route} */ { key, href, copy }, /** @type {string} */ style, /** @type {string} */ picture) =>
    el("a", { class: style, href, onclick: copy && (() => void navigator.clipboard?.writeText(copy).catch(() => {})), ...(key === "geo" ? {} : { rel: "noopener noreferrer", target: "_blank" }) }, icon(picture), t(`go-${key}`));
  bar.append(...[link(best, "action main", "go"), call, share].filter((part) => part !== null));
  return [bar, el("details", { class: "maps" }, el("summary", {}, t("open")), el("div", { class: "actions" }, ...others.map((route) => link(route, "action", "pin"))), ...others.flatMap(({ copy }) => (copy ? [el("p", { class: "hint" }, t("goByHand"), " ", el("span", { class: "xy" }, copy))] : [])))];
}

/** To whom to say what is wrong here. @param {import("./data.js").Sites} sites @param {number} row */
function report(sites, row) {
  const { meta } = sites;
  if (!meta.contact) return null;
  const edition = `${title(meta)} ${t("edition", { year: meta.year })}`;
  const { href, text } = reportTo(meta.contact, { subject: t("reportSubject", { name: short(sites.name(row)) }), body: t("reportBody", { name: short(sites.name(row)), edition, key: sites.key(row) }) });
  return el("p", { class: "report" }, t("wrong"), " ", href ? el("a", { class: "link", href, ...(/^https?:/i.test(href) ? { rel: "noopener noreferrer", target: "_blank" } : {}) }, t("report", { contact: text })) : el("span", {}, text));
}

/** @param {string} name */
const short = (name) => Array.from(name).slice(0, 60).join("");

/** @param {HTMLElement} list @param {string} name @param {Node | string} value */
function fact(list, name, value) {
  list.append(el("div", {}, el("dt", {}, name), el("dd", {}, value)));
}

/** @param {import("./types").FieldInfo | undefined} field @param {string} key */
const label = (field, key) => (field ? pick(field.title, field.title_en) : key);

/** @param {import("./types").Cell} value @param {import("./types").FieldInfo} field @returns {Node | string} */
function shown(value, field) {
  if (typeof value === "boolean") return t(value ? "yes" : "no");
  if (field.kind === "list") return tags(String(value));
  return field.unit && typeof value === "number" ? `${value} ${field.unit}` : String(value);
}

/** @param {string} text values joined by ； */
function tags(text) {
  return el("ul", { class: "tags" }, ...text.split(/[；;]/).filter(Boolean).map((tag) => el("li", {}, tag.trim())));
}

/** @param {import("./data.js").Sites} sites @param {number} row @param {string} value @returns {Node | string} hours as written, and whether that is now */
function opening(sites, row, value) {
  const open = wishesOf(sites).openNow(row);
  return open === null ? value : el("span", {}, value, el("span", { class: `badge now${open ? "" : " shut"}` }, t(open ? "isOpen" : "isShut")));
}

/** @param {string} key @param {string} value @returns {Node | string} */
function linked(key, value) {
  const line = key === "phone" ? dial(value) : null;
  if (line) return el("a", { href: line }, value);
  const url = key === "website" ? safeUrl(value) : null;
  return url ? el("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, value) : value;
}

/** @param {string} value @returns {string | null} a link that dials, an extension after a pause; null when it is not one number */
function dial(value) {
  if (!/^[+\d][\d\s\-()（）转]{4,}$/.test(value)) return null;
  const [line, extension] = value.split("转").map((part) => part.replace(/[^\d+]/g, ""));
  return `tel:${line}${extension ? `,${extension}` : ""}`;
}
