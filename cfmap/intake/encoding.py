"""In which encoding is this text: scored by the characters that each reading gives."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from cfmap.model.errors import InputError
from cfmap.model.messages import Fault, fault

CLEAR_MARGIN = 0.3  # score by which the best reading must lead to be taken without a warning
SAMPLE_CHARACTERS = 20_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: How messages call an encoding.
TITLES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "gb18030": "GBK/GB18030", "big5": "Big5", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}


@dataclass(frozen=True)
class Decoded:
    """
    Text with how it was read.

    Attributes
    ----------
    text
        Without byte order mark.
    encoding
        Python's name of the encoding.
    reason, reason_en
        Why this one.
    alternative
        Encoding of the runner-up when the choice was not clear, else "".
    """

    text: str
    encoding: str
    reason: str
    reason_en: str
    alternative: str = ""

    def faults(self, raw: bytes, file: str) -> list[Fault]:
        """Tell the reader: an information, or a warning with both readings when the choice was not clear."""
        title = TITLES.get(self.encoding, self.encoding)
        if self.alternative:
            readings = f"{title}：{glimpse(self.text)}；{TITLES.get(self.alternative, self.alternative)}：{glimpse(raw.decode(self.alternative))}"
            return [fault("W218", file=file, encoding=title, readings=readings)]
        if self.encoding in {"utf-8", "utf-8-sig"}:
            return []
        return [fault("I201", file=file, encoding=title, reason=self.reason, reason_en=self.reason_en)]


def decode(raw: bytes, *, declared: str = "", file: str) -> Decoded:
    """
    Decode bytes strictly, never replacing a character.

    A byte order mark decides; else UTF-16 by its zero bytes; else the highest mean score of UTF-8, GB18030 and Big5
    over the characters that are not ASCII. The score knows which characters are common in Chinese, so a short GBK
    text that happens to be valid UTF-8 is still read as GBK.

    Parameters
    ----------
    raw
        The bytes.
    declared
        Encoding that the settings name; then only this one is tried.
    file
        Name for messages.

    Raises
    ------
    InputError
        E207 with the line of the first bad byte, when the declared encoding or every known one fails.
    """
    if declared:
        return _declared(raw, declared, file)
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return Decoded(_strict(raw, encoding, file), encoding, "文件开头有字节序标记", "byte order mark")
    if raw.isascii() and b"\0" not in raw:
        return Decoded(raw.decode("ascii"), "utf-8", "只有英文和数字", "plain ASCII")
    if utf16 := _utf16(raw):
        return Decoded(_strict(raw, utf16, file), utf16, "字节间有规律的零", "regular zero bytes")
    scores = sorted(_scores(raw).items(), key=lambda item: -item[1])
    if not scores:
        raise InputError(_bad_byte(raw, _furthest(raw), file))
    best, score = scores[0]
    unclear = len(scores) > 1 and score - scores[1][1] < CLEAR_MARGIN
    return Decoded(raw.decode(best), best, "按常用汉字判断", "judged by common characters", scores[1][0] if unclear else "")


def guess(raw: bytes) -> str | None:
    """Name the best encoding for bytes, or None when none of the known ones can read them."""
    try:
        return decode(raw, file="").encoding
    except InputError:
        return None


def score(text: str, *, big5: bool = False) -> float:
    """Mean plausibility of the characters of `text` that are not ASCII, as Chinese: -1 (worst) to 1; 0 when all are ASCII."""
    text = text[:SAMPLE_CHARACTERS]
    scores = [_character(text, i, big5=big5) for i, c in enumerate(text) if ord(c) > 127]
    return sum(scores) / len(scores) if scores else 0.0


def _character(text: str, position: int, *, big5: bool) -> float:
    char = text[position]
    in_a_word = any(c.isascii() and c.islower() for c in text[max(0, position - 1) : position + 2])
    if 0xC0 <= ord(char) <= 0x24F and char.isalpha():
        return 1.0 if in_a_word else -0.5  # "Café", but not a lone "Ô"
    return _chinese(char, big5=big5) - (0.4 if in_a_word else 0.0)


def _chinese(char: str, *, big5: bool) -> float:
    code = ord(char)
    if 0x3000 <= code <= 0x303F or char in "“”‘’—…·–":
        return 0.9
    if 0xFF01 <= code <= 0xFF5E:
        return 0.8
    if not (0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x323AF):
        return 0.4 if char in "°′″㎡²³×№℃①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣ" else -0.5
    try:
        lead = char.encode("gb2312")[0]
    except UnicodeEncodeError:
        return _not_gb2312(char, big5=big5)
    return 1.0 if lead < 0xD8 else 0.6  # level 1 (by sound, common) is rows 16-55, level 2 (by radical) 56-87


def _not_gb2312(char: str, *, big5: bool) -> float:
    try:
        lead = char.encode("big5")[0]
    except UnicodeEncodeError:
        return 0.1
    if lead >= 0xC9:  # Big5 level 2: rare characters
        return 0.1
    return 0.95 if big5 else 0.3


def _scores(raw: bytes) -> dict[str, float]:
    scores = {}
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        scores[encoding] = score(text, big5=encoding == "big5")
    return scores


def _utf16(raw: bytes) -> str | None:
    if len(raw) % 2 or b"\0" not in raw:
        return None
    even, odd = raw[0::2].count(0), raw[1::2].count(0)
    if odd > 2 * even:
        return "utf-16-le"
    return "utf-16-be" if even > 2 * odd else None


def _strict(raw: bytes, encoding: str, file: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(_bad_byte(raw, error, file)) from None


def _declared(raw: bytes, declared: str, file: str) -> Decoded:
    name = declared.lower().replace("gbk", "gb18030").replace("gb2312", "gb18030")
    try:
        name = codecs.lookup(name).name
    except LookupError:
        name = ""
    if name not in {"utf-8", "utf-8-sig", "gb18030", "big5", "big5hkscs", "cp950", "utf-16", "utf-16-le", "utf-16-be", "ascii"}:
        raise InputError(fault("E207", file=file, value=declared, encoding=declared, byte=0, readings="—"))
    name = "utf-8-sig" if name == "utf-8" else name
    return Decoded(_strict(raw, name, file), name, "cfmap.toml 中指定", "declared in cfmap.toml")


def _furthest(raw: bytes) -> UnicodeDecodeError:
    errors = []
    for encoding in ("utf-8", "gb18030"):
        try:
            raw.decode(encoding)
        except UnicodeDecodeError as error:
            errors.append(error)
    return max(errors, key=lambda e: e.start)


def _bad_byte(raw: bytes, error: UnicodeDecodeError, file: str) -> Fault:
    start = raw.rfind(b"\n", 0, error.start) + 1
    end = raw.find(b"\n", error.start)
    line = raw[start : end if end >= 0 else len(raw)].rstrip(b"\r")
    readings = []
    for encoding in ("gb18030", "utf-8", "big5"):
        try:
            readings.append(f"{TITLES[encoding]}：{glimpse(line.decode(encoding))}")
        except UnicodeDecodeError:
            continue
    title = TITLES.get(error.encoding, error.encoding)
    return fault(
        "E207",
        file=file,
        row=raw.count(b"\n", 0, error.start) + 1,
        value=glimpse(line.decode("ascii", errors="backslashreplace")),
        encoding=title,
        byte=error.start - start + 1,
        readings="；".join(readings) or "—",
    )


def glimpse(text: str, length: int = 30) -> str:
    """Give the first telling line of a text, shortened, for a message."""
    lines = [part.strip() for part in text.splitlines() if not part.isascii()] or text.splitlines()[:1]
    shown = lines[0] if lines else ""
    return shown if len(shown) <= length else shown[: length - 1] + "…"
