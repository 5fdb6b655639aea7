"""The commands for what readers see: serve, publish, versions, rollback."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cfmap.cli.bilingual import option, say
from cfmap.cli.boundary import Answer, tell
from cfmap.cli.command import FILE, PATH, command, edition, output, project_folder

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cfmap.pipeline import VersionLine


@command("serve")
@project_folder
@option("--edition", "year", type=int, default=None, help="先打开哪一年 ‖ year to begin with")
@option("--port", type=click.IntRange(0, 65535), default=0, help="端口；不写就自动选一个空闲的 ‖ port; a free one by default")
@option("--open", "browse", is_flag=True, help="同时打开浏览器 ‖ open the browser too")
@output
def serve(project: Path, year: int | None, port: int, browse: bool, out: Path | None) -> None:  # noqa: FBT001 - click passes flags by name
    """在本机浏览器里看已发布的公开版；别的电脑连不上 ‖ See the published edition in the browser of this computer; no other can reach it"""
    import contextlib
    import webbrowser

    from cfmap.model import load_city
    from cfmap.publish.serve import serve as listen

    city = load_city(project)
    with listen(out or city.root / "output", year or city.edition.year, port=port) as server:
        click.echo(server.address)
        tell(
            say(
                "在浏览器里打开上面的地址；只有这台电脑看得到。按 Ctrl-C 结束。",
                "Open this address in the browser; only this computer sees it. Ctrl-C ends it.",
            )
        )
        with contextlib.suppress(KeyboardInterrupt):
            if browse:
                webbrowser.open(server.address)
            server.serve_forever()
    tell(say("已结束。", "Ended."))


@command("publish")
@project_folder
@option("--zip", "archive", type=FILE, default=None, help="写成 .zip，上传网站用 ‖ as .zip, to upload")
@option("--folder", type=PATH, default=None, help="写成一个新文件夹 ‖ as a new folder")
@option("--review", type=FILE, default=None, help="写送审材料 .zip：清单、样图、地图 ‖ the package for the map review as .zip")
@edition
@option("--internal", is_flag=True, help="给内部看的那一版，包里标明 ‖ the internal edition; the package is marked")
@output
def publish(  # click passes flags by name
    project: Path,
    archive: Path | None,
    folder: Path | None,
    review: Path | None,
    year: int | None,
    internal: bool,  # noqa: FBT001
    out: Path | None,
) -> Answer:
    """把已发布的一版打成包，传到任何网站 ‖ Pack the published edition for any website"""
    from cfmap.model import find_layers, load_city
    from cfmap.publish import hosting, published, review_pack

    if archive is None and folder is None and review is None:
        raise click.UsageError(
            say("要写 --zip 文件.zip、--folder 文件夹或 --review 文件.zip", "give --zip FILE.zip, --folder PATH or --review FILE.zip"),
            ctx=click.get_current_context(),
        )
    city = load_city(project)
    edition = published.chosen(out or city.root / "output", year or city.edition.year, internal=internal)
    lines = []
    written = {}
    for target, write in ((archive, hosting.write_zip), (folder, hosting.write_folder)):
        if target is not None:
            written[str(target)] = count = write(edition, target)
            zh, en = (
                f"已写好 {target}：{count} 个文件；怎么上传见其中的 {hosting.README}",
                f"Wrote {target}: {count} files; {hosting.README} in it says how to upload",
            )
            lines.append((zh, en))
    if review is not None:
        written[str(review)] = review_pack.write_zip(edition, city, find_layers(city), review)
        mark = edition.about.get("content", {}).get("fingerprint", "—")
        zh = f"已写好送审材料 {review}：先看其中的 {review_pack.LIST}。批准的审图号管的是内容指纹 {mark}"
        lines.append((zh, f"Wrote {review} for the map review; {review_pack.LIST} in it comes first. The number will be for content fingerprint {mark}"))
    if not edition.public:
        lines.append(("这是内部资料，不得对外公开。", "This is internal; not for the public."))
    return Answer(lines=lines, facts={"written": written, "public": edition.public})


@command("versions")
@project_folder
@edition
@option("--internal", is_flag=True, help="内部版 ‖ of the internal edition")
@output
def versions(project: Path, year: int | None, internal: bool, out: Path | None) -> Answer:  # noqa: FBT001 - click passes flags by name
    """已发布的版本，箭头是读者现在看到的 ‖ Published versions; the arrow marks the one that readers see"""
    from cfmap.pipeline import version_list

    return _versions(version_list(project, year=year, public=not internal, out=out))


@command("rollback")
@click.argument("version", required=False)
@project_folder
@edition
@option("--internal", is_flag=True, help="内部版 ‖ of the internal edition")
@output
def rollback(version: str | None, project: Path, year: int | None, internal: bool, out: Path | None) -> Answer:  # noqa: FBT001 - click passes flags by name
    """让读者重新看到第 N 版，不写就是上一版；什么都不删 ‖ Let readers see version N again, the one before by default; nothing is removed"""
    from cfmap.pipeline import roll_back

    number = int(version) if version and version.isdecimal() else None
    if version and number is None:  # cfmap rollback PROJECT
        project = Path(version)
    return _versions(roll_back(project, number, year=year, public=not internal, out=out))


def _versions(found: Iterable[VersionLine]) -> Answer:
    lines = [f"{'→' if v.shown else ' '} {v.number:06d}  {v.finished:<20}  {say('活动', 'events') if v.amended else ''}".rstrip() for v in found]
    return Answer(printed=lines, facts={"versions": [asdict(v) for v in found]})
