"""Messages about disk, rights, locks and other things of the machine (4xx)."""

from __future__ import annotations

from cfmap.model.messages.message import Message

MESSAGES: dict[str, Message] = {
    "E401": Message(
        what=("另一个 cfmap 正在运行（进程 {pid}，{start} 开始）", "another cfmap is running (process {pid}, started {start})"),
        why=(
            "它正在往同一个输出文件夹里写（电脑：{host}），两个一起写会互相弄坏",
            "it writes to the same output folder (on {host}); two at once would spoil each other",
        ),
        how=("等它结束再运行；确定它已经不在了，就重启电脑后再试", "wait until it ends; if it is surely gone, restart the computer and try again"),
    ),
    "E402": Message(
        what=("磁盘空间不够，没有发布", "not enough disk space, nothing was published"),
        why=("文件夹 {folder} 大约需要 {needed}，现在只剩 {free}", "folder {folder} needs about {needed}, only {free} is left"),
        how=(
            "清理磁盘，或用 --out 换一个空间大的文件夹；以前发布的版本没有改动",
            "free some space or choose another folder with --out; what was published before is unchanged",
        ),
    ),
    "E403": Message(
        what=("没有写入权限：{folder}", "no right to write: {folder}"),
        why=("系统不允许在这里新建或修改文件（{detail}）", "the system does not allow files to be made or changed here ({detail})"),
        how=(
            "请管理员开放写入权限，或用 --out 换一个文件夹；以前发布的版本没有改动",
            "ask for write access or choose another folder with --out; what was published before is unchanged",
        ),
    ),
    "E404": Message(
        what=("{name} 正被别的程序打开，换不成新版本", "{name} is open in another program and cannot be replaced"),
        why=(
            "试了 {seconds:.1f} 秒，系统一直不放行；多半是 Excel、QGIS、浏览器或杀毒软件开着它",
            "the system refused for {seconds:.1f} s; likely Excel, QGIS, a browser or a virus scanner holds it",
        ),
        how=("请先关闭它，再运行一次；以前发布的版本没有改动", "close it there and run again; what was published before is unchanged"),
    ),
    "E405": Message(
        what=("写文件时系统报错，没有发布", "the system reported an error while writing, nothing was published"),
        why=("{folder}：{detail}", "{folder}: {detail}"),
        how=(
            "检查磁盘、网络盘或 U 盘是否还连着；以前发布的版本没有改动",
            "check that the disk or network drive is still there; what was published before is unchanged",
        ),
    ),
    "W405": Message(
        what=("地图已经发布；问题清单没有写成：{what}", "the map is published; the list of problems could not be written: {what_en}"),
        how=(
            "关掉打开着的 check.xlsx、check.gpkg 和退回的副本，再运行 cfmap check",
            "close check.xlsx, check.gpkg and the returned copies, then run cfmap check",
        ),
    ),
    "W406": Message(
        what=(
            "第 {version} 版已经发布，读者看得到；只是磁盘没有确认它已存稳：{detail}",
            "version {version} is published and readers see it; only the disk did not confirm that it is safe: {detail}",
        ),
        why=("马上断电的话，读者可能又看到上一版；两版都是完整的", "after a power cut at once readers might see the version before again; both are whole"),
        how=("检查磁盘、网络盘或 U 盘是否还连着；放心起见可以再建一次", "check that the disk or network drive is still there; build again to be sure"),
    ),
    "E406": Message(
        what=("这里已经有一个同名的文件，建不了输出文件夹：{folder}", "a file of the same name is in the way of the output folder: {folder}"),
        how=("把这个文件移走或改名，或用 --out 换一个文件夹", "move or rename the file, or choose another folder with --out"),
    ),
    "E407": Message(
        what=("读栅格人口要用的 rasterio、exactextract 没有安装", "rasterio and exactextract, which read rasters of people, are not installed"),
        why=("它体积大，只有读栅格时才用得到，所以不随 cfmap 一起装", "it is large and only rasters need it, so it does not come with cfmap"),
        how=(
            '运行 pip install "cfmap[raster]"；或自己读出数组，用 cfmap.geometry.raster.Raster',
            'run pip install "cfmap[raster]", or read the array yourself and use cfmap.geometry.raster.Raster',
        ),
    ),
    "E408": Message(
        what=("端口 {port} 用不了", "port {port} cannot be used"),
        why=(
            "系统说：{detail}；多半是别的程序（或另一个 cfmap serve）正用着它",
            "the system says: {detail}; another program, or another cfmap serve, may be using it",
        ),
        how=("换一个端口，例如 --port 8765；不写 --port 就自动选一个空闲的", "choose another, for instance --port 8765; without --port a free one is found"),
    ),
    "E409": Message(
        what=("文件夹已经有东西了：{folder}", "the folder is not empty: {folder}"),
        why=("写进去会和原来的文件混在一起", "what is written would mix with what is there"),
        how=("换一个新文件夹，或先把它清空", "choose a new folder, or empty this one first"),
    ),
    "E410": Message(
        what=("打开外来文件用的程序启动不了", "the process that opens outside files does not start"),
        why=("系统说：{detail}", "the system says: {detail}"),
        how=(
            "关掉别的程序或重启电脑再试；还不行就运行 cfmap doctor 看看装齐了没有",
            "close other programs or restart the computer and try again; else see what cfmap doctor says is missing",
        ),
    ),
    "E411": Message(
        what=("文件太大，没有读：{size}", "the file is too large and was not read: {size}"),
        why=("读它大约要 {needed} 内存，上限是 {limit}", "reading it would take about {needed} of memory; the limit is {limit}"),
        how=("只留本市的行和用得到的列，或拆成几个文件再交", "keep the city's rows and the needed columns, or split it into several files"),
    ),
    "E420": Message(
        what=("还没有发布过这一版，没有地图可以更新", "nothing is published yet, there is no map to renew"),
        why=("在 {folder} 里没有找到", "there is none in {folder}"),
        how=("先运行 cfmap build，再来一次；别的年份用 --edition", "run cfmap build first; another year is chosen with --edition"),
    ),
    "E421": Message(
        what=("已发布的网页里没有放活动的地方", "the published page has no place for events"),
        why=("它是旧的 cfmap 建的，或者那时没有活动这个图层", "it was built by an older cfmap, or without the layer of events"),
        how=("运行一次 cfmap build，以后就能单独更新活动了", "run cfmap build once; from then on events can be renewed alone"),
    ),
    "I401": Message(
        what=("清理了上次中断留下的半成品 {count} 个", "{count} unfinished version(s) of an interrupted run removed"),
        why=("上次运行没有正常结束（断电、被强行关闭等）；那一版没有发布过", "the last run did not end properly; that version was never published"),
    ),
    "I402": Message(
        what=(
            "上次运行（进程 {pid}，{start} 开始）没有正常结束，已接着处理",
            "the last run (process {pid}, started {start}) did not end properly; carrying on",
        ),
    ),
    "I403": Message(
        what=("按设置只留最近 {keep} 版，删去了旧版：{versions}", "old versions removed, {keep} are kept as set: {versions}"),
    ),
}
