import assert from "node:assert/strict";
import { test } from "node:test";
import { Sites } from "../../../cfmap/publish/web/src/data.js";
import { counts, distance, metres, nearestFirst, shown, wayTo } from "../../../cfmap/publish/web/src/filters.js";

const meta = { layers: [{ key: "parks", group: "play", title: "公园绿地", title_en: "Parks" }, { key: "schools", group: "learn", title: "中小学校", title_en: "Schools" }] };
const sites = new Sites(meta, {
  rows: [3, 2],
  key: ["a", "b", "c", "d", "e"],
  lon: [12300000, 12310000, null, 12300100, 12300000],
  lat: [2800000, 2800000, null, 2800000, 2800100],
  name: ["东公园", "西公园", "无坐标公园", "东小学", "规划小学"],
  columns: { year: { v: [2022, 2024, 2023, null, 2022] }, status: { d: ["在用", "规划"], i: [0, 0, 0, 0, 1] }, town: { v: ["河口镇", null, "山前街道", "河口镇", null] } },
  own: { parks: { area: { v: [1, 2, 3] } }, schools: { pupils: { v: [500, 600] } } },
  lines: "", polygons: "", pinyin: { 东: "dong", 河: "he", 口: "kou", 公: "gong", 园: "yuan", 绿: "lv", 地: "di de" },
});
const state = { lang: "zh", group: "", layers: [], wishes: [], town: "", unsure: false, q: "", year: 2024, planned: false, near: null, site: -1, panel: "", reach: [], perimeter: false };
const names = (change) => shown(sites, { ...state, ...change }).map((row) => sites.name(row));

test("planned places wait until they are asked for", () => {
  assert.deepEqual(names({}), ["东公园", "西公园", "无坐标公园", "东小学"]);
  assert.equal(names({ planned: true }).length, 5);
});
test("a group and a layer narrow down", () => {
  assert.deepEqual(names({ group: "learn" }), ["东小学"]);
  assert.deepEqual(names({ layers: ["schools"] }), ["东小学"]);
});
test("a year shows what there was by then; an unknown year stays", () => assert.deepEqual(names({ year: 2022 }), ["东公园", "东小学"]));
test("search by pinyin", () => assert.deepEqual(names({ q: "dong" }), ["东公园", "东小学"]));
test("search by town and by category, by pinyin and in English too", () => {
  assert.deepEqual(names({ q: "河口" }), ["东公园", "东小学"]);
  assert.deepEqual(names({ q: "hekou" }), ["东公园", "东小学"]);
  assert.deepEqual(names({ q: "中小学" }), ["东小学"]);
  assert.deepEqual(names({ q: "gongyuan" }), ["东公园", "西公园", "无坐标公园"]);
  assert.deepEqual(names({ q: "lvdi" }), ["东公园", "西公园", "无坐标公园"]);
  assert.deepEqual(names({ q: "school" }), ["东小学"]);
});
test("near orders by straight distance, without a place last", () => assert.deepEqual(names({ near: { lat: 28, lon: 123.001 } }), ["东小学", "东公园", "西公园", "无坐标公园"]));
test("known walks stand first, by minutes, the rest by the straight line; every way says what it is", () => {
  const near = { lat: 28, lon: 123.001 };
  sites.walks = () => new Map([[1, 4], [0, 9]]);
  assert.deepEqual(names({ near }), ["西公园", "东公园", "东小学", "无坐标公园"]);
  assert.deepEqual([0, 2, 3].map((row) => wayTo(sites, row, near)), ["步行约 9 分钟", "", "直线 0 m"]);
  sites.walks = () => new Map();
  assert.deepEqual(names({ near }), ["东小学", "东公园", "西公园", "无坐标公园"]);
});
test("of very many known walks twenty are told", () => {
  const many = new Sites({ layers: [meta.layers[0]] }, { ...sites.data, rows: [30], key: [], name: Array(30).fill(""), lon: Array(30).fill(12300000), lat: Array(30).fill(2800000), columns: {}, own: {} });
  many.walks = () => new Map(Array.from({ length: 30 }, (_, row) => [row, 30 - row]));
  assert.deepEqual(nearestFirst(many, Array.from({ length: 30 }, (_, row) => row), { lat: 28, lon: 123 }), [...Array.from({ length: 20 }, (_, n) => 29 - n), ...Array.from({ length: 10 }, (_, n) => n)]);
});
test("counts by layer ignore the chosen layer, not the year", () => assert.deepEqual([...counts(sites, { ...state, layers: ["parks"], year: 2022 })], [["parks", 1], ["schools", 1]]));
test("a layer's own columns are read by its own rows", () => assert.deepEqual([sites.own(1, "area"), sites.own(3, "pupils")], [2, 500]));
test("one degree of latitude is 111.195 km on the sphere", () => assert.ok(Math.abs(metres(28, 123, 29, 123) - 111195) < 1));
test("distances are rounded as people say them", () => assert.deepEqual([distance(344), distance(1234), distance(12345)], ["340 m", "1.2 km", "12 km"]));
