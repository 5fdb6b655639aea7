"""Messages about surveys of streets round schools."""

from __future__ import annotations

from cfmap.model.messages.message import Message

MESSAGES: dict[str, Message] = {
    "E294": Message(
        what=("这不是现场调查表", "this is no form of a street survey"),
        why=(
            "没有一张表有“{sheets}”两张表的列（学校、号、隐藏的“{header}”……），不知道每一行说的是哪一段路",
            "no sheet has the columns of the sheets {sheets} (school, number, the hidden {header} ...), so that nobody can tell which street a row means",
        ),
        how=(
            "交回 cfmap survey form 写出的那一份，不要删列；找不到了就再写一份，把答案抄过去",
            "hand back the workbook that cfmap survey form wrote, with all its columns; if it is lost, write another and copy the answers into it",
        ),
    ),
    "E297": Message(
        what=("这张表少了隐藏的列，整张没有采用：{columns}", "hidden columns of this sheet are gone, nothing of it is used: {columns}"),
        why=(
            "这些列写着每一行说的是哪一段路、哪一侧、哪个校门，没有就对不上",
            "they tell which street, which side or which gate a row is about",
        ),
        how=(
            "撤销删列再保存；撤销不了，就用 cfmap survey form 再写一份，把答案抄过去",
            "undo the deletion and save; where that cannot be undone, write the form again with cfmap survey form and copy the answers into it",
        ),
    ),
    "W281": Message(
        what=("{count} 所学校、幼儿园不在调查表里：{names}", "{count} schools or kindergartens are not on the form: {names}"),
        why=(
            "它们的校门离街道都在 100 米以外，不知道要看哪些路；在地图和指标里是“不清楚”",
            "none of their gates is within 100 m of a street, so that nobody knows which streets to look at; their surroundings count as unknown",
        ),
        how=("改正校门（或学校）的经纬度，再写一份调查表", "mend the coordinates of their gates (or of the schools), and write the form again"),
    ),
    "W282": Message(
        what=("交回的表里没有{lost}，填在那里的没有收", "the form that came back has no {lost}; what was filled in there is not taken"),
        why=("删掉了、隐藏了，或者改了表头{more}", "it was deleted or hidden, or its header was changed{more_en}"),
        how=(
            "照发下去的那一份改回原样，再交一次；那里本来就没有填的，不用管",
            "put it back as it was handed out and hand the form in again; nothing is to be done where nothing was filled in",
        ),
    ),
    "E295": Message(
        what=("设置里写的调查结果不是程序写的那种表", "a survey named in the settings is not the kind of table that the program writes"),
        why=("表头应当有：{columns}", "its header should have: {columns}"),
        how=(
            "从备份里恢复，或从 cfmap.toml 的 [safety] survey 里去掉它，再用 cfmap survey import 取一次调查表",
            "restore it from a backup, or take it out of [safety] survey in cfmap.toml and import the form again with cfmap survey import",
        ),
    ),
    "E296": Message(
        what=("这不是整改清单", "this is no list of what to mend"),
        why=("表头应当有：{columns}", "its header should have: {columns}"),
        how=(
            "用 cfmap mend 再写一份，只删行、改“答案”和“数值”，不要动表头和列",
            "write it again with cfmap mend; delete rows, change 答案 and 数值, and leave the header and the columns as they are",
        ),
    ),
    "E298": Message(
        what=("没有叫这个名称的学校：{names}", "no school has this name: {names}"),
        why=("在 {count} 所学校的名称里找过，可以只写名称里的几个字", "looked for in the names of {count} schools; a part of a name will do"),
        how=("照学校表里的名称写；不写 --school 就是全部学校", "write it as in the table of schools; without --school all schools are asked about"),
    ),
    "W293": Message(
        what=("这一行的学校和号跟隐藏的键对不上，没有采用", "school and number of this row do not fit its hidden key; the row is not used"),
        why=(
            "隐藏的键是“{meant}”的，格子里写的是“{shown}”：只排了一部分列的序，或者学校、号、键被改过、粘贴过",
            "the hidden key belongs to {meant}, the cells say {shown}: only some columns were sorted, or school, number or key were changed or pasted over",
        ),
        how=(
            "撤销排序，照发下去的那一份对好再交；学校和号不要改",
            "undo the sorting, put the answers back beside their streets as in the form that was handed out, and leave school and number as they are",
        ),
    ),
    "W294": Message(
        what=("不知道这一行说的是哪一段路或哪个校门，没有采用：{where}", "which street or gate this row means is not known; not used: {where}"),
        why=(
            "“键”空着、被改过；或者这是别的城市的表；或者街道文件、校门表换过以后没有这一段了",
            "the key is empty or was changed, the form is another city's, or the street file or the list of gates is another one now",
        ),
        how=(
            "自己加的、改过键的行请删去；换过街道文件、校门表的，用 cfmap survey form 再写一份（整改清单用 cfmap mend）",
            "delete rows that were added or whose key was changed; after a new street file or list of gates write the form (cfmap survey form) or list anew",
        ),
    ),
    "W295": Message(
        what=("填的不在可选的答案里，这一行没有采用", "this is none of the answers to choose from; the row is not used"),
        why=("可选：{known}", "to choose from: {known}"),
        how=("改成可选的一个；没看清就空着", "write one of them; leave it empty when it could not be seen"),
    ),
    "W296": Message(
        what=("这里要一个可能的数，这一行没有采用", "a possible number is wanted here; the row is not used"),
        why=("要在 {minimum} 到 {maximum}（{unit}）之间", "it must be between {minimum} and {maximum} ({unit})"),
        how=("只写数字，核对小数点和单位；没量就空着", "write the number alone, mind the point and the unit; leave it empty when it was not measured"),
    ),
    "W297": Message(
        what=("日期不对，这一行没有采用", "the date is wrong; the row is not used"),
        why=("要写到日，不早于 2000-01-01，不晚于今天（{today}）", "it must name the day, not before 2000-01-01 and not after today ({today})"),
        how=("写看的那一天，例如 2024-12-05；记不清就空着", "write the day somebody looked, e.g. 2024-12-05; leave it empty when it is not known"),
    ),
    "W298": Message(
        what=("同一处有两个不同的答案，两个都不算：{one} ≠ {other}", "two answers about one place differ, neither counts: {one} ≠ {other}"),
        why=(
            "另一个答案在 {first}，日期一样或都没有写，分不出先后",
            "the other one is in {first}, of the same day or both without a day, so that none is the later one",
        ),
        how=(
            "再看一次，把对的答案和再看的日期（要比原来的晚）写进这一行，再交一次；整改清单里的，删去不对的一行",
            "look again, write the right answer and that day (a later one) into this row and hand it in again; in a list of what to mend delete the wrong row",
        ),
    ),
    "I298": Message(
        what=("新的答案代替旧的：{one} → {other}", "a newer answer takes the place of an older one: {one} → {other}"),
        why=("旧的在 {first}，仍留在文件里", "the older one is in {first} and stays in the file"),
    ),
    "I299": Message(
        what=("{count} 个现场答案是 {year} 年以后看到的，不算进这一版", "{count} answers of surveys are of after {year} and do not count for this edition"),
        why=("以前的版本只用当时知道的；最新的一版全部都用", "a former edition knows what was known then; the latest one knows all"),
    ),
    "W299": Message(
        what=("这一行自相矛盾，没有采用", "this row contradicts itself; not used"),
        why=("{reason}", "{reason_en}"),
        how=("改成一致，再交一次", "make it agree and hand it in again"),
    ),
}
