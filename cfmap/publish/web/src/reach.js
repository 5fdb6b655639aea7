/** How far does one get on foot: catchments in bands, each with colour, pattern and outline. */
import { canvasLayer, swatch, tracePolygons } from "./canvas.js";
import { readBands } from "./decode.js";
import { t } from "./i18n.js";
import { pathsLayer, statesLayer } from "./streets.js";

/** Band styles from the widest to the narrowest: opacity, outline, whether hatched. */
const BANDS = [
  { alpha: 0.16, dash: [2, 4], hatch: 0 },
  { alpha: 0.2, dash: [7, 4], hatch: 0 },
  { alpha: 0.24, dash: [], hatch: 1 },
  { alpha: 0.26, dash: [], hatch: -1 },
];
/** Areas lie in one another: the innermost of four shows both hatchings, crossed. @param {number} n position from the widest @param {number} all */
const styleOf = (n, all) => (all === 1 ? BANDS[1] : all === 2 ? BANDS[2 * n] : BANDS[Math.min(n, BANDS.length - 1)]);

/**
 * A band in words: minutes first, then metres; a shorter way in the same minutes is for those who walk slower.
 * @param {import("./types").Reach} item @param {number} n
 */
export function bandWords({ bands, headline }, n) {
  const { metres, minutes } = bands[n];
  const facts = { m: Math.round(metres), t: Math.round((minutes ?? 0) * 10) / 10 };
  if (!minutes) return t("bandNear", facts);
  const head = bands.find((band) => band.metres === headline);
  return t(head && head.minutes === minutes && metres < headline ? "bandSlow" : "band", facts);
}

export class ReachLayers {
  /**
   * @param {import("leaflet").Map} map
   * @param {import("./types").Meta} meta
   * @param {import("./types").CoverageBlock} data
   */
  constructor(map, meta, data) {
    this.map = map;
    this.items = data.items.map((item) => ({ ...item, colour: meta.layers.find((l) => l.key === item.layer)?.colour ?? meta.colour }));
    this.perimeter = data.perimeter;
    this.paths = data.paths;
    this.towns = data.towns;
    /** @type {Map<string, import("leaflet").GridLayer>} */
    this.drawn = new Map();
  }

  /** @param {string[]} keys @param {boolean} perimeter @param {boolean} paths */
  show(keys, perimeter, paths) {
    const wanted = new Set([...keys, ...(paths && this.paths ? ["paths"] : []), ...(perimeter && this.perimeter ? ["perimeter"] : [])]);
    for (const [key, layer] of this.drawn) {
      if (wanted.has(key)) continue;
      layer.remove();
      this.drawn.delete(key);
    }
    for (const key of wanted) {
      if (this.drawn.has(key)) continue;
      const layer = key === "perimeter" ? this.perimeter && statesLayer(this.perimeter) : key === "paths" ? this.paths && pathsLayer(this.paths) : this.reachLayer(key);
      if (layer) this.drawn.set(key, layer.addTo(this.map));
    }
  }

  /** @param {string} key */
  reachLayer(key) {
    const item = this.items.find((i) => i.key === key);
    if (!item) return null;
    const areas = readBands(item.areas);
    return canvasLayer((tile) => {
      for (let band = 0; band < item.bands.length; band++) if (tracePolygons(tile, areas, (tag) => tag === band)) paint(tile.ctx, item.colour, styleOf(band, item.bands.length), tile.zoom);
    }, { pane: "reach" });
  }
}

/**
 * Fill and outline of the current path.
 * @param {CanvasRenderingContext2D} ctx @param {string} colour @param {typeof BANDS[0]} style @param {number} [zoom]
 */
function paint(ctx, colour, style, zoom = 16) {
  ctx.save();
  ctx.globalAlpha = style.alpha;
  ctx.fillStyle = colour;
  ctx.fill("evenodd");
  if (style.hatch && zoom >= 14) {
    ctx.globalAlpha = 0.3;
    ctx.fillStyle = hatch(ctx, colour, style.hatch);
    ctx.fill("evenodd");
  }
  // from afar only the area counts: outlines of every street would be noise
  ctx.globalAlpha = zoom >= 15 ? 0.85 : zoom >= 13 ? 0.5 : 0.25;
  ctx.strokeStyle = colour;
  ctx.lineWidth = zoom >= 15 ? 1.6 : 0.9;
  ctx.setLineDash(zoom >= 14 ? style.dash : []);
  ctx.stroke();
  ctx.restore();
}

/** @param {CanvasRenderingContext2D} ctx @param {string} colour @param {number} direction */
function hatch(ctx, colour, direction) {
  const cell = document.createElement("canvas");
  cell.width = cell.height = 8;
  const pen = /** @type {CanvasRenderingContext2D} */ (cell.getContext("2d"));
  pen.strokeStyle = colour;
  pen.lineWidth = 1.4;
  for (const shift of [-8, 0, 8]) {
    pen.moveTo(shift, direction > 0 ? 8 : 0);
    pen.lineTo(shift + 8, direction > 0 ? 0 : 8);
  }
  pen.stroke();
  return /** @type {CanvasPattern} */ (ctx.createPattern(cell, "repeat"));
}

/**
 * The legend's little picture of a band.
 * @param {string} colour @param {number} band @param {number} bands
 */
export function bandSwatch(colour, band, bands) {
  return swatch((ctx) => {
    ctx.beginPath();
    ctx.roundRect ? ctx.roundRect(2, 2, 32, 18, 5) : ctx.rect(2, 2, 32, 18);
    for (let n = 0; n <= band; n++) paint(ctx, colour, n === band ? styleOf(n, bands) : { ...styleOf(n, bands), dash: [0, 99] });
  });
}
