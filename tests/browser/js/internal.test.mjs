import assert from "node:assert/strict";
import test from "node:test";
import { LEVELS, wanted } from "../../../cfmap/publish/web/src/internal.js";

const one = (level, layer, lon) => ({ code: "X", level, layer, zh: [], en: [], ...(lon === undefined ? {} : { lon, lat: 1 }) });
const all = [one("warning", "a"), one("error", "a", 1), one("info", "b", 2), one("error", "")];

test("findings on the map come first, in their order", () => {
  assert.deepEqual(wanted(all, { levels: new Set(Object.keys(LEVELS)), layer: "" }), [all[1], all[2], all[0], all[3]]);
});

test("kinds and layers filter together; nothing chosen shows nothing", () => {
  assert.deepEqual(wanted(all, { levels: new Set(["error"]), layer: "a" }), [all[1]]);
  assert.deepEqual(wanted(all, { levels: new Set(), layer: "" }), []);
});
