/** Is a place open now: what an opening text says with certainty, and nothing where it does not. */

const DAY = 1440; // minutes
const WEEK = 7 * DAY;
const ALL = [0, 1, 2, 3, 4, 5, 6];
const [WORKDAYS, WEEKEND] = [[0, 1, 2, 3, 4], [5, 6]];

/**
 * @typedef {[number, number]} Span minutes of the week from Monday 0:00, the second may lie beyond Sunday's end
 * @typedef {{open: Span[], partly: Span[]}} Week `partly`: something is open, such as the emergency room alone
 * @typedef {{days: number[] | null, spans: Span[], closed: boolean}} Rule spans in minutes of a day; days null: none were named
 */

/** Minute of the week. @param {number} milliseconds since 1970 @param {boolean} china by the clock of China (UTC+8), wherever the reader is; else by the reader's own */
export function minuteOfWeek(milliseconds, china) {
  const shift = china ? 480 : -new Date(milliseconds).getTimezoneOffset();
  const minute = Math.floor(milliseconds / 60000) + shift + 3 * DAY; // 1970-01-01 was a Thursday
  return ((minute % WEEK) + WEEK) % WEEK;
}

/** @param {Week | null} week @param {number} minute of the week @returns {boolean | null} null where the text does not say */
export function isOpen(week, minute) {
  if (!week) return null;
  const inside = (/** @type {Span[]} */ spans) => spans.some(([from, to]) => (minute >= from && minute < to) || (minute + WEEK >= from && minute + WEEK < to));
  return inside(week.open) ? true : inside(week.partly) ? null : false;
}

/** @param {string} text @returns {Week | null} null when any part of it is not understood with certainty */
export function parseOpening(text) {
  const plain = text.length > 200 ? "" : text.normalize("NFKC").replace(/[‐-―−〜～~]+|--+/g, "-").replace(/[“”"]/g, "").trim();
  if (!plain) return null;
  const rules = /[A-Z]|24\/7/.test(plain) ? osmRules(plain) : chineseRules(plain);
  return rules && weekOf(rules.rules, rules.partly, rules.replaces);
}

/**
 * Rules as a week: closed days are taken out, days that are named go before "every day".
 * @param {Rule[]} rules @param {Span[]} partly of every day @param {boolean} replaces a later rule takes its days from an earlier one
 * @returns {Week | null}
 */
function weekOf(rules, partly, replaces) {
  /** @type {Span[][]} */
  const week = ALL.map(() => []);
  const general = rules.filter((rule) => !rule.days);
  const named = rules.filter((rule) => rule.days);
  if (replaces) {
    for (const { days, spans } of rules) for (const day of days ?? ALL) week[day] = spans;
  } else {
    for (const { spans } of general) for (const day of week) if (!add(day, spans)) return null;
    const every = week.map((day) => [...day]);
    const first = new Set(ALL);
    for (const { days, spans, closed } of named) {
      for (const day of days ?? []) {
        if (closed) continue;
        // beside "every day 8:00-18:00" another time of Sunday's takes its place; one that lies apart may also be meant to come on top
        if (first.has(day) && every[day].length && !every[day].every((one) => spans.some((other) => meet(one, other)))) return null;
        if (first.delete(day)) week[day] = [];
        if (!add(week[day], spans)) return null;
      }
    }
    for (const { days, closed } of named) if (closed) for (const day of days ?? []) week[day] = [];
    if (!general.length && !named.some((rule) => rule.spans.length) && !partly.length) return null; // "closed on Monday", and nothing about the rest
  }
  const at = (/** @type {Span[]} */ spans, /** @type {number} */ day) => spans.map(([from, to]) => /** @type {Span} */ ([day * DAY + from, day * DAY + to]));
  return { open: week.flatMap(at), partly: ALL.flatMap((day) => at(partly, day)) };
}

/** @param {Span} a @param {Span} b */
const meet = (a, b) => a[0] < b[1] && b[0] < a[1];

/** @param {Span[]} day @param {Span[]} spans @returns {boolean} false where two times of one day contradict each other */
function add(day, spans) {
  for (const span of spans) {
    if (day.some((other) => meet(other, span) && (other[0] !== span[0] || other[1] !== span[1]))) return false;
    day.push(span);
  }
  return true;
}

// --- Chinese ----------------------------------------------------------------------------------------------------------

const NUMBER = "一二三四五六日天";
const DAY_NAME = `(?:周|星期|礼拜)`;
const ONE = `(?:[${NUMBER}]|[1-7](?![\\d:点时]))`;
const DAYS = new RegExp(`${DAY_NAME}(${ONE}(?:(?:至|到|-)${DAY_NAME}?${ONE})?|[${NUMBER}]{2,})`, "y");
const MORE_DAYS = new RegExp(`\\s*(?:[、,和及与/]\\s*)?(?:${DAY_NAME}(?=[1-7])|${DAY_NAME}?(?=[${NUMBER}]))(${ONE}(?:(?:至|到|-)${DAY_NAME}?${ONE})?)`, "y");
const PART = "(上午|早上|早晨|清晨|早|中午|下午|傍晚|晚上|晚|凌晨|次日|翌日|第二天)?";
const TIME = `${PART}\\s*(\\d{1,2})(?::(\\d{2})|[点时](半|(\\d{1,2})分?)?|(?=\\s*(?:-|至|到)\\s*\\d{1,2}[点时]))(?:整)?`;
const SPAN = new RegExp(`${TIME}\\s*(?:-|至|到)\\s*${TIME}`, "y");
const WORDS = /** @type {[string, RegExp][]} */ ([
  ["week", /工作日|周末|双休日|休息日/y],
  ["gap", /[\s,，、;；。.|/()（）:和及与]+|(?:对外)?(?:开放|营业|服务|活动|办公|开馆|工作)(?:时间|时段)?:?|时间:?|免费|均|为|照常|正常|无休|其余(?:时间|日期)?|其他(?:时间|日期)|\d{1,2}:\d{2}后?(?:停止|截止)(?:入场|入馆|入园|进馆|进园|售票|检票|取号)/y],
  ["holiday", /(?:国家)?(?:法定)?(?:节假日|节日)/y],
  ["every", /每天|每日|天天|全年|全周|全天候?|24小时|24h/y],
  ["closed", /休息|闭馆|闭园|休馆|不开放|不营业|关闭|除外/y],
  ["urgent", /急诊(?:室|科)?|急救/y],
  ["usual", /门诊/y],
]);

/**
 * @param {string} text
 * @returns {{rules: Rule[], partly: Span[], replaces: boolean} | null}
 */
function chineseRules(text) {
  /** @type {Rule[]} */
  const rules = [];
  /** @type {Span[]} */
  const partly = [];
  let rule = /** @type {Rule | null} */ (null);
  let [urgent, holiday, named] = [false, false, /** @type {number[] | null} */ (null)];
  let at = 0;
  const take = (/** @type {RegExp} */ pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const start = (/** @type {number[] | null} */ days) => rules.push((rule = { days, spans: [], closed: false }));
  const bare = () => rule && !rule.spans.length && !rule.closed;
  const say = (/** @type {Span} */ span) => {
    if (urgent) return void partly.push(span);
    if (holiday) return; // only the holidays' own hours, and which days those are is not known here
    if (!rule || rule.closed) start(null);
    rule?.spans.push(span);
  };
  while (at < text.length) {
    const days = take(DAYS);
    if (days) {
      named = daysOf(days[1]);
      for (let next = take(MORE_DAYS); next; next = take(MORE_DAYS)) named = [...named, ...daysOf(next[1])];
      [urgent, holiday] = [false, false];
      if (rule && rule.spans.length && !rule.days && text.slice(0, at).trimEnd().match(/[(（][^()（）]*$/) && /^\s*[)）]/.test(text.slice(at))) rule.days = named; // 8:00-17:00 (Monday to Friday)
      else if (bare() && rule?.days) rule.days = [...rule.days, ...named];
      else start(named);
      continue;
    }
    const span = take(SPAN);
    if (span) {
      const read = spanOf(span);
      if (!read) return null;
      say(read);
      continue;
    }
    const before = at;
    const kind = WORDS.find(([, pattern]) => take(pattern))?.[0];
    const word = text.slice(before, at);
    if (kind === "gap") {
      if (/其余|其他/.test(word)) rule = null;
    } else if (kind === "every") {
      if (/24|全天/.test(word)) say([0, DAY]);
      else if (!bare()) start(null);
      holiday = false;
    } else if (kind === "week") {
      [urgent, holiday] = [false, false];
      const meant = word === "工作日" ? WORKDAYS : WEEKEND;
      if (bare() && rule?.days) rule.days = [...rule.days, ...meant];
      else start(meant);
    } else if (kind === "holiday") holiday = !(bare() && rule?.days); // "weekends and holidays 9:00-17:00" tells of the weekends too
    else if (kind === "urgent" || kind === "usual") urgent = kind === "urgent";
    else if (kind === "closed") {
      if (holiday) holiday = false;
      else if (bare() && rule?.days) rule.closed = true;
      else return null;
    } else return null;
  }
  if (!(rules.length || partly.length) || rules.some((one) => !one.spans.length && !one.closed)) return null; // days without a time
  return { rules, partly, replaces: false };
}

/** @param {string} text 一至五, 六日 or one day @returns {number[]} */
function daysOf(text) {
  const number = (/** @type {string} */ c) => ("1234567".includes(c) ? Number(c) - 1 : Math.min(NUMBER.indexOf(c), 6));
  const all = [...text].filter((c) => (NUMBER + "1234567").includes(c)).map(number);
  return /[至到-]/.test(text) && all.length === 2 ? between(all[0], all[1]) : all;
}

/** @param {number} from @param {number} to days of the week, over Sunday where the second comes first */
const between = (from, to) => ALL.slice(0, ((to - from + 7) % 7) + 1).map((n) => (from + n) % 7);

/** @param {RegExpExecArray} found two times @returns {Span | null} */
function spanOf([, part1, hour1, minute1, half1, rest1, part2, hour2, minute2, half2, rest2]) {
  const from = minuteOf(part1, hour1, minute1, half1, rest1);
  const to = minuteOf(part2 ?? part1, hour2, minute2, half2, rest2);
  if (from === null || to === null || from >= DAY) return null;
  const end = /次日|翌日|第二天/.test(part2 ?? "") || (part2 === "凌晨" && to <= from) ? to + DAY : to;
  return end > from && end - from <= DAY ? [from, end] : null; // 9:00-5:00 may be meant for the afternoon
}

/** @param {string | undefined} part @param {string} hour @param {string} [minute] @param {string} [half] @param {string} [rest] */
function minuteOf(part, hour, minute, half, rest) {
  const late = part && ((/下午|傍晚|晚/.test(part) && Number(hour) < 12) || (part === "中午" && Number(hour) < 10));
  const read = (Number(hour) + (late ? 12 : 0)) * 60 + (half === "半" ? 30 : Number(minute ?? rest ?? 0));
  return Number(minute ?? rest ?? 0) < 60 && read <= DAY ? read : null;
}

// --- OpenStreetMap ----------------------------------------------------------------------------------------------------

const SHORT = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
const NAMES = SHORT.join("|");
const RULE = new RegExp(`^((?:(?:${NAMES}|PH)(?:-(?:${NAMES}))?)(?:,\\s*(?:${NAMES}|PH)(?:-(?:${NAMES}))?)*)?\\s*(off|closed|24/7|\\d{1,2}:\\d{2}-\\d{1,2}:\\d{2}(?:,\\s*\\d{1,2}:\\d{2}-\\d{1,2}:\\d{2})*)$`);

/**
 * The everyday part of `opening_hours`: days, times, `off`, `PH` (passed over), `24/7`; later rules replace earlier ones.
 * @param {string} text
 * @returns {{rules: Rule[], partly: Span[], replaces: boolean} | null}
 */
function osmRules(text) {
  /** @type {Rule[]} */
  const rules = [];
  for (const part of text.replace(/(\d)\s*,(?=\s*[A-Z])/g, "$1;").split(";")) {
    if (!part.trim()) continue;
    const found = RULE.exec(part.trim());
    if (!found) return null;
    const names = found[1]?.split(/,\s*/) ?? [];
    const days = names.filter((name) => name !== "PH").flatMap((name) => between(SHORT.indexOf(name.slice(0, 2)), SHORT.indexOf(name.slice(-2))));
    if (names.length && !days.length) continue;
    const closed = /off|closed/.test(found[2]);
    const spans = closed ? [] : found[2] === "24/7" ? [/** @type {Span} */ ([0, DAY])] : found[2].split(/,\s*/).map(osmSpan);
    if (spans.some((span) => !span)) return null;
    rules.push({ days: names.length ? days : null, spans: /** @type {Span[]} */ (spans), closed });
  }
  const all = rules.flatMap((rule) => rule.days ?? ALL);
  if (/\d\s*,\s*[A-Z]/.test(text) && new Set(all).size < all.length) return null; // after a comma a rule adds to the one before
  return rules.length ? { rules, partly: [], replaces: true } : null;
}

/** @param {string} text @returns {Span | null} */
function osmSpan(text) {
  const [h1, m1, h2, m2] = text.split(/[:-]/).map(Number);
  const [from, to] = [h1 * 60 + m1, h2 * 60 + m2];
  if (m1 > 59 || m2 > 59 || from >= DAY || to > DAY || from === to) return null;
  return [from, to > from ? to : to + DAY];
}
