"""Which stretches of road must a child pass or cross close to school, and what is known about their safety."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from cfmap.coverage.accesses import accesses
from cfmap.coverage.local import around, moved
from cfmap.coverage.safety import ITEMS, Side, State, all_of, judge, judge_crossing, lanes_one_way
from cfmap.coverage.sources import listed, place_sites
from cfmap.geometry.crs import geometries_to_plane, geometry_to_lonlat
from cfmap.model import fault
from cfmap.network.course import cut, joined, with_length
from cfmap.network.plane import network_crs

if TYPE_CHECKING:
    from collections.abc import Iterator

    import geopandas as gpd
    import pandas as pd
    from numpy.typing import NDArray

    from cfmap.model import Coverage, Fault
    from cfmap.network import Network, Snapped

PERIMETER_M = 150.0  # GA/T 1215-2014, 3.2: not less than 150 m
CROSSING_M = 50.0  # GA/T 1215-2014: a crossing within 50 m of the gate
CROSSING_SNAP_M = 15.0  # a mapped crossing lies on its road
BESIDE_M = 30.0  # a carriageway replaced by its sidewalk runs within this of it
DUAL_M = 40.0  # two carriageways of one road lie within this of each other
ITEM_COLUMNS = tuple(f"item_{key}" for key in "ABCDEFGH")
COLUMNS = (
    *("school", "segment", "edge_id", "way_id", "side", "from_m", "to_m", "gate", *ITEM_COLUMNS),
    *("state", "state_strict", "reasons", "evidence", "conflict", "ring", "geometry"),
)


def perimeter(
    network: Network,
    schools: gpd.GeoDataFrame,
    *,
    metres: float = PERIMETER_M,
    gates: gpd.GeoDataFrame | None = None,
    footprints: gpd.GeoSeries | None = None,
) -> gpd.GeoDataFrame:
    """
    Stretches of road round schools, three-valued.

    Parameters
    ----------
    network
        Walking network with tags and crossings.
    schools
        EPSG:4326 with ``id``, points or outlines; rows with a ``status`` other than in use or unknown are not looked at.
    metres
        Walking distance from each access, its straight way to the street included; streets are cut there.
    gates, footprints
        As :func:`cfmap.coverage.accesses.accesses`.

    Returns
    -------
    segments
        GeoDataFrame EPSG:4326 ordered by school and edge, one row per stretch open to motor traffic:
        ``school``; ``segment`` (key ``<way>/<first node>-<last node>`` of the whole edge, the same in every run on one street
        file); ``edge_id, way_id, side`` (where the school lies, looking along the way: left or right), ``from_m, to_m`` (along
        the edge), ``gate`` (keys ``<school>/<n>`` of the accesses it lies before, joined by ``;``, else ""),
        ``item_A`` … ``item_H`` of the rule table (None where an item does not apply, as C on stretches that lie before no
        access), ``state``, ``state_strict``, ``reasons`` (codes of :data:`cfmap.coverage.safety.REASONS` joined by ``;``),
        ``evidence, conflict`` (text), ``ring`` (beyond `metres`), ``geometry``. A carriageway that people on foot leave for the sidewalk
        beside it has ``edge_id`` <NA> and counts where it runs within 30 m of the streets reached. Schools without
        such a stretch are in no row: :func:`school_summary` lists them.

    Raises
    ------
    InputError
        As :func:`cfmap.coverage.sources.place_sites`.

    References
    ----------
    GA/T 1215-2014; METHODS 2.2-2.3 (items A, B, C of the rule table).
    """
    import geopandas as gpd
    import pandas as pd

    schools = _in_use(schools)
    doors = accesses(network, schools, footprints=footprints, gates=gates)
    sources = place_sites(network, schools, accesses=doors)
    assumed = set(doors.loc[doors["kind"].eq("assumed"), "site"])
    surroundings = _Surroundings(network)
    rows: list[dict[str, Any]] = []
    for number, school in enumerate(sources.ids):
        mine = np.flatnonzero(sources.site == number)
        found = list(surroundings.segments(sources.snapped.take(mine), limit_mm=round(metres * 1000), place=sources.table.geometry.iloc[number]))
        for row in found:
            row["school"] = school
            row["gate"] = ";".join(f"{school}/{door + 1}" for door in dict.fromkeys(row["gate"]))
            row["reasons"] += ["gate-assumed"] if school in assumed else []
        rows += found
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    table["edge_id"] = table["edge_id"].astype("Int64")
    table["reasons"] = pd.Series([";".join(row["reasons"]) for row in rows], dtype=object)
    for column in ("segment", "gate", *ITEM_COLUMNS, "side", "state", "state_strict", "evidence", "conflict"):
        table[column] = pd.Series([row.get(column) for row in rows], dtype=object)
    table["ring"] = table["ring"].astype(bool)
    return gpd.GeoDataFrame(table, geometry="geometry", crs=4326)


def perimeter_of(coverage: Coverage) -> gpd.GeoDataFrame:
    """Segments that a coverage by the rule ``perimeter150`` was made of, as :func:`perimeter` gives them."""
    return coverage.streets.rename(columns={"site": "school"})[list(COLUMNS)]


def school_summary(segments: gpd.GeoDataFrame, schools: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    One row per school: is its perimeter safe.

    Parameters
    ----------
    segments
        Result of :func:`perimeter`.
    schools
        The schools it was asked for; those without a segment appear with ``state`` "none" ("no perimeter": no road
        for motor traffic nearby; neither safe nor unsafe).

    Returns
    -------
    summary
        Index = school id, ascending: ``metres, safe_m, unsafe_m, unknown_m, state`` - safe when every stretch is
        safe, unsafe when any is, else unknown, none without stretches.
    """
    import pandas as pd

    ids = (_in_use(schools)["id"] if "id" in schools else _in_use(schools).index.to_series()).to_list()
    index = pd.Index(sorted(ids), name="school")
    lengths = pd.DataFrame({"school": segments["school"], "state": segments["state"], "metres": segments["to_m"] - segments["from_m"]})
    wide = lengths.pivot_table(index="school", columns="state", values="metres", aggfunc="sum") if len(lengths) else pd.DataFrame()
    table = pd.DataFrame({f"{s}_m": (wide[s] if s in wide else pd.Series(dtype=float)) for s in ("safe", "unsafe", "unknown")}).reindex(index).fillna(0.0)
    table.insert(0, "metres", table.sum(axis=1))
    states = segments.groupby("school")["state"].agg(all_of) if len(segments) else pd.Series(dtype=object)
    table["state"] = states.reindex(index).fillna("none")
    return table


def perimeter_faults(segments: gpd.GeoDataFrame, schools: gpd.GeoDataFrame, *, metres: float = PERIMETER_M) -> list[Fault]:
    """W389 for the schools without a road for motor traffic."""
    bare = school_summary(segments, schools).query("state == 'none'").index
    if not len(bare):
        return []
    names = dict(zip(schools["id"], schools["name"], strict=True)) if {"id", "name"} <= set(schools) else {}
    return [fault("W389", count=len(bare), metres=f"{metres:g}", names=listed(names.get(s, s) for s in bare))]


def _in_use(schools: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return schools[schools["status"].isin(["在用", "未知"])] if "status" in schools else schools


class _Surroundings:
    """What is looked up for every school: edges and crossings of the network, brought to streets once."""

    def __init__(self, network: Network) -> None:
        from cfmap.network import EdgeFlag

        self.network = network
        self.crs = network_crs(network)
        self.motor = network.has(EdgeFlag.MOTOR)
        self.over_or_under = (network.has(EdgeFlag.BRIDGE) | network.has(EdgeFlag.TUNNEL)) & ~self.motor
        self.kinds = network.crossings["kind"].to_numpy(dtype=object)
        self.crossings: Snapped | None = None
        if len(self.kinds):
            middle = np.array(network.crossings.geometry.values, dtype=object)
            as_way = shapely.get_type_id(middle) == shapely.GeometryType.LINESTRING
            middle[as_way] = shapely.line_interpolate_point(middle[as_way], 0.5, normalized=True)
            self.crossings = network.snap(network.crossings.set_geometry(middle), limit_m=CROSSING_SNAP_M, main_component_first=False)
        beside = network.left_out[network.left_out["motor"].astype(bool) & network.left_out["reason"].isin(["sidewalk", "sidepath"])]
        self.beside = beside.reset_index(drop=True)
        self.beside_lines = geometries_to_plane(np.array(self.beside.geometry.values, dtype=object), self.crs)
        self.beside_tree = shapely.STRtree(self.beside_lines)
        self.tag_row = {way: row for row, way in enumerate(network.way_tags.index.tolist())}
        self.tag_columns = {str(key): column.to_numpy(dtype=object) for key, column in network.way_tags.items()}
        self._tags: dict[int, dict[str, str]] = {}

    def segments(self, doors: Snapped, *, limit_mm: int, place: Any) -> Iterator[dict[str, Any]]:
        """Rows of one school without its name."""
        reach_m = max(limit_mm / 1000, CROSSING_M)
        streets, own = around(self.network, doors, reach_m=reach_m)
        doors, which_door = moved(doors, own)
        parts = with_length(streets.travel(doors, limit_mm=limit_mm).edge_parts(limit_mm))
        whole = own[parts.edge]
        keep = self.motor[whole]
        edge, from_mm, to_mm = joined(whole[keep], parts.from_mm[keep], parts.to_mm[keep])
        lines = cut(streets, np.searchsorted(own, edge), from_mm, to_mm)
        rows = [
            {
                "edge_id": int(e),
                "segment": self.key_of(int(e)),
                "way_id": int(self.network.edge_way[e]),
                "from_m": a / 1000.0,
                "to_m": b / 1000.0,
                "geometry": line,
                "beside": False,
            }
            for e, a, b, line in zip(edge, from_mm, to_mm, lines, strict=True)
        ]
        reached = cut(streets, *joined(parts.edge, parts.from_mm, parts.to_mm)) if len(self.beside) else np.zeros(0, dtype=object)
        rows += list(self._carriageways(reached))
        fronts = self._fronts(streets, own, doors, which_door, (edge, from_mm, to_mm), limit_mm)
        dual = self._dual(rows)
        for number, row in enumerate(rows):
            tags = self._tags_of(row["way_id"]) | ({"cfmap:beside": "yes"} if row.pop("beside") else {})
            side = _side(row["geometry"], place)
            (a, why_a), (b, why_b) = (judge(ITEMS[item], tags, side=side) for item in ("A", "B"))
            states: list[State] = [a, b]
            reasons = [why_a, why_b]
            c: State | None = None
            if number in fronts:
                verdicts = [judge_crossing(kinds, lanes=lanes_one_way(tags), grade_separated=over, tags=tags) for _, kinds, over in fronts[number]]
                c = all_of(s for s, _ in verdicts)
                reasons += sorted({why for _, why in verdicts})
                states.append(c)
            reasons += ["dual"] if number in dual else []
            state = all_of(states)
            strict: State = "unsafe" if state == "unsafe" else "unknown"  # lighting and signs are not read yet
            found = {"gate": [door for door, *_ in fronts.get(number, [])], "side": side, "item_A": a, "item_B": b, "item_C": c}
            yield row | found | {"state": state, "state_strict": strict, "reasons": reasons, "evidence": "", "conflict": "", "ring": False}

    def key_of(self, edge: int) -> str:
        """Key of an edge's segment."""
        net = self.network
        return f"{net.edge_way[edge]}/{net.node_id[net.edge_u[edge]]}-{net.node_id[net.edge_v[edge]]}"

    def _fronts(
        self,
        streets: Network,
        own: NDArray[np.int64],
        doors: Snapped,
        which_door: NDArray[np.int64],
        stretches: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
        limit_mm: int,
    ) -> dict[int, list[tuple[int, list[str], bool]]]:
        """
        Rows that lie before an access (the motor roads met first), and for each such access its number, the kinds of crossing within
        50 m along streets, and whether a foot bridge or tunnel is.
        """
        edge, from_mm, to_mm = stretches
        near_mm = round(CROSSING_M * 1000)
        crossings, which = moved(self.crossings, own) if self.crossings is not None else (None, None)
        found: dict[int, list[tuple[int, list[str], bool]]] = {}
        for door in range(len(doors)):
            field = streets.travel(doors.take(np.array([door])), limit_mm=max(limit_mm, near_mm))
            parts = with_length(field.edge_parts(limit_mm))
            motor = self.motor[own[parts.edge]]
            if not motor.any():
                continue
            begins_mm = np.minimum(parts.arrival_from_mm, parts.arrival_to_mm)
            first = motor & (begins_mm == begins_mm[motor].min())
            within = own[with_length(field.edge_parts(near_mm)).edge]
            over = bool(self.over_or_under[within].any())
            kinds: list[str] = []
            if crossings is not None and len(crossings):
                total, _ = field.at(crossings)
                kinds = sorted(self.kinds[which][(total >= 0) & (total <= near_mm)])
            for e, a, b in zip(own[parts.edge[first]], parts.from_mm[first], parts.to_mm[first], strict=True):
                for row in np.flatnonzero((edge == e) & (from_mm <= b) & (to_mm >= a)):
                    found.setdefault(int(row), []).append((int(which_door[door]), kinds, over))
        return found

    def _carriageways(self, reached: NDArray[np.object_]) -> Iterator[dict[str, Any]]:
        """Carriageways whose people walk on a sidewalk of their own, where they run beside the streets reached."""
        if not len(self.beside) or not len(reached):
            return
        ground = shapely.union_all(shapely.buffer(geometries_to_plane(reached, self.crs), BESIDE_M, cap_style="flat"))
        for number in np.sort(self.beside_tree.query(ground, predicate="intersects")):
            line = self.beside_lines[number]
            for piece in shapely.get_parts(shapely.intersection(line, ground)):
                if piece.geom_type == "LineString" and piece.length > 1.0:
                    ends = sorted(line.project(shapely.Point(c)) for c in (piece.coords[0], piece.coords[-1]))
                    row = self.beside.iloc[number]
                    yield {
                        "edge_id": None,
                        "segment": f"{row['way_id']}/{row['u']}-{row['v']}",
                        "way_id": int(row["way_id"]),
                        "from_m": ends[0],
                        "to_m": ends[1],
                        "geometry": geometry_to_lonlat(piece, self.crs),
                        "beside": row["reason"] == "sidewalk",
                    }

    def _dual(self, rows: list[dict[str, Any]]) -> set[int]:
        """Rows that are one of two opposite one-way carriageways of the same name."""
        lanes = [
            (number, self._tags_of(row["way_id"])["name"], geometries_to_plane(np.array([row["geometry"]], dtype=object), self.crs)[0])
            for number, row in enumerate(rows)
            if self._tags_of(row["way_id"]).get("oneway") == "yes" and self._tags_of(row["way_id"]).get("name")
        ]
        found: set[int] = set()
        for i, name, line in lanes:
            for j, other_name, other in lanes:
                if i < j and name == other_name and _opposite(line, other) and line.distance(other) <= DUAL_M:
                    found |= {i, j}
        return found

    def _tags_of(self, way: int) -> dict[str, str]:
        if way not in self._tags:
            row = self.tag_row.get(way)
            self._tags[way] = {} if row is None else {key: text for key, values in self.tag_columns.items() if isinstance(text := values[row], str)}
        return self._tags[way]


def _opposite(line: shapely.LineString, other: shapely.LineString) -> bool:
    (ax, ay), (bx, by) = (np.subtract(g.coords[-1], g.coords[0]) for g in (line, other))
    lengths = float(np.hypot(ax, ay) * np.hypot(bx, by))
    return lengths > 0 and (ax * bx + ay * by) / lengths < -0.8


def _side(line: shapely.LineString, place: Any) -> Side:
    """On which side of the line, in its direction, the place lies; "" when it lies on the line."""
    point = place.representative_point()
    scale = np.array([np.cos(np.radians(point.y)), 1.0])
    flat = shapely.LineString(np.asarray(line.coords) * scale)
    target = shapely.Point(np.array([point.x, point.y]) * scale)
    along = flat.project(target)
    step = max(flat.length * 1e-3, 1e-9)
    a, b = flat.interpolate(max(0.0, along - step)), flat.interpolate(min(flat.length, along + step))
    turn = (b.x - a.x) * (target.y - a.y) - (b.y - a.y) * (target.x - a.x)
    reach = np.hypot(b.x - a.x, b.y - a.y)
    if reach == 0 or abs(turn) / reach < 1e-7:
        return ""
    return "left" if turn > 0 else "right"


__all__ = ["CROSSING_M", "PERIMETER_M", "perimeter", "perimeter_faults", "perimeter_of", "school_summary"]
