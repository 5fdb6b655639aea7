import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { paced } from "../../../cfmap/publish/web/src/address.js";

beforeEach(() => mock.timers.reset());

const made = () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const write = mock.fn();
  return { write, ...paced(write) };
};
test("a change is written before anything else happens", () => {
  const { write, changed } = made();
  changed();
  assert.equal(write.mock.callCount(), 1);
  mock.timers.tick(60_000);
  assert.equal(write.mock.callCount(), 1);
  changed();
  assert.equal(write.mock.callCount(), 2);
});
test("however often something changes, the last is written and never more than a hundred times in half a minute", () => {
  const { write, changed } = made();
  for (let n = 0; n < 3000; n++) {
    changed();
    mock.timers.tick(10);
  }
  assert.ok(write.mock.callCount() > 50 && write.mock.callCount() <= 100, String(write.mock.callCount()));
  const before = write.mock.callCount();
  changed();
  mock.timers.tick(2000);
  assert.equal(write.mock.callCount(), before + 1);
});
test("who leaves takes what was still waiting, once", () => {
  const { write, changed, flush } = made();
  flush();
  assert.equal(write.mock.callCount(), 0);
  for (let n = 0; n < 50; n++) changed();
  const before = write.mock.callCount();
  assert.ok(before < 50);
  flush();
  flush();
  assert.equal(write.mock.callCount(), before + 1);
  mock.timers.tick(60_000);
  assert.equal(write.mock.callCount(), before + 1);
});
