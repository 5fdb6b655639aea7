"""Made-up personal data and made-up things that look like it, each kind in several forms. Nobody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
PROVINCES = (11, 13, 21, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 50, 51, 52, 53, 61, 62, 65)
WIDE = str.maketrans("0123456789X-", "０１２３４５６７８９Ｘ－")
SURNAMES = "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢唐许冯宋韩邓彭曹曾田萧潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂梓涵浩宇欣怡子轩雨桐诗琪一诺俊熙可馨思远佳琪文博"
CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # of GB 32100
TALK = ("经办 {}，请核对", "备注：{}（已登记）", "材料里写着{}。", "见 {} 一栏")


def digits(r: Random, n: int) -> str:
    return "".join(r.choice("0123456789") for _ in range(n))


def day(r: Random, first: int = 1950, last: int = 2023) -> tuple[int, int, int]:
    return r.randint(first, last), r.randint(1, 12), r.randint(1, 28)


def born(r: Random) -> str:
    y, m, d = day(r)
    return f"{y}{m:02d}{d:02d}"


def resident_id(r: Random) -> str:
    body = f"{r.choice(PROVINCES)}{digits(r, 4)}{born(r)}{digits(r, 3)}"
    return body + "10X98765432"[sum(int(d) * w for d, w in zip(body, WEIGHTS, strict=True)) % 11]


def mobile(r: Random) -> str:
    return f"1{r.randint(3, 9)}{digits(r, 9)}"


def home(r: Random) -> str:
    estate = r.choice(("阳光小区", "翠苑新村", "东方花园", "学府家园", "滨江公寓"))
    b, u, f, n = r.randint(1, 60), r.randint(1, 6), r.randint(1, 32), r.randint(1, 4)
    return estate + r.choice((f"{b}栋{u}单元{f}0{n}室", f"{b}幢{u}单元{f}0{n}", f"{b}号楼{u}单元{f}0{n}室", f"{b}幢{f}0{n}室", f"{b}-{u}-{f}0{n}"))


def name(r: Random) -> str:
    return r.choice(SURNAMES) + "".join(r.choice(GIVEN) for _ in range(r.choice((1, 2, 2))))


def card(r: Random) -> str:
    body = f"62{digits(r, 16 if r.random() < 0.7 else 13)}"
    total = sum(d if i % 2 else sum(divmod(2 * d, 10)) for i, d in enumerate(map(int, reversed(body))))
    return body + str(-total % 10)


def email(r: Random) -> str:
    return f"{''.join(r.choice('abcdefghijk_.') for _ in range(r.randint(2, 10))).strip('._') or 'a'}{digits(r, 2)}@{r.choice(('qq.example', 'mail.example.cn', '163.example'))}"


def plate(r: Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    return (
        r.choice("京津沪渝冀豫云辽黑湘皖鲁苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼")
        + r.choice(letters)
        + r.choice(("", "·"))
        + r.choice(letters + "0123456789")
        + digits(r, r.choice((4, 5)))
    )


def birth(r: Random) -> str:
    y, m, d = day(r, 2008)
    return r.choice((f"{name(r)} {y}-{m:02d}-{d:02d}", f"{name(r)}（{y}年{m}月{d}日）", f"{name(r)}，女，{y}.{m}.{d}", f"{name(r)}{y}年{m}月{d}日生"))


def child(r: Random) -> str:
    return f"{r.choice(('学生姓名', '家长', '监护人', '联系人', '姓名'))}：{name(r)}"


def passport(r: Random) -> str:
    return r.choice("EG") + digits(r, 8)


def wide(make: Callable[[Random], str]) -> Callable[[Random], str]:
    return lambda r: make(r).translate(WIDE)


def talk(make: Callable[[Random], str]) -> Callable[[Random], str]:
    return lambda r: r.choice(TALK).format(make(r))


def called(r: Random) -> str:
    return r.choice(("联系手机{}", "电话：{}", "微信 {}", "有事请拨打{}")).format(mobile(r))


def split(make: Callable[[Random], str], *at: int) -> Callable[[Random], str]:
    def made(r: Random) -> str:
        text, mark = make(r), r.choice(" -")
        return mark.join(text[a:b] for a, b in zip((0, *at), (*at, None), strict=True))

    return made


#: What must be found: title, kind, maker. Columns of nothing else.
PERSONAL: tuple[tuple[str, str, Callable[[Random], str]], ...] = (
    ("resident id", "resident_id", resident_id),
    ("resident id in a sentence", "resident_id", talk(resident_id)),
    ("resident id, full width", "resident_id", wide(resident_id)),
    ("resident id, split", "resident_id", split(resident_id, 6, 14)),
    ("mobile, a column of them", "mobile", mobile),
    ("mobile, split", "mobile", split(mobile, 3, 7)),
    ("mobile, full width", "mobile", wide(mobile)),
    ("mobile after a word for phone", "mobile", called),
    ("home address", "home", home),
    ("home address in a sentence", "home", talk(home)),
    ("names, a column of them", "person", name),
    ("name after 家长, 姓名 ...", "person", child),
    ("name with birth date", "birth", birth),
    ("bank card, a column of them", "card", card),
    ("passport, a column of them", "passport", passport),
    ("e-mail", "email", email),
    ("e-mail in a sentence", "email", talk(email)),
    ("licence plate", "plate", plate),
)


def credit_code(r: Random) -> str:
    return r.choice("15Y9") + r.choice("1239") + str(r.choice(PROVINCES)) + digits(r, 4) + "".join(r.choice(CODE) for _ in range(10))


def parcel(r: Random) -> str:
    head = f"{r.choice(PROVINCES)}{digits(r, 4)}"
    return r.choice((head + digits(r, 13), f"{head}{digits(r, 6)}GB{digits(r, 5)}"))


def landline(r: Random) -> str:
    return r.choice(
        (
            f"0{r.randint(10, 999)}-{r.randint(2, 8)}{digits(r, 7)}",
            f"0577{r.randint(2, 8)}{digits(r, 7)}",
            f"{r.randint(2, 8)}{digits(r, 6)}",
            "12345",
            "400-820-" + digits(r, 4),
        )
    )


def school(r: Random) -> str:
    """Schools that are called after somebody, or whose name begins as a person's does."""
    return r.choice(
        (
            f"{name(r)}{r.choice(('小学', '中学', '幼儿园', '学校', '纪念馆', '公园'))}",
            r.choice(SURNAMES) + r.choice(("明小学", "山中学", "桥学校", "家幼儿园", "溪公园", "湾")),
        )
    )


def address(r: Random) -> str:
    road = f"{r.choice(SURNAMES)}{r.choice(('山', '江', '明', '和'))}路"
    return r.choice(
        (
            f"{road}{r.randint(1, 900)}号", f"{road}{r.randint(1, 900)}号{r.choice(('行政中心', '文化大厦', '科技园'))}{r.randint(1, 9)}号楼{r.randint(1, 20)}层",
            f"{road}与人民路交叉口东{r.randint(10, 300)}米", f"阳光小区{r.randint(1, 40)}幢底层", f"{road}{r.randint(1, 300)}-{r.randint(1, 30)}号", f"市民中心{r.randint(1, 5)}号楼{r.randint(1, 20)}0{r.randint(1, 9)}室",
            f"东方花园{r.randint(1, 30)}号楼旁", f"{r.randint(1, 9)}号楼{r.randint(1, 4)}楼儿童阅览区",
        )
    )  # fmt: skip


def hours(r: Random) -> str:
    y, m, d = day(r, 2020, 2026)
    return r.choice(
        (
            f"{r.randint(7, 9)}:00-{r.randint(16, 21)}:30",
            f"周三 {y}-{m:02d}-{d:02d}",
            f"周末；{y}年{m}月{d}日起试开放",
            f"{y}.{m}.{d}成立",
            f"于{y}年{m}月建成，{y + 1}年生效",
            f"{y}{m:02d}{d:02d}",
        )
    )


def licence(r: Random) -> str:
    return r.choice((f"浙ICP备{digits(r, 8)}号", f"浙B2-{digits(r, 8)}", f"浙托备{digits(r, 6)}", f"(浙){digits(r, 4)}号"))


def site_code(r: Random) -> str:
    return r.choice((f"A-{digits(r, 6)}", f"E{digits(r, 6)}", f"p{r.getrandbits(48):012x}", f"node/1{digits(r, 10)}", f"S3303{digits(r, 10)}"))


#: What must be left alone.
HARMLESS: tuple[tuple[str, Callable[[Random], str]], ...] = (
    ("random 18 digits", lambda r: digits(r, 18)),
    ("统一社会信用代码", credit_code),
    ("19-digit and GB parcel codes", parcel),
    ("coordinates", lambda r: f"{r.uniform(73, 135):.{r.randint(4, 8)}f}"),
    ("8-digit eastings", lambda r: f"{r.randint(25, 45)}{r.uniform(300000, 700000):.{r.randint(0, 3)}f}"),
    ("random 11-digit codes", lambda r: digits(r, 11)),
    ("phones of institutions", landline),
    ("school names like persons' names", school),
    ("addresses of institutions", address),
    ("opening hours and dates", hours),
    ("licence numbers", licence),
    ("site codes and OSM ids", site_code),
)
