"""What are streets, villages and estates called? Two plain words put together; none is taken from a real place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

FIRST = "晴云星月春秋青白金银兰竹松枫桐梧荷莲桂梅橘稻麦溪泉湖潮帆渔鹭雁鹿蝶萤风雨霞露书画琴棋童乐欢笑和善知启"
SECOND = "禾川语影光歌舟桥岸湾洲原田野林谷岭石塘渡沙坞园庭亭台径巷屿畔心梦园屋集桥坡岗"
ESTATE_ENDS = ("花园", "小区", "家园", "苑", "新村", "公寓", "雅居", "名庭", "里")
ROAD_ENDS = {
    "trunk": ("大道",),
    "primary": ("大道", "路"),
    "secondary": ("路", "大街"),
    "tertiary": ("路", "街"),
    "residential": ("路", "街", "弄"),
    "living_street": ("巷", "弄"),
    "unclassified": ("路",),
    "service": ("弄",),
    "track": ("",),
    "footway": ("巷",),
}


class Names:
    """Gives out names, none twice in a kind."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._stems = [a + b for a in FIRST for b in SECOND]
        rng.shuffle(self._stems)
        self._rng = rng
        self._next: dict[str, int] = {}

    def stem(self, kind: str) -> str:
        """The next unused two-character stem of a kind; from the second round on with a number word before it."""
        number = self._next.get(kind, 0)
        self._next[kind] = number + 1
        shift = sum(map(ord, kind)) % len(self._stems)  # kinds start at different places of the list
        stem = self._stems[(number + shift) % len(self._stems)]
        return ("", "新", "东", "西", "南", "北", "上", "下")[number // len(self._stems) % 8] + stem

    def road(self, highway: str) -> str:
        """A street's name."""
        ends = ROAD_ENDS.get(highway, ("路",))
        return self.stem("road") + str(ends[int(self._rng.integers(len(ends)))])

    def estate(self) -> str:
        """An estate's name."""
        return self.stem("estate") + str(ESTATE_ENDS[int(self._rng.integers(len(ESTATE_ENDS)))])

    def village(self) -> str:
        """A village's name."""
        return self.stem("village") + "村"
