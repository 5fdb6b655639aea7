/** What does a parent ask for: age, free, indoors, a mother-and-baby room, a stroller, open now, the town. What is not known is not "no". */
import { isOpen, minuteOfWeek, parseOpening } from "./opening.js";

/** @typedef {1 | 0 | -1} Verdict yes, not known, no */
/** @typedef {{key: string, facet: string, ages?: [number, number]}} Option of options of one facet any is enough; facets must all hold */

/** @type {Option[]} */
export const OPTIONS = [
  { key: "0-3", facet: "age", ages: [0, 3] },
  { key: "3-6", facet: "age", ages: [3, 6] },
  { key: "6-12", facet: "age", ages: [6, 12] },
  { key: "12-18", facet: "age", ages: [12, 18] },
  { key: "free", facet: "free" },
  { key: "open", facet: "open" },
  { key: "indoor", facet: "where" },
  { key: "outdoor", facet: "where" },
  { key: "nursing", facet: "nursing" },
  { key: "stroller", facet: "stroller" },
];
const TOWN = "town";
const FREE = "免费";
const KNOWN_FEES = [FREE, "收费", "部分收费"];
const [NURSING, STROLLER, INDOOR, OUTDOOR] = ["母婴室", "婴儿车可达", "室内", "室外"]; // as the lists of facilities write them
const USED = ["", "在用", "未知"];

/**
 * Does a place for ages `from` to `to` suit a child of this band? Bands end where the next begins, so "0-3" does not suit from 3 on.
 * @param {import("./types").Cell} from @param {import("./types").Cell} to @param {[number, number]} band
 * @returns {Verdict} not known too where one end is missing and the other does not decide
 */
export function suits(from, to, [low, high]) {
  const [a, b] = [typeof from === "number" ? from : null, typeof to === "number" ? to : null];
  if (a === null && b === null) return 0;
  if (a !== null && (a >= high || (b !== null && (a === b ? a < low : b <= low)))) return -1;
  if (a !== null && (b !== null || a >= low)) return 1;
  if (a === null && b !== null) return b <= low ? -1 : b <= high ? 1 : 0;
  return 0;
}

/** @param {import("./types").Cell} fee @returns {Verdict} */
const free = (fee) => (fee === FREE ? 1 : KNOWN_FEES.includes(String(fee)) ? -1 : 0);

export class Wishes {
  /** @param {import("./data.js").Sites} sites */
  constructor(sites) {
    this.sites = sites;
    /** @type {Map<string, Int8Array>} */
    this.verdicts = new Map();
    /** @type {Map<string, import("./opening.js").Week | null>} */
    this.weeks = new Map();
    /** @type {Map<string, string[]>} */
    this.lists = new Map();
    this.minute = -1;
  }

  /** Whether all columns are here: those of very many sites come late, and until then nothing is left out. */
  get ready() {
    return this.sites.complete();
  }

  /** @param {number} row @param {number} [minute] of the week @returns {boolean | null} open at this moment; null where its text does not say */
  openNow(row, minute = this.now()) {
    const text = this.sites.text(row, "opening");
    if (!text) return null;
    if (!USED.includes(this.sites.text(row, "status"))) return false;
    let week = this.weeks.get(text);
    if (week === undefined) this.weeks.set(text, (week = parseOpening(text)));
    return isOpen(week, minute);
  }

  /** Rows have moved: nothing is known of them any more. */
  forget() {
    this.verdicts.clear();
  }

  now() {
    return minuteOfWeek(Date.now(), this.sites.meta.shifted !== false);
  }

  /** @param {number} row @param {string} word a facility @returns {Verdict} named in its list, or in a column of its layer's own; a list that does not name it does not say no */
  has(row, word) {
    const { sites } = this;
    if (this.named(sites.text(row, "facilities")).includes(word)) return 1;
    for (const field of sites.info(row).fields) {
      const value = sites.own(row, field.key ?? "");
      if (typeof value === "boolean" && [word, `有${word}`].includes(field.title)) return value ? 1 : -1;
      if (typeof value === "string" && field.kind === "choice" && value.includes(word) && !/^[无没不非]/.test(value)) return 1;
    }
    return 0;
  }

  /** @param {string} text @returns {string[]} a list's words, each text taken apart once */
  named(text) {
    const found = this.lists.get(text) ?? text.split(/[；;]/).map((one) => one.trim());
    this.lists.set(text, found);
    return found;
  }

  /** @param {number} row @param {Option} option @param {number} [minute] @returns {Verdict} */
  ask(row, { key, ages }, minute = this.now()) {
    const { sites } = this;
    if (ages) return suits(sites.get(row, "age_min"), sites.get(row, "age_max"), ages);
    if (key === "free") return free(sites.get(row, "fee"));
    if (key === "nursing") return this.has(row, NURSING);
    if (key === "stroller") return this.has(row, STROLLER);
    if (key === "open") {
      const open = this.openNow(row, minute);
      return open === null ? 0 : open ? 1 : -1;
    }
    const [wanted, other] = key === "indoor" ? [INDOOR, OUTDOOR] : [OUTDOOR, INDOOR];
    return this.has(row, wanted) || (this.has(row, other) === 1 ? -1 : 0);
  }

  /** Answers of all sites to one option; those about this moment again when the minute has changed. @param {Option} option */
  verdict(option) {
    const now = this.now();
    const known = this.verdicts.get(option.key);
    if (known && (option.key !== "open" || this.minute === now)) return known;
    if (option.key === "open") this.minute = now;
    const found = new Int8Array(this.sites.count);
    for (let row = 0; row < found.length; row++) found[row] = this.ask(row, option, now);
    this.verdicts.set(option.key, found);
    return found;
  }

  /** Options of which nothing is known of any site. @returns {Set<string>} */
  silent() {
    return new Set(this.ready ? OPTIONS.filter((option) => this.verdict(option).every((value) => value === 0)).map(({ key }) => key) : []);
  }

  /** @param {string} town @returns {Int8Array} */
  inTown(town) {
    return Int8Array.from({ length: this.sites.count }, (_, row) => {
      const own = this.sites.text(row, TOWN);
      return own === town ? 1 : own ? -1 : 0;
    });
  }

  /**
   * What was asked, facet by facet.
   * @param {import("./types").State} state
   * @returns {{facet: string, of: Int8Array}[]}
   */
  facets({ wishes, town }) {
    if (!this.ready) return [];
    /** @type {Map<string, Int8Array[]>} */
    const found = new Map();
    for (const option of OPTIONS) if (wishes.includes(option.key)) found.set(option.facet, [...(found.get(option.facet) ?? []), this.verdict(option)]);
    if (town) found.set(TOWN, [this.inTown(town)]);
    return [...found].map(([facet, all]) => ({ facet, of: all.reduce((best, one) => best.map((value, row) => (value > one[row] ? value : one[row]))) }));
  }

  /** @param {import("./types").State} state @returns {(row: number) => number} yes, not known or no to all that was asked */
  judge(state) {
    const all = this.facets(state).map(({ of }) => of);
    if (!all.length) return () => 1;
    const worst = all.reduce((before, one) => before.map((value, row) => (value < one[row] ? value : one[row])));
    return (row) => worst[row];
  }

  /**
   * For each option, how many of the rows it would leave beside everything chosen in other facets.
   * @param {import("./types").State} state @param {number[]} rows what else is chosen leaves these
   * @returns {{options: Map<string, number>, towns: Map<string, number>}}
   */
  tally(state, rows) {
    const towns = new Map();
    if (!this.ready) return { options: new Map(), towns };
    const facets = this.facets(state);
    const least = state.unsure ? 0 : 1;
    const verdicts = OPTIONS.map((option) => ({ ...option, of: this.verdict(option) }));
    const counted = new Int32Array(verdicts.length);
    for (const row of rows) {
      let [fails, failed] = [0, ""];
      for (const { facet, of } of facets) if (of[row] < least) [fails, failed] = [fails + 1, facet];
      if (fails > 1) continue;
      for (let n = 0; n < verdicts.length; n++) if (verdicts[n].of[row] >= least && (!fails || failed === verdicts[n].facet)) counted[n]++;
      if (!fails || failed === TOWN) {
        const town = this.sites.text(row, TOWN);
        towns.set(town, (towns.get(town) ?? 0) + 1);
      }
    }
    const options = new Map(OPTIONS.map(({ key }, n) => [key, counted[n]]));
    if (least === 0 && towns.has("")) {
      const unknown = towns.get("");
      for (const [town, count] of towns) if (town) towns.set(town, count + unknown);
    }
    towns.delete("");
    return { options, towns };
  }

  /** @returns {string[]} every town that a site names, in the data's order */
  towns() {
    if (!this.ready) return [];
    return [...new Set(Array.from({ length: this.sites.count }, (_, row) => this.sites.text(row, TOWN)))].filter(Boolean);
  }

  /** Call back when, with a new minute, some place has opened or closed. @param {() => void} call */
  watch(call) {
    const option = OPTIONS.find(({ key }) => key === "open");
    setInterval(() => {
      const before = this.verdicts.get("open");
      if (!option || !before || this.minute === this.now()) return;
      const after = this.verdict(option);
      if (after.some((value, row) => value !== before[row])) call();
    }, 10000);
  }
}

/** @param {import("./types").State} state @returns {number} how many filters of a parent's are on */
export const chosen = ({ wishes, town }) => wishes.length + (town ? 1 : 0);
