"""What are streets, villages and estates called? Two plain words put together; none is taken from a real place."""

from __future__ import annotations

import numpy as np

FIRST = tuple("晴 云 星 月 春 秋 青 白 金 银 兰 竹 松 枫 桐 梧 荷 莲 桂 梅 橘 稻 麦 溪 泉 湖 潮 帆 渔 鹭 雁 鹿 蝶 萤 风 雨 霞 露 书 画 琴 棋 童 乐 欢 笑 和 善 知 启".split())
SECOND = tuple("禾 川 语 影 光 歌 舟 桥 岸 湾 洲 原 田 野 林 谷 岭 石 塘 渡 沙 坞 园 庭 亭 台 径 巷 屿 畔 心 梦 园 屋 集 桥 坡 岗".split())
ESTATE_ENDS = ("花园", "小区", "家园", "苑", "新村", "公寓", "雅居", "名庭", "里")
ROAD_ENDS = {"trunk": ("大道",), "primary": ("大道", "路"), "secondary": ("路", "大街"), "tertiary": ("路", "街"), "residential": ("路", "街", "弄"), "living_street": ("巷", "弄"),
             "unclassified": ("路",), "service": ("弄",), "track": ("",), "footway": ("巷",)}  # fmt: skip


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
