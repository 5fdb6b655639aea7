/** Sites that are not points: routes and areas, drawn under their markers. */
import { canvasLayer, traceLine, tracePolygon } from "./canvas.js";
import { readLines, readPolygons } from "./decode.js";

/**
 * @param {import("leaflet").Map} map
 * @param {import("./data.js").Sites} sites
 * @returns {{show: (rows: number[], selected: number) => void}}
 */
export function shapeLayer(map, sites) {
  const lines = readLines(sites.data.lines);
  const areas = readPolygons(sites.data.polygons);
  let wanted = new Set();
  let chosen = -1;
  const layer = canvasLayer((tile) => {
    const { ctx, zoom } = tile;
    for (let n = 0; n < areas.count; n++) {
      const row = areas.tags[n];
      if (!wanted.has(row) || !tile.sees(areas.boxes, n, 6)) continue;
      ctx.beginPath();
      tracePolygon(tile, areas, n);
      ctx.globalAlpha = row === chosen ? 0.34 : 0.16;
      ctx.fillStyle = ctx.strokeStyle = sites.info(row).colour;
      ctx.fill("evenodd");
      ctx.globalAlpha = 0.9;
      ctx.lineWidth = row === chosen ? 3 : 1.6;
      ctx.stroke();
    }
    ctx.globalAlpha = 1;
    for (let n = 0; n < lines.count; n++) {
      const row = lines.tags[n];
      if (!wanted.has(row) || !tile.sees(lines.boxes, n, 10)) continue;
      const width = (zoom >= 15 ? 5 : zoom >= 13 ? 3.5 : 2.2) + (row === chosen ? 2 : 0);
      for (const [colour, wide] of /** @type {[string, number][]} */ ([["#ffffff", width + 2.5], [sites.info(row).colour, width]])) {
        ctx.beginPath();
        traceLine(tile, lines, n);
        ctx.strokeStyle = colour;
        ctx.lineWidth = wide;
        ctx.stroke();
      }
    }
  }, { pane: "shapes" });
  return {
    show(rows, selected) {
      wanted = new Set(rows);
      chosen = selected;
      if (map.hasLayer(layer)) layer.redraw();
      else if (lines.count || areas.count) setTimeout(() => layer.addTo(map)); // the first markers do not wait for it
    },
  };
}
