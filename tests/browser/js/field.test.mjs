import assert from "node:assert/strict";
import { test } from "node:test";
import { Fields, minutesAt, readMinutes, sitesAt, wanted } from "../../../cfmap/publish/web/src/field.js";

// pack_minutes(MinutesGrid(west=-2040, south=-90, lon_step=51, lat_step=45, columns=4, sites=("p", "q"), site=[0, 0, 0, 1, 1, 1, 1],
//   cell=[1, 2, 5, 5, 9, 10, 11], minutes=[3, 1, 15, 20, 7, 8, 255], 4.0), [3, -1]): the second site is not on the page
const CELLS = "qAy0iSDVR+3Tpd6+jazc6b01nnCDaeLDHIgFX8jIAQA=";

/** Middle of a cell, degrees: latitude, longitude. */
const middle = (row, column) => [(-90 + (row + 0.5) * 45) / 1e5, (-2040 + (column + 0.5) * 51) / 1e5];

test("minutes come back cell by cell, and every other place has no answer, never 0", () => {
  const grid = readMinutes(CELLS);
  const rows = [0, 1, 2].map((row) => [0, 1, 2, 3].map((column) => minutesAt(grid, ...middle(row, column))));
  assert.deepEqual(rows, [[null, 3, 1, null], [null, 15, null, null], [null, 7, 8, 255]]);
  for (const [row, column] of [[-1, 1], [0, -1], [0, 4], [3, 0], [900000, 900000], [NaN, 1]]) assert.equal(minutesAt(grid, ...middle(row, column)), null);
});
test("each site around is told with its row, the nearest first", () => {
  const grid = readMinutes(CELLS);
  assert.deepEqual(sitesAt(grid, ...middle(1, 1)), [[3, 15], [-1, 20]]);
  assert.deepEqual(sitesAt(grid, ...middle(0, 1)), [[3, 3]]);
  assert.deepEqual(sitesAt(grid, ...middle(0, 0)), []);
});
test("walks are told by row of the whole page, those to places that are not on it left out, the shorter of two reaches of one layer", () => {
  const fields = new Fields(["a.walk15", "a.walk30"].map((key) => ({ key, layer: "a", minutes: { cells: CELLS, pace: 66.7, most: 15 } })));
  fields.grids.set("a.walk30", { ...readMinutes(CELLS), west: -2040 - 51 });
  assert.deepEqual([...fields.walks(...middle(0, 1), () => 10)], [[13, 1]]);
  assert.deepEqual([...fields.walks(...middle(2, 1), () => 10)], []);
});
test("of several reaches the nearest answer stands first and those without one last; a reach without minutes is not asked", () => {
  const item = (key, minutes) => ({ key, layer: key, minutes: minutes && { cells: CELLS, pace: 66.7, most: 15 } });
  const fields = new Fields([item("a", true), item("b", false), item("c", true)]);
  fields.grids.set("c", { ...readMinutes(CELLS), west: -2040 + 51 });
  assert.deepEqual(fields.at(...middle(0, 2)).map((a) => [a.item.key, a.minutes]), [["a", 1], ["c", 3]]);
  assert.deepEqual(fields.at(...middle(0, 3)).map((a) => [a.item.key, a.minutes]), [["c", 1], ["a", null]]);
  assert.equal(Math.round(fields.cellMetres(fields.items[0])), 50);
});
test("what the reader chose is answered first", () => {
  const answers = ["childcare", "parks", "schools"].map((layer) => ({ item: { key: `${layer}.walk15`, layer }, minutes: 1 }));
  const ask = (state) => wanted(answers, { reach: [], layers: [], group: "", ...state }, (layer) => (layer === "parks" ? "play" : "care")).map((some) => some.map((a) => a.item.layer));
  assert.deepEqual(ask({}), [["childcare", "parks", "schools"], []]);
  assert.deepEqual(ask({ reach: ["schools.walk15"], layers: ["parks"] }), [["schools"], ["childcare", "parks"]]);
  assert.deepEqual(ask({ layers: ["parks"] }), [["parks"], ["childcare", "schools"]]);
  assert.deepEqual(ask({ group: "care" }), [["childcare", "schools"], ["parks"]]);
  assert.deepEqual(ask({ group: "health" }), [["childcare", "parks", "schools"], []]);
});
