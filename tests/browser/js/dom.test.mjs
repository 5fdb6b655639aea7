/** Which texts become links. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { safeUrl } from "../../../cfmap/publish/web/src/dom.js";

test("pages, calls and places become links", () => {
  for (const text of ["https://example.com", "http://example.com/学校?a=1#b", "HTTPS://例子.example/a", "tel:+86-10-1234", "geo:28.1,123.2"]) assert.equal(safeUrl(text), text);
  assert.equal(safeUrl(" example.com/x "), "https://example.com/x");
  assert.equal(safeUrl("example.com?x=1"), "https://example.com?x=1");
});

test("nothing else does, however it is written", () => {
  for (const text of JSON.parse(readFileSync(process.env.CFMAP_ADDRESSES ?? "", "utf8"))) assert.equal(safeUrl(text), null, JSON.stringify(text));
  for (const text of ["", " ", "无", "见公众号", "javascript", "https://", "https://a b.com", "geo:<script>", "tel:javascript:x()", `https://example.com/${"x".repeat(3000)}`]) assert.equal(safeUrl(text), null, text);
});
