"""The city project: ``cfmap.toml``, checked, every fault listed with its line and key."""

from __future__ import annotations

import difflib
import re
import tomllib
from datetime import date  # noqa: TC003 - pydantic reads it at run time
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from cfmap.model.datums import DATUM_PATTERN
from cfmap.model.errors import ConfigError, InputError
from cfmap.model.mending import MendingRules
from cfmap.model.messages import Fault, fault
from cfmap.model.units import PACES
from cfmap.model.walking_bus import BusRules

CONFIG_NAME = "cfmap.toml"
FINGERPRINT = re.compile(r"[0-9a-f]{16}")


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class CitySection(_Section):
    """Who: shown on every output."""

    name: str = Field(min_length=1)
    name_en: str = ""
    adcode: str = Field(default="", pattern=r"^(\d{6})?$")
    demo: bool = False


class EditionSection(_Section):
    """Which year, and what must be printed beside the map."""

    year: int = Field(ge=1990, le=2100)
    editions: tuple[int, ...] = ()
    data_date: date | None = None  # of the data of `year`
    data_dates: dict[int, date] = Field(default_factory=dict)  # of other editions
    producer: str = ""
    review_number: str = ""
    review_fingerprint: tuple[str, ...] = ()  # of the contents that the number was given for; one may stand alone, without brackets
    exemption: str = ""

    @field_validator("review_fingerprint", mode="before")
    @classmethod
    def _one_or_several(cls, value: Any) -> Any:
        if not isinstance(value, (str, list, tuple)):
            return value
        given = tuple(v for v in ([value.strip()] if isinstance(value, str) else value) if v != "")
        if not all(isinstance(v, str) and FINGERPRINT.fullmatch(v) for v in given):
            msg = '要写 cfmap build 打印的 16 位内容指纹，例如 "0123456789abcdef" ‖ takes the content fingerprint that cfmap build prints, 16 characters'
            raise ValueError(msg)
        return given

    @model_validator(mode="after")
    def _year_is_an_edition(self) -> EditionSection:
        if self.editions and self.year not in self.editions:
            msg = f"year {self.year} 不在 editions {list(self.editions)} 里 ‖ year {self.year} is not among editions {list(self.editions)}"
            raise ValueError(msg)
        return self


class CrsSection(_Section):
    """CRS for measuring: ``auto`` = the CGCS2000 3-degree zone of the boundary's centroid (UTM outside China)."""

    metres: str = Field(default="auto", pattern=r"^(auto|EPSG:\d{4,6})$")


class NetworkSection(_Section):
    """Where the streets come from."""

    source: str
    buffer_m: float = Field(default=1500.0, ge=0, le=50_000)
    datum: str = Field(default="wgs84", pattern=DATUM_PATTERN)
    attribution: str = "© OpenStreetMap contributors, ODbL"
    overpass_url: str = "https://overpass-api.de/api"


class BoundarySection(_Section):
    """Outlines: the city, and its towns (乡镇街道) with a ``name`` column."""

    city: str = ""
    towns: str = ""
    source: str = ""
    datum: str = Field(default="wgs84", pattern=DATUM_PATTERN)


class BasemapSection(_Section):
    """What lies under the places: the bureau's own water and green, and whose tiles a reader may choose instead of our own drawing."""

    water: str = ""
    green: str = ""
    datum: str = Field(default="wgs84", pattern=DATUM_PATTERN)
    attribution: str = ""
    tiles: Literal["", "tianditu", "amap"] = ""
    tiles_attribution: str = ""
    tiles_url: str = ""
    tiles_licence: str = ""


class PopulationSection(_Section):
    """
    Where people live: a table of communities with residents by age, residential buildings to share them out over (`buildings_datum` None = what their file
    says itself); or a raster of residents, which is rescaled to the totals of towns in `totals` (a table with a column of towns). Beside a table of
    communities `totals` are compared with it.
    """

    table: str = ""
    buildings: str = ""
    buildings_datum: str | None = Field(default=None, pattern=DATUM_PATTERN)
    raster: str = ""
    totals: str = ""
    sheet: str = ""
    columns: dict[str, str] = {}
    datum: str = Field(default="wgs84", pattern=DATUM_PATTERN)
    source: str = ""
    data_date: date | None = None


class WalkingSection(_Section):
    """The walking assumptions behind every 15-minute figure (METHODS: 800 m always beside 1,000 m)."""

    headline_m: float = Field(default=1000.0, gt=0, le=5000)
    beside_m: float = Field(default=800.0, gt=0, le=5000)
    child_pace: str = "child"
    nature_mode: Literal["walk", "cycle", "bus"] = "walk"
    perimeter_m: float = Field(default=150.0, gt=0, le=2000)

    @model_validator(mode="after")
    def _pace_is_known(self) -> WalkingSection:
        if self.child_pace not in PACES:
            known = ", ".join(PACES)
            msg = f"child_pace {self.child_pace!r} 不在 {known} 之中 ‖ child_pace {self.child_pace!r} is none of {known}"
            raise ValueError(msg)
        return self


class SafetySection(_Section):
    """
    How streets round schools are judged; how far they reach is ``walking.perimeter_m``.

    Attributes
    ----------
    layers
        Whose surroundings, and the ways to whom, are looked at.
    method
        How the perimeter is measured, see :func:`cfmap.coverage.perimeter.perimeter`.
    ring_m
        Outer limit of a ring round it, metres; 0 = none.
    rule_set
        Which items must be safe.
    covered
        What makes a school safe: every segment, or 90 % of the length with every crossing before a gate.
    survey
        Files of answers that ``cfmap survey import`` has taken in.
    limit_kmh, clear_width_m, many_lanes
        Numbers of the rule table, see :class:`cfmap.coverage.safety.Thresholds`.
    school_hours
        Spans like ``07:30-08:00``, Monday to Friday, in which a limit for certain hours must hold.
    walking_bus
        Limits of walking buses, and the table of who joins.
    mending
        What comes first in the mending list, and what things cost.
    detour, route_m, route_children
        Safe routes: at most so many times the shortest way, no longer shortest way than this, and how many children make a street
        a proposed route.
    unknown_multiplier
        How much longer a street counts of which walking space or speed is not known.
    crossing_signalled_m, crossing_marked_m, crossing_unmarked_m, crossing_lane_m
        How many metres a crossing counts for, and each lane beyond two of an unmarked one.
    """

    layers: tuple[Literal["schools", "kindergartens"], ...] = Field(default=("schools", "kindergartens"), min_length=1)
    method: Literal["network", "radius", "wall"] = "network"
    ring_m: float = Field(default=0.0, ge=0, le=2000)
    rule_set: Literal["default", "strict"] = "default"
    covered: Literal["every", "length"] = "every"
    survey: tuple[str, ...] = ()
    limit_kmh: float = Field(default=30.0, gt=0, le=120)
    clear_width_m: float = Field(default=1.5, gt=0, le=10)
    many_lanes: int = Field(default=2, ge=1, le=10)
    school_hours: tuple[str, ...] = Field(default=("07:30-08:00", "16:30-17:00"), min_length=1)
    walking_bus: BusRules = BusRules()
    mending: MendingRules = MendingRules()
    detour: float = Field(default=1.25, ge=1, le=3)
    route_m: float = Field(default=1500.0, ge=100, le=5000)
    route_children: float = Field(default=30.0, ge=10, le=10_000)
    unknown_multiplier: float = Field(default=1.2, ge=1, le=1.3)
    crossing_signalled_m: float = Field(default=10.0, ge=0, le=500)
    crossing_marked_m: float = Field(default=30.0, ge=0, le=500)
    crossing_unmarked_m: float = Field(default=80.0, ge=0, le=500)
    crossing_lane_m: float = Field(default=20.0, ge=0, le=200)

    @field_validator("school_hours")
    @classmethod
    def _spans_can_be_read(cls, spans: tuple[str, ...]) -> tuple[str, ...]:
        for span in spans:
            if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", span) or span[:5] >= span[6:]:
                msg = f"school_hours 里的 {span!r} 不是时段，请写成 07:30-08:00 ‖ {span!r} in school_hours is no span; write it as 07:30-08:00"
                raise ValueError(msg)
        return spans

    @model_validator(mode="after")
    def _better_crossings_count_less(self) -> SafetySection:
        if not self.crossing_signalled_m <= self.crossing_marked_m <= self.crossing_unmarked_m:
            zh = "crossing_signalled_m、crossing_marked_m、crossing_unmarked_m 要从小到大"
            msg = f"{zh} ‖ crossing_signalled_m, crossing_marked_m and crossing_unmarked_m must not fall"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _what_is_ranked_by_cost_has_prices(self) -> SafetySection:
        given = self.mending.prices.model_dump(exclude_none=True)
        asked = {"sidewalk_m": ("sidewalk_m",), "speed_limit": ("speed_limit", "speed_limit_m"), "signals": ("signals",)}
        asked |= {"lighting_m": ("lighting_m",), "signs": ("signs",)} if self.rule_set == "strict" else {}
        lost = [name for name, names in asked.items() if not any(n in given for n in names)]
        if self.mending.rank == "cost" and lost:
            names = "、".join(lost)
            msg = f'rank = "cost" 要有单价，[safety.mending.prices] 里还差 {names} ‖ rank = "cost" needs prices; [safety.mending.prices] lacks {names}'
            raise ValueError(msg)
        return self


class Source(_Section):
    """
    One source of a layer: a department's table or file, or the OpenStreetMap extract of ``[network]``.

    `since` and `until` are the first and the last edition that read it; `empty` lists editions for which somebody
    confirmed that the department has no site to hand in.
    """

    path: str = ""
    osm: bool = False
    sheet: str = ""
    datum: str = Field(default="wgs84", pattern=DATUM_PATTERN)
    encoding: str = ""
    columns: dict[str, str] = {}
    hidden: Literal["read", "skip"] = "read"
    lead_unit: str = ""
    data_date: date | None = None
    since: int | None = None
    until: int | None = None
    empty: tuple[int, ...] = ()

    def holds(self, year: int) -> bool:
        """Whether the source belongs to an edition: a department may change its files from one year to the next."""
        return (self.since is None or year >= self.since) and (self.until is None or year <= self.until)

    @model_validator(mode="after")
    def _one_of_path_and_osm(self) -> Source:
        if self.osm == bool(self.path):
            msg = "一个数据源要么写 path，要么写 osm = true，二者选一 ‖ a source has either path or osm = true, one of the two"
            raise ValueError(msg)
        return self


class FieldSection(_Section):
    """A column of a layer declared in ``cfmap.toml``."""

    title: str
    title_en: str = ""
    kind: Literal["text", "integer", "number", "year", "date", "choice", "yesno", "list"] = "text"
    unit: str = ""
    vocabulary: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    public: bool = False


class LayerSection(_Section):
    """A city's settings for a layer, or a whole layer by declaration alone (then `title` is needed)."""

    sources: tuple[Source, ...] = ()
    enabled: bool = True
    internal: bool = False  # never in a public edition
    round_m: float = Field(default=0.0, ge=0, le=5000)  # public coordinates lie on a grid of so many metres
    title: str = ""
    title_en: str = ""
    icon: str = "dot"
    colour: str = Field(default="#455a64", pattern=r"^#[0-9a-fA-F]{6}$")
    geometry: Literal["Point", "LineString", "Polygon"] = "Point"
    group: Literal["play", "health", "care", "way", "learn", "place"] = "learn"
    coverage: str = ""
    description: str = ""
    description_en: str = ""
    policy: str = ""
    osm: tuple[dict[str, str], ...] = ()
    fields: dict[str, FieldSection] = {}


class TargetsSection(_Section):
    """
    Which target ledgers the city answers to, where units' numbers stand, and how open wordings of the text are read.

    Each reading is printed in the rows that it touches (:func:`cfmap.indicators.targets.goal`).
    """

    ledger: str | tuple[str, ...] = ""
    reports: str = "data/{year}/目标填报.xlsx"
    statistics: str = "data/{year}/统计.xlsx"
    growth: Literal["total", "each_year", "rising"] = "total"
    basically: float = Field(default=100.0, gt=0, le=100)
    about: float = Field(default=100.0, gt=0, le=100)
    head_year: Literal["paragraph", "plan"] = "paragraph"
    no_number: Literal["open", "any"] = "open"
    children: Literal["0-17", "0-14"] = "0-17"

    @property
    def ledgers(self) -> tuple[str, ...]:
        """The ledgers named, one or several."""
        given = (self.ledger,) if isinstance(self.ledger, str) else self.ledger
        return tuple(name for name in given if name)


class PublishSection(_Section):
    """What may leave the house."""

    public_columns: Literal["default"] | tuple[str, ...] = "default"
    indicators: tuple[str, ...] = ()
    max_bad_share: float = Field(default=0.05, ge=0, le=1)
    keep_versions: int = Field(default=5, ge=1, le=100)
    contact: str = ""
    address: str = Field(default="", pattern=r"^(https?://[^\s#]+)?$", max_length=400)  # where the published page is; printed sheets lead there
    report_template: str = ""  # the bureau's own .docx
    without: tuple[Literal["atlas", "report"], ...] = ()  # outputs that are not wanted


class OverlaySection(_Section):
    """A layer of the bureau's own for the internal page: shapes of a GIS file in one colour."""

    path: str = Field(min_length=1)
    title: str = Field(min_length=1)
    title_en: str = ""
    colour: str = Field(default="#6d28d9", pattern=r"^#[0-9a-fA-F]{6}$")
    layer: str = ""
    datum: str = Field(default="", pattern=DATUM_PATTERN.replace("^(", "^(|"))


class ScenarioSection(_Section):
    """Sites that are only proposed, for the internal page: a table with coordinates or a GIS file."""

    path: str = Field(min_length=1)
    title: str = Field(min_length=1)
    title_en: str = ""
    datum: str = Field(default="wgs84", pattern=DATUM_PATTERN)
    minutes: float = Field(default=15.0, gt=0, le=60)


class InternalSection(_Section):
    """What only the internal page shows."""

    layers: tuple[OverlaySection, ...] = ()
    scenario: ScenarioSection | None = None


class GeocodingSection(_Section):
    """Where addresses are looked up, when ``cfmap geocode`` is told to; the key is in the environment, never here."""

    url: str = Field(default="", pattern=r"^(https?://[^\s?#@]+)?$")
    minutes: float = Field(default=30.0, gt=0, le=600)


class ThemeSection(_Section):
    """Looks of the page."""

    colour: str = Field(default="#0b6e4f", pattern=r"^#[0-9a-fA-F]{6}$")
    logo: str = ""


class City(_Section):
    """
    A city project, frozen.

    Attributes
    ----------
    root
        Folder that holds ``cfmap.toml``; every path in the settings is relative to it and stays inside it.
    """

    root: Path
    city: CitySection
    edition: EditionSection
    crs: CrsSection = CrsSection()
    network: NetworkSection
    boundary: BoundarySection = BoundarySection()
    basemap: BasemapSection = BasemapSection()
    population: PopulationSection = PopulationSection()
    walking: WalkingSection = WalkingSection()
    safety: SafetySection = SafetySection()
    layers: dict[str, LayerSection] = {}
    targets: TargetsSection = TargetsSection()
    publish: PublishSection = PublishSection()
    internal: InternalSection = InternalSection()
    geocoding: GeocodingSection = GeocodingSection()
    theme: ThemeSection = ThemeSection()

    @property
    def name(self) -> str:
        """The city's name, marked when its data are not real."""
        return f"{self.city.name}（演示数据）" if self.city.demo else self.city.name

    def in_year(self, year: int) -> City:
        """The project as an edition sees it: of every layer only the sources of that year, and the date of that year's data, None when nobody stated it."""
        layers = {key: s.model_copy(update={"sources": tuple(x for x in s.sources if x.holds(year))}) for key, s in self.layers.items()}
        known = self.edition.data_dates.get(year, self.edition.data_date if year == self.edition.year else None)
        return self.model_copy(update={"layers": layers, "edition": self.edition.model_copy(update={"data_date": known})})

    def path(self, relative: str, *, year: int | None = None) -> Path:
        """
        Absolute path of a setting; ``{year}`` in it becomes the edition's year.

        Raises
        ------
        ConfigError
            When it leads out of the project.
        InputError
            E200 when it can name no file.
        """
        text = relative.replace("{year}", str(self.edition.year if year is None else year))
        try:
            resolved = (self.root / text).resolve()
            resolved.is_file()
        except (OSError, RuntimeError):  # a name too long, a link that leads to itself
            raise InputError(fault("E200", file=text[:120])) from None
        if not resolved.is_relative_to(self.root.resolve()):
            raise ConfigError(fault("E104", file=CONFIG_NAME, value=relative))
        return resolved

    def relative(self, path: Path) -> str:
        """How messages and manifests name a file: relative to the project, with forward slashes."""
        try:
            return path.resolve().relative_to(self.root.resolve()).as_posix()
        except ValueError:
            return path.name


def find_root(start: Path) -> Path:
    """
    The folder of the city project that `start` lies in.

    Raises
    ------
    ConfigError
        When neither `start` nor a folder above it holds ``cfmap.toml``.
    """
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder
    raise ConfigError(fault("E101", file=str(start)))


def load_city(project: str | Path = ".") -> City:
    """
    Read and check ``cfmap.toml``.

    Parameters
    ----------
    project
        The project's folder, any folder below it, or the file itself.

    Raises
    ------
    ConfigError
        With one record for every fault: line, key, value, nearest known key.
    """
    given = Path(project)
    root = find_root(given.parent if given.is_file() else given)
    file = root / CONFIG_NAME
    try:
        text = file.read_bytes().decode("utf-8-sig")
        data = tomllib.loads(text)
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        raise ConfigError(fault("E105", file=CONFIG_NAME, row=line)) from None
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"line (\d+)", str(error))
        raise ConfigError(fault("E102", file=CONFIG_NAME, row=int(found[1]) if found else None, detail=str(error))) from None
    try:
        city = City.model_validate({**data, "root": root})
    except ValidationError as error:
        lines = _key_lines(text)
        raise ConfigError([_config_fault(e, lines) for e in error.errors(include_url=False)]) from None
    if "root" in data:
        raise ConfigError(fault("E103", file=CONFIG_NAME, column="root", row=_key_lines(text).get(("root",)), nearest="", known=""))
    return city


_KEY = re.compile(r"""^\s*(?:"([^"]+)"|'([^']+)'|([A-Za-z0-9_\-]+(?:\s*\.\s*[A-Za-z0-9_\-]+)*))\s*=""")
_TABLE = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?")


def setting_line(root: Path, *keys: str) -> int | None:
    """Line of a setting in the project's ``cfmap.toml``; None where it is not written out or there is no such file."""
    file = root / CONFIG_NAME
    return _key_lines(file.read_text(encoding="utf-8")).get(keys) if file.is_file() else None


def _key_lines(text: str) -> dict[tuple[str, ...], int]:
    """First line (1-based) of every table and key; good enough to send a reader to the right place."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _TABLE.match(line):
            table = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            name = key[1] or key[2] or key[3]
            parts = (name,) if key[1] or key[2] else tuple(p.strip() for p in name.split("."))
            lines.setdefault((*table, *parts), number)
    return lines


def _config_fault(error: Any, lines: dict[tuple[str, ...], int]) -> Fault:
    location = tuple(str(part) for part in error["loc"] if not (isinstance(part, str) and part in {"literal['default']", "tuple[str, ...]"}))
    key = ".".join(location)
    row = next((lines[location[:n]] for n in range(len(location), 0, -1) if location[:n] in lines), None)
    row = row or min((line for key, line in lines.items() if key[: len(location)] == location), default=None)
    kind = error["type"]
    if kind == "extra_forbidden":
        known = _known_keys(location[:-1])
        near = difflib.get_close_matches(location[-1], known, n=1)
        return fault("E103", file=CONFIG_NAME, row=row, column=key, nearest=near[0] if near else "", known="、".join(known))
    if kind == "missing":
        return fault("E106", file=CONFIG_NAME, row=row, column=key)
    value = error.get("input")
    shown = None if isinstance(value, (dict, BaseModel)) else value
    detail_zh, detail = _detail(error)
    return fault("E107", file=CONFIG_NAME, row=row, column=key, value=shown, detail=detail, detail_zh=detail_zh)


_DETAILS = {  # pydantic's error type -> what it means to a clerk; others are shown in English
    "string_too_short": "不能空着",
    "string_type": "要写文字，用引号括起来",
    "int_type": "要写整数",
    "int_parsing": "要写整数",
    "int_from_float": "要写整数",
    "float_type": "要写数字",
    "float_parsing": "要写数字",
    "finite_number": "要写数字",
    "bool_type": "要写 true 或 false",
    "bool_parsing": "要写 true 或 false",
    "greater_than": "要大于 {gt}",
    "greater_than_equal": "要大于或等于 {ge}",
    "less_than_equal": "要小于或等于 {le}",
    "string_pattern_mismatch": "写法不对，应符合 {pattern}",
    "literal_error": "只能是 {expected} 之一",
    "date_type": "要写日期，例如 2024-12-31，不加引号",
    "date_from_datetime_parsing": "要写日期，例如 2024-12-31",
    "tuple_type": "要写成列表，例如 [2022, 2023]",
    "dict_type": "要写成一个表",
    "model_type": "要写成一个表",
    "model_attributes_type": "要写成一个表",
}


def _detail(error: Any) -> tuple[str, str]:
    """What a settings fault means, in Chinese and English."""
    text = str(error["msg"]).removeprefix("Value error, ")
    zh, _, en = text.partition("‖")
    if en:
        return zh.strip(), en.strip()
    known = _DETAILS.get(error["type"])
    return (known.format_map(error.get("ctx", {})) if known else text), text


def _known_keys(location: tuple[str, ...]) -> list[str]:
    model: Any = City
    for part in location:
        info = model.model_fields.get(part) if isinstance(model, type) and issubclass(model, BaseModel) else None
        if info is None:  # a layer's name, a list's number
            continue
        inner = [info.annotation, *getattr(info.annotation, "__args__", ())]
        model = next((a for a in inner if isinstance(a, type) and issubclass(a, BaseModel)), model)
    return sorted(k for k in model.model_fields if k != "root")
