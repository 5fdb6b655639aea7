"""Figures of perimeters in words, for the command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.coverage.perimeter.figures import NONE, is_full

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from cfmap.coverage.perimeter.compared import Compared
    from cfmap.coverage.perimeter.ground import Method

SCHOOLS_SHOWN = 40
METHOD_NAMES: Mapping[Method, tuple[str, str]] = {
    "network": ("沿街走", "along streets"),
    "radius": ("校门画圆", "round the gates"),
    "wall": ("围墙外扩", "beside the wall"),
}
STATES: Mapping[str, tuple[str, str]] = {
    "safe": ("安全", "safe"),
    "unsafe": ("不安全", "unsafe"),
    "unknown": ("不清楚", "unknown"),
    NONE: ("周边没有机动车道", "no perimeter"),
}


def spoken(found: Compared, *, metres: float) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """
    Lines about all schools, and one line per school with the methods side by side; each as (Chinese, English).

    "全覆盖" is said only when the lower bound is 100 %.
    """
    mixed = "layer" in found.schools and found.schools["layer"].nunique() > 1
    who, who_en = ("学校和幼儿园", "schools and kindergartens") if mixed else ("学校", "schools")
    lines = []
    for method, row in zip(found.city.index, found.city.to_dict("records"), strict=True):
        figures = {str(key): float(value) for key, value in row.items()}
        zh, en = METHOD_NAMES[method]
        km, known, schools, none = figures["metres"] / 1000, percent(figures["known"]), f"{figures['schools']:.0f}", f"{figures['none']:.0f}"
        length, every, most = (interval(figures[f"{by}lower"], figures[f"{by}upper"]) for by in ("", "every_", "length_"))
        full = is_full(figures)
        lines.append(
            (
                f"{zh} {metres:g} 米：{km:.2f} 公里，安全 {length}，有资料 {known}（按长度）；{schools} 所{who}里安全的 {every}（每段都安全），"
                f"{most}（九成长度且门口过街安全）；周边没有机动车道的 {none} 所" + ("；全覆盖" if full else ""),
                f"{en}, {metres:g} m: {km:.2f} km, safe {length}, known {known} (by length); of {schools} {who_en} {every} are safe (every segment), "
                f"{most} (90 % of the length and the crossing at the gate); without a perimeter {none}" + ("; full coverage" if full else ""),
            )
        )
    printed = []
    each = list(found.schools.groupby("school", sort=True))
    for _, rows in each[:SCHOOLS_SHOWN]:
        cells = [(METHOD_NAMES[row["method"]], _cell(row, 0), _cell(row, 1)) for row in rows.to_dict("records")]
        name = str(rows["name"].iloc[0])
        printed.append((f"{name}：" + "；".join(f"{w[0]} {zh}" for w, zh, _ in cells), f"{name}: " + "; ".join(f"{w[1]} {en}" for w, _, en in cells)))
    if (more := len(each) - SCHOOLS_SHOWN) > 0:
        printed.append((f"…… 另有 {more} 所，在输出文件的图层 schools 里", f"… {more} more in the layer schools of the output file"))
    return lines, printed


def _cell(row: Mapping[Hashable, object], lang: int) -> str:
    state = STATES[str(row["state"])][lang]
    if not float(str(row["metres"])) > 0:
        return state
    figures = {str(key): float(str(row[key])) for key in ("metres", "lower", "upper")}
    return f"{figures['metres']:.0f} m {interval(figures['lower'], figures['upper'])} {state}"


def interval(lower: float, upper: float) -> str:
    """Both bounds of a share in per cent, wherever they are printed; one where they are printed alike, "—" where there is nothing to count."""
    low, high = percent(lower), percent(upper)
    return low if low == high else f"{low.removesuffix('%')}–{high}"


def percent(value: float) -> str:
    """A share that is not whole is never shown as 0 or 100 %."""
    if value != value:
        return "—"
    shown = f"{value:.1f}"
    if shown == "100.0" and value < 100.0:
        shown = ">99.9"
    elif shown == "0.0" and value > 0.0:
        shown = "<0.1"
    return f"{shown.removesuffix('.0')}%"


__all__ = ["METHOD_NAMES", "STATES", "interval", "percent", "spoken"]
