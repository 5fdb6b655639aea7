/** How are streets and areas drawn: canvas tiles, features found by their boxes. */

const SIZE = 256;

/**
 * @typedef {object} Tile
 * @property {CanvasRenderingContext2D} ctx
 * @property {number} zoom
 * @property {number} scale pixels per world
 * @property {number} x0 left edge in pixels of the world
 * @property {number} y0 top edge
 * @property {(boxes: Float64Array, n: number, margin: number) => boolean} sees
 */

/**
 * A Leaflet layer whose tiles are drawn by `draw`.
 * @param {(tile: Tile) => void} draw
 * @param {import("leaflet").GridLayerOptions} options
 * @returns {import("leaflet").GridLayer}
 */
export function canvasLayer(draw, options) {
  const Layer = L.GridLayer.extend({
    /** @param {import("leaflet").Coords} coords */
    createTile(coords) {
      const canvas = document.createElement("canvas");
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      canvas.width = canvas.height = SIZE * ratio;
      const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      ctx.scale(ratio, ratio);
      ctx.lineJoin = ctx.lineCap = "round";
      draw(tileOf(ctx, coords.z, coords.x * SIZE, coords.y * SIZE, SIZE, SIZE));
      return canvas;
    },
  });
  return new /** @type {any} */ (Layer)({ tileSize: SIZE, keepBuffer: 1, updateWhenZooming: false, ...options });
}

/**
 * @param {CanvasRenderingContext2D} ctx @param {number} zoom @param {number} x0 @param {number} y0 @param {number} width @param {number} height
 * @returns {Tile}
 */
export function tileOf(ctx, zoom, x0, y0, width, height) {
  const scale = SIZE * 2 ** zoom;
  return {
    ctx,
    zoom,
    scale,
    x0,
    y0,
    sees: (boxes, n, margin) =>
      boxes[n * 4] * scale <= x0 + width + margin &&
      boxes[n * 4 + 2] * scale >= x0 - margin &&
      boxes[n * 4 + 1] * scale <= y0 + height + margin &&
      boxes[n * 4 + 3] * scale >= y0 - margin,
  };
}

/**
 * A legend's little picture, 36 x 22 as it is seen.
 * @param {(ctx: CanvasRenderingContext2D) => void} draw
 */
export function swatch(draw) {
  const canvas = document.createElement("canvas");
  canvas.width = 72;
  canvas.height = 44;
  canvas.className = "swatch";
  canvas.setAttribute("aria-hidden", "true");
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.scale(2, 2);
  draw(ctx);
  return canvas;
}

/**
 * Adds a line to the current path.
 * @param {Tile} tile @param {import("./types").Lines} lines @param {number} n
 */
export function traceLine({ ctx, scale, x0, y0 }, lines, n) {
  for (let p = lines.starts[n]; p < lines.starts[n + 1]; p++) {
    const x = lines.xy[p * 2] * scale - x0;
    const y = lines.xy[p * 2 + 1] * scale - y0;
    if (p === lines.starts[n]) ctx.moveTo(x, y);
    else ctx.lineTo(x, y);
  }
}

/**
 * Adds a polygon with its holes to the current path (fill it with "evenodd").
 * @param {Tile} tile @param {import("./types").Polygons} polygons @param {number} n
 */
export function tracePolygon({ ctx, scale, x0, y0 }, polygons, n) {
  for (let r = polygons.rings[n]; r < polygons.rings[n + 1]; r++) {
    for (let p = polygons.starts[r]; p < polygons.starts[r + 1]; p++) {
      const x = polygons.xy[p * 2] * scale - x0;
      const y = polygons.xy[p * 2 + 1] * scale - y0;
      if (p === polygons.starts[r]) ctx.moveTo(x, y);
      else ctx.lineTo(x, y);
    }
    ctx.closePath();
  }
}

/**
 * Path of all polygons in sight that `wanted` lets through; false when there is none.
 * @param {Tile} tile @param {import("./types").Polygons} polygons @param {(tag: number) => boolean} [wanted]
 */
export function tracePolygons(tile, polygons, wanted) {
  let any = false;
  tile.ctx.beginPath();
  for (let n = 0; n < polygons.count; n++) {
    if ((wanted && !wanted(polygons.tags[n])) || !tile.sees(polygons.boxes, n, 4)) continue;
    any = true;
    tracePolygon(tile, polygons, n);
  }
  return any;
}

/**
 * Path of all lines in sight that `wanted` lets through; false when there is none.
 * @param {Tile} tile @param {import("./types").Lines} lines @param {(tag: number) => boolean} [wanted]
 */
export function traceLines(tile, lines, wanted) {
  let any = false;
  tile.ctx.beginPath();
  for (let n = 0; n < lines.count; n++) {
    if ((wanted && !wanted(lines.tags[n])) || !tile.sees(lines.boxes, n, 16)) continue;
    any = true;
    traceLine(tile, lines, n);
  }
  return any;
}
