import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, beside, lasting } from "../../../cfmap/publish/web/src/editions.js";

const HERE = "/map/output/2024/versions/000012/index.html";

test("years that the pointer named, without this one, in order, each once", () => assert.deepEqual(beside(HERE, "at=1/2/3&editions=2024.2025.2022.2022", 2024), [2022, 2025]));
test("in a package, in one file, in a notebook nobody knows what is beside", () => {
  for (const path of ["/map/2024/index.html", "/map/2024/", "/C:/地图/map.html", "/2024/versions/1/index.html", "/2024/versions/000012/map.html", "srcdoc"]) assert.deepEqual(beside(path, "editions=2022.2023", 2024), [], path);
});
test("what is no year is passed over", () => assert.deepEqual(beside(HERE, "editions=..%2F..%2Fevil.2023.javascript:1.20222.1023.", 2024), [2023]));
test("nothing named, no links", () => assert.deepEqual(beside(HERE, "at=1/2/3", 2024), []));
test("an address leads to the pointer of the other year, of the same audience", () => {
  assert.equal(new URL(addressOf(HERE, 2023, "g=play"), `https://x.invalid${HERE}`).href, "https://x.invalid/map/output/2023/index.html#g=play");
  const inside = "/2024-internal/versions/000001/";
  assert.equal(new URL(addressOf(inside, 2023, ""), `https://x.invalid${inside}`).pathname, "/2023-internal/index.html");
});
test("a link that is passed on goes to the pointer, which outlives its versions", () => {
  assert.equal(lasting(`file://${HERE}#at=1`).href, "file:///map/output/2024/index.html");
  assert.equal(lasting("https://x.invalid/map/2024/index.html?s=1").href, "https://x.invalid/map/2024/index.html?s=1");
});
