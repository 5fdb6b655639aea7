/** How elements are made: by createElement and text only, so that no name or address is ever read as markup. */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, string | number | boolean | null | undefined | ((event: any) => void)>} [attributes] `onclick` etc. are listeners, `class`, `aria-…` attributes; false and null leave one out
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children) if (child) node.append(child);
  return node;
}

/**
 * A picture of the icon family.
 * @param {string} name
 * @param {string} [className]
 * @returns {SVGSVGElement}
 */
export function icon(name, className = "icon") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", className);
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/**
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const node = document.getElementById(id);
  if (!node) throw new Error(`#${id} is missing`);
  return node;
}

const UNSEEN = /[\u0000-\u0020\u007f-\u00a0\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\\]/;

/**
 * Only addresses that are pages, calls or places; anything else becomes no link at all. Nor does one that does not lead
 * where it seems to: with characters nobody sees, or a name before the host.
 * @param {string} text
 * @returns {string | null}
 */
export function safeUrl(text) {
  const trimmed = text.replace(/^[ \t]+|[ \t]+$/g, "");
  if (UNSEEN.test(trimmed) || trimmed.length > 2000) return null;
  if (/^(geo|tel):[\d+*#(),.;=a-z-]+$/i.test(trimmed)) return trimmed;
  const full = /^https?:\/\//i.test(trimmed) ? trimmed : /^[a-z0-9-]+(\.[a-z0-9-]+)+([/?#]|$)/i.test(trimmed) ? `https://${trimmed}` : "";
  try {
    const url = new URL(full);
    return /^https?:$/.test(url.protocol) && url.hostname && !url.username && !url.password ? full : null;
  } catch {
    return null;
  }
}
