"""What is said about safe routes on the command line: how many, how far round, how bad, and how the bureau's own compare."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.coverage.perimeter.kinds import KINDS, SCHOOLS
from cfmap.planning.dangers import LEVEL_WORDS

if TYPE_CHECKING:
    from cfmap.planning.compare import Comparison
    from cfmap.planning.routes import SafeRoutes


def spoken(found: SafeRoutes, beside: Comparison | None = None, *, layer: str = SCHOOLS) -> list[tuple[str, str]]:
    """Lines in Chinese and English; `layer` says where the routes lead, a key of :data:`cfmap.coverage.perimeter.KINDS`."""
    zh, en = KINDS[layer]
    routes, proposed = found.routes, found.proposed
    children = f"{routes['children'].sum():.0f}"
    lines = [
        (
            f"学径：{routes['school'].nunique()} 所{zh}，{len(routes)} 条，{children} 个孩子",
            f"safe routes: {len(routes)} to {routes['school'].nunique()} {en.lower()}, {children} children",
        )
    ]
    if len(routes):
        middle, most = f"{routes['detour'].median():.2f}", f"{routes['detour'].max():.2f}"
        lines.append((f"是最短路的几倍：中位 {middle}，最多 {most}", f"times the shortest way: median {middle}, at most {most}"))
        counts = [(int(routes["level"].eq(k).sum()), *words) for k, words in enumerate(LEVEL_WORDS, start=1)]
        lines.append(("最差的一段：" + "，".join(f"{zh} {n} 条" for n, zh, _ in counts), "worst place: " + ", ".join(f"{en} {n}" for n, _, en in counts)))
        share = f"{(routes['unknown_share'] * routes['length_m']).sum() / max(routes['length_m'].sum(), 1e-9):.0%}"
        lines.append((f"不知道人行道或限速的长度：{share}", f"walking space or speed not known: {share} of the length"))
        if not routes["exact"].all():
            cut = int((~routes["exact"]).sum())
            lines.append((f"{cut} 条没有算到底，可能还有更安全的走法", f"{cut} were not searched to the end: there may be safer ways"))
    km = f"{proposed['length_m'].sum() / 1000:.1f}"
    lines.append((f"学径建议：{len(proposed)} 条，{km} 公里", f"proposed: {len(proposed)}, {km} km"))
    if len(found.without):
        lines.append((f"没有学径的社区：{len(found.without)} 个", f"residential places without a route: {len(found.without)}"))
    if beside is not None and len(beside.lines):
        shared = (beside.lines["together_share"] * beside.lines["length_m"]).sum() / max(beside.lines["length_m"].sum(), 1e-9)
        lines.append(
            (
                f"部门路线 {len(beside.lines)} 条，{shared:.0%} 的长度与学径建议重合",
                f"the bureau's {len(beside.lines)} routes: {shared:.0%} of their length lies on proposed ones",
            )
        )
    return lines
