"""How does a target stand in a workbook: which header holds which fact, and how are conditions written in a cell?"""

from __future__ import annotations

from typing import Any

LIST = "；"
PLAN_SHEET, TARGET_SHEET, GUIDE_SHEET = "计划", "目标", "说明"

#: Fact of :class:`cfmap.model.ledgers.Row` -> (header, what it takes).
COLUMNS: dict[str, tuple[str, str]] = {
    "id": ("编号", "不重复，每年不变，例如 ruian-081"),
    "item": ("事项", "用自己的短语写，不抄原文"),
    "item_en": ("事项（英文）", "自己译的英文短语，以中文为准；没有就空着"),
    "tier": ("类别", "A 图上可算；B 要统计数；C 只记台账"),
    "target": ("目标", "给人看的写法，例如 >=91 或 首批6,逐年+6"),
    "value": ("目标数值", "要达到的数；文件没有给数就空着"),
    "upto": ("区间上端", "“8—10 个”的 10；没有就空着"),
    "operator": ("比较", ">= 至少，<= 至多，> 多于，< 低于；没有数值就空着"),
    "unit": ("单位", "个、%、张/千名儿童……"),
    "year": ("年份", "文件怎么写就怎么写：2024、每年、期内"),
    "due": ("到期年", "四位年份"),
    "yearly": ("每年考核", "是 / 否"),
    "head": ("年份随段首", "年份只写在段首的填“是”"),
    "softened": ("软化词", "基本 = basically；约、左右 = about；没有就空着"),
    "clause": ("依据条款", "文件里的条款号"),
    "task": ("任务号", "文件里的任务号，没有就空着"),
    "lead": ("牵头单位", "几个单位用“；”隔开；文件没有列明就空着"),
    "supporting": ("配合单位", "几个单位用“；”隔开"),
    "rule": ("规则", "见下面的规则表；算不了写 reported"),
    "layers": ("图层与条件", "图层[列=条件, 列=条件]，几个图层用“；”隔开，例如 schools[pilot=已命名|试点]"),
    "having": ("要求", "占比的分子：列=条件，几个用“；”隔开，例如 after_school=是"),
    "column": ("数值列", "求和用的列，例如 places"),
    "over": ("分母列", "两列之和相除时，分母的列"),
    "per": ("范围", "town 每个乡镇街道；community 每个村（社区）"),
    "people": ("人群", "residents 常住人口；children 儿童；children_0_2 等"),
    "names": ("列名点位", "名称里的字，几个用“；”隔开"),
    "each": ("各有其一", "列=值|值：每个区域每个值都要有"),
    "statistic": ("统计项", "统计表里的编号"),
    "minimum": ("最少人口", "人口少于它的区域不考核"),
    "bound": ("界", "lower：算出的数只是下限；upper：只是上限"),
    "first": ("首批", "“首批 6，逐年增长 6”的第一个数"),
    "step": ("每年增", "“首批 6，逐年增长 6”的第二个数"),
    "what": ("版本事实", "map 地图已绘制；yearly 每年一版；events 有活动"),
    "note": ("口径说明", "中文‖English"),
}
TEXT_LISTS = ("lead", "supporting", "names")
CONDITIONS = ("having", "each")


def cell(name: str, value: Any) -> str | float:
    """A fact as the workbook's cell shows it; empty where it says nothing."""
    if name == "layers":
        return LIST.join(f"{key}[{', '.join(f'{c}={v}' for c, v in where.items())}]" if where else key for key, where in value.items())
    if name in CONDITIONS:
        return LIST.join(f"{c}={v}" for c, v in value.items())
    if name in TEXT_LISTS:
        return LIST.join(value)
    if name == "note":
        return "‖".join(value) if any(value) else ""
    if isinstance(value, bool):
        return "是" if value else ""
    if value is None or (name == "minimum" and not value) or (name == "per" and value == "town"):
        return ""
    return float(value) if isinstance(value, (int, float)) else str(value)


def fact(name: str, text: str) -> Any:
    """A cell as :class:`cfmap.model.ledgers.Row` takes it; None where it is empty. Nonsense is left for the row's own check."""
    text = text.strip()
    if not text:
        return None
    if name == "layers":
        return {key: where for key, where in map(_layer, _parts(text)) if key}
    if name in CONDITIONS:
        return dict(_condition(part) for part in _parts(text))
    if name in TEXT_LISTS:
        return _parts(text.replace("、", LIST))
    if name == "note":
        zh, _, en = text.partition("‖")
        return (zh.strip(), en.strip() or zh.strip())
    if name in ("yearly", "head"):
        return {"是": True, "否": False}.get(text, text)
    return text


def _parts(text: str) -> list[str]:
    return [part.strip() for part in text.replace(";", LIST).split(LIST) if part.strip()]


def _layer(text: str) -> tuple[str, dict[str, str]]:
    key, _, rest = text.partition("[")
    conditions = [part.strip() for part in rest.rstrip("] ").replace("，", ",").split(",") if part.strip()]
    return key.strip(), dict(_condition(c) for c in conditions)


def _condition(text: str) -> tuple[str, str]:
    column, _, condition = text.partition("=")
    return column.strip(), condition.strip()
