/** Which language is spoken: the page's words, asked for by their keys. */

/** @type {Record<string, [string, string]>} those of words.js, given by the first script */
let words = typeof window !== "undefined" ? (window.cfmap?.words ?? {}) : {};

/** @param {Record<string, [string, string]>} given */
export function useWords(given) {
  words = given;
}

/** As the page already says: its frame and its rest are scripts of their own. */
let english = typeof document !== "undefined" && document.documentElement.lang === "en";

/** @param {string} lang */
export function setLanguage(lang) {
  english = lang === "en";
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [facts]
 * @returns {string}
 */
export function t(key, facts = {}) {
  const text = words[key]?.[english ? 1 : 0] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in facts ? String(facts[name]) : whole));
}

/**
 * @param {string} zh
 * @param {string} en
 * @returns {string}
 */
export function pick(zh, en) {
  return english && en ? en : zh;
}
