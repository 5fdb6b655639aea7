"""Messages about what leaves the house: self-check, versions, public figures (13x, 6xx)."""

from __future__ import annotations

from cfmap.model.messages.message import Message

MESSAGES: dict[str, Message] = {
    "E130": Message(
        what=("没有第 {version} 版", "there is no version {version}"),
        why=("现有的版本：{known}", "versions there are: {known}"),
        how=("用 cfmap versions 查看可以退回的版本，再 cfmap rollback 版本号", "see cfmap versions for those to go back to, then cfmap rollback NUMBER"),
    ),
    "E136": Message(
        what=("没有更早的版本可以退回", "there is no earlier version to go back to"),
        why=("{folder} 里只有现在这一版，或者还没有发布过", "{folder} holds only the one that is shown, or none"),
        how=("用 cfmap versions 看有哪些版本", "see cfmap versions"),
    ),
    "E131": Message(
        what=("{year} 年还没有发布过可以给人看的一版", "nothing is published yet that could be shown for {year}"),
        why=("在 {folder} 里没有找到", "there is none in {folder}"),
        how=("先运行 cfmap build{option}，再来一次；别的年份用 --edition", "run cfmap build{option} first; another year is chosen with --edition"),
    ),
    "E132": Message(
        what=("找不到标志图片", "the logo is not there"),
        why=("theme.logo 写的文件不在项目里", "theme.logo names a file that the project does not have"),
        how=(
            "把图片放进项目文件夹，路径从项目文件夹写起；不要标志就留空",
            "put the picture into the project and write its path from there; leave it empty for none",
        ),
    ),
    "E133": Message(
        what=("标志图片太大：{size}", "the logo is too large: {size}"),
        why=("最大 {most}；网页里只显示小小一块", "at most {most}; the page shows it small"),
        how=("缩小以后另存，例如宽 600 像素的 PNG", "save it smaller, for instance as a PNG 600 pixels wide"),
    ),
    "E134": Message(
        what=("标志不是能用的图片", "the logo is no picture that can be used"),
        why=(
            "只收 {known}，按内容辨认；SVG 里可以藏脚本和外部链接，不收",
            "it takes {known}, told by the content; an SVG can hide scripts and links and is not taken",
        ),
        how=("另存为 PNG", "save it as PNG"),
    ),
    "E145": Message(
        what=("{folder} 里没有已发布的一版，无从比较", "nothing is published in {folder}, so that there is nothing to compare"),
        why=("比较的是已经发布的两版", "two published editions are compared"),
        how=(
            "先用 cfmap build --edition 年份 建好；或写一版所在的文件夹，例如 output/2023",
            "build it first with cfmap build --edition YEAR, or give the folder of an edition, such as output/2023",
        ),
    ),
    "E146": Message(
        what=("这两版不能比：{old} 和 {new}", "these two cannot be compared: {old} and {new}"),
        why=("{reason}", "{reason_en}"),
        how=(
            "比较同一个城市、同为公开版或同为内部版的两版；内部版加 --internal",
            "compare two of one city, both public or both internal; --internal for those",
        ),
    ),
    "E148": Message(
        what=("这几版不能合成一个市：{found}", "these editions cannot be put together to a city: {found}"),
        why=("要两个以上名称不同的区县，同一年", "it takes two or more districts of different names, all of one year"),
        how=(
            "给出每个区县同一年的版本文件夹，例如 甲区/output/2024-internal",
            "give the folder of each district's edition of one year, such as a/output/2024-internal",
        ),
    ),
    "E147": Message(
        what=("不能按原因拆分：{old} 不是这个项目里的年份", "cannot split by cause: {old} is no year of this project"),
        why=("拆分要用旧年的表重算一遍", "for it the older year's tables are computed again"),
        how=("旧版写年份而不是文件夹，或去掉 --recompute", "name the older edition by its year, or leave --recompute out"),
    ),
    "W131": Message(
        what=("主色太浅，白字看不清，网页上改用深一些的 {used}", "the colour is too light for white letters; the page uses a darker one, {used}"),
        why=("白字和它的对比度是 {contrast}，要有 4.5", "white letters on it have a contrast of {contrast}; 4.5 is needed"),
        how=("可以在 theme.colour 里改成 {used}，就不再提示", "write {used} as theme.colour, and this is told no more"),
    ),
    "E505": Message(
        what=("{year} 年的输出文件夹里是内部版，没有拿出去", "the output folder of {year} holds an internal edition; it was kept in"),
        why=("内部版里有缺口、未公开的列和没有隐去的人数", "an internal edition holds gaps, columns that are not public and numbers that are not hidden"),
        how=(
            "用 cfmap build 建公开版；确实要给内部的同事，就用 cfmap build --internal 和 cfmap publish --internal，包里会标明“内部资料”",
            "build a public one with cfmap build; for colleagues use cfmap build --internal and cfmap publish --internal, which marks the package",
        ),
    ),
    "E506": Message(
        what=(
            "公开版没有审图号，也没有写明不需要审图号的理由，没有发布",
            "a public map needs a review number or the reason why it needs none; nothing was published",
        ),
        why=("公开的地图要先送审，审图号要标在图上", "a public map is reviewed first and carries its number"),
        how=(
            '在 cfmap.toml 的 [edition] 里填 review_number = "审图号"；依规不需要的，填 exemption = "理由"（会印在图上）。送审用的样图可以写 exemption = "送审样图，不公开"。只给内部看，用 cfmap build --internal',
            'in [edition] of cfmap.toml fill in review_number, or exemption with the reason, which is printed on the map; a copy for the review can say exemption = "送审样图，不公开 / for review only". For the house alone use cfmap build --internal',
        ),
    ),
    "E507": Message(
        what=(
            "审图号 {number} 是给哪些内容的，没有记下来，没有发布",
            "it is not recorded for which content the review number {number} was given; nothing was published",
        ),
        why=(
            "设置里有审图号，没有内容指纹，不能知道现在的图和送审的图是不是一样",
            "the settings hold a number and no content fingerprint, so nobody can tell whether this is the map that was reviewed",
        ),
        how=(
            '确认现在的内容就是送审的内容，再在 cfmap.toml 的 [edition] 里加一行：review_fingerprint = "{fingerprint}"。不一样的要重新送审；急用时加 --acknowledge-changed-content，网页会写明“内容已变化，需重新送审”',
            'if this content is the one that was reviewed, add to [edition] of cfmap.toml: review_fingerprint = "{fingerprint}". If not, have it reviewed; --acknowledge-changed-content publishes meanwhile, and the page says that the content has changed',
        ),
    ),
    "E508": Message(
        what=(
            "内容已变化，需重新送审：和审图号 {number} 对应的内容不同，没有发布",
            "content has changed and needs a new review: it is not what number {number} was given for; nothing was published",
        ),
        why=("不同的有：{changes}", "different: {changes_en}"),
        how=(
            '重新送审；拿到批准后把 cfmap.toml 里的审图号和这一行一起换掉：review_fingerprint = "{fingerprint}"（一个号批准了几版，写成列表）。急用时加 --acknowledge-changed-content，网页会写明“内容已变化，需重新送审”',
            'have it reviewed again, then replace the number in cfmap.toml together with review_fingerprint = "{fingerprint}" (a list where one number covers several editions). --acknowledge-changed-content publishes meanwhile, and the page says that the content has changed',
        ),
    ),
    "E511": Message(
        what=(
            "要公开的文件 {name} 里有{kind}，没有发布；以前发布的版本没有改动",
            "{name}, which was about to be public, holds {kind_en}; nothing was published, what was published before is unchanged",
        ),
        why=("出处：{origin}", "it came from: {origin_en}"),
        how=(
            "在出处那一格删去它再建一次；是机构对外的电话就放进“公开电话”列。位置写的是它在要公开的文件里的地方",
            "delete it where it came from and build again; an institution's own phone goes into the column 公开电话. The place is that in the built file",
        ),
    ),
    "E512": Message(
        what=(
            "要写出的文件 {name} 里有密钥，没有发布；以前发布的版本没有改动",
            "{name} holds a key; nothing was published, what was published before is unchanged",
        ),
        why=("出处：{origin}", "it came from: {origin_en}"),
        how=(
            "从出处删去；密钥只放在环境变量里（天地图用 CFMAP_TIANDITU_KEY），已经泄露的请到服务商那里换掉",
            "delete it there; keys belong into the environment alone (CFMAP_TIANDITU_KEY for Tianditu), and one that got out should be replaced",
        ),
    ),
    "E513": Message(
        what=("有一个文件看不了里面有没有个人信息，没有发布", "a file cannot be searched for personal data; nothing was published"),
        why=("{detail}", "{detail}"),
        how=("把运行记录发给维护者；以前发布的版本没有改动", "send the run log to the maintainers; what was published before is unchanged"),
    ),
    "E514": Message(
        what=("设置里写了密钥，没有建图", "the settings hold a key; nothing was built"),
        why=("设置会随项目一起拷贝、转发和存档", "settings are copied, sent and kept with the project"),
        how=(
            "删去这一行里的密钥，改放环境变量（天地图用 CFMAP_TIANDITU_KEY）；已经给过别人的请换掉",
            "delete the key from this line and put it into the environment (CFMAP_TIANDITU_KEY for Tianditu); replace one that others have seen",
        ),
    ),
    "E515": Message(
        what=("公开版缺{title}，没有建图", "a public map must say {title_en}; nothing was built"),
        why=("公开的地图要说清楚是谁、用什么、到哪一天", "a public map says who made it, of what, and of which day"),
        how=(
            "在 cfmap.toml 的 [{table}] 里填一行：{line}；只给内部看，用 cfmap build --internal",
            "in [{table}] of cfmap.toml fill in a line like: {line}. For the house alone use cfmap build --internal",
        ),
    ),
    "E516": Message(
        what=(
            "图层“{layer}”会让人知道需要帮助的孩子在哪里，没有建公开版",
            "layer “{layer_en}” would show where children in need are; no public edition was built",
        ),
        why=("名称“{word}”在敏感图层的名单里", "“{word}” is on the list of sensitive layers"),
        how=(
            "在 cfmap.toml 的 [layers.{key}] 里加一行：internal = true，它就只在内部版（cfmap build --internal）里；它其实是服务机构的，把名称改成机构，例如“……服务站”",
            "add internal = true to [layers.{key}] of cfmap.toml, and it is in the internal edition alone; if it holds institutions, call it so (……服务站)",
        ),
    ),
    "I506": Message(
        what=(
            "要公开还缺：{missing}；现在可以检查和给内部看，到 cfmap build 公开版时会停下来",
            "for a public map there is still missing: {missing_en}; checking and internal editions go on, a public cfmap build will stop",
        ),
        how=(
            '审图要时间，现在就可以准备；拿到后填进 cfmap.toml，送审用的样图可以先写 exemption = "送审样图，不公开"',
            'a map review takes its time, so prepare it now; fill the rest into cfmap.toml. A copy for the review can say exemption = "送审样图，不公开 / for review only"',
        ),
    ),
    "W506": Message(
        what=(
            "照您的要求发布了；网页和图片上写明“内容已变化，需重新送审”（审图号 {number}）",
            "published as you asked; page and pictures say that the content has changed and needs a new review (number {number})",
        ),
        how=("尽快重新送审", "have it reviewed soon"),
    ),
    "E604": Message(
        what=("已发布的网页和发布时不一样了：{name}", "the published page is not the one that was published: {name}"),
        why=(
            "它的 SHA-256 与 manifest.json 里记的不同，可能被人改过或没有拷完整",
            "its SHA-256 differs from manifest.json; it was changed or not copied whole",
        ),
        how=("重新运行 cfmap build，或用 cfmap rollback 退回完好的一版", "run cfmap build again, or go back with cfmap rollback"),
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
    "W603": Message(
        what=("有 {count} 张照片，网页里只放前 {most} 张", "{count} photos: the page holds the first {most}"),
        why=("照片合起来最多 2 MB，手机上才打得开", "photos take at most 2 MB together, so that the page opens on a phone"),
        how=("留下最要紧的", "keep the ones that matter most"),
    ),
    "I601": Message(
        what=(
            "为保护儿童隐私，公开版里隐去了 {count} 个 1–9 人的数和能反推出它们的数",
            "{count} figures of 1-9 children, and those that would reveal them, are hidden in the public edition",
        ),
    ),
    "W605": Message(
        what=("没有写出 {name}：这台电脑上没有能印中文的字体", "{name} was not written: this computer has no font for Chinese"),
        why=("找过 {known} 等，都没有", "{known} and others were looked for"),
        how=(
            '装一种再建一次（Windows 和 macOS 自带；Debian/Ubuntu：apt install fonts-noto-cjk）；不要图集就在设置里写 publish.without = ["atlas"]',
            'install one and build again (Windows and macOS bring one; Debian/Ubuntu: apt install fonts-noto-cjk); to do without, set publish.without = ["atlas"]',
        ),
    ),
}
