/** Where does Amap draw a WGS84 point: GCJ-02 by the published textbook formula. */

const A = 6378245.0; // Krasovsky 1940, metres
const E2 = 0.00669342162296594323;
const PI = Math.PI;

/** @param {number} x */
const waves = (x) => (20 * Math.sin(6 * x * PI) + 20 * Math.sin(2 * x * PI)) * (2 / 3);

/**
 * Whether a city lies where the shift applies at all is decided at build (`meta.shifted`), by the same boxes as the intake.
 * @param {number} lon @param {number} lat WGS84 degrees
 * @returns {[number, number]} longitude and latitude in GCJ-02
 */
export function toGcj02(lon, lat) {
  const x = lon - 105;
  const y = lat - 35;
  const root = Math.sqrt(Math.abs(x));
  const north =
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root + waves(x) + ((20 * Math.sin(y * PI) + 40 * Math.sin((y / 3) * PI)) * 2) / 3 + ((160 * Math.sin((y / 12) * PI) + 320 * Math.sin((y * PI) / 30)) * 2) / 3;
  const east =
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root + waves(x) + ((20 * Math.sin(x * PI) + 40 * Math.sin((x / 3) * PI)) * 2) / 3 + ((150 * Math.sin((x / 12) * PI) + 300 * Math.sin((x / 30) * PI)) * 2) / 3;
  const phi = (lat / 180) * PI;
  const magic = 1 - E2 * Math.sin(phi) ** 2;
  const dLat = (north * 180) / (((A * (1 - E2)) / (magic * Math.sqrt(magic))) * PI);
  const dLon = (east * 180) / ((A / Math.sqrt(magic)) * Math.cos(phi) * PI);
  return [lon + dLon, lat + dLat];
}

/**
 * The way back, to a millimetre: the shift changes so slowly that the point is found by asking again from where one came to.
 * @param {number} lon @param {number} lat GCJ-02 degrees
 * @returns {[number, number]} WGS84
 */
export function toWgs84(lon, lat) {
  let [x, y] = [lon, lat];
  for (let n = 0; n < 5; n++) {
    const [east, north] = toGcj02(x, y);
    x += lon - east;
    y += lat - north;
  }
  return [x, y];
}
