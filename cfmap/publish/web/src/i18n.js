/** Which words does the page use: Chinese and English side by side. */

/** @type {Record<string, [string, string]>} */
const WORDS = {
  title: ["{city}儿童友好地图", "{city} child-friendly map"],
  demo: ["演示数据", "Demo data"],
  internal: ["内部", "Internal"],
  edition: ["{year} 年版", "{year} edition"],
  search: ["搜名称、地址或拼音", "Search name, address or pinyin"],
  clear: ["清除", "Clear"],
  more: ["更多", "More"],
  all: ["全部", "All"],
  list: ["列表", "List"],
  layers: ["图层", "Layers"],
  near: ["附近", "Near me"],
  zoomIn: ["放大", "Zoom in"],
  zoomOut: ["缩小", "Zoom out"],
  close: ["关闭", "Close"],
  back: ["返回", "Back"],
  skip: ["跳到列表", "Skip to the list"],
  map: ["地图", "Map"],
  categories: ["类别", "Categories"],
  groups: ["想找什么", "What are you looking for"],
  results: ["{n} 处", "{n} places"],
  resultsOf: ["{n} 处 · 共 {all} 处", "{n} of {all} places"],
  none: ["没有找到符合的地方", "Nothing found"],
  noneHint: ["换个词，或者清除筛选再看看", "Try another word, or clear the filters"],
  reset: ["清除筛选", "Clear filters"],
  showMore: ["再显示 {n} 处", "Show {n} more"],
  straight: ["直线 {d}", "{d} straight line"],
  straightHint: ["按直线距离从近到远，不是走路的距离", "Ordered by straight-line distance, not by walking"],
  nearOff: ["不按距离排", "Stop ordering by distance"],
  tapToPlace: ["没有拿到位置。在地图上点一下你在哪里。", "No position. Tap the map where you are."],
  placeByKeys: ["用键盘：方向键移动地图，回车定在中间。", " By keyboard: arrows move the map, Enter takes its middle."],
  locating: ["正在定位…", "Locating…"],
  here: ["你在这里", "You are here"],
  outside: ["你的位置不在这张地图里。在地图上点一下想看的地方。", "You are outside this map. Tap a place on it."],
  noPlace: ["位置待补", "Place not known yet"],
  address: ["地址", "Address"],
  age: ["年龄", "Ages"],
  ages: ["{a}–{b} 岁", "{a}–{b} years"],
  agesFrom: ["{a} 岁起", "from {a} years"],
  agesTo: ["{b} 岁以下", "up to {b} years"],
  go: ["高德导航", "Amap"],
  open: ["其他地图", "Other map"],
  call: ["打电话", "Call"],
  share: ["分享", "Share"],
  copied: ["链接已复制", "Link copied"],
  copyThis: ["长按复制链接", "Copy this link"],
  planned: ["也显示在建和规划的", "Also show planned and under construction"],
  upTo: ["看到哪一年", "Up to which year"],
  upToYear: ["截至 {y} 年", "up to {y}"],
  reach: ["走得到的范围", "Within walking reach"],
  reachHint: ["沿着能走的路算，不是画圆圈", "Along streets one can walk, not a circle"],
  how: ["这个数怎么来的", "Where this comes from"],
  band: ["{m} 米以内 · 约 {t} 分钟", "within {m} m · about {t} min"],
  sitesUsed: ["用了 {n} 处", "{n} places used"],
  sitesLeft: ["没算进去：{what}", "Left out: {what}"],
  far: ["离路太远 {n} 处", "{n} too far from a street"],
  off_network: ["不在路网上 {n} 处", "{n} off the streets"],
  island: ["在孤立路网上 {n} 处", "{n} on separate streets"],
  perimeter: ["学校周边步行环境", "Walking round schools"],
  safe: ["条件齐全", "complete"],
  unsafe: ["条件不全", "incomplete"],
  unknown: ["资料不全，不能判断", "not known"],
  figures: ["数字", "Figures"],
  shares: ["走得到的比例", "Share within reach"],
  people: ["人数", "People"],
  formula: ["怎么算的", "How it is computed"],
  oneAge: ["{a} 岁", "{a} years"],
  unknownValue: ["未知", "unknown"],
  between: ["在 {a} 与 {b} 之间", "between {a} and {b}"],
  sourceOf: ["来源：{s}", "Source: {s}"],
  about: ["关于这张地图", "About this map"],
  producer: ["制作单位", "Producer"],
  dataDate: ["数据日期", "Data date"],
  review: ["审图号", "Map review no."],
  changed: ["内容已变化，需重新送审", "Content has changed, a new review is needed"],
  noReview: ["未填审图号", "Map review number not filled in"],
  noReviewDemo: ["演示数据，不对应任何真实地点", "Demo data, no real place"],
  noReviewInternal: ["内部使用，未送审", "Internal use, not reviewed"],
  contact: ["联系", "Contact"],
  basemap: ["底图", "Basemap"],
  missing: ["没有写的就是还不知道，不等于没有。", "What is not stated is not known yet; it does not mean no."],
  legend: ["图例", "Legend"],
  clusterOf: ["{n} 处，点开放大", "{n} places, opens closer"],
  language: ["EN", "中文"],
  languageLabel: ["EN · English", "中文 · 切换到中文"],
  scale: ["比例尺", "Scale"],
  loading: ["地图正在打开…", "Opening the map…"],
  policy: ["依据：{s}", "Named in: {s}"],
  yes: ["是", "yes"],
  no: ["否", "no"],
  unlocated: ["另有 {n} 处没有坐标，只在列表里", "{n} more have no coordinates and stand in the list only"],
  updated: ["更新于", "Updated"],
  pageTools: ["显示与保存", "Display and saving"],
  large: ["大字", "Large text"],
  contrast: ["高对比", "High contrast"],
  picture: ["存成图片", "Save picture"],
  print: ["打印", "Print"],
  drawn: ["制图 {date}", "drawn {date}"],
  pictureMaking: ["正在画图…", "Drawing the picture…"],
  pictureHint: ["长按图片，选“保存图片”。电脑上点下面的按钮。", "Press and hold the picture to save it; on a computer use the button."],
  pictureSave: ["保存图片", "Save the picture"],
  pictureAlt: ["{title}，图上有 {n} 处", "{title}, {n} places on it"],
  pictureReady: ["图片好了", "The picture is ready"],
  pictureFailed: ["这个浏览器画不了图，请截屏。", "This browser cannot draw the picture; take a screenshot instead."],
  cannotPrint: ["这里不能打印，请在浏览器里打开，或者存成图片。", "Printing is not possible here; open the page in a browser, or save the picture."],
  inView: ["图上的地方（{n} 处）", "Places on the map ({n})"],
  printMore: ["只列出前面的，另有 {n} 处没有列出；把地图放大再打印就能列全。", "Only the first are listed, {n} are not; zoom in and print again to have them all."],
  changes: ["今年的变化", "What changed"],
  changesTitle: ["{year} 年版比 {since} 年版", "{year} edition since {since}"],
  changesCountLive: ["{n} 项变化", "{n} changes"],
  addedSites: ["新增", "New"],
  movedSites: ["搬了", "Moved"],
  renamedSites: ["改名", "Renamed"],
  removedSites: ["不再列出", "No longer listed"],
  formerly: ["原名 {name}", "formerly {name}"],
  movedBy: ["搬了 {d}", "moved {d}"],
  noChanges: ["没有查到 {since} 年以来的变化", "No changes found since {since}"],
  changesInUse: ["只看在用和状态未知的地方，在建、规划和关闭的不算。", "Counts places in use or of unknown status; planned, unfinished and closed ones are left out."],
  changesCompared: ["两年的台账逐处比过：{layers}。搬了指位置相差 50 米以上；不再列出指 {since} 年版有、{year} 年版没有。", "Lists of both years were compared place by place: {layers}. Moved means by more than 50 m; no longer listed means in the {since} edition and not in that of {year}."],
  changesRest: ["其余类别没有 {since} 年的台账，只列年份在 {since} 年以后的地方；年份没有填的、搬了、改名和关了的看不出来。", "The other categories have no list of {since}: only places dated after {since} are shown. Places without a year, and moved, renamed or closed ones, cannot be told."],
  changesByYear: ["没有 {since} 年的台账可比，只列年份在 {since} 年以后的地方；年份没有填的、搬了、改名和关了的看不出来。", "There is no list of {since} to compare with: only places dated after {since} are shown. Places without a year, and moved, renamed or closed ones, cannot be told."],
  spotTitle: ["从这里走路", "On foot from here"],
  spotHint: ["在地图上点任意一处，看走到最近的要几分钟。用键盘时按回车，问的是地图正中。", "Tap anywhere on the map to see the minutes to the nearest place. With a keyboard, Enter asks for the middle of the map."],
  spotHere: ["问的是这里", "The place asked about"],
  spotNearest: ["离这里最近的一处，步行约", "the nearest place, on foot about"],
  spotMinutes: ["分钟", "min"],
  spotNone: ["不在 {n} 分钟步行范围内，或没有数据", "not within {n} minutes on foot, or no data"],
  spotAnswer: ["离这里最近的{what}，步行约 {n} 分钟", "{what}: the nearest place is about {n} minutes on foot"],
  spotNoAnswer: ["{what}：不在 {n} 分钟步行范围内，或没有数据", "{what}: not within {n} minutes on foot, or no data"],
  spotOthers: ["其他 {n} 类", "{n} other kinds"],
  spotUse: ["我在这里", "I am here"],
  spotHow: ["地图先分成约 {m} 米的方格，每格从正中沿街道走到最近的一处，分钟往上取整。同一格里答案相同，从真正的门口走会差一两分钟。", "The map is divided into squares of about {m} m. From the middle of each, minutes along the streets to the nearest place are rounded up. Within a square the answer is the same; from a real door it may differ by a minute or two."],
  spotPrivate: ["点的位置只留在这台设备上，不发送；链接里只有看到的地图范围。", "The place you tap stays on this device and is not sent; links carry only the view of the map."],
};

/** As the page already says: its frame and its rest are two scripts, each with words of its own. */
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
  const text = WORDS[key]?.[english ? 1 : 0] ?? key;
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

export const KEYS = Object.keys(WORDS);
export const PAIRS = WORDS;
