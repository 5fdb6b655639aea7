/** Which names stand on the map: towns, villages and streets, never one over another. */
import { degrees } from "./decode.js";
import { world } from "./drawn.js";

const FONT = '"PingFang SC","HarmonyOS Sans SC","MiSans","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif';
const LONGEST = 40; // characters; what is longer is no name one can read on a map
const PLACES = [
  { rank: 1, from: 9, font: `600 14px ${FONT}`, size: 14, colour: "#5b4636" },
  { rank: 2, from: 13, font: `12px ${FONT}`, size: 12, colour: "#6f6254" },
  { rank: 3, from: 15, font: `11px ${FONT}`, size: 11, colour: "#6f6254" },
];
const STREETS = [
  { kind: "main", from: 14, colour: "#7a5a1e" },
  { kind: "secondary", from: 15, colour: "#7a6535" },
  { kind: "local", from: 16, colour: "#6b6254" },
];

/**
 * @param {ReturnType<typeof import("./basemap.js").readBasemap>} base
 * @param {() => number[][]} obstacles boxes in the map's frame that names should keep clear of
 * @returns {import("leaflet").Layer & {draw: () => void}}
 */
export function labelLayer(base, obstacles) {
  const Layer = L.Layer.extend({
    /** @param {import("leaflet").Map} map */
    onAdd(map) {
      this.canvas = document.createElement("canvas");
      this.canvas.className = "labels leaflet-zoom-hide";
      this.canvas.setAttribute("aria-hidden", "true");
      map.getPane("labels")?.append(this.canvas);
      map.on("resize", this.draw, this);
      this.draw();
      return this;
    },
    /** @param {import("leaflet").Map} map */
    onRemove(map) {
      map.off("resize", this.draw, this);
      this.canvas.remove();
      return this;
    },
    draw() {
      const map = /** @type {import("leaflet").Map} */ (this._map);
      const size = map.getSize();
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const pad = Math.round(size.x / 4);
      const canvas = /** @type {HTMLCanvasElement} */ (this.canvas);
      canvas.width = (size.x + 2 * pad) * ratio;
      canvas.height = (size.y + 2 * pad) * ratio;
      canvas.style.width = `${size.x + 2 * pad}px`;
      canvas.style.height = `${size.y + 2 * pad}px`;
      L.DomUtil.setPosition(canvas, map.containerPointToLayerPoint([-pad, -pad]));
      const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      ctx.scale(ratio, ratio);
      ctx.textAlign = "center";
      ctx.textBaseline = "middle";
      ctx.lineJoin = "round";
      const origin = map.getPixelBounds().min ?? L.point(0, 0);
      const taken = obstacles().map((box) => box.map((v) => v + pad));
      drawLabels(ctx, base, taken, map.getZoom(), origin.x - pad, origin.y - pad, size.x + 2 * pad, size.y + 2 * pad, pad);
    },
  });
  return new /** @type {any} */ (Layer)();
}

/**
 * @param {CanvasRenderingContext2D} ctx
 * @param {ReturnType<typeof import("./basemap.js").readBasemap>} base
 * @param {number[][]} taken boxes where nothing may be written
 * @param {number} zoom @param {number} x0 @param {number} y0 @param {number} width @param {number} height
 * @param {number} pad how much of it lies beyond the map's frame, on each side
 */
export function drawLabels(ctx, base, taken, zoom, x0, y0, width, height, pad) {
  const scale = 256 * 2 ** zoom;
  /** @param {number} l @param {number} t @param {number} r @param {number} b */
  const free = (l, t, r, b) => {
    if (r < 0 || b < 0 || l > width || t > height || taken.some((o) => l < o[2] && r > o[0] && t < o[3] && b > o[1])) return false;
    taken.push([l, t, r, b]);
    return true;
  };
  const { labels } = base;
  labels.name.forEach((name, n) => {
    const style = PLACES[Math.min(labels.rank[n], 3) - 1];
    if (zoom < style.from || name.length > LONGEST) return;
    const at = world(degrees(labels.lon[n]), degrees(labels.lat[n]));
    const [x, y] = [at[0] * scale - x0, at[1] * scale - y0];
    ctx.font = style.font;
    const half = ctx.measureText(name).width / 2 + 6;
    // a town's name may step aside for a marker; smaller places give way
    const shift = (style.rank === 1 ? [0, 30, -30, 44] : [0]).find((dy) => free(x - half, y + dy - style.size / 2 - 5, x + half, y + dy + style.size / 2 + 5));
    if (shift !== undefined) write(ctx, name, x, y + shift, style.colour, 3.5);
  });
  const size = zoom < 17 ? 11 : 13;
  ctx.font = `${size}px ${FONT}`;
  for (const style of STREETS) {
    const lines = base.roads[style.kind];
    if (!lines || zoom < style.from) continue;
    /** @type {Map<string, number[][]>} */
    const written = new Map();
    for (let n = 0; n < lines.count; n++) {
      const name = base.names[lines.tags[n] - 1];
      if (!name || name.length > LONGEST) continue;
      const [l, t, r, b] = [0, 1, 2, 3].map((k) => lines.boxes[n * 4 + k] * scale - (k % 2 ? y0 : x0));
      if (r < 0 || b < 0 || l > width || t > height || Math.max(r - l, b - t) < 40) continue;
      const place = straightPart(lines, n, scale, x0, y0, width, height, pad, ctx.measureText(name).width + 10);
      if (!place) continue;
      const near = written.get(name) ?? [];
      // what stands beyond the frame, seen while the map is dragged, takes no place from what is seen at rest
      const seen = place.x >= pad && place.y >= pad && place.x <= width - pad && place.y <= height - pad;
      if (near.some(([x, y, inside]) => (inside || !seen) && Math.hypot(x - place.x, y - place.y) < 320)) continue;
      const long = ctx.measureText(name).width / 2 + 4;
      const half = size / 2 + 1.5;
      const [w, h] = [long * Math.abs(Math.cos(place.angle)) + half, long * Math.abs(Math.sin(place.angle)) + half];
      if (!free(place.x - w, place.y - h, place.x + w, place.y + h)) continue;
      written.set(name, [...near, [place.x, place.y, Number(seen)]]);
      if (upright(name, place.angle)) {
        const letters = Array.from(name);
        const step = ctx.measureText(name).width / letters.length;
        const down = place.angle < 0 ? -1 : 1; // the first character stands highest
        letters.forEach((letter, k) => {
          const along = down * (k - (letters.length - 1) / 2) * step;
          write(ctx, letter, place.x + along * Math.cos(place.angle), place.y + along * Math.sin(place.angle), style.colour, 3);
        });
        continue;
      }
      ctx.save();
      ctx.translate(place.x, place.y);
      ctx.rotate(place.angle);
      write(ctx, name, 0, 0, style.colour, 3);
      ctx.restore();
    }
  }
}

/** Chinese names on steep streets are written downwards, each character upright. @param {string} name @param {number} angle */
export const upright = (name, angle) => Math.abs(Math.sin(angle)) > 0.8 && /^[\u3007\u4e00-\u9fff]+$/.test(name);

/**
 * The part of a line between two points that lies in a box; null when none does.
 * @param {number[]} a @param {number[]} b @param {number[]} box left, top, right, bottom
 * @returns {number[][] | null}
 */
export function clipped(a, b, box) {
  let [from, to] = [0, 1];
  for (const k of [0, 1]) {
    const d = b[k] - a[k];
    if (d === 0 && (a[k] < box[k] || a[k] > box[k + 2])) return null;
    if (d === 0) continue;
    const [s, e] = [(box[k] - a[k]) / d, (box[k + 2] - a[k]) / d].sort((x, y) => x - y);
    [from, to] = [Math.max(from, s), Math.min(to, e)];
  }
  const at = (/** @type {number} */ f) => [a[0] + f * (b[0] - a[0]), a[1] + f * (b[1] - a[1])];
  return from < to ? [at(from), at(to)] : null;
}

/**
 * The longest piece of a line in sight on which a text of `need` pixels can stand, and its angle.
 * @param {import("./types").Lines} lines @param {number} n
 * @param {number} scale @param {number} x0 @param {number} y0 @param {number} width @param {number} height @param {number} pad @param {number} need
 */
function straightPart(lines, n, scale, x0, y0, width, height, pad, need) {
  const frame = [pad, pad, width - pad, height - pad];
  let best = null;
  for (let p = lines.starts[n]; p + 1 < lines.starts[n + 1]; p++) {
    const ax = lines.xy[p * 2] * scale - x0;
    const ay = lines.xy[p * 2 + 1] * scale - y0;
    // a piece may bend a little: go on while the next point stays close to the direction
    let q = p + 1;
    let bx = lines.xy[q * 2] * scale - x0;
    let by = lines.xy[q * 2 + 1] * scale - y0;
    const direction = Math.atan2(by - ay, bx - ax);
    while (q + 1 < lines.starts[n + 1]) {
      const cx = lines.xy[(q + 1) * 2] * scale - x0;
      const cy = lines.xy[(q + 1) * 2 + 1] * scale - y0;
      if (Math.abs(Math.sin(Math.atan2(cy - by, cx - bx) - direction)) > 0.2 || Math.cos(Math.atan2(cy - by, cx - bx) - direction) < 0) break;
      [bx, by] = [cx, cy];
      q++;
    }
    let long = Math.hypot(bx - ax, by - ay);
    let [x, y] = [(ax + bx) / 2, (ay + by) / 2];
    if (x < frame[0] || y < frame[1] || x > frame[2] || y > frame[3]) {
      // its middle is out of sight; a street that crosses the whole map still has its name
      const seen = clipped([ax, ay], [bx, by], frame) ?? clipped([ax, ay], [bx, by], [0, 0, width, height]);
      if (!seen) continue;
      [x, y] = [(seen[0][0] + seen[1][0]) / 2, (seen[0][1] + seen[1][1]) / 2];
      long = Math.hypot(seen[1][0] - seen[0][0], seen[1][1] - seen[0][1]);
    }
    if (long < need || (best && long <= best.long)) continue;
    let angle = Math.atan2(by - ay, bx - ax);
    if (angle > Math.PI / 2) angle -= Math.PI;
    if (angle <= -Math.PI / 2) angle += Math.PI;
    best = { x, y, angle, long };
    p = q - 1;
  }
  return best;
}

/** @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} x @param {number} y @param {string} colour @param {number} halo */
function write(ctx, text, x, y, colour, halo) {
  ctx.strokeStyle = "rgba(255,253,248,.92)";
  ctx.lineWidth = halo;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}
