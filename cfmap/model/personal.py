"""What is personal data? Shapes of values, headers of columns and columns of names; asked by intake before reading and by publish before showing."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

Kind = Literal["resident_id", "mobile", "home", "passport", "card", "email", "plate", "birth", "person"]

TITLES: dict[Kind, tuple[str, str]] = {
    "resident_id": ("居民身份证号码", "a resident identity number"),
    "mobile": ("手机号码", "a mobile phone number"),
    "home": ("住户门牌（楼栋、单元、室）", "a home address (building, unit, room)"),
    "passport": ("护照号码", "a passport number"),
    "card": ("银行卡号", "a bank card number"),
    "email": ("电子邮箱", "an e-mail address"),
    "plate": ("车牌号", "a licence plate"),
    "birth": ("人名旁的出生日期", "a birth date beside a name"),
    "person": ("人名", "a person's name"),
}
MOST_OF_A_COLUMN = 0.5  # share of cells above which numbers that could be something else are what they look like
MOSTLY_NAMES = 0.8  # share of cells that look like persons' names above which a column is one of names
FEWEST_NAMES = 3  # cells; fewer prove nothing
NEAR = 10  # characters before a number within which a word tells what it is
LONGEST = 32_767  # characters of a cell, as Excel; what is longer is looked at in full all the same

# -- headers -------------------------------------------------------------------------------------------------------

_PERSON = "家长|监护人|学生|儿童|幼儿|孩子|患者|婴儿|教师|负责人"
#: Headers that no table may have, whatever it is of.
ALWAYS = re.compile(rf"身份证|证件号|病历|({_PERSON})(姓名|电话|手机|住址|微信|签名)|家庭(住址|地址)|户籍地址|出生日期|出生年月|idcard|passport|guardian")
#: Headers that only a declared field may have.
UNLESS_DECLARED = re.compile(r"手机|联系人|住址|^(姓名|家长|监护人|班级|mobile|contact(person)?)$")


def is_personal_header(header: str, *, declared: bool) -> bool:
    """Whether a header names personal data; `header` without differences of width, case and blanks."""
    return bool(ALWAYS.search(header)) or (not declared and bool(UNLESS_DECLARED.search(header)))


# -- values --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Hit:
    """
    Something personal in a text.

    Attributes
    ----------
    kind
        What it is.
    start, end
        Where, in :func:`plain` of the text.
    certain
        Whether its shape or a word beside it proves it; else it takes a column full of them (:func:`in_column`).
    """

    kind: Kind
    start: int
    end: int
    certain: bool = True


_UNSEEN = dict.fromkeys([0xAD, *range(0x200B, 0x2010), 0x2060, 0xFEFF])  # characters that show nothing and split numbers
_NO_DIGIT = r"(?<![0-9A-Za-z.])"
_END = r"(?![0-9A-Za-z]|\.\d)"
_RESIDENT_ID = re.compile(r"(?<![0-9A-Za-z])([1-9]\d{5})[ \-]?((?:19|20)\d{6})[ \-]?(\d{3}[0-9Xx])(?![0-9A-Za-z])")
_MOBILE = re.compile(rf"{_NO_DIGIT}(?:\+?\(?86\)?[ \-]?)?(1[3-9]\d)([ \-]?)\d{{4}}\2\d{{4}}{_END}")
_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,4}\.[A-Za-z]{2,24}(?![\w-])", re.ASCII)
_PASSPORT = re.compile(rf"{_NO_DIGIT}(?:[DEGPS]\d{{8}}|E[A-HJ-NP-Z]\d{{7}}|[DSP]E\d{{7}}){_END}", re.IGNORECASE)
_CARD = re.compile(
    rf"{_NO_DIGIT}(?:62\d{{2}}[ \-]?\d{{4}}[ \-]?\d{{4}}[ \-]?\d{{4}}(?:[ \-]?\d{{1,3}})?|(?:4\d|5[1-5])\d{{2}}[ \-]?\d{{4}}[ \-]?\d{{4}}[ \-]?\d{{4}}){_END}"
)
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•・\s-]?(?=[A-HJ-NP-Z0-9]*\d)"
    r"[A-HJ-NP-Z0-9]{4,5}[A-HJ-NP-Z0-9挂学警港澳](?![A-Za-z0-9-])"
)
_NUMBER = r"[0-9一二三四五六七八九十]"
_HOME = re.compile(
    rf"(?<![0-9A-Za-z]){_NUMBER}{{1,4}}\s*(?:栋|幢|号楼|号|座|#)\s*{_NUMBER}{{1,2}}\s*(?:单元|梯|门)\s*[A-Da-d]?{_NUMBER}{{2,4}}\s*(?:室|户|房|号)?(?!\d)"
    rf"|{_NUMBER}{{1,2}}\s*单元\s*[A-Da-d]?\d{{3,4}}\s*(?:室|户|房|号)?(?!\d)"
)
_ESTATE = re.compile(
    r"(?:小区|花园|家园|公寓|花苑|名苑|新苑|嘉园|雅苑|[苑邸墅庭])[^，。；;,\n]{0,8}?(?<!\d)\d{1,3}\s*(?:栋|幢|号楼|座|#|-)\s*(?:\d{1,2}\s*-\s*)?[A-Da-d]?\d{3,4}\s*(?:室|户|房)?(?![\d号])"
)
_DATE = r"(?:19|20)\d{2}(?:[-./年]\d{1,2}(?:[-./月]\d{1,2}日?|月)|(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]))"
_BORN = re.compile(rf"(?:出生(?:日期|年月)?|生日|生于|DOB)[于为是:：\s]{{0,3}}{_DATE}|{_DATE}\s{{0,2}}(?:出生|生)(?![产活态长物])")
_NAME_DATE = re.compile(
    rf"(?:^|[\s，,；;、（(:：])(?P<name>[\u4e00-\u9fff]{{2,4}})[\s，,、:：（(]{{0,3}}(?:[男女][\s，,、]{{0,2}})?(?P<date>{_DATE})(?!\d)", re.MULTILINE
)
_NAMED = re.compile(
    r"(?:姓名|家长|监护人|联系人|经办人|填表人|(?:学生|孩子|儿童|幼儿|患儿)(?:姓名)?)\s*[:：]\s*(?P<name>[\u4e00-\u9fff]{2,4})(?![\u4e00-\u9fff])"
)

_WORDS: dict[Kind, re.Pattern[str]] = {
    "mobile": re.compile(r"手机|电话|联系|微信|致电|拨打|tel|phone|mobile|wechat", re.IGNORECASE),
    "passport": re.compile(r"护照|passport", re.IGNORECASE),
    "card": re.compile(r"卡号|银行|账号|帐号|账户|储蓄|card", re.IGNORECASE),
}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_CHECK = "10X98765432"
_PROVINCES = {*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83}
_WEEKDAYS = re.compile(r"周[一二三四五六日末]")

#: Common surnames, those of two characters apart; rare ones that are everyday words (时, 成, 于, 和 …) are left out.
SURNAMES = frozenset(
    "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢唐许冯宋韩邓彭曹曾田萧潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫"
    "段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖庞樊殷施洪翟安颜倪牛温芦季俞鲁葛毕聂丛焦柳邢骆岳齐梅庄辛管祝左涂谷祁舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲裴"
    "席卫查屈鲍霍翁隋甘景薄单柴蒲滕冉桂缪虞诸解宁"
)
COMPOUND = frozenset(("欧阳", "上官", "司马", "诸葛", "司徒", "东方", "皇甫", "尉迟", "公孙", "慕容", "夏侯", "令狐", "端木", "长孙", "宇文", "南宫"))
_TITLE = re.compile(r"(?:老师|主任|先生|女士|院长|园长|校长|医生|护士|阿姨|同志|师傅|书记|局长|科长|经理|家长|同学|[某×*])$")
_PLACE = re.compile(
    r"(?:学校|小学|中学|高中|初中|大学|学院|校区|校|幼儿园|托育|托班|园|院|站|中心|公园|广场|馆|室|点|路|街|道|巷|弄|里|村|镇|乡|区|县|市|社区|小区|苑|湾|桥|岛|塘|坑|口|门|寺|庙|店|厦|楼|"
    r"堂|所|部|局|会|组|队|处|厅|库|场|台|驿|亭|坊|庄|寨|坪|坝|沟|岗|岙|埠|岸|圈|基地)$"
)
_PLACE_OF_TWO = re.compile(r"[山江河湖海溪岭洋浦港头城家东西南北地线]$")  # 黄山, 江东; in three characters people are called so


def plain(text: str) -> str:
    """A text as it is looked at: one width, no characters that show nothing."""
    if text.isascii():
        return text
    return unicodedata.normalize("NFKC", text.translate(_UNSEEN))


def hits(text: str, *, header: str = "") -> list[Hit]:
    """
    Everything personal in a text, in order; positions in :func:`plain` of it.

    Parameters
    ----------
    text
        A cell, or many lines; numbers are found across full-width digits, blanks, hyphens and characters that show nothing.
    header
        Of the column: a word in it makes certain what else would be a code.
    """
    return sorted(_found(plain(text), header), key=lambda h: (h.start, h.end))


def has_resident_id(text: str) -> bool:
    """Whether a text holds an 18-digit Chinese resident identity number: province, real date, check digit (GB 11643-1999)."""
    return len(text) >= 18 and any(True for _ in _resident_ids(plain(text)))


def is_person(text: str) -> bool:
    """Whether a text as a whole looks like a person's name: a common surname and one or two characters, and no word for a place at its end."""
    name = plain(text).strip().replace(" ", "")
    return _is_called(name) and not (_PLACE.search(name) or _WEEKDAYS.match(name) or (len(name) == 2 and _PLACE_OF_TWO.search(name)))


def _is_called(name: str) -> bool:
    """Whether it has the shape of a person's name; so have many places."""
    given = name[2:] if name[:2] in COMPOUND else name[1:] if name[:1] in SURNAMES else ""
    return 1 <= len(given) <= 2 and all("\u4e00" <= c <= "\u9fff" for c in name) and not _TITLE.search(name)


def in_column(cells: Sequence[str], *, header: str = "", names: bool = True) -> dict[int, tuple[Kind, ...]]:
    """
    Rows of a column with personal data, and what kinds.

    Numbers that a code could look like too (mobile, passport, card) count where a word beside them or in the header says so, or
    where more than half of the cells that are not empty hold one. With `names`, a column of which more than four fifths
    look like persons' names is one of names.
    """
    text = "\n".join(plain(c).replace("\n", " ").replace("\r", " ") for c in cells)
    starts = [0]
    for line in text.split("\n"):
        starts.append(starts[-1] + len(line) + 1)
    sure: dict[int, dict[Kind, None]] = {}
    perhaps: dict[Kind, list[int]] = {}
    for hit in _found(text, header):
        row = bisect_right(starts, hit.start) - 1
        if hit.certain:
            sure.setdefault(row, {})[hit.kind] = None
        else:
            perhaps.setdefault(hit.kind, []).append(row)
    filled = [i for i, c in enumerate(cells) if c.strip()]
    for kind, rows in perhaps.items():
        if len(set(rows)) > MOST_OF_A_COLUMN * len(filled):
            for row in rows:
                sure.setdefault(row, {})[kind] = None
    if names and len(filled) >= FEWEST_NAMES:
        persons = [i for i in filled if len(cells[i]) <= 8 and is_person(cells[i])]
        if len(persons) > MOSTLY_NAMES * len(filled):
            for row in (i for i in filled if i in set(persons) or _is_called(plain(cells[i]).strip())):
                sure.setdefault(row, {})["person"] = None
    return {row: tuple(kinds) for row, kinds in sorted(sure.items())}


def masked(text: str, mask: str = "***") -> str:
    """A text with everything personal in it replaced; for logs and messages."""
    found = hits(text)
    shown = text if len(text) == len(plain(text)) else plain(text)
    end = len(shown)
    for hit in reversed(found):
        if hit.end <= end:  # two kinds of one number are one
            shown, end = shown[: hit.start] + mask + shown[hit.end :], hit.start
    return shown


# -- shapes --------------------------------------------------------------------------------------------------------


def _found(text: str, header: str) -> Iterator[Hit]:
    yield from _resident_ids(text)
    for kind, pattern, proof in _CODES:
        known = bool(_WORDS[kind].search(header))
        for m in pattern.finditer(text):
            if proof(m[0]) and not _osm_id(text, m.start()):
                near = text[max(0, m.start() - NEAR) : m.start()].rpartition("\n")[2]
                yield Hit(kind, m.start(), m.end(), known or bool(_WORDS[kind].search(near)))
    for kind, pattern in _SHAPES:
        for m in pattern.finditer(text):
            yield Hit(kind, m.start(), m.end())
    for m in _NAME_DATE.finditer(text):
        if is_person(m["name"]):
            yield Hit("birth", m.start("name"), m.end())
    for m in _NAMED.finditer(text):
        if _is_called(m["name"]):
            yield Hit("person", m.start("name"), m.end("name"))


def _resident_ids(text: str) -> Iterator[Hit]:
    for m in _RESIDENT_ID.finditer(text):
        digits = m[1] + m[2] + m[3]
        check = _CHECK[sum(int(d) * w for d, w in zip(digits[:17], _WEIGHTS, strict=True)) % 11]
        if int(digits[:2]) in _PROVINCES and check == digits[17].upper() and _is_date(m[2]):
            yield Hit("resident_id", m.start(), m.end())


def _is_date(text: str) -> bool:
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) <= date(2100, 1, 1)
    except ValueError:
        return False


def _luhn(text: str) -> bool:
    digits = [int(c) for c in text if c.isdigit()]
    return sum(d if i % 2 == 0 else sum(divmod(2 * d, 10)) for i, d in enumerate(reversed(digits))) % 10 == 0


def _any(_text: str) -> bool:
    return True


def _osm_id(text: str, start: int) -> bool:
    """OpenStreetMap's numbers of nodes have eleven digits too."""
    return start > 4 and text[start - 1] == "/" and text[max(0, start - 9) : start - 1].endswith(("node", "way", "relation"))


_CODES: tuple[tuple[Kind, re.Pattern[str], Callable[[str], bool]], ...] = (("mobile", _MOBILE, _any), ("passport", _PASSPORT, _any), ("card", _CARD, _luhn))
_SHAPES: tuple[tuple[Kind, re.Pattern[str]], ...] = (("home", _HOME), ("home", _ESTATE), ("email", _EMAIL), ("plate", _PLATE), ("birth", _BORN))


# -- public cells --------------------------------------------------------------------------------------------------

#: Kinds that a public column may hold all the same: the institution's own number and address for letters.
ALLOWED: dict[str, frozenset[Kind]] = {"phone": frozenset(("mobile", "email")), "website": frozenset(("email",))}


@lru_cache(maxsize=65_536)
def in_public_cell(text: str, field: str) -> tuple[Kind, ...]:
    """
    Kinds of personal data that keep a cell off the public page, empty when it may be seen.

    A mobile number counts in any column but the public phone's, with or without a word beside it.
    """
    found = (h.kind for h in hits(text) if h.certain or h.kind == "mobile")
    return tuple(dict.fromkeys(kind for kind in found if kind not in ALLOWED.get(field, ())))


def all_values(texts: Iterable[str]) -> set[str]:
    """Every personal value in some texts, as :func:`plain`; what may be seen in one place may be seen in any."""
    return {plain(text)[h.start : h.end] for text in texts for h in hits(text)}


__all__ = [
    "TITLES",
    "Hit",
    "Kind",
    "all_values",
    "has_resident_id",
    "hits",
    "in_column",
    "in_public_cell",
    "is_person",
    "is_personal_header",
    "masked",
    "plain",
]
