/** What a school's card says of the streets round it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import "./words.mjs";
import { percents, roundSchool } from "../../../cfmap/publish/web/src/streets.js";

test("per cents are whole, add up to 100, and what is there is never nothing", () => {
  assert.deepEqual(percents([60, 501, 224]), [8, 64, 28]);
  assert.deepEqual(percents([1, 1, 1]), [34, 33, 33]);
  assert.deepEqual(percents([0, 0, 284]), [0, 0, 100]);
  assert.deepEqual(percents([1, 5000, 1]), [1, 98, 1]);
  assert.deepEqual(percents([0, 0, 0]), [0, 0, 0]);
  for (let n = 0; n < 500; n++) {
    const metres = [0, 1, 2].map((k) => Math.floor(((n * 7919 * (k + 3)) % 997) ** 1.5));
    const whole = percents(metres);
    if (metres.some(Boolean)) assert.equal(whole.reduce((a, b) => a + b), 100, String(metres));
    metres.forEach((m, k) => assert.equal(whole[k] > 0, m > 0, String(metres)));
  }
});
test("nothing is said of a school that nothing is known of, or may be said of", () => {
  for (const data of [null, undefined, { states: [], lines: "", metres: 150, schools: {}, bare: ["k2"] }]) assert.equal(roundSchool(data, "k1", false, () => {}), null);
});
