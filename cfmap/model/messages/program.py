"""Messages about the program itself and the machine it runs on, where no room can say more (49x);
sites and the towns they lie in (26x).
"""

from __future__ import annotations

from cfmap.model.messages.message import Message

MESSAGES: dict[str, Message] = {
    "E490": Message(
        what=("cfmap 自身出了故障，不是您的错", "cfmap itself failed; this is not your fault"),
        why=("{detail}", "{detail}"),
        how=(
            "请运行 cfmap doctor --bundle，把它写好的 zip 发给维护人员（里面没有数据）；详情在 {log}。没有发布任何内容",
            "please run cfmap doctor --bundle and send the zip it makes to the maintainers (no data is in it); details are in {log}. Nothing was published",
        ),
    ),
    "E491": Message(
        what=("内存不够", "out of memory"),
        how=("关掉别的程序再试；或先用 cfmap fetch 把街道网络裁到本市", "close other programs and try again; or clip the network to the city with cfmap fetch"),
    ),
    "E492": Message(
        what=("磁盘满了", "the disk is full"),
        why=("{detail}", "{detail}"),
        how=("腾出空间再运行；已发布的版本没有改动", "free some space and run again; what was published is unchanged"),
    ),
    "E493": Message(
        what=("没有权限读写", "no permission to read or write"),
        why=("{detail}", "{detail}"),
        how=("检查文件夹权限，或换一个您能写的文件夹", "check the folder's rights, or choose one you can write to"),
    ),
    "E494": Message(
        what=("找不到文件", "file not found"),
        why=("{detail}", "{detail}"),
        how=("检查文件名和所在文件夹；文件名要完整，含扩展名", "check the name and folder; the name is needed in full, with its extension"),
    ),
    "E495": Message(
        what=("还没有街道网络文件", "there is no street network yet"),
        why=("设置 [network] source 指的这个文件不存在", "the file named by [network] source does not exist"),
        how=(
            "运行 cfmap fetch 下载，或把区域的 .osm.pbf 用 cfmap fetch --extract 裁到{city}",
            "run cfmap fetch to download it, or clip a regional .osm.pbf with cfmap fetch --extract",
        ),
    ),
    "W495": Message(
        what=("还没有街道网络，要走路才知道的目标都说不清", "there is no street network yet: targets that rest on walking cannot be told"),
        why=("设置 [network] source 指的这个文件不存在", "the file named by [network] source does not exist"),
        how=("其余目标照样看；建图以前运行 cfmap fetch", "the other targets are judged all the same; run cfmap fetch before a build"),
    ),
    "E496": Message(
        what=("街道网络没有盖住这座城市", "the street network does not cover this city"),
        why=("城市边界里有 {percent}% 的面积在网络范围以外", "{percent} % of the city's area lies outside the network's extent"),
        how=("检查边界和网络是不是同一座城市；重新运行 cfmap fetch", "check that outline and network are of the same city; run cfmap fetch again"),
    ),
    "E497": Message(
        what=("输出文件的类型不对", "the output file is of the wrong kind"),
        why=("这里只能写：{known}", "written here: {known}"),
        how=("换一个扩展名", "choose another extension"),
    ),
    "W260": Message(
        what=("{layer}：有 {count} 处写的乡镇街道不在边界文件里", "{layer_en}: {count} sites name a town that the outlines do not have"),
        why=("没有这个名称：{names}", "no such name: {names}"),
        how=("统一乡镇街道的名称（含“街道”“镇”“乡”）", "use the names of the outlines, in full"),
    ),
    "W261": Message(
        what=("{layer}：有 {count} 处的位置不在所写的乡镇街道里", "{layer_en}: {count} sites lie in another town than they say"),
        why=("所写 → 所在：{names}", "said → found: {names}"),
        how=("核对坐标和乡镇街道，二者有一个不对", "check coordinates and town; one of the two is wrong"),
    ),
}
