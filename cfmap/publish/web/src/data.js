/** What is known about a site: columns of the page's data, read by row. */
import { degrees, unpack } from "./decode.js";

/** @param {string} name @returns {any} large blocks come packed */
export function block(name) {
  const data = JSON.parse(document.getElementById(`cfmap-${name}`)?.textContent ?? "null");
  return data?.gzip ? JSON.parse(new TextDecoder().decode(unpack(data.gzip))) : data;
}

/**
 * @param {import("./types").Column | undefined} column
 * @param {number} row
 * @returns {import("./types").Cell}
 */
export function cell(column, row) {
  if (!column) return null;
  if (column.v) return column.v[row] ?? null;
  if (!column.d) return null;
  return column.d[column.i ? column.i[row] : 0] ?? null;
}

export class Sites {
  /**
   * @param {import("./types").Meta} meta
   * @param {import("./types").SitesBlock} data
   */
  constructor(meta, data) {
    this.meta = meta;
    this.data = data;
    /** @type {import("./types").Details | undefined} */
    this.more = undefined;
    /** @type {Record<string, string> | null} */
    this.photos = null;
    this.count = data.name.length;
    this.layer = new Int16Array(this.count);
    /** @type {number[]} */
    this.first = [];
    let row = 0;
    data.rows.forEach((rows, n) => {
      this.first.push(row);
      this.layer.fill(n, row, row + rows);
      row += rows;
    });
    this.lon = Float64Array.from(data.lon, (v) => (v === null ? NaN : degrees(v)));
    this.lat = Float64Array.from(data.lat, (v) => (v === null ? NaN : degrees(v)));
  }

  /** @param {number} row */
  info(row) {
    return this.meta.layers[this.layer[row]];
  }

  /** @param {number} row */
  name(row) {
    return this.data.name[row];
  }

  /** @param {number} row */
  placed(row) {
    return !Number.isNaN(this.lon[row]);
  }

  /** @param {number} row @param {string} key a common column */
  get(row, key) {
    return cell(this.data.columns[key] ?? this.details()?.columns[key], row);
  }

  /** @param {number} row @param {string} key a column as text, "" when missing */
  text(row, key) {
    const value = this.get(row, key);
    return value === null ? "" : String(value);
  }

  /** @param {number} row @param {string} key a column of the layer's own */
  own(row, key) {
    return cell((this.data.own ?? this.details()?.own)?.[this.info(row).key]?.[key], row - this.first[this.layer[row]]);
  }

  /** @param {number} row @returns {string} its name in links */
  key(row) {
    return (this.data.key ?? this.details()?.key)?.[row] ?? "";
  }

  /**
   * With very many sites, what the first markers do not need: a block at the end of the page, read when first asked for.
   * @returns {import("./types").Details | null} null while it has not arrived, and where there is none
   */
  details() {
    if (this.more === undefined && this.data.own === undefined) this.more = block("details") ?? undefined;
    return this.more ?? null;
  }

  /** @param {number} row @returns {string} the address of its photo, which is data in this page; "" when there is none, or not yet */
  photo(row) {
    if (!this.photos) this.photos = block("photos");
    const found = this.photos?.[this.key(row)];
    return typeof found === "string" && /^data:image\/jpeg;base64,[A-Za-z0-9+/]+=*$/.test(found) ? found : "";
  }

  /** Whether every column is here. */
  complete() {
    return this.data.own !== undefined || this.details() !== null;
  }

  /** @param {string} key @returns {number} row, -1 when there is none */
  find(key) {
    return key ? (this.data.key ?? this.details()?.key ?? []).indexOf(key) : -1;
  }
}
