"""How much of the streets round schools is safe, unsafe, or unknown?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.indicators.existing import date_of, sources_of, towns_of
from cfmap.indicators.rule import town_names
from cfmap.model.edition import Indicator

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from cfmap.model.edition import Edition

LAYERS = ("schools", "kindergartens")


def perimeter_shares(edition: Edition) -> Iterator[Indicator]:
    """
    Shares of safe and of known streets round schools (``perimeter.safe_length/known_length/safe_schools/safe_schools_90``, per cent).

    A street that nobody described is unknown, not unsafe: the value is None while any is, between safe (lower) and
    safe + unknown (upper). A street shared by schools counts once, with the worst of its states. No street round any school
    gives None, not 100 %; schools without a road for motor traffic are in no share. By town too. Nothing when
    perimeters were not asked for.
    """
    if edition.perimeter is None:
        return
    from cfmap.coverage.perimeter import METHOD_WORDS

    _, figures = perimeter_figures(edition)
    settings, strict = edition.city.safety, edition.city.safety.rule_set == "strict"
    where, where_en = (w.format(m=f"{edition.city.walking.perimeter_m:g}") for w in METHOD_WORDS[settings.method])
    rules, rules_en = ("按严格规则（含路灯、标志）。", "; strict rules (lighting and signs too)") if strict else ("", "")
    yield _indicator(
        edition, figures, "safe_length", "学校周边安全路段占比（按长度）", "Share of safe streets round schools, by length",
        f"{where}的机动车道路总长", f"安全路段长度 ÷ 全部路段长度；没有资料的算未知：下限不计入，上限计入。双幅路算一条。{rules}",
        f"length of safe streets / all streets {where_en}; streets without facts are unknown: left out of the lower bound, within the upper one; "
        f"a divided road counts once{rules_en}",
        columns=("lower", "upper"),
    )  # fmt: skip
    yield _indicator(
        edition, figures, "known_length", "学校周边路段有资料的占比（按长度）", "Share of streets round schools with facts, by length",
        f"{where}的机动车道路总长", f"判得出安全或不安全的路段长度 ÷ 全部路段长度。{rules}",
        f"length of streets known to be safe or unsafe / all streets {where_en}{rules_en}",
        columns=("known", "known"),
    )  # fmt: skip
    yield _indicator(
        edition, figures, "safe_schools", "周边路段全部安全的学校占比", "Share of schools with safe streets all round",
        f"{where}有机动车道路的学校", f"周边每一段都安全的学校数 ÷ 学校数；有一段不安全即不算，只有未知的算上限。{rules}",
        f"schools whose every segment is safe / schools; one unsafe segment rules out, unknown ones count in the upper bound{rules_en}",
        columns=("every_lower", "every_upper"),
    )  # fmt: skip
    yield _indicator(
        edition, figures, "safe_schools_90", "周边九成以上安全、门口过街安全的学校占比", "Share of schools with 90 % safe streets and safe gates",
        f"{where}有机动车道路的学校", f"安全路段占长度九成以上而且每个校门前过街都安全的学校数 ÷ 学校数；未知的算上限。{rules}",
        f"schools with at least 90 % of the length safe and a safe crossing before every gate / schools; unknown counts in the upper bound{rules_en}",
        columns=("length_lower", "length_upper"),
    )  # fmt: skip


def school_towns(edition: Edition) -> pd.Series | None:
    """Town of each school, index = its id; None where the city has no towns."""
    schools = edition.layers.get("schools")
    if schools is None or edition.towns is None:
        return None
    return towns_of(schools.sites, edition.towns).set_axis(schools.sites["id"])


def perimeter_figures(edition: Edition) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Figures of every school and of every town, the city's last, by the rules of the settings.

    Returns
    -------
    schools, towns
        As :func:`cfmap.coverage.perimeter.school_summary` and :func:`cfmap.coverage.perimeter.town_figures`. A school that stands
        at no street is unknown.
    """
    from cfmap.coverage.perimeter import school_summary, town_figures

    perimeter = edition.perimeter
    if perimeter is None:
        msg = "no perimeters were asked for"
        raise ValueError(msg)
    strict = edition.city.safety.rule_set == "strict"
    data = edition.layers.get("schools")
    around = perimeter[["school"]].drop_duplicates().rename(columns={"school": "id"})
    schools = data.sites if data is not None and len(data.sites) else around
    placed = next((c.sites.rename(columns={"id": "school"}) for c in edition.coverages if c.layer == "schools" and c.rule.startswith("perimeter")), None)
    summary = school_summary(perimeter, schools, covered=edition.city.safety.covered, doors=placed, strict=strict)
    return summary, town_figures(perimeter, summary, town=school_towns(edition), strict=strict)


def _indicator(
    edition: Edition, figures: pd.DataFrame, name: str, title: str, title_en: str, denominator: str, zh: str, en: str, *, columns: tuple[str, str]
) -> Indicator:
    bounds = {str(town): _bounds(*row) for town, row in zip(figures.index, figures[list(columns)].to_numpy(dtype=float), strict=True)}
    lower, upper = bounds.pop("")
    sure = lower is not None and lower == upper
    layers = [edition.layers[key] for key in LAYERS if key in edition.layers]
    dates = [d for d in (date_of(data, edition.city) for data in layers) if d]
    return Indicator(
        id=f"perimeter.{name}",
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
