import assert from "node:assert/strict";
import { test } from "node:test";
import { classOf, shaded, shadings } from "../../../cfmap/publish/web/src/shade.js";

const group = { parts: { share: [0, 19.99, 20, 79.9, 80, 100, null, 50], total: [1, 1, 1, 1, 1, 1, 0, 9] }, hidden: { share: [7] }, bounds: {} };
const data = { names: ["甲", "乙", ""], areas: [0, 1], items: { "childcare.walk15": [group, { ...group, parts: { total: [1] } }], "parks.nature30": [] } };

test("five shades of 20 per cent each; what is hidden or not known has none of them", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5].map((n) => classOf(group, n)), [0, 0, 1, 3, 4, 4]);
  assert.deepEqual([6, 7, -1].map((n) => classOf(group, n)), ["unknown", "hidden", "unknown"]);
});
test("only shares that are there, of towns with outlines, can be shown", () => {
  assert.deepEqual(shadings(data), ["childcare.walk15.0"]);
  assert.equal(shaded(data, "childcare.walk15.0"), group);
  for (const wrong of ["", "childcare.walk15.1", "childcare.walk15.7", "x.0", "__proto__.0"]) assert.equal(shaded(data, wrong), null, wrong);
  assert.deepEqual(shadings({ ...data, areas: undefined }), []);
  assert.deepEqual(shadings(undefined), []);
});
