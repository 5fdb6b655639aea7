import assert from "node:assert/strict";
import { test } from "node:test";
import { byLayer, changeCount } from "../../../cfmap/publish/web/src/changes.js";

const data = { since: 2023, compared: [0], added: [5, 0, 1], removed: [[1, "旧校"]], moved: [[2, 120]], renamed: [[6, "原名"]] };

test("changes stand by kind and layer, in the page's order", () => {
  const groups = byLayer(data, (row) => (row < 4 ? 0 : 1));
  assert.deepEqual(groups.map((group) => [group.kind, group.count]), [["added", 3], ["moved", 1], ["renamed", 1], ["removed", 1]]);
  assert.deepEqual(groups[0].layers, [{ layer: 0, items: [{ row: 0 }, { row: 1 }].map((item) => item) }, { layer: 1, items: [{ row: 5 }] }]);
  assert.deepEqual(groups[2].layers[0].items, [{ row: 6, before: "原名" }]);
  assert.deepEqual(groups[3].layers, [{ layer: 1, items: [{ row: -1, name: "旧校" }] }]);
});
test("kinds without a change are left out", () => assert.deepEqual(byLayer({ ...data, added: [], moved: [], renamed: [], removed: [] }, () => 0), []));
test("nothing known is not zero", () => assert.deepEqual([changeCount(null), changeCount(data)], [null, 6]));
