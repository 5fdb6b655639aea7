/** The page's data, as cfmap/publish/web/payload.py writes it. */
export interface FieldInfo { key?: string; title: string; title_en: string; kind: string; unit: string }
export interface LayerInfo {
  key: string; title: string; title_en: string; icon: string; colour: string; geometry: string; group: string;
  count: number; unlocated: number; description: string; description_en: string; source: string; fields: FieldInfo[];
}
export interface Indicator {
  id: string; title: string; title_en: string; value: number | null; lower: number | null; upper: number | null; unit: string;
  denominator: string; definition: string; definition_en: string; data_date: string; status: string; sources: string[];
}
export interface Meta {
  city: { name: string; name_en: string; demo: boolean };
  year: number; editions: number[]; data_date: string; producer: string; review: string; changed: boolean; exemption: string; public: boolean;
  logo: { src: string; width: number; height: number } | null; contact: string; shifted: boolean; colour: string; attribution: string; bounds: number[]; groups: [string, string, string][];
  tiles?: TilesInfo;
  layers: LayerInfo[]; fields: Record<string, FieldInfo>; indicators: Indicator[];
}
export interface TilesInfo { name: string; hosts: string[]; layers: string[]; most: number; attribution: string; key: string; url: string; datum: "wgs84" | "gcj02"; licence: string }
export type Cell = string | number | boolean | null;
export interface Column { v?: Cell[]; d?: Cell[]; i?: number[] }
export interface Details { key: string[]; columns: Record<string, Column>; own: Record<string, Record<string, Column>> }
export interface SitesBlock extends Partial<Details> {
  rows: number[]; lon: (number | null)[]; lat: (number | null)[]; name: string[]; columns: Record<string, Column>;
  lines: string; polygons: string; pinyin: Record<string, string>;
}
export interface EventsBlock {
  layer: number; read: string; key: string[]; name: string[]; lon: (number | null)[]; lat: (number | null)[];
  columns: Record<string, Column>; own: Record<string, Column>; site: (number | null)[]; pinyin: Record<string, string>;
}
export interface BasemapBlock {
  roads: string; names: string[]; water: string; green: string; boundary: string; towns: string;
  labels: { name: string[]; rank: number[]; lon: number[]; lat: number[] };
}
export interface Reach {
  key: string; layer: string; title: string; title_en: string; definition: string; definition_en: string;
  bands: { metres: number; minutes: number | null }[]; headline: number; areas: string; sites: Record<string, number>;
  minutes?: { cells: string; pace: number; most: number } | null;
}
export interface TownGroup {
  title: string; title_en: string; definition: string; definition_en: string; data_date: string; sources: string[];
  parts: Partial<Record<string, (number | null)[]>>; hidden: Partial<Record<string, number[]>>; bounds: Record<string, [number | null, number | null]>; breaks: number[];
}
/** Towns, then "" for the whole city; figures by coverage. Only where they may be shown. */
export interface TownBlock { names: string[]; areas?: number[]; items: Record<string, TownGroup[]> }
/** Streets round schools; metres of each state by the key of the school. */
/** How a state is drawn: dashes in widths of the line. */
export interface Look { colour: string; dash: number[]; ends: "round" | "butt" }
export interface Perimeter { states: (Look & { key: string })[]; lines: string; metres: number; limit: number; schools: Record<string, number[]>; bare: string[] }
export interface CoverageBlock { items: Reach[]; perimeter: Perimeter | null; paths?: { lines: string; colour: string; definition: string; definition_en: string } | null; towns?: TownBlock }
/** Name, name in English, lon, lat, when it leaves, metres to the school, children (in the house alone). */
export type BusStop = [string, string, number, number, string, number, number?];
/** Number, metres, minutes, stops in the order of the walk, children (in the house alone). */
export interface BusLine { n: number; m: number; t: number; stops: BusStop[]; children?: number }
export interface BusSchool { key: string; name: string; lines: BusLine[] }
export interface BusBlock { lines: string; colours: [string, string]; arrival: string; schools: BusSchool[]; definition: string; definition_en: string }
export interface ChangesBlock {
  since: number; compared: number[]; added: number[]; removed: [number, string][]; moved: [number, number][]; renamed: [number, string][];
}
export interface Finding { code: string; level: string; layer: string; zh: string[]; en: string[]; lon?: number; lat?: number }
export interface OverlayBlock { title: string; title_en: string; colour: string; count: number; lines: string; polygons: string; points: [number, number][] }
/** Rank, obstacle, name, state, children (null: unknown), lon, lat. */
export type CrossingRow = [number, string, string, "unsafe" | "unknown", number | null, number, number];
export interface Crossings { states: Record<"unsafe" | "unknown", Look>; kinds: { layer: string; rows: CrossingRow[]; more: number }[] }
/** One action: people as [number or null, of how many schools it is missing]; at = lon, lat; cost = yuan or null, and how it is counted in Chinese and English. */
export interface MendingRow {
  work: string; work_en: string; road: string; road_en: string; where: string; where_en: string; metres: number; known: boolean; spare: boolean;
  schools: number; alone: number; pupils: [number | null, number]; children: [number | null, number]; at: [number, number];
  cost?: [number | null, string, string];
}
/** Steps: done, per cent of the length safe at least and at most, schools safe at least and at most, all schools; first = what comes first in Chinese and English; lines are tagged with the row. */
export interface Mending { rows: MendingRow[]; all: number; steps: [number, number | null, number | null, number, number, number][]; lines: string; first: [string, string] }
export interface InternalBlock {
  mending?: Mending | null;
  crossings?: Crossings | null;
  findings: Finding[]; more: number; overlays: OverlayBlock[];
  scenario: { title: string; title_en: string; minutes: number; sites: [string, number, number][]; reach: string } | null;
}
export interface State {
  large: boolean; contrast: boolean; base: "" | "own";
  wishes: string[]; town: string; unsure: boolean;
  lang: "zh" | "en"; group: string; layers: string[]; q: string; year: number; planned: boolean;
  near: { lat: number; lon: number } | null; site: number; panel: string; reach: string[]; perimeter: boolean; paths: boolean; bus: boolean; shade: string; spot: { lat: number; lon: number } | null;
}
export interface Lines { count: number; tags: Int32Array; starts: Int32Array; xy: Float64Array; boxes: Float64Array }
export interface Polygons { count: number; tags: Int32Array; rings: Int32Array; starts: Int32Array; xy: Float64Array; boxes: Float64Array }
declare global {
  interface Window {
    cfmap: { meta: Meta; words: Record<string, [string, string]>; gunzip: (bytes: Uint8Array) => Uint8Array; map?: import("leaflet").Map; arrived?: (name: string) => void; tiles?: (made: typeof import("./tiles.js").Tiles) => void; bus?: (made: typeof import("./bus.js").Bus) => void; state?: State; legends?: () => { title: string; entries: [HTMLCanvasElement, string][] }[] };
  }
}
