/** What colleagues read of a crossing on the way to school. */
import assert from "node:assert/strict";
import { test } from "node:test";
import "./words.mjs";
import { crossingTitle, crossingWords } from "../../../cfmap/publish/web/src/crossings.js";

test("a crossing has its rank, its name or what it is, what is known, and how many children", () => {
  assert.deepEqual(crossingWords([1, "road", "人民路", "unsafe", 300, 0, 0]), ["1. 人民路", "主干道 · 没有设施 · 300 名儿童"]);
  assert.deepEqual(crossingWords([2, "water", "", "unknown", null, 0, 0]), ["2. 河湖", "没有资料 · 人数未知"]);
});

test("the switch names kindergartens where some of the crossings are on the way there", () => {
  const kind = (layer) => ({ layer, rows: [], more: 0 });
  assert.equal(crossingTitle({ states: {}, kinds: [kind("schools")] }), "上学过街点");
  assert.equal(crossingTitle({ states: {}, kinds: [kind("schools"), kind("kindergartens")] }), "上学、入园过街点");
});
