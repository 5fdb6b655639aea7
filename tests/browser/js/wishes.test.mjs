import assert from "node:assert/strict";
import { test } from "node:test";
import { Sites } from "../../../cfmap/publish/web/src/data.js";
import { sift, tally, wishesOf } from "../../../cfmap/publish/web/src/filters.js";
import { suits } from "../../../cfmap/publish/web/src/wishes.js";

const meta = {
  shifted: true,
  layers: [
    { key: "parks", group: "play", title: "公园", title_en: "Parks", fields: [] },
    { key: "rooms", group: "care", title: "母婴室", title_en: "Rooms", fields: [{ key: "kind", title: "类型", kind: "choice" }, { key: "room", title: "母婴室", kind: "yesno" }] },
  ],
};
const block = {
  rows: [4, 3],
  key: ["a", "b", "c", "d", "e", "f", "g"],
  lon: Array(7).fill(0), lat: Array(7).fill(0),
  name: ["p0", "p1", "p2", "p3", "r0", "r1", "r2"],
  columns: {
    status: { v: [null, null, null, "在建", null, null, null] },
    fee: { v: ["免费", "部分收费", null, "免费", "免费", null, "收费"] },
    age_min: { v: [0, 3, null, 0, 0, null, 6] },
    age_max: { v: [6, 12, null, 18, 3, null, null] },
    facilities: { v: ["母婴室；室外", "室内", null, "婴儿车可达", null, "饮水点", "室外;室内"] },
    opening: { v: ["8:00-18:00", "周末休息，9:00-17:00", "看通知", "全天", "全天", null, "Mo-Fr 08:00-09:00"] },
    town: { v: ["甲镇", "乙镇", null, "甲镇", "甲镇", "乙镇", "甲镇"] },
  },
  own: { rooms: { kind: { v: ["独立母婴室", "无母婴室", null] }, room: { v: [null, null, false] } } },
  lines: "", polygons: "", pinyin: {},
};
const sites = new Sites(meta, block);
const state = { group: "", layers: [], wishes: [], town: "", unsure: false, q: "", year: 2024, planned: true, near: null };
const found = (change, of = sites) => {
  const { rows, unsure } = sift(of, { ...state, ...change });
  return [rows.map((row) => of.name(row)).join(" "), unsure.map((row) => of.name(row)).join(" ")];
};

test("ages: a band ends where the next begins; a missing end is not known unless the other decides", () => {
  const bands = [[0, 3], [3, 6], [6, 12], [12, 18]];
  const asked = (from, to) => bands.map((band) => suits(from, to, band));
  assert.deepEqual(asked(0, 3), [1, -1, -1, -1]);
  assert.deepEqual(asked(0, 6), [1, 1, -1, -1]);
  assert.deepEqual(asked(2, 12), [1, 1, 1, -1]);
  assert.deepEqual(asked(3, 3), [-1, 1, -1, -1]);
  assert.deepEqual(asked(0, 18), [1, 1, 1, 1]);
  assert.deepEqual(asked(null, null), [0, 0, 0, 0]);
  assert.deepEqual(asked(6, null), [-1, -1, 1, 1].map((v, n) => (n === 3 ? 0 : v)));
  assert.deepEqual(asked(null, 6), [0, 1, -1, -1]);
});
test("free: half free is not free, and nothing written is not known", () => assert.deepEqual(found({ wishes: ["free"] }), ["p0 p3 r0", "p2 r1"]));
test("not known can be put in", () => assert.deepEqual(found({ wishes: ["free"], unsure: true }), ["p0 p2 p3 r0 r1", "p2 r1"]));
test("a facility counts where a list or the layer's own column names it; a list without it does not say no", () => {
  assert.deepEqual(found({ wishes: ["nursing"] }), ["p0 r0", "p1 p2 p3 r1"]); // r2: its own column says no
  assert.deepEqual(found({ wishes: ["stroller"] }), ["p3", "p0 p1 p2 r0 r1 r2"]);
});
test("indoors and outdoors answer each other; both chosen means either", () => {
  assert.deepEqual(found({ wishes: ["indoor"] }), ["p1 r2", "p2 p3 r0 r1"]);
  assert.deepEqual(found({ wishes: ["indoor", "outdoor"] }), ["p0 p1 r2", "p2 p3 r0 r1"]);
});
test("filters hold together, with the town and with each other; no beats not known", () => {
  assert.deepEqual(found({ wishes: ["3-6", "free"] }), ["p0 p3", "p2 r1"]);
  assert.deepEqual(found({ wishes: ["0-3", "6-12"], town: "甲镇" }), ["p0 p3 r0 r2", "p2"]);
  assert.deepEqual(found({ wishes: ["free"], layers: ["parks"] }), ["p0 p3", "p2"]);
});
test("counts say what each option would leave beside everything else", () => {
  const counted = tally(sites, { ...state, wishes: ["0-3", "free"] });
  assert.equal(counted.options.get("0-3"), 3); // p0 p3 r0 are free
  assert.equal(counted.options.get("3-6"), 2); // p0 p3: the other ages are asked instead
  assert.equal(counted.options.get("nursing"), 2); // p0 r0
  assert.deepEqual([...counted.towns], [["甲镇", 3]]);
  const all = tally(sites, { ...state, town: "甲镇" });
  assert.equal(all.options.get("free"), 3);
  assert.deepEqual([...all.towns], [["甲镇", 4], ["乙镇", 2]]);
  for (const [key, count] of all.options) assert.equal(found({ town: "甲镇", wishes: [key] })[0].split(" ").filter(Boolean).length, count, key);
  const sure = tally(sites, { ...state, wishes: ["free"], unsure: true });
  for (const [key, count] of sure.options) assert.equal(found({ wishes: [...new Set(["free", key])], unsure: true })[0].split(" ").filter(Boolean).length, count, key);
});
test("what no table says is told apart from what nobody has", () => {
  assert.deepEqual([...wishesOf(sites).silent()], []);
  const bare = new Sites(meta, { ...block, columns: { ...block.columns, fee: { v: Array(7).fill(null) }, facilities: { v: ["饮水点", ...Array(6).fill(null)] } }, own: { rooms: { kind: { v: [null, null, null] }, room: { v: [null, null, false] } } } });
  assert.deepEqual([...wishesOf(bare).silent()], ["free", "indoor", "outdoor", "stroller"]); // one room says that it has none: that is an answer
});
test("open now by China's clock; unread texts are not known, places being built are not open", () => {
  const set = (day, hour, minute) => (wishesOf(sites).now = () => day * 1440 + hour * 60 + minute);
  set(0, 10, 0);
  assert.deepEqual(found({ wishes: ["open"] }), ["p0 p1 r0", "p2 r1"]);
  set(0, 8, 30);
  assert.deepEqual(found({ wishes: ["open"] }), ["p0 r0 r2", "p2 r1"]);
  set(5, 10, 0);
  assert.deepEqual(found({ wishes: ["open"] }), ["p0 r0", "p2 r1"]);
});
test("of very many sites nothing is left out before their columns are here", () => {
  const { own, key, columns, ...early } = block;
  const late = new Sites(meta, { ...early, columns: {} });
  late.more = null;
  assert.equal(found({ wishes: ["free"] }, late)[0].split(" ").length, 7);
  assert.equal(wishesOf(late).ready, false);
  late.more = { own, key, columns };
  assert.deepEqual(found({ wishes: ["free"] }, late), ["p0 p3 r0", "p2 r1"]);
});
test("ten thousand sites: every filter on, every option counted", () => {
  const n = 10000;
  const pick = (values) => ({ d: values, i: Array.from({ length: n }, (_, row) => row % values.length) });
  const many = new Sites({ ...meta, layers: [meta.layers[0]] }, {
    ...block, rows: [n], own: {}, key: Array(n).fill("k"), name: Array(n).fill("公园"), lon: Array(n).fill(0), lat: Array(n).fill(0),
    columns: { fee: pick(["免费", null, "收费"]), age_min: pick([0, 3]), age_max: pick([6, 12]), facilities: pick(["室内；母婴室", "室外", null]), opening: { v: Array.from({ length: n }, (_, row) => `周一至周五 ${8 + (row % 3)}:${10 + (row % 50)}-17:30`) }, town: pick(["甲镇", "乙镇"]) },
  });
  const asked = { ...state, wishes: ["0-3", "3-6", "free", "open", "indoor", "nursing"], town: "甲镇" };
  tally(many, asked); // texts are read once
  const before = process.cpuUsage();
  sift(many, asked);
  tally(many, asked);
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 150_000, `${(user + system) / 1000} ms`);
});
