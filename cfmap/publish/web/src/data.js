/** What is known about a site: columns of the page's data, read by row. */
import { bytesOf, degrees } from "./decode.js";

/**
 * Large blocks, and large parts of some, come packed.
 * @param {string} name
 * @param {(bytes: Uint8Array) => Uint8Array} gunzip that of the first script
 * @returns {any}
 */
export function block(name, gunzip = window.cfmap.gunzip) {
  const open = (/** @type {any} */ data) => (data?.gzip ? JSON.parse(new TextDecoder().decode(gunzip(bytesOf(data.gzip)))) : data);
  const data = open(JSON.parse(document.getElementById(`cfmap-${name}`)?.textContent ?? "null"));
  for (const key of Object.keys(data ?? {})) data[key] = open(data[key]);
  return data;
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
   * @param {import("./types").EventsBlock | null} [events] rows after the places, as many as {@link put} says
   */
  constructor(meta, data, events = null) {
    this.meta = meta;
    this.data = data;
    this.events = events;
    /** @type {number[]} positions in the block of the events that are on, in the order of their rows */
    this.on = [];
    /** @type {(row: number) => string} when an event is, in words; "" for a place */
    this.when = () => "";
    /** @type {import("./types").Details | undefined} */
    this.more = undefined;
    /** @type {Record<string, string> | null} */
    this.photos = null;
    /** @type {(near: {lat: number, lon: number}) => Map<number, number>} minutes on foot to the rows around a place, once the walks are here */
    this.walks = () => new Map();
    this.places = data.name.length;
    this.count = this.places;
    this.layer = new Int16Array(this.places + (events?.name.length ?? 0));
    /** @type {number[]} */
    this.first = [];
    let row = 0;
    data.rows.forEach((rows, n) => {
      this.first.push(row);
      this.layer.fill(n, row, row + rows);
      row += rows;
    });
    const step = (/** @type {number | null} */ v) => (v === null ? NaN : degrees(v));
    this.lon = Float64Array.from([...data.lon, ...(events?.lon ?? [])], step);
    this.lat = Float64Array.from([...data.lat, ...(events?.lat ?? [])], step);
    if (events) {
      this.layer.fill(events.layer, this.places);
      meta.layers[events.layer].count = events.name.length;
      Object.assign(data.pinyin, events.pinyin);
    }
  }

  /** Which events are rows from now on. @param {number[]} on positions in their block */
  put(on) {
    if (!this.events) return;
    this.before = this.on;
    this.on = on;
    this.count = this.places + on.length;
    const [lon, lat] = [this.events.lon, this.events.lat];
    on.forEach((n, k) => {
      this.lon[this.places + k] = lon[n] === null ? NaN : degrees(lon[n]);
      this.lat[this.places + k] = lat[n] === null ? NaN : degrees(lat[n]);
    });
    this.meta.layers[this.events.layer].unlocated = on.filter((n) => lon[n] === null).length;
  }

  /** @param {number} row row of an event before events were put @returns {number} its row now, -1 when it is gone */
  rowNow(row) {
    const at = this.on.indexOf(this.before?.[row - this.places] ?? -1);
    return at < 0 ? -1 : this.places + at;
  }

  /** @param {number} row */
  isEvent(row) {
    return row >= this.places;
  }

  /** @param {number} n position in the block of events @param {string} key a common column or one of the events' own */
  eventCell(n, key) {
    return cell(this.events?.own[key] ?? this.events?.columns[key], n);
  }

  /** @param {number} row @returns {number} row of the place where an event is, -1 when it names none */
  placeOf(row) {
    return this.events?.site[this.on[row - this.places]] ?? -1;
  }

  /** @param {number} row */
  info(row) {
    return this.meta.layers[this.layer[row]];
  }

  /** @param {number} row */
  name(row) {
    return row < this.places ? this.data.name[row] : this.events?.name[this.on[row - this.places]] ?? "";
  }

  /** @param {number} row */
  placed(row) {
    return !Number.isNaN(this.lon[row]);
  }

  /** @param {number} row @param {string} key a common column */
  get(row, key) {
    if (this.isEvent(row)) return cell(this.events?.columns[key], this.on[row - this.places]);
    return cell(this.data.columns[key] ?? this.details()?.columns[key], row);
  }

  /** @param {number} row @param {string} key a column as text, "" when missing */
  text(row, key) {
    const value = this.get(row, key);
    return value === null ? "" : String(value);
  }

  /** @param {number} row @param {string} key a column of the layer's own */
  own(row, key) {
    if (this.isEvent(row)) return cell(this.events?.own[key], this.on[row - this.places]);
    return cell((this.data.own ?? this.details()?.own)?.[this.info(row).key]?.[key], row - this.first[this.layer[row]]);
  }

  /** @param {number} row @returns {string} its name in links */
  key(row) {
    if (this.isEvent(row)) return this.events?.key[this.on[row - this.places]] ?? "";
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
    const event = key ? this.on.findIndex((n) => this.events?.key[n] === key) : -1;
    if (event >= 0) return this.places + event;
    return key ? (this.data.key ?? this.details()?.key ?? []).indexOf(key) : -1;
  }
}
