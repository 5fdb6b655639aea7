"""Messages about what leaves the house: self-check, versions, public figures (13x, 6xx)."""

from __future__ import annotations

from cfmap.model.messages.message import Message

MESSAGES: dict[str, Message] = {
    "E130": Message(
        what=("没有第 {version} 版", "there is no version {version}"),
        why=("现有的版本：{known}", "versions there are: {known}"),
        how=("用 cfmap versions 查看可以退回的版本", "see cfmap versions for those to go back to"),
    ),
    "E131": Message(
        what=("{year} 年还没有发布过可以给人看的一版", "nothing is published yet that could be shown for {year}"),
        why=("在 {folder} 里没有找到", "there is none in {folder}"),
        how=("先运行 cfmap build{option}，再来一次；别的年份用 --edition", "run cfmap build{option} first; another year is chosen with --edition"),
    ),
    "E505": Message(
        what=("{year} 年的输出文件夹里是内部版，没有拿出去", "the output folder of {year} holds an internal edition; it was kept in"),
        why=("内部版里有缺口、未公开的列和没有隐去的人数", "an internal edition holds gaps, columns that are not public and numbers that are not hidden"),
        how=(
            "用 cfmap build 建公开版；确实要给内部的同事，就用 cfmap build --internal 和 cfmap publish --internal，包里会标明“内部资料”",
            "build a public one with cfmap build; for colleagues use cfmap build --internal and cfmap publish --internal, which marks the package",
        ),
    ),
    "E604": Message(
        what=("已发布的网页和发布时不一样了：{name}", "the published page is not the one that was published: {name}"),
        why=(
            "它的 SHA-256 与 manifest.json 里记的不同，可能被人改过或没有拷完整",
            "its SHA-256 differs from manifest.json; it was changed or not copied whole",
        ),
        how=("重新运行 cfmap build，或用 cfmap versions --restore 退回完好的一版", "run cfmap build again, or go back with cfmap versions --restore"),
    ),
    "E601": Message(
        what=("写出的 {name} 读回来核对不上，没有发布", "{name} was written, read back and found wrong; nothing was published"),
        why=("{detail}", "{detail}"),
        how=(
            "再运行一次；还是这样，就把运行记录发给维护者；以前发布的版本没有改动",
            "run again; if it stays, send the run log to the maintainers; what was published before is unchanged",
        ),
    ),
    "E602": Message(
        what=("{name} 应当写出却没有", "{name} should have been written and was not"),
        how=("把运行记录发给维护者；以前发布的版本没有改动", "send the run log to the maintainers; what was published before is unchanged"),
    ),
    "E603": Message(
        what=("这一版比上一版差了很多，先停下来：{what}", "this version is much poorer than the last one, so it was held back: {what_en}"),
        why=(
            "上一版是 {before}，这一版是 {now}；可能有部门少交了数据，或坐标、状态填错了",
            "it was {before}, now it is {now}; data may be missing or coordinates or status wrong",
        ),
        how=("看看检查报告；确认没有问题，就加 --confirm 发布", "look at the check report; if all is right, publish with --confirm"),
    ),
    "W601": Message(
        what=("publish.indicators 里的“{name}”不是任何指标，没有起作用", "“{name}” in publish.indicators is no indicator and has no effect"),
        why=("要写指标的编号，或编号开头的一段，例如：{known}", "it takes an indicator's id or its first parts, for instance: {known}"),
        how=("对照 indicators.json 里的 id 改正", "compare with the ids in indicators.json and mend it"),
    ),
    "I601": Message(
        what=(
            "为保护儿童隐私，公开版里隐去了 {count} 个 1–9 人的数和能反推出它们的数",
            "{count} figures of 1-9 children, and those that would reveal them, are hidden in the public edition",
        ),
    ),
}
