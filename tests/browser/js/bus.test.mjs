/** Where walking buses call, and what is said of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { places } from "../../../cfmap/publish/web/src/bus.js";
import { BUS_WORDS } from "../../../cfmap/publish/web/src/bus-words.js";

const line = (n, ...stops) => ({ n, m: 800, t: 20, stops });
const A = ["甲路口", "A", 12300000, 2800000, "07:30", 800];
const B = ["乙路口", "B", 12300100, 2800000, "07:35", 500];
const LATER = ["甲路口", "A", 12300000, 2800000, "07:41", 300];

test("a junction where two lines call is one place that tells both, each by its own number", () => {
  const found = places([{ key: "k", name: "一小", lines: [line(1, A, B), line(2, B, LATER)] }]);
  assert.deepEqual(found.map(({ lat, lon, calls }) => [lat, lon, calls.map((call) => [call.line.n, call.n, call.stop[4]])]), [
    [28, 123, [[1, 1, "07:30"], [2, 2, "07:41"]]],
    [28, 123.001, [[1, 2, "07:35"], [2, 1, "07:35"]]],
  ]);
});
test("all is said in both languages with the same facts", () => {
  for (const [key, [zh, en]] of Object.entries(BUS_WORDS)) assert.deepEqual([...zh.matchAll(/\{\w+\}/g)].map(String).sort(), [...en.matchAll(/\{\w+\}/g)].map(String).sort(), key);
});
