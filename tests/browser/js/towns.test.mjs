import assert from "node:assert/strict";
import { test } from "node:test";
import { setLanguage } from "../../../cfmap/publish/web/src/i18n.js";
import { missing, words } from "../../../cfmap/publish/web/src/towns.js";

setLanguage("zh");
const group = {
  parts: { share: [84.96, 99.97, 0.01, null, null, 40, 40, 40], covered: [1234.4, 1, 0, null, 0, null, 5, 5], total: [1500, 2, 3, null, 0, 9, 9, 9] },
  hidden: { covered: [5] },
  bounds: { 6: [30.04, 50.06], 7: [null, null], 0: [84.96, 84.96] },
};
test("a share is rounded, but never to all or to nobody", () => assert.deepEqual([0, 1, 2].map((n) => words(group, "share", n)), ["85%", "99.9%", "0.1%"]));
test("unknown is not zero, and nobody is not unknown", () => {
  assert.equal(words(group, "covered", 3), "没有数据");
  assert.equal(words(group, "share", 3), "没有数据");
  assert.equal(words(group, "share", 4), "没有人");
  assert.equal(words(group, "covered", 2), "0");
});
test("what is hidden says so", () => assert.equal(words(group, "covered", 5), "不公布"));
test("bounds stand beside the share, also when there are none; equal ones do not", () => {
  assert.deepEqual([6, 7, 0, 1].map((n) => missing(group, n)), ["30–50.1%", "有社区缺数", "", ""]);
  assert.equal(words(group, "share", 6), "40%");
});
test("people are whole", () => assert.equal(words(group, "covered", 0), "1,234"));
