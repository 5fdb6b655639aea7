/** Where on the flat map is a WGS84 place drawn: there, or, over pictures that lie in GCJ-02, where those have it. All else in the page is WGS84. */
import { toGcj02, toWgs84 } from "./gcj02.js";

/** @typedef {(lon: number, lat: number) => [number, number]} Shift */

/** @type {Shift} */
const stay = (lon, lat) => [lon, lat];

/** @param {import("./types").Meta | undefined} meta @returns {{out: Shift, back: Shift}} */
export const shiftOf = (meta) => (meta?.tiles?.datum === "gcj02" ? { out: toGcj02, back: toWgs84 } : { out: stay, back: stay });

const { out } = shiftOf(typeof window === "undefined" ? undefined : window.cfmap?.meta);

/** @param {number} lon @returns {number} 0…1 west to east */
export const worldX = (lon) => lon / 360 + 0.5;

/** @param {number} lat @returns {number} 0…1 north to south, Web Mercator */
export function worldY(lat) {
  const s = Math.sin((lat * Math.PI) / 180);
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
}

/** @param {number} lon @param {number} lat WGS84 @returns {[number, number]} 0…1 in Web Mercator, where it is drawn */
export function world(lon, lat) {
  const [x, y] = out(lon, lat);
  return [worldX(x), worldY(y)];
}

/**
 * Leaflet's own reference system, in which places are WGS84 and pixels those of the pictures.
 * @param {import("./types").Meta} meta
 */
export function referenceSystem(meta) {
  const { out: to, back } = shiftOf(meta);
  const plain = L.Projection.SphericalMercator;
  /** @type {any} */
  const projection = {
    .../** @type {any} */ (plain),
    project: (/** @type {{lat: number, lng: number}} */ { lat, lng }) => {
      const [x, y] = to(lng, lat);
      return plain.project(L.latLng(y, x));
    },
    unproject: (/** @type {import("leaflet").Point} */ point) => {
      const { lat, lng } = plain.unproject(point);
      const [x, y] = back(lng, lat);
      return L.latLng(y, x);
    },
  };
  return to === stay ? L.CRS.EPSG3857 : /** @type {import("leaflet").CRS} */ (L.Util.extend({}, L.CRS.EPSG3857, { projection }));
}
