/** What lies under the places: land, water, green and streets, from the page's own data. */
import { canvasLayer, traceLines, tracePolygons } from "./canvas.js";
import { readPolygons, readStreets } from "./decode.js";

export const PAPER = { outside: "#ece8df", land: "#faf6ee", water: "#b5dbee", shore: "#8fc3de", green: "#d3e9bf", border: "#b99f86", town: "#d8c8b4" };

/** Classes of streets in the order of the page's data. */
const KINDS = ["main", "secondary", "local", "private", "path"];

/** Streets from the least to the most important: first zoom, widths by zoom, colours. */
const STREETS = [
  { kind: "path", from: 15, width: [[15, 1], [17, 1.6], [19, 2.8]], fill: "#cdb99b", casing: "", faint: "#cdb99b", casingFrom: 0, dash: [4, 4] },
  { kind: "private", from: 14, width: [[14, 0.8], [16, 1.5], [17, 2.2], [19, 4]], fill: "#d8ccba", casing: "", faint: "#d8ccba", casingFrom: 0, dash: [9, 4] },
  { kind: "local", from: 12.5, width: [[12, 0.5], [13, 1], [14, 1.8], [15, 3.4], [16, 6], [18, 14]], fill: "#ffffff", casing: "#ddd3c3", faint: "#e4dac9", casingFrom: 14, dash: [] },
  { kind: "secondary", from: 10, width: [[10, 0.8], [12, 1.7], [13, 2.8], [14, 4], [15, 6], [16, 9], [18, 19]], fill: "#fff3d1", casing: "#e2cb9c", faint: "#ead8b4", casingFrom: 12, dash: [] },
  { kind: "main", from: 0, width: [[8, 0.8], [10, 1.5], [12, 2.8], [13, 4], [14, 5.5], [15, 8], [16, 11], [18, 23]], fill: "#ffdf9e", casing: "#e3b566", faint: "#f0c67c", casingFrom: 11, dash: [] },
];

/** @param {number[][]} stops @param {number} zoom */
export function between(stops, zoom) {
  if (zoom <= stops[0][0]) return stops[0][1];
  for (let n = 1; n < stops.length; n++) {
    const [z1, w1] = stops[n];
    const [z0, w0] = stops[n - 1];
    if (zoom <= z1) return w0 + ((w1 - w0) * (zoom - z0)) / (z1 - z0);
  }
  return stops[stops.length - 1][1];
}

/**
 * @param {import("./types").BasemapBlock} data
 */
export function readBasemap(data) {
  const streets = readStreets(data.roads, KINDS.length);
  return {
    roads: Object.fromEntries(KINDS.map((kind, n) => [kind, streets[n]])),
    water: readPolygons(data.water),
    green: readPolygons(data.green),
    boundary: readPolygons(data.boundary),
    towns: readPolygons(data.towns),
    names: data.names,
    labels: data.labels,
  };
}

/** @param {ReturnType<typeof readBasemap>} base */
export function basemapLayer(base) {
  return canvasLayer((tile) => {
    const { ctx, zoom } = tile;
    ctx.fillStyle = base.boundary.count ? PAPER.outside : PAPER.land;
    ctx.fillRect(0, 0, 256, 256);
    if (tracePolygons(tile, base.boundary)) fill(ctx, PAPER.land);
    if (tracePolygons(tile, base.green)) fill(ctx, PAPER.green);
    if (tracePolygons(tile, base.water)) {
      fill(ctx, PAPER.water);
      stroke(ctx, PAPER.shore, 0.7);
    }
    if (base.boundary.count) {
      // what the files hold beyond the city is paler, so that their own edge is not taken for a border
      tracePolygons(tile, base.boundary);
      ctx.rect(0, 0, 256, 256);
      fill(ctx, "rgba(236,232,223,.6)");
    }
    if (tracePolygons(tile, base.towns)) {
      ctx.setLineDash([2, 4]);
      stroke(ctx, PAPER.town, 1.1);
      ctx.setLineDash([]);
    }
    const seen = STREETS.filter((street) => zoom >= street.from && base.roads[street.kind]?.count);
    for (const street of seen) {
      if (!street.casing || zoom < street.casingFrom || !traceLines(tile, base.roads[street.kind])) continue;
      stroke(ctx, street.casing, between(street.width, zoom) + (zoom >= 14 ? 2 : 1.2));
    }
    for (const street of seen) {
      if (!traceLines(tile, base.roads[street.kind])) continue;
      ctx.setLineDash(street.dash);
      stroke(ctx, zoom < street.casingFrom ? street.faint : street.fill, between(street.width, zoom));
      ctx.setLineDash([]);
    }
    if (tracePolygons(tile, base.boundary)) {
      stroke(ctx, "rgba(185,159,134,.25)", 5);
      ctx.setLineDash([8, 4]);
      stroke(ctx, PAPER.border, 1.4);
      ctx.setLineDash([]);
    }
  }, { pane: "basemap", maxNativeZoom: 19 });
}

/** @param {CanvasRenderingContext2D} ctx @param {string} colour */
function fill(ctx, colour) {
  ctx.fillStyle = colour;
  ctx.fill("evenodd");
}

/** @param {CanvasRenderingContext2D} ctx @param {string} colour @param {number} width */
function stroke(ctx, colour, width) {
  ctx.strokeStyle = colour;
  ctx.lineWidth = width;
  ctx.stroke();
}
