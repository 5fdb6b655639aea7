"""How does a city start: a new project with settings, department templates and a page that says what to collect."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cfmap.model.errors import ConfigError, InputError
from cfmap.model.layer import GROUPS
from cfmap.model.messages import fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cfmap.intake.templates import Box
    from cfmap.model.layer import Layer

CONFIG_NAME = "cfmap.toml"
GUIDE_NAME = "说明.md"
POPULATION_NAME = "communities.xlsx"
ONE_FILE = (".geojson", ".json", ".gpkg")
IGNORED = {".git", ".DS_Store"}  # may be there before; nothing of the project bears these names

#: Which department usually hands in which layer; the order is also the display order inside a group.
DEPARTMENTS: dict[str, tuple[str, ...]] = {
    "教育局": ("schools", "kindergartens", "special_education", "school_gates"),
    "卫生健康局": ("hospitals", "primary_care", "childcare"),
    "住房和城乡建设局": ("parks", "playgrounds", "micro_spaces", "streets"),
    "文化和旅游局": ("venues", "libraries", "study_bases", "events"),
    "妇联": ("children_homes", "mother_baby_rooms", "parent_schools", "council_seats"),
    "民政局": ("protection_stations", "communities", "towns"),
    "公安局": ("accessible_crossings",),
    "商务局": ("business_areas", "enterprises"),
}


def init(folder: Path, *, city_name: str, year: int | None = None, boundary: Path | None = None) -> list[Path]:
    """
    Make a new city project.

    The project appears whole or not at all: it is made beside `folder` and moved in at the end.

    Parameters
    ----------
    folder
        Where; made when missing.
    city_name
        Name of the city as shown on every output.
    year
        First edition; None = this year.
    boundary
        Outline of the city in WGS84 or with a CRS of its own (GeoJSON, GeoPackage); copied into the project, and the templates
        then take coordinates in and round it alone.

    Returns
    -------
    files
        What was made, settings first.

    Raises
    ------
    ConfigError
        E120: `folder` is a file, or holds something already.
    InputError
        As :func:`cfmap.intake.read_outline`, for `boundary`.
    OSError
        The folder cannot be written.
    """
    from cfmap.model.city import City
    from cfmap.model.layers import find_layers

    if folder.exists() and (not folder.is_dir() or any(child.name not in IGNORED for child in folder.iterdir())):
        raise ConfigError(fault("E120", file=str(folder)))
    name = "".join(c for c in city_name if c.isprintable()).strip()
    chosen = year or datetime.now(tz=UTC).year
    bare = City.model_validate({"root": folder, "city": {"name": name}, "edition": {"year": chosen}, "network": {"source": "-"}})
    layers = find_layers(bare)

    box = _box(boundary)

    folder.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".cfmap-init-", dir=folder.parent))
    try:
        text = settings(name, layers, year=chosen)
        if boundary is not None:
            place = f"data/boundary{boundary.suffix.lower()}"
            text = text.replace('# city = "data/boundary.gpkg"', f'city = "{place}"', 1)
            (made / "data").mkdir()
            shutil.copyfile(boundary, made / place)
        (made / CONFIG_NAME).write_text(text, encoding="utf-8")
        (made / GUIDE_NAME).write_text(guide(name, year=chosen), encoding="utf-8")
        _templates(made / "data", layers, box=box, year=chosen)
        relative = sorted((p.relative_to(made) for p in made.rglob("*") if p.is_file()), key=lambda p: (len(p.parts), str(p)))
        folder.mkdir(exist_ok=True)
        for child in sorted(made.iterdir()):
            shutil.move(child, folder / child.name)
    finally:
        shutil.rmtree(made, ignore_errors=True)
    return [folder / p for p in relative]


def _box(boundary: Path | None) -> Box:
    from cfmap.intake.templates import CHINA, ROUND_CITY_DEG

    if boundary is None:
        return CHINA
    if boundary.suffix.lower() not in ONE_FILE:  # a shapefile is several
        raise InputError(fault("E205", file=boundary.name, suffix=boundary.suffix or "—", known=" ".join(ONE_FILE)))
    from cfmap.intake import read_outline

    west, south, east, north = read_outline(boundary, datum="wgs84").total_bounds
    grown = (west - ROUND_CITY_DEG, south - ROUND_CITY_DEG, east + ROUND_CITY_DEG, north + ROUND_CITY_DEG)
    return tuple(round(float(v), 2) for v in grown)  # type: ignore[return-value]


def _templates(data: Path, layers: Mapping[str, Layer], *, box: Box, year: int) -> None:
    from cfmap.intake.templates import write_population_template, write_template

    (data / str(year)).mkdir(parents=True)
    for department, keys in DEPARTMENTS.items():
        own = [layers[key] for key in keys if key in layers]
        if own:
            write_template(data / str(year) / f"{department}.xlsx", own, box=box)
    write_population_template(data / POPULATION_NAME, box=box)


# -- settings ------------------------------------------------------------------------------------------------------


def settings(city_name: str, layers: Mapping[str, Layer], *, year: int) -> str:
    """
    Text of ``cfmap.toml``: every section, explained.

    Layers with OpenStreetMap tags start with that source, so that the first map needs no table; a department's table is a
    line to uncomment once it is filled in, because a source that is named must exist.
    """
    return _HEAD.format(name=json.dumps(city_name, ensure_ascii=False), year=year, former=year - 1) + _layer_sections(layers) + _TAIL


def _layer_sections(layers: Mapping[str, Layer]) -> str:
    handed_in_by = {key: department for department, keys in DEPARTMENTS.items() for key in keys}
    order = list(handed_in_by)
    lines: list[str] = []
    for group, (title, _) in GROUPS.items():
        members = [layer for layer in layers.values() if layer.group == group]
        members.sort(key=lambda layer: order.index(layer.key) if layer.key in order else len(order))
        lines += ["", f"# —— {title} ——"]
        for layer in members:
            lines += ["", f"[layers.{layer.key}]  # {layer.title}", "sources = [", f"    # {_table(layer, handed_in_by)},"]
            lines += ["    { osm = true },", "]"] if layer.osm else ["]"]
    return "\n".join(lines) + "\n"


def _table(layer: Layer, handed_in_by: Mapping[str, str]) -> str:
    if layer.geometry == "Point" and layer.key in handed_in_by:
        return f'{{ path = "data/{{year}}/{handed_in_by[layer.key]}.xlsx", sheet = "{layer.title}", datum = "wgs84" }}'
    return f'{{ path = "data/{{year}}/{layer.title}.geojson", datum = "wgs84" }}'


_HEAD = """\
# 儿童友好城市地图：项目设置。改完保存，运行 cfmap check 看有没有问题。
# 以 # 开头的是说明，或者暂时不用的设置；要启用就去掉行首的 #。

[city]
name = {name}
name_en = ""             # 英文名，显示在英文界面上
adcode = ""              # 六位行政区划代码，没有就留空
demo = false             # 演示数据写 true，所有成果都会标明“演示数据”

[edition]
year = {year}
editions = [{year}]          # 有几年的数据就写几年，例如 [2022, 2023, 2024]
# data_date = {year}-12-31   # 数据截止日期，印在图上
# data_dates = {{ {former} = {former}-12-31 }}  # 别的年份各自的数据截止日期
producer = ""            # 编制单位，印在图上
review_number = ""       # 审图号；公开版（cfmap build）没有它、也没有下面的理由，就不发布
review_fingerprint = ""  # 送审的那一版的内容指纹，cfmap build 会打印；内容变了会提醒重新送审
exemption = ""           # 依规不需要审图号时，在这里写明理由；送审用的样图可以写“送审样图，不公开”

[crs]
metres = "auto"          # 量距离用的坐标系；auto = 按城市位置选 CGCS2000 三度带

[network]                # 第 2 份文件：街道网络
source = "data/network.osm.pbf"   # 运行 cfmap fetch 可以取得；也可以换成本局的道路中心线（SHP、GPKG）
buffer_m = 1500          # 边界外多取几米，避免边上的路断掉
datum = "wgs84"
attribution = "© OpenStreetMap contributors, ODbL"   # 用本局的路网时改成数据来源
# overpass_url = "https://overpass-api.de/api"   # cfmap fetch 向哪里取数据，连不上时换一个镜像

[boundary]               # 第 3 份文件：边界（SHP、GPKG、GeoJSON），放好后去掉行首的 #
# city = "data/boundary.gpkg"
# towns = "data/towns.gpkg"       # 乡镇街道，须有 name 列
source = ""              # 边界从哪里来，例如“某某市民政局行政区域界线，2024 年”；公开版要写
datum = "wgs84"

[basemap]                # 底图默认自己画；本局有水面、绿地的面，就写在这里
# water = "data/water.gpkg"
# green = "data/green.gpkg"
# datum = "wgs84"
# attribution = ""       # 它们的来源
# tiles = "tianditu"     # 再加天地图的图片：密钥放进环境变量 CFMAP_TIANDITU_KEY，不写在这里
# tiles_attribution = "" # 天地图公布的署名和审图号
# tiles_licence = ""     # tiles = "amap" 时：和高德的协议编号
# tiles_url = ""         # tiles = "amap" 时：协议给的图片网址

[population]             # 第 4 份文件：社区人口，按 data/communities.xlsx 的表头填好后去掉行首的 #
# table = "data/communities.xlsx"
# sheet = "社区人口"      # 表里有好几个工作表时写明
# columns = {{ "常住人口" = "总人口数" }}   # 列名和模板不一样时写明
# buildings = ""         # 住宅建筑的面（GPKG、SHP）：社区人口按楼层数 × 占地面积分到楼
# buildings_datum = "gcj02"   # 住宅文件的坐标系；不写就按文件自己写的
# raster = ""            # 没有社区表时：人口栅格（GeoTIFF），要装 cfmap[raster]
# totals = ""            # 各乡镇街道官方人口总数的表：人口栅格按它校准，社区表和它核对
datum = "wgs84"
source = ""              # 人口数据来自哪里，例如 “第七次全国人口普查”
# data_date = {year}-12-31   # 人口数据截止日期

[walking]
headline_m = 1000        # 15 分钟走多远：上限 1000 米，旁边总有 800 米
beside_m = 800
child_pace = "child"     # 幼儿步速 0.88 米/秒；推婴儿车用 "stroller"
nature_mode = "walk"     # 半小时自然圈怎么去：walk / cycle / bus
perimeter_m = 150        # 学校周边看多远

[safety]
layers = ["schools", "kindergartens"]  # 看谁的周边：中小学 schools、幼儿园 kindergartens；两样的数分开列，学校的目标只看学校
method = "network"       # 学校周边怎么量：network 从校门沿街走 / radius 校门画圆 / wall 校园围墙外扩
ring_m = 0               # 再往外看一圈，如 300 或 500 米；0 是不看
rule_set = "default"     # default：人行空间、限速、门口过街；strict：再加路灯和标志
covered = "every"        # 学校算安全：every 每一段都安全 / length 九成长度安全且门口过街安全
survey = []              # 现场调查的结果，由 cfmap survey import 写
limit_kmh = 30           # 限速不高于这个数才算安全；全部规则：cfmap rules
clear_width_m = 1.5      # 人行道净宽至少几米
many_lanes = 2           # 单向几条车道起，过街要有信号灯
school_hours = ["07:30-08:00", "16:30-17:00"]  # 上下学时段，周一至周五；分时段的限速要管到这些时候
# mending = {{ prices = {{ sidewalk_m = 0, speed_limit = 0, signals = 0 }} }}   # 整改清单的单价（元），0 换成本地的数；其余见用户手册
# walking_bus = {{ children = "/别处/报名表.csv" }}   # 步行巴士的报名表：不要放在项目文件夹里；有了它，版本里就有线路、站点和时刻
# walking_bus = {{ arrival = "07:50", children_per_adult = 10, adults = 2 }}   # 步行巴士：几点到校，一个大人带几个孩子，一条线几个大人；其余见用户手册
detour = 1.25            # 学径最多比最短的路长到几倍
route_m = 1500           # 最短的路超过多少米就不算走路上学
route_children = 30      # 多少孩子共走的路才列为学径建议
unknown_multiplier = 1.2 # 不知道有没有人行道、限速多少的路，一米当几米
crossing_signalled_m = 10  # 过一次有信号灯的街当走多少米；斑马线、没画线的也一样
crossing_marked_m = 30
crossing_unmarked_m = 80
crossing_lane_m = 20     # 没画线的地方，两车道以外每多一车道再加多少米

# ===== 图层（第 1 份文件：各部门的表）=====
# 每填好一张表，就去掉对应那一行行首的 #。没填的不要去掉，程序会去找这个文件。
# datum 是坐标系，必须写对：wgs84（手机定位、天地图）、cgcs2000（测绘成果）、gcj02（高德、腾讯）、bd09（百度），或 EPSG:编号。
# {{ osm = true }} 表示同时用 OpenStreetMap 里的同类地点；不想用就删掉这一行。
# 不要的图层在它下面加一行 enabled = false。
"""

_TAIL = """
# 自己加一个图层，不用写程序，例如：
# [layers.milk_stations]
# title = "母乳喂养驿站"
# title_en = "Breastfeeding stations"
# icon = "heart"
# colour = "#a3246e"
# group = "care"
# sources = [{ path = "data/{year}/母乳喂养驿站.xlsx", datum = "wgs84" }]

[targets]
ledger = ""              # 目标台账："ruian-2022-2024" 等自带的，或 "data/我们的台账.xlsx"；没有就留空，见用户手册
# reports = "data/{year}/目标填报.xlsx"     # 各牵头单位上报的数
# statistics = "data/{year}/统计.xlsx"      # 按乡镇街道的统计数
# growth = "total"         # “首批 6，逐年增长 6”怎么读：total 累计、each_year 只看当年、rising 新增数递增
# basically = 100          # “基本实现”从达到百分之几算起
# about = 100              # “约、左右”从达到百分之几算起
# head_year = "paragraph"  # 年份只写在段首的：paragraph 随段首、plan 按计划最后一年
# no_number = "open"       # 文件没有给数的：open 只列现状、any 读作至少有一处
# children = "0-17"        # “每千名儿童”的儿童：0-17 或 0-14

[publish]
public_columns = "default"   # 公开页面显示哪些列；default = 图层里标明可以公开的列
indicators = []          # 公开页面可以写哪些数；空 = 只写各图层的个数
max_bad_share = 0.05     # 一个文件里坏行超过这个比例就停下来，不出图
keep_versions = 5        # 每个版本年份保留几次成果
contact = ""             # “报告错误”发到哪里：单位电话或邮箱
# address = ""           # 地图公布在哪个网址；图集上的二维码指向它
# report_template = "data/模板.docx"  # 年度报告用本局的模板：单独一段写【正文】的地方换成报告
# without = ["atlas"]    # 不要的输出："atlas" 图集，"report" 年度报告

[internal]               # 只出现在内部版（cfmap build --internal）的图上，不会公开
# layers = [{ path = "data/控规地块.gpkg", title = "控规地块", colour = "#8a2be2" }]
# scenario = { path = "data/拟建.xlsx", title = "拟建托育", minutes = 15 }

[geocoding]              # cfmap geocode 按地址查坐标；密钥放进环境变量，不写在这里
# url = ""               # 内网自己的服务地址；不写就用各服务公开的地址
# minutes = 30           # 一次最多查多少分钟

[theme]
colour = "#0b6e4f"       # 页面主色；太浅的会加深到白字看得清
# logo = "data/logo.png" # 标志：项目里的 PNG、JPEG 或 WebP，最大 2 MB
"""


def guide(city_name: str, *, year: int) -> str:
    """Text of the page that says what to collect and what to type."""
    return _GUIDE.format(name=city_name, year=year)


_GUIDE = """\
# {name}儿童友好地图：从这里开始

## 收齐四份文件

| | 文件 | 怎么来 | 放在哪里 |
|---|---|---|---|
| 1 | 各部门的点位表 | 模板已经在 `data/{year}/`，一个部门一本，发下去填；先看每本的“填写说明” | `data/{year}/` |
| 2 | 街道网络 | 有边界后运行 `cfmap fetch`，或 `cfmap fetch --place "{name}"` | `data/network.osm.pbf` |
| 3 | 边界 | 城市的面，最好再加乡镇街道的面（要有 `name` 列） | `data/boundary.gpkg`、`data/towns.gpkg` |
| 4 | 社区人口 | 按 `data/communities.xlsx` 的表头填 | `data/communities.xlsx` |

只有第 2 份是一定要有的：有了它，就能先用 OpenStreetMap 里的学校、医院、公园出第一张图。
部门交来自己的老表也行：列名不一样时，`cfmap check` 会问一次哪一列是哪一列，记住以后不再问。
没有第 3 份就不分乡镇；没有第 4 份就不知道“多少孩子走得到”，地图上写“未知”，不写零。

## 四步

1. 每收到一份文件，放进上面的位置，打开 `cfmap.toml`，去掉对应那一行行首的 `#`。
2. `cfmap check`：核对每一行。有问题的格子会在 `output/check.xlsx` 里标红，写明哪一行、为什么、怎么改。
3. `cfmap build`：出图出数。结果在 `output/{year}/index.html`，双击打开。
4. 明年：`cfmap roll 年份 --settings` 给各部门写好核对表，上年的数据已填好，发下去、收回来，再从第 2 步开始。

## 请注意

- 不要填个人信息：不要姓名、身份证号、私人手机号。电话只填单位对外公开的。
- 空着的格子表示“不知道”，不表示“没有”。真的没有请填“否”或 0。
- 坐标系一定要写对（`datum`）。写错了，图上会差几百米，程序会停下来提醒。
- 编号每年不变，同一处用同一个编号，这样才能看出每年的变化。
- 线和面（通学路、公交线路、研学线路、示范区域）不用 Excel，用 GIS 画好存成 GeoJSON、GPKG 或 SHP。

## 图层

项目自带全部标准图层，`cfmap layers` 可以看有哪些。要改某一个，就建 `layers` 文件夹，放一个同名的 `.py` 文件，以自己的为准；
只想加一个新图层，照 `cfmap.toml` 末尾的例子写几行就行。
"""
