import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { toGcj02 } from "../../../cfmap/publish/web/src/gcj02.js";

// pairs of (WGS84, GCJ-02) from the converter that the intake uses, written by the Python test that starts this one
const pairs = JSON.parse(readFileSync(process.env.CFMAP_GCJ_PAIRS, "utf8"));

test("navigation links agree with the intake's converter to a centimetre", () => {
  assert.ok(pairs.length > 3);
  for (const [from, to] of pairs) {
    const got = toGcj02(from[0], from[1]);
    assert.ok(Math.abs(got[0] - to[0]) < 1e-7 && Math.abs(got[1] - to[1]) < 1e-7, `${from} -> ${got}, expected ${to}`);
  }
});
