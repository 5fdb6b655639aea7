/** Does a text answer to what was typed: characters, pinyin, initials, with every reading of a character. */

/** What most texts are made of; folding leaves them as they are. */
const PLAIN = /^[\u4e00-\u9fff0-9a-z]*$/;

/** @param {string} text */
export const fold = (text) => PLAIN.test(text) ? text : text.normalize("NFKC").toLowerCase().replace(/\s+/g, "");

/** @typedef {{query: string, readings: Record<string, string>, steps: Map<string, number[]>[]}} Reader what was found out about characters for one query; `steps` by position in it */

/** @type {Reader} */
let reader = { query: "", readings: {}, steps: [] };

/**
 * How many letters of the query from position `from` on can be read off a character: its whole reading, its initial, or all that is left when
 * the reading goes on beyond it. Each character is worked out once a query.
 * @param {string} character @param {number} from
 * @returns {number[]} none when it cannot stand there
 */
function stepsOf(character, from) {
  const { query, readings, steps } = reader;
  const known = steps[from].get(character);
  if (known) return known;
  const rest = query.slice(from);
  const found = new Set(character === rest[0] ? [1] : []);
  for (const reading of character === rest[0] ? [] : (readings[character] ?? "").split(" ")) {
    if (reading[0] !== rest[0]) continue;
    if (reading.startsWith(rest)) found.add(rest.length);
    for (const length of [reading.length, /^[zcs]h/.test(reading) ? 2 : 1, 1]) if (rest.startsWith(reading.slice(0, length))) found.add(length);
  }
  const all = [...found];
  steps[from].set(character, all);
  return all;
}

/**
 * Can the query from position `from` on be read off the characters from position `at` on, the last one also half typed?
 * @param {string[]} characters @param {number} at @param {number} from
 * @returns {boolean}
 */
function readable(characters, at, from) {
  if (from >= reader.query.length) return true;
  if (at >= characters.length) return false;
  return stepsOf(characters[at], from).some((length) => readable(characters, at + 1, from + length));
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
  if (reader.query !== query || reader.readings !== readings) reader = { query, readings, steps: Array.from({ length: query.length }, () => new Map()) };
  const characters = Array.from(folded);
  for (let n = 0; n < characters.length; n++) {
    if (stepsOf(characters[n], 0).length && readable(characters, n, 0)) return n ? 1 : 2;
  }
  return 0;
}
