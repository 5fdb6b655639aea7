"""Where do the departments' sites stand, and what is known of each? One list per layer, from which the yearly tables are cut."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from scipy.spatial import cKDTree

from . import values
from .names import Names
from .plan import TOWNS, YEARS, Plan, Town
from .routes import Walks

if TYPE_CHECKING:
    from .people import Community
    from .streetwork import Place, Streetwork
    from .terrain import Terrain

Array = np.ndarray


@dataclass
class Site:
    """
    One row of a department's table.

    Attributes
    ----------
    at
        Metres; for lines and areas the first point.
    shape
        Line or polygon in metres, None for points.
    values
        Field key -> value, for the common schema and the layer's own fields; None = left blank.
    """

    id: str
    layer: str
    name: str
    town: Town
    at: Array
    year: int | None
    shape: shapely.Geometry | None = None
    values: dict[str, Any] = field(default_factory=dict)


class Ground:
    """Finds places beside public streets, and what they are called."""

    _KINDS = frozenset({"residential", "tertiary", "living_street", "unclassified", "secondary", "service"})

    def __init__(self, work: Streetwork, town_of: object, rng: np.random.Generator) -> None:
        public = [s for s in work.joined.streets if s.kind in self._KINDS and "access" not in s.tags and s.level == 0 and not s.apart]
        nodes = np.unique([n for s in public for n in s.nodes])
        self._places = work.joined.places[nodes]
        self._tree = cKDTree(self._places)
        named = [s for s in public if "name" in s.tags]
        self._lines = shapely.STRtree([s.line for s in named])
        self._names = [s.tags["name"] for s in named]
        self.town_of = town_of
        self.rng = rng

    def beside(self, x: float, y: float, radius: float) -> Array:
        """A place a few metres off a public street within `radius`; the nearest street where there is none."""
        found = self._tree.query_ball_point([x, y], radius)
        index = int(found[int(self.rng.integers(len(found)))]) if found else int(self._tree.query([x, y])[1])
        angle = self.rng.uniform(0, 2 * np.pi)
        return self._places[index] + self.rng.uniform(5, 13) * np.array([np.cos(angle), np.sin(angle)])

    def address(self, at: Array) -> str:
        """Town, street and number."""
        street = self._names[int(self._lines.nearest(shapely.points(at)))]
        return f"{self.town_of(float(at[0]), float(at[1])).name}{street}{int(self.rng.integers(1, 399))}号"


@dataclass
class Maker:
    """Makes the sites of all layers, in a fixed order."""

    plan: Plan
    terrain: Terrain
    work: Streetwork
    communities: list[Community]
    ground: Ground
    walks: Walks
    rng: np.random.Generator
    names: Names
    result: dict[str, list[Site]] = field(default_factory=dict)

    # -- helpers

    def add(
        self,
        layer: str,
        name: str,
        at: Array,
        *,
        shape: shapely.Geometry | None = None,
        community: Community | None = None,
        year: int | None = None,
        **own: Any,
    ) -> Site:
        sites = self.result.setdefault(layer, [])
        town = community.town if community else self.ground.town_of(float(at[0]), float(at[1]))
        site = Site("", layer, name, town, np.asarray(at, dtype=float), year if year is not None else values.year(layer, self.rng), shape)
        site.values = values.fill(layer, self.rng)
        if "batch" in site.values:
            site.values["batch"] = values.BATCHES.get(site.year or 0)
        site.values.update(address=self.ground.address(at), **own)
        if community and "community" in site.values:
            site.values["community"] = community.name
        if community and "setting" in site.values:
            site.values["setting"] = "农村" if community.rural else "城区"
        sites.append(site)
        return site

    def pick(self, count: int, *, power: float = 0.7, urban: bool | None = None, skip: float = 0.0) -> list[Community]:
        """Communities to get something: bigger ones more likely; a share `skip` of them never, so that there are gaps."""
        rng = self.rng
        able = [c for c in self.communities if (urban is None or c.rural != urban) and rng.random() >= skip]
        weight = np.array([c.people["pop_total"] for c in able], dtype=float) ** power
        count = min(count, len(able))
        chosen = rng.choice(len(able), count, replace=False, p=weight / weight.sum())
        return [able[k] for k in sorted(chosen)]

    def places(self, use: str) -> list[Place]:
        return [p for p in self.work.places if p.use == use]

    # -- layers

    def schools(self) -> None:
        stages = ("小学", "小学", "小学", "初中", "九年一贯制", "初中", "小学", "高中", "小学", "完全中学", "中等职业学校")
        suffix = {"小学": "小学", "初中": "初级中学", "九年一贯制": "实验学校", "高中": "高级中学", "完全中学": "中学", "中等职业学校": "中等职业学校"}
        homes = [(p.doors, None) for p in self.places("school")]
        homes += [([self.ground.beside(c.x, c.y, 260)], c) for c in self.pick(self.plan.share(44), urban=False)]
        for number, (doors, community) in enumerate(homes):
            stage = stages[number % len(stages)] if community is None else ("小学", "小学", "九年一贯制")[number % 3]
            base = self.names.stem("school-name") if community is None else community.name.removesuffix("村")
            pupils = int(self.rng.integers(500, 2600) if community is None else self.rng.integers(60, 600))
            name = f"示例市{base}{suffix[stage]}"
            school = self.add("schools", name, doors[0], community=community, stage=stage, pupils=pupils, places=int(pupils * self.rng.uniform(0.95, 1.25)))
            for k, door in enumerate(doors):
                kind = "主出入口" if k == 0 else "次出入口"
                self.add(
                    "school_gates", f"{name}{('正门', '东门', '西门', '北门')[k % 4]}", door, community=community, year=school.year, school=name, kind=kind
                )

    def care(self) -> None:
        for c in self.pick(self.plan.share(262), skip=0.12):
            self.add("kindergartens", f"示例市{self.names.stem('kinder')}幼儿园", self.ground.beside(c.x, c.y, 420), community=c)
        for number, c in enumerate(self.pick(self.plan.share(190), power=1.0, skip=0.3)):
            if c.rural and self.rng.random() < 0.5:
                continue
            kind = ("独立托育机构", "社区托育点", "幼儿园托班", "独立托育机构", "用人单位托育", "家庭托育点")[number % 6]
            end = {"独立托育机构": "托育园", "社区托育点": "社区托育点", "幼儿园托班": "幼儿园托班", "用人单位托育": "职工托育园", "家庭托育点": "家庭托育点"}[
                kind
            ]
            places = int(self.rng.integers(20, 130))
            inclusive = bool(self.rng.random() < 0.6)
            self.add(
                "childcare",
                f"{self.names.stem('care')}{end}",
                self.ground.beside(c.x, c.y, 380),
                community=c,
                kind=kind,
                places=places,
                enrolled=int(places * self.rng.uniform(0.4, 0.98)),
                inclusive=inclusive,
                inclusive_places=int(places * 0.8) if inclusive else 0,
            )

    def health(self) -> None:
        for number, p in enumerate(self.places("hospital")):
            if number < 3:
                title, kind = (("示例市妇幼保健院", "妇幼保健院"), ("示例市儿童医院", "儿童医院"), ("示例市中医院", "中医医院"))[number]
            else:
                title, kind = f"示例市{self.names.stem('hospital-name')}医院", ("综合医院", "综合医院", "专科医院")[number % 3]
            self.add("hospitals", title, p.at, kind=kind)
        km = 1000 * self.plan.size
        for town in TOWNS:
            at = self.ground.beside(town.x * km, town.y * km, 350)
            core = town.kind in ("core", "town")
            self.add(
                "primary_care",
                f"{town.name}{'社区卫生服务中心' if core else '卫生院'}",
                at,
                kind="社区卫生服务中心" if core else "乡镇卫生院",
                vaccination=True,
            )
        for c in self.pick(self.plan.share(150), power=0.4, skip=0.1):
            self.add(
                "primary_care",
                f"{c.name}{'卫生室' if c.rural else '卫生服务站'}",
                self.ground.beside(c.x, c.y, 250),
                community=c,
                kind="村卫生室" if c.rural else "社区卫生服务站",
            )

    def play(self) -> None:
        for number, p in enumerate(self.places("park")):
            kind = "综合公园" if p.shape.area > 60_000 else ("社区公园", "游园", "社区公园", "专类公园")[number % 4]
            self.add("parks", p.name, p.at, kind=kind, area_m2=round(p.shape.area))
            if number % 3 == 0:
                self.add("playgrounds", f"{p.name}儿童游乐场", self.ground.beside(*p.at, 60), kind="公园游乐场")
        for number, c in enumerate(self.pick(self.plan.share(24), power=0.1, urban=False)):
            self.add(
                "parks",
                f"{self.names.stem('wild')}{('郊野公园', '湿地公园', '乡村公园')[number % 3]}",
                self.ground.beside(c.x, c.y, 500),
                community=c,
                kind=("郊野公园", "湿地公园", "游园")[number % 3],
                area_m2=int(self.rng.integers(8_000, 160_000)),
            )
        for c in self.pick(self.plan.share(92), skip=0.25):
            self.add("micro_spaces", f"{c.name.removesuffix('社区')}儿童友好微空间", self.ground.beside(c.x, c.y, 260), community=c)
        for c in self.pick(self.plan.share(105), skip=0.3):
            self.add("playgrounds", f"{c.name.removesuffix('社区')}儿童游乐场", self.ground.beside(c.x, c.y, 220), community=c, kind="社区游乐场")

    def culture(self) -> None:
        kinds = ("青少年活动中心", "妇女儿童活动中心", "博物馆", "科技馆", "美术馆", "文化馆", "体育场馆", "影剧院", "纪念馆", "其他")
        for number, p in enumerate(self.places("hall")):
            kind = kinds[number % len(kinds)]
            title = f"示例市{'' if number < len(kinds) else self.names.stem('hall-name')}{kind if kind != '其他' else '儿童体验馆'}"
            self.add("venues", title, p.at, kind=kind)
        for number, c in enumerate(self.pick(self.plan.share(64), skip=0.3)):
            kind = ("社区图书室", "自助图书馆", "农家书屋")[number % 3] if not c.rural else "农家书屋"
            title, kind = (("示例市图书馆", "公共图书馆"), ("示例市少年儿童图书馆", "少儿图书馆"))[number] if number < 2 else (f"{c.name}{kind}", kind)
            self.add("libraries", title, self.ground.beside(c.x, c.y, 260), community=c, kind=kind)
        for number, c in enumerate(self.pick(self.plan.share(32), power=0.2, urban=False)):
            kind = ("研学实践基地", "劳动实践基地", "自然教育基地", "研学营地", "校外活动基地")[number % 5]
            self.add("study_bases", f"{self.names.stem('study')}{kind}", self.ground.beside(c.x, c.y, 400), community=c, kind=kind)

    def community_services(self) -> None:
        for layer, count, end in (
            ("children_homes", 124, "儿童之家"),
            ("parent_schools", 132, "家长学校"),
            ("communities", 104, ""),
            ("council_seats", 34, "儿童议事会"),
            ("mother_baby_rooms", 96, "母婴室"),
            ("milk_stations", 42, "母乳喂养驿站"),
            ("special_education", 8, "康复中心"),
        ):
            for c in self.pick(
                self.plan.share(count), skip=0.3 if count > 60 else 0.0, urban=True if layer in ("mother_baby_rooms", "milk_stations") else None
            ):
                title = f"{c.name}{end}" if layer not in ("mother_baby_rooms", "special_education") else f"{self.names.stem(layer)}{end}"
                self.add(layer, title, self.ground.beside(c.x, c.y, 260), community=c, **self._own(layer, c))
        km = 1000 * self.plan.size
        for number, town in enumerate(TOWNS):
            at = self.ground.beside(town.x * km, town.y * km, 300)
            kind = next(k for k in ("街道", "镇", "乡") if town.name.endswith(k))
            own = [c for c in self.communities if c.town is town]
            if number % 3 != 2:
                self.add("towns", town.name, at, kind=kind, communities=len(own), year=YEARS[number % 3])
            self.add(
                "protection_stations",
                f"{town.name}未成年人保护工作站",
                self.ground.beside(*at, 200),
                kind="未成年人保护工作站",
                tier="乡镇（街道）级",
                year=YEARS[0] if number < 15 else YEARS[1 + number % 2],
            )
        self.add(
            "protection_stations",
            "示例市未成年人救助保护中心",
            self.ground.beside(3.2 * km, 2.8 * km, 300),
            kind="未成年人救助保护中心",
            tier="县（市、区）级",
            year=YEARS[0],
        )

    @staticmethod
    def _own(layer: str, community: Community) -> dict[str, Any]:
        if layer == "communities":
            return {"kind": "村" if community.rural else "社区"}
        return {"venue": f"{community.name}便民服务中心"} if layer == "mother_baby_rooms" else {}

    def business(self) -> None:
        malls = self.places("mall")
        for p in malls[: max(1, len(malls) // 3)]:
            self.add("business_areas", f"{p.name}{('商业综合体', '商圈', '特色街区')[len(p.name + p.town.name) % 3]}", p.at)
        for p in malls[max(1, len(malls) // 3) :]:
            self.add("enterprises", f"示例市{p.name}儿童用品企业", p.at)
        for p in self.places("square")[: self.plan.share(10)]:
            self.add("streets", f"{p.name}儿童友好街区", p.at, area_m2=round(p.shape.area * 9))
        for number, p in enumerate([*self.places("square"), *self.places("hall")][: self.plan.share(42)]):
            kind = ("阅读", "运动", "科学", "艺术", "自然", "参观", "安全教育", "家庭教育")[number % 8]
            site = self.add(
                "events",
                f"{p.name}亲子{kind}活动",
                p.at,
                kind=kind,
                place=p.name,
                time="周六 9:30–11:30",
                organiser="示例市少年儿童活动联盟（演示）",
                series="周末一起玩" if number % 3 else None,
            )
            held = next((s for s in self.result["venues"] if np.array_equal(s.at, p.at) and (s.year or 0) <= (site.year or 0)), None)
            site.values.update(self._days(number, site.year or 0), at_site=held.name if held else None, about=f"和家里大人一起，一次{kind}的体验。（演示）")

    @staticmethod
    def _days(number: int, year: int) -> dict[str, str | None]:
        """When: most for a weekend or a month of the list's year, some in the winter holidays after it, some for good, some not fixed yet."""
        if number % 14 == 13:
            return {"starts_on": None, "ends_on": None, "time": None}
        if number % 7 == 3:
            return {"starts_on": f"{year}-01-01", "ends_on": "长期"}
        start = date(year + (number % 5 == 4), 1 + number % (2 if number % 5 == 4 else 12), 5 + number % 20)
        return {"starts_on": start.isoformat(), "ends_on": (start + timedelta(days=28 if number % 6 == 5 else 1)).isoformat()}

    def roads(self) -> None:
        schools = self.result["schools"]
        for number, spot in enumerate(self.walks.crossings_near([s.at for s in schools], count=self.plan.share(92))):
            school, at = schools[spot[0]], spot[1]
            kind = ("爱心斑马线", "爱心斑马线", "斑马线", "信号灯路口", "人行天桥")[number % 5]
            self.add("accessible_crossings", f"{school.name.removeprefix('示例市')}门前{kind}（{number + 1}号）", at, school=school.name, kind=kind)
        for number, school in enumerate(schools[: self.plan.share(40)]):
            line = self.walks.path_from(school.at, self.rng.uniform(450, 1100) * max(self.plan.size, 0.5), self.rng)
            if line is not None:
                kind = ("步行巴士", "学径", "护学路段", "安全步道")[number % 4]
                self.add(
                    "safe_routes",
                    f"{school.name.removeprefix('示例市')}{kind}",
                    np.array(line.coords[0]),
                    shape=line,
                    kind=kind,
                    school=school.name,
                    length_m=round(line.length),
                )
        for number, school in enumerate(schools[:: max(1, len(schools) // self.plan.share(14))]):
            line = self.walks.path_from(school.at, self.rng.uniform(4000, 9000) * self.plan.size, self.rng)
            if line is not None:
                self.add(
                    "school_bus_lines",
                    f"学{number + 1}路",
                    np.array(line.coords[0]),
                    shape=line,
                    operator="示例市校园公交（演示）",
                    line=f"学{number + 1}路",
                    schools=school.name,
                    length_m=round(line.length),
                )
        for number, base in enumerate(self.result["study_bases"][: self.plan.share(12)]):
            line = self.walks.path_from(base.at, self.rng.uniform(2500, 7000) * self.plan.size, self.rng)
            if line is not None:
                theme = ("自然生态", "历史文化", "乡村体验", "科技工业")[number % 4]
                self.add(
                    "study_routes", f"{self.names.stem('route')}{theme}研学线", np.array(line.coords[0]), shape=line, kind=theme, length_m=round(line.length)
                )

    def demonstration(self) -> None:
        from .values import DEMONSTRATION

        pool = [p for p in self.work.places if p.use in ("park", "hall", "mall", "square")] + self.places("village")[:40]
        for number in range(self.plan.share(14, least=7)):
            kind, use = DEMONSTRATION[number % len(DEMONSTRATION)]
            options = [p for p in pool if p.use == use]
            place = options[(number // len(DEMONSTRATION)) * 3 % len(options)]
            shape = shapely.simplify(place.shape.buffer(90).union(shapely.Point(place.at).buffer(160)), 4)
            self.add(
                "demonstration_areas",
                f"{place.name or self.names.stem('area')}{kind}",
                place.at,
                shape=shape,
                kind=kind,
                area_ha=round(shape.area / 10_000, 1),
                year=YEARS[number % 3],
                started=YEARS[number % 3],
            )


def build_sites(plan: Plan, terrain: Terrain, work: Streetwork, communities: list[Community], town_of: object) -> dict[str, list[Site]]:
    """All sites of all layers as of the last year, with stable ids in order of their year."""
    rng = np.random.default_rng([plan.seed, 16])
    maker = Maker(plan, terrain, work, communities, Ground(work, town_of, rng), Walks(work), rng, Names(np.random.default_rng([plan.seed, 17])))
    for step in (
        maker.schools,
        maker.care,
        maker.health,
        maker.play,
        maker.culture,
        maker.community_services,
        maker.business,
        maker.roads,
        maker.demonstration,
    ):
        step()
    for layer, sites in maker.result.items():
        sites.sort(key=lambda s: s.year or 0)
        for number, site in enumerate(sites, start=1):
            site.id = f"{values.PREFIX[layer]}{number:04d}"
    return maker.result
