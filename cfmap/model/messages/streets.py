"""Messages about files that streets come from: downloads, clips, GraphML, centre-lines (E340-E399)."""

from __future__ import annotations

from cfmap.model.messages.message import Message

_MIRROR = (
    (
        "等一会儿再运行 cfmap fetch（已下载的部分会保留）；或在 cfmap.toml 的 [network] overpass_url 换一个镜像；"
        "或下载省级 .osm.pbf（如 Geofabrik），用 cfmap fetch --extract 文件 裁剪"
    ),
    (
        "run cfmap fetch again later (what has arrived is kept), set a mirror as [network] overpass_url in cfmap.toml, "
        "or download a regional .osm.pbf (such as Geofabrik's) and clip it with cfmap fetch --extract FILE"
    ),
)

MESSAGES: dict[str, Message] = {
    "E341": Message(
        what=("这份 OpenStreetMap 数据不是这座城市的", "this OpenStreetMap extract is not about this city"),
        why=("城市范围只有 {share}% 在数据以内", "only {share}% of the city's area lies within its data"),
        how=("换成包含全市的省级数据；也请核对城市边界的坐标系", "take an extract that covers the whole city, and check the datum of the city's outline"),
    ),
    "W341": Message(
        what=("OpenStreetMap 数据可能没有盖住全市", "the OpenStreetMap extract may not cover the whole city"),
        why=(
            "城市范围的 {share}% 在数据以内；海域和没有道路的山区也会算作缺少",
            "{share}% of the city's area lies within its data; sea and roadless hills count as missing too",
        ),
        how=("在地图上看一眼边缘；确实缺一块时换成更大的数据", "look at the edges on the map; take a larger extract if a part is really missing"),
    ),
    "E342": Message(
        what=("不知道要下载哪里的路网", "it is not said which area to download"),
        why=("cfmap.toml 里没有写城市边界，命令里也没有给地名", "cfmap.toml names no outline of the city, and the command no place"),
        how=("在 [boundary] city 写上边界文件，或用 --place 给出地名", "set [boundary] city to the outline's file, or give a name with --place"),
    ),
    "E343": Message(
        what=("找不到这个地名的范围", "no area is known under this place name"),
        why=("OpenStreetMap 的地名库里没有它，或者它只是一个点，没有边界", "OpenStreetMap's gazetteer lacks it, or knows it as a point without an outline"),
        how=("写全称和上级（如“瑞安市, 浙江”），或改用边界文件", "write the full name with its province, or use an outline file"),
    ),
    "E344": Message(
        what=("没有从 {host} 下载到数据", "no data came from {host}"),
        why=("问了 {tries} 次；最后一次：{reason_zh}", "asked {tries} times; the last time: {reason_en}"),
        how=_MIRROR,
    ),
    "W345": Message(
        what=("“{layer}”有 {count} 处没有用上：轮廓不闭合", "{count} places of “{layer_en}” left out: their outlines do not close"),
        why=("OpenStreetMap 编号：{ids}", "OpenStreetMap ids: {ids}"),
        how=(
            "多半是被数据的边缘切断了：在本市以内的，换一份范围更大的数据；画错了的，在 OpenStreetMap 上改",
            "the edge of the data probably cuts them: take a larger extract if they lie inside the city; one drawn wrongly is mended in OpenStreetMap",
        ),
    ),
    "E346": Message(
        what=("文件写不出来", "the file cannot be written"),
        why=("{detail}", "{detail}"),
        how=(
            "看磁盘是否已满、文件夹是否有写的权限、文件是否正被别的程序打开；原来的文件没有改动",
            "check free space, the rights on the folder, and whether another program holds the file; the old file is untouched",
        ),
    ),
    "E347": Message(
        what=("要下载的范围太大", "the area to download is too large"),
        why=("要分成 {cells} 块，最多 {most} 块", "it needs {cells} sub-areas, at most {most} are allowed"),
        how=("核对边界的坐标系；真有这么大时，下载省级 .osm.pbf 再裁剪", "check the outline's datum; if it really is that large, clip a regional .osm.pbf"),
    ),
    "E348": Message(
        what=("城市范围里没有一条路", "there is not one street in the city's area"),
        why=(
            "边界可能落在海里，或经纬度写反了；也可能是文件没有下载完整，只有点没有线",
            "the outline may lie at sea or have latitude and longitude swapped, or the file was cut off before its ways",
        ),
        how=("把边界画在地图上看一看；重新下载文件", "look at the outline on a map; download the file again"),
    ),
    "W349": Message(
        what=("OpenStreetMap 文件可能不完整", "the OpenStreetMap file may be incomplete"),
        why=("道路的顶点有 {share}% 不在文件里", "{share}% of the streets' vertices are not in the file"),
        how=("重新下载，并核对文件大小或 md5", "download it again and compare its size or md5"),
    ),
    "E350": Message(
        what=("不是 osmnx 保存的 GraphML 路网", "not a GraphML network saved by osmnx"),
        why=("{detail}", "{detail}"),
        how=("用 osmnx 的 save_graphml 重新保存", "save it again with osmnx's save_graphml"),
    ),
    "W350": Message(
        what=("{count} 条边的长度和几何不一致", "the length of {count} edges does not fit their geometry"),
        why=(
            "文件里写 {given:.1f} 米，按坐标量得 {measured:.1f} 米（相差最大的一条，{u}–{v}）",
            "the file says {given:.1f} m, the coordinates give {measured:.1f} m (the worst one, {u}–{v})",
        ),
        how=(
            "本次按坐标量得的长度计算；请核对文件的来历和坐标系",
            "the lengths measured from coordinates are used; check where the file comes from and its CRS",
        ),
    ),
    "W351": Message(
        what=("路网里几乎没有人行道和步行街", "the network has hardly any footways"),
        why=("它是按“{kind}”保存的，小路、台阶和步行街在保存时就丢了", "it was saved as “{kind}”, which drops paths, steps and pedestrian streets"),
        how=('用 network_type="all" 重新保存；用它算出的步行距离会偏长', 'save it again with network_type="all"; walking distances from it come out too long'),
    ),
    "I352": Message(
        what=("路网是投影坐标，已换算成经纬度", "the network was projected and has been brought back to longitude/latitude"),
        why=("文件里的坐标系是 {crs}", "the file's CRS is {crs}"),
    ),
    "W353": Message(
        what=("{count} 条边没有用上", "{count} edges were left out"),
        why=("两端是同一个点而且没有长度，或者没有坐标", "both ends are one point without any length, or coordinates are missing"),
    ),
    "E360": Message(
        what=("文件里没有线", "the file holds no lines"),
        why=("几何类型是：{kinds}", "its geometries are: {kinds}"),
        how=("道路中心线应当是线；请换成中心线图层", "road centre-lines are lines; choose the centre-line layer"),
    ),
    "E361": Message(
        what=("路网文件的坐标看不懂", "the coordinates of the street file cannot be understood"),
        why=("{detail}", "{detail}"),
        how=("补上 .prj，或在 [network] datum 写明坐标系（wgs84、cgcs2000、gcj02、bd09 或 EPSG:编号）", "add the .prj, or say the datum in [network] datum"),
    ),
    "E362": Message(
        what=("没有这一列", "there is no such column"),
        why=("文件里的列有：{known}", "the file's columns are: {known}"),
        how=("最接近的是：{nearest}", "nearest: {nearest}"),
    ),
    "I364": Message(
        what=("按列名认出了路网的属性", "attributes of the streets were recognised by column name"),
        why=("{found}", "{found}"),
        how=(
            "认得不对时，用 name_field、level_field、bridge_field、tunnel_field 指明",
            "name them with name_field, level_field, bridge_field, tunnel_field if wrong",
        ),
    ),
    "W365": Message(
        what=("没有道路等级一列，全部按普通街道处理", "no column for the class of street; all are taken as ordinary streets"),
        why=("文件里的列有：{known}", "the file's columns are: {known}"),
        how=("高速公路也会被当作可以步行；请用 level_field 指明等级列", "motorways count as walkable too; say the column with level_field"),
    ),
    "W366": Message(
        what=("道路等级“{word}”不认识，按普通街道处理（{count} 条）", "unknown class of street “{word}”, taken as an ordinary street ({count} lines)"),
        how=(
            "改成 高速公路、国道、主干路、次干路、支路、人行道 等，或 OpenStreetMap 的 highway 值",
            "use 主干路, 次干路, 支路 and the like, or OpenStreetMap's highway values",
        ),
    ),
    "W368": Message(
        what=("{count} 条线没有用上：空的、坐标无效的或长度为零", "{count} lines were left out: empty, with invalid coordinates, or of no length"),
        why=("行号：{rows}", "rows: {rows}"),
        how=("在 GIS 里删掉或补画", "delete or redraw them in a GIS"),
    ),
    "I369": Message(
        what=("{count} 个端点相距不到 {tolerance:.1f} 米，已并成一个路口", "{count} end points lie closer than {tolerance:.1f} m and were joined"),
    ),
    "W356": Message(
        what=("路在这里差 {gap:.1f} 米没有接上", "a street ends {gap:.1f} m short of another here"),
        why=(
            "经度 {lon:.6f}，纬度 {lat:.6f}；断头路的端点离另一条路不到 5 米",
            "longitude {lon:.6f}, latitude {lat:.6f}; a dangling end lies within 5 m of another street",
        ),
        how=("在 GIS 里把端点接到路口；确实不通就不用改", "join the end in a GIS; leave it if one really cannot pass"),
    ),
    "W357": Message(
        what=("两条路在这里相交，却没有路口", "two streets cross here without a junction"),
        why=(
            "经度 {lon:.6f}，纬度 {lat:.6f}；“{first}”和“{second}”都没有标成桥梁或隧道",
            "longitude {lon:.6f}, latitude {lat:.6f}; neither “{first}” nor “{second}” is marked as bridge or tunnel",
        ),
        how=("平交就在交点处打断两条线，立交就在桥梁或隧道一列注明", "if they meet, split both lines there; if not, mark the bridge or tunnel"),
    ),
    "I358": Message(
        what=("{count} 处立体交叉按桥梁、隧道或层次分开", "{count} crossings were kept apart by bridge, tunnel or layer"),
    ),
    "W359": Message(
        what=("两条路在这里重叠", "two streets lie on each other here"),
        why=("经度 {lon:.6f}，纬度 {lat:.6f}；“{first}”和“{second}”", "longitude {lon:.6f}, latitude {lat:.6f}; “{first}” and “{second}”"),
        how=("重复画的删去一条", "delete one if it was drawn twice"),
    ),
    "I370": Message(
        what=("{count} 个端点落在另一条路的中间，已在那里设路口", "{count} ends lie on the middle of another street and make junctions there"),
    ),
}
