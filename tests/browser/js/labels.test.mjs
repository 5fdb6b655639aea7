import assert from "node:assert/strict";
import { test } from "node:test";
import { clipped, drawLabels, upright } from "../../../cfmap/publish/web/src/labels.js";

const box = [0, 0, 100, 50];

test("a line that crosses the box is cut at its edges", () => {
  assert.deepEqual(clipped([-100, 25], [300, 25], box), [[0, 25], [100, 25]]);
  assert.deepEqual(clipped([50, 10], [50, 20], box), [[50, 10], [50, 20]]);
  assert.deepEqual(clipped([50, 500], [50, -500], box), [[50, 50], [50, 0]]);
  assert.deepEqual(clipped([-10, -10], [60, 60], box), [[0, 0], [50, 50]]);
});

test("a line beside the box has no part in it", () => {
  assert.equal(clipped([-10, -5], [200, -5], box), null);
  assert.equal(clipped([-30, 20], [20, -30], box), null);
});

test("Chinese on a steep street stands upright; other writing, and gentle streets, go along", () => {
  assert.ok(upright("金禾路", 1.4));
  assert.ok(upright("金禾路", -1.5));
  assert.ok(!upright("金禾路", 0.5));
  assert.ok(!upright("Rue Grimaldi", 1.5));
  assert.ok(!upright("G15 沈海线", 1.5));
});

/** What is written where, for streets given in pixels of a map of 400 x 300 with 100 more on each side. */
function written(streets, zoom = 17) {
  const out = [];
  let at = { x: 0, y: 0 };
  const ctx = {
    font: "", save() {}, restore() { at = { x: 0, y: 0 }; }, rotate() {}, strokeText() {},
    translate(x, y) { at = { x, y }; },
    measureText: (text) => ({ width: 13 * text.length }),
    fillText(text, x, y) { out.push({ text, x: x + at.x - 100, y: y + at.y - 100 }); },
  };
  const scale = 256 * 2 ** zoom;
  const xy = streets.flatMap((s) => s.points.flat().map((v) => (v + 100) / scale));
  const starts = [0];
  for (const s of streets) starts.push(starts[starts.length - 1] + s.points.length);
  const boxes = streets.flatMap(({ points }) => [0, 1].map((k) => (Math.min(...points.map((p) => p[k])) + 100) / scale).concat([0, 1].map((k) => (Math.max(...points.map((p) => p[k])) + 100) / scale)));
  const lines = { count: streets.length, tags: streets.map((_, n) => n + 1), starts, xy, boxes };
  const base = { labels: { name: [], rank: [], lon: [], lat: [] }, names: streets.map((s) => s.name), roads: { local: lines } };
  drawLabels(ctx, base, [], zoom, 0, 0, 600, 500, 100);
  return out;
}

test("a street that crosses the whole map has its name in sight", () => {
  const [{ text, x, y }] = written([{ name: "东西大街", points: [[-90000, 150], [9000, 150]] }]);
  assert.equal(text, "东西大街");
  assert.ok(x > 50 && x < 350 && y === 150);
});

test("characters of a street going up the map are read from top to bottom", () => {
  const letters = written([{ name: "南北路", points: [[200, 290], [200, 10]] }]);
  assert.deepEqual(letters.map((l) => l.text), ["南", "北", "路"]);
  assert.ok(letters[0].y < letters[1].y && letters[1].y < letters[2].y);
  assert.ok(letters.every((l) => Math.abs(l.x - 200) < 1));
});

test("two streets never write over one another", () => {
  const both = written([{ name: "甲乙丙丁路", points: [[0, 150], [400, 150]] }, { name: "戊己庚辛路", points: [[0, 155], [400, 155]] }]);
  assert.deepEqual(both.map((l) => l.text), ["甲乙丙丁路"]);
});
