/** How does the map become one picture: the page's own canvases, the markers, and what must stand on every copy. */
import { byId, el } from "./dom.js";
import { review, title } from "./frame.js";
import { pick, t } from "./i18n.js";
import { shadeLegend, shadeTitle, shaded } from "./shade.js";
import { bandSwatch, bandWords } from "./reach.js";
import { pathSwatch, stateSwatch } from "./streets.js";

const FONT = '"PingFang SC","HarmonyOS Sans SC","MiSans","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif';
const INK = "#37281b";
const SOFT = "#6b5b4b";
const PAD = 16;

/**
 * @typedef {object} Standing a marker on the map
 * @property {number} x in the map's frame
 * @property {number} y
 * @property {number[]} rows
 * @property {string} [label] written instead of icon or count
 */

/**
 * @typedef {object} Scene what a picture is made of
 * @property {import("leaflet").Map} map
 * @property {import("./types").Meta} meta
 * @property {import("./data.js").Sites} sites
 * @property {Standing[]} standing
 * @property {{title: string, entries: [HTMLCanvasElement, string][]}[]} legends what the drawn areas mean
 * @property {() => HTMLElement[]} [figures] printed in place of the map; none: the map
 */

/**
 * A length for the scale bar: 1, 2 or 5 times a power of ten.
 * @param {number} metresPerPixel @param {number} widest pixels
 */
export function scaleBar(metresPerPixel, widest) {
  const most = metresPerPixel * widest;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = power * (most >= 5 * power ? 5 : most >= 2 * power ? 2 : 1);
  return { metres, pixels: metres / metresPerPixel, words: metres >= 1000 ? `${metres / 1000} km` : `${metres} m` };
}

/**
 * Lines of a text no wider than `width`: Chinese breaks anywhere, other words stay whole where they fit.
 * @param {string} text @param {number} width @param {(text: string) => number} measure @returns {string[]}
 */
export function wrap(text, width, measure) {
  /** @type {string[]} */
  const lines = [];
  let line = "";
  const pieces = text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+|\s+/g) ?? [];
  for (const piece of pieces) {
    if (measure((line + piece).trimEnd()) <= width) {
      line += piece;
      continue;
    }
    if (line.trim()) lines.push(line.trim());
    line = piece.trimStart();
    while (measure(line) > width && Array.from(line).length > 1) {
      const letters = Array.from(line);
      let fit = letters.length - 1;
      while (fit > 1 && measure(letters.slice(0, fit).join("")) > width) fit--;
      lines.push(letters.slice(0, fit).join(""));
      line = letters.slice(fit).join("");
    }
  }
  if (line.trim()) lines.push(line.trim());
  return lines;
}

/** As much of a text as fits, with … where something is missing. @param {string} text @param {number} width @param {(text: string) => number} measure */
export function shortened(text, width, measure) {
  if (measure(text) <= width) return text;
  const letters = Array.from(text);
  while (letters.length > 1 && measure(`${letters.join("")}…`) > width) letters.pop();
  return `${letters.join("")}…`;
}

/** What the legend says about the areas and lines that are drawn now. @param {import("./types").State} state @param {import("./reach.js").ReachLayers | null} reach @returns {Scene["legends"]} */
export function legendsOf(state, reach) {
  const out = (reach?.items ?? [])
    .filter((item) => state.reach.includes(item.key))
    .map((item) => ({
      title: pick(item.title, item.title_en),
      entries: item.bands.map((_, n) => /** @type {[HTMLCanvasElement, string]} */ ([bandSwatch(item.colour, n, item.bands.length), bandWords(item, n)])).reverse(),
    }));
  const group = shaded(reach?.towns, state.shade);
  if (reach?.towns && group) out.push({ title: shadeTitle(group), entries: shadeLegend(reach.towns, group) });
  if (state.perimeter && reach?.perimeter) out.push({ title: t("perimeter"), entries: reach.perimeter.states.map((look) => [stateSwatch(look), t(look.key)]) });
  if (state.paths && reach?.paths) out.push({ title: t("paths"), entries: [[pathSwatch(reach.paths.colour), t("pathsLine")]] });
  return out;
}

/** Layers with a marker in the picture and how many of their sites it shows, in the page's order. @param {Scene} scene */
export function layersIn({ sites, standing, meta }) {
  /** @type {Map<string, number>} */
  const found = new Map();
  for (const row of standing.flatMap((one) => one.rows)) found.set(sites.info(row).key, (found.get(sites.info(row).key) ?? 0) + 1);
  return meta.layers.filter((layer) => found.has(layer.key)).map((layer) => ({ layer, count: found.get(layer.key) ?? 0 }));
}

/** Review number, data date, credit, producer: as they stand at the foot of the page. */
export const credits = () => [...byId("foot").querySelectorAll("span")].map((part) => part.textContent ?? "").filter(Boolean);

/** What marks a copy that must not be taken for the public map of a real city. @param {import("./types").Meta} meta */
export const marks = (meta) => [...(meta.city.demo ? [t("demo")] : []), ...(meta.public ? [] : [t("internal")])];

/** Today where the reader is. */
export function today() {
  const now = new Date();
  return [now.getFullYear(), String(now.getMonth() + 1).padStart(2, "0"), String(now.getDate()).padStart(2, "0")].join("-");
}

/**
 * The map alone, as it stands on the screen.
 * @param {Scene} scene
 * @param {Map<string, CanvasImageSource>} icons
 * @returns {HTMLCanvasElement}
 */
export function drawMap(scene, icons = new Map()) {
  const box = scene.map.getContainer();
  const frame = box.getBoundingClientRect();
  const ratio = Math.max(2, Math.min(window.devicePixelRatio || 1, 3));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(frame.width * ratio));
  canvas.height = Math.max(1, Math.round(frame.height * ratio));
  const ctx = pen(canvas, ratio);
  ctx.fillStyle = "#ece8df";
  ctx.fillRect(0, 0, frame.width, frame.height);
  const panes = [...box.querySelectorAll(".leaflet-map-pane > .leaflet-pane")].sort((a, b) => Number(getComputedStyle(a).zIndex) - Number(getComputedStyle(b).zIndex));
  for (const drawn of panes.flatMap((pane) => [...pane.querySelectorAll("canvas")])) {
    const at = drawn.getBoundingClientRect();
    if (at.width && at.height && drawn.width && drawn.height) ctx.drawImage(drawn, at.left - frame.left, at.top - frame.top, at.width, at.height);
  }
  watermark(ctx, marks(scene.meta), frame.width, frame.height);
  for (const one of scene.standing) marker(ctx, scene.sites, one, icons);
  ruler(ctx, scene.map, frame.height - stamp(ctx, review(scene.meta), frame.width, frame.height));
  return canvas;
}

/**
 * The whole sheet: head, map, legend and what must stand below.
 * @param {Scene} scene @param {Map<string, CanvasImageSource>} icons
 */
export function drawSheet(scene, icons) {
  const { meta } = scene;
  const map = drawMap(scene, icons);
  const ratio = map.width / scene.map.getContainer().getBoundingClientRect().width;
  const width = map.width / ratio;
  const height = map.height / ratio;
  const inner = width - 2 * PAD;
  const probe = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));
  /** @param {string} font @param {string} text @param {number} room */
  const lines = (font, text, room) => {
    probe.font = font;
    return wrap(text, room, (part) => probe.measureText(part).width);
  };
  const big = `700 22px ${FONT}`;
  const small = `12px ${FONT}`;
  const middle = `14px ${FONT}`;
  const head = lines(big, title(meta), inner - (meta.logo ? meta.logo.width + 12 : 0));
  const second = [t("edition", { year: meta.year }), t("drawn", { date: today() })].join(" · ");
  const foot = lines(small, credits().join("   "), inner);
  const keys = layersIn(scene).map(({ layer, count }) => ({ colour: layer.colour, icon: icons.get(layer.icon), words: pick(layer.title, layer.title_en), count: ` ${count}` }));
  const areas = scene.legends.flatMap((legend) => [{ swatch: null, words: legend.title }, ...legend.entries.map(([swatch, words]) => ({ swatch, words }))]);
  const columns = Math.max(1, Math.floor(inner / 170));
  const rows = Math.ceil(keys.length / columns);
  const band = meta.public ? 0 : 28;
  const logo = meta.logo ? /** @type {HTMLImageElement} */ (byId("logo")) : null;
  const start = band + PAD;
  const top = start + head.length * 28 + 28;
  const legendTop = top + height + 12;
  const footTop = legendTop + rows * 30 + areas.length * 26 + (rows + areas.length ? 8 : 0);
  const canvas = document.createElement("canvas");
  canvas.width = map.width;
  canvas.height = Math.round((footTop + foot.length * 18 + PAD) * ratio);
  const ctx = pen(canvas, ratio);
  ctx.fillStyle = "#fffaf1";
  ctx.fillRect(0, 0, width, canvas.height / ratio);
  if (band) {
    ctx.fillStyle = "#9f1239";
    ctx.fillRect(0, 0, width, band);
    ctx.font = `700 14px ${FONT}`;
    write(ctx, shortened(t("insideBand"), inner, (part) => ctx.measureText(part).width), PAD, band / 2, ctx.font, "#ffffff");
  }
  if (logo?.naturalWidth && meta.logo) ctx.drawImage(logo, width - PAD - meta.logo.width, start, meta.logo.width, meta.logo.height);
  head.forEach((line, n) => write(ctx, line, PAD, start + 12 + n * 28, big, INK));
  let x = PAD;
  if (meta.city.demo) x = badge(ctx, t("demo"), x, start + head.length * 28 + 8) + 8;
  write(ctx, second, x, start + head.length * 28 + 8, middle, SOFT);
  ctx.drawImage(map, 0, top, width, height);
  keys.forEach((key, n) => {
    const [left, y] = [PAD + (n % columns) * (inner / columns), legendTop + Math.floor(n / columns) * 30 + 13];
    disc(ctx, left + 11, y, 11, key.colour);
    if (key.icon) ctx.drawImage(key.icon, left + 4, y - 7, 14, 14);
    ctx.font = middle;
    const room = inner / columns - 36 - ctx.measureText(key.count).width;
    write(ctx, shortened(key.words, room, (part) => ctx.measureText(part).width) + key.count, left + 28, y, middle, INK);
  });
  areas.forEach((area, n) => {
    const y = legendTop + rows * 30 + n * 26 + 13;
    ctx.font = middle;
    if (area.swatch) ctx.drawImage(area.swatch, PAD, y - 11, 36, 22);
    write(ctx, shortened(area.words, inner - 44, (part) => ctx.measureText(part).width), area.swatch ? PAD + 44 : PAD, y, area.swatch ? middle : `600 14px ${FONT}`, INK);
  });
  foot.forEach((line, n) => write(ctx, line, PAD, footTop + n * 18 + 9, small, SOFT));
  return canvas;
}

/**
 * Icons of the layers as pictures that a canvas can draw.
 * @param {Iterable<string>} names @returns {Promise<Map<string, CanvasImageSource>>}
 */
export async function iconPictures(names) {
  /** @type {Map<string, CanvasImageSource>} */
  const out = new Map();
  await Promise.all(
    [...new Set(names)].map(async (name) => {
      const symbol = document.getElementById(`i-${name}`);
      if (!symbol) return;
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const facts = { viewBox: symbol.getAttribute("viewBox") ?? "0 0 24 24", width: "96", height: "96", fill: "none", stroke: "#fff", color: "#fff", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round" };
      for (const [key, value] of Object.entries(facts)) svg.setAttribute(key, value);
      svg.append(...[...symbol.childNodes].map((part) => part.cloneNode(true)));
      const picture = new Image(96, 96);
      picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(svg))}`;
      try {
        await picture.decode();
        out.set(name, picture);
      } catch {
        // a marker without its icon still has its colour and the legend
      }
    }),
  );
  return out;
}

/**
 * What the panel shows: the picture to long-press, and a link to save it.
 * @param {Scene} scene
 * @param {{say: (text: string) => void, print: () => void}} doors
 * @returns {HTMLElement[]}
 */
export function picturePanel(scene, { say, print }) {
  const holder = el("div", { class: "shot", "aria-busy": "true" }, el("p", { class: "hint" }, t("pictureMaking")));
  iconPictures(scene.meta.layers.map((layer) => layer.icon))
    .then((icons) => {
      const url = drawSheet(scene, icons).toDataURL("image/png");
      const name = `${scene.meta.public ? "" : `${t("internal")} `}${title(scene.meta)} ${scene.meta.year} ${today()}.png`;
      holder.replaceChildren(
        el("p", { class: "hint" }, t("pictureHint"), document.documentElement.dataset.tiles === "on" && ` ${t("pictureOwn")}`),
        el("div", { class: "actions" }, el("a", { class: "action main", id: "save-picture", href: url, download: name }, t("pictureSave")), el("button", { type: "button", class: "action", onclick: print }, t("print"))),
        el("img", { src: url, alt: t("pictureAlt", { title: title(scene.meta), n: scene.standing.reduce((sum, one) => sum + one.rows.length, 0) }) }),
      );
      say(t("pictureReady"));
    })
    .catch(() => holder.replaceChildren(el("p", { class: "hint" }, t("pictureFailed"))))
    .finally(() => holder.removeAttribute("aria-busy"));
  return [holder];
}

/** @param {HTMLCanvasElement} canvas @param {number} ratio */
function pen(canvas, ratio) {
  const ctx = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  ctx.scale(ratio, ratio);
  ctx.lineJoin = ctx.lineCap = "round";
  ctx.textBaseline = "middle";
  return ctx;
}

/** @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} x @param {number} y @param {string} font @param {string} colour */
function write(ctx, text, x, y, font, colour) {
  ctx.font = font;
  ctx.fillStyle = colour;
  ctx.fillText(text, x, y);
}

/** @param {CanvasRenderingContext2D} ctx @param {number} x @param {number} y @param {number} radius @param {string} colour */
function disc(ctx, x, y, radius, colour) {
  ctx.beginPath();
  ctx.arc(x, y, radius, 0, 2 * Math.PI);
  ctx.fillStyle = colour;
  ctx.fill();
}

/** @param {CanvasRenderingContext2D} ctx @param {import("./data.js").Sites} sites @param {Standing} one @param {Map<string, CanvasImageSource>} icons */
function marker(ctx, sites, { x, y, rows, label }, icons) {
  const info = sites.info(rows[0]);
  const alike = rows.every((row) => sites.info(row).colour === info.colour);
  const picture = rows.length === 1 && !label ? icons.get(info.icon) : undefined;
  const words = picture ? "" : (label ?? (rows.length > 1 ? String(rows.length) : ""));
  ctx.font = `700 12px ${FONT}`;
  const radius = rows.length > 1 && !label ? 17 : label ? 11 : 15;
  const half = Math.max(0, ctx.measureText(words).width / 2 - radius + 6);
  for (const [grow, colour] of /** @type {[number, string][]} */ ([[2, "#ffffff"], [0, alike ? info.colour : "#5b4636"], ...(rows.length > 1 ? [[-3, "#fffdf8"]] : [])])) {
    ctx.beginPath();
    ctx.moveTo(x - half, y - radius - grow);
    ctx.arc(x + half, y, radius + grow, -Math.PI / 2, Math.PI / 2);
    ctx.arc(x - half, y, radius + grow, Math.PI / 2, (3 * Math.PI) / 2);
    ctx.closePath();
    ctx.fillStyle = colour;
    ctx.fill();
  }
  if (picture) ctx.drawImage(picture, x - 10, y - 10, 20, 20);
  ctx.textAlign = "center";
  ctx.fillStyle = rows.length > 1 ? INK : "#ffffff";
  ctx.fillText(words, x, y + 0.5);
  ctx.textAlign = "left";
}

/**
 * The review number at the lower left of the map itself.
 * @param {CanvasRenderingContext2D} ctx @param {{words: string, wrong: boolean}[]} said @param {number} width @param {number} height
 * @returns {number} pixels it takes
 */
function stamp(ctx, said, width, height) {
  ctx.font = `600 12px ${FONT}`;
  const lines = said.flatMap(({ words, wrong }) => wrap(words, width - 28, (part) => ctx.measureText(part).width).map((line) => ({ line, wrong })));
  const top = height - 6 - lines.length * 17;
  ctx.fillStyle = "rgba(255,250,241,.88)";
  ctx.fillRect(8, top - 3, Math.max(...lines.map(({ line }) => ctx.measureText(line).width)) + 12, lines.length * 17 + 4);
  lines.forEach(({ line, wrong }, n) => write(ctx, line, 14, top + 8 + n * 17, ctx.font, wrong ? "#b42318" : INK));
  return height - top;
}

/** @param {CanvasRenderingContext2D} ctx @param {import("leaflet").Map} map @param {number} height */
function ruler(ctx, map, height) {
  const y = height / 2;
  const metres = map.distance(map.containerPointToLatLng([0, y]), map.containerPointToLatLng([100, y]));
  const bar = scaleBar(metres / 100, 110);
  const [left, bottom] = [14, height - 14];
  ctx.fillStyle = "rgba(255,250,241,.85)";
  ctx.fillRect(left - 6, bottom - 24, bar.pixels + 12, 30);
  write(ctx, bar.words, left + 2, bottom - 12, `12px ${FONT}`, INK);
  ctx.strokeStyle = INK;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(left, bottom - 5);
  ctx.lineTo(left, bottom);
  ctx.lineTo(left + bar.pixels, bottom);
  ctx.lineTo(left + bar.pixels, bottom - 5);
  ctx.stroke();
}

/** @param {CanvasRenderingContext2D} ctx @param {string} text @param {number} x @param {number} y @returns {number} right edge */
function badge(ctx, text, x, y) {
  ctx.font = `600 13px ${FONT}`;
  const width = ctx.measureText(text).width + 16;
  ctx.fillStyle = "#b45309";
  ctx.fillRect(x, y - 11, width, 22);
  write(ctx, text, x + 8, y, ctx.font, "#ffffff");
  return x + width;
}

/** A copy that is passed on keeps its mark wherever it is cut. @param {CanvasRenderingContext2D} ctx @param {string[]} words @param {number} width @param {number} height */
function watermark(ctx, words, width, height) {
  if (!words.length) return;
  ctx.save();
  ctx.globalAlpha = 0.16;
  ctx.textAlign = "center";
  for (let y = 70; y < height + 90; y += 190)
    for (let x = (Math.round(y / 190) % 2) * 110 + 60; x < width + 110; x += 240) {
      ctx.save();
      ctx.translate(x, y);
      ctx.rotate(-0.35);
      write(ctx, words.join(" · "), 0, 0, `700 26px ${FONT}`, "#7a3e00");
      ctx.restore();
    }
  ctx.restore();
}
