"""Is everything here that cfmap needs, and can it read and write?"""

from __future__ import annotations

import shutil
import sys
import tempfile
from importlib import metadata
from pathlib import Path

from cfmap.cli.bilingual import say, speaking

PARTS = (
    "geopandas",
    "shapely",
    "pyproj",
    "pyogrio",
    "rapidfuzz",
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
#: Parts that only some need: what for, and how to get them.
EXTRAS = (
    ("rasterio", "raster", ("人口栅格 GeoTIFF", "people per cell from GeoTIFF")),
    ("geopy", "geocode", ("cfmap geocode 按地址查坐标", "cfmap geocode")),
    ("ortools", "planning", ("cfmap walking-bus 排步行巴士", "cfmap walking-bus")),
)
FONTS = ("NotoSansCJK", "NotoSansSC", "SourceHanSans", "wqy-", "msyh", "simhei", "simsun", "PingFang", "DroidSansFallback")
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
    rows += [*_extras(), _page(), _reader(), _font(), _cache()]
    free = shutil.disk_usage(Path.cwd()).free / 1024**3
    rows.append((say("磁盘", "disk"), free >= ENOUGH_GB, f"{free:.1f} GB"))
    try:
        with tempfile.TemporaryFile(dir=Path.cwd()):
            rows.append((say("能写入", "writable"), True, str(Path.cwd())))
    except OSError as error:
        rows.append((say("能写入", "writable"), False, f"{Path.cwd()}: {error.strerror}"))
    return rows


def _extras() -> list[tuple[str, bool, str]]:
    """Parts that may be missing; in order in any case, with what they are for."""
    rows = []
    for name, extra, (zh, en) in EXTRAS:
        try:
            rows.append((name, True, metadata.version(name)))
        except metadata.PackageNotFoundError:
            rows.append(
                (
                    name,
                    True,
                    say(f'没有装，可以没有；{zh}要它：pip install "cfmap[{extra}]"', f'not installed, optional; for {en}: pip install "cfmap[{extra}]"'),
                )
            )
    return rows


def _reader() -> tuple[str, bool, str]:
    """Whether the process that opens outside files starts and answers."""
    from cfmap.intake.reader import Reader
    from cfmap.model.errors import CfmapError

    title, reader = say("读取程序", "reader"), Reader()
    try:
        with tempfile.TemporaryDirectory() as folder:
            table = Path(folder) / "a.csv"
            table.write_text("名称\n第一小学\n", encoding="utf-8")
            reader.ask("grid", table.name, table, sheet=None, file=table.name)
    except (CfmapError, OSError) as error:
        words = error.faults[0].why(speaking()) or error.faults[0].what(speaking()) if isinstance(error, CfmapError) else error.strerror or str(error)
        return title, False, words
    finally:
        reader.close()
    return title, True, say("能启动，有内存和时间的上限", "starts, bounded in memory and time")


def _font() -> tuple[str, bool, str]:
    """Whether this computer can draw Chinese in a picture or a print; the page itself uses the reader's fonts."""
    title = say("中文字体", "Chinese font")
    places = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts", Path("C:/Windows/Fonts"), Path("/System/Library/Fonts"))
    found = next((p for place in places if place.is_dir() for p in place.rglob("*.tt[cf]") if any(n.lower() in p.name.lower() for n in FONTS)), None)
    missing = say("没有找到；网页不受影响，在这台电脑上看会缺字", "none found; the page is not affected, but this computer cannot show it")
    return title, True, found.name if found is not None else missing


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
