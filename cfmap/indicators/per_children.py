"""How many beds for children, and how many paediatricians, are there per 1,000 children?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from cfmap.indicators.existing import date_of, sites_of, sources_of
from cfmap.indicators.people import EVERY_CHILD, GROUPS, people_of, people_words
from cfmap.model.edition import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cfmap.indicators.people import Group
    from cfmap.model.edition import Edition

LAYERS = ("hospitals", "primary_care")
#: Column of both layers -> what is counted, its unit.
SUPPLY: dict[str, tuple[str, str, str]] = {
    "child_beds": ("儿童床位数", "beds for children", "张/千名儿童"),
    "paediatricians": ("儿科执业（助理）医师数", "paediatricians", "名/千名儿童"),
}


def per_thousand_children(edition: Edition) -> Iterator[Indicator]:
    """
    每千名儿童床位数、儿科医师数 = sum over existing hospitals and primary care / children x 1,000 (``per_children.<column>.<ages>``).

    Units: 张/千名儿童, 名/千名儿童. Denominator: children of the population table aged 0-14, and beside it 0-17; the ages stand in the title, since
    plans name either. Source of the numbers: the columns ``child_beds`` and ``paediatricians`` of both layers.

    Where sites lack their number the value is None: the lower bound takes them as 0, the upper one as the largest that any site has. A
    layer that nobody handed in, or that is known from map tags alone, leaves only the lower bound; communities without their children only the
    upper. None without population, and where no site has a number. Nothing when neither layer is there.

    No numbers by town: a hospital serves more than the town it stands in, and a rate of a town with few children would tell how many there are.
    The source for beds by children: 瑞政办〔2022〕37号, 四（二） and task 34 (2.2 beds, 1 doctor per 1,000 children).
    """
    if not any(key in edition.layers for key in LAYERS):
        return
    for column in SUPPLY:
        supply = _supply(edition, column)
        for ages in EVERY_CHILD:
            yield _rate(edition, column, supply, GROUPS[ages])


@dataclass(frozen=True)
class _Supply:
    """Numbers of every site (NaN = not handed in), and whether these are all the sites there are."""

    numbers: pd.Series
    whole: bool
    absent: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]
    dates: tuple[str, ...]


def _supply(edition: Edition, column: str) -> _Supply:
    numbers: list[pd.Series] = []
    absent: list[tuple[str, str]] = []
    sources: list[str] = []
    dates: list[str] = []
    for key in LAYERS:
        data = edition.layers.get(key)
        sites = sites_of(data, edition) if data is not None else None
        if data is None or sites is None or not sites.known or sites.only_mapped:
            absent.append((data.layer.title, data.layer.title_en) if data is not None else (key, key))
        if data is not None and sites is not None and sites.known:
            empty = pd.Series(float("nan"), index=sites.existing.index)
            numbers.append(pd.to_numeric(sites.existing[column], errors="coerce").astype(float) if column in sites.existing else empty)
            sources += sources_of(data, edition.city)
            dates.append(date_of(data, edition.city))
    every = pd.concat(numbers, ignore_index=True) if numbers else pd.Series(dtype=float)
    return _Supply(every, not absent, tuple(absent), tuple(dict.fromkeys(sources)), tuple(d for d in dates if d))


def _rate(edition: Edition, column: str, supply: _Supply, group: Group) -> Indicator:
    people, lost = people_of(edition, group)
    missing = int(supply.numbers.isna().sum())
    known = supply.numbers.notna().any() or (supply.whole and not len(supply.numbers))
    value = lower = upper = None
    if people is not None and known:
        low = 1000.0 * float(supply.numbers.sum()) / people
        high = low + 1000.0 * missing * float(supply.numbers.max()) / people if missing else low
        if supply.whole and not missing and not lost:
            value = round(low, 6)
        else:
            lower = None if lost else round(low, 6)
            upper = round(high, 6) if supply.whole else None
    title, title_en, unit = SUPPLY[column]
    notes = [(f"没有人交来完整的“{zh}”", f"nobody handed in all {en}") for zh, en in supply.absent]
    if missing:
        notes.append((f"{missing} 处没有填，下限按 0、上限按最大的一处估", f"{missing} sites lack it: bounds take them as 0 and as the largest"))
    if people is None:
        notes.append((f"没有{group.title}的人数", f"no numbers of {group.title_en}"))
    elif lost:
        notes.append((f"{lost} 个社区缺{group.title}的人数", f"{lost} communities lack their {group.title_en}"))
    population = edition.population
    date = (population.data_date.isoformat(),) if population and population.data_date else ()
    return Indicator(
        id=f"per_children.{column}.{group.key}",
        title=f"每千名{group.title}{title}",
        title_en=f"{title_en[0].upper()}{title_en[1:]} per 1,000 {group.title_en}",
        value=value,
        lower=lower,
        upper=upper,
        unit=unit,
        denominator=f"每千名{group.title}",
        definition="；".join([f"在用（或状态未知）的医院和基层医疗机构的{title}之和 ÷ {group.title} × 1000", *(zh for zh, _ in notes)])
        + people_words(edition)[0],
        definition_en="; ".join([f"{title_en} of existing hospitals and primary care / {group.title_en} x 1,000", *(en for _, en in notes)])
        + people_words(edition)[1],
        data_date=min((*supply.dates, *date), default=""),
        part=None if value is None else float(supply.numbers.sum()),
        whole=None if value is None else people,
        sources=(*supply.sources, *((population.source,) if population else ())),
        status="ok" if value is not None else ("partial" if lower is not None or upper is not None else "unknown"),
    )
