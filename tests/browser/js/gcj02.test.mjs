import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { toGcj02, toWgs84 } from "../../../cfmap/publish/web/src/gcj02.js";

// pairs of (WGS84, GCJ-02) from the converter that the intake uses, written by the Python test that starts this one
const pairs = JSON.parse(readFileSync(process.env.CFMAP_GCJ_PAIRS, "utf8"));

test("navigation links agree with the intake's converter to a centimetre", () => {
  assert.ok(pairs.length > 3);
  for (const [from, to] of pairs) {
    const got = toGcj02(from[0], from[1]);
    assert.ok(Math.abs(got[0] - to[0]) < 1e-7 && Math.abs(got[1] - to[1]) < 1e-7, `${from} -> ${got}, expected ${to}`);
  }
});
test("the way back ends where it began, to a millimetre", () => {
  for (const [from] of pairs) {
    const back = toWgs84(...toGcj02(...from));
    assert.ok(Math.abs(back[0] - from[0]) < 1e-8 && Math.abs(back[1] - from[1]) < 1e-8, `${from} -> ${back}`);
  }
});
test("over pictures in GCJ-02 streets and areas are drawn in it, over all others where they are", async () => {
  const plain = await import("../../../cfmap/publish/web/src/drawn.js?plain");
  globalThis.window = { cfmap: { meta: { tiles: { datum: "gcj02" } } } };
  const moved = await import("../../../cfmap/publish/web/src/drawn.js?moved");
  delete globalThis.window;
  for (const [[lon, lat], [east, north]] of pairs) {
    assert.deepEqual(plain.world(lon, lat), [plain.worldX(lon), plain.worldY(lat)]);
    const [x, y] = moved.world(lon, lat);
    assert.ok(Math.abs(x - plain.worldX(east)) < 1e-9 && Math.abs(y - plain.worldY(north)) < 1e-9);
  }
});
