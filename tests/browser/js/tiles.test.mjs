import assert from "node:assert/strict";
import { test } from "node:test";
import { worldX, worldY } from "../../../cfmap/publish/web/src/drawn.js";
import { address, tileAt } from "../../../cfmap/publish/web/src/tiles.js";

const info = { name: "tianditu", hosts: ["t0.example", "t1.example"], layers: ["vec", "cva"], most: 18, attribution: "", key: "k&y" };

test("an address asks as WMTS does, of a host that is always the same for one picture", () => {
  const url = new URL(address(info, "cva", { x: 5, y: 2, z: 3 }));
  assert.equal(url.origin, "https://t1.example");
  assert.equal(url.pathname, "/cva_w/wmts");
  const asked = Object.fromEntries(url.searchParams);
  assert.deepEqual(asked, { SERVICE: "WMTS", REQUEST: "GetTile", VERSION: "1.0.0", LAYER: "cva", STYLE: "default", TILEMATRIXSET: "w", FORMAT: "tiles", TILEMATRIX: "3", TILEROW: "2", TILECOL: "5", tk: "k&y" });
});

test("a pattern of the settings is filled in, the key with nothing left that could change the address", () => {
  const amap = { ...info, url: "https://tiles.amap.com/v1/{z}/{x}/{y}.png?auth={key}" };
  assert.equal(address(amap, "amap", { x: 5, y: 2, z: 3 }), "https://tiles.amap.com/v1/3/5/2.png?auth=k%26y");
});

test("the picture of a place: counted from the west and from the north, by the map's own pixels", () => {
  const map = { project: ({ lat, lng }, z) => ({ x: (worldX(lng) * 256) * 2 ** z, y: worldY(lat) * 256 * 2 ** z }) };
  const at = (lat, lng, z) => tileAt(map, { lat, lng }, z);
  assert.deepEqual(at(0.001, 0.001, 1), { x: 1, y: 0, z: 1 });
  assert.deepEqual(at(-0.001, -0.001, 1), { x: 0, y: 1, z: 1 });
  assert.deepEqual(at(85.05, -179.99, 4), { x: 0, y: 0, z: 4 });
  // half the square world in metres is pi * 6378137; 28 N 123 E by the projection's own formula
  const half = Math.PI * 6378137;
  const metres = [(123 / 180) * half, 6378137 * Math.log(Math.tan(Math.PI / 4 + (28 * Math.PI) / 360))];
  const size = (2 * half) / 2 ** 15;
  assert.deepEqual(at(28, 123, 15), { x: Math.floor((metres[0] + half) / size), y: Math.floor((half - metres[1]) / size), z: 15 });
});
