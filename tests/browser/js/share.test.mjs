import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode } from "../../../cfmap/publish/web/src/share.js";

const state = { lang: "en", group: "play", layers: ["parks", "playgrounds"], wishes: ["0-3", "free", "open"], town: "河口镇 a&b", unsure: true, q: "公园 a&b", year: 2022, planned: true, near: null, site: 3, panel: "card", reach: ["childcare.walk15"], perimeter: true, paths: true, large: true, contrast: true, base: "own" };
const about = { groups: ["play"], layers: ["parks", "playgrounds"], years: [2022, 2024], towns: ["河口镇 a&b"], reach: ["childcare.walk15"], find: (key) => (key === "k3" ? 3 : -1) };

test("a link brings back what it was made from", () => {
  const text = encode(state, { zoom: 14, lat: 28.01, lon: 123.02 }, { year: 2024, keyOf: (row) => `k${row}` });
  const back = decode(text, about);
  const { near, panel, ...kept } = state;
  assert.deepEqual(back.state, kept);
  assert.deepEqual(back.view, { zoom: 14, lat: 28.01, lon: 123.02 });
});
test("what a link invents is passed over", () => {
  const back = decode("g=x&l=y.z&w=all.-1.<b>&town=none&y=1900&s=nobody&reach=q&lang=fr&base=elsewhere&at=a/b/c", about);
  assert.deepEqual(back, { state: {}, view: null });
});
