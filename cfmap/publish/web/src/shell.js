/** Runs first: the page's frame with title and big pictures, while the rest is still on its way. */
import { gunzipSync } from "fflate";
import { block } from "./data.js";
import { applyDisplay, remembered } from "./display.js";
import { buildFrame, paintFrame } from "./frame.js";
import { setLanguage, useWords } from "./i18n.js";
import { WORDS } from "./words.js";

useWords(WORDS);
const asked = new URLSearchParams(`${location.search.slice(1)}&${location.hash.slice(1)}`);
setLanguage(asked.get("lang") === "en" ? "en" : "zh");
const kept = remembered();
applyDisplay({ large: kept.large || asked.has("large"), contrast: kept.contrast || asked.has("contrast") });
window.cfmap = { meta: block("meta", gunzipSync), words: WORDS, gunzip: gunzipSync };
document.documentElement.style.setProperty("--theme", window.cfmap.meta.colour);
buildFrame();
paintFrame(window.cfmap.meta);
