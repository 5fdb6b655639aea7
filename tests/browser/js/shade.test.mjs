import assert from "node:assert/strict";
import { test } from "node:test";
import { classOf, shadeOf, shaded, shadings } from "../../../cfmap/publish/web/src/shade.js";

const group = { parts: { share: [0, 19.99, 20, 79.9, 80, 100, null, 50], total: [1, 1, 1, 1, 1, 1, 0, 9] }, hidden: { share: [7] }, bounds: {}, breaks: [20, 40, 60, 80, 100] };
const data = { names: ["甲", "乙", ""], areas: [0, 1], items: { "childcare.walk15": [group, { ...group, parts: { total: [1] } }], "parks.nature30": [] } };

test("a share belongs to the first class that it does not exceed; what is hidden or not known has none", () => {
  assert.deepEqual([0, 1, 2, 3, 4, 5].map((n) => classOf(group, n)), [0, 0, 0, 3, 3, 4]);
  assert.deepEqual([6, 7, -1].map((n) => classOf(group, n)), ["unknown", "hidden", "unknown"]);
});
test("few classes are spread over the shades, the most is the darkest", () => {
  assert.deepEqual([0, 1, 2].map((n) => shadeOf(n, 3)), [0, 2, 4].map((n) => shadeOf(n, 5)));
  assert.equal(shadeOf(0, 1), shadeOf(2, 5));
});
test("only shares that are there, of towns with outlines, can be shown", () => {
  assert.deepEqual(shadings(data), ["childcare.walk15.0"]);
  assert.equal(shaded(data, "childcare.walk15.0"), group);
  for (const wrong of ["", "childcare.walk15.1", "childcare.walk15.7", "x.0", "__proto__.0"]) assert.equal(shaded(data, wrong), null, wrong);
  assert.deepEqual(shadings({ ...data, areas: undefined }), []);
  assert.deepEqual(shadings(undefined), []);
});
