/** Which events are on, and when: told in the reader's browser, by the day it is there. */
import { el, icon } from "./dom.js";
import { pick, t } from "./i18n.js";

export const AHEAD_DAYS = 60; // what begins later waits; cfmap/model/events.py has the same number
const ONGOING = "长期";
const UNDECIDED = "待定";
const DAY_MS = 864e5;
const CHINA_MS = 8 * 36e5;
const MINUTE_MS = 6e4;

/** @typedef {import("./types").Cell} Cell */
/** @typedef {import("./data.js").Sites} Sites */

/** Days are whole numbers since 1970. @param {number} year @param {number} month @param {number} day */
const number = (year, month, day) => Date.UTC(year, month - 1, day) / DAY_MS;

/** @param {string} text 2024, 2024-05 or 2024-05-01 @returns {[number, number]} its first and last day */
function days(text) {
  const [year, month, day] = text.split("-").map(Number);
  if (day) return [number(year, month, day), number(year, month, day)];
  return month ? [number(year, month, 1), number(year, month + 1, 0)] : [number(year, 1, 1), number(year, 12, 31)];
}

/**
 * The reader's day: in China for a city there, else by the reader's own clock; never before the day on which the list of events was
 * read, whatever that clock says.
 * @param {Date} now @param {boolean} china @param {string} read
 */
export function dayOf(now, china, read) {
  const day = china ? Math.floor((now.getTime() + CHINA_MS) / DAY_MS) : number(now.getFullYear(), now.getMonth() + 1, now.getDate());
  return Math.max(day || 0, days(read)[0]);
}

/**
 * First and last day; null when no day is known. Without an end it is the day (month, year) of its start.
 * @param {Cell} starts @param {Cell} ends
 * @returns {[number, number] | null}
 */
export function span(starts, ends) {
  const first = starts ? days(String(starts))[0] : -Infinity;
  if (ends === ONGOING) return [first, Infinity];
  if (ends === UNDECIDED) return starts ? [first, Infinity] : null;
  const known = ends || starts;
  return known ? [first, Math.max(first, days(String(known))[1])] : null;
}

/**
 * @param {Cell} starts @param {Cell} ends @param {number} today
 * @returns {"now" | "soon" | "undated" | "later" | "over"}
 */
export function when(starts, ends, today) {
  const known = span(starts, ends);
  if (!known) return "undated";
  if (known[1] < today) return "over";
  if (known[0] <= today) return "now";
  return known[0] <= today + AHEAD_DAYS ? "soon" : "later";
}

/** @param {number} day @param {number} today with the year where it is another one */
function date(day, today) {
  const [at, year] = [new Date(day * DAY_MS), new Date(today * DAY_MS).getUTCFullYear()];
  const facts = { y: at.getUTCFullYear(), d: at.getUTCDate(), month: t("months").split(" ")[at.getUTCMonth()] };
  return t(facts.y === year ? "monthDay" : "yearMonthDay", facts);
}

/** Monday is 0. @param {number} day */
const weekday = (day) => (((day + 3) % 7) + 7) % 7;

/** @param {number} day @param {number} today */
function near(day, today) {
  const name = t("weekdays").split(" ")[weekday(day)];
  const monday = today - weekday(today);
  if (day === today) return t("today");
  if (day === today + 1) return t("tomorrow");
  if (day > today && day < monday + 14) return t(day < monday + 7 ? "thisWeek" : "nextWeek", { day: name, date: date(day, today) });
  return t("onDay", { day: name, date: date(day, today) });
}

/**
 * In words: 今天, 明天, 本周六 · 11月29日, 长期.
 * @param {Cell} starts @param {Cell} ends @param {number} today
 */
export function words(starts, ends, today) {
  const known = span(starts, ends);
  if (!known) return t("undated");
  const [first, last] = known;
  if (!ends && String(starts).length < 10) {
    const [y, m] = String(starts).split("-").map(Number);
    return t(m ? "someDayInMonth" : "someDayInYear", { y, month: t("months").split(" ")[(m || 1) - 1] });
  }
  if (last === Infinity) {
    if (ends === ONGOING) return first > today ? t("ongoingFrom", { day: near(first, today) }) : t("ongoing");
    return first > today ? t("from", { day: near(first, today) }) : t("running");
  }
  if (first === last) return near(first, today);
  if (last < today) return t("until", { date: date(last, today) });
  if (first > today) return t("fromUntil", { day: near(first, today), date: date(last, today) });
  return last === today ? t("lastDay") : t("runningUntil", { date: date(last, today) });
}

/** What is on, day by day: tells {@link Sites} which events there are. */
export class Calendar {
  /** @param {Sites} sites @param {() => Date} [clock] */
  constructor(sites, clock = () => new Date()) {
    this.sites = sites;
    this.clock = clock;
    this.block = sites.events;
    this.today = NaN;
    this.kinds = { now: 0, soon: 0, undated: 0, later: 0, over: 0 };
    sites.when = (row) => this.words(row);
    this.turn();
  }

  /** @param {number} n position in the block @returns {[Cell, Cell]} */
  dates(n) {
    return [this.sites.eventCell(n, "starts_on"), this.sites.eventCell(n, "ends_on")];
  }

  /** Look at the clock. @returns {boolean} whether it is another day */
  turn() {
    if (!this.block) return false;
    const today = dayOf(this.clock(), this.sites.meta.shifted !== false, this.block.read);
    if (today === this.today) return false;
    this.today = today;
    /** @type {{n: number, order: number[]}[]} */
    const on = [];
    this.kinds = { now: 0, soon: 0, undated: 0, later: 0, over: 0 };
    this.block.name.forEach((_, n) => {
      const dates = this.dates(n);
      const kind = when(...dates, today);
      this.kinds[kind]++;
      if (kind === "over" || kind === "later") return;
      const [first, last] = span(...dates) ?? [Infinity, Infinity];
      on.push({ n, order: [Number(kind === "undated"), Number(last === Infinity), Math.max(first, today), last, n] });
    });
    on.sort((a, b) => a.order.map((value, k) => (value === b.order[k] ? 0 : value - b.order[k])).find(Boolean) ?? 0);
    this.sites.put(on.map(({ n }) => n));
    return true;
  }

  /** Call when the day changes while the page stays open, also when it was asleep meanwhile. @param {() => void} changed */
  watch(changed) {
    const look = () => {
      if (this.turn()) changed();
    };
    if (!this.block) return;
    setInterval(look, MINUTE_MS);
    document.addEventListener("visibilitychange", look);
  }

  /** @param {number} row @returns {string} when, in words; "" for what is no event */
  words(row) {
    return this.sites.isEvent(row) ? words(...this.dates(this.sites.on[row - this.sites.places]), this.today) : "";
  }

  /** Does a link lead to an event that is over? @param {string} key */
  isOver(key) {
    const n = this.block?.key.indexOf(key) ?? -1;
    return n >= 0 && when(...this.dates(n), this.today) === "over";
  }

  /** Until which day something is known. @returns {string} in words, "" when no last day is known */
  until() {
    const last = (this.block?.name ?? []).map((_, n) => span(...this.dates(n))?.[1] ?? -Infinity).filter(Number.isFinite);
    return last.length ? date(Math.max(...last), this.today) : "";
  }

  /**
   * What a reader of events alone should know: how fresh the list is; that nothing is on.
   * @param {number} found how many are shown
   * @returns {HTMLElement[]}
   */
  notes(found) {
    if (!this.block) return [];
    const facts = { date: date(days(this.block.read)[0], this.today), until: this.until(), over: this.kinds.over, later: this.kinds.later, n: AHEAD_DAYS };
    const fresh = el("p", { class: "hint" }, [t(facts.until ? "eventsRead" : "eventsReadOnly", facts), facts.over ? t("eventsOver", facts) : "", facts.later ? t("eventsLater", facts) : ""].filter(Boolean).join(pick("", " ")));
    if (found || this.sites.on.length) return [fresh];
    return [el("div", { class: "empty" }, icon("event", "picture"), el("p", {}, el("strong", {}, t("noEvents"))), el("p", {}, t("noEventsHint"))), fresh];
  }

  /**
   * Events at a place, for its card.
   * @param {number} row @param {(row: number) => void} open
   * @returns {HTMLElement | null}
   */
  here(row, open) {
    const at = this.sites.on.map((n, k) => ({ n, row: this.sites.places + k })).filter(({ n }) => row >= 0 && this.block?.site[n] === row);
    if (!at.length) return null;
    const items = at.map(({ row: event }) => el("li", {}, el("button", { type: "button", class: "site", "data-row": event, onclick: () => open(event) }, el("span", { class: "words" }, el("span", { class: "name" }, this.sites.name(event)), el("span", { class: "when" }, this.words(event))))));
    return el("section", {}, el("h3", {}, t("eventsHere")), el("ul", { class: "sites" }, ...items));
  }
}
