/** Words about a map service, in pages that have one: Chinese and English side by side, as in words.js. */

/** @type {Record<string, [string, string]>} */
export const TILE_WORDS = {
  baseOwn: ["简洁底图", "Plain"],
  tianditu: ["天地图", "Tianditu"],
  amap: ["高德地图", "Amap"],
  tilesHint: ["{service}的图片由您的浏览器向它的网站取，它看得到取的是哪一块。图片和打印用简洁底图。", "Your browser fetches {service}'s pictures from its site, which sees which part of the map is asked for. Saved pictures and prints use the plain background."],
  tilesOff: ["简洁底图在这张网页里，不联网也能看。", "The plain background is in this page and works offline."],
  tilesAgain: ["{service}现在打不开，先用简洁底图。再点一次“{service}”可以重试。", "{service} does not answer now; this is the plain background. Press {service} to try again."],
  tilesFailed: ["{service}现在打不开，先用简洁底图", "{service} does not answer; showing the plain background"],
};
