/** Which map takes the reader to a place: links that each get the coordinates they expect. */
import { toGcj02 } from "./gcj02.js";

const LONGEST = 60; // characters of a name in a link

/** @typedef {{key: "amap" | "apple" | "geo" | "tianditu", href: string, copy?: string}} Route `copy`: coordinates that the link cannot carry */

/**
 * The best map first. Amap and Apple draw mainland China in GCJ-02 and take its coordinates there; `geo:` is WGS84 everywhere (RFC 5870).
 * Tianditu's web map documents no address of a place: its front page, and coordinates to paste, in CGCS2000, which is WGS84 to a metre.
 * @param {{lon: number, lat: number, name: string}} place WGS84
 * @param {{shifted: boolean, apple: boolean}} about whether the city lies where maps are shifted; whether this is a device of Apple's, which does not know `geo:`
 * @returns {Route[]}
 */
export function routes({ lon, lat, name }, { shifted, apple }) {
  const [mapLon, mapLat] = (shifted ? toGcj02(lon, lat) : [lon, lat]).map((degrees) => degrees.toFixed(6));
  const label = encodeURIComponent(Array.from(name).slice(0, LONGEST).join(""));
  const plain = `${lat.toFixed(6)},${lon.toFixed(6)}`;
  /** @type {Route[]} */
  const all = [
    { key: "amap", href: `https://uri.amap.com/marker?position=${mapLon},${mapLat}&name=${label}&coordinate=gaode&callnative=1` },
    { key: "apple", href: `https://maps.apple.com/?ll=${mapLat},${mapLon}&q=${label}` },
    { key: "geo", href: `geo:${plain}?q=${plain}(${label})` },
    { key: "tianditu", href: "https://map.tianditu.gov.cn/", copy: `${lon.toFixed(6)},${lat.toFixed(6)}` },
  ];
  const order = shifted ? ["amap", apple ? "apple" : "geo", "apple", "tianditu"] : [apple ? "apple" : "geo", "apple", "amap"];
  return [...new Set(order)].flatMap((key) => all.filter((route) => route.key === key));
}

/** @param {string} agent */
export const isApple = (agent) => /\b(iPhone|iPad|iPod|Macintosh)\b/.test(agent);
