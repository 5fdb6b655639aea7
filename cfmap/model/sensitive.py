"""Which layers say where children in need are? They never leave the house."""

from __future__ import annotations

import re
import unicodedata

#: Words for children in need, their homes, and lists of them (chosen by us; 个人信息保护法 arts. 28 and 31 make all data of under-14s sensitive).
WORDS = (
    "困境儿童", "困难儿童", "留守儿童", "流动儿童", "孤儿", "弃婴", "弃儿", "事实无人抚养", "监护缺失", "困难家庭", "低保家庭",
    "低保儿童", "特困儿童", "贫困儿童", "贫困学生", "受助儿童", "受助学生", "残疾儿童", "残障儿童", "自闭症儿童", "孤独症儿童", "患病儿童",
    "患儿", "重病儿童", "大病儿童", "涉案未成年人", "涉罪未成年人", "服刑人员子女", "戒毒人员子女", "艾滋病", "受侵害", "遭受家暴", "梦想小屋",
    "梦想改造", "微心愿", "结对帮扶", "走访名单", "儿童住址", "儿童住所", "儿童家庭", "学生家庭", "学生住址", "家庭住址", "儿童名单",
    "学生名单", "幼儿名单",
)  # fmt: skip
ENGLISH = re.compile(
    r"children.in.(?:need|difficult)|left.behind.children|orphans?(?!age)|vulnerable.children|disabled.children|(?:children|pupil|student)s?.?(?:homes?.address|list)|dream.?(?:house|cabin|room)s?"
    r"|homes.of.children|kunjing|liushou|mengxiang",
    re.IGNORECASE,
)
#: An institution that serves them is a public place.
_INSTITUTION = re.compile(
    r"(?:服务站|服务点|服务中心|工作站|关爱站|保护站|指导站|救助站|中心|机构|学校|医院|福利院|之家|驿站|基地|阵地|窗口)[\s_\-0-9年版（(]*[^\u4e00-\u9fff]*$"
)


def sensitive(name: str) -> bool:
    """Whether a layer, file or sheet of this name holds where children in need live or are; institutions that serve them do not count."""
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", name))
    stem = re.sub(r"\.\w{2,7}$", "", text)
    return (any(word in stem for word in WORDS) and not _INSTITUTION.search(stem)) or bool(ENGLISH.search(name.replace("_", " ").replace("-", " ")))


__all__ = ["sensitive"]
