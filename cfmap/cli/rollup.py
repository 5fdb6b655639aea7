"""The command that rolls districts up to a city."""

from __future__ import annotations

from pathlib import Path

import click

from cfmap.cli.bilingual import option
from cfmap.cli.boundary import Answer
from cfmap.cli.command import PATH, command


@command("rollup")
@click.argument("city")
@click.argument("editions", nargs=-1, required=True, type=PATH)
@option("--out", type=PATH, default=None, help="输出文件夹，默认 rollup-<城市> ‖ output folder, rollup-<city> by default")
def rollup(city: str, editions: tuple[Path, ...], out: Path | None) -> Answer:
    """把各区县已发布的版本合成全市：EDITIONS 是各区县的版本文件夹，例如 甲区/output/2024-internal ‖ Roll districts' published editions up to a city"""
    from cfmap.publish.rolled import write

    paths, found = write(editions, out or Path(f"rollup-{city}"), city=city)
    known = sum(f["value"] is not None for f in found)
    zh = f"{city}：{len(editions)} 个区县合成 {len(found)} 个指标，{known} 个有数，其余写明为什么没有。"
    en = f"{city}: {len(found)} numbers put together from {len(editions)} districts; {known} are known, the others say why not."
    return Answer(lines=[(zh, en), *((str(p), str(p)) for p in paths)], facts={"city": city, "known": known, "indicators": found})
