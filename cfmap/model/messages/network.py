"""Messages about reading OpenStreetMap files and about the streets they hold (E301-E339)."""

from __future__ import annotations

from cfmap.model.messages.message import Message

_AGAIN = ("重新下载，并核对文件大小或 md5", "download it again and compare its size or md5")

MESSAGES: dict[str, Message] = {
    "E301": Message(
        what=("找不到路网文件", "the street network file is missing"),
        why=("这个位置没有文件", "there is no file at this place"),
        how=("核对文件名和路径；还没有路网时先运行 cfmap fetch", "check name and path; run cfmap fetch if there is no network yet"),
    ),
    "E302": Message(
        what=("路网文件是空的（0 字节）", "the street network file is empty (0 bytes)"),
        why=("多半是下载没有成功", "a download that failed, most likely"),
        how=_AGAIN,
    ),
    "E303": Message(
        what=("路网文件其实是一个网页", "the street network file is really a web page"),
        why=("下载时服务器返回了网页（多半是出错页或登录页），被存成了数据文件", "the server answered with a page (an error or a login), saved as data"),
        how=("用浏览器打开原来的下载地址看看，再重新下载", "open the download address in a browser, then download again"),
    ),
    "E304": Message(
        what=("路网文件不完整或已损坏，读不下去", "the street network file is incomplete or damaged"),
        why=("读取时出错：{detail}", "while reading: {detail}"),
        how=_AGAIN,
    ),
    "E305": Message(
        what=("路网文件里没有任何道路和线", "the street network file holds no ways at all"),
        why=("多半是下载中断：只有点，后面的线没有下载到", "a download that stopped early, most likely: the points are there, the lines after them are not"),
        how=_AGAIN,
    ),
    "E306": Message(
        what=("路网文件里没有能走的路", "the street network file holds no walkable street"),
        why=("文件读得完，但没有一条行人能走的道路", "it can be read to its end, but no way in it is open to people on foot"),
        how=("换成含道路（highway）的 OpenStreetMap 数据", "take OpenStreetMap data that contains highways"),
    ),
    "E308": Message(
        what=("路网文件被截断了", "the street network file has been cut off"),
        why=(
            "文件在一个数据块的边界上中断，或者道路缺少大量的点（缺 {share}%）：读起来不报错，但后面的内容没有了",
            "it ends at the boundary of a block, or its ways lack many of their points ({share}%): it reads without error, but the rest is gone",
        ),
        how=_AGAIN,
    ),
    "W311": Message(
        what=(
            "街道网络是 {date} 的，比这一版的数据日期 {data_date} 早 {months} 个月",
            "the streets are of {date}, {months} months older than this edition's data ({data_date})",
        ),
        why=("新修的路不在里面，走得到的范围会偏小", "new streets are missing, and reach comes out too small"),
        how=("运行 cfmap fetch 取新的街道网络", "get new streets with cfmap fetch"),
    ),
    "W312": Message(
        what=("城市边界里有 {percent}% 的面积在街道网络的范围以外", "{percent} % of the city's area lies outside the extent of the streets"),
        why=("也许是没有路的水面和山地，也许网络没有裁全", "perhaps water or hills without streets, perhaps the network was cut too small"),
        how=("看一看缺的是哪一片；不该缺就重新运行 cfmap fetch", "see which part is missing; if it should not be, run cfmap fetch again"),
    ),
    "W313": Message(
        what=(
            "街道网络比上一版少了 {percent}%：现在 {km} 公里，{edition} 年版（第 {version} 版）用的是 {before} 公里",
            "{percent} % of the streets are gone: {km} km now, {before} km in edition {edition}, version {version}",
        ),
        why=(
            "路不会一年少这么多；多半是下载中断，或这次裁得比上次小，走得到的范围会跟着变小",
            "streets do not vanish like this; the download stopped early or was cut smaller, most likely, and reach shrinks with it",
        ),
        how=(
            "核对文件大小和范围，重新运行 cfmap fetch；如果是有意换成更小的范围，就不用管，发布后不再提示",
            "compare the file's size and extent and run cfmap fetch again; if it is smaller on purpose, leave it: once published this is not told again",
        ),
    ),
    "W314": Message(
        what=(
            "街道网络是 {date} 的，比 {edition} 年版（第 {version} 版）用的 {before} 还旧",
            "the streets are of {date}, older than those of edition {edition}, version {version} ({before})",
        ),
        why=(
            "也许拿错了以前下载的文件；这期间新修的路会从地图上消失",
            "an earlier download was taken by mistake, perhaps; streets built since then vanish from the map",
        ),
        how=("换回新的文件，或运行 cfmap fetch 重新取", "put the newer file back, or get it anew with cfmap fetch"),
    ),
    "E310": Message(
        what=("有一段路的长度不能用：{km} 公里", "a street has a length that cannot be: {km} km"),
        why=("道路编号 {way}；一段路应在 0 到 2,147 公里之间", "way {way}; one stretch is between 0 and 2,147 km long"),
        how=(
            "多半是一个点的坐标错了（例如经纬度都是 0）；改正这条路的坐标",
            "one wrong vertex, most likely (at 0, 0 for example); mend the coordinates of this way",
        ),
    ),
    "E311": Message(
        what=("路网里有 {count} 个点的坐标不是经纬度", "{count} vertices of the streets have coordinates that are no longitude and latitude"),
        why=(
            "坐标缺失、不是数，或者是米制坐标；经度应在 -180 到 180 之间，纬度在 -90 到 90 之间",
            "missing, not a number, or in metres; longitude lies between -180 and 180, latitude between -90 and 90",
        ),
        how=("补上坐标，或先换算成 WGS84 经纬度", "fill in the coordinates, or convert them to WGS84 degrees first"),
    ),
    "E390": Message(
        what=("{count} 个点的坐标不是经纬度", "{count} points have coordinates that are no longitude and latitude"),
        why=(
            "坐标系：{crs}；第一个是 {first}；经度应在 -180 到 180 之间，纬度在 -90 到 90 之间",
            "CRS: {crs}; the first is {first}; longitude lies between -180 and 180, latitude between -90 and 90",
        ),
        how=(
            "米制坐标请用 set_crs 注明坐标系，会自动换算；再看看经度和纬度有没有写反",
            "declare the CRS of metres with set_crs, they are converted then; and see whether longitude and latitude are swapped",
        ),
    ),
    "E391": Message(
        what=("{count} 处不是点：{kinds}", "{count} places are no points: {kinds}"),
        why=("走到哪里要落在一个点上；线和面不能自动当成点", "a walk ends at a point; a line or an area is not silently made one"),
        how=("给出门口的点，或用 representative_point() 取面内一点", "give the point of the entrance, or take representative_point() of an area"),
    ),
    "W301": Message(
        what=("有一片 {km} 公里的路被关闭的门或围墙隔开，走不出来", "{km} km of streets are cut off by closed gates or walls"),
        why=("隔开它的点（街道数据里的编号）：{gates}", "estate cut off at node {gates}"),
        how=(
            "里面的人算“走不到”，不算“太远”；门其实能走时，请在街道数据里改正它的 access（来自 OpenStreetMap 的，在 OpenStreetMap 上改）",
            "people inside count as unreachable, not as too far away; if the gate can be passed, mend its access tag in OpenStreetMap",
        ),
    ),
    "W307": Message(
        what=("有 {count} 个道路点没有坐标", "{count} vertices of streets have no coordinates"),
        why=(
            "数据裁剪时没有保留完整的道路；道路在缺点的地方断开了",
            "the extract was clipped without keeping whole ways; streets end where vertices are missing",
        ),
        how=("裁剪时保留完整的道路（cfmap fetch 会这样做）", "clip with complete ways (cfmap fetch does)"),
    ),
    "W309": Message(
        what=("有 {count} 个步行广场只能沿边走", "{count} pedestrian squares can only be walked along their edge"),
        why=(
            "轮廓不闭合、自相交，或入口太多；OpenStreetMap 编号：{ids}",
            "outline open, crossing itself, or with too many entrances; OpenStreetMap ids: {ids}",
        ),
        how=("一般不用处理；需要时在 OpenStreetMap 上改正轮廓", "usually nothing to do; mend the outline in OpenStreetMap if it matters"),
    ),
}
