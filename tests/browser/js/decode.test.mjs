import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { readBands, readLines, readPolygons, readStreets } from "../../../cfmap/publish/web/src/decode.js";
import { worldX, worldY } from "../../../cfmap/publish/web/src/drawn.js";

// shapes as numbers and as geometry.py packed them, written by the Python test that starts this one
const given = JSON.parse(readFileSync(process.env.CFMAP_PACKED, "utf8"));
const placed = (points) => points.map(([x, y]) => [worldX(x / 100000), worldY(y / 100000)]);
const slice = (xy, from, to) => Array.from({ length: to - from }, (_, n) => [xy[2 * (from + n)], xy[2 * (from + n) + 1]]);

test("lines come back to the last step of the grid", () => {
  const lines = readLines(given.packedLines);
  assert.equal(lines.count, given.lines.length);
  for (let n = 0; n < lines.count; n++) assert.deepEqual(slice(lines.xy, lines.starts[n], lines.starts[n + 1]), placed(given.lines[lines.tags[n]]));
});
test("streets that begin on one another lie where they are", () => {
  const off = (3 / 1.1 + 2) / 100000 / 360; // tolerance and step
  const away = ([x, y], line) =>
    Math.min(
      ...line.slice(1).map(([bx, by], n) => {
        const [ax, ay] = line[n];
        const part = Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)));
        return Math.hypot(x - ax - part * (bx - ax), y - ay - part * (by - ay));
      }),
    );
  readStreets(given.packedStreets, given.streets.length).forEach((lines, k) => {
    assert.deepEqual([...lines.tags].sort((a, b) => a - b), Object.keys(given.streets[k]).map(Number));
    for (let n = 0; n < lines.count; n++) {
      const drawn = slice(lines.xy, lines.starts[n], lines.starts[n + 1]);
      const whole = placed(given.streets[k][lines.tags[n]]);
      for (const point of whole) assert.ok(away(point, drawn) < 1.2 * off); // Mercator stretches north-south
      for (const point of drawn) assert.ok(away(point, whole) < 1.2 * off);
      assert.ok(drawn.every(([x, y]) => x >= lines.boxes[4 * n] && y >= lines.boxes[4 * n + 1] && x <= lines.boxes[4 * n + 2] && y <= lines.boxes[4 * n + 3]));
    }
  });
});
test("areas come back with their holes", () => {
  const areas = readPolygons(given.packedAreas);
  assert.equal(areas.count, given.areas.length);
  for (let n = 0; n < areas.count; n++) {
    const rings = given.areas[areas.tags[n]];
    assert.equal(areas.rings[n + 1] - areas.rings[n], rings.length);
    rings.forEach((ring, r) => assert.deepEqual(slice(areas.xy, areas.starts[areas.rings[n] + r], areas.starts[areas.rings[n] + r + 1]), placed(ring)));
  }
});
test("areas inside one another come back whole, with the borders they share", () => {
  const areas = readBands(given.packedBands);
  const sorted = (points) => points.map(String).sort();
  for (let band = 0; band < given.bands.length; band++) {
    const found = [];
    for (let n = 0; n < areas.count; n++) if (areas.tags[n] === band) found.push(sorted(slice(areas.xy, areas.starts[areas.rings[n]], areas.starts[areas.rings[n + 1]])));
    assert.deepEqual(found.sort(), given.bands[band].map((ring) => sorted(placed(ring))).sort());
  }
});
