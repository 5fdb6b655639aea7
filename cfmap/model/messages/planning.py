"""Messages about plans: safe routes to school."""

from __future__ import annotations

from cfmap.model.messages.message import Message

MESSAGES: dict[str, Message] = {
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
            "{count} 个居住点算不出学径：{metres} 米以内没有可去的学校，或走不到（其中 {off} 个旁边没有路）。",
            "{count} residential points have no safe route: no school of theirs within {metres} m, or no way to it ({off} of them have no street near).",
        ),
        how=(
            "走得更远的地方请改 [safety] route_m；旁边没有路的请核对坐标和路网。",
            "Where children walk farther, change [safety] route_m; where no street is near, check the coordinates and the street network.",
        ),
    ),
    "W377": Message(
        what=(
            "{count} 所学校的校门离街道超过 100 米，没有学径：{names}。",
            "{count} schools have no gate within 100 m of a street; there are no safe routes to them: {names}.",
        ),
        how=(
            "请核对校门的坐标，或看街道数据里是否少画了通到校门的路。",
            "Check the coordinates of their gates, or whether the way to the gate is missing in the street data.",
        ),
    ),
}
