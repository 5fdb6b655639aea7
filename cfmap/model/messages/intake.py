"""Messages about what departments hand in: files, tables, cells, coordinates, geometries (2xx), and refusals (50x)."""

from __future__ import annotations

from cfmap.model.messages.message import Message

_SAVE_AS = ("用 Excel 或 WPS 打开，另存为 .xlsx 后再交", "open it in Excel or WPS, save it as .xlsx and hand that in")

_FILES = {
    "E200": Message(
        what=("找不到文件", "file not found"),
        why=("cfmap.toml 里写了这个文件，但它不在那里", "cfmap.toml names this file, but it is not there"),
        how=(
            "把文件放到这个位置，或改正 cfmap.toml 里的路径（注意大小写和后缀）",
            "put the file there, or mend the path in cfmap.toml (mind case and extension)",
        ),
    ),
    "E201": Message(
        what=("文件是空的（0 字节）", "the file is empty (0 bytes)"),
        why=("多半是复制或下载没有完成", "copying or downloading probably did not finish"),
        how=("重新复制或下载这个文件", "copy or download it again"),
    ),
    "E202": Message(
        what=("文件打不开，内容可能已损坏", "the file cannot be read; it may be damaged"),
        why=("{detail}", "{detail}"),
        how=("用原来的软件打开并另存一份；打不开就请重新提供", "open it in the program that made it and save a copy; else ask for it again"),
    ),
    "E204": Message(
        what=("文件的后缀和内容不一致：其实是{actual}", "the extension does not fit the content: this is really {actual_en}"),
        why=("后缀是 {suffix}，但开头的字节属于{actual}", "the extension is {suffix}, but the first bytes are those of {actual_en}"),
        how=_SAVE_AS,
    ),
    "E205": Message(
        what=("不支持这种文件：{suffix}", "files of this kind are not supported: {suffix}"),
        why=("可以读的有：{known}", "readable: {known}"),
        how=("另存为其中一种再交", "save it as one of these"),
    ),
    "E206": Message(
        what=("文件有密码，读不了", "the file is protected by a password"),
        how=(
            "在 Excel/WPS 里取消密码（文件 → 信息 → 保护工作簿）后另存一份",
            "remove the password in Excel/WPS (File, Info, Protect Workbook) and save a copy",
        ),
    ),
    "E207": Message(
        what=("文字编码不对：这一行按 {encoding} 读不下去", "wrong text encoding: this line cannot be read as {encoding}"),
        why=("第 {byte} 个字节起不是 {encoding}；按别的编码读是：{readings}", "from byte {byte} on it is not {encoding}; read otherwise: {readings}"),
        how=(
            "去掉 cfmap.toml 里的 encoding，或改成对的编码（gb18030、utf-8、big5）；也可用 Excel 另存为“CSV UTF-8”",
            "remove encoding from cfmap.toml or set the right one (gb18030, utf-8, big5); or save it from Excel as “CSV UTF-8”",
        ),
    ),
    "E208": Message(
        what=("0 行：文件里没有数据行", "0 rows: the file holds no data rows"),
        why=("{detail}", "{detail_en}"),
        how=(
            "确认交对了文件；核实过确实没有点位，在 cfmap.toml 这个来源里写 empty = [年份]，例如 empty = [2026]",
            "check that this is the right file; if there really are no sites, write empty = [year] for this source in cfmap.toml, for example empty = [2026]",
        ),
    ),
    "E209": Message(
        what=("找不到表头", "no header row found"),
        why=("前 {scanned} 行里没有一行含有认识的列名，例如：{known}", "none of the first {scanned} rows has known column names, such as: {known}"),
        how=(
            "表头要有“名称”这样的列；列名不同时在 cfmap.toml 这个来源里写 columns",
            "give the table a header with names such as 名称; map other names by columns in cfmap.toml",
        ),
    ),
    "E210": Message(
        what=("缺少必需的列“{title}”", "the required column “{title_en}” ({title}) is missing"),
        why=("表里有这些列：{present}；最接近的是：{nearest}", "columns present: {present}; nearest: {nearest}"),
        how=(
            "在终端里运行 cfmap check 会问一次并记住；或把这一行抄进 cfmap.toml 这个来源的花括号里：{line}",
            "cfmap check on a terminal asks once and remembers; or copy this line into the braces of this source in cfmap.toml: {line}",
        ),
    ),
    "E211": Message(
        what=("两列都是“{title}”：{letters}", "two columns are both “{title}”: {letters}"),
        why=("不知道该用哪一列", "it is unclear which one to use"),
        how=(
            "删掉或改名其中一列；或在 cfmap.toml 这个来源里指定用哪一列：{line}",
            "remove or rename one of them; or say which by its letter for this source in cfmap.toml: {line}",
        ),
    ),
    "E212": Message(
        what=("没有叫“{wanted}”的工作表", "no sheet named “{wanted}”"),
        why=("文件里的工作表：{present}", "sheets in the file: {present}"),
        how=(
            "把工作表的名字改回来，或把 cfmap.toml 这个来源里的 sheet 改成现在的名字",
            "give the sheet its name back, or write the name it has now as sheet of this source in cfmap.toml",
        ),
    ),
    "E213": Message(
        what=("不知道该读哪个工作表", "it is unclear which sheet to read"),
        why=("这些工作表都像数据表：{present}", "several sheets look like data: {present}"),
        how=(
            '在 cfmap.toml 这个来源里写 sheet = "工作表名"；不建项目单问一次的，把要用的那一张另存成一份文件',
            'write sheet = "its name" for this source in cfmap.toml; for a question without a project save that sheet as a file of its own',
        ),
    ),
    "E214": Message(
        what=("公式没有算出的值", "a formula without its computed value"),
        why=("表格由程序写出，还没有在 Excel 里算过", "the table was written by a program and never computed in Excel"),
        how=("在 Excel/WPS 里打开并保存一次", "open it in Excel/WPS and save it once"),
    ),
    "E215": Message(
        what=("单元格是错误值", "the cell holds an error value"),
        why=("公式出错，没有结果", "its formula failed"),
        how=("改正公式，或直接填入数值", "mend the formula or type the value"),
    ),
    "W215": Message(
        what=("单元格是错误值或没有算过的公式，按“未知”处理", "the cell holds an error value or an uncomputed formula; taken as unknown"),
        how=("改正公式，或在 Excel/WPS 里打开并保存一次", "mend the formula, or open and save it once in Excel/WPS"),
    ),
    "E216": Message(
        what=("{layer}：{bad} / {rows} 行有错误，超过允许的 {limit}", "{layer_en}: {bad} of {rows} rows are faulty, more than the allowed {limit}"),
        why=("错得太多，剩下的不能代表整个文件", "with so many faults the rest does not stand for the file"),
        how=(
            "先按下面每一条改正；确实要放宽，改 cfmap.toml 的 publish.max_bad_share",
            "mend the faults listed; to allow more, change publish.max_bad_share in cfmap.toml",
        ),
    ),
    "E217": Message(
        what=("shapefile 不完整：缺少 {missing}", "incomplete shapefile: {missing} is missing"),
        why=("一个 shapefile 由 .shp、.shx、.dbf、.prj 几个文件组成", "a shapefile consists of .shp, .shx, .dbf and .prj"),
        how=("把同名的几个文件放在一起再交", "hand in all the files of the same name together"),
    ),
    "E218": Message(
        what=("两个读取程序读出的结果不一样", "two independent readers disagree about this file"),
        why=("{detail}", "{detail}"),
        how=("文件可能已损坏：在 QGIS/ArcGIS 里打开并另存一份", "the file may be damaged: open it in QGIS/ArcGIS and save a copy"),
    ),
    "E219": Message(
        what=("文件里有几个图层，不知道该读哪个", "the file has several layers; it is unclear which to read"),
        why=("图层：{present}", "layers: {present}"),
        how=("在 cfmap.toml 这个来源里用 sheet 写图层名", "name one by sheet in cfmap.toml"),
    ),
    "E233": Message(
        what=("压缩包里要正好有一份数据，现在有 {count} 份", "an archive must hold exactly one table or GIS file; this one holds {count}"),
        why=("里面有：{present}；可以读的有：{known}", "in it: {present}; readable: {known}"),
        how=(
            "一个压缩包只放一份数据（shapefile 的几个文件算一份），或解压后再交",
            "put one into each archive (a shapefile's files count as one), or hand it in unpacked",
        ),
    ),
    "W217": Message(
        what=("shapefile 缺少 .shx 索引，已重建", "the shapefile lacks its .shx index; it was rebuilt"),
        how=("请核对点位数量", "please check the number of sites"),
    ),
    "W218": Message(
        what=("拿不准文字编码，按 {encoding} 读取", "the text encoding is uncertain; read as {encoding}"),
        why=("可能的读法：{readings}", "possible readings: {readings}"),
        how=("核对读法；不对就在 cfmap.toml 这个来源里写 encoding", "compare them; if wrong, set encoding for this source in cfmap.toml"),
    ),
    "W219": Message(
        what=("有隐藏的行或列，已经计入：{what}", "hidden rows or columns were read as well: {what_en}"),
        how=(
            '不该计入的请删除，或在 cfmap.toml 这个来源里写 hidden = "skip"',
            'delete them if they should not count, or write hidden = "skip" for this source in cfmap.toml',
        ),
    ),
    "W249": Message(
        what=("这一行画了删除线，仍然算作一处", "this row is struck through and is counted all the same"),
        why=(
            "读表的程序看不出画线是什么意思：也许已经撤销，也许只是改过",
            "what a line through a row means no program can know: it may be gone, it may have been changed",
        ),
        how=(
            "已经撤销的，删掉这一行，或把“状态”写成“关闭”；还在的，去掉删除线",
            "if it is gone, delete the row or write 关闭 (closed) as its status; if it is there, take the line away",
        ),
    ),
    "E229": Message(
        what=("“{title}”原来对应的列“{lost}”，这张表里没有", "the column “{lost}”, known as {title_en} ({title}), is not in this table"),
        why=("表里有这些列：{present}；最接近的是：{nearest}", "columns present: {present}; nearest: {nearest}"),
        how=(
            "列改名了：运行 cfmap check 重新选，或在 cfmap.toml 这个来源里改成：{line}",
            "if it was renamed, run cfmap check and choose again, or write for this source in cfmap.toml: {line}",
        ),
    ),
    "I212": Message(
        what=("“{title}”取这一列，已记入 cfmap.toml：{header}", "{title_en} ({title}) is this column; kept in cfmap.toml: {header}"),
    ),
    "I214": Message(what=("隐藏的没有计入：{what}", "hidden rows or columns were left out: {what_en}")),
    "I215": Message(what=("“同上”已按上一行填：第 {rows} 行", "“ditto” was filled from the row above: rows {rows}")),
    "I216": Message(what=("没有列名的列没有读：{letters}", "columns without a header were not read: {letters}")),
    "I213": Message(
        what=("“{title}”已从“{given}”换算成“{unit}”：乘以 {factor}", "{title_en} ({title}) converted from {given} to {unit}: times {factor}"),
    ),
    "I201": Message(what=("按 {encoding} 读取文字（{reason}）", "text read as {encoding} ({reason_en})")),
    "I202": Message(what=("表头在第 {header} 行", "the header is in row {header}")),
    "I203": Message(what=("合并单元格已按区域填充：{ranges}", "merged cells were filled inside their ranges: {ranges}")),
    "I204": Message(what=("合计、小计、示例或说明行没有算作点位：第 {rows} 行", "totals, notes and examples were not taken as sites: rows {rows}")),
    "I205": Message(what=("这是 Excel 的临时文件，没有读", "a temporary file of Excel, not read")),
    "I206": Message(what=("这些列没有用到：{columns}", "columns not used: {columns}")),
    "I207": Message(what=("没有用 fiona 复核：{detail}", "not cross-checked with fiona: {detail}")),
    "I208": Message(
        what=(
            "{count} 个格子里的数带单位、全角、度分秒或“约”等字样，已识别",
            "{count} cells had numbers with units, full-width digits, degrees-minutes-seconds or words; understood",
        ),
    ),
    "I209": Message(
        what=("CGCS2000 坐标按 WGS84 使用", "CGCS2000 coordinates are used as WGS84"),
        why=("两者只差几厘米", "the two differ by a few centimetres"),
    ),
    "I210": Message(what=("去掉了高程（Z）值", "heights (Z values) were dropped")),
}

_CELLS = {
    "E220": Message(
        what=("必填项“{title}”是空的", "the required “{title_en}” ({title}) is empty"),
        how=("补上，或删除这一行", "fill it in, or delete the row"),
    ),
    "E221": Message(
        what=("编号重复", "duplicate id"),
        why=("第一次出现在 {first}（末尾是行号）", "first met in {first} (the number is the row)"),
        how=("每处设施一个编号；同一处写了两次请删去一行", "one id per site; delete the row if the site stands twice"),
    ),
    "E222": Message(
        what=("编号已被 Excel 改坏", "the id was damaged by Excel"),
        why=("长数字超过 15 位时 Excel 会变成科学计数法并丢失末几位", "Excel turns long numbers into powers of ten and loses the last digits"),
        how=("把这一列设为“文本”格式后重新填写", "format the column as text and type the ids again"),
    ),
    "E223": Message(
        what=("“{title}”看不懂：应是{expected}", "“{title_en}” ({title}) cannot be understood: it should be {expected_en}"),
        how=("按例子填写：{example}", "write it like this: {example}"),
    ),
    "W223": Message(
        what=("“{title}”看不懂，按“未知”处理：应是{expected}", "“{title_en}” ({title}) cannot be understood, taken as unknown: it should be {expected_en}"),
        how=("按例子填写：{example}", "write it like this: {example}"),
    ),
    "W224": Message(
        what=("“{title}”里没有这个选项，按“未知”处理", "not an allowed value of “{title_en}” ({title}), taken as unknown"),
        why=("可以填：{allowed}；最接近的是：{nearest}", "allowed: {allowed}; nearest: {nearest}"),
        how=("改成其中一个", "use one of them"),
    ),
    "W225": Message(
        what=("“{title}”超出合理范围，按“未知”处理", "“{title_en}” ({title}) is out of range, taken as unknown"),
        why=("应在 {minimum} 到 {maximum} 之间", "it should lie between {minimum} and {maximum}"),
        how=("核对数字和单位", "check the number and its unit"),
    ),
    "E227": Message(
        what=("一张表里有几个不同的表头：第 {rows} 行", "several different headers in one table: rows {rows}"),
        why=("好像有几张表上下排在一起，不知道该读哪一张", "several tables seem to stand below each other; it is unclear which to read"),
        how=("一个工作表（文件）只放一张表", "put one table into each sheet or file"),
    ),
    "E228": Message(
        what=("引号没有成对，后面的行都进了同一个单元格", "a quotation mark is never closed: the rows behind it are in one cell"),
        why=("{detail}", "{detail}"),
        how=("在文本编辑器里补上或删去这一行的引号；或从 Excel 重新另存为 CSV", "close or remove it in a text editor, or save the CSV from Excel again"),
    ),
    "E224": Message(
        what=("好像有几张表左右并排", "several tables seem to stand side by side"),
        why=("这些列名各有两列：{letters}", "these headers stand twice: {letters}"),
        how=(
            "一个工作表只放一张表：把右边的剪切到左边那张的下面，或放进另一个工作表",
            "put one table into each sheet: move the right one below the left one or elsewhere",
        ),
    ),
    "E225": Message(
        what=("表格横竖颠倒：列名在第一列里", "the table lies on its side: the headers stand in the first column"),
        why=("第一列有：{known}", "in the first column: {known}"),
        how=("在 Excel 里复制整张表，选择性粘贴时勾选“转置”", "copy the table in Excel and paste it with Transpose"),
    ),
    "W220": Message(
        what=("{count} 行比表头多出几格，多出的没有读：第 {rows} 行", "{count} rows have more cells than the header; the rest was not read: rows {rows}"),
        why=(
            "表头只到第 {width} 列；CSV 里多半是文字中有没加引号的逗号，后面的列都错了位",
            "the header has {width} columns; in a CSV usually a comma without quotes shifts what follows",
        ),
        how=("核对这些行；从 Excel 另存的 CSV 会自动加引号", "check these rows; a CSV saved from Excel has the quotes"),
    ),
    "W229": Message(
        what=("文字正好填满字段，可能被截断", "the text fills its field exactly and may be cut off"),
        why=("字段只有 {width} 个字节宽", "the field is {width} bytes wide"),
        how=("核对原文；改用 GeoPackage 就不会截断", "compare with the original; a GeoPackage cuts nothing"),
    ),
    "W232": Message(
        what=("{count} 个图层比 {year} 年多三成以上：{layers}", "{count} layers have grown by more than 30 % since {year}: {layers_en}"),
        why=(
            "这么多图层一起变多，多半是真的增加，或把以前没报的补报了；也可能交重了文件",
            "so many that grow together have grown, most likely, or hand in what was left out before; a file may have been handed in twice",
        ),
        how=("心里有数就不用管；有疑问的向原单位核实", "leave it if it is no surprise; ask the department where it is"),
    ),
    "W231": Message(
        what=("{layer}：今年 {rows} 行，{year} 年 {was} 行，相差 {percent}%", "{layer_en}: {rows} rows now, {was} in {year}: {percent} % apart"),
        why=(
            "相差三成以上：也许只交来了一部分，或者交错了、交重了文件",
            "more than 30 % apart: perhaps only a part was handed in, or the wrong file, or one twice",
        ),
        how=("向原单位核实数量", "ask the department whether the number is right"),
    ),
    "W230": Message(
        what=("数据只到第 {cut} 行，后面的零散单元格没有读", "the data end at row {cut}; the stray cells behind were not read"),
        why=("最远的单元格在第 {far} 行", "the farthest cell is in row {far}"),
        how=("在 Excel 里选中数据以下的行，删除整行后保存", "select the rows below the data in Excel, delete them and save"),
    ),
    "W226": Message(
        what=("文字里有乱码", "garbled text"),
        why=("这些字是编码读错后留下的，原来的字已经丢失", "these characters are left from a wrong encoding; the original ones are lost"),
        how=("重新填写这个单元格", "type the cell again"),
    ),
    "E226": Message(
        what=("“名称”列里有 {count} 处乱码", "{count} garbled names"),
        why=("超过 1%：整个文件多半是按错的编码另存过的", "more than 1 %: the whole file was probably saved with a wrong encoding"),
        how=("请原单位重新导出，不要用乱码的文件另存", "ask for a new export; do not save the garbled file again"),
    ),
    "W227": Message(
        what=("“{title}”的单位和要求的不一样", "the unit of “{title_en}” ({title}) differs from the one asked for"),
        why=("表头写的是“{given}”，要求是“{unit}”，不会换算", "the header says “{given}”, “{unit}” is asked for, and it cannot be converted"),
        how=("换算后重填；现在这一列按“未知”处理", "convert the column; it is taken as unknown now"),
    ),
    "W228": Message(
        what=("没有“状态”列：{count} 处按“未知”处理", "no status column: {count} sites are taken as 未知 (unknown)"),
        how=("加一列“状态”：在用、在建、规划、关闭", "add a column 状态: 在用, 在建, 规划 or 关闭"),
    ),
}

_COORDINATES = {
    "E203": Message(
        what=("经纬度好像写反了", "longitude and latitude seem to be swapped"),
        why=(
            "经度应在 {lon} 之间，纬度应在 {lat} 之间；交换后正好落在这个范围内",
            "longitude should be {lon}, latitude {lat}; swapped, both do",
        ),
        how=(
            "把 {cells} 对调；整列都反了，{whole}",
            "swap {cells_en}; if the whole column is swapped, {whole_en}",
        ),
    ),
    "E230": Message(
        what=("没有坐标列", "there are no coordinate columns"),
        why=("找的列名有：{known}；表里有：{present}", "looked for: {known}; columns present: {present}"),
        how=(
            "列名不同的，运行 cfmap check 选一次，或在 cfmap.toml 这个来源里写：{line}；还没有坐标的，加上空着的“经度”“纬度”两列也能交，以后用 cfmap geocode 按地址查",
            (
                "if they have other names, run cfmap check and choose once, or write for this source in cfmap.toml: {line}; "
                "if nobody has coordinates yet, add the columns 经度 and 纬度 and leave them empty: cfmap geocode looks addresses up later"
            ),
        ),
    ),
    "E231": Message(
        what=("坐标看不懂", "the coordinate cannot be understood"),
        why=(
            "应是十进制度（120.6512）、度分秒（120°39′04″）或米制坐标",
            "decimal degrees (120.6512), degrees-minutes-seconds (120°39′04″) or metres are expected",
        ),
        how=("改成十进制度", "write decimal degrees"),
    ),
    "E232": Message(
        what=("坐标不在地球上：{axis}应在 {low} 到 {high} 之间", "not on the earth: {axis_en} must lie between {low} and {high}"),
        how=("核对小数点和数位", "check the decimal point and the digits"),
    ),
    "W233": Message(
        what=("没有坐标（{state}）：记入“无坐标”清单，地图上不显示", "no coordinates ({state_en}): listed as unlocated, not on the map"),
        how=("补上坐标；只有地址的，可以用 cfmap geocode 按地址查", "add the coordinates; where there is only an address, cfmap geocode looks it up"),
    ),
    "W234": Message(
        what=("点位在城市范围外 {km} 公里", "the site lies {km} km outside the city"),
        why=("范围：经度 {lon}，纬度 {lat}", "the city: longitude {lon}, latitude {lat}"),
        how=("核对坐标；确实在市外的请从表里去掉", "check the coordinates; remove the site if it really lies outside"),
    ),
    "W235": Message(
        what=("点位离城市 {km} 公里，坐标不可信：记入“无坐标”清单", "{km} km from the city, not believed: listed as unlocated"),
        why=("范围：经度 {lon}，纬度 {lat}", "the city: longitude {lon}, latitude {lat}"),
        how=("核对坐标；常见的错误是经度和纬度填了同一个数、少了一位", "check the coordinates; often both hold the same number, or a digit is missing"),
    ),
    "E235": Message(
        what=("{outside} / {located} 个点位在城市范围外（{share}）", "{outside} of {located} sites lie outside the city ({share})"),
        why=("超过 5%：坐标系、带号或城市很可能弄错了；例如第 {rows} 行", "more than 5 %: datum, zone or city is probably wrong; for example rows {rows}"),
        how=("{hint}", "{hint_en}"),
    ),
    "E236": Message(
        what=("坐标是米制的，但没有说明坐标系", "the coordinates are in metres, but their CRS is not declared"),
        why=("{lon} 和 {lat} 不是经纬度；cfmap.toml 里的 datum 是 {datum}", "{lon} and {lat} are not degrees; datum in cfmap.toml is {datum}"),
        how=("{hint}", "{hint_en}"),
    ),
    "E237": Message(
        what=("横坐标的带号和声明的坐标系不符", "the zone prefix of the easting does not fit the declared CRS"),
        why=("声明的是 {datum}，横坐标却是 {lon}", "{datum} is declared, but the easting is {lon}"),
        how=("{hint}", "{hint_en}"),
    ),
    "E238": Message(
        what=("横坐标和纵坐标好像写反了", "easting and northing seem to be swapped"),
        why=("测绘上常用 X 表示纵坐标（北）；交换后正好落在城市范围内", "surveyors call the northing X; swapped, the point lies inside the city"),
        how=(
            "整列都反了，{whole}；只是这一行，就把 {cells} 对调",
            "if the whole column is swapped, {whole_en}; if this row alone is, swap {cells_en}",
        ),
    ),
    "W245": Message(
        what=("坐标系 {datum} 换算成 WGS84 的精度{accuracy}", "{datum} becomes WGS84 with an accuracy of {accuracy_en}"),
        why=("各地的转换参数不公开，可能差几十米", "local parameters are not published; sites may be tens of metres off"),
        how=("请提供 CGCS2000 坐标", "ask for coordinates in CGCS2000"),
    ),
    "E246": Message(
        what=("不认识的坐标系", "unknown coordinate system"),
        how=("可以写 WGS84、CGCS2000、GCJ-02、BD-09 或 EPSG:编号", "write WGS84, CGCS2000, GCJ-02, BD-09 or EPSG:number"),
    ),
    "I218": Message(
        what=("这一列每一格都是纬度在前、经度在后，按这个顺序读", "in every cell of this column the latitude stands first; read so"),
    ),
    "I211": Message(what=("坐标按每一行写的坐标系换算：{systems}", "coordinates read by the system that each row names: {systems}")),
    "E239": Message(
        what=("不认识的坐标系：{datum}", "unknown coordinate system: {datum}"),
        why=("{detail}", "{detail}"),
        how=("可以写 wgs84、cgcs2000、gcj02、bd09 或 EPSG:编号（例如 EPSG:4549）", "use wgs84, cgcs2000, gcj02, bd09 or EPSG:number (for example EPSG:4549)"),
    ),
    "E240": Message(
        what=("坐标系声明错了：写的是 {declared}，数据其实像 {likely}", "wrong datum: {declared} is declared, but the data look like {likely}"),
        why=(
            "{count} 个点位离街道的典型距离（几何平均）是 {as_declared} 米，按 {likely} 换算后是 {as_likely} 米，{closer} 个更近；往别的方向移同样远，最好是 {control} 米{named}",
            "{count} sites lie {as_declared} m (geometric mean) from streets; as {likely} {as_likely} m, {closer} come closer; shifted elsewhere {control} m at best{named_en}",
        ),
        how=(
            '在 cfmap.toml 这个来源里改为 datum = "{likely}"，再重新运行；cfmap check 的 check.xlsx 里“坐标证据”有图',
            'write datum = "{likely}" for this source in cfmap.toml, then run again; the sheet 坐标证据 of check.xlsx has a picture',
        ),
    ),
    "W247": Message(
        what=("坐标系可能声明错了：写的是 {declared}，数据更像 {likely}", "perhaps a wrong datum: {declared} is declared, the data look more like {likely}"),
        why=(
            "{count} 个点位离街道的典型距离是 {as_declared} 米，按 {likely} 换算后是 {as_likely} 米，{closer} 个更近；点位少，不能完全肯定{named}",
            "{count} sites lie {as_declared} m from streets; as {likely} {as_likely} m, {closer} come closer; too few to be certain{named_en}",
        ),
        how=(
            '向提供数据的部门问清坐标系；check.xlsx 的“坐标证据”里有图。确实是 {likely} 就改为 datum = "{likely}"',
            'ask the department; the sheet 坐标证据 of check.xlsx has a picture. If it is {likely}, write datum = "{likely}"',
        ),
    ),
    "I217": Message(
        what=("坐标系没法用街道核对：{count} 个点位", "the datum cannot be checked by the streets: {count} sites"),
        why=("声明的是 {declared}；{reason}", "declared: {declared}; {reason_en}"),
        how=("请部门确认坐标系", "have the department confirm it"),
    ),
    "E241": Message(
        what=("文件没有说明坐标系（缺少 .prj 或 CRS）", "the file does not say its coordinate system (no .prj or CRS)"),
        why=("坐标范围：{bounds}", "bounds: {bounds}"),
        how=(
            '在 cfmap.toml 这个来源里写 datum，例如 datum = "cgcs2000" 或 "EPSG:4549"',
            'declare datum in cfmap.toml, for example datum = "cgcs2000" or "EPSG:4549"',
        ),
    ),
    "W242": Message(
        what=("{share} 的坐标不到 4 位小数", "{share} of the coordinates have fewer than 4 decimals"),
        why=("3 位小数约等于 100 米，步行范围会算不准", "3 decimals are about 100 m, too coarse for walking reach"),
        how=("请提供原始坐标，不要四舍五入", "hand in the coordinates unrounded"),
    ),
    "W243": Message(
        what=("{count} 个点位的坐标完全相同", "{count} sites share exactly the same coordinates"),
        why=("多半是按地址批量匹配时落在了区域中心", "a geocoder probably put them all at the centre of an area"),
        how=("逐个核对坐标", "check them one by one"),
    ),
    "W248": Message(
        what=("{count} 个点位正好在规则网格上（{columns} 列 × {rows} 行）", "{count} sites stand on a regular grid ({columns} by {rows})"),
        why=("多半是网格中心，不是设施的位置", "these are probably the middles of cells, not where the sites are"),
        how=("请提供每处设施自己的坐标", "hand in each site's own coordinates"),
    ),
    "W244": Message(
        what=("可能是同一处：与“{other}”（{where}）同名，相距 {metres} 米", "perhaps the same site as “{other}” ({where}): same name, {metres} m apart"),
        why=("没有判断以前两处都计数", "both count until somebody decides"),
        how=(
            "在 output/check.xlsx 的“重复待核”里选“同一处”或“不是同一处”；也可以删去一个，或（本部和分园）在名称里写清",
            "choose in the sheet 重复待核 of output/check.xlsx; or delete one, or tell them apart in the name",
        ),
    ),
    "W265": Message(
        what=("{layer}：有 {count} 个活动写的“所在点位”在地图上找不到", "{layer_en}: {count} events name a place that is not on the map"),
        why=("没有这个名称或编号，或者同名的不止一处：{names}", "no such name or id, or several of one name: {names}"),
        how=("照地图上的名称抄写，或改写编号、坐标", "copy the name from the map, or give its id or coordinates"),
    ),
    "W266": Message(
        what=("{layer}：有 {count} 个活动的结束日期早于开始日期", "{layer_en}: {count} events end before they begin"),
        why=("开始 → 结束：{names}", "begins → ends: {names}"),
        how=("改正日期；没改以前按开始那天算", "mend the dates; until then the first day counts"),
    ),
}

_PHOTOS = {
    "W262": Message(
        what=("照片不能用这个路径，这一处先不放照片", "this path cannot be a photo's; the place goes without one"),
        why=("照片只能是项目的 data 文件夹里的 jpg、png、webp 文件", "a photo is a jpg, png or webp file in the project's data folder"),
        how=(
            "把照片放进 data 文件夹，写相对路径，例如 data/2024/照片/东山公园.jpg",
            "put it into data and write the path from the project's folder, for example data/2024/photos/park.jpg",
        ),
    ),
    "W263": Message(
        what=("照片找不到或打不开，这一处先不放照片", "the photo is missing or cannot be opened; the place goes without one"),
        how=("检查文件名和文件；照片不要超过 30 MB、6000 万像素", "check the name and the file; at most 30 MB and 60 megapixels"),
    ),
}

_GEOMETRIES = {
    "W250": Message(
        what=("面的边界自相交，已修复（面积变化 {change}）", "an invalid polygon was repaired (area changed by {change})"),
        why=("{detail}", "{detail}"),
        how=("请在 GIS 软件里核对这个面", "please check it in your GIS"),
    ),
    "E251": Message(
        what=("面无效，修复后面积变化 {change}", "invalid polygon; mending it would change its area by {change}"),
        why=("{detail}", "{detail}"),
        how=("在 QGIS 里用“检查几何有效性”找到并改正", "find and mend it with “Check validity” in QGIS"),
    ),
    "W252": Message(
        what=("没有图形：记入“无坐标”清单", "empty geometry: listed as unlocated"),
        how=("在 GIS 软件里补上图形", "draw it in your GIS"),
    ),
    "E253": Message(
        what=("图形类型不对：应是{expected}，实际是 {actual}", "wrong geometry type: {expected_en} expected, {actual} found"),
        how=("换成对的文件，或改正这一个图形", "use the right file, or mend this geometry"),
    ),
    "E254": Message(
        what=("WKT 图形看不懂", "the WKT geometry cannot be understood"),
        why=("{detail}", "{detail}"),
        how=("例如 LINESTRING (120.65 27.78, 120.66 27.79)", "for example LINESTRING (120.65 27.78, 120.66 27.79)"),
    ),
    "E255": Message(
        what=("{count} 个范围没有名称", "{count} outlines have no name"),
        why=("认识的列名：{known}", "known column names: {known}"),
        how=("给乡镇街道图层加上“名称”列", "give the towns a name column"),
    ),
    "W259": Message(
        what=("乡镇街道的范围互相重叠：{names}", "outlines of towns overlap: {names}"),
        why=("重叠 {km2} 平方公里；其中的点位只算进前一个", "{km2} km² lie in two; sites there count for the first"),
        how=("在 GIS 软件里改正边界", "mend the borders in your GIS"),
    ),
    "W272": Message(
        what=(
            "人口表里有 {count} 个名称在同一乡镇街道里写了两次以上：{names}",
            "{count} names stand twice or more in one town of the table of residents: {names}",
        ),
        why=("每一行的人都算进去了；重复登记的就算了两遍", "the people of every row are counted; those entered twice count twice"),
        how=("是同一处的删去一行；不是的，在名称里写清", "delete the row that was entered twice; where they are two places, give them two names"),
    ),
    "W268": Message(
        what=("乡镇街道之间有 {count} 处空白，共 {km2} 平方公里", "{count} gaps between the outlines of towns, {km2} km² in all"),
        why=(
            "其中 {slivers} 处是狭缝；空白里的点位不知道属于哪个乡镇；最大的一处在 {place}（经度, 纬度）",
            "{slivers} of them are slivers; sites in them are in no town; the largest is at {place} (longitude, latitude)",
        ),
        how=(
            "在 GIS 软件里把相邻的边界对齐；水面等本来不属于任何乡镇的，不用改",
            "align the neighbouring borders in your GIS; leave what belongs to no town, such as a lake",
        ),
    ),
    "E264": Message(
        what=("没有住宅的轮廓（共 {count} 行）。", "there is no outline of a residential building ({count} rows)."),
        why=("人口要按住宅的楼层数和占地面积分。", "People are shared out over residential buildings by floors and footprint."),
        how=(
            "给面数据；有“用途”一列时写明住宅；没有这份数据就去掉 population.buildings。",
            "Hand in areas, with 住宅 or residential in the column of uses; or remove population.buildings.",
        ),
    ),
    "E267": Message(
        what=("人口栅格要有乡镇街道界才能用。", "A raster of people needs outlines of towns."),
        why=("栅格的误差大，要按每个乡镇街道的官方总数校准。", "A raster is far off in places, so each town's is rescaled to its official total."),
        how=("在 [boundary] 里写 towns。", "Write towns in [boundary]."),
    ),
    "W267": Message(
        what=("{count} 个名称不是乡镇街道界里的：{names}。", "{count} names are no town of the outlines: {names}."),
        why=("他们的人数没有用上。", "Their people are not used."),
        how=("把名称写得和乡镇街道界一样。", "Write the names as in the outlines of towns."),
    ),
    "I264": Message(
        what=("住宅数据共 {rows} 行，用了 {count} 栋", "{rows} rows of buildings: {count} were used"),
        why=(
            "没有用上的：没写用途的 {unsaid} 栋，写明不住人的 {other} 栋，不是面的 {shapeless} 行",
            "not used: {unsaid} without a use, {other} of another use, {shapeless} that are no area",
        ),
        how=(
            "没写用途的里面有住宅的，请在“用途”一列写明，否则人都分到别的楼里",
            "where some without a use are lived in, say so in the column of uses: else their people are put into the others",
        ),
    ),
    "W264": Message(
        what=("{count} 栋住宅（共 {rows} 栋）不属于任何社区", "{count} of {rows} houses belong to no community"),
        why=(
            "不在任何社区的范围里，离没有范围的社区点都超过 {metres} 米；没有人分到这些楼",
            "they stand on no community's ground and over {metres} m from every community that is a point; nobody is put into them",
        ),
        how=(
            "本市以外的不用管；多的话，请核对住宅的坐标系（population.buildings_datum）和社区的坐标",
            "leave those outside the city; if there are many, check the datum of the houses (population.buildings_datum) and where the communities are",
        ),
    ),
    "W269": Message(
        what=("人口没有写{missing}", "the people have no {missing_en}"),
        why=("每个有人数的指标旁边都要写明人口从哪里来、是哪一天的", "every figure on people says whose numbers they are and of which day"),
        how=('在 [population] 里写 source = "……" 和 data_date = 年-月-日', 'write source = "…" and data_date = year-month-day in [population]'),
    ),
    "W273": Message(
        what=("{names} 写了不止一行，只用第一行", "{names} stand in more than one row: the first is used"),
        why=("多出来 {count} 行；加起来还是取一个，程序不猜", "{count} rows too many; whether to add them up is not guessed"),
        how=("每个乡镇街道只留一行", "keep one row for each town"),
    ),
    "W274": Message(
        what=(
            "{count} 个乡镇街道的社区人口加起来和官方总数差 1% 以上：{detail}",
            "in {count} towns the communities add up to another number than the official one, by over 1 %: {detail_en}",
        ),
        why=("各项指标按社区表算，没有按总数放大", "figures use the communities' numbers and are not scaled to the totals"),
        how=("请核对社区表有没有漏的社区、两份数是不是同一个日期", "see whether communities are missing and both are of one date"),
    ),
    "W275": Message(
        what=("人口栅格里有 {count} 个格子是负数，当作没有人", "{count} cells of the raster are negative and taken as nobody"),
        why=("多半是“无数据”的记号没有写进文件", "probably a mark for “no data” that the file does not declare"),
        how=("在 GIS 软件里给栅格写明 nodata 值", "declare the nodata number of the raster in your GIS"),
    ),
    "W276": Message(
        what=("人口栅格的数和实际差得太远：{detail}", "numbers of the raster are far from what can be: {detail_en}"),
        why=(
            "有 {count} 个乡镇街道：× 后面是官方总数和栅格合计的比；差三倍以上，多半是单位、波段或范围不对，人在乡镇里怎么分布也就不可信",
            "{count} towns; after × stands official total / sum of the raster; over three times off is probably another unit, band or place",
        ),
        how=(
            "栅格要是“每格多少人”，不是每平方公里多少人；核对官方总数的单位是人还是万人",
            "cells must hold people per cell, not per km2; see whether the totals are in persons",
        ),
    ),
    "W277": Message(
        what=("人口栅格的格子边长约 {metres} 米，太粗", "cells of the raster are about {metres} m wide: too coarse"),
        why=(
            "每格的人都算住在格子中心，离街道远的会算成“没有路可到”",
            "all people of a cell are put at its middle; where that is far from a street they count as without a path",
        ),
        how=("换 100 米的栅格（例如 WorldPop、GHS-POP），或用社区人口表", "take a raster of 100 m (WorldPop, GHS-POP) or a table of communities"),
    ),
    "W278": Message(
        what=("设置 population.{key} 没有起作用", "the setting population.{key} has no effect"),
        why=("{reason_zh}", "{reason_en}"),
        how=("用不着就删掉这一行；用法见用户手册的设置表", "remove the line, or see the table of settings in the user guide"),
    ),
    "W279": Message(
        what=("人口栅格没有盖住 {count} 个乡镇街道的全部：{names}", "the raster does not reach all of {count} towns: {names}"),
        why=("百分数是盖住的面积；没盖住的地方没有人，人都算在盖住的部分里", "the percentage is the ground it covers; nobody is put elsewhere"),
        how=("换一份盖住全市的栅格", "take a raster that covers the whole city"),
    ),
    "E258": Message(
        what=("栅格里没有要读的范围", "the raster holds nothing of the area asked for"),
        why=("要读的是西、南、东、北 {bounds}（度）", "asked for: west, south, east, north {bounds} (degrees)"),
        how=("核对栅格是不是本市的、坐标系写得对不对", "see whether it is this city's raster and its CRS is right"),
    ),
    "E256": Message(
        what=("这份 GeoTIFF 读不了", "this GeoTIFF cannot be read"),
        why=("{detail}", "{detail}"),
        how=(
            "核对文件是不是 GeoTIFF、下载完整没有、波段和范围写得对不对",
            "see whether it is a GeoTIFF, was downloaded in full, and has that band and that area",
        ),
    ),
    "E257": Message(
        what=("栅格太大：{cells} 个格子，最多读 {most} 个", "the raster is too large: {cells} cells, at most {most} are read"),
        how=("只读城市所在的范围：bounds=(西, 南, 东, 北)，单位是度", "read the city's part alone: bounds=(west, south, east, north) in degrees"),
    ),
}

_READING = {
    "E270": Message(
        what=("读这个文件时，读取程序中断了", "the reading process broke off at this file"),
        why=("{detail}；多半是文件已损坏。别的文件没有受影响", "{detail}; the file is probably damaged. No other file is affected"),
        how=("用原来的软件打开并另存一份；打不开就请重新提供", "open it in the program that made it and save a copy; else ask for it again"),
    ),
    "E271": Message(
        what=("读这个文件超过了 {seconds} 秒，没有读完", "reading this file took longer than {seconds} s and was ended"),
        why=("文件太大，或者内容异常", "it is too large, or its content is abnormal"),
        how=("删去多余的工作表、行、列，或拆成几个文件，另存后再交", "remove needless sheets, rows and columns, or split it, and hand in a saved copy"),
    ),
    "E272": Message(
        what=("读这个文件要用的内存超过了上限", "reading this file needs more memory than is allowed"),
        why=("文件太大，或者内容异常", "it is too large, or its content is abnormal"),
        how=("删去多余的工作表、行、列，或拆成几个文件，另存后再交", "remove needless sheets, rows and columns, or split it, and hand in a saved copy"),
    ),
}

_REFUSALS = {
    "E501": Message(
        what=("为安全起见没有打开：工作表的范围太大", "refused: the sheet's range is too large"),
        why=("最远的单元格在 {cell}，共 {cells} 格，上限是 {limit} 格", "its farthest cell is {cell}, {cells} cells in all; the limit is {limit}"),
        how=(
            "在 Excel 里删除数据区以外的行和列（选中整行整列再删除），保存后再交",
            "delete the rows and columns beyond the data in Excel, save, and hand it in again",
        ),
    ),
    "E502": Message(
        what=("为安全起见没有打开：这种文件会去读别的文件或网址", "refused: a file of this kind makes the program read other files or addresses"),
        why=("内容其实是 {actual}", "its content is really {actual}"),
        how=("在 GIS 软件里导出为 GeoPackage 或 GeoJSON 再交", "export it as GeoPackage or GeoJSON and hand that in"),
    ),
    "E503": Message(
        what=("表里有个人信息，没有读入", "the table holds personal data; it was not taken in"),
        why=("{why}", "{why_en}"),
        how=(
            "删去这一列后再交；对外公布的机构电话请用列名“公开电话”",
            "delete the column and hand it in again; call a published phone of the institution 公开电话",
        ),
    ),
    "W503": Message(
        what=("这一列没有读入：里面有个人信息（{count} 格）", "this column was left out: it holds personal data ({count} cells)"),
        why=("{why}", "{why_en}"),
        how=(
            "建图用不到这一列，请删去后再存档和转发；机构对外的电话请用列名“公开电话”",
            "the map does not need it: delete it before the table is kept or sent on; call a published phone of the institution 公开电话",
        ),
    ),
    "W504": Message(
        what=("公开版不会显示这一格：里面有个人信息", "the public edition will not show this cell: it holds personal data"),
        why=("{why}", "{why_en}"),
        how=(
            "改成机构自己的信息：地址写到楼栋，电话写在“公开电话”列，不写人名",
            "write the institution's own: the address down to the building, the phone in the column 公开电话, no person's name",
        ),
    ),
    "E504": Message(
        what=("为安全起见没有打开：压缩内容异常", "refused: the file's compressed content is abnormal"),
        why=("{detail}", "{detail}"),
        how=("用 Excel 或 WPS 打开原文件，另存一份再交", "open the original in Excel or WPS, save a copy and hand that in"),
    ),
}

_YEARS = {
    "I280": Message(what=("{layer}：{year} 年没有点位，已在设置里确认", "{layer_en}: no sites in {year}, confirmed in the settings")),
    "I281": Message(what=("{layer}：发下去的表是空的，交回来也没有填", "{layer_en}: the sheet was handed out empty and nothing was filled in")),
    "E280": Message(
        what=("{layer}：{year} 年有 {was} 行，今年是 0 行", "{layer_en}: {was} rows in {year}, none now"),
        why=("去年有、今年一行也没有，多半是交错了文件或没有填", "what was there last year is gone: probably the wrong file, or one that was not filled in"),
        how=(
            "向原单位核实；确实没有了，在 cfmap.toml 这个来源里写 empty = [今年的年份]",
            "ask the department; if there really are none, write empty = [this year] for this source in cfmap.toml",
        ),
    ),
    "E281": Message(
        what=("严格模式：{count} 条存疑的警告要先处理", "strict: {count} doubtful warnings must be settled first"),
        why=("代码 {codes}", "codes {codes}"),
        how=("按每一条核实；核实无误就不加 --strict 再运行", "settle each of them; when all are right, run again without --strict"),
    ),
    "E282": Message(
        what=(
            "{layer}：设置里写明 {year} 年没有点位，文件里却有 {rows} 行",
            "{layer_en}: the settings say that there are none in {year}, but the file has {rows} rows",
        ),
        how=("从 cfmap.toml 这个来源的 empty 里去掉 {year}；或者拿走这个文件", "remove {year} from empty of this source in cfmap.toml, or take the file away"),
    ),
}

_PAIRS = {
    "W270": Message(
        what=("同一个位置有两处：另一处叫“{other}”（{where}），相距 {metres} 米", "two sites at one place: the other is “{other}” ({where}), {metres} m apart"),
        why=(
            "可能是改了名称的同一处，也可能同一栋楼里有两处；没有判断以前都计数",
            "perhaps one site under two names, perhaps two in one building; both count until somebody decides",
        ),
        how=("在 output/check.xlsx 的“重复待核”里选“同一处”或“不是同一处”", "choose in the sheet 重复待核 of output/check.xlsx"),
    ),
    "W271": Message(
        what=("可能是上年的“{other}”，但不能肯定：{apart}", "perhaps last year's “{other}”, but that is not certain: {apart_en}"),
        why=(
            "表里没有编号，按名称和位置对不上唯一的一处；先当作新的一处",
            "the table has no ids, and name and place do not point to one site alone; taken as a new one for now",
        ),
        how=(
            "在 output/check.xlsx 的“重复待核”里选“同一处”或“不是同一处”；用 cfmap roll 发的表带着编号，就没有这个问题",
            "choose in the sheet 重复待核 of output/check.xlsx; workbooks of cfmap roll carry their ids",
        ),
    ),
    "I270": Message(
        what=("另一个图层里也有：“{other}”（{where}），相距 {metres} 米", "also in another layer: “{other}” ({where}), {metres} m apart"),
        why=("两个图层各计一次；哪个数里都没有算两遍", "each layer counts it once; no figure counts it twice"),
        how=("归错了图层的，请从其中一份表里去掉", "if it stands in the wrong layer, take it out of one of the tables"),
    ),
    "I271": Message(
        what=("已判断和“{stays}”是同一处：只算一处", "decided to be the same as {stays}: counted once"),
        how=("判断错了，在“重复待核”里改", "if that is wrong, change it in 重复待核"),
    ),
    "E293": Message(
        what=("这一行的判断看不懂", "this decision is not understood"),
        why=("只能是：{known}；两边的编号都要有", "only {known}; both ids are needed"),
        how=("改正这一行，或把它删掉", "mend the line, or delete it"),
    ),
}

_RETURNED = {
    "E287": Message(
        what=("{year} 不在 {former} 之后", "{year} does not come after {former}"),
        how=("先写新的年份，--from 后面写上一年", "give the new year first, and the one before after --from"),
    ),
    "E288": Message(
        what=("这个文件已经有了，什么都没有写", "this file is there already; nothing was written"),
        why=("里面可能有部门填好的内容，程序从不覆盖", "a department may have filled it in; nothing is ever overwritten"),
        how=("确实要重发，先把它移到别处或改名", "to hand out anew, move it away or rename it first"),
    ),
    "E283": Message(
        what=("这本表的发放底稿看不懂", "the record of what was handed out with this workbook cannot be understood"),
        why=("{record} 被改动过，或没有复制完整", "{record} was changed or not copied in full"),
        how=(
            "从备份里恢复这个文件；没有备份就删掉它，这本表就按普通的表读",
            "restore that file from a backup; without one delete it, and the workbook is read like any other",
        ),
    ),
    "W283": Message(
        what=("“{name}”标的是“保留”，却改了：{columns}", "“{name}” says 保留 (kept), but these were changed: {columns}"),
        why=("和发下去的那一份不一样；按改了以后的用", "they differ from what was handed out; the new values are used"),
        how=("确实要改，选“变更”；误改的，改回来", "choose 变更 if they are right; undo them if not"),
    ),
    "W284": Message(
        what=("“{name}”的“本年情况”看不懂", "“{name}”: this value of 本年情况 is not understood"),
        why=("只能是：{known}；现在按格子有没有改动来判断", "only {known} are known; judged by whether the cells were changed"),
        how=("从下拉列表里选一个", "choose from the list"),
    ),
    "I284": Message(
        what=("已撤销：“{name}”，不进入这一版", "withdrawn: “{name}” is left out of this edition"),
    ),
    "W285": Message(
        what=("“{name}”标的是“新增”，行里却带着老点位“{old}”的编号", "“{name}” says 新增 (new), but its row carries the id of “{old}”"),
        why=("多半是从旧行复制或改写出来的；按新点位给了新编号", "it was probably copied from, or typed over, an old row; it got an id of its own"),
        how=(
            "确实是新的就不用管；其实是同一处，选“变更”；把旧行改没了的，请补回旧行",
            "leave it if it is new; choose 变更 if it is the same site; put the old row back if it was typed over",
        ),
    ),
    "I285": Message(what=("“{name}”标的是“变更”，但和上年没有不同", "“{name}” says 变更 (changed), but nothing differs from last year")),
    "W286": Message(
        what=("上年的“{name}”不见了：这一行被删掉了", "last year's “{name}” is gone: its row was deleted"),
        why=(
            "要撤销的，应当选“撤销”而不是删行；不知道是真的没有了还是误删。稳定编号 {stable}",
            "a site that closed should say 撤销 instead; it may have been deleted by mistake. Stable id {stable}",
        ),
        how=(
            "向原单位核实：误删的从发放的表里补回来；真的没有了，补回来并选“撤销”",
            "ask the department: put the row back, and choose 撤销 if the site really closed",
        ),
    ),
    "I286": Message(what=("这张表核对过，和上年一样：{rows} 行", "this sheet was looked at and is as last year: {rows} rows")),
    "W292": Message(
        what=(
            "这张表还没有交回来：{rows} 行都还是上年的，没有人核对过",
            "this sheet has not come back: its {rows} rows are last year's, and nobody has looked at them",
        ),
        why=("和发下去的一模一样，“填写说明”里也没有选“已核对”", "it is exactly as it was handed out, and 填写说明 does not say 已核对"),
        how=("催一催；核对过确实没变的，请原单位在“填写说明”里选“已核对”", "ask for it; where nothing has changed the department chooses 已核对 on 填写说明"),
    ),
    "W287": Message(
        what=("“{name}”的稳定编号不是发下去的，不能用", "“{name}”: this stable id is not one that was handed out, and is not used"),
        why=("隐藏的那一列被改过", "the hidden column was changed"),
        how=("把这一格清空，或从发放的表里照抄", "empty the cell, or copy it from the workbook as handed out"),
    ),
    "W288": Message(
        what=("“{name}”标的是“新增”，其实是上年就有的“{old}”，没有改动", "“{name}” says 新增 (new), but it is last year's “{old}”, unchanged"),
        why=("编号和每一格都和上年一样；按“保留”处理", "id and cells are last year's; taken as kept"),
        how=("改选“保留”", "choose 保留"),
    ),
    "W289": Message(
        what=("“{name}”标的是“{said}”，但认不出是上年的哪一处", "“{name}” says {said}, but which of last year's sites it is cannot be told"),
        why=(
            "这一行没有稳定编号，也没有唯一一处同名的；“撤销”的不进入这一版，其余按新点位处理",
            "the row has no stable id and no single missing site has its name; 撤销 is left out, others are taken as new",
        ),
        how=("从发放的表里找到这一处，把整行复制过来再改", "find the site in the workbook as handed out and copy its whole row"),
    ),
    "W290": Message(
        what=("“{name}”的稳定编号丢了，按名称找回", "“{name}” has lost its stable id; found again by its name"),
        why=("上年缺的那些里只有这一处叫这个名称", "of last year's missing sites it is the only one of that name"),
        how=("核对是不是同一处", "see whether it is the same site"),
    ),
    "W291": Message(
        what=("新增的“{name}”用了别处用过的编号（{old}）", "the new “{name}” bears a number that belonged to another site ({old})"),
        why=("一个编号只能属于一处，撤销以后也不再用；另给了一个编号", "a number belongs to one site, even after it closed; another id was given"),
        how=("换一个没用过的编号，或把“编号”空着", "use a number that was never used, or leave 编号 empty"),
    ),
}

MESSAGES: dict[str, Message] = {**_PAIRS, **_RETURNED, **_YEARS, **_FILES, **_CELLS, **_COORDINATES, **_PHOTOS, **_GEOMETRIES, **_READING, **_REFUSALS}
