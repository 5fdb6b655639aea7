"""What do the attributes of a shapefile say: .dbf text decoded by its bytes, because .cpg files lie."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

from cfmap.intake.encoding import TITLES, glimpse, likeliest, likelihood
from cfmap.model.errors import InputError
from cfmap.model.messages import Fault, fault

if TYPE_CHECKING:
    from collections.abc import Iterable

_CANDIDATES = ("utf-8", "gb18030", "big5")
_LONGEST_CHARACTER = 4  # bytes
_HALF = ("unexpected end of data", "incomplete multibyte sequence")  # how Python calls half a character at the end
_CUT = math.log(100)  # how much rarer a value that ends in half a character is than one that does not
_HINT = math.log(50)  # how much likelier the .cpg's encoding is than another, before the bytes are seen
_CUT_FROM = 40  # narrower fields are made to measure: a full one says nothing


@dataclass(frozen=True)
class _Field:
    name: bytes
    kind: str
    start: int
    width: int


@dataclass(frozen=True)
class Attributes:
    """Names and rows as text, with what there is to tell about the encoding; deleted records are left out."""

    names: list[str]
    rows: list[list[str]]
    faults: list[Fault]


def read_dbf(raw: bytes, *, declared: str = "", cpg: str = "", file: str) -> Attributes:
    """
    Decode a .dbf.

    Parameters
    ----------
    raw
        The file's bytes.
    declared
        Encoding that the settings name.
    cpg
        Content of the .cpg beside it, a hint only: it decides when the bytes do not.
    file
        Name for messages.

    Raises
    ------
    InputError
        E202 for a broken header or fewer records than the header promises, E207 when no encoding fits.
    """
    fields, cells = _cells(raw, file)
    texts = [value for row in cells for value, f in zip(row, fields, strict=True) if f.kind == "C"]
    encoding, faults = _choose([f.name for f in fields] + texts, declared, cpg, file)
    rows = [[_text(value, f.kind, encoding) for value, f in zip(row, fields, strict=True)] for row in cells]
    for position, item in enumerate(fields):
        if item.kind == "C":
            name = _decode(item.name, encoding) or ""
            full = [r for r, row in enumerate(cells) if _is_cut(row[position], item.width, encoding)]
            faults += [fault("W229", file=file, row=r + 1, column=name, value=rows[r][position], width=item.width) for r in full]
    return Attributes([_decode(f.name, encoding) or "" for f in fields], rows, faults)


def encoding_of(raw: bytes, *, file: str) -> str:
    """Give the encoding of a .dbf's text, judged by its bytes."""
    fields, cells = _cells(raw, file)
    texts = [value for row in cells for value, f in zip(row, fields, strict=True) if f.kind == "C"]
    return _choose([f.name for f in fields] + texts, "", "", file)[0]


def _cells(raw: bytes, file: str) -> tuple[list[_Field], list[list[bytes]]]:
    if len(raw) < 32:  # the length of the fixed header
        raise InputError(fault("E202", file=file, detail="dbf header"))
    count, header, record = struct.unpack_from("<IHH", raw, 4)
    fields = _fields(raw, header)
    if not fields or len(raw) < header + count * record or record < sum(f.width for f in fields) + 1:
        raise InputError(fault("E202", file=file, detail=f"dbf: {count} records x {record} bytes + {header} > {len(raw)} bytes"))
    starts = [header + i * record for i in range(count)]
    kept = [s for s in starts if raw[s : s + 1] != b"*"]
    cells = [[raw[s + f.start : s + f.start + f.width] for f in fields] for s in kept]
    return fields, cells


def _fields(raw: bytes, header: int) -> list[_Field]:
    fields, position, start = [], 32, 1
    while position + 32 <= min(header, len(raw)) and raw[position : position + 1] != b"\r":
        part = raw[position : position + 32]
        fields.append(_Field(part[:11].partition(b"\0")[0], chr(part[11]), start, part[16]))
        start += part[16]
        position += 32
    return fields


def _choose(values: list[bytes], declared: str, cpg: str, file: str) -> tuple[str, list[Fault]]:
    foreign = [v for v in dict.fromkeys(values) if not v.isascii()]
    if declared:
        name = "gb18030" if declared.lower() in {"gbk", "gb2312", "cp936"} else declared.lower()
        _all_or_stop(foreign, name, file)
        return name, []
    if not foreign:
        return "utf-8", []
    hint = _known(cpg)
    readings: dict[str, str] = {}
    for encoding in _CANDIDATES:
        texts = [_decode(v, encoding) for v in foreign]
        if all(t is not None for t in texts):
            readings[encoding] = "\n".join(t or "" for t in texts)
    if not readings:
        _all_or_stop(foreign, "gb18030", file)
    evidence = {e: likelihood(text, e) - _CUT * _halves(foreign, e) + (_HINT if e == hint else 0.0) for e, text in readings.items()}
    best, doubtful, other = likeliest(readings, evidence)
    if doubtful:
        shown = "；".join(f"{TITLES[e]}：{glimpse(readings[e])}" for e in (best, other) if e)
        return best, [fault("W218", file=file, encoding=TITLES[best], readings=shown)]
    if best in (hint, "utf-8"):
        return best, []
    reason = f"按内容判断，.cpg 写的是 {cpg}" if cpg else "没有 .cpg，按内容判断"
    return best, [fault("I201", file=file, encoding=TITLES[best], reason=reason, reason_en="judged by its content")]


def _known(cpg: str) -> str:
    name = cpg.strip().lower().replace("-", "")
    return {
        "utf8": "utf-8",
        "65001": "utf-8",
        "gbk": "gb18030",
        "gb2312": "gb18030",
        "936": "gb18030",
        "cp936": "gb18030",
        "gb18030": "gb18030",
        "big5": "big5",
    }.get(name, "")


def _all_or_stop(values: Iterable[bytes], encoding: str, file: str) -> None:
    for value in values:
        try:
            readable = _decode(value, encoding) is not None
        except LookupError:
            readable = False
        if not readable:
            shown = value.rstrip(b" \0").decode("ascii", errors="backslashreplace")
            raise InputError(fault("E207", file=file, value=shown, encoding=encoding, byte=1, readings="—"))


def _decode(value: bytes, encoding: str) -> str | None:
    """Strict, but a character that the field's width cut in the middle is dropped from the end of a full field; None = not this encoding."""
    text = value.rstrip(b" \0")
    try:
        return text.decode(encoding)
    except UnicodeDecodeError as error:
        is_half = error.end == len(text) == len(value) and error.reason in _HALF
        return text[: error.start].decode(encoding) if is_half else None


def _halves(values: list[bytes], encoding: str) -> int:
    """How many values end in half a character."""
    return sum(_half(v, encoding) for v in values)


def _half(value: bytes, encoding: str) -> bool:
    value = value.rstrip(b" \0")
    return len((_decode(value, encoding) or "").encode(encoding)) < len(value)


def _is_cut(value: bytes, width: int, encoding: str) -> bool:
    """Whether a value was perhaps longer than its field: it ends in half a character, or it fills a wide field to the last one."""
    text = value.rstrip(b" \0")
    if text.isascii():
        return width >= _CUT_FROM and len(text) == width
    return _half(text, encoding) or (width >= _CUT_FROM and len(text) > width - _LONGEST_CHARACTER)


def _text(value: bytes, kind: str, encoding: str) -> str:
    if kind == "C":
        return (_decode(value, encoding) or "").strip()
    text = value.decode("ascii", errors="ignore").strip(" \0*")
    if kind == "L":
        return {"t": "是", "y": "是", "f": "否", "n": "否"}.get(text.lower(), "")
    return text
