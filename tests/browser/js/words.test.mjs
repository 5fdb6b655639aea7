import assert from "node:assert/strict";
import { test } from "node:test";
import { setLanguage, t } from "../../../cfmap/publish/web/src/i18n.js";
import { WORDS } from "../../../cfmap/publish/web/src/words.js";
import { TILE_WORDS } from "../../../cfmap/publish/web/src/tile-words.js";
import { safeUrl } from "../../../cfmap/publish/web/src/dom.js";

test("every word stands in both languages with the same facts", () => {
  const facts = (text) => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort().join();
  for (const [key, [zh, en]] of Object.entries({ ...WORDS, ...TILE_WORDS })) {
    assert.ok(zh && en, key);
    assert.equal(facts(zh), facts(en), key);
  }
});
test("facts are put in as they are", () => {
  setLanguage("zh");
  assert.equal(t("straight", { d: "{n} $& 1" }), "直线 {n} $& 1");
});
test("only pages, calls and places become links", () => {
  for (const bad of ["javascript:alert(1)", " JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "not a link"]) assert.equal(safeUrl(bad), null);
  assert.equal(safeUrl("https://example.invalid/a?b"), "https://example.invalid/a?b");
  assert.equal(safeUrl("example.invalid/a"), "https://example.invalid/a");
});
