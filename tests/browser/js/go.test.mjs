import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { isApple, routes } from "../../../cfmap/publish/web/src/go.js";
import { reportTo } from "../../../cfmap/publish/web/src/report.js";

// pairs of (WGS84, GCJ-02) from the converter that the intake uses, written by the Python test that starts this one
const pairs = JSON.parse(readFileSync(process.env.CFMAP_GCJ_PAIRS, "utf8"));
const numbers = (href, pattern) => pattern.exec(decodeURIComponent(href)).slice(1).map(Number);
const byKey = (place, about) => Object.fromEntries(routes(place, about).map(({ key, href }) => [key, href]));

test("each map gets the coordinates it expects: Amap and Apple GCJ-02 in mainland China, geo: WGS84", () => {
  for (const [[lon, lat], [mapLon, mapLat]] of pairs) {
    const { amap, apple, geo } = byKey({ lon, lat, name: "东山公园" }, { shifted: true, apple: false });
    const close = (got, want) => assert.ok(got.every((value, n) => Math.abs(value - want[n]) < 1e-6), `${got} ${want}`);
    close(numbers(amap, /position=([\d.-]+),([\d.-]+)&/), [mapLon, mapLat]);
    close(numbers(apple, /\?ll=([\d.-]+),([\d.-]+)&/), [mapLat, mapLon]);
    close(numbers(geo, /^geo:([\d.-]+),([\d.-]+)\?q=\1,\2\(/), [lat, lon]);
  }
});
test("Tianditu's front page opens, its coordinates are copied: CGCS2000, which is WGS84 here, longitude first", () => {
  for (const [[lon, lat]] of pairs) {
    const found = routes({ lon, lat, name: "x" }, { shifted: true, apple: false }).find(({ key }) => key === "tianditu");
    assert.equal(found.href, "https://map.tianditu.gov.cn/");
    assert.equal(found.copy, `${lon.toFixed(6)},${lat.toFixed(6)}`);
  }
});
test("elsewhere all three get WGS84", () => {
  const { amap, apple, geo } = byKey({ lon: 7.42, lat: 43.73, name: "Parc & jeu (1)" }, { shifted: false, apple: false });
  assert.equal(amap, "https://uri.amap.com/marker?position=7.420000,43.730000&name=Parc%20%26%20jeu%20(1)&coordinate=gaode&callnative=1");
  assert.equal(apple, "https://maps.apple.com/?ll=43.730000,7.420000&q=Parc%20%26%20jeu%20(1)");
  assert.equal(geo, "geo:43.730000,7.420000?q=43.730000,7.420000(Parc%20%26%20jeu%20(1))");
});
test("the best map comes first; Apple's devices do not know geo:", () => {
  const order = (about) => routes({ lon: 120, lat: 28, name: "x" }, about).map(({ key }) => key);
  assert.deepEqual(order({ shifted: true, apple: false }), ["amap", "geo", "apple", "tianditu"]);
  assert.deepEqual(order({ shifted: true, apple: true }), ["amap", "apple", "tianditu"]);
  assert.deepEqual(order({ shifted: false, apple: false }), ["geo", "apple", "amap"]);
  assert.deepEqual(order({ shifted: false, apple: true }), ["apple", "amap"]);
  assert.ok(isApple("Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X)") && !isApple("Mozilla/5.0 (Linux; Android 14)"));
});
test("a name of any length and kind stays one short part of the link", () => {
  for (const { href } of routes({ lon: 120, lat: 28, name: `&x=1#"<${"𠮷".repeat(10000)}` }, { shifted: true, apple: false })) {
    assert.ok(href.length < 900 && !/[<>"#\s]/.test(href), href.slice(0, 80));
    assert.ok(!/[?&]x=1/.test(href));
  }
});
test("a correction goes by mail, phone or page, else the contact is only told", () => {
  const words = { subject: "改&错", body: "一\n二" };
  const href = (contact) => reportTo(contact, words).href;
  assert.equal(href("map@example.gov.cn"), "mailto:map@example.gov.cn?subject=%E6%94%B9%26%E9%94%99&body=%E4%B8%80%0A%E4%BA%8C");
  assert.equal(href("规划局：map@example.gov.cn，0577-12345678"), href("map@example.gov.cn"));
  assert.equal(href("示例局 000-0000000"), "tel:000-0000000");
  assert.equal(href("12345"), null); // too short to be told from a number of a house
  assert.equal(href("https://example.gov.cn/report"), "https://example.gov.cn/report");
  for (const other of ["", "规划局", "javascript:alert(1)", "a@b", "x@example.com?bcc=y@example.com", "<a@b.c>", "https://u:p@example.com/", "a@example.com b@example.com", "0577-12345678 0577-87654321", "data:text/html,x", "mailto:x@example.com?cc=y@example.com"])
    assert.equal(href(other), null, other);
  assert.equal(reportTo(" 规划局 ", words).text, "规划局");
});
