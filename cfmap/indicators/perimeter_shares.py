"""How much of the streets round schools and kindergartens is safe, unsafe, or unknown?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from cfmap.indicators.existing import date_of, sources_of, towns_of
from cfmap.indicators.rule import town_names
from cfmap.model.edition import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from cfmap.model.edition import Edition, LayerData

_SCHOOLS, _KINDERGARTENS = "schools", "kindergartens"


@dataclass(frozen=True)
class Whose:
    """
    Whose surroundings a family of indicators is about.

    Attributes
    ----------
    key
        First word of the indicators' ids.
    layers
        Layers that are counted together.
    zh, en
        What their sites are called.
    counted
        The same in the indicators' ids.
    """

    key: str
    layers: tuple[str, ...]
    zh: str
    en: str
    counted: str


#: The first is what targets for schools go by; no other layer ever enters it.
OF_SCHOOLS = Whose("perimeter", (_SCHOOLS,), "学校", "schools", "schools")
OF_KINDERGARTENS = Whose("perimeter_kindergartens", (_KINDERGARTENS,), "幼儿园", "kindergartens", "kindergartens")
KINDS = (OF_SCHOOLS, OF_KINDERGARTENS)
OF_BOTH = Whose("perimeter_all", (_SCHOOLS, _KINDERGARTENS), "学校和幼儿园", "schools and kindergartens", "sites")


def perimeter_shares(edition: Edition) -> Iterator[Indicator]:
    """
    Shares of safe and of known streets round schools (``perimeter.safe_length/known_length/safe_schools/safe_schools_90``, per cent).

    A street that nobody described is unknown, not unsafe: the value is None while any is, between safe (lower) and
    safe + unknown (upper). A street shared by schools counts once, with the worst of its states. No street round any school
    gives None, not 100 %; schools without a road for motor traffic are in no share. By town too. Nothing when
    perimeters were not asked for.
    """
    return _shares(edition, OF_SCHOOLS)


def kindergarten_shares(edition: Edition) -> Iterator[Indicator]:
    """As :func:`perimeter_shares`, of kindergartens (``perimeter_kindergartens.…``); nothing when they were not looked at."""
    return _shares(edition, OF_KINDERGARTENS)


def all_shares(edition: Edition) -> Iterator[Indicator]:
    """As :func:`perimeter_shares`, of schools and kindergartens together (``perimeter_all.…``); nothing unless both were looked at."""
    return _shares(edition, OF_BOTH)


def _shares(edition: Edition, whose: Whose) -> Iterator[Indicator]:
    if not set(whose.layers) <= looked_at(edition):
        return
    from cfmap.coverage.perimeter import METHOD_WORDS

    _, figures = perimeter_figures(edition, whose)
    settings, strict, zh, en = edition.city.safety, edition.city.safety.rule_set == "strict", whose.zh, whose.en
    where, where_en = (w.format(m=f"{edition.city.walking.perimeter_m:g}") for w in METHOD_WORDS[settings.method])
    rules, rules_en = ("按严格规则（含路灯、标志）。", "; strict rules (lighting and signs too)") if strict else ("", "")
    yield _indicator(
        edition, whose, figures, "safe_length", f"{zh}周边安全路段占比（按长度）", f"Share of safe streets round {en}, by length",
        f"{where}的机动车道路总长", f"安全路段长度 ÷ 全部路段长度；没有资料的算未知：下限不计入，上限计入。双幅路算一条。{rules}",
        f"length of safe streets / all streets {where_en}; streets without facts are unknown: left out of the lower bound, within the upper one; "
        f"a divided road counts once{rules_en}",
        columns=("lower", "upper"),
    )  # fmt: skip
    yield _indicator(
        edition, whose, figures, "known_length", f"{zh}周边路段有资料的占比（按长度）", f"Share of streets round {en} with facts, by length",
        f"{where}的机动车道路总长", f"判得出安全或不安全的路段长度 ÷ 全部路段长度。{rules}",
        f"length of streets known to be safe or unsafe / all streets {where_en}{rules_en}",
        columns=("known", "known"),
    )  # fmt: skip
    yield _indicator(
        edition, whose, figures, f"safe_{whose.counted}", f"周边路段全部安全的{zh}占比", f"Share of {en} with safe streets all round",
        f"{where}有机动车道路的{zh}", f"周边每一段都安全的{zh}数 ÷ {zh}数；有一段不安全即不算，只有未知的算上限。{rules}",
        f"{en} whose every segment is safe / {en}; one unsafe segment rules out, unknown ones count in the upper bound{rules_en}",
        columns=("every_lower", "every_upper"),
    )  # fmt: skip
    yield _indicator(
        edition, whose, figures, f"safe_{whose.counted}_90", f"周边九成以上安全、门口过街安全的{zh}占比", f"Share of {en} with 90 % safe streets and gates",
        f"{where}有机动车道路的{zh}", f"安全路段占长度九成以上而且每个校门前过街都安全的{zh}数 ÷ {zh}数；未知的算上限。{rules}",
        f"{en} with at least 90 % of the length safe and a safe crossing before every gate / {en}; unknown counts in the upper bound{rules_en}",
        columns=("length_lower", "length_upper"),
    )  # fmt: skip


def kinds_shown(edition: Edition, *, public: bool | None = None) -> tuple[Whose, ...]:
    """
    Layers, one at a time, whose streets may be shown one by one: in public (as the edition is, unless told) those that ``publish.indicators``
    lists by their key.
    """
    public = edition.public if public is None else public
    return tuple(k for k in KINDS if set(k.layers) <= looked_at(edition) and (not public or k.key in edition.city.publish.indicators))


def looked_at(edition: Edition) -> set[str]:
    """Layers round whose sites the edition tells of what it saw, whether it found a street or not; a public one may have been left those of one layer alone."""
    if edition.perimeter is None:
        return set()
    told = [key for kind in KINDS if kind.key in edition.city.publish.indicators for key in kind.layers] if edition.public else watched(edition)
    return {*edition.perimeter["layer"], *(key for key in told if key in watched(edition))}


def watched(edition: Edition) -> dict[str, LayerData]:
    """Layers whose surroundings the edition has looked at."""
    from cfmap.coverage.perimeter import scored

    return {} if edition.perimeter is None else scored(edition.layers, edition.city)


def school_towns(edition: Edition, whose: Whose = OF_SCHOOLS) -> pd.Series | None:
    """Town of each site, index = its id; None where the city has no towns or no such sites."""
    import pandas as pd

    found = [data.sites for key, data in watched(edition).items() if key in whose.layers]
    if not found or edition.towns is None:
        return None
    every: pd.Series = pd.concat([towns_of(sites, edition.towns).set_axis(sites["id"]) for sites in found])
    return every


def perimeter_figures(edition: Edition, whose: Whose = OF_SCHOOLS) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Figures of every site and of every town, the city's last, by the rules of the settings.

    Returns
    -------
    sites, towns
        As :func:`cfmap.coverage.perimeter.school_summary` and :func:`cfmap.coverage.perimeter.town_figures`; a site that stands
        at no street is unknown.
    """
    import pandas as pd

    from cfmap.coverage.perimeter import school_summary, site_id, town_figures

    perimeter = edition.perimeter
    if perimeter is None:
        msg = "no perimeters were asked for"
        raise ValueError(msg)
    strict = edition.city.safety.rule_set == "strict"
    found = []
    for key in whose.layers:
        around, data = perimeter[perimeter["layer"].eq(key)], watched(edition).get(key)
        sites = data.sites if data is not None else around[["school"]].drop_duplicates().rename(columns={"school": "id"})
        ids = {site_id(key, str(i)): i for i in sites["id"]}
        placed = next((c.sites.assign(school=c.sites["id"].astype(str).map(ids)) for c in edition.coverages if c.layer == key), None)
        found.append(school_summary(around, sites, covered=edition.city.safety.covered, doors=placed, strict=strict))
    summary = pd.concat([s for s in found if len(s)] or found[:1])
    mine = perimeter[perimeter["layer"].isin(whose.layers)]
    return summary, town_figures(mine, summary, town=school_towns(edition, whose), strict=strict)


def _indicator(
    edition: Edition, whose: Whose, figures: pd.DataFrame, name: str, title: str, title_en: str, denominator: str, zh: str, en: str, *, columns: tuple[str, str]
) -> Indicator:
    bounds = {str(town): _bounds(*row) for town, row in zip(figures.index, figures[list(columns)].to_numpy(dtype=float), strict=True)}
    lower, upper = bounds.pop("")
    sure = lower is not None and lower == upper
    layers = [edition.layers[key] for key in whose.layers if key in edition.layers]
    dates = [d for d in (date_of(data, edition.city) for data in layers) if d]
    return Indicator(
        id=f"{whose.key}.{name}",
        title=title,
        title_en=title_en,
        value=lower if sure else None,
        lower=None if sure else lower,
        upper=None if sure else upper,
        by_town={town: low if low == high else None for town, (low, high) in bounds.items()},
        bounds_by_town={town: pair for town, pair in bounds.items() if pair[0] != pair[1]},
        nobody=tuple(name for name in town_names(edition) if bounds.get(name, (None, None))[0] is None),
        unit="%",
        denominator=denominator,
        definition=zh,
        definition_en=en,
        data_date=min(dates, default=""),
        sources=tuple(dict.fromkeys([s for data in layers for s in sources_of(data, edition.city)] + [edition.city.network.attribution])),
        status="ok" if sure else ("partial" if lower is not None and (lower, upper) != (0.0, 100.0) else "unknown"),
    )


def _bounds(lower: float, upper: float) -> tuple[float | None, float | None]:
    """None where there is nothing to count."""
    return (None, None) if lower != lower else (round(lower, 6), round(upper, 6))
