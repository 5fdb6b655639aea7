/** Who can walk there in each town, and who cannot yet: tables for those who may see them. */
import { el } from "./dom.js";
import { pick, t } from "./i18n.js";
import { shadeKey, shadeLegend, shadeTitle, shaded } from "./shade.js";

const COLUMNS = /** @type {const} */ (["share", "not", "unreachable", "covered", "total"]);

/**
 * A cell in words; what is not known is never 0, and what is not shown says so.
 * @param {import("./types").TownGroup} group @param {typeof COLUMNS[number]} part @param {number} n position of the town
 */
export function words(group, part, n) {
  if (group.hidden[part]?.includes(n)) return t("notShown");
  const value = group.parts[part]?.[n] ?? null;
  if (value === null) return t(part === "share" && group.parts.total?.[n] === 0 ? "nobodyThere" : "noNumber");
  return part === "share" ? share(value) : Math.round(value).toLocaleString("en");
}

/** What missing numbers make of a share: its bounds, or that there are none; "" where nothing is missing. @param {import("./types").TownGroup} group @param {number} n */
export function missing(group, n) {
  if (!group.bounds[n]) return "";
  const [a, b] = group.bounds[n];
  if (a === null || b === null) return t("someMissing");
  return share(a) === share(b) ? "" : `${share(a).slice(0, -1)}–${share(b)}`;
}

/** @param {number} value per cent; never rounded to all or to nobody */
function share(value) {
  const rounded = Math.round(value * 10) / 10;
  return `${value < 100 && rounded === 100 ? "99.9" : value > 0 && rounded === 0 ? "0.1" : rounded}%`;
}

/**
 * @param {import("./types").TownBlock | undefined} data
 * @param {import("./types").Reach} item
 * @param {string} [on] the shading on the map
 * @param {((shade: string) => void)} [choose]
 * @returns {HTMLElement | null} null where nothing may be said about towns
 */
export function townTables(data, item, on = "", choose = () => {}) {
  const groups = data?.items[item.key] ?? [];
  if (!data || !groups.length) return null;
  const mine = groups.map((_, n) => shadeKey(item.key, n));
  return el("details", { class: "by-town", open: mine.includes(on) }, el("summary", {}, t("whoByTown")), ...groups.flatMap((group, n) => [...shading(data, group, mine[n], on, choose), ...table(data.names, group, item)]));
}

/**
 * The switch that shades the towns by a group's share, and what the shades mean.
 * @param {import("./types").TownBlock} data @param {import("./types").TownGroup} group @param {string} key @param {string} on @param {(shade: string) => void} choose
 */
function shading(data, group, key, on, choose) {
  if (!shaded(data, key)) return [];
  const box = /** @type {HTMLInputElement} */ (el("input", { type: "checkbox", role: "switch", "data-toggle": `shade-${key}`, onchange: () => choose(on === key ? "" : key) }));
  box.checked = on === key;
  /** @type {HTMLElement[]} */
  const out = [el("label", { class: "switch" }, el("span", {}, shadeTitle(group)), box)];
  if (on === key) out.push(el("ul", { class: "legend", "aria-label": t("legend") }, ...shadeLegend(data, group).map(([picture, text]) => el("li", {}, picture, text))), el("p", { class: "hint" }, t("shadeHow")));
  return out;
}

/** @param {string[]} names @param {import("./types").TownGroup} group @param {import("./types").Reach} item */
function table(names, group, item) {
  const who = pick(group.title, group.title_en);
  const columns = COLUMNS.filter((part) => group.parts[part]);
  const rows = names.map((name, n) => el("tr", { class: name ? null : "whole" }, el("th", { scope: "row" }, name || t("wholeCity")), ...columns.map((part) => el("td", {}, words(group, part, n), part === "share" && missing(group, n) ? el("span", { class: "bounds" }, missing(group, n)) : null))));
  const minutes = item.bands.find((band) => band.metres === item.headline)?.minutes;
  const hidden = Object.values(group.hidden).some((towns) => towns?.length);
  return [
    el(
      "div",
      { class: "scrolls", role: "region", tabindex: "0", "aria-label": t("whoTable", { who }) },
      el(
        "table",
        { class: "figures town-figures" },
        el("caption", {}, t("whoTable", { who })),
        el("thead", {}, el("tr", {}, el("th", { scope: "col" }, t("town")), ...columns.map((part) => el("th", { scope: "col" }, t(`town_${part}`))))),
        el("tbody", {}, ...rows),
      ),
    ),
    hidden ? el("p", { class: "hint" }, t("notShownMeans")) : null,
    el(
      "details",
      {},
      el("summary", {}, t("how")),
      el("p", { class: "hint" }, minutes ? t("townLimit", { m: item.headline, t: minutes }) : t("bandNear", { m: item.headline })),
      el("p", { class: "hint" }, t("townShare", { who })),
      el("p", { class: "hint" }, pick(group.definition, group.definition_en)),
      el("p", { class: "hint" }, [group.data_date && `${t("dataDate")} ${group.data_date}`, group.sources.length ? t("sourceOf", { s: group.sources.join("、") }) : ""].filter(Boolean).join(" · ")),
    ),
  ].filter((part) => part !== null);
}
