"""What does a bureau upload? The published page in parts that any web server can keep, the same page in one file, and how to do it."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import re
import zipfile
from typing import TYPE_CHECKING, Any

from cfmap.model.errors import EnvironmentFault, InputError, SelfCheckError
from cfmap.model.messages import fault
from cfmap.publish import files
from cfmap.publish.web import assets

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cfmap.publish.published import Published

INDEX = "index.html"
ONE_FILE = "map.html"  # the page as it was published, whole: what opens by double click, or when only one file can be uploaded
README = "README.txt"
LICENCES = "LICENSES.txt"
MARK = "INTERNAL.txt"  # stands in a package that is not for the public
FOLDER = "assets"
KEEP_INLINE = 3_000  # characters; smaller scripts and blocks of data stay in the page: a request costs more
DIGITS = 12  # of the SHA-256 in a file's name
MOMENT = (1980, 1, 1, 0, 0, 0)  # of every file in the package, so that the same page gives the same bytes
AT_ONCE = "cfmap-meta"  # the first thing on the screen is made from it
_PART = re.compile(
    r'<style>(?P<style>.*?)</style>|<script type="application/json" id="(?P<id>[\w-]+)">(?P<data>.*?)</script>|<script>(?P<script>.*?)</script>', re.DOTALL
)
_POLICY = re.compile(r'(<meta http-equiv="Content-Security-Policy" content=")([^"]*)(">)')


def package(edition: Published) -> dict[str, bytes]:
    """
    Everything that is uploaded, by name: ``index.html`` with ``assets/``, the one-file page, licences and how to do it.

    Raises
    ------
    SelfCheckError
        The page is not the one that was published (E604), or its parts do not hold together (E601).
    """
    page = edition.page()
    parts = in_parts(page.decode("utf-8"))
    made = {**parts, ONE_FILE: page, LICENCES: assets.load().licences.encode(), README: _readme(edition, _hosts(page.decode("utf-8")))}
    if not edition.public:
        made[MARK] = _text("内部资料，不得对外公开。\nINTERNAL. Not for the public.\n")
    return dict(sorted(made.items()))


def in_parts(page: str) -> dict[str, bytes]:
    """
    A self-contained page as ``index.html`` and files named by their content, with the same scripts, style and data in the same order.

    Data come as classic scripts that put the block where the page looks for it: nothing is fetched, so that it works from a sub-path,
    and where the browser allows a page on the disk to load its neighbours, from there too. The policy allows scripts and styles of
    the own site (``'self'``) and, by hash, the few lines that stay in the page.
    """
    known = {hashlib.sha256(text.encode()).hexdigest(): name for name, text in _our_scripts()}
    made: dict[str, bytes] = {}
    inline: list[str] = []

    def put(name: str, suffix: str, text: str) -> str:
        data = text.encode()
        path = f"{FOLDER}/{name}.{hashlib.sha256(data).hexdigest()[:DIGITS]}.{suffix}"
        made[path] = data
        return path

    def moved(found: re.Match[str]) -> str:
        if (style := found["style"]) is not None:
            return f'<link rel="stylesheet" href="{put("style", "css", style)}">'
        if (block := found["data"]) is not None:
            return (
                found[0]
                if len(block) < KEEP_INLINE or found["id"] == AT_ONCE
                else f'<script src="{put(found["id"], "js", _carrier(found["id"], block))}"></script>'
            )
        script = found["script"]
        if len(script) < KEEP_INLINE:
            inline.append(script)
            return found[0]
        return f'<script src="{put(known.get(hashlib.sha256(script.encode()).hexdigest(), "script"), "js", script)}"></script>'

    text = _PART.sub(moved, page)
    text, policies = _POLICY.subn(lambda found: found[1] + _policy(found[2], inline) + found[3], text, count=1)
    if not policies or AT_ONCE not in page:
        raise SelfCheckError(fault("E601", name=INDEX, detail=f"Content-Security-Policy, {AT_ONCE}"))
    return {INDEX: text.encode(), **made}


def write_zip(edition: Published, out: Path) -> int:
    """
    Write the package as ZIP, whole or not at all; the same page gives the same bytes. Returns how many files are in it.

    Raises
    ------
    InputError
        `out` does not end in ``.zip``, or its folder is not there.
    SelfCheckError, EnvironmentFault
        As :func:`package`; disk or rights.
    """
    if out.suffix.lower() != ".zip":
        raise InputError(fault("E497", file=str(out), known=".zip"))
    if not out.parent.is_dir():
        raise InputError(fault("E494", file=str(out.parent), detail=str(out.parent)))
    content = package(edition)
    data = zipped(content)
    part = out.with_name(f".{os.getpid()}.part.{out.name}")
    with files.explained(out.parent, needed=lambda: len(data)):
        try:
            files.write_bytes(part, data)
            files.replace(part, out)
        finally:
            part.unlink(missing_ok=True)
    return len(content)


def write_folder(edition: Published, out: Path) -> int:
    """
    Write the package into a new or empty folder. Returns how many files it has.

    Raises
    ------
    EnvironmentFault
        The folder holds something already (E409); disk or rights.
    SelfCheckError
        As :func:`package`.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise EnvironmentFault(fault("E409", folder=str(out)))
    content = package(edition)
    with files.explained(out, needed=lambda: sum(map(len, content.values()))):
        part = out.with_name(f".{os.getpid()}.part.{out.name}")
        files.remove(part)
        try:
            for name, data in content.items():
                (part / name).parent.mkdir(parents=True, exist_ok=True)
                files.write_bytes(part / name, data)
            if out.exists():
                out.rmdir()
            part.rename(out)
        finally:
            files.remove(part)
    return len(content)


def zipped(content: Mapping[str, bytes]) -> bytes:
    """Files as ZIP: sorted, with one time and one mode for all."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in sorted(content):
            entry = zipfile.ZipInfo(name, MOMENT)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # the same on Windows
            entry.external_attr = 0o100644 << 16
            archive.writestr(entry, content[name], compresslevel=9)
    return buffer.getvalue()


def _carrier(name: str, block: str) -> str:
    """A script that puts a block of data where ``data.js`` looks for it; plain ASCII, whatever encoding a server claims."""
    return (
        'document.currentScript.after(Object.assign(document.createElement("script"),'
        f'{{type:"application/json",id:"{name}",textContent:{json.dumps(block)}}}));\n'
    )


def _policy(policy: str, inline: list[str]) -> str:
    """The page's policy with scripts and styles of the own site instead of those that moved out."""
    hashes = [f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode('ascii')}'" for s in dict.fromkeys(inline)]
    sources = {"script-src": ["'self'", *hashes], "style-src": ["'self'"]}
    parts = [d.split() for d in policy.split(";") if d.strip()]
    return "; ".join(" ".join([name, *sources.get(name, old)]) for name, *old in parts)


def _our_scripts() -> tuple[tuple[str, str], ...]:
    """Scripts of this installation, to name the page's parts by; one that another version made is called ``script``."""
    try:
        made = assets.load()
    except EnvironmentFault:
        return ()
    return (("leaflet", made.leaflet), ("leaflet", made.leaflet_part), ("shell", made.shell), ("app", made.app), ("tiles", made.tiles))


def _text(text: str) -> bytes:
    """As Notepad reads it: UTF-8 with its mark, lines ended the Windows way."""
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def _hosts(page: str) -> list[str]:
    """Sites that the page may fetch map pictures from, as its policy says."""
    policy = _POLICY.search(page)
    return re.findall(r"https://([\w.-]+)", policy[2]) if policy else []


def _readme(edition: Published, hosts: list[str]) -> bytes:
    about: dict[str, Any] = edition.about
    city, city_en = str(about.get("city", "")), str(about.get("city_en") or about.get("city", ""))
    year, version = about.get("edition", ""), about.get("version", "")
    demo = ("演示数据，不代表任何真实地方。\n", "Demo data; not of any real place.\n") if about.get("demo") else ("", "")
    inside = ("【内部资料，不得对外公开】\n", "[INTERNAL: not for the public]\n") if not edition.public else ("", "")
    source = str(about.get("attribution") or "")
    asks = ("地图不向别的网站请求任何东西。", "The map asks no other site for anything.")
    if hosts:
        names = f"{hosts[0]} … {hosts[-1]}"
        zh = f"底图的图片由读者的浏览器向 {names} 取，取不到时用自带的简洁底图。网页里有这个服务的密钥，请在那边绑定本网站的域名。"
        en = f"The reader's browser fetches background pictures from {names}; without them the page shows its own. Bind the key in it to this site."
        asks = (zh, en)
    return _text(
        f"""{inside[0]}{city} 儿童友好城市地图 {year} 年版（第 {version} 版）
{demo[0]}
怎么放到网站上
1. 把本包解压，整个文件夹原样上传到网站的任意目录，例如 /map/{year}/；不要改文件名，assets 文件夹要和 index.html 在一起。
2. 打开 https://您的网站/map/{year}/ 就是地图。不需要数据库，也不需要任何服务器程序。
3. 网站后台只许上传一个文件的，只传 {ONE_FILE}：同一幅地图，全部内容都在这一个文件里。
4. 更新时上传新的一包，覆盖 index.html 即可；assets 里旧的文件可以留着，名字不会相同。
5. 在自己电脑上看、拷进 U 盘或发给别人：双击 {ONE_FILE}，不联网也能用。

放上去以后请看一眼
- {asks[0]}“离我最近”要用 https 打开才能定位。
- 嵌进别的页面：<iframe src="/map/{year}/" title="儿童友好地图" allow="geolocation" style="width:100%;height:640px;border:0"></iframe>
- 公开使用地图前，请确认审图号等手续齐全；页面左下角会写出来。

底图：{source}
脚本的许可证见 {LICENCES}。

------------------------------------------------------------------------

{inside[1]}{city_en}: child-friendly city map, edition {year} (version {version})
{demo[1]}
How to put it on a website
1. Unpack, and upload the whole folder as it is to any directory of the site, such as /map/{year}/. Keep the names; assets stays beside index.html.
2. https://your-site/map/{year}/ is the map. No database and no program on the server is needed.
3. Where only one file can be uploaded, take {ONE_FILE}: the same map, all of it in that file.
4. To update, upload the new package over it; old files in assets may stay, no two share a name.
5. On your own computer, on a USB stick or by mail: double-click {ONE_FILE}; it works offline.

Then have a look
- {asks[1]} "Near me" can only find you over https.
- In another page: <iframe src="/map/{year}/" title="child-friendly map" allow="geolocation" style="width:100%;height:640px;border:0"></iframe>
- Before a public use make sure that the map's approval number is in order; the page shows it at the lower left.

Background map: {source}
Licences of the scripts: {LICENCES}.
"""
    )
