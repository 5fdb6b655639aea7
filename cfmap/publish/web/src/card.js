/** What is known about one place: its card. */
import { el, icon, safeUrl } from "./dom.js";
import { distance, metres } from "./filters.js";
import { ages } from "./ask.js";
import { toGcj02 } from "./gcj02.js";
import { pick, t } from "./i18n.js";

const FACTS = ["address", "town", "opening", "fee", "phone", "website"];
const PROOF = ["year", "batch", "status", "lead_unit", "source", "source_date"];

/**
 * @param {import("./data.js").Sites} sites
 * @param {number} row
 * @param {import("./types").State} state
 * @param {() => void} onShare
 * @returns {HTMLElement[]}
 */
export function card(sites, row, state, onShare) {
  const info = sites.info(row);
  const face = el("span", { class: `face ${info.group}` }, icon(info.icon));
  face.style.setProperty("--colour", info.colour);
  const away = state.near && sites.placed(row) ? t("straight", { d: distance(metres(state.near.lat, state.near.lon, sites.lat[row], sites.lon[row])) }) : "";
  const kind = el("p", { class: "kind" }, pick(info.title, info.title_en), away && ` · ${away}`);
  const status = sites.text(row, "status");
  const head = el("div", { class: "card-head" }, face, el("div", {}, el("h2", { id: "card-name", tabindex: "-1" }, sites.name(row)), kind));
  if (status && status !== "在用" && status !== "未知") kind.append(el("span", { class: "badge status" }, status));
  const facts = el("dl", { class: "facts" });
  const age = ages(sites.get(row, "age_min"), sites.get(row, "age_max"));
  for (const key of FACTS) {
    if (key === "opening" && age) fact(facts, t("age"), age);
    const value = sites.get(row, key);
    if (value !== null) fact(facts, label(sites.meta.fields[key], key), linked(key, String(value)));
  }
  if (age && !sites.meta.fields.opening) fact(facts, t("age"), age);
  for (const field of info.fields) {
    const value = sites.own(row, field.key ?? "");
    if (value !== null) fact(facts, pick(field.title, field.title_en), shown(value, field));
  }
  const facilities = sites.text(row, "facilities");
  if (facilities) fact(facts, label(sites.meta.fields.facilities, "facilities"), tags(facilities));
  const proof = el("dl", { class: "facts proof" });
  for (const key of PROOF) {
    const value = sites.get(row, key);
    if (value !== null && !(key === "status" && value === "在用")) fact(proof, label(sites.meta.fields[key], key), String(value));
  }
  return [head, actions(sites, row, onShare), facts, proof, el("p", { class: "hint" }, t("missing"))];
}

/**
 * @param {import("./data.js").Sites} sites @param {number} row @param {() => void} onShare
 */
function actions(sites, row, onShare) {
  const bar = el("div", { class: "actions" });
  if (sites.placed(row)) {
    const [lon, lat] = [sites.lon[row], sites.lat[row]];
    const [glon, glat] = sites.meta.shifted === false ? [lon, lat] : toGcj02(lon, lat);
    const name = encodeURIComponent(Array.from(sites.name(row)).slice(0, 60).join(""));
    bar.append(
      el("a", { class: "action main", rel: "noopener noreferrer", target: "_blank", href: `https://uri.amap.com/marker?position=${glon.toFixed(6)},${glat.toFixed(6)}&name=${name}&coordinate=gaode&callnative=1` }, icon("go"), t("go")),
      el("a", { class: "action", href: `geo:${lat.toFixed(6)},${lon.toFixed(6)}?q=${lat.toFixed(6)},${lon.toFixed(6)}(${name})` }, icon("pin"), t("open")),
    );
  } else bar.append(el("p", { class: "hint" }, t("noPlace")));
  bar.append(el("button", { type: "button", class: "action", id: "share", onclick: onShare }, icon("share"), t("share")));
  return bar;
}

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

/** @param {string} key @param {string} value @returns {Node | string} */
function linked(key, value) {
  if (key === "phone" && /^[+\d][\d\s\-()（）转]{4,}$/.test(value)) {
    const [line, extension] = value.split("转").map((part) => part.replace(/[^\d+]/g, ""));
    return el("a", { href: `tel:${line}${extension ? `,${extension}` : ""}` }, value);
  }
  const url = key === "website" ? safeUrl(value) : null;
  return url ? el("a", { href: url, rel: "noopener noreferrer", target: "_blank" }, value) : value;
}
