"""How a file gets broken: by chance, but the same way for the same number."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Mutator = Callable[[bytes, Random], bytes]

_SMALL = 64  # of less than that nothing is left to break
HEAD = 160  # bytes in which most formats keep what everything else hangs on
STRANGE = (
    b"NaN",
    b"1e999",
    b"-1",
    b"99999999999999999999",
    b"\0",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"'\"",
    b"<",
    b"&x;",
    b"{{7*7}}",
    b"=cmd()",
    b"\xf0\x9f\x99\x82",
    b"A" * 40_000,
)
NUMBERS = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0xFFFFFFFF)


def flip(raw: bytes, random: Random) -> bytes:
    """A few bits turned."""
    made = bytearray(raw)
    for _ in range(random.choice((1, 1, 2, 8, 64))):
        made[random.randrange(len(made))] ^= 1 << random.randrange(8)
    return bytes(made)


def head(raw: bytes, random: Random) -> bytes:
    """A number near the beginning made a limit."""
    made = bytearray(raw)
    form = random.choice(("<B", "<H", "<I", ">H", ">I"))
    at = random.randrange(min(HEAD, max(1, len(made) - 4)))
    struct.pack_into(form, made, at, random.choice(NUMBERS) % (1 << 8 * struct.calcsize(form)))
    return bytes(made)


def truncate(raw: bytes, random: Random) -> bytes:
    """The end is missing."""
    return raw[: random.randrange(len(raw))]


def cut(raw: bytes, random: Random) -> bytes:
    """A piece is missing."""
    start = random.randrange(len(raw))
    return raw[:start] + raw[start + random.choice((1, 16, 512)) :]


def insert(raw: bytes, random: Random) -> bytes:
    """Something strange in the middle."""
    start = random.randrange(len(raw))
    return raw[:start] + random.choice(STRANGE) + raw[start:]


def blank(raw: bytes, random: Random) -> bytes:
    """Zeros over a piece, as a disk leaves them."""
    start, length = random.randrange(len(raw)), random.choice((1, 16, 512, 4096))
    return raw[:start] + bytes(min(length, len(raw) - start)) + raw[start + length :]


def splice(raw: bytes, random: Random) -> bytes:
    """A piece twice, somewhere else."""
    start, length, to = random.randrange(len(raw)), random.choice((4, 64, 1024)), random.randrange(len(raw))
    return raw[:to] + raw[start : start + length] + raw[to:]


def token(raw: bytes, random: Random) -> bytes:
    """A number or a word replaced by something strange."""
    found = list(re.finditer(rb"[0-9]+(?:\.[0-9]+)?|[A-Za-z]{3,}", raw[:200_000]))
    if not found:
        return insert(raw, random)
    one = random.choice(found)
    return raw[: one.start()] + random.choice(STRANGE) + raw[one.end() :]


def entry(raw: bytes, random: Random) -> bytes:
    """A part inside an archive broken, the archive itself whole."""
    try:
        old = zipfile.ZipFile(io.BytesIO(raw))
    except Exception:  # noqa: BLE001 - broken before
        return flip(raw, random)
    made = io.BytesIO()
    with old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        chosen = random.choice([n for n in names if "sheet" in n or "workbook" in n or "hared" in n] if random.random() < 0.8 else names)
        for name in names:
            try:
                content = old.read(name)
            except Exception:  # noqa: BLE001 - broken before
                content = b"<x/>"
            if name == chosen:
                content = random.choice((flip, cut, truncate, token, token, token, splice))(content, random)
            if name and (name != chosen or random.random() > 0.05):
                new.writestr(name if name != chosen or random.random() > 0.05 else name.upper(), content)
    return made.getvalue()


def directory(raw: bytes, random: Random) -> bytes:
    """A number in an archive's own list of parts made a limit."""
    made = bytearray(raw)
    start = raw.find(b"PK\x01\x02")
    if start < 0:
        return head(raw, random)
    struct.pack_into("<I", made, random.randrange(start, len(made) - 4), random.choice(NUMBERS))
    return bytes(made)


ANY: tuple[Mutator, ...] = (flip, head, truncate, cut, insert, blank, splice)
OF_KIND: dict[str, tuple[Mutator, ...]] = {
    "xlsx": (*ANY, entry, entry, entry, entry, directory, directory),
    "csv": (*ANY, token, token),
    "tsv": ANY,
    "geojson": (*ANY, token, token, token),
    "osm": (*ANY, token, token),
}


def mutated(kind: str, raw: bytes, random: Random) -> bytes:
    """The file broken once, seldom twice."""
    for _ in range(random.choice((1, 1, 1, 2))):
        mutator = random.choice(OF_KIND.get(kind, ANY)) if len(raw) >= _SMALL else insert
        raw = mutator(raw, random) or b"\0"
    return raw
