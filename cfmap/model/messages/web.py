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
}
