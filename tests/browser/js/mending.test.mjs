/** What colleagues read of an action, and of before and after. */
import assert from "node:assert/strict";
import { test } from "node:test";
import "./words.mjs";
import { mendingWords, stepWords } from "../../../cfmap/publish/web/src/mending.js";

const ROW = {
  work: "修人行道", work_en: "build a sidewalk", road: "和平路北侧", road_en: "和平路, north side", where: "三小旁边", where_en: "beside 三小", metres: 1260, known: true, spare: false,
  schools: 2, alone: 1, pupils: [400, 1], children: [1300, 0], at: [0, 0],
};

test("an action says what, where, for whom and what it does alone; a sum that lacks a school is a least one", () => {
  assert.deepEqual(mendingWords(ROW, 3), ["3. 修人行道 · 和平路北侧", ["三小旁边 · 1,260 米", "2 所需要 · 在校（园）生 至少 400 人 · 就近儿童 1,300 人 · 只做这一条，1 所就安全"]]);
});

test("a gate has no length and perhaps no road; what nobody knows is looked at first, and unknown people are not none", () => {
  const gate = { ...ROW, road: "", metres: 0, known: false, schools: 1, alone: 0, spare: true, pupils: [null, 1], children: [null, 1] };
  assert.deepEqual(mendingWords(gate, 12), ["12. 修人行道", ["三小旁边 · 没有资料，先去看", "1 所需要 · 孩子多少不知道 · 可以不做"]]);
});

test("costs are said with how they are counted, and a missing price is not nothing", () => {
  const words = (cost) => mendingWords({ ...ROW, cost }, 1)[1][1];
  assert.match(words([138000, "460 米 × 300 元", "460 m × 300 yuan"]), / · 138,000 元（460 米 × 300 元） · 只做这一条/);
  assert.match(words([null, "", ""]), / · 费用不知道（没有单价） · /);
});

test("before and after say both bounds, one number where they are equal, and nothing where nothing is counted", () => {
  assert.equal(stepWords([0, 12.1, 77.6, 0, 64, 155], 1221), "现在：安全路段 12.1–77.6%，安全的学校、幼儿园 0–64/155 所");
  assert.equal(stepWords([10, null, null, 4, 4, 155], 1221), "做前 10 条：安全路段 —%，安全的学校、幼儿园 4/155 所");
  assert.equal(stepWords([1221, 100, 100, 155, 155, 155], 1221), "1,221 条全做：安全路段 100%，安全的学校、幼儿园 155/155 所");
});
