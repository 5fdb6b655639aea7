"""Is everything here that cfmap needs, and can it read and write?"""

from __future__ import annotations

import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from cfmap.cli.bilingual import say

PARTS = (
    "geopandas",
    "shapely",
    "pyproj",
    "pyogrio",
    "fiona",
    "osmium",
    "osmnx",
    "folium",
    "numba",
    "scipy",
    "pandas",
    "pydantic",
    "openpyxl",
    "XlsxWriter",
    "python-calamine",
    "pypinyin",
)
SUPPORTED = ((3, 11), (3, 14))
ENOUGH_GB = 2.0


def diagnose() -> list[tuple[str, bool, str]]:
    """Rows of (part, in order, note)."""
    version = sys.version_info[:2]
    rows = [("Python", SUPPORTED[0] <= version <= SUPPORTED[1], sys.version.split()[0])]
    for name in PARTS:
        try:
            rows.append((name, True, metadata.version(name)))
        except metadata.PackageNotFoundError:
            optional = name == "fiona" and version >= (3, 14)
            note = (
                say("可以没有：Python 3.14 上没有它，少一道核对", "optional: not made for Python 3.14; one cross-check less")
                if optional
                else f"pip install {name}"
            )
            rows.append((name, optional, note))
    rows.append(_page())
    rows.append(_cache())
    free = shutil.disk_usage(Path.cwd()).free / 1024**3
    rows.append((say("磁盘", "disk"), free >= ENOUGH_GB, f"{free:.1f} GB"))
    try:
        with tempfile.TemporaryFile(dir=Path.cwd()):
            rows.append((say("能写入", "writable"), True, str(Path.cwd())))
    except OSError as error:
        rows.append((say("能写入", "writable"), False, f"{Path.cwd()}: {error.strerror}"))
    return rows


def _page() -> tuple[str, bool, str]:
    manifest = Path(__file__).parents[1] / "publish" / "web" / "assets" / "assets.json"
    return say("网页部件", "page parts"), manifest.is_file(), say("已装好", "built") if manifest.is_file() else "pip install --no-deps -e ."


def _cache() -> tuple[str, bool, str]:
    """Where networks that were read are kept, and how much; in order in any state, for everything works without it."""
    from cfmap.network.cache import contents, usual_folder

    title = say("路网缓存", "cache")
    folder = usual_folder(Path.cwd() / "-")
    if folder is None:
        return title, True, say("关闭（CFMAP_CACHE 为空）", "off (CFMAP_CACHE is empty)")
    kept = contents(folder)
    size = sum(size for _, size in kept) / 1024**2
    zh = f"{folder}：{len(kept)} 个路网，{size:.0f} MB；随时可以删掉这个文件夹"
    return title, True, say(zh, f"{folder}: {len(kept)} networks, {size:.0f} MB; this folder can be deleted at any time")
