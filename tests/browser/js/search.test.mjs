import assert from "node:assert/strict";
import { test } from "node:test";
import { fold, score } from "../../../cfmap/publish/web/src/search.js";

const READINGS = { 示: "shi", 例: "li", 实: "shi", 验: "yan", 长: "chang zhang", 沙: "sha", 岛: "dao", 学: "xue", 校: "xiao jiao" };
const found = (text, query) => score(text, fold(query), READINGS) > 0;

test("initials find a name", () => assert.ok(found("实验学校", "syxx")));
test("whole pinyin finds a name, spaces or not", () => assert.ok(found("实验学校", "shi yan") && found("实验学校", "shiyanxuexiao")));
test("initials and whole readings may be mixed, the last one half typed", () => assert.ok(found("实验学校", "syxuexi") && found("实验学校", "shiyanx")));
test("two-letter initials work", () => assert.ok(found("长沙岛", "chshd")));
test("every reading of a character counts", () => assert.ok(found("长沙岛", "zhangsha") && found("长沙岛", "changsha") && found("学校", "xuejiao")));
test("a search may begin inside the name", () => assert.ok(found("示例实验学校", "xuexiao")));
test("characters are found as they stand, full width folded", () => assert.ok(found("实验学校ABC", "校ａｂc")));
test("what is not there is not found", () => assert.ok(!found("实验学校", "syy") && !found("实验学校", "公园") && !found("实验学校", "xs")));
test("the start of a name comes before its middle", () => assert.ok(score("学校东", "学校", {}) > score("东学校", "学校", {})));
test("an empty search finds everything", () => assert.equal(score("任何", "", {}), 1));
