/** Where does the map stand: Leaflet set up with our panes, scale and view. */
import { byId } from "./dom.js";
import { degrees } from "./decode.js";
import { referenceSystem } from "./drawn.js";

export const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** @param {import("./types").Meta} meta @returns {import("leaflet").Map} */
export function makeMap(meta) {
  const still = calm();
  const map = L.map(byId("map"), {
    crs: referenceSystem(meta),
    zoomControl: false,
    attributionControl: false,
    minZoom: 7,
    maxZoom: 19,
    zoomAnimation: !still,
    fadeAnimation: !still,
    markerZoomAnimation: !still,
    inertia: !still,
    worldCopyJump: false,
    preferCanvas: true,
  });
  heedful(map);
  for (const [name, z] of /** @type {[string, number][]} */ ([["basemap", 200], ["towns", 240], ["reach", 250], ["shapes", 300], ["labels", 350]])) {
    const pane = map.createPane(name);
    pane.style.zIndex = String(z);
    pane.style.pointerEvents = "none";
  }
  L.control.scale({ imperial: false, position: "bottomleft", maxWidth: 90 }).addTo(map);
  fitAll(map, meta);
  const box = map.getContainer();
  if ("ResizeObserver" in window) new ResizeObserver(() => map.invalidateSize({ pan: false })).observe(box);
  box.addEventListener("scroll", () => box.scrollTo(0, 0)); // a browser scrolls to what the keyboard reaches; the map must not
  return map;
}

/**
 * Leaflet passes over whatever would move the map while a zoom is under way, which on a slow phone takes a while: here the zoom is over at once when the map is asked elsewhere.
 * @param {import("leaflet").Map} map
 */
function heedful(map) {
  const move = map.setView.bind(map);
  const inner = /** @type {{_onZoomTransitionEnd: () => void}} */ (/** @type {unknown} */ (map)); // what Leaflet does when a zoom's transition ends; nothing when there is none
  map.setView = (...given) => {
    inner._onZoomTransitionEnd();
    return move(...given);
  };
}

/** @param {import("leaflet").Map} map @param {import("./types").Meta} meta */
export function fitAll(map, meta) {
  const [west, south, east, north] = meta.bounds.map(degrees);
  map.fitBounds([[south, west], [north, east]], { padding: [24, 24], maxZoom: 16, animate: false });
}

/**
 * Bring some sites into sight.
 * @param {import("leaflet").Map} map @param {import("./data.js").Sites} sites @param {number[]} rows
 */
export function fitRows(map, sites, rows) {
  const placed = rows.filter((row) => sites.placed(row));
  if (placed.length) map.fitBounds(placed.map((row) => [sites.lat[row], sites.lon[row]]), { padding: [24, 24], maxZoom: 16, animate: false });
}

/**
 * Bring a place into sight, beside the panel that covers part of the map.
 * @param {import("leaflet").Map} map @param {number} lat @param {number} lon @param {number} covered pixels at the bottom
 */
export function goTo(map, lat, lon, covered) {
  const zoom = Math.max(map.getZoom(), 16);
  const point = map.project([lat, lon], zoom).add([0, covered / 2]);
  map.setView(map.unproject(point, zoom), zoom, { animate: !calm() });
}
