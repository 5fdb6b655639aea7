"""Which way is that: directions, and sides of streets, as a compass shows them and not as left and right."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Eight winds from north clockwise: Chinese, English.
WINDS = (
    ("北", "north"),
    ("东北", "northeast"),
    ("东", "east"),
    ("东南", "southeast"),
    ("南", "south"),
    ("西南", "southwest"),
    ("西", "west"),
    ("西北", "northwest"),
)
STRAIGHT = 0.7  # chord by length of a line whose sides have names; a half circle has 0.64, a right angle 0.71
LETTERS = {"left": ("左侧", "left side"), "right": ("右侧", "right side"), "": ("两侧", "both sides")}


def wind(east: float, north: float) -> tuple[str, str]:
    """Nearest of the eight winds of a way so far to the east and north."""
    return WINDS[_nearest(east, north)]


def side_words(lines: Sequence[shapely.LineString], sides: Sequence[str], *, degrees: bool = True) -> list[tuple[str, str]]:
    """
    On which side of a street something lies, for all pieces of one street.

    Parameters
    ----------
    lines
        Pieces of the street, whichever way each was drawn.
    sides
        Of each piece: left or right looking along it, "" = both.
    degrees
        Whether `lines` are longitudes and latitudes; else metres.

    Returns
    -------
    words
        Of each piece, Chinese and English: "北侧", "north side". The side that most of the street's length faces names its neighbours
        at 45 degrees too, so that a street that bends a little keeps one name. Left or right only where a piece turns so far that no
        wind names its side (its ends are nearer to each other than ``STRAIGHT`` of its length); a piece without a side is "两侧".
    """
    faces = [_outward(line, side, degrees=degrees) if side else None for line, side in zip(lines, sides, strict=True)]
    long = dict.fromkeys(range(len(WINDS)), 0.0)
    for face in faces:
        if face is not None:
            long[_nearest(*face)] += float(np.hypot(*face))
    kept: list[int] = []
    name: dict[int, int] = {}
    for number in sorted((n for n in long if long[n] > 0), key=lambda n: (-long[n], n)):
        name[number] = next((k for k in kept if (k - number) % len(WINDS) in (1, len(WINDS) - 1)), number)
        kept += [number] if name[number] == number else []
    words = []
    for face, side in zip(faces, sides, strict=True):
        zh, en = ("", "") if face is None else WINDS[name[_nearest(*face)]]
        words.append((f"{zh}侧", f"{en} side") if zh else LETTERS[side])
    return words


def _outward(line: shapely.LineString, side: str, *, degrees: bool) -> tuple[float, float] | None:
    """Mean direction, east and north, in which one side of a line faces, as long as the line's chord; None where it has none."""
    at = shapely.get_coordinates(line)
    if len(at) < 2:
        return None
    if degrees:
        at = at * [np.cos(np.radians(at[:, 1].mean())), 1.0]
    (east, north), length = at[-1] - at[0], float(np.hypot(*np.diff(at, axis=0).T).sum())
    if not length or np.hypot(east, north) < STRAIGHT * length:
        return None
    return (-float(north), float(east)) if side == "left" else (float(north), -float(east))


def _nearest(east: float, north: float) -> int:
    return round(float(np.degrees(np.arctan2(east, north))) / 45) % len(WINDS)


__all__ = ["LETTERS", "STRAIGHT", "WINDS", "side_words", "wind"]
