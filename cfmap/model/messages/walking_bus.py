"""Messages about planning walking buses (E395-E399, W395-W399, E415, W415)."""

from __future__ import annotations

from cfmap.model.messages.message import Message

MESSAGES: dict[str, Message] = {
    "E395": Message(
        what=("报名表里没有写监护人同不同意", "no column of the table says whether guardians agreed"),
        why=("没有同意就不能用孩子住在哪里来排线路", "without consent nobody may plan with where a child lives"),
        how=(
            "加一列“监护人同意”，填“是”或“否”；一行是一个小区或社区的，改加一列“同意人数”",
            "add a column 监护人同意 with 是 or 否; where a row is an estate or a community, a column 同意人数 with the number",
        ),
    ),
    "E396": Message(
        what=("报名表里没有“学校”这一列", "the table has no column 学校 (school)"),
        why=("步行巴士按学校排，要知道每一行去哪所学校", "walking buses are planned school by school"),
        how=("加一列“学校”，写学校全称或编号，和学校图层里的一致", "add a column 学校 with the school's full name or id, as in the layer of schools"),
    ),
    "E397": Message(
        what=("报名表里没有一行能用", "no row of the table can be used"),
        why=(
            "表里没有数据行，或者每一行都缺监护人同意、学校、人数或位置中的一样；下面的提示写明是哪几行",
            "there is no row, or every row lacks consent, school, number or place; the notes below name them",
        ),
        how=("照下面的提示补齐；确实没有人同意，就不用排", "complete them as the notes say; if nobody agreed there is nothing to plan"),
    ),
    "E398": Message(
        what=("报名表里写的学校，一所也对不上", "none of the schools in the table is known"),
        why=("学校图层里有：{known}", "the layer of schools has: {known}"),
        how=(
            "“学校”一列写学校全称或编号，和学校图层里的一致；重名的写编号",
            "write the full name or id in the column 学校, as in the layer of schools; the id where two have one name",
        ),
    ),
    "W395": Message(
        what=("{count} 行的人数看不懂，没有算：第 {rows} 行", "{count} rows with a number that cannot be read are left out: rows {rows}"),
        how=("人数写成 0 或正整数", "write 0 or a whole number"),
    ),
    "W396": Message(
        what=("{count} 行没有写学校，没有算：第 {rows} 行", "{count} rows without a school are left out: rows {rows}"),
        how=("补上学校全称或编号", "add the school's full name or id"),
    ),
    "W397": Message(
        what=("{count} 行没有能用的位置，没有算：第 {rows} 行", "{count} rows without a usable place are left out: rows {rows}"),
        how=(
            "补上或改正经度、纬度；不想给住处的，可以填小区大门",
            "add or mend longitude and latitude; the gate of the estate will do where a home is not to be told",
        ),
    ),
    "W398": Message(
        what=(
            "{count} 个孩子的学校对不上，没有算：第 {rows} 行",
            "{count} children go to schools that are not known and are left out: rows {rows}",
        ),
        why=("学校图层里没有这个名称或编号，或者有两所同名", "no school has this name or id, or two have the same name"),
        how=(
            "“学校”一列写学校全称或编号，和学校图层里的一致；重名的写编号",
            "write the full name or id in the column 学校, as in the layer of schools; the id where two have one name",
        ),
    ),
    "W399": Message(
        what=("{name}：一条步行巴士也排不出来", "{name}: no walking bus is possible"),
        why=("{detail_zh}", "{detail_en}"),
        how=(
            "多请一些家庭报名，或者放宽 [safety.walking_bus] 里的设置；仍排不出就不排，不要凑数",
            "ask more families, or widen the settings in [safety.walking_bus]; if there is still none, do without",
        ),
    ),
    "W415": Message(
        what=("这一版没有步行巴士的线路：OR-Tools 没有安装", "this edition has no walking buses: OR-Tools is not installed"),
        why=(
            "设置 [safety.walking_bus] children 指了一张报名表，排线路要用它；别的都照常做好了",
            "[safety.walking_bus] children names a table of who joins, and it plans the lines; everything else is built as usual",
        ),
        how=(
            '运行 pip install "cfmap[planning]"，再做一次；不能上网的电脑用新的离线包，里面已经有',
            'run pip install "cfmap[planning]" and build again; without internet, take a new offline bundle, which has it',
        ),
    ),
    "I395": Message(
        what=("{count} 个孩子没有监护人的明确同意，没有用：第 {rows} 行", "{count} children without a clear consent are not used: rows {rows}"),
        how=("同意的写“是”；不同意的、没有答复的不用管", "write 是 for those who agree; nothing is to be done about the others"),
    ),
    "E415": Message(
        what=("排步行巴士要用的 OR-Tools 没有安装", "OR-Tools, which plans walking buses, is not installed"),
        why=(
            "它体积大（约 30 MB），只有步行巴士用得到，所以不随 cfmap 一起装",
            "it is large (about 30 MB) and walking buses alone need it, so it does not come with cfmap",
        ),
        how=(
            '运行 pip install "cfmap[planning]"；不能上网的电脑用新的离线包，里面已经有',
            'run pip install "cfmap[planning]"; without internet, take a new offline bundle, which has it',
        ),
    ),
}
