"""Messages about the public page."""

from __future__ import annotations

from cfmap.model.messages.message import Message

MESSAGES: dict[str, Message] = {
    "E451": Message(
        what=("地图网页要用的脚本和样式不在（缺 {detail}）", "The script and style of the map page are missing ({detail})"),
        why=("cfmap 安装时没有经过构建这一步", "cfmap was installed without its build step"),
        how=(
            "在 cfmap 源码目录里重新安装：pip install -e . ；或者运行 python hatch_build.py",
            "Install again in the source folder: pip install -e . ; or run python hatch_build.py",
        ),
    ),
    "E452": Message(
        what=("地图网页要用的一个文件和构建时不一样", "A file of the map page is not the one that was built"),
        why=("它的 SHA-256 与 assets.json 里记的不同", "Its SHA-256 differs from the one in assets.json"),
        how=("重新安装 cfmap，或者运行 python hatch_build.py --force", "Install cfmap again, or run python hatch_build.py --force"),
    ),
    "E551": Message(
        what=("图层“{name}”要从外面的网站取东西：{detail}", "“{name}” asks for something from another site: {detail}"),
        why=("公开的地图打开时不向外面请求任何东西，断网也能用", "The page asks nobody for anything, so that it works offline"),
        how=(
            "去掉这个图层，改用 folium.GeoJson、CircleMarker、PolyLine 等不带外部文件的图层",
            "Leave it out, or use layers without outside files: folium.GeoJson, CircleMarker, PolyLine",
        ),
    ),
    "E552": Message(
        what=("公开的网页里不能有自己添加的图层：{name}", "a public page cannot hold a layer that was added by hand: {name}"),
        why=(
            "它没有经过个人信息检查和公开列的筛选，名称里的代码也可能会运行",
            "it passed neither the check for personal data nor the list of public columns, and code in its names may run",
        ),
        how=(
            "去掉它再公开；给内部看就不写 public=True，网页上会标明“内部”",
            "leave it out; or save without public=True, the page is then marked as internal",
        ),
    ),
    "E553": Message(
        what=("这幅地图是内部的，不能另存为公开的网页", "this map is internal and cannot be saved as a public page"),
        why=("只有 cfmap build 建出的公开版经过了全部检查", "only a public edition built by cfmap build has passed every check"),
        how=("把数据放进城市项目，运行 cfmap build", "put the data into a city project and run cfmap build"),
    ),
    "E555": Message(
        what=(
            "审图号不齐或内容已变化（审图号 {number}），不能存成公开的网页",
            "the map's review is not in order (number {number}); it cannot be saved as a public page",
        ),
        why=(
            "没有审图号也没有豁免理由，或者审图号是给别的内容的",
            "there is neither a review number nor an exemption, or the number was given for another content",
        ),
        how=(
            "用 cfmap build，它会说清楚要填什么；只给内部看就不写 public=True",
            "use cfmap build, which says what to fill in; or save without public=True for the house",
        ),
    ),
    "E557": Message(
        what=("用高德的图片做底图，还缺：{lacking}", "Amap's pictures as background still lack: {lacking_en}"),
        why=(
            "高德没有给所有人用的图片网址，用它要有授权；图片是 GCJ-02 坐标，有了授权整张图会照它换算着画",
            "Amap gives no address of its pictures to everybody, so it takes an agreement; they lie in GCJ-02, and with one the whole map is drawn to fit",
        ),
        how=(
            '照协议在 [basemap] 里写 tiles_licence 和 tiles_url；没有协议就删去 basemap.tiles，或写 tiles = "tianditu"。点位卡片上的高德导航不受影响',
            'write tiles_licence and tiles_url into [basemap] as the agreement says; without one leave out basemap.tiles, or write tiles = "tianditu". Directions by Amap on the cards stay',
        ),
    ),
    "E554": Message(
        what=("这张表不能画成地图：{detail}", "this table cannot be drawn: {detail_en}"),
        how=("给出带坐标系的 GeoDataFrame，例如 gdf.set_crs(4326)", "give a GeoDataFrame with a CRS, for instance gdf.set_crs(4326)"),
    ),
}
