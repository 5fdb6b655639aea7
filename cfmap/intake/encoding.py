"""In which encoding is this text: the reading under which its characters are the most likely."""

from __future__ import annotations

import codecs
import math
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from cfmap.model.errors import InputError
from cfmap.model.messages import Fault, fault

CLEAR = math.log(10_000)  # the best reading must be so many times likelier than the next to be taken without a warning
CLEAR_BIG5 = math.log(500_000_000)  # a few rare characters in GBK are common ones in Big5, so Big5 is believed later
CLEAR_LINE = math.log(1_000_000_000)  # and for one line to be taken as of another encoding than the rest
MIN_PLAUSIBLE = math.log(1e-7)  # mean per character beyond ASCII; a reading worse than this is doubted even when it is the only one
SAMPLE_BYTES = 60_000
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: How messages call an encoding.
TITLES = {"utf-8-sig": "UTF-8", "utf-8": "UTF-8", "gb18030": "GBK/GB18030", "big5": "Big5", "utf-16": "UTF-16", "utf-16-le": "UTF-16", "utf-16-be": "UTF-16"}
#: How likely an encoding is before its bytes are seen (logarithm). UTF-16 without mark and without one ASCII character is hardly ever met.
PRIOR = {"utf-8": 0.0, "gb18030": 0.0, "big5": -8.0, "utf-16-le": -7.0, "utf-16-be": -7.0}
_TINY = 64  # bytes; a longer UTF-16 file has a comma or a line break in it, whose zero byte tells
_TWO_BYTES, _MORE_BYTES = re.compile(b"[\xc2-\xdf][\x80-\xbf]"), re.compile(b"[\xe0-\xf7]")
_LETTERS = re.compile(r"(?<=[a-z])[^\x00-\x7f]|[^\x00-\x7f](?=[a-z])", re.IGNORECASE)
_ACCENTS = re.compile("(?<=[a-z])[ß-ÿĀ-ſ]|[ß-ÿĀ-ſ](?=[a-z])|[À-Þ](?=[a-z])|(?<=[A-Z])[À-Þ](?=[A-Z])")


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
    doubtful
        The choice was not clear, or the only possible reading makes no sense.
    """

    text: str
    encoding: str
    reason: str
    reason_en: str
    alternative: str = ""
    doubtful: bool = False

    def faults(self, raw: bytes, file: str) -> list[Fault]:
        """Tell the reader: an information, or a warning with both readings when the choice was not clear."""
        title = TITLES.get(self.encoding, self.encoding)
        if self.doubtful:
            readings = f"{title}：{glimpse(self.text)}"
            if self.alternative:
                readings += f"；{TITLES.get(self.alternative, self.alternative)}：{glimpse(raw.decode(self.alternative))}"
            return [fault("W218", file=file, encoding=title, readings=readings)]
        if self.encoding in {"utf-8", "utf-8-sig"}:
            return []
        return [fault("I201", file=file, encoding=title, reason=self.reason, reason_en=self.reason_en)]


def decode(raw: bytes, *, declared: str = "", file: str) -> Decoded:
    """
    Decode bytes strictly, never replacing a character.

    A byte order mark decides; else UTF-16 by its zero bytes; else the reading of UTF-8, GB18030, Big5 (and, for a few bytes, UTF-16)
    that is likeliest by :func:`likelihood`. The likelihood knows which characters are common in Chinese, so a short GBK
    text that happens to be valid UTF-8 is still read as GBK; it grows with the text, so that only a few characters leave a doubt.

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
        E207 with the line of the first bad byte: the declared encoding or every known one fails, or lines of two encodings are mixed.
    """
    if declared:
        return _declared(raw, declared, file)
    for mark, encoding in _BOMS:
        if raw.startswith(mark):
            return Decoded(_strict(raw, encoding, file), encoding, "文件开头有字节序标记", "byte order mark")
    if raw.isascii() and b"\0" not in raw:
        return Decoded(raw.decode("ascii"), "utf-8", "只有英文和数字", "plain ASCII")
    texts = {e: t for e in _candidates(raw) if (t := _readable(raw, e)) is not None}
    if not texts:
        raise InputError(_bad_byte(raw, _furthest(raw), file))
    samples = texts if len(raw) <= SAMPLE_BYTES else {e: raw[:SAMPLE_BYTES].decode(e, errors="ignore") for e in texts}
    best, doubtful, alternative = likeliest(samples, {e: likelihood(t, e) for e, t in samples.items()})
    if best in {"gb18030", "big5"} and "utf-8" not in texts and (mixed := _mixed(raw, best)) is not None:
        raise InputError(_bad_byte(raw, mixed, file))
    if best == "utf-8" and not doubtful and "gb18030" not in texts:
        doubtful = _has_other_lines(raw)
        alternative = ""
    reason = ("字节间有规律的零", "regular zero bytes") if b"\0" in raw else ("按常用汉字判断", "judged by common characters")
    return Decoded(texts[best], best, *reason, alternative, doubtful)


def likeliest(readings: dict[str, str], evidence: dict[str, float]) -> tuple[str, bool, str]:
    """
    Choose among readings of the same bytes.

    Parameters
    ----------
    readings
        Text by encoding.
    evidence
        Logarithm of how likely each reading is, without :data:`PRIOR`.

    Returns
    -------
    best, doubtful, other
        Encoding to take; whether it is in doubt (what is usual may decide, but never alone); the next likely one when it is, else "".
    """
    best, *others = sorted(evidence, key=lambda e: -(evidence[e] + PRIOR[e]))
    other = others[0] if others else ""
    lead = evidence[best] - evidence[other] if other else math.inf
    usual = PRIOR[best] - PRIOR[other] if other else 0.0
    doubtful = lead + min(usual, 0.0) < (CLEAR_BIG5 if best == "big5" else CLEAR) or plausibility(readings[best], best) < MIN_PLAUSIBLE
    return best, doubtful, other if doubtful else ""


def _candidates(raw: bytes) -> tuple[str, ...]:
    if b"\0" in raw:
        return ("utf-16-le", "utf-16-be") if len(raw) % 2 == 0 else ()
    tiny = len(raw) <= _TINY and len(raw) % 2 == 0 and not any(mark in raw for mark in b",;\t\r\n")
    return ("utf-8", "gb18030", "big5", *(("utf-16-le", "utf-16-be") if tiny else ()))


def _readable(raw: bytes, encoding: str) -> str | None:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        return None


def guess(raw: bytes) -> str | None:
    """Name the best encoding for bytes, or None when none of the known ones can read them."""
    try:
        return decode(raw, file="").encoding
    except InputError:
        return None


def likelihood(text: str, encoding: str) -> float:
    """
    Logarithm of how likely `text` is as what a Chinese department writes, read by `encoding`.

    A character's chance is its class's share of what is written divided by the class's size: GB 2312 level 1, level 2,
    the rest of GBK, punctuation; an accent counts inside a Latin word, a letter of another script beside its like, and both are paid for once.
    """
    unicode = encoding.startswith("utf")
    total = sum(count * _chance(char, encoding) for char, count in Counter(text).items())
    for found in _LETTERS.finditer(text):  # "Café" is one word, "Caf茅" is none
        if _is_cjk(found[0]):
            total -= _BESIDE_LATIN
    words = [c for found in _ACCENTS.finditer(text) if (c := found[0]) and unicode]
    total += sum(_IN_WORD - _chance(c, encoding) for c in words) - (_OTHER_TONGUE if words else 0.0)
    total += _foreign_words(text, encoding)
    return total + len(_IN_PLACE.findall(text)) * (_SIGN_IN_PLACE - _LONE_SIGN)


def _foreign_words(text: str, encoding: str) -> float:
    """What letters of a foreign script gain by standing together, less what each script costs once."""
    marked = [_foreign(c) if ord(c) > 127 else "" for c in text]
    letter = _LETTER if encoding.startswith("utf") else _LETTER_IN_CHINESE_SET
    together = [s for i, s in enumerate(marked) if s and s in (marked[i - 1] if i else "", marked[i + 1] if i + 1 < len(marked) else "")]
    return len(together) * (letter - _ODD) - _OTHER_SCRIPT * len(set(together))


def plausibility(text: str, encoding: str) -> float:
    """Mean logarithm of the chance of the characters of `text` that are not ASCII; 0 when all are."""
    foreign = sum(ord(c) > 127 for c in text)
    plain = sum(count * _chance(char, encoding) for char, count in Counter(text).items() if ord(char) <= 127)
    return (likelihood(text, encoding) - plain) / foreign if foreign else 0.0


# Shares of what is written / number of characters in the class. GB 2312 holds 99.7 % of running Chinese; names are a little rarer.
_ASCII, _IMPOSSIBLE, _ODD = math.log(1 / 95), math.log(1e-12), math.log(1e-9)
_IN_WORD, _BESIDE_LATIN = math.log(1 / 240), math.log(1000)
_OTHER_TONGUE, _OTHER_SCRIPT = math.log(100), math.log(1_000_000)
_LEVEL_1, _LEVEL_2 = math.log(0.95 / 3755), math.log(0.02 / 3008)
_PUNCTUATION, _FULL_WIDTH, _SIGN = math.log(0.02 / 40), math.log(0.01 / 94), math.log(0.001 / 40)
_TRADITIONAL, _RARE, _RAREST = math.log(0.002 / 5000), math.log(0.001 / 10_000), math.log(0.0005 / 50_000)
_BIG5_1, _BIG5_2 = math.log(0.95 / 5401), math.log(0.02 / 7652)
_LETTER, _LETTER_IN_CHINESE_SET = math.log(1 / 64), math.log(2e-5)
_SIGNS = "′″㎡№℃①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣ"
_LONE_SIGNS, _LONE_SIGN, _SIGN_IN_PLACE = "°²³×·\u00a0", math.log(1e-8), math.log(1e-3)  # in UTF-8 these are the bytes of 掳虏鲁路: they count in their place
_IN_PLACE = re.compile(r"(?<=[mM])[²³]|(?<=\d)[°×]|(?<=[\u4e00-\u9fff])·")
_SCRIPTS = ("CYRILLIC", "GREEK", "HIRAGANA", "KATAKANA", "HANGUL", "ARMENIAN", "HEBREW", "ARABIC", "THAI", "GEORGIAN", "DEVANAGARI", "MONGOLIAN", "TIBETAN")


@lru_cache(maxsize=65_536)
def _chance(char: str, encoding: str) -> float:
    code = ord(char)
    if code < 127:
        return _ASCII if code >= 32 or char in "\t\r\n" else _IMPOSSIBLE
    if 0x3000 <= code <= 0x303F or char in "“”‘’—…–":
        return _PUNCTUATION
    if 0xFF01 <= code <= 0xFF5E:
        return _FULL_WIDTH
    if _is_cjk(char):
        return _chinese(char, encoding)
    if char in _SIGNS:
        return _SIGN
    if char in _LONE_SIGNS:
        return _LONE_SIGN
    return _IMPOSSIBLE if unicodedata.category(char) in {"Cn", "Co", "Cc", "Cs"} else _ODD


def _chinese(char: str, encoding: str) -> float:
    big5 = _lead(char, "big5")
    if encoding == "big5":
        return _BIG5_1 if big5 < 0xC9 else _BIG5_2
    if lead := _lead(char, "gb2312"):
        return _LEVEL_1 if lead < 0xD8 else _LEVEL_2  # level 1 (by sound, common) is rows 16-55, level 2 (by radical) 56-87
    if 0 < big5 < 0xC9:
        return _TRADITIONAL
    return _RARE if _lead(char, "gbk") else _RAREST


def _lead(char: str, encoding: str) -> int:
    try:
        return char.encode(encoding)[0]
    except UnicodeEncodeError:
        return 0


def _is_cjk(char: str) -> bool:
    code = ord(char)
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x323AF


@lru_cache(maxsize=65_536)
def _foreign(char: str) -> str:
    """The foreign script that a letter belongs to, else ""."""
    return next((s for s in _SCRIPTS if unicodedata.name(char, "").startswith(s)), "") if char.isalpha() and not _is_cjk(char) else ""


def _has_other_lines(raw: bytes) -> bool:
    """Whether a text that is UTF-8 as a whole has a line of two-byte letters that are Chinese in GBK (学 is ѧ)."""
    lines = (line for line in raw.split(b"\n") if _TWO_BYTES.search(line) and not _MORE_BYTES.search(line))
    return any((other := _readable(line, "gb18030")) is not None and likelihood(other, "gb18030") - likelihood(line.decode(), "utf-8") > 11.5 for line in lines)


def _mixed(raw: bytes, encoding: str) -> UnicodeDecodeError | None:
    """Find the first byte of the lesser part when some lines are clearly UTF-8 in a text that only `encoding` reads as a whole; else None."""
    at, ours, first, plain = 0, 0, -1, 0
    for line in raw.split(b"\n"):
        if not line.isascii():
            text = _readable(line, "utf-8")
            other = _readable(line, encoding)
            if text is not None and (other is None or likelihood(text, "utf-8") - likelihood(other, encoding) > CLEAR_LINE):
                ours += 1
                first = at + next(i for i, b in enumerate(line) if b > 127) if first < 0 else first
            else:
                plain += 1
        at += len(line) + 1
    if not ours:
        return None
    if ours > plain:
        return _furthest_of(raw, ("utf-8",))
    return UnicodeDecodeError(encoding, raw, first, first + 1, "UTF-8")


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
    return _furthest_of(raw, ("utf-16-le",) if b"\0" in raw else ("utf-8", "gb18030"))


def _furthest_of(raw: bytes, encodings: tuple[str, ...]) -> UnicodeDecodeError:
    errors = []
    for encoding in encodings:
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
