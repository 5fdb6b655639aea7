import assert from "node:assert/strict";
import { test } from "node:test";
import { Sites } from "../../../cfmap/publish/web/src/data.js";
import { byTown, byYear, rowsFor, yearsIn } from "../../../cfmap/publish/web/src/tally.js";

const meta = { layers: [{ key: "parks", group: "play" }, { key: "schools", group: "learn" }] };
const sites = new Sites(meta, {
  rows: [4, 2],
  key: ["a", "b", "c", "d", "e", "f"],
  lon: [12300000, 12310000, null, 12300100, 12300000, 12300000],
  lat: [2800000, 2800000, null, 2800000, 2800100, 2800000],
  name: ["一", "二", "三", "四", "五", "六"],
  columns: {
    year: { v: [2022, 2024, 2022, null, 2020, 2023] },
    town: { v: ["东镇", "西镇", "东镇", null, "西镇", "东镇"] },
    status: { d: ["在用", "规划"], i: [0, 0, 0, 0, 0, 1] },
  },
  own: {}, lines: "", polygons: "", pinyin: {},
});
const state = { lang: "zh", group: "", layers: [], wishes: [], town: "", unsure: false, q: "", year: 2024, planned: false, near: null, site: -1, panel: "", reach: [], perimeter: false };
const all = [0, 1, 2, 3, 4];

test("years add up, and what has no year stands apart", () => {
  assert.deepEqual(byYear(sites, all), { years: [{ year: 2020, fresh: 1, upTo: 1 }, { year: 2022, fresh: 2, upTo: 3 }, { year: 2024, fresh: 1, upTo: 4 }], unknown: 1 });
});
test("a year to choose has its bar also when nothing is new in it", () => assert.deepEqual(byYear(sites, all, [2023]).years.map(({ year, fresh, upTo }) => [year, fresh, upTo]), [[2020, 1, 1], [2022, 2, 3], [2023, 0, 3], [2024, 1, 4]]));
test("with few bars the first holds all that was there before", () => assert.deepEqual(byYear(sites, all, [], 2).years, [{ year: 2022, fresh: 2, upTo: 3 }, { year: 2024, fresh: 1, upTo: 4 }]));
test("towns by number, without a town apart; together they are all", () => {
  const { towns, unknown } = byTown(sites, [...all, 5]);
  assert.deepEqual([towns, unknown], [[{ town: "东镇", n: 3 }, { town: "西镇", n: 2 }], 1]);
});
test("every bar counts what tapping it shows, those without a year included", () => {
  const { years, unknown } = byYear(sites, rowsFor(sites, { ...state, year: 2022 }, { year: 2024 }));
  for (const { year, upTo } of years) assert.equal(upTo + unknown, rowsFor(sites, state, { year }).length, String(year));
});
test("planned places count when they are shown", () => assert.deepEqual(byTown(sites, rowsFor(sites, { ...state, planned: true }, {})).towns[0], { town: "东镇", n: 3 }));
test("the years that are named, in order", () => assert.deepEqual(yearsIn(sites), [2020, 2022, 2023, 2024]));
