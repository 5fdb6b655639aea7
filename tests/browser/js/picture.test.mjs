import assert from "node:assert/strict";
import { test } from "node:test";
import { scaleBar, shortened, wrap } from "../../../cfmap/publish/web/src/picture.js";
import { numbered } from "../../../cfmap/publish/web/src/print.js";

const wide = (text) => Array.from(text).reduce((sum, c) => sum + (c > "\u2e7f" ? 2 : 1), 0);

test("a scale bar is 1, 2 or 5 times a power of ten and fits", () => {
  for (const perPixel of [0.3, 1, 1.9, 4.77, 19, 152, 999]) {
    const bar = scaleBar(perPixel, 110);
    assert.match(String(bar.metres), /^0*\.?0*[125]0*$/);
    assert.ok(bar.pixels <= 110 && bar.pixels > 40, `${bar.pixels}`);
    assert.ok(Math.abs(bar.pixels * perPixel - bar.metres) < 1e-9 * bar.metres);
  }
  assert.deepEqual([scaleBar(1, 110).words, scaleBar(50, 110).words], ["100 m", "5 km"]);
});
test("Chinese breaks anywhere, words stay whole, nothing is lost", () => {
  assert.deepEqual(wrap("示例市儿童友好地图", 8, wide), ["示例市儿", "童友好地", "图"]);
  assert.deepEqual(wrap("child friendly map", 10, wide), ["child", "friendly", "map"]);
  assert.deepEqual(wrap("© OpenStreetMap contributors", 9, wide).join(""), "©OpenStreetMapcontributors");
  for (const line of wrap("底图 © OpenStreetMap 贡献者, ODbL 1.0", 9, wide)) assert.ok(wide(line) <= 9, line);
  assert.deepEqual(wrap("", 9, wide), []);
  assert.deepEqual(wrap("𠮷𠮷", 1, (text) => Array.from(text).length), ["𠮷", "𠮷"]);
});
test("what does not fit ends in an ellipsis", () => assert.deepEqual([shortened("家长学校", 8, wide), shortened("家长学校", 6, wide), shortened("", 3, wide)], ["家长学校", "家长…", ""]));
test("numbers run from top to bottom, a group has the range of its members", () => {
  const { standing, rows } = numbered([{ x: 10, y: 300, rows: [7] }, { x: 90, y: 15, rows: [1, 2, 3] }, { x: 20, y: 12, rows: [5] }]);
  assert.deepEqual(standing.map((one) => one.label), ["1", "2–4", "5"]);
  assert.deepEqual(rows, [5, 1, 2, 3, 7]);
});
