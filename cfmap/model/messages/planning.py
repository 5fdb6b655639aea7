"""Messages about plans: safe routes to school."""

from __future__ import annotations

from cfmap.model.messages.message import Message

MESSAGES: dict[str, Message] = {
    "W363": Message(
        what=(
            "安全通学路“{name}”不到任何校门：最近的是“{school}”的校门，差 {metres} 米。",
            "The safe route “{name}” comes to no school gate: the nearest is that of {school}, {metres} m away.",
        ),
        why=(
            "通学路要走到校门（100 米以内）。多半是坐标系写错了、线没有画完，或者校门的位置不对。",
            "A way to school leads to a gate, within 100 m. Most likely the datum is a wrong one, the line is unfinished, or the gate is misplaced.",
        ),
        how=(
            "核对这份文件的坐标系（datum）；对的话，把线画到校门，或改正校门的位置。",
            "Check the datum of the file; if it is right, draw the line up to the gate, or mend the place of the gate.",
        ),
    ),
    "W371": Message(
        what=(
            "安全通学路“{name}”有 {percent}% 的长度不在街道上（{metres} 米以内没有街道）。",
            "{percent} % of the safe route “{name}” runs where no street is within {metres} m.",
        ),
        why=("坐标系多半写错了，或者线画在别的地方。", "Its datum is probably a wrong one, or the line lies elsewhere."),
        how=("核对文件的坐标系和 .prj，再导出一次。", "Check the file's datum and its .prj, and export it again."),
    ),
    "W372": Message(
        what=("安全通学路“{name}”断成 {count} 段。", "The safe route “{name}” is in {count} pieces."),
        why=("一条路线的各段没有接上，长度是各段之和。", "The pieces of one route do not touch; its length is their sum."),
        how=("在 GIS 里补上断开的地方，或分成几条路线。", "Draw what is missing in the GIS, or make routes of the pieces."),
    ),
    "W373": Message(
        what=("安全通学路里的“{name}”不是线，没有比较。", "“{name}” among the safe routes is no line and was not compared."),
        how=("这里要线文件（SHP、GPKG、GeoJSON）；点和面请另交。", "A file of lines is needed here (SHP, GPKG, GeoJSON); points and areas belong elsewhere."),
    ),
    "W375": Message(
        what=(
            "安全通学路“{first}”的一头离“{second}”只有 {gap} 米，但没有接上（{lat}，{lon}）。",
            "One end of the safe route “{first}” comes within {gap} m of “{second}” without touching it ({lat}, {lon}).",
        ),
        why=(
            "线只在端点处（0.5 米以内）相接；没有接上的两条线当作两条路线。",
            "Lines join at their ends only, within 0.5 m; lines that do not touch are two routes.",
        ),
        how=(
            "在 GIS 里把端点捕捉到一起，再导出一次；本来就不相接的可以不管。",
            "Snap the ends together in the GIS and export again; nothing is to be done where they are really apart.",
        ),
    ),
    "W376": Message(
        what=(
            "{layer}：{count} 个居住点算不出学径：{metres} 米以内没有可去的，或走不到{off_zh}。",
            "{layer_en}: {count} residential points have no safe route: none of theirs within {metres} m, or no way to it{off_en}.",
        ),
        how=(
            "孩子走得更远的，请改 [safety] route_m；旁边没有路的，请核对坐标和路网。是哪些，在内部版 indicators.xlsx“各校学径”的最后几行。",
            "Where children walk farther, change [safety] route_m; else check the coordinates and the streets. 各校学径 in indicators.xlsx ends with them.",
        ),
    ),
    "W377": Message(
        what=(
            "{layer}：{count} 所的大门离街道超过 100 米，没有学径：{names}。",
            "{layer_en}: {count} have no gate within 100 m of a street; there are no safe routes to them: {names}.",
        ),
        how=(
            "请核对大门的坐标，或看街道数据里是否少画了通到大门的路。",
            "Check the coordinates of their gates, or whether the way to the gate is missing in the street data.",
        ),
    ),
}
