/** Does a text answer to what was typed: characters, pinyin, initials, with every reading of a character. */

/** What most texts are made of; folding leaves them as they are. */
const PLAIN = /^[\u4e00-\u9fff0-9a-z]*$/;

/** @param {string} text */
export const fold = (text) => PLAIN.test(text) ? text : text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

/**
 * Can `query` (letters) be read off the characters of `text` from position `at` on: each by its whole reading or its
 * initial, the last one also half typed?
 * @param {string[]} characters
 * @param {number} at
 * @param {string} query
 * @param {Record<string, string>} readings
 * @returns {boolean}
 */
function readable(characters, at, query, readings) {
  if (!query) return true;
  if (at >= characters.length) return false;
  const character = characters[at];
  if (character === query[0]) return readable(characters, at + 1, query.slice(1), readings);
  const all = readings[character];
  if (!all) return false;
  for (const reading of all.split(" ")) {
    if (reading[0] !== query[0]) continue;
    if (reading.startsWith(query)) return true;
    const initial = /^[zcs]h/.test(reading) ? 2 : 1;
    for (const length of new Set([reading.length, initial, 1])) {
      if (query.startsWith(reading.slice(0, length)) && readable(characters, at + 1, query.slice(length), readings)) return true;
    }
  }
  return false;
}

/**
 * How well a text answers: 0 not at all, higher is better (whole start > inside > pinyin from the start > pinyin inside).
 * @param {string} text
 * @param {string} query already folded
 * @param {Record<string, string>} readings
 * @returns {number}
 */
export function score(text, query, readings) {
  if (!query) return 1;
  const folded = fold(text);
  const at = folded.indexOf(query);
  if (at === 0) return 4;
  if (at > 0) return 3;
  if (!/[a-z]/.test(query)) return 0;
  const characters = Array.from(folded);
  const [first] = query;
  const later = ` ${first}`;
  for (let n = 0; n < characters.length; n++) {
    const all = readings[characters[n]];
    if (characters[n] !== first && !(all && (all[0] === first || all.includes(later)))) continue; // most are told by their first letter
    if (readable(characters, n, query, readings)) return n ? 1 : 2;
  }
  return 0;
}
