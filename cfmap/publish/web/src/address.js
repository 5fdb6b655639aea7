/** When is the address bar written: at once, as a link may be copied or the page left the next moment, but never so often that a browser refuses. */
const [MOST, SPAN_MS] = [5, 1600]; // Safari takes a hundred in half a minute

/**
 * @param {() => void} write
 * @returns {{changed: () => void, flush: () => void}} `changed`: write now, or as soon as there were fewer than the most; `flush`: what waits, now
 */
export function paced(write) {
  let spent = 0;
  let waits = false;
  const flush = () => {
    if (waits) write();
    waits = false;
  };
  const changed = () => {
    waits = true;
    if (spent === MOST) return;
    flush();
    spent++;
    setTimeout(() => {
      spent--;
      if (waits) changed();
    }, SPAN_MS);
  };
  return { changed, flush };
}
