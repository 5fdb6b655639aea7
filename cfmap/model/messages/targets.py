"""Messages about target ledgers, what units report, and statistics (17x)."""

from __future__ import annotations

from cfmap.model.messages.message import Message

MESSAGES: dict[str, Message] = {
    "E170": Message(
        what=("没有这份目标台账", "there is no such target ledger"),
        why=("自带的有：{known}；最接近的是 {nearest}", "those that come with cfmap: {known}; nearest is {nearest}"),
        how=(
            "改成其中一个；自己的台账写文件路径，例如 data/我们的台账.xlsx",
            "take one of them; a ledger of your own is named by its path, for instance data/our-ledger.xlsx",
        ),
    ),
    "E171": Message(
        what=("台账里这一行不能用：{detail_zh}", "this row of the ledger cannot be used: {detail}"),
        why=("每个目标要对得上图层、列和规则", "each target must name layers, columns and a rule that exist"),
        how=(
            "照 cfmap targets --template 的说明页改正；说不清怎么算就把“规则”写成 reported",
            "mend it as the guide of cfmap targets --template says; where nothing can be computed write the rule reported",
        ),
    ),
    "E172": Message(
        what=("自带的台账里没有“{city}”", "no ledger of {city} comes with cfmap"),
        why=("有：{known}", "there are: {known}"),
        how=(
            "用 cfmap targets --template 取一份空台账，填好后写进 targets.ledger",
            "get an empty one with cfmap targets --template, fill it in and name it in targets.ledger",
        ),
    ),
    "E173": Message(
        what=("没有写目标台账", "no target ledger is named"),
        why=("cfmap.toml 的 [targets] 里 ledger 是空的", "ledger under [targets] in cfmap.toml is empty"),
        how=("写一份自带的（{known}），或者自己的工作簿", "name one that comes with cfmap ({known}), or a workbook of your own"),
    ),
    "E174": Message(
        what=("这份工作簿里读不出计划", "no plan can be read from this workbook"),
        why=("{detail_zh}", "{detail}"),
        how=(
            "“计划”页要写城市、名称、起始年、结束年，照 cfmap targets --template 的样子",
            "its sheet 计划 needs city, title, first and last year, as cfmap targets --template has it",
        ),
    ),
    "E175": Message(
        what=("编号“{id}”在台账里出现了两次", "the id {id} stands twice in the ledger"),
        why=("一个编号只能是一个目标；前一次在 {first}", "an id is one target; the other is {first}"),
        how=("改成不同的编号，或者删去一行", "give them different ids, or delete one"),
    ),
    "W171": Message(
        what=("上报的数不能用：这里要填数字", "what was reported cannot be used: a number is wanted"),
        why=("这个目标是和数字比的", "this target is compared with a number"),
        how=("只填数字，不带单位；说明写在“备注”", "a number alone, without its unit; explain under 备注"),
    ),
    "W172": Message(
        what=("台账里没有编号“{id}”", "the ledger has no id {id}"),
        why=("这一行没有读进来；最接近的是 {nearest}", "the row is left out; nearest is {nearest}"),
        how=("不要改“编号”一列；重新导出填报表再填", "leave the column 编号 as it is; export the sheet again"),
    ),
    "W173": Message(
        what=("没有找到证据文件", "the evidence file is not there"),
        why=("上报的数没有可以查的依据，台账里仍写“未核”", "nothing backs the number; it stays unchecked"),
        how=(
            "把文件放进项目的 data 文件夹，写从项目文件夹开始的路径",
            "put the file under the project's data folder and write its path from the project's folder",
        ),
    ),
    "W174": Message(
        what=("这个日期不能用：{detail_zh}", "this date cannot be used: {detail}"),
        why=("上报的是已经发生的事", "what is reported has happened"),
        how=("写成 2024-12-31 这样的日期，不晚于今天", "write it as 2024-12-31, not after today"),
    ),
    "W175": Message(
        what=("编号“{id}”报了两个不同的数", "two different numbers are reported for {id}"),
        why=("前一个是 {first}；几个牵头单位填的不一样，用了前一个", "the first is {first}; the units that share it differ, the first was taken"),
        how=("请牵头单位核对后只留一个", "let the lead units agree on one"),
    ),
    "W176": Message(
        what=("统计表里没有“{town}”这个乡镇街道", "the city has no town {town}"),
        why=("这一行没有读进来；最接近的是 {nearest}", "the row is left out; nearest is {nearest}"),
        how=("按乡镇街道界里的名称写；全市的数空着或者写“全市”", "write the name as the outline has it; leave it empty, or 全市, for the whole city"),
    ),
    "W177": Message(
        what=("统计表里的数不能用", "this number of the sheet of statistics cannot be used"),
        why=("“{column_zh}”要是{wanted}", "{column_zh} takes {wanted_en}"),
        how=("改成数字；不知道就删去这一行，不要填 0", "write a number; delete the row where it is unknown, never write 0"),
    ),
    "W178": Message(
        what=("没有目标用到统计项“{id}”", "no target uses the statistic {id}"),
        why=("台账里用到的有：{known}", "the ledger uses: {known}"),
        how=("对照台账的“统计项”一列改正；多余的可以留着", "compare with the ledger's column 统计项; what is extra may stay"),
    ),
    "W179": Message(
        what=("没有找到 {file_zh}", "{file_zh} is not there"),
        why=("cfmap.toml 的 targets 里写了它", "targets in cfmap.toml names it"),
        how=("放好文件，或者删去这一行设置", "put it there, or take the setting out"),
    ),
    "W170": Message(
        what=("这份表整个没有读进来：{what_zh}", "this table was not read at all: {what_en}"),
        why=("台账里对应的行都当作没有数据", "its rows of the ledger stand without data"),
        how=("{how_zh}", "{how_en}"),
    ),
}
