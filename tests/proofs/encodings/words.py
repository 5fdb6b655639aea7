"""
Where the words of the made files come from: sources that know nothing of each other, and one that was never looked at while the reader was written.

Each source is a function of chance and a number of characters; what an encoding cannot write is asked for again.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from typing import TYPE_CHECKING

from tests.conftest import DATA, ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Source = Callable[[Random, int], str]

CHINESE = re.compile(r"[\u3400-\u9fff]")
NAMED_RARE = "𠮷䶮㙍𬭚𫟼䂮㛃堃喆昇囧祎翀晢犇"  # in people's and places' names, outside GB 2312
TRADITIONAL = [
    "臺北市中正區",
    "兒童醫院",
    "國民小學",
    "學校路",
    "圖書館",
    "幼兒園",
    "衛生所",
    "體育館",
    "運動場",
    "社區發展協會",
    "親子館",
    "文化中心",
    "動物園",
    "遊樂場",
    "公園綠地",
    "鄉鎮市區",
    "縣立醫院",
    "婦幼館",
    "托嬰中心",
    "課後照顧",
    "護理之家",
    "歷史博物館",
    "機場捷運站",
    "廣場",
    "東門",
    "西門町",
    "萬華區",
    "龍山寺",
    "關渡",
    "淡水",
    "鶯歌鎮",
    "礁溪",
    "羅東",
    "壽豐鄉",
    "長濱",
    "綠島",
    "蘭嶼",
    "馬公",
    "開放時間",
    "聯絡電話",
    "負責單位",
    "備註",
    "說明",
    "無障礙設施",
    "專線",
    "樓層",
    "號",
    "經度",
    "緯度",
    "名稱",
    "地址",
    "電話",
    "狀態",
    "營業中",
    "暫停使用",
]


@cache
def _demo() -> tuple[str, ...]:
    """Cells of the demo city's tables."""
    import openpyxl

    cells: set[str] = set()
    for path in sorted((ROOT / "data" / "2024").glob("*.xlsx")):
        for page in openpyxl.load_workbook(path).worksheets:
            cells |= {str(v) for row in page.iter_rows(values_only=True) for v in row if isinstance(v, str) and CHINESE.search(v)}
    for path in sorted((ROOT / "data" / "2024").glob("*.csv")):
        raw = path.read_bytes()
        text = raw.decode("gb18030" if raw[:3] != b"\xef\xbb\xbf" and _fails(raw) else "utf-8-sig")
        cells |= {c for row in csv.reader(text.splitlines()) for c in row if CHINESE.search(c)}
    return tuple(sorted(re.sub(r"\s+", "", c) for c in cells))


def _fails(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return True
    return False


@cache
def _phrases() -> tuple[str, ...]:
    """The phrases of a dictionary of readings: ordinary Chinese, nobody's place names."""
    from pypinyin.phrases_dict import phrases_dict

    return tuple(sorted(w for w in phrases_dict if all(CHINESE.match(c) for c in w)))


@cache
def _places() -> tuple[str, ...]:
    """Held out: names of real towns and villages, and names on a real street map."""
    names: set[str] = set()
    for path in sorted((DATA / "boundaries" / "vonng_gcj02").glob("*.csv")):
        names |= {row[2] for row in csv.reader(path.read_text(encoding="utf-8").splitlines()) if len(row) > 2 and CHINESE.search(row[2])}
    street_map = DATA / "beijing-tsinghua" / "map.osm"
    if street_map.is_file():
        names |= {n for n in re.findall(r'k="name" v="([^"&]+)"', street_map.read_text(encoding="utf-8")) if CHINESE.search(n)}
    return tuple(sorted(re.sub(r"\s+", "", n) for n in names))


def _joined(words: Callable[[], tuple[str, ...]]) -> Source:
    def make(chance: Random, length: int) -> str:
        text = ""
        while len(text) < length:
            text += chance.choice(words())
        return text[:length]

    return make


def _characters(chance: Random, length: int) -> str:
    """Characters of GB 2312 by chance: nine of ten from level 1."""
    made = ""
    for _ in range(length):
        row = chance.randint(0xB0, 0xD7) if chance.random() < 0.9 else chance.randint(0xD8, 0xF7)
        column = chance.randint(0xA1, 0xF9 if row == 0xD7 else 0xFE)
        made += bytes([row, column]).decode("gb2312")
    return made


def _rare(chance: Random, length: int) -> str:
    """One in three is rare: names' characters, the rest of Unicode's Chinese blocks; the others are the demo's."""
    common = SOURCES["demo"](chance, length)
    blocks = ((0x4E00, 0x9FA5), (0x3400, 0x4DB5), (0x20000, 0x2A6D6))
    return "".join(
        c if chance.random() > 1 / 3 else chance.choice(NAMED_RARE) if chance.random() < 0.5 else chr(chance.randint(*chance.choice(blocks))) for c in common
    )


def _only_rare(chance: Random, length: int) -> str:
    """Nothing but rare characters: no table looks like this, and nobody can read it for sure."""
    return "".join(chance.choice(NAMED_RARE) if chance.random() < 0.5 else chr(chance.randint(0x4E00, 0x9FA5)) for _ in range(length))


SOURCES: dict[str, Source] = {
    "demo": _joined(_demo),
    "phrases": _joined(_phrases),
    "characters": _characters,
    "rare": _rare,
    "only rare": _only_rare,
    "traditional": _joined(lambda: tuple(TRADITIONAL)),
    "held out": _joined(_places),
}


def has_held_out() -> bool:
    """Whether the outside data that the held-out words come from are here."""
    return (DATA / "boundaries").is_dir()


def writable(text: str, encoding: str, chance: Random, source: Source) -> str:
    """`text` with characters that `encoding` cannot write replaced by others of the source (of the traditional words, when it has none)."""
    made = ""
    for char in text:
        tries = 0
        while not _can(char, encoding):
            tries += 1
            char = (source if tries < 20 else SOURCES["traditional"])(chance, 1)
        made += char
    return made


def _can(char: str, encoding: str) -> bool:
    try:
        char.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
