/** How does the page get streets and areas back out of the text that geometry.py packed. */
import { ALONG, BACK, COUNT, DX, DY, JUMP_X, JUMP_Y, NEXT, POINTS, TAG, coded } from "./coder.js";
import { world } from "./drawn.js";

export const GRID = 100000;

/** @param {number} steps @returns {number} degrees */
export const degrees = (steps) => steps / GRID;

/** @param {string} text @returns {Uint8Array} */
export function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let n = 0; n < raw.length; n++) bytes[n] = raw.charCodeAt(n);
  return bytes;
}

/** Grows as it is filled. */
class Coordinates {
  constructor() {
    this.xy = new Float64Array(4096);
    this.used = 0;
    /** @type {number[]} */
    this.boxes = [];
  }

  begin() {
    this.boxes.push(Infinity, Infinity, -Infinity, -Infinity);
  }

  /** @param {number} x @param {number} y steps of the grid */
  add(x, y) {
    if (this.used === this.xy.length) {
      const more = new Float64Array(this.xy.length * 2);
      more.set(this.xy);
      this.xy = more;
    }
    const [wx, wy] = world(x / GRID, y / GRID);
    this.xy[this.used++] = wx;
    this.xy[this.used++] = wy;
    const n = this.boxes.length - 4;
    if (wx < this.boxes[n]) this.boxes[n] = wx;
    if (wy < this.boxes[n + 1]) this.boxes[n + 1] = wy;
    if (wx > this.boxes[n + 2]) this.boxes[n + 2] = wx;
    if (wy > this.boxes[n + 3]) this.boxes[n + 3] = wy;
  }
}

/** @param {string} text @returns {import("./types").Lines} coordinates 0…1 in Web Mercator */
export function readLines(text) {
  const read = coded(bytesOf(text));
  const step = read(COUNT);
  const count = read(COUNT);
  const tags = new Int32Array(count);
  const starts = new Int32Array(count + 1);
  const to = new Coordinates();
  let x = 0;
  let y = 0;
  for (let n = 0; n < count; n++) {
    tags[n] = read(TAG);
    const points = read(POINTS);
    to.begin();
    for (let p = 0; p < points; p++) {
      x += read(p ? DX : JUMP_X);
      y += read(p ? DY : JUMP_Y);
      to.add(x * step, y * step);
    }
    starts[n + 1] = to.used / 2;
  }
  return { count, tags, starts, xy: to.xy.subarray(0, to.used), boxes: Float64Array.from(to.boxes) };
}

/**
 * Streets that begin on one another, as junctions.py packed them.
 * @param {string} text @param {number} classes how many were packed
 * @returns {import("./types").Lines[]} of each class
 */
export function readStreets(text, classes) {
  const read = coded(bytesOf(text));
  const step = read(COUNT);
  /** @type {number[][]} every corner so far, and how many steps it is to the next of its line */
  const [xs, ys, long] = [[], [], []];
  let [jumpX, jumpY] = [0, 0];
  return Array.from({ length: classes }, () => {
    const count = read(COUNT);
    const tags = new Int32Array(count);
    const starts = new Int32Array(count + 1);
    const to = new Coordinates();
    let [at, along] = [0, 0];
    for (let n = 0; n < count; n++) {
      const on = read(NEXT);
      let x, y;
      if (on) {
        if (on > 1) along = 0;
        at += on - 1;
        const left = long[at] - along;
        if (left > 1) along += read(ALONG, Math.min(32 - Math.clz32(left), 11));
        /** @param {number[]} all */
        const part = (all) => (along ? all[at] + Math.floor(((all[at + 1] - all[at]) * along) / long[at] + 0.5) : all[at]);
        [x, y] = [part(xs), part(ys)];
      } else {
        [x, y] = [(jumpX += read(JUMP_X)), (jumpY += read(JUMP_Y))];
      }
      tags[n] = read(TAG);
      /** @param {number} corners */
      const arm = (corners) => {
        let [px, py] = [x, y];
        return Array.from({ length: corners }, () => [(px += read(DX)), (py += read(DY))]);
      };
      const [ahead, behind] = [read(POINTS), read(BACK)];
      const after = arm(ahead);
      const line = [...arm(behind).reverse(), [x, y], ...after];
      to.begin();
      line.forEach(([cx, cy], k) => {
        const [nx, ny] = line[k + 1] ?? [cx, cy];
        xs.push(cx);
        ys.push(cy);
        long.push(Math.max(Math.abs(nx - cx), Math.abs(ny - cy)));
        to.add(cx * step, cy * step);
      });
      starts[n + 1] = to.used / 2;
    }
    return { count, tags, starts, xy: to.xy.subarray(0, to.used), boxes: Float64Array.from(to.boxes) };
  });
}

/** @param {string} text @returns {import("./types").Polygons} `rings[n]…rings[n+1]` are polygon n's rings, `starts` their first points */
export function readPolygons(text) {
  const read = coded(bytesOf(text));
  const step = read(COUNT);
  const count = read(COUNT);
  const tags = new Int32Array(count);
  const rings = new Int32Array(count + 1);
  const starts = [0];
  const to = new Coordinates();
  let x = 0;
  let y = 0;
  for (let n = 0; n < count; n++) {
    tags[n] = read(TAG);
    const inside = read(COUNT);
    to.begin();
    for (let r = 0; r < inside; r++) {
      const points = read(POINTS);
      for (let p = 0; p < points; p++) {
        x += read(p ? DX : JUMP_X);
        y += read(p ? DY : JUMP_Y);
        to.add(x * step, y * step);
      }
      starts.push(to.used / 2);
    }
    rings[n + 1] = rings[n] + inside;
  }
  return { count, tags, rings, starts: Int32Array.from(starts), xy: to.xy.subarray(0, to.used), boxes: Float64Array.from(to.boxes) };
}

/**
 * Areas each inside the one before: what runs along the border of the wider one is taken from there.
 * @param {string} text @returns {import("./types").Polygons} every ring for itself, tagged with its band, to be filled even-odd
 */
export function readBands(text) {
  const read = coded(bytesOf(text));
  const [step, bands] = [read(COUNT), read(COUNT)];
  const tags = [];
  const starts = [0];
  const to = new Coordinates();
  let [jumpX, jumpY] = [0, 0];
  /** @type {number[]} corners of the wider band, x y in turn */
  let wider = [];
  /** @type {Map<number, number>} where they stand: number of the corner */
  let there = new Map();
  /** @type {number[]} the corner after each */
  let after = [];
  for (let band = 0; band < bands; band++) {
    const borrowed = read(COUNT);
    const rings = borrowed + read(COUNT);
    /** @type {number[]} */
    const mine = [];
    const here = new Map();
    const next = [];
    let begin = 0;
    for (let ring = 0; ring < rings; ring++) {
      const corners = read(POINTS);
      const first = mine.length / 2;
      to.begin();
      tags.push(band);
      let x, y;
      if (ring < borrowed) {
        begin += read(TAG);
        [x, y] = [wider[2 * begin], wider[2 * begin + 1]];
      } else {
        [x, y] = [jumpX += read(JUMP_X), jumpY += read(JUMP_Y)];
      }
      let at = there.get(place(x, y));
      let along = at === undefined ? 0 : read(COUNT);
      for (let n = 0; n < corners; n++) {
        if (n && along) {
          along--;
          at = after[/** @type {number} */ (at)];
          [x, y] = [wider[2 * at], wider[2 * at + 1]];
          at = there.get(place(x, y));
        } else if (n) {
          x += read(DX);
          y += read(DY);
          at = there.get(place(x, y));
          if (at !== undefined) along = read(COUNT);
        }
        here.set(place(x, y), mine.length / 2);
        next.push(mine.length / 2 + 1);
        mine.push(x, y);
        to.add(x * step, y * step);
      }
      next[next.length - 1] = first;
      starts.push(to.used / 2);
    }
    [wider, there, after] = [mine, here, next];
  }
  const rings = Int32Array.from({ length: starts.length }, (_, n) => n);
  return { count: tags.length, tags: Int32Array.from(tags), rings, starts: Int32Array.from(starts), xy: to.xy.subarray(0, to.used), boxes: Float64Array.from(to.boxes) };
}

/** @param {number} x @param {number} y */
const place = (x, y) => x * 0x4000000 + y;
