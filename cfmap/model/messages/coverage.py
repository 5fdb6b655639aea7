"""Messages about coverage: sites on streets, people, school perimeters."""

from __future__ import annotations

from cfmap.model.messages.message import Message

MESSAGES: dict[str, Message] = {
    "E380": Message(
        what=("“{table}”里没有编号列 id，或有 {missing} 行编号空着。", "“{table}” has no column id, or {missing} rows without one."),
        how=("给每一行填一个不重复的编号。", "Give every row an id of its own."),
    ),
    "E381": Message(
        what=("“{table}”里编号重复：{ids}。", "Ids stand more than once in “{table}”: {ids}."),
        why=("按编号给出结果，重复了就分不清是哪一处。", "Results are given by id; with doubles nobody can tell which is meant."),
        how=("改成不重复的编号，或删去重复的行。", "Make them unique, or delete the doubles."),
    ),
    "E382": Message(
        what=("街道网络没有覆盖这些点位：{count} 处全在网络范围之外。", "The street network does not cover the sites: all {count} lie outside it."),
        why=(
            "点位范围 {sites}，街道范围 {network}（西、南、东、北，度）。",
            "Sites span {sites}, streets span {network} (west, south, east, north in degrees).",
        ),
        how=("换成本地的路网文件，或检查点位的坐标系和经纬度顺序。", "Use the network of the right place, or check datum and order of the coordinates."),
    ),
    "E383": Message(
        what=("步行分钟或速度不能用：{detail}。", "Minutes or speed cannot be used: {detail}."),
        how=("分钟和速度都要大于 0，例如 15 分钟、4.0 公里/小时。", "Both must be greater than 0, for example 15 minutes at 4.0 km/h."),
    ),
    "E384": Message(
        what=("“{table}”第 {count} 行起没有位置，或位置不是数：编号 {ids}。", "“{table}” has {count} rows without a usable place: ids {ids}."),
        how=("补上经纬度，或先删去这些行。", "Fill in the coordinates, or take these rows out first."),
    ),
    "W380": Message(
        what=("{layer}：{count} 处离最近的街道 50–100 米：{names}。", "{layer}: {count} sites are 50-100 m from the nearest street: {names}."),
        why=("这段直线距离已计入步行距离。", "The straight way to the street is counted as walking."),
        how=("请核对坐标，最好改用大门的位置。", "Check the coordinates; the place of the gate is best."),
    ),
    "W381": Message(
        what=(
            "{layer}：{count} 处离街道超过 100 米，没有参加覆盖计算：{names}。",
            "{layer}: {count} sites are over 100 m from any street and were left out of the coverage: {names}.",
        ),
        how=("请核对坐标，或补画通到门口的路。", "Check the coordinates, or draw the missing way to the door."),
    ),
    "W382": Message(
        what=("{layer}：{count} 处所在的路段和全城路网不相连：{names}。", "{layer}: {count} sites lie on streets that are not joined to the rest: {names}."),
        why=("只有同一片路上的人走得到那里。", "Only people on the same streets can walk there."),
        how=("请看地图上这里是否少画了一段路、一座桥或一个门。", "See whether a way, a bridge or a gate is missing on the map there."),
    ),
    "W383": Message(
        what=("{layer}：{count} 处的状态是“未知”，暂按在用计入。", "{layer}: {count} sites have the status 未知 (unknown) and are counted as in use."),
        how=("请向主管部门核实状态。", "Ask the department in charge."),
    ),
    "W384": Message(
        what=("{layer}：没有一处在用且走得到街道的点位，覆盖为空。", "{layer}: no site in use stands on the streets; nothing is covered."),
    ),
    "W385": Message(
        what=(
            "{count} 个居住点离街道超过 {limit} 米，列为“不在路网上”：{names}。",
            "{count} residential points are over {limit} m from any street and count as off the network: {names}.",
        ),
        how=("请核对坐标；山区、农村可以放宽到 500 米。", "Check the coordinates; in the country 500 m may be used."),
    ),
    "W386": Message(
        what=("居住点里有 {count} 个和别的点在同一位置：{names}。", "{count} residential points lie exactly on another one: {names}."),
        why=("人口照样各算各的；若是重复登记，就算了两遍。", "Each is counted; if it was registered twice its people count twice."),
        how=("请核对是不是同一个小区登记了两次。", "Check whether one community was entered twice."),
    ),
    "W387": Message(
        what=("{count} 个居住点不在任何乡镇街道内：{names}。", "{count} residential points lie in no town: {names}."),
        why=("他们计入全市，单列为“{label}”。", "They count for the city and have a row of their own, “{label}”."),
        how=("请核对坐标、乡镇名称或边界。", "Check the coordinates, the town's name or the outline."),
    ),
    "W388": Message(
        what=("{group}：{count} 个居住点没有数：{names}。", "{group_en}: {count} residential points have no figure: {names}."),
        why=("空着是不知道，不当作 0；合计里没有他们。", "Empty is unknown, not 0; the totals do not hold them."),
        how=("请补上人数；确实没有就填 0。", "Fill in the number; enter 0 where it is none."),
    ),
    "I380": Message(
        what=("{group}：{count} 个居住点的人数是 0：{names}。", "{group_en}: {count} residential points have 0 people: {names}."),
    ),
    "W389": Message(
        what=(
            "{layer}：{count} 所周边 {metres} 米内没有通汽车的路，列为“周边没有机动车道”，不算安全也不算不安全：{names}。",
            "{layer_en}: {count} have no road for motor traffic within {metres} m; they count as “no perimeter”, neither safe nor unsafe: {names}.",
        ),
    ),
    "W390": Message(
        what=("校门“{name}”找不到对应的学校，没有使用。", "The gate “{name}” matches no school and is not used."),
        why=("{reason}。", "{reason_en}."),
        how=(
            "在校门表的“所属学校”里填学校表里的名称或编号；最接近的是：{nearest}",
            "Enter the school's name or id, as in the table of schools, in the column 所属学校 of the table of gates; nearest: {nearest}",
        ),
    ),
    "I390": Message(
        what=(
            "地图上画的校门有 {count} 个不属于表里的任何一所学校，没有使用：{names}。",
            "{count} gates drawn on the map belong to none of the schools in the tables and are not used: {names}.",
        ),
        how=("不用处理；表里漏了学校的，请补上。", "Nothing is to be done, unless a school is missing in the tables."),
    ),
    "W370": Message(
        what=(
            "校门“{name}”离所属的“{school}”有 {metres} 米，仍按登记的用。",
            "The gate “{name}” is {metres} m from its school {school} and is used as it stands.",
        ),
        why=(
            "超过 {limit} 米，多半是所属学校填错了行，或者这个门、这所学校的坐标写错了。",
            "That is over {limit} m: most likely the wrong school stands beside the gate, or the coordinates of one of them are wrong.",
        ),
        how=(
            "核对校门表里这一行的所属学校和经纬度，再核对学校的经纬度。",
            "Check school and coordinates of this row in the table of gates, then those of the school.",
        ),
    ),
    "W362": Message(
        what=(
            "校门“{name}”离“{school}”直线 {metres} 米，走过去要 {walk}，仍按登记的用。",
            "The gate “{name}” is {metres} m from {school} as the crow flies and {walk_en} on foot; it is used as it stands.",
        ),
        why=(
            "中间多半隔着河、铁路或封闭的路：门的位置不对，或者街道数据里少画了一座桥、一段路。",
            "A river, a railway or a closed road lies between, most likely: the gate is misplaced, or a bridge or a way is missing in the street data.",
        ),
        how=(
            "核对校门表里这一行的经纬度；位置对的话，补上通到学校的路或桥。",
            "Check the coordinates of this row in the table of gates; if they are right, add the way or the bridge.",
        ),
    ),
    "W392": Message(
        what=(
            "{school} 的校门“{name}”（经度 {lon}，纬度 {lat}）附近 100 米内没有街道，没有使用。",
            "The gate “{name}” of {school} (longitude {lon}, latitude {lat}) has no street within 100 m and was not used.",
        ),
        why=(
            "从这个门出来走哪条路不知道，所以学校周边也不知道是否安全。",
            "Which road one comes to from it is not known, nor whether the school's surroundings are safe.",
        ),
        how=("请核对校门坐标和坐标系；位置对的话，补上这里的街道。", "Check the gate's coordinates and their datum; if they are right, add the street there."),
    ),
    "W393": Message(
        what=(
            "{layer}：{count} 所没有轮廓，“围墙外扩”改用校门画圆：{names}。",
            "{layer_en}: {count} have no outline; a circle round their gates stands in for the band round the wall: {names}.",
        ),
        how=('补上校园轮廓（面），或改用 method = "network"。', 'Hand in their outlines as areas, or use method = "network".'),
    ),
    "W394": Message(
        what=(
            "爱心斑马线“{name}”（经度 {lon}，纬度 {lat}）{metres} 米内，地图上没有过街。",
            "The loving-care crossing “{name}” (longitude {lon}, latitude {lat}) has no mapped crossing within {metres} m.",
        ),
        why=("不知道它画在哪条路上，没有算进学校周边。", "It is not known over which road it leads; it was left out of the streets round schools."),
        how=(
            "请核对坐标和坐标系；位置对的话，把过街补进街道数据。",
            "Check the coordinates and their datum; if they are right, add the crossing to the street data.",
        ),
    ),
    "W361": Message(
        what=(
            "{item}有两个说法：{one}；{other}。",
            "Two sources disagree on {item_en}: {one_en}; {other_en}.",
        ),
        why=("现场调查、名单算数，地图不算。", "The survey or list counts, the map does not."),
        how=(
            "全部写在 perimeter 表的 conflict 一列。现场对的，改正街道数据；填错的，改调查表。",
            "All of them stand in the column conflict of the table perimeter. Mend the street data where the survey is right, the form where it is wrong.",
        ),
    ),
    "W360": Message(
        what=(
            "道路 {osm}（经度 {lon}，纬度 {lat}）标注“人行道单独画出”，学校一侧旁边却没有画人行道。",
            "{osm} (longitude {lon}, latitude {lat}) is tagged with a separate sidewalk, but none is mapped beside it on the school's side.",
        ),
        why=("不知道人行道在不在，人行空间算“不清楚”。", "Whether the sidewalk is there is not known; walking space counts as unknown."),
        how=(
            "到现场看一眼：有就在街道数据里补画人行道，没有就改标注，或填进调查表。",
            "Look on the spot: map the sidewalk or mend the tag, or answer it in the survey form.",
        ),
    ),
    "W367": Message(
        what=(
            "道路 {osm}（经度 {lon}，纬度 {lat}）的{detail_zh}写法看不懂：{tags}。",
            "A tag of {osm} (longitude {lon}, latitude {lat}) cannot be read, about its {detail_en}: {tags}.",
        ),
        why=(
            "写法不合 OpenStreetMap 的规矩（例如一格里写了两个数），没有采用；没有更具体的标注时，这一项算“不清楚”。",
            "It is not written as OpenStreetMap asks (two numbers in one, for example) and was not used; without a more exact tag the item counts as unknown.",
        ),
        how=("到现场看一眼，改正街道数据，或填进调查表。", "Look on the spot and mend the street data, or answer it in the survey form."),
    ),
    "W374": Message(
        what=(
            "{osm}（经度 {lon}，纬度 {lat}）的标注互相矛盾，关于{detail_zh}：{tags}。",
            "The tags of {osm} (longitude {lon}, latitude {lat}) contradict each other about its {detail_en}: {tags}.",
        ),
        why=("单看地图：{counted_zh}。", "By the map alone: {counted_en}."),
        how=("到现场看一眼，改正街道数据，或填进调查表。", "Look on the spot and mend the street data, or answer it in the survey form."),
    ),
    "W391": Message(
        what=("{layer}：{count} 处没有大门资料，用中心点代替：{names}。", "{layer}: {count} sites have no known gate; their point is used instead: {names}."),
        how=("补一份大门位置，结果会更准。", "A list of gates would make the figures truer."),
    ),
    "E385": Message(
        what=("半小时自然圈按“{mode}”计算还不能用。", "The half-hour nature circle by “{mode}” is not available."),
        why=("骑行和公交需要骑行网络和班次，现在只有步行网络。", "Cycling and buses need their own network and timetables; only the walking network is here."),
        how=("把 cfmap.toml 里的 nature_mode 改成 walk。", "Set nature_mode to walk in cfmap.toml."),
    ),
    "W378": Message(
        what=("{count} 个居住点写明的学校不在学校表里：{names}。", "{count} residential points name a school that is not in the table of schools: {names}."),
        why=("上学路先按走到最近的学校算。", "Their way to school is that to the nearest school for now."),
        how=("把学校名称改成和学校表一致，或填学校编号。", "Write the school's name as in the table of schools, or its id."),
    ),
    "W364": Message(
        what=(
            "{layer}：人口表里没有{missing}的人数，孩子走去那里要横穿的路没有算，学径没有算全。",
            "{layer_en}: the population table has no children {missing_en}; what they cross on the way is not looked at, and safe routes are not complete.",
        ),
        why=("不知道有多少孩子走，就排不出先后；不当作没有孩子。", "Without their number nothing can be ranked; unknown is not none."),
        how=(
            "人口表加上这个年龄段的一列；不用看的，从 [safety] layers 里去掉。",
            "Add a column of that age to the population table, or take the layer out of [safety] layers.",
        ),
    ),
    "W369": Message(
        what=(
            "{layer}：{count} 所有大门和最近的街道之间隔着河湖、铁路或主干道：{names}。",
            "{layer_en}: {count} have a gate with water, a railway or a main road between it and the nearest street: {names}.",
        ),
        why=(
            "从这个门进去的孩子要不要过河、过路看不出来，算“没有资料”。",
            "Whether children who enter there must get over it cannot be told; their walk counts as unknown.",
        ),
        how=("请核对校门位置；位置对的话，补上门前的路或桥。", "Check the place of the gate; if it is right, add the way or the bridge before it."),
    ),
    "W379": Message(
        what=("路网文件里没有铁路和水面，只看了主干道。", "The street file holds neither railways nor water; only main roads were looked at."),
        why=("道路中心线和 GraphML 不带这些要素。", "Centre-lines and GraphML do not carry them."),
        how=("改用 OpenStreetMap 文件（.osm.pbf）作路网。", "Use an OpenStreetMap file (.osm.pbf) as street network."),
    ),
    "E386": Message(
        what=(
            "“{header}”有 {count} 个数不是人数（负数或无穷大）：{names}。",
            "“{header}” holds {count} numbers that are no count of people (negative or infinite): {names}.",
        ),
        why=(
            "负数常常是“无数据”的记号（如 -99999、-200），加进合计会把别处的人减掉。",
            "A negative number is often a mark for no data (such as -99999 or -200); in a sum it would take people away elsewhere.",
        ),
        how=("不知道人数的留空（NaN）；栅格请注明 nodata。", "Leave unknown numbers empty (NaN); declare the nodata value of a raster."),
    ),
    "E387": Message(
        what=("人口数据不能用：{detail}。", "These data on people cannot be used: {detail}."),
        how=(
            "点和面：写对人口数列的名字，内容要是数；栅格：二维数组，加上六个数的仿射变换（与 rasterio 的次序相同）。",
            "Points and cells: name columns that hold numbers. Raster: a two-dimensional array and the six numbers of its affine transform, in the order of rasterio.",
        ),
    ),
    "E388": Message(
        what=("“{table}”没有说明坐标系。", "“{table}” does not say its coordinate system."),
        why=("不知道坐标系就不知道人住在哪里，不作猜测。", "Without it nobody knows where the people live, and guessing would move them."),
        how=("GeoDataFrame 用 set_crs 注明，栅格写上 crs，例如 EPSG:4326。", "Declare it: set_crs of a GeoDataFrame, crs of a raster; for example EPSG:4326."),
    ),
    "E389": Message(
        what=("没有 {age} 岁的人数：缺 {missing}", "there are no numbers for age {age}: {missing} is missing"),
        why=("表里有的：{known}", "columns there are: {known}"),
        how=("补上这一列，或问表里有的年龄", "add that column, or ask about an age that the table has"),
    ),
    "E393": Message(
        what=("不能按 {age} 岁算", "the age {age} cannot be asked about"),
        why=("人数按整个年龄段给：{known}；可以连起来，例如 0-5、0-14", "people come in whole bands: {known}, which can be joined, such as 0-5 or 0-14"),
        how=("写年龄段的头尾，例如 --age 0-2；全部常住人口写 --age all", "give first and last age of bands, such as --age 0-2; --age all for residents"),
    ),
}
