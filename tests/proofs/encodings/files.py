"""The made files: CSV and .dbf, with what must be read from them."""

from __future__ import annotations

import codecs
import re
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.proofs.encodings.words import SOURCES, has_held_out, writable

if TYPE_CHECKING:
    from random import Random

MIXED = "UTF-8 and GBK by lines"  # must be refused: no reading is right
#: Encoding of a CSV, how many of 100 files have it.
CSV_ENCODINGS = {
    "GBK": 30, "GB18030": 10, "UTF-8": 20, "UTF-8 with mark": 10, "UTF-16 LE with mark": 6, "UTF-16 BE with mark": 6,
    "UTF-16 LE": 5, "UTF-16 BE": 5, "Big5": 8, MIXED: 3,
}  # fmt: skip
DBF_ENCODINGS = {"GBK": 45, "GB18030": 10, "UTF-8": 35, "Big5": 10}
CODECS = {
    "GBK": "gbk", "GB18030": "gb18030", "UTF-8": "utf-8", "UTF-8 with mark": "utf-8-sig", "UTF-16 LE with mark": "utf-16-le",
    "UTF-16 BE with mark": "utf-16-be", "UTF-16 LE": "utf-16-le", "UTF-16 BE": "utf-16-be", "Big5": "big5", MIXED: "gbk",
}  # fmt: skip
MARKS = {"UTF-16 LE with mark": codecs.BOM_UTF16_LE, "UTF-16 BE with mark": codecs.BOM_UTF16_BE}
#: Chinese characters in a file: from, to.
LENGTHS = {"1": (1, 1), "2": (2, 2), "3-5": (3, 5), "6-20": (6, 20), "21-200": (21, 200), "201-5000": (201, 5000)}
CPGS = {"GBK": ("GBK", "936", "CP936"), "GB18030": ("GB18030", "GBK"), "UTF-8": ("UTF-8", "UTF8", "65001"), "Big5": ("Big5",)}
NO_HELP = ("ANSI 936", "OEM", "system", "")  # what stands in a .cpg and helps nobody
NO_SITE = re.compile("合计|总计|小计|共计|本页|汇总|注|备注|说明|填|制表|审核|以下|数据|联系")
ASCII = ("A", "B", "1号", "12", "2024", "No.3", "-", "(东)", "KTV", "wifi")


@dataclass(frozen=True)
class Made:
    """A file: its bytes, what its name column must say, and how it was made."""

    kind: str
    encoding: str
    length: str
    source: str
    raw: bytes
    names: tuple[str, ...]
    cpg: str = ""
    hint: str = ""
    cut: bool = False
    header: str = "name"


def make(number: int, seed: int) -> Made:
    """File `number` of a run."""
    from random import Random

    chance = Random(f"{seed}:{number}")
    kind = "csv" if chance.random() < 0.65 else "dbf"
    weights = CSV_ENCODINGS if kind == "csv" else DBF_ENCODINGS
    encoding = chance.choices(list(weights), list(weights.values()))[0]
    length = chance.choices(list(LENGTHS), [15, 15, 20, 20, 20, 10])[0]
    sources = [s for s in SOURCES if s != "traditional" and (s != "held out" or has_held_out())]
    source = "traditional" if encoding == "Big5" else chance.choices(sources, [3 if s == "only rare" else 20 for s in sources])[0]
    if encoding == MIXED:
        length = chance.choice(("21-200", "201-5000"))
    names = _names(chance, encoding, source, chance.randint(*LENGTHS[length]))
    if encoding == MIXED:
        names = ["东门", *names, "西门"]
    return (_csv if kind == "csv" else _dbf)(chance, encoding, length, source, names)


def _names(chance: Random, encoding: str, source: str, count: int) -> list[str]:
    """Cells that hold `count` Chinese characters in all, some with digits and Latin letters."""
    text = writable(SOURCES[source](chance, count), CODECS[encoding], chance, SOURCES[source])
    names = []
    while text:
        size = chance.choice((1, 2, 4, 6, 8, 12, 30))
        cell, text = text[:size], text[size:]
        if NO_SITE.match(cell):  # such a row is left out as a total or a note, whatever its encoding
            cell = f"A{cell}"
        if chance.random() < 0.2:
            extra = chance.choice(ASCII)
            cell = writable(extra + cell if chance.random() < 0.5 else cell + extra, CODECS[encoding], chance, SOURCES["traditional"])
        names.append(cell)
    return names


def _csv(chance: Random, encoding: str, length: str, source: str, names: list[str]) -> Made:
    tiny = length in {"1", "2", "3-5"}
    name, lon, lat, address = ("name", "lon", "lat", "address") if tiny or chance.random() < 0.3 else ("名称", "经度", "纬度", "地址")
    if encoding == "Big5" and name == "名称":
        name, lon, lat, address = "名稱", "經度", "緯度", "地址"
    header, end = [name, lon, lat], chance.choice(("\n", "\r\n"))
    rows = [[n, f"{chance.uniform(80, 130):.6f}", f"{chance.uniform(18, 50):.6f}"] for n in names]
    if chance.random() < 0.3:
        header.append(address)
        rows = [[*row, f"No. {chance.randint(1, 99)}"] for row in rows]
    text = end.join(",".join(row) for row in [header, *rows]) + (end if chance.random() < 0.8 else "")
    raw = MARKS.get(encoding, b"") + (_mixed(text, chance) if encoding == MIXED else text.encode(CODECS[encoding]))
    return Made("csv", encoding, length, source, raw, tuple(names), header=name)


def _mixed(text: str, chance: Random) -> bytes:
    """Lines in two encodings; at least one of each that has two Chinese characters or more (one alone may be a letter in UTF-8)."""
    lines = text.splitlines(keepends=True)
    chinese = [i for i, line in enumerate(lines) if len(re.findall("[\u3400-\u9fff]", line)) > 1]
    share = chance.choice((0.02, 0.5, 0.98))
    most = share > chance.random()  # the encoding of the other lines
    utf8 = {i for i in range(len(lines)) if (chance.random() < share if i in chinese else most)} | {chinese[0]}
    utf8 -= {chinese[-1]}
    return b"".join(line.encode("utf-8" if i in utf8 else "gbk") for i, line in enumerate(lines))


def _dbf(chance: Random, encoding: str, length: str, source: str, names: list[str]) -> Made:
    codec = CODECS[encoding]
    width = chance.choice((8, 20, 40, 80, 254))
    longest = max(len(n.encode(codec)) for n in names)
    cut = chance.random() < 0.25
    if not cut:
        width = max(width, min(254, longest))
    stored = [n.encode(codec)[:width] for n in names]
    names = [s.decode(codec, errors="ignore") for s in stored]
    hint = chance.choices(("none", "right", "no help", "wrong"), [40, 25, 20, 15])[0]
    others = [c for e, texts in CPGS.items() for c in texts if CODECS[e] != codec and not {encoding, e} <= {"GBK", "GB18030"}]
    cpg = {"none": "", "right": chance.choice(CPGS[encoding]), "no help": chance.choice(NO_HELP), "wrong": chance.choice(others)}[hint]
    fields = [(b"name", width), (b"lon", 12)]
    header = struct.pack("<BBBBIHH20x", 3, 124, 1, 1, len(stored), 33 + 32 * len(fields), 1 + sum(w for _, w in fields))
    for name, size in fields:
        header += struct.pack("<11sc4xBB14x", name, b"C" if name == b"name" else b"N", size, 0)
    raw = header + b"\r" + b"".join(b" " + s.ljust(width) + f"{chance.uniform(80, 130):12.6f}".encode() for s in stored) + b"\x1a"
    lost = any(len(n.encode(codec)) < len(s) for n, s in zip(names, stored, strict=True))
    return Made("dbf", encoding, length, source, raw, tuple(n.strip() for n in names), cpg, hint, cut=lost)
