import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Sites } from "../../../cfmap/publish/web/src/data.js";
import { AHEAD_DAYS, Calendar, dayOf, when, words } from "../../../cfmap/publish/web/src/events.js";
import { counts, shown } from "../../../cfmap/publish/web/src/filters.js";
import { setLanguage } from "../../../cfmap/publish/web/src/i18n.js";

const CASES = JSON.parse(readFileSync(new URL("events.cases.json", import.meta.url), "utf8"));
const day = (text) => Date.parse(`${text}T00:00:00Z`) / 864e5;
const said = (starts, ends, today) => words(starts, ends, day(today));

test("what an event is on a day, as the command says it", () => {
  assert.equal(AHEAD_DAYS, CASES.ahead);
  for (const [starts, ends, today, kind] of CASES.when) assert.equal(when(starts, ends, day(today)), kind, `${starts} ${ends} ${today}`);
});

test("a day in China begins at 16 o'clock of the world's", () => {
  assert.equal(dayOf(new Date("2026-11-27T15:59:59Z"), true, "2026-01-01"), day("2026-11-27"));
  assert.equal(dayOf(new Date("2026-11-27T16:00:00Z"), true, "2026-01-01"), day("2026-11-28"));
});
test("elsewhere it is the reader's own day", () => assert.equal(dayOf(new Date(2026, 10, 27, 0, 0, 1), false, "2026-01-01"), day("2026-11-27")));
test("a clock that stands before the list was read, or nowhere, is not believed", () => {
  assert.equal(dayOf(new Date("1970-01-01T00:00:00Z"), true, "2026-11-20"), day("2026-11-20"));
  assert.equal(dayOf(new Date(NaN), true, "2026-11-20"), day("2026-11-20"));
});

test("days in words", () => {
  const friday = "2026-11-27";
  const wanted = [
    [["2026-11-27", null], "今天", "Today"],
    [["2026-11-28", "2026-11-28"], "明天", "Tomorrow"],
    [["2026-11-29", null], "本周日 · 11月29日", "This Sunday, 29 November"],
    [["2026-11-30", null], "下周一 · 11月30日", "Next week, Monday 30 November"],
    [["2026-12-06", null], "下周日 · 12月6日", "Next week, Sunday 6 December"],
    [["2026-12-07", null], "12月7日 周一", "Monday 7 December"],
    [["2027-01-02", null], "2027年1月2日 周六", "Saturday 2 January 2027"],
    [["2026-11-20", "2026-11-30"], "正在进行 · 到11月30日", "On now, until 30 November"],
    [["2026-11-20", "2026-11-27"], "今天最后一天", "Last day today"],
    [["2026-11-28", "2026-12-03"], "明天起 · 到12月3日", "Tomorrow until 3 December"],
    [["2026-01-01", "长期"], "长期", "Ongoing"],
    [["2026-11-29", "长期"], "本周日 · 11月29日起长期", "This Sunday, 29 November, then ongoing"],
    [["2026-01-01", "待定"], "正在进行", "On now"],
    [["2026-11-28", "待定"], "明天起", "From Tomorrow"],
    [["2026-12", null], "2026年12月，哪天待定", "December 2026, day to be announced"],
    [[null, null], "日期待定", "Date to be announced"],
    [[null, "2026-11-30"], "正在进行 · 到11月30日", "On now, until 30 November"],
  ];
  for (const [dates, zh, en] of wanted) {
    setLanguage("zh");
    assert.equal(said(...dates, friday), zh);
    setLanguage("en");
    assert.equal(said(...dates, friday), en);
  }
  setLanguage("zh");
});
test("on a Sunday this week ends today, on a Monday it begins", () => {
  assert.equal(said("2026-11-30", null, "2026-11-29"), "明天");
  assert.equal(said("2026-12-01", null, "2026-11-29"), "下周二 · 12月1日");
  assert.equal(said("2026-12-06", null, "2026-11-30"), "本周日 · 12月6日");
});

const EVENTS = {
  layer: 1,
  read: "2026-11-01",
  key: ["past", "far", "ever", "open", "week", "day"],
  name: ["过去的", "很远的", "长期的", "待定的", "一周的", "一天的"],
  lon: [null, 1, 12300000, null, 12300000, 12310000],
  lat: [null, 1, 2800000, null, 2800000, 2800000],
  columns: { address: { v: [null, null, null, null, "一路", "二路"] } },
  own: { starts_on: { v: ["2026-11-02", "2027-06-01", "2026-01-01", null, "2026-11-20", "2026-11-28"] }, ends_on: { v: [null, null, "长期", null, "2026-12-05", null] } },
  site: [null, null, 0, null, 0, null],
  pinyin: { 周: "zhou" },
};
function city() {
  const meta = { shifted: true, layers: [{ key: "parks", group: "play", title: "公园绿地", title_en: "Parks" }, { key: "events", group: "play", title: "活动", title_en: "Events" }] };
  return new Sites(meta, { rows: [1, 0], key: ["a"], lon: [12300000], lat: [2800000], name: ["公园"], columns: {}, own: { parks: {} }, lines: "", polygons: "", pinyin: {} }, EVENTS);
}
const state = { lang: "zh", group: "", layers: ["events"], wishes: [], town: "", unsure: false, q: "", year: 2022, planned: false, near: null, site: -1 };
const names = (sites, change = {}) => shown(sites, { ...state, ...change }).map((row) => sites.name(row));

test("only what is on is there at all, soonest first, undated last; counts agree", () => {
  const sites = city();
  const calendar = new Calendar(sites, () => new Date("2026-11-27T04:00:00Z"));
  assert.deepEqual(names(sites), ["一周的", "一天的", "长期的", "待定的"]);
  assert.equal(sites.count, 5);
  assert.equal(counts(sites, state).get("events"), 4);
  assert.equal(sites.meta.layers[1].unlocated, 1);
  assert.deepEqual(names(sites, { q: "zhou" }), ["一周的"]);
  assert.deepEqual([...Array(sites.count).keys()].map(sites.when), ["", "正在进行 · 到12月5日", "明天", "长期", "日期待定"]);
  assert.deepEqual(calendar.kinds, { now: 2, soon: 1, undated: 1, later: 1, over: 1 });
  assert.equal(sites.text(2, "address"), "二路");
  assert.equal(sites.own(2, "starts_on"), "2026-11-28");
  assert.deepEqual([sites.placeOf(1), sites.placeOf(2)], [0, -1]);
});
test("links lead to events by their own key; one that is over is known to be", () => {
  const sites = city();
  const calendar = new Calendar(sites, () => new Date("2026-11-27T04:00:00Z"));
  assert.equal(sites.find(sites.key(2)), 2);
  assert.deepEqual([sites.find("past"), sites.find(""), sites.find("a")], [-1, -1, 0]);
  assert.deepEqual(["past", "far", "day", "a"].map((key) => calendar.isOver(key)), [true, false, false, false]);
});
test("when the day changes rows move and one can follow them", () => {
  const sites = city();
  let now = new Date("2026-11-28T15:59:00Z");
  const calendar = new Calendar(sites, () => now);
  assert.equal(sites.when(1), "今天");
  assert.equal(calendar.turn(), false);
  now = new Date("2026-11-28T16:00:00Z");
  assert.equal(calendar.turn(), true);
  assert.deepEqual(names(sites), ["一周的", "长期的", "待定的"]);
  assert.deepEqual([1, 2, 3].map((row) => sites.rowNow(row)), [-1, 1, 2]);
  assert.equal(sites.lon[2], 123);
});
test("the list reaches to the last day that is known", () => assert.equal(new Calendar(city(), () => new Date("2026-11-27T04:00:00Z")).until(), "2027年6月1日"));
test("a page without events has a calendar that does nothing", () => {
  const sites = new Sites({ layers: [] }, { rows: [], key: [], lon: [], lat: [], name: [], columns: {}, own: {}, lines: "", polygons: "", pinyin: {} });
  assert.equal(new Calendar(sites).turn(), false);
  assert.equal(sites.count, 0);
});
