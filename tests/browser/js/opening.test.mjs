import assert from "node:assert/strict";
import { test } from "node:test";
import { isOpen, minuteOfWeek, parseOpening } from "../../../cfmap/publish/web/src/opening.js";

const DAYS = ["Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"];
/** "We 14:30" -> what the text says of it: true, false, or null for not known. */
const at = (text, when) => {
  const [day, time] = when.split(" ");
  const [hour, minute] = time.split(":").map(Number);
  return isOpen(parseOpening(text), DAYS.indexOf(day) * 1440 + hour * 60 + minute);
};
/** The week in words: each day's times, days alike together. */
const week = (text) => {
  const read = parseOpening(text);
  if (!read) return null;
  const clock = (m) => `${Math.floor(m / 60)}:${String(m % 60).padStart(2, "0")}`;
  const days = DAYS.map((_, n) => read.open.filter(([from]) => Math.floor(from / 1440) === n).map(([a, b]) => `${clock(a - n * 1440)}-${clock(b - n * 1440)}`));
  return DAYS.map((name, n) => (days[n].length ? `${name} ${[...new Set(days[n])].sort().join(" ")}` : "")).filter(Boolean).join(", ");
};
const daily = (times) => DAYS.map((day) => `${day} ${times}`).join(", ");
const on = (days, times) => days.split(" ").map((day) => `${day} ${times}`).join(", ");

test("texts as departments write them", () => {
  const cases = {
    "8:00–17:00": daily("8:00-17:00"),
    "８：００～１８：００": daily("8:00-18:00"),
    "每天 9:00—21:30": daily("9:00-21:30"),
    "开放时间：6:00至22:00": daily("6:00-22:00"),
    "周一至周五 7:30–17:30": on("Mo Tu We Th Fr", "7:30-17:30"),
    "星期一到星期五8:30-17:30": on("Mo Tu We Th Fr", "8:30-17:30"),
    "周1至周5 8:30-17:30": on("Mo Tu We Th Fr", "8:30-17:30"),
    "周三、周六 14:00–17:00": on("We Sa", "14:00-17:00"),
    "周一、三、五 14:00-17:00": on("Mo We Fr", "14:00-17:00"),
    "周六日 9:30–11:30": on("Sa Su", "9:30-11:30"),
    "周二至周日 9:00-17:00（周一闭馆，16:30停止入馆）": on("Tu We Th Fr Sa Su", "9:00-17:00"),
    "9:00-17:00，周一闭馆": on("Tu We Th Fr Sa Su", "9:00-17:00"),
    "周一闭馆，其余时间9:00-17:00": on("Tu We Th Fr Sa Su", "9:00-17:00"),
    "8:30-17:30，周末休息": on("Mo Tu We Th Fr", "8:30-17:30"),
    "8:30-17:30（周一至周五）": on("Mo Tu We Th Fr", "8:30-17:30"),
    "工作日 8:30-11:30，13:30-17:00": on("Mo Tu We Th Fr", "13:30-17:00 8:30-11:30"),
    "上午8:30-11:30，下午1:30-5:00": daily("13:30-17:00 8:30-11:30"),
    "早8点至晚8点半": daily("8:00-20:30"),
    "8点30分-17时": daily("8:00-17:00").replaceAll("8:00", "8:30"),
    "周一至周五 8:00-17:00；周六 9:00-12:00": `${on("Mo Tu We Th Fr", "8:00-17:00")}, Sa 9:00-12:00`,
    "8:00-18:00，周日9:00-16:00": `${on("Mo Tu We Th Fr Sa", "8:00-18:00")}, Su 9:00-16:00`,
    "周末及节假日 9:00-17:00": on("Sa Su", "9:00-17:00"),
    "周一至周五 8:00-17:00，法定节假日除外": on("Mo Tu We Th Fr", "8:00-17:00"),
    "全天": daily("0:00-24:00"),
    "24小时开放": daily("0:00-24:00"),
    "全天24小时": daily("0:00-24:00"),
    "周末全天开放": on("Sa Su", "0:00-24:00"),
    "18:00-次日2:00": daily("18:00-26:00"),
  };
  for (const [text, want] of Object.entries(cases)) assert.equal(week(text), want, text);
});
test("OpenStreetMap's, in the everyday cases", () => {
  const cases = {
    "Mo-Fr 08:00-18:00; Sa 09:00-12:00": `${on("Mo Tu We Th Fr", "8:00-18:00")}, Sa 9:00-12:00`,
    "Mo-Fr 08:00-18:00, Sa 09:00-12:00": `${on("Mo Tu We Th Fr", "8:00-18:00")}, Sa 9:00-12:00`,
    "Mo,We 08:00-12:00,14:00-18:00; PH off": on("Mo We", "14:00-18:00 8:00-12:00"),
    "Mo-Su 09:00-17:00; Tu off": on("Mo We Th Fr Sa Su", "9:00-17:00"),
    "Sa-Mo 10:00-16:00": on("Mo Sa Su", "10:00-16:00"),
    "08:00-18:00": daily("8:00-18:00"),
    "24/7": daily("0:00-24:00"),
    "Fr 22:00-02:00": "Fr 22:00-26:00",
  };
  for (const [text, want] of Object.entries(cases)) assert.equal(week(text), want, text);
});
test("what cannot be read with certainty is not known", () => {
  const unsure = [
    "", "   ", "详询电话", "周末开放", "周一闭馆", "夏季8:00-18:00，冬季9:00-17:00", "寒暑假 8:00-17:00", "3月-10月 6:00-22:00", "9:00-5:00", "9-17", "8:00-17", "25:00-26:00", "8:70-9:00", "8:00-8:00",
    "暂停开放", "8:00-18:00（周五至21:00）", "每月第一个周六 9:00-11:00", "单周周六 9:00-11:00", "8:00-11:30，周日14:00-16:00", "周一至周五 8:00-17:00，周五 9:00-12:00", "节假日 9:00-17:00", "8:00起", "约8:00-17:00",
    "Mo-Fr 08:00-18:00 \"by appointment\"", "Apr-Oct 08:00-18:00", "Mo-Fr sunrise-sunset", "SH off", "PH off", "Mo-Fr 08:00+", "Mo-Fr 08:00-12:00, Mo 14:00-18:00", "Mo[1] 08:00-12:00", "8am-6pm",
    "<script>1</script>", "\u202e8:00-17:00", "全天".repeat(200), "周一到周五上学期间 8:00-17:00",
  ];
  for (const text of unsure) assert.equal(week(text), null, text);
});
test("open means from the first minute until before the last", () => {
  assert.deepEqual(["Mo 7:29", "Mo 7:30", "Fr 17:29", "Fr 17:30", "Sa 10:00"].map((when) => at("周一至周五 7:30–17:30", when)), [false, true, true, false, false]);
});
test("past midnight belongs to the evening before, over Sunday's end too", () => {
  assert.deepEqual(["Su 23:00", "Mo 1:59", "Mo 2:00", "Tu 1:00"].map((when) => at("周日 22:00-次日2:00", when)), [true, true, false, false]);
});
test("where only the emergency room is open, it is not known whether the place is", () => {
  assert.deepEqual(["Mo 9:00", "Mo 20:00"].map((when) => at("8:00–17:00，急诊24小时", when)), [true, null]);
  assert.deepEqual(["Mo 9:00", "Mo 20:00"].map((when) => at("急诊24小时，门诊8:00-17:00", when)), [true, null]);
  assert.equal(at("急诊24小时", "Mo 9:00"), null);
});
test("China's clock, wherever the reader is", () => {
  assert.equal(minuteOfWeek(Date.UTC(2024, 0, 1, 0, 0), true), 8 * 60); // a Monday
  assert.equal(minuteOfWeek(Date.UTC(2023, 11, 31, 16, 0), true), 0);
  assert.equal(minuteOfWeek(Date.UTC(2023, 11, 31, 15, 59, 59), true), 7 * 1440 - 1);
  assert.equal(minuteOfWeek(Date.UTC(1960, 0, 3, 16, 1), true), 1);
  const local = new Date(2024, 0, 3, 14, 5);
  assert.equal(minuteOfWeek(local.getTime(), false), 2 * 1440 + 14 * 60 + 5);
});
