"""What stands in the cells? Plausible values for every field of every layer, from the layers' own declarations."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
#: First letters of ids.
PREFIX = {
    "schools": "XX",
    "school_gates": "XM",
    "kindergartens": "YE",
    "childcare": "TY",
    "hospitals": "YY",
    "primary_care": "JC",
    "parks": "GY",
    "playgrounds": "YL",
    "micro_spaces": "WK",
    "venues": "CG",
    "libraries": "TS",
    "study_bases": "YX",
    "children_homes": "ZJ",
    "parent_schools": "JZ",
    "communities": "SQ",
    "council_seats": "YS",
    "mother_baby_rooms": "MY",
    "milk_stations": "MR",
    "special_education": "TJ",
    "towns": "ZJX",
    "protection_stations": "WB",
    "business_areas": "SH",
    "enterprises": "QY",
    "streets": "JQ",
    "events": "HD",
    "accessible_crossings": "GJ",
    "safe_routes": "TX",
    "school_bus_lines": "XC",
    "study_routes": "XL",
    "demonstration_areas": "SF",
}
LEAD = {
    "schools": "教育局",
    "school_gates": "教育局",
    "kindergartens": "教育局",
    "special_education": "教育局",
    "school_bus_lines": "教育局",
    "childcare": "卫生健康局",
    "hospitals": "卫生健康局",
    "primary_care": "卫生健康局",
    "parks": "园林绿化部门",
    "playgrounds": "住房和城乡建设局",
    "micro_spaces": "住房和城乡建设局",
    "streets": "住房和城乡建设局",
    "venues": "文化和旅游局",
    "libraries": "文化和旅游局",
    "study_routes": "文化和旅游局",
    "study_bases": "团委",
    "events": "团委",
    "council_seats": "团委",
    "children_homes": "妇联",
    "parent_schools": "妇联",
    "communities": "妇联",
    "milk_stations": "妇联",
    "mother_baby_rooms": "总工会",
    "towns": "民政局",
    "protection_stations": "民政局",
    "business_areas": "商务局",
    "enterprises": "商务局",
    "accessible_crossings": "交警大队",
    "safe_routes": "交警大队",
    "demonstration_areas": "发展和改革局",
}
DEMONSTRATION = (
    ("儿童友好主题公园区", "park"),
    ("儿童智能运动中心区", "hall"),
    ("爱国主义主题教育区", "hall"),
    ("生态道德主题教育区", "park"),
    ("友好振兴儿童主题村", "village"),
    ("儿童产业孵化展示区", "mall"),
    ("儿童友好城市综合体", "square"),
)
#: Layers whose sites are institutions with long lives; all others belong to the programme of these years.
OLD = frozenset({"schools", "kindergartens", "hospitals", "primary_care", "parks", "libraries", "venues"})
AGES = {
    "childcare": (0, 3),
    "kindergartens": (3, 6),
    "schools": (6, 15),
    "milk_stations": (0, 3),
    "mother_baby_rooms": (0, 3),
    "micro_spaces": (0, 12),
    "playgrounds": (2, 12),
    "study_bases": (6, 18),
    "events": (3, 12),
    "libraries": (0, 18),
    "children_homes": (0, 14),
}
OPENING = {
    "parks": "全天",
    "micro_spaces": "全天",
    "playgrounds": "6:00–21:00",
    "childcare": "周一至周五 7:30–17:30",
    "libraries": "9:00–20:30，周一闭馆",
    "venues": "9:00–17:00，周一闭馆",
    "hospitals": "8:00–17:00，急诊24小时",
    "primary_care": "8:00–17:00",
    "children_homes": "周三、周六 14:00–17:00",
    "mother_baby_rooms": "9:00–21:30",
    "milk_stations": "8:30–20:00",
}
#: Numbers: field (or layer.field) -> lowest, highest.
NUMBERS = {
    "chairs": (1, 4),
    "places": (60, 900),
    "pupils": (200, 2400),
    "children": (90, 420),
    "nursery_places": (0, 40),
    "places_added": (0, 0),
    "safety_lessons": (2, 10),
    "drills": (2, 8),
    "area_m2": (40, 900),
    "child_area_m2": (20, 400),
    "floor_area_m2": (8_000, 90_000),
    "visitors": (1_500, 30_000),
    "mother_baby_rooms": (1, 4),
    "hours_week": (6, 40),
    "activities": (6, 60),
    "child_directors": (1, 3),
    "communities_reached": (1, 12),
    "members": (9, 31),
    "sessions": (2, 24),
    "proposals": (1, 30),
    "adopted": (0, 12),
    "products": (2, 60),
    "child_beds": (4, 120),
    "paediatricians": (1, 24),
    "primary_care.child_beds": (0, 8),
    "primary_care.paediatricians": (0, 3),
    "general_practitioners": (1, 14),
    "child_doctors": (0, 4),
    "child_books": (400, 24_000),
    "venue_area_m2": (2_000, 60_000),
    "venue_visitors": (800, 20_000),
    "mother_baby_rooms.area_m2": (6, 30),
    "play_equipment": (0, 18),
    "equipment": (2, 16),
    "staff": (1, 8),
    "crossings": (0, 6),
    "guards": (0, 3),
    "stops": (3, 16),
    "departures": (2, 24),
    "hours": (1, 6),
    "waiting_area_m2": (20, 400),
    "teachers": (6, 50),
    "traffic_works": (1, 9),
    "child_places": (3, 20),
    "capacity": (40, 800),
    "courses": (2, 20),
    "enrolled": (10, 80),
    "inclusive_places": (10, 60),
    "inclusive_enrolled": (5, 40),
    "communities": (5, 60),
    "length_m": (100, 1000),
    "area_ha": (1, 30),
}
#: Share of yes; the rest is no, and a tenth is left blank.
YES = {"vaccination": 0.55, "registered": 0.9, "public_run": 0.8, "open_24h": 0.15, "accessible_books": 0.15, "lift": 0.1, "sound": 0.2, "tactile": 0.7}
FACILITIES = ("母婴室", "儿童厕所", "饮水点", "无障碍", "遮阳避雨", "急救箱", "婴儿车可达")
BLANK = 0.08
#: Fields that the maker of the sites fills in; nothing is drawn for them.
BY_HAND = frozenset({"events.at_site", "events.about"})
BATCHES = {2022: "第一批", 2023: "第二批", 2024: "第三批"}


@cache
def declared() -> dict[str, Any]:
    """Layer key -> declaration, as the root project has it."""
    from cfmap.model import find_layers, load_city

    return find_layers(load_city(ROOT), packs=False)


def year(layer: str, rng: np.random.Generator) -> int:
    """When it came: long ago for most institutions, in one of the three years for the programme's own places."""
    if layer in OLD and rng.random() < 0.82:
        return int(rng.integers(1986, 2022))
    return int(rng.choice([2022, 2023, 2024], p=[0.42, 0.31, 0.27]))


def fill(layer: str, rng: np.random.Generator) -> dict[str, Any]:
    """Values of every field of a layer; None = the cell stays blank."""
    result: dict[str, Any] = {"status": "在用" if rng.random() < 0.965 else str(rng.choice(["在建", "规划"])), "lead_unit": LEAD[layer]}
    if layer not in OLD:
        result["batch"] = None  # set from the year below
    if layer in AGES:
        result["age_min"], result["age_max"] = AGES[layer]
    if layer in OPENING:
        result["opening"] = OPENING[layer]
    if layer in ("parks", "micro_spaces", "playgrounds", "venues", "libraries"):
        chosen = [f for f in FACILITIES if rng.random() < 0.3]
        result["facilities"] = "；".join(chosen) or None
        result["fee"] = "免费" if rng.random() < 0.85 else "部分收费"
    for field in declared()[layer].fields:
        if f"{layer}.{field.key}" in BY_HAND:
            result[field.key] = None
            continue
        result[field.key] = None if rng.random() < BLANK and not field.required else _value(layer, field, rng)
    return result


def _value(layer: str, field: Any, rng: np.random.Generator) -> Any:
    if field.kind == "choice":
        if field.key == "pilot":
            return str(rng.choice(["已命名", "试点", "培育", "否"], p=[0.12, 0.2, 0.15, 0.53]))
        falling = np.arange(len(field.vocabulary), 0, -1, dtype=float) if field.key != "level" else np.array([0.02, 0.1, 0.22, 0.5, 0.16])
        return str(rng.choice(field.vocabulary, p=falling / falling.sum()))
    if field.kind == "list":
        return "；".join(v for v in field.vocabulary if rng.random() < 0.12) or None
    if field.kind == "yesno":
        return bool(rng.random() < YES.get(field.key, 0.45))
    if field.kind in ("integer", "number"):
        low, high = NUMBERS.get(f"{layer}.{field.key}", NUMBERS.get(field.key, (1, 20)))
        return int(rng.integers(low, high + 1))
    return None
