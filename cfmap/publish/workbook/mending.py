"""What should be mended round schools first, and what comes of it? The sheets of an internal edition."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cfmap.planning.mending_words import KNOWN, OPEN, SPARE
from cfmap.publish.looks import STATES
from cfmap.publish.sheets import LINE_POINTS, clean
from cfmap.publish.tables import school_names
from cfmap.publish.workbook.cells import share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from cfmap.model.edition import Edition
    from cfmap.publish.sheets import Pen

NAME, STEPS, COSTS = "整改清单", "整改前后", "整改费用"
COLUMNS = (
    *(("名次", 6), ("措施", 18), ("道路", 19), ("在哪里", 34), ("长度（米）", 8), ("现状", 19), ("需要的学校、幼儿园（所）", 10), ("需要的学校、幼儿园", 30)),
    *(("在校（园）生（人，上报）", 11), ("就近儿童（人，按人口表）", 12), ("做到这一条就安全的", 28), ("只做这一条就安全的", 28)),
    *(("只做这一条就安全的：在校（园）生（人）", 11), ("只做这一条就安全的：就近儿童（人）", 12), ("做到这里安全的（所）", 10), ("备注", 30)),
)
MONEY = (("费用（元）", 12), ("怎么算的", 22))
STEP_COLUMNS = (
    *(("做了哪些", 18), ("安全路段，至少（%）", 15), ("安全路段，至多（%）", 15)),
    *(("安全的学校、幼儿园，至少（所）", 18), ("安全的学校、幼儿园，至多（所）", 18), ("有周边道路的（所）", 14)),
    *(("变成安全的：在校（园）生（人）", 18), ("变成安全的：就近儿童（人）", 18)),
)
COST_COLUMNS = (
    *(
        ("范围", 14),
        ("乡镇街道", 16),
        ("名称", 30),
        ("要做（条）", 8),
        ("费用（元）", 13),
        ("其中没有资料、先去看的（元）", 15),
        ("没有单价、没算的（条）", 12),
    ),
    *(("学校、幼儿园（所）", 10), ("在校（园）生（人，上报）", 13), ("就近儿童（人，按人口表）", 13), ("每万元的孩子（人）", 11), ("备注", 34)),
)
OF = {"city": "全市", "town": "乡镇街道", "site": "学校、幼儿园"}
TOP, WORK = 3, 6  # first row of the list, and how many columns say what is done
UNSAFE_GROUND, BAR = "#FBE3D0", "#9DBBE3"
DONE = "没有要整改的：有周边道路的学校、幼儿园都已经安全"


def names(edition: Edition) -> tuple[str, ...]:
    """Sheets, where :func:`add` makes them."""
    return () if edition.mending is None else (NAME, STEPS) if edition.mending.costs is None else (NAME, STEPS, COSTS)


def columns(edition: Edition) -> tuple[tuple[str, int], ...]:
    """Headers and widths of the list: with costs where there are prices."""
    assert edition.mending is not None  # noqa: S101 - asked only then
    return COLUMNS if edition.mending.costs is None else (*COLUMNS[:WORK], *MONEY, *COLUMNS[WORK:])


def add(pen: Pen, edition: Edition) -> None:
    """Write the list by rank under what comes first, before and after with the first so many done and how both are made below, and costs by place."""
    if edition.mending is None:
        return
    listed, titles = edition.mending.actions, school_names(edition)
    headers, widths = zip(*columns(edition), strict=True)
    sheet = pen.sheet(NAME, headers, widths, top=1, fixed=3)
    sheet.write_string(1, 0, clean(edition.mending.first), pen.book.add_format({"bold": True}))
    sheet.set_row(TOP - 1, 4 * LINE_POINTS)
    sheet.set_paper(8)  # A3: so many columns cannot be read on less
    row = TOP - 1
    for row, one in enumerate(listed.to_dict("records"), start=TOP):
        pen.row(sheet, row, _cells(one, titles), widths)
    if not len(listed):
        row = TOP
        pen.row(sheet, row, ("", DONE, *[""] * (len(headers) - 2)))
    sheet.autofilter(TOP - 1, 0, row, len(headers) - 1)
    sheet.print_area(0, 0, row, len(headers) - 1)
    for column, word, look in ((5, KNOWN[0], {"bg_color": UNSAFE_GROUND}), (5, OPEN[0], {"font_color": STATES["unknown"].colour, "italic": True})):
        rule = {"type": "cell", "criteria": "==", "value": f'"{word}"', "format": pen.book.add_format(look)}
        sheet.conditional_format(TOP, column, row, column, rule)
    heads = headers.index("在校（园）生（人，上报）")
    for column in (heads, heads + 1):
        pen.bars(sheet, (TOP, column, row, column), BAR)
    _steps(pen, edition)
    _costs(pen, edition)


def _cells(one: Mapping[Any, Any], titles: Mapping[str, str]) -> tuple[Any, ...]:
    schools, alone, turned = ([titles.get(key, key) for key in one[column].split(";") if key] for column in ("schools", "alone", "turned"))
    what = (one["rank"], one["work"], one["road"], one["where"], "" if one["item"] == "C" else round(one["metres"]), one["state"])
    heads = (_number(one["pupils"]), _number(one["children"]))
    of_alone = (_number(one["alone_pupils"]), _number(one["alone_children"])) if alone else ("", "")
    money = () if "yuan" not in one else (_yuan(one["yuan"]), one["sum"])
    return (*what, *money, len(schools), "、".join(schools), *heads, "、".join(turned), "、".join(alone), *of_alone, one["safe"], "；".join(_remarks(one)))


def _remarks(one: Mapping[Any, Any]) -> Iterator[str]:
    """What else is to be known: it may be left out; numbers are missing in a sum."""
    if one["spare"]:
        yield SPARE[0]
    yield from _missing(one)


def _missing(one: Mapping[Any, Any]) -> Iterator[str]:
    """Of how many schools a number is missing in a sum."""
    if one["pupils_unknown"]:
        yield f"{one['pupils_unknown']} 所没报在校（园）生"
    if one["children_unknown"]:
        yield f"{one['children_unknown']} 所算不出就近儿童"


def _steps(pen: Pen, edition: Edition) -> None:
    mending = edition.mending
    assert mending is not None  # noqa: S101 - asked only then
    headers, widths = zip(*STEP_COLUMNS, strict=True)
    if mending.costs is not None:
        headers, widths = (*headers, "费用（元）"), (*widths, 14)
    sheet = pen.sheet(STEPS, headers, widths)
    sheet.set_row(1, 2 * LINE_POINTS)
    row = 2
    for row, told in enumerate(step_rows(edition), start=2):
        pen.row(sheet, row, told)
    pen.shares(sheet, [(r, 1, r, 2) for r in range(2, row + 1)])
    row += 2
    sheet.merge_range(row, 0, row, len(headers) - 1, mending.definition, pen.text)
    sheet.set_row(row, LINE_POINTS * -(-2 * len(mending.definition) // int(sum(widths))))
    sheet.print_area(0, 0, row, len(headers) - 1)


def _costs(pen: Pen, edition: Edition) -> None:
    mending = edition.mending
    if mending is None or mending.costs is None:
        return
    headers, widths = zip(*COST_COLUMNS, strict=True)
    sheet = pen.sheet(COSTS, headers, widths, fixed=3)
    sheet.set_row(1, 3 * LINE_POINTS)
    row = 1
    for row, one in enumerate(mending.costs.to_dict("records"), start=2):
        who = (one["sites"], _number(one["pupils"]), _number(one["children"]), None if one["per_10k"] != one["per_10k"] else round(one["per_10k"], 1))
        what = (one["actions"], _yuan(one["yuan"]), _yuan(one["look_yuan"]), one["unpriced"])
        pen.row(sheet, row, (OF[one["of"]], one["town"], one["name"], *what, *who, "；".join(_missing(one))), widths)
    sheet.autofilter(1, 0, row, len(headers) - 1)
    sheet.print_area(0, 0, row, len(headers) - 1)


def step_rows(edition: Edition) -> Iterator[tuple[Any, ...]]:
    """
    Now, and after the first so many: words, both bounds of the length in per cent and of the schools, all schools, children of those that become safe;
    with prices also yuan.
    """
    mending = edition.mending
    if mending is None:
        return
    for one in mending.steps.to_dict("records"):
        done = int(one["actions"])
        words = "现在" if not done else f"{done} 条全做" if done == len(mending.actions) else f"做前 {done} 条"
        heads = (least(one["pupils"], one["pupils_unknown"]), least(one["children"], one["children_unknown"]))
        money = () if mending.costs is None else (least(one["yuan"], one["unpriced"]),)
        yield words, share(one["lower"]), share(one["upper"]), int(one["safe"]), int(one["perhaps"]), int(one["schools"]), *heads, *money


def least(number: float, missing: int) -> int | str | None:
    """A sum in which something is missing is a least one; None where all of it is."""
    return None if number != number else f"≥{number:,.0f}" if missing else round(number)


def _yuan(value: float) -> float | None:
    return None if value != value else float(value)


def _number(value: float) -> int | None:
    return None if value != value else round(value)


__all__ = ["COSTS", "DONE", "NAME", "STEPS", "add", "columns", "least", "names", "step_rows"]
