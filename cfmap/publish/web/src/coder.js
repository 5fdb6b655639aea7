/** How do numbers come back out of coder.py's bytes: the same guesses, the same learning. */

/** What a number is, as in coder.py. */
export const [COUNT, TAG, POINTS, JUMP_X, JUMP_Y, DX, DY, NEXT, ALONG, BACK] = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9];
const KINDS = 10;
const NEIGHBOURS = 12;
const SIZES = 64;
const SIGNS = 9;
const HALF = 32768;
const MOST = 62;

/** @param {number} length */
const even = (length) => ({ chance: new Int32Array(length).fill(HALF), seen: new Uint8Array(length) });

/**
 * @param {Uint8Array} bytes
 * @returns {(kind: number, about?: number) => number} the next number, to be asked for by the kind it was written with, and what it is about
 */
export function coded(bytes) {
  const sizes = even(KINDS * NEIGHBOURS * SIZES);
  const tops = even(KINDS * SIZES * 4);
  const signs = even(KINDS * SIGNS);
  let low = 0;
  let high = 0xffffffff;
  let code = 0;
  let at = 0;
  for (; at < 4; at++) code = ((code << 8) | (bytes[at] ?? 0)) >>> 0;
  let [sizeX, sizeY, signX, signY] = [0, 0, 0, 0];

  const shift = () => {
    while (((low ^ high) & 0xff000000) === 0) {
      low = (low << 8) >>> 0;
      high = ((high << 8) | 255) >>> 0;
      code = ((code << 8) | (bytes[at++] ?? 0)) >>> 0;
    }
  };
  /** @param {{chance: Int32Array, seen: Uint8Array}} guess @param {number} n */
  const bit = ({ chance, seen }, n) => {
    const middle = low + ((high - low) >>> 12) * (chance[n] >> 4);
    let yes = 0;
    if (code <= middle) {
      yes = 1;
      high = middle;
      chance[n] += ((65535 - chance[n]) / (seen[n] + 2)) | 0;
    } else {
      low = middle + 1;
      chance[n] -= (chance[n] / (seen[n] + 2)) | 0;
    }
    if (seen[n] < MOST) seen[n]++;
    shift();
    return yes;
  };
  const plain = () => {
    const middle = low + ((high - low) >>> 12) * (HALF >> 4);
    const yes = code <= middle ? 1 : 0;
    if (yes) high = middle;
    else low = middle + 1;
    shift();
    return yes;
  };

  return (kind, about = 0) => {
    if (kind === JUMP_X || kind === NEXT) sizeX = sizeY = signX = signY = 0;
    let neighbour = kind === DY || kind === JUMP_Y ? sizeX : kind === DX ? (sizeX + sizeY + 1) >> 1 : about;
    if (neighbour >= NEIGHBOURS) neighbour = NEIGHBOURS - 1;
    const tree = (kind * NEIGHBOURS + neighbour) * SIZES;
    let node = 1;
    for (let k = 0; k < 5; k++) node = 2 * node + bit(sizes, tree + node);
    const size = node - 32;
    let rest = 1;
    node = 1;
    for (let k = size - 1; k >= 0; k--) {
      if (k < size - 2) {
        rest = 2 * rest + plain();
        continue;
      }
      const yes = bit(tops, (kind * SIZES + size) * 4 + node);
      node = 2 * node + yes;
      rest = 2 * rest + yes;
    }
    let value = rest - 1;
    if (kind < JUMP_X || kind > DY) return value;
    const sign = value ? 1 + bit(signs, kind * SIGNS + 3 * signX + signY) : 0;
    if (kind === JUMP_X || kind === DX) {
      sizeX = size;
      signX = sign;
    } else {
      sizeY = size;
      signY = sign;
    }
    if (kind === JUMP_Y) sizeX = sizeY = signX = signY = 0;
    if (sign === 2) value = -value;
    return value;
  };
}
