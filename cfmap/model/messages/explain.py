"""What does a code mean, and how is it mended step by step? One source for the pages in docs/faults and for ``cfmap explain``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfmap.model.messages import LEVEL_TITLES, LEVELS, MESSAGES
from cfmap.model.messages.examples import BOOK, CSV, GIS, NETWORK, SETTINGS, example

if TYPE_CHECKING:
    from cfmap.model.messages import Fault, Lang

Words = tuple[str, str]

#: Exit codes of a run that a record stops, by the first digit; :data:`EXITS` has those that differ.
BY_DIGIT = {"1": 2, "2": 3, "3": 3, "4": 4, "5": 5, "6": 6}
EXITS = {
    "E174": 3,
    "E287": 2, "E288": 2, "E298": 2, "E344": 4, "E346": 4, "E362": 2, "E385": 2, "E393": 2, "E431": 2, "E436": 3, "E437": 3, "E439": 3, "E490": 1, "E494": 3, "E495": 3, "E496": 3, "E497": 3, "E554": 3,
}  # fmt: skip
EXIT_TITLES: dict[int, Words] = {
    0: ("不停下", "goes on"),
    1: ("cfmap 自身故障", "a fault in cfmap"),
    2: ("命令或设置不对", "command or settings"),
    3: ("数据有错，没有发布", "input data, nothing published"),
    4: ("环境：磁盘、权限、网络、缺少部件", "environment: disk, rights, network, a missing part"),
    5: ("为了安全拒绝", "refused for safety"),
    6: ("写出后自查没通过", "self-check"),
}

#: Pages: name, title, first and last number of the codes on it.
PAGES: tuple[tuple[str, Words, int, int], ...] = (
    ("settings", ("设置、命令和版本", "Settings, commands and versions"), 100, 199),
    ("files", ("文件、工作表和表头", "Files, sheets and headers"), 200, 219),
    ("cells", ("单元格", "Cells"), 220, 229),
    ("coordinates", ("坐标和坐标系", "Coordinates and datums"), 230, 249),
    ("shapes", ("图形、乡镇街道、照片、活动", "Shapes, towns, photos, events"), 250, 269),
    ("rounds", ("读取程序、一年一次的收发", "The reading process, the yearly round"), 270, 299),
    ("streets", ("街道网络", "The street network"), 300, 379),
    ("reach", ("点位、人口和步行范围", "Sites, people and reach"), 380, 399),
    ("environment", ("磁盘、权限、网络、程序", "Disk, rights, network, the program"), 400, 499),
    ("safety", ("为了安全：个人信息、密钥、审图号、外来文件", "Safety: personal data, keys, map review, outside files"), 500, 599),
    ("selfcheck", ("发布前的自查", "The self-check before publication"), 600, 699),
)

_AGAIN: Words = ("再运行一次 `cfmap check`，直到没有错误。", "Run `cfmap check` again until there is no error.")
_CELL: tuple[Words, ...] = (
    (
        "打开 `output/returned/` 里这份表的副本（CSV 的叫 `原名.问题.xlsx`），在第一页“问题”里点“位置”，跳到标了颜色的格子。",
        "Open the table's copy in `output/returned/` (a CSV's is called `NAME.问题.xlsx`) and click the place in its sheet 问题: it leads to the coloured cell.",
    ),
    ("照批注改好；数字、日期直接输入，不要带单位和说明。", "Mend it as the comment says; type numbers and dates bare, without units or remarks."),
    (
        "Excel 工作簿：保存后把副本交回来就行（“问题”那一页不用删）。CSV：照着改原件，Excel 里另存为“CSV UTF-8（逗号分隔）”，WPS 里另存为 .csv。",
        "A workbook: save the copy and hand it in (sheet 问题 may stay). A CSV: mend the original and save it as “CSV UTF-8” in Excel, as .csv in WPS.",
    ),
)
_FILE: tuple[Words, ...] = (
    ("用 Excel 或 WPS 打开这份原件（GIS 文件用 QGIS 或 ArcGIS）。", "Open the original in Excel or WPS (a GIS file in QGIS or ArcGIS)."),
)
_SETTINGS: tuple[Words, ...] = (
    (
        "用文本编辑器（记事本、VS Code）打开项目文件夹里的 `cfmap.toml`，到消息说的那一行。",
        "Open `cfmap.toml` in the project's folder with a text editor and go to the line that the message names.",
    ),
)
_SAVE_SETTINGS: Words = ("保存为 UTF-8（记事本：另存为 → 编码 UTF-8），再运行一次。", "Save it as UTF-8 (Notepad: Save as, encoding UTF-8) and run again.")

#: Steps of one code, instead of its message's advice.
STEPS: dict[str, tuple[Words, ...]] = {
    "E203": (
        ("先看是个别行还是整列：按“经度”列排序，中国的经度在 73 到 136 之间，纬度在 3 到 54 之间。", "See whether it is a few rows or the whole column: in China longitudes lie between 73 and 136, latitudes between 3 and 54."),
        ("个别行：把两格的数对调（剪切一个到旁边的空格，再换过来）。", "A few rows: swap the two cells (cut one to a free cell, then exchange)."),
        ('整列都反了：不用动表，在 `cfmap.toml` 这个来源里写 `columns = { lon = "纬度", lat = "经度" }`，等号右边是表里的列名。', "The whole column: leave the table and write `columns = { lon = \"纬度\", lat = \"经度\" }` for this source in `cfmap.toml`; to the right stand the table's headers."),
    ),
    "E206": (
        ("Excel：文件 → 信息 → 保护工作簿 → 用密码进行加密 → 清空密码 → 确定，保存。", "Excel: File, Info, Protect Workbook, Encrypt with Password, empty the field, OK, save."),
        ("WPS：文件 → 文档加密 → 密码加密 → 清空密码 → 应用，保存。", "WPS: File, Encrypt, empty the password, apply, save."),
        ("单位统一加密（透明加密、IRM）的电脑：请管理员解密后再交。", "Where the office encrypts all files, ask its administrator for a decrypted copy."),
    ),
    "E214": (
        ("用 Excel 或 WPS 打开这份表，等公式算完（Excel：公式 → 计算选项 → 自动）。", "Open the table in Excel or WPS and let the formulas compute (Formulas, Calculation Options, Automatic)."),
        ("保存，再交。不想留公式：选中这一列 → 复制 → 选择性粘贴 → 数值。", "Save it. To get rid of the formulas: copy the column, Paste Special, Values."),
    ),
    "E222": (
        ("把“编号”整列选中 → 右键“设置单元格格式” → 文本。", "Select the id column, Format Cells, Text."),
        ("从原来的系统重新导出或重新填写编号；已经变成 0 的末几位找不回来。", "Export or type the ids again; the digits that became 0 are lost."),
        ("从 CSV 来的：Excel 里用 数据 → 自文本/CSV，导入时把这一列选成“文本”，不要直接双击打开。", "From a CSV: Data, From Text/CSV, and choose Text for the column; do not open it by a double-click."),
    ),
    "E241": (
        ("问提供数据的人用的是什么坐标系；或者在 QGIS 里把图层叠到底图上，试到对上为止。", "Ask who made the data, or lay them over a map in QGIS and try until they fit."),
        ("在 `cfmap.toml` 这个来源里写 `datum`：`wgs84`、`cgcs2000`、`gcj02`（高德、腾讯）、`bd09`（百度），或 `EPSG:4549` 这样的代号。", "Write `datum` for this source in `cfmap.toml`: `wgs84`, `cgcs2000`, `gcj02` (Amap, Tencent), `bd09` (Baidu) or a code such as `EPSG:4549`."),
    ),
    "E240": (
        ("打开 `output/check.gpkg`：每个点有两个位置，“照声明的坐标系”和“照更像的坐标系”，看哪一个落在对的路边。", "Open `output/check.gpkg`: every site has two places, by the declared and by the likelier datum; see which stands at the right street."),
        ("确认以后，在 `cfmap.toml` 这个来源里改 `datum`，不要改表里的数。", "When you are sure, change `datum` for this source in `cfmap.toml`; leave the numbers alone."),
    ),
    "E501": (
        ("在 Excel 里按 Ctrl+End，看最后一个格子是不是远在数据以外。", "Press Ctrl+End in Excel and see whether the last cell lies far outside the data."),
        ("选中数据下面的整行（点行号，Ctrl+Shift+↓）→ 右键删除；数据右边的整列也一样。", "Select the rows below the data (Ctrl+Shift+Down on a row number) and delete them; the same with columns to the right."),
        ("保存、关闭、再打开，按 Ctrl+End 确认。", "Save, close, open again and check with Ctrl+End."),
    ),
    "W226": (
        ("乱码救不回来：在原来的系统里重新导出，编码选 UTF-8 或 GBK。", "Garbled text cannot be saved: export it again with UTF-8 or GBK."),
        ("只有几个格子：照实际名称重新输入。", "A few cells: type the names again."),
    ),
    "E503": (
        ("在原件里删掉这一列（右键列字母 → 删除），不是隐藏。", "Delete the column in the original (right-click its letter, Delete); hiding is not enough."),
        ("身份证号在别的列里出现的：只删那个格子里的号码。", "Where a number stands in another column, delete the number in that cell."),
        ("机构对外公布的电话：列名改成“公开电话”。", "A published phone of the institution: call the column 公开电话."),
    ),
    "E404": (
        ("在 Excel、WPS、QGIS 里关掉消息里写的那个文件。", "Close the file that the message names in Excel, WPS or QGIS."),
        ("还不行：等一会儿（杀毒软件在扫描），或重启电脑。", "Still held: wait for the virus scanner, or restart the computer."),
    ),
    "E490": (
        ("运行 `cfmap doctor --bundle`，得到一个 zip（版本、设置、运行记录；没有数据，个人信息和密钥已遮住）。", "Run `cfmap doctor --bundle`: it makes a zip (versions, settings, logs; no data, personal values and keys hidden)."),
        ("把它连同您运行的命令一起发给维护人员。", "Send it with the command you ran to the maintainers."),
    ),
}  # fmt: skip


def exit_code(code: str) -> int:
    """Exit code of a run that stops at this record; 0 for what only warns or informs."""
    return EXITS.get(code, BY_DIGIT[code[1]]) if LEVELS[code[0]] == "error" else 0


def page_of(code: str) -> str:
    """Name of the page that a code stands on."""
    number = int(code[1:])
    return next(name for name, _, first, last in PAGES if first <= number <= last)


def codes_on(page: str) -> list[str]:
    """Codes of a page by number; of one number errors before warnings before notes."""
    return sorted((c for c in MESSAGES if page_of(c) == page), key=lambda c: (c[1:], "EWI".index(c[0])))


def steps(record: Fault) -> list[Words]:
    """How to mend, step by step; empty for what only informs and asks for nothing."""
    code, advice = record.code, (record.how("zh"), record.how("en"))
    if code in STEPS:
        own = STEPS[code]
    elif advice[0]:
        own = ((f"{advice[0]}。".replace("。。", "。"), f"{advice[1][:1].upper()}{advice[1][1:]}."),)
    else:
        return []
    if record.file == SETTINGS:
        return [*_SETTINGS, *own, _SAVE_SETTINGS]
    if record.row is not None and record.file in (BOOK, CSV):
        return [*_CELL[:1], *own, _CELL[2], _AGAIN]
    if record.file in (BOOK, CSV, GIS) and code not in STEPS:
        return [*_FILE, *own, _AGAIN]
    return [*own, _AGAIN] if record.file not in (None, NETWORK) else list(own)


def section(code: str) -> str:
    """A code's part of its page, Markdown: what it means, how it is printed, how to mend it, which exit code follows."""
    record = example(code)
    lines = [f'<a id="{code.lower()}"></a>', "", f"## {code} · {LEVEL_TITLES[record.level][0]} {LEVEL_TITLES[record.level][1]}", ""]
    lines += ["```text", record.render("zh"), "```", "", "```text", record.render("en"), "```", ""]
    lines += [f"退出码 exit code: **{exit_code(code)}** {EXIT_TITLES[exit_code(code)][0]} · {EXIT_TITLES[exit_code(code)][1]}", ""]
    if mending := steps(record):
        lines += ["**怎么改 · How to mend it**", ""]
        lines += [f"{n}. {zh} *{en}*" for n, (zh, en) in enumerate(mending, start=1)]
        lines += [""]
    return "\n".join(lines)


def pages() -> dict[str, str]:
    """Markdown of every page by its file name, the index too."""
    note = "<!-- 由 docs/generate.py 从 cfmap/model/messages 生成，请改那里。 Generated from cfmap/model/messages. -->"
    index = [
        "# 问题代码 · Codes",
        "",
        note,
        "",
        "程序说的每一个问题都有代码；`cfmap explain 代码` 在终端里显示同样的说明，不用联网。例子里的城市和数字是编的。",
    ]
    index += ["*Every finding has a code; `cfmap explain CODE` shows the same without internet. City and numbers of the examples are made up.*", ""]
    index += ["E 错误：停下，或这一行不用。W 警告：继续，请看一眼。I 提示。 *E stops or drops the row, W goes on, I informs.*", ""]
    made = {}
    for name, (zh, en), _, _ in PAGES:
        codes = codes_on(name)
        if not codes:
            continue
        index += [f"## [{zh} · {en}]({name}.md)", "", "| 代码 code | 问题 | What | 退出码 exit |", "|---|---|---|---|"]
        for code in codes:
            record = example(code)
            what = " | ".join(record.what(lang).replace("|", "\\|") for lang in ("zh", "en"))
            index.append(f"| [{code}]({name}.md#{code.lower()}) | {what} | {exit_code(code)} |")
        index.append("")
        made[f"{name}.md"] = (
            "\n".join([f"# {zh} · {en}", "", note, "", "[全部代码 all codes](README.md)", "", *(section(code) for code in codes)]).rstrip() + "\n"
        )
    return {"README.md": "\n".join(index).rstrip() + "\n", **made}


def told(code: str, lang: Lang) -> list[str]:
    """The explanation of a code for the terminal, line by line, in one language."""
    record, zh = example(code), lang == "zh"
    number = 0 if zh else 1
    left = exit_code(code)
    lines = [f"{code}  {record.what(lang)}" + ("（例子）" if zh else " (an example)"), "", *record.render(lang).splitlines(), ""]
    if mending := steps(record):
        lines += ["怎么改：" if zh else "How to mend it:", *(f"  {n}. {step[number]}" for n, step in enumerate(mending, start=1)), ""]
    return [*lines, f"{'退出码' if zh else 'Exit code'} {left}: {EXIT_TITLES[left][number]}"]
