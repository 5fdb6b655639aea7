"""Messages about settings, commands and layer files (1xx)."""

from __future__ import annotations

from cfmap.model.messages.message import Message

MESSAGES: dict[str, Message] = {
    "E101": Message(
        what=("这里没有城市项目（找不到 cfmap.toml）", "no city project here (cfmap.toml not found)"),
        why=("在这个文件夹和它的上级文件夹里都没有 cfmap.toml", "neither this folder nor any above it holds cfmap.toml"),
        how=("换到项目文件夹再运行，或用 cfmap init 新建一个", "run it in the project's folder, or make one with cfmap init"),
    ),
    "E102": Message(
        what=("cfmap.toml 的写法有误，读不下去", "cfmap.toml is not valid TOML"),
        why=("{detail}", "{detail}"),
        how=("常见原因：少了引号、括号没有成对、同一个表写了两次", "often a missing quote, an unclosed bracket, or a table written twice"),
    ),
    "E103": Message(
        what=("不认识的设置项", "unknown setting"),
        why=("这里可以写的有：{known}", "known here: {known}"),
        how=("最接近的是：{nearest}", "nearest known: {nearest}"),
    ),
    "E104": Message(
        what=("路径指到了项目文件夹外面", "a path leads out of the project folder"),
        why=("为了安全，只读写项目文件夹以内的文件", "for safety only files inside the project are read or written"),
        how=("把文件放进项目的 data/ 文件夹，写相对路径", "put the file into the project's data/ folder and write a relative path"),
    ),
    "E105": Message(
        what=("cfmap.toml 不是 UTF-8 编码", "cfmap.toml is not UTF-8"),
        why=("这一行有 UTF-8 里没有的字节，多半是记事本按 ANSI（GBK）保存的", "this line has bytes that are not UTF-8, likely saved as ANSI (GBK)"),
        how=("在记事本里“另存为”，编码选 UTF-8", "save it again with encoding UTF-8"),
    ),
    "E106": Message(
        what=("缺少必填的设置项", "a required setting is missing"),
        how=("补上这一项；样例见 cfmap init 生成的 cfmap.toml", "add it; see the cfmap.toml that cfmap init writes"),
    ),
    "E107": Message(
        what=("设置项的值不对", "a setting has a wrong value"),
        why=("{detail_zh}", "{detail}"),
        how=("改成允许的值；每一项的说明见用户手册“设置”一章", "use an allowed value; see the settings chapter of the user guide"),
    ),
    "E110": Message(
        what=("图层文件 {path} 读不了", "layer file {path} cannot be loaded"),
        why=("{detail}", "{detail}"),
        how=("改正这个文件，或先把它移出 layers/ 文件夹", "mend the file, or move it out of layers/"),
    ),
    "E111": Message(
        what=("图层 {key} 声明了两次", "layer {key} is declared twice"),
        why=("在 {first} 和 {second} 里都有", "in {first} and in {second}"),
        how=("改掉其中一个的 key", "change the key of one of them"),
    ),
    "E112": Message(
        what=("没有叫 {key} 的图层", "no layer named {key}"),
        why=("已有的图层：{known}", "known layers: {known}"),
        how=("最接近的是：{nearest}；要只用声明新增图层，请在这个表里写 title", "nearest: {nearest}; to declare a new layer here, give it a title"),
    ),
    "E113": Message(
        what=("图层 {key} 的声明不完整或不一致", "the declaration of layer {key} is incomplete or inconsistent"),
        why=("{detail}", "{detail}"),
        how=("对照 docs/layers 里的写法改正", "compare with docs/layers and mend it"),
    ),
    "E114": Message(
        what=("这一列不能公开", "this column may not be published"),
        why=(
            "publish.public_columns 只能在标明可以公开的列里再挑，不能加别的；可以公开的有：{known}",
            "publish.public_columns can only choose among columns declared public: {known}",
        ),
        how=(
            "从清单里去掉它；确实要公开自建图层的列，就在图层声明里给它写 public = true",
            "take it off the list; a column of your own layer needs public = true there",
        ),
    ),
    "E120": Message(
        what=("文件夹里已经有东西了", "the folder is not empty"),
        why=("为了不覆盖您的文件，只在空文件夹里新建项目", "a project is only made in an empty folder, so that nothing is overwritten"),
        how=("换一个新的文件夹名", "choose a new folder name"),
    ),
    "E115": Message(
        what=("没有单价，算不出预算够做哪些", "what a budget buys cannot be said without prices"),
        why=("[safety.mending.prices] 里一个单价也没有；程序不替您估价", "[safety.mending.prices] holds no price, and none is made up"),
        how=(
            "在 cfmap.toml 的 [safety.mending.prices] 下写本地的单价（元）：sidewalk_m（人行道每侧每米）、speed_limit（限速每条路）、signals（校门口信号灯过街每处）；从严再加 lighting_m、signs",
            "write local prices in yuan under [safety.mending.prices] in cfmap.toml: sidewalk_m (a metre on one side), speed_limit (a street), signals (a crossing at a gate); for the strict rules lighting_m and signs too",
        ),
    ),
    "E121": Message(
        what=("{year} 年不在这个项目的版本里", "{year} is not one of this project's editions"),
        why=("cfmap.toml 里的 editions 是：{known}", "editions in cfmap.toml: {known}"),
        how=("换一个年份，或在 [edition] editions 里加上它", "choose another year, or add it to [edition] editions"),
    ),
    "E123": Message(
        what=("设置里没有活动表", "the settings name no table of events"),
        why=("[layers.{layer}] 没有写 sources，或者关掉了这个图层", "[layers.{layer}] has no sources, or the layer is switched off"),
        how=(
            '在 cfmap.toml 写：[layers.{layer}] 和 sources = [{{ path = "data/{{year}}/活动.xlsx", datum = "gcj02" }}]',
            'write in cfmap.toml: [layers.{layer}] and sources = [{{ path = "data/{{year}}/events.xlsx", datum = "gcj02" }}]',
        ),
    ),
    "E122": Message(
        what=("不知道要取哪里的街道", "it is not said whose streets to get"),
        why=("没有写地名，设置里也没有城市边界（[boundary] city）", "there is neither a place name nor a city outline ([boundary] city) in the settings"),
        how=("写 --place 地名，或把边界文件放进 data/ 并写进设置", "give --place, or put an outline into data/ and name it in the settings"),
    ),
    "E124": Message(
        what=("没有{service}的密钥（环境变量 {variable}）", "no key for {service_en} (environment variable {variable})"),
        why=(
            "basemap.tiles 写了{service}，它要凭密钥给图；密钥不写在 cfmap.toml 里，免得随项目传出去",
            "basemap.tiles names {service_en}, which asks for a key; the key does not stand in cfmap.toml, so that it is not passed on with the project",
        ),
        how=(
            "在{service}申请“浏览器端”密钥，绑定放地图的网站域名，写进环境变量 {variable} 再建；不用{service}就删去 tiles",
            "get a key of the browser kind, bound to the site of your map, put it into {variable} and build again; or leave out tiles",
        ),
    ),
    "E125": Message(
        what=("环境变量 {variable} 里的不像密钥", "what {variable} holds does not look like a key"),
        why=("密钥只有字母和数字，16 到 64 个", "a key is 16 to 64 letters and digits"),
        how=("检查有没有多复制了引号、空格或网址", "look for quotes, blanks or an address copied with it"),
    ),
    "E128": Message(
        what=("列对应没有能写进 cfmap.toml", "the column mapping could not be written into cfmap.toml"),
        why=("{detail}", "{detail}"),
        how=("用文本编辑器照提示的那一行手工写；文件没有改动", "write the suggested line by hand in a text editor; the file is unchanged"),
    ),
    "E129": Message(
        what=("columns 里的名字不认识", "unknown name in columns"),
        why=("可以写：{known}；最接近的是：{nearest}", "known: {known}; nearest: {nearest}"),
        how=("等号左边写图层的列名，右边写表里的列名", "write the layer's column to the left of the equals sign, the table's header to its right"),
    ),
    "E126": Message(
        what=("命令写得不对：{what}", "the command line is wrong: {what_en}"),
        how=("看 {hint}", "see {hint}"),
    ),
    "E127": Message(
        what=("没有这个代码", "there is no such code"),
        why=("最接近的是：{nearest}", "nearest: {nearest}"),
        how=(
            "代码是消息开头的字母加三位数，例如 cfmap explain E203；全部代码见 docs/faults",
            "a code is a letter and three digits, as in cfmap explain E203; docs/faults has all",
        ),
    ),
    "W124": Message(
        what=("没有写{service}的署名和审图号", "nothing is said about {service_en}'s attribution and map review number"),
        why=(
            "图片是别人的，公开时要写明来源和审图号；程序不知道是哪一个，不会替您编",
            "the pictures are theirs and must be named with their review number in public; the program does not know it and invents none",
        ),
        how=("照{service}公布的写进 basemap.tiles_attribution", "write what {service_en} states into basemap.tiles_attribution"),
    ),
    "W125": Message(
        what=("{service}的密钥写进了网页，打开网页的人都看得到", "{service_en}'s key stands in the page, where everybody who opens it can read it"),
        why=(
            "图片由读者的浏览器去取，要带着密钥；密钥不在其他文件、日志和清单里",
            "the reader's browser fetches the pictures with it; it is in no other file, log or manifest",
        ),
        how=(
            "只用“浏览器端”密钥，在{service}绑定您的网站域名；从本机文件打开时会用简洁底图",
            "use a key of the browser kind, bound to your site at {service_en}; opened as a file, the page keeps its own background",
        ),
    ),
    "W123": Message(
        what=(
            "街道来自 OpenStreetMap 文件，署名里却没有 OpenStreetMap：{attribution}",
            "streets come from an OpenStreetMap file, but the attribution does not name it: {attribution}",
        ),
        why=(
            "OpenStreetMap 的许可（ODbL）要求地图上写明来源；屏幕、打印件和图片上写的都是这一项",
            "its licence (ODbL) asks for the source on the map; screen, print and pictures show this setting",
        ),
        how=(
            '写 attribution = "© OpenStreetMap contributors, ODbL"，或删去这一项；街道确实不是它的，就不用管',
            'write attribution = "© OpenStreetMap contributors, ODbL" or leave it out; if the streets are not theirs, do nothing',
        ),
    ),
}
