"""What does each column mean? The table ``dictionary`` of both packages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from cfmap.model.schema import SITE_COLUMNS, SITE_FIELDS
from cfmap.model.survey import ITEM_WORDS
from cfmap.publish import tables
from cfmap.publish.geopackage import Table
from cfmap.publish.public import public_columns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfmap.model.edition import Edition
    from cfmap.model.layer import Field, Layer

NAME, TITLE = "dictionary", "字段说明"
COLUMNS = ("table", "column", "title", "title_en", "kind", "unit", "allowed", "public", "meaning", "meaning_en")
KINDS = {"choice": "text", "list": "text", "date": "text", "yesno": "boolean", "year": "integer"}  # as they are stored

#: Shared columns whose titles do not say all: Chinese, English.
MEANINGS = {
    "id": ("同一处每年不变；公开版是由编号算出的短码", "the same every year; in a public edition a digest of the bureau's own id"),
    "name": ("没有名称的，写图层名和“（未命名）”", "title of the layer and （未命名） where there is no name"),
    "layer": ("图层的英文代号", "key of the layer"),
    "year": ("建成、认定或授牌的年份；空着是不知道", "year of opening or designation; empty is unknown"),
    "status": ("“在用”和“未知”算能用，其余不算", "在用 (open) and 未知 (unknown) count as open, others do not"),
    "facilities": ("用“；”隔开；没写的是不知道，不是没有", "separated by ；; what is not listed is unknown, not absent"),
    "source": ("公开版只写由谁提供", "a public edition says who handed it in only"),
    "source_date": ("年-月-日", "year-month-day"),
}
EMPTY = ("空着是不知道，不是没有，也不是 0", "empty is unknown, neither no nor 0")

_STATES = "safe；unsafe；unknown"

#: Columns of ``coverage.gpkg``: title, English, kind, unit, allowed values, meaning, English.
REACH: dict[str, tuple[str, str, str, str, str, str, str]] = {
    "coverage": ("覆盖", "coverage", "text", "", "", "图层代号.规则代号；每个代号的名称见图层说明", "key of the layer and of the rule"),
    "site": ("点位编号", "site", "text", "", "", "最近的点位；服务范围里写 all，表示全部点位合起来", "nearest site; all in catchments: all sites together"),
    "metres": ("路程上限", "limit", "number", "m", "", "沿街道走的路程上限，含两头接到街道的直线", "limit along streets, with the straight parts at both ends"),
    "minutes": ("分钟", "minutes", "number", "min", "", "步行时间；街道段取较远一头", "walking time; of a part of a street at its farther end"),
    "edge_id": ("路段编号", "edge", "integer", "", "", "本版街道网络里的编号，换一版会变", "number in this edition's network, another one next year"),
    "way_id": ("街道编号", "way", "integer", "", "", "街道数据里的编号", "number in the street data"),
    "from_m": ("起点", "from", "number", "m", "", "从路段起点量起", "measured from the edge's start"),
    "to_m": ("终点", "to", "number", "m", "", "从路段起点量起", "measured from the edge's start"),
    "id": (
        "编号",
        "id",
        "text",
        "",
        "",
        "点位和部门的路线和 sites.gpkg 里一样；别的只在本表里用",
        "of sites and the bureau's routes as in sites.gpkg; others are of their table alone",
    ),
    "name": ("名称", "name", "text", "", "", "", ""),
    "snap_m": ("离街道", "from the street", "number", "m", "", "点位到最近能走的街道的直线距离", "straight distance to the nearest walkable street"),
    "status": (
        "接上街道了吗",
        "joined to streets",
        "text",
        "",
        "ok；far；off_network；island",
        "ok 接上了；far 偏远但接上了；off_network 附近没有街道；island 接在与外面不通的路上",
        "ok; far but joined; off_network: no street near; island: on streets without a way out",
    ),
    "school": ("学校编号", "school", "text", "", "", "", ""),
    "side": ("哪一侧", "side", "text", "", "left；right", "学校在路的左边还是右边，顺着街道的方向看", "where the school lies, looking along the way"),
    "state": ("状态", "state", "text", "", _STATES, "safe 安全；unsafe 不安全；unknown 不清楚", "unknown: the data do not say"),
    **{f"item_{key}": (zh, en, "text", "", _STATES, f"规则表的 {key} 项", f"item {key} of the rule table") for key, (zh, en) in ITEM_WORDS.items()},
    "layer": ("图层", "layer", "text", "", "schools；kindergartens", "这是谁的周边", "whose surroundings it is"),
    "segment": ("路段", "segment", "text", "", "", "街道编号/首尾节点，调查表里也用它", "way/first node-last node, as on survey forms"),
    "counted_m": (
        "计入的长度",
        "length that counts",
        "number",
        "m",
        "",
        "各校的米数是它的合计：双幅路的一幅最少算一半，外圈是 0；几所学校共用的一段，全市只算一次",
        "a school's metres are its sum: a carriageway of a divided road counts down to half, the ring not at all; the city counts what schools share once",
    ),
    "ring": ("外圈", "ring", "boolean", "", "", "是：在周边以外的一圈，不进任何数字", "yes: beyond the perimeter, in no figure"),
    "schools": ("通往学校", "schools", "text", "", "", "名称，用顿号隔开", "names, joined by 、"),
    "school_ids": ("学校编号", "ids of the schools", "text", "", "", "用分号隔开", "joined by ;"),
    "school_name": ("学校", "school", "text", "", "", "", ""),
    "origin": ("社区编号", "residential place", "text", "", "", "人口表里的编号", "id in the table of residents"),
    "children": (
        "孩子",
        "children",
        "number",
        "人",
        "",
        "走这条路的孩子；学径建议写最多的一段；空着是不知道",
        "who walk it; of a proposed way at its busiest place; empty is unknown",
    ),
    "children_least": ("最少的一段", "children at the other end", "number", "人", "", "同一条线上孩子最少的一段", "where fewest walk"),
    "length_m": (
        "长度",
        "length",
        "number",
        "m",
        "",
        "真实的全长；各社区的学径不画靠近住处的一段，图上比它短",
        "real length, all of it; of a community's way the part near its homes is not drawn",
    ),
    "shortest_m": ("最短的路", "shortest way", "number", "m", "", "", ""),
    "detour": ("绕路倍数", "detour", "number", "", "", "长度除以最短的路", "length by the shortest"),
    "weighted_m": ("折算长度", "weighted length", "number", "m", "", "长度乘危险倍数再加过街，只用来比较", "length x danger + crossings, to compare only"),
    "exact": ("最安全", "safest", "boolean", "", "", "是：不超过绕路上限的走法里没有更安全的", "yes: no way within the cap is safer"),
    "level": (
        "等级",
        "level",
        "integer",
        "",
        "0–4",
        "最差的一段：1 从容，2 要留心，3 有压力，4 需要大人带；0 没有街道",
        "of the worst place: 1 calm, 2 with care, 3 stressful, 4 only with an adult; 0 no street",
    ),
    "worst": ("最差的一段", "worst place", "text", "", "", "路段或过街", "a link or a crossing"),
    "worst_en": ("最差的一段（英文）", "worst place in English", "text", "", "", "", ""),
    "worst_way": ("最差一段的街道编号", "its way", "integer", "", "", "街道数据里的编号；过街是 -1", "number in the street data; -1 for a crossing"),
    "worst_m": ("最差一段的长度", "its length", "number", "m", "", "", ""),
    "unknown_share": ("不清楚的占比", "share unknown", "number", "", "0–1", "不知道人行道或限速的长度占比", "of the length: walking space or speed not known"),
    "part": (
        "部分",
        "part",
        "text",
        "",
        "both；bureau；proposed",
        "两边一致；只在部门路线上；只在学径建议上",
        "on both; on the bureau's alone; on the proposed one alone",
    ),
    "off_street_share": ("不在街道上的占比", "share off the streets", "number", "", "0–1", "离街道 20 米以上", "more than 20 m from any street"),
    "rank": (
        "名次",
        "rank",
        "integer",
        "",
        "",
        "没有设施或没有资料的过街点按儿童人数排；有设施的没有名次",
        "crossings without known help, by children; those with help have none",
    ),
    "kind": ("横穿什么", "obstacle", "text", "", "road；railway；water", "road 主干道；railway 铁路；water 河湖", "road: motorway, trunk or primary"),
    "form": (
        "过街设施",
        "form of help",
        "text",
        "",
        "signalled；marked；bridge；subway；junction_signals；unmarked；none；ford",
        "15 米内最好的一种；空着是没有资料",
        "the best within 15 m; empty: nothing is known",
    ),
    "pupils": ("上学的儿童", "pupils", "number", "人", "", "最短的上学路经过这里的儿童；空着是都没有人数", "whose shortest walk to school passes here"),
    "origins": ("居住点", "origins", "integer", "处", "", "社区、小区或网格", "communities, estates or cells"),
    "uncounted": ("没有人数的居住点", "origins without a number", "integer", "处", "", "不在儿童数里", "not in the number of children"),
    "number": ("几号线", "line number", "integer", "", "", "同一所学校先出发的在前", "of one school the line that sets out first comes first"),
    "stops": ("站数", "stops", "integer", "站", "", "", ""),
    "walk_minutes": (
        "全程",
        "minutes",
        "integer",
        "min",
        "",
        "首站离站到校门，含后面各站的停留，向上取整",
        "from leaving the first stop to the school's door, waits at the others included, rounded up",
    ),
    "leaves": ("离站", "leaves", "text", "", "", "时:分，向下取整；线路写首站的", "HH:MM, rounded down; of a line at its first stop"),
    "members": ("孩子", "children", "integer", "人", "", "一起走的孩子，每站至少 3 个", "who walk along, at least 3 at a stop"),
    "adults": ("需要大人", "adults", "integer", "人", "", "", ""),
    "name_en": ("英文名称", "name in English", "text", "", "", "", ""),
    "line": ("线路编号", "line", "text", "", "", "walking_bus_lines 里的编号", "id in walking_bus_lines"),
    "line_name": ("线路", "name of the line", "text", "", "", "", ""),
    "stop": ("站序", "order", "integer", "", "", "从首站数起", "from the first stop on"),
    "to_school_m": ("到学校", "to the school", "number", "m", "", "沿线路走到校门", "along the line to the school's door"),
    "ways": ("障碍的街道编号", "ways", "text", "", "", "街道数据里的编号，用分号隔开", "numbers in the street data, separated by ;"),
    "priority": ("先后", "priority", "integer", "", "", "整改清单里排第几", "place in the mending list"),
    "item": ("检查项", "item", "text", "", "A–E", "规则表里的检查项", "of the rule table"),
    "work": ("做什么", "work", "text", "", "", "", ""),
    "work_en": ("做什么（英文）", "work in English", "text", "", "", "", ""),
    "road": ("路", "road", "text", "", "", "人行道写明哪一侧", "with its side for a sidewalk"),
    "road_en": ("路（英文）", "road in English", "text", "", "", "", ""),
    "where": ("在哪里", "where", "text", "", "", "", ""),
    "where_en": ("在哪里（英文）", "where in English", "text", "", "", "", ""),
    "now": ("现状", "state now", "text", "", "", "不清楚的先去看", "what is not known is looked at first"),
    "now_en": ("现状（英文）", "state now in English", "text", "", "", "", ""),
    "street_m": ("街道长度", "metres of street", "number", "m", "", "校门过街是 0", "0 at a gate"),
    "known": ("查明了", "known", "boolean", "", "", "否：先去看，可能不用花钱", "no: look first, it may cost nothing"),
    "alone_ids": ("只差这一条的学校", "schools that need nothing else", "text", "", "", "用分号隔开", "joined by ;"),
    "turned_ids": (
        "做到这里变安全的学校",
        "schools that become safe here",
        "text",
        "",
        "",
        "按清单从头做起；用分号隔开",
        "done in the order of the list; joined by ;",
    ),
    "schools_safe": ("做到这里安全的学校", "schools safe down to here", "integer", "所", "", "", ""),
    "spare": ("可以不做", "can be left out", "boolean", "", "", "是：不做这一条，各校也都安全", "yes: every school becomes safe without it"),
    "reported": ("在校生", "pupils", "number", "人", "", "需要这一条的学校上报的；空着是都没有报", "reported by the schools that need it; empty: by none"),
    "reported_unknown": ("没有报在校生的学校", "schools that do not say", "integer", "所", "", "", ""),
    "nearest": ("就近的孩子", "children nearest", "number", "人", "", "最近的学校是这些的儿童；空着是不知道", "whose nearest school it is; empty is unknown"),
    "nearest_unknown": ("不知道就近孩子的学校", "schools without that number", "integer", "所", "", "", ""),
    "quantity": ("数量", "quantity", "number", "", "", "米，或者处；没有单价的空着", "metres or pieces; empty without a price"),
    "price": ("单价", "unit price", "number", "元", "", "[safety.mending.prices] 里写的", "as set in [safety.mending.prices]"),
    "yuan": ("费用", "cost", "number", "元", "", "数量 × 单价；空着是没有单价，不是零", "quantity x price; empty: no price, not zero"),
    "cost_words": ("费用怎么算的", "how the cost is counted", "text", "", "", "", ""),
    "cost_words_en": ("费用怎么算的（英文）", "how the cost is counted, in English", "text", "", "", "", ""),
    "subjects": ("路段或校门", "stretches or gate", "text", "", "", "调查表里的编号，用分号隔开", "keys of the survey form, joined by ;"),
    "reasons": ("原因", "reasons", "text", "", "", "各检查项的原因代码，用分号隔开", "codes of the reasons, separated by ;"),
}


def table(found: Iterable[dict[str, object]], *, note: str) -> Table:
    """As a table without geometry; text <NA> where there is nothing to say."""
    rows = pd.DataFrame(list(found), columns=list(COLUMNS))
    words = [c for c in COLUMNS if c != "public"]
    rows[words] = rows[words].astype("string").replace("", pd.NA)
    return Table(NAME, TITLE, f"每张表每一列的意思、单位和取值 · {note}", rows.astype({"public": "bool"}))


def of_sites(edition: Edition) -> list[dict[str, object]]:
    """Rows for every column that leaves, of each layer and of sites without coordinates."""
    found = []
    shared: dict[str, dict[str, object]] = {}
    for key, data in edition.layers.items():
        shown = {f.key for f in public_columns(data.layer, edition.city)} - {"photo"}
        rows = [_row(key, f, public=f.key in shown) for f in tables.leaving(data.layer, edition)]
        found += rows
        if len(data.unlocated):
            shared |= {str(r["column"]): {**r, "table": "unlocated"} for r in rows if r["column"] in SITE_COLUMNS}
    return [*found, *shared.values()]


def of_reach(columns: dict[str, list[str]], *, public: bool) -> list[dict[str, object]]:
    """Rows for the columns of every table of a coverage."""
    found: list[dict[str, object]] = []
    for name, listed in columns.items():
        for column in listed:
            values = (name, column, *REACH.get(column, (column, column, "text", "", "", "", "")))
            found.append({**dict(zip((c for c in COLUMNS if c != "public"), values, strict=True)), "public": public})
    return found


def site_titles(layer: Layer | None = None) -> dict[str, str]:
    """Column -> Chinese title with its unit, of the shared columns and of a layer's own."""
    return {f.key: f"{f.title}（{f.unit}）" if f.unit else f.title for f in (*SITE_FIELDS, *(layer.fields if layer else ()))}


def reach_titles() -> dict[str, str]:
    """Column -> Chinese title, of ``coverage.gpkg``."""
    return {column: f"{title}（{unit}）" if unit else title for column, (title, _, _, unit, *_) in REACH.items()}


def own_titles() -> dict[str, str]:
    """Column -> Chinese title, of the dictionary itself."""
    return dict(zip(COLUMNS, ("表", "列", "名称", "英文名称", "类型", "单位", "取值", "公开", "含义", "英文含义"), strict=True))


def _row(name: str, field: Field, *, public: bool) -> dict[str, object]:
    limits = [] if field.minimum is None and field.maximum is None else [f"{_number(field.minimum)}–{_number(field.maximum)}"]
    allowed = "；".join([*field.vocabulary, *limits])
    meaning, meaning_en = MEANINGS.get(field.key, ("", ""))
    if not meaning and field.kind != "text":
        meaning, meaning_en = EMPTY
    values = (name, field.key, field.title, field.title_en, KINDS.get(field.kind, field.kind), field.unit, allowed, public, meaning, meaning_en)
    return dict(zip(COLUMNS, values, strict=True))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
