/** How does the page get streets and areas back out of the text that geometry.py packed. */
import { gunzipSync } from "fflate";
import { COUNT, DX, DY, JUMP_X, JUMP_Y, POINTS, TAG, coded } from "./coder.js";

export const GRID = 100000;

/** @param {number} lon @returns {number} 0…1 west to east */
export const worldX = (lon) => lon / 360 + 0.5;

/** @param {number} lat @returns {number} 0…1 north to south, Web Mercator */
export function worldY(lat) {
  const s = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
}

/** @param {number} steps @returns {number} degrees */
export const degrees = (steps) => steps / GRID;

/** @param {string} text @returns {Uint8Array} */
export function bytesOf(text) {
  const raw = atob(text);
  const bytes = new Uint8Array(raw.length);
  for (let n = 0; n < raw.length; n++) bytes[n] = raw.charCodeAt(n);
  return bytes;
}

/** @param {string} text @returns {Uint8Array} */
export const unpack = (text) => gunzipSync(bytesOf(text));

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
    const wx = worldX(x / GRID);
    const wy = worldY(y / GRID);
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
      to.add(x, y);
    }
    starts[n + 1] = to.used / 2;
  }
  return { count, tags, starts, xy: to.xy.subarray(0, to.used), boxes: Float64Array.from(to.boxes) };
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
