"""What a judged datum looks like: sites over streets, and how far from streets they lie, as read and otherwise."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from cfmap.intake.datum_guard import StreetPoints, Verdict

    Floats = NDArray[np.float64]

WIDTH, HEIGHT, MARGIN = 960, 420, 44
WINDOW_M = 2000.0  # side of the piece of map that is shown: where most sites are
SHOWN_M = 200.0  # distances to a street up to here are drawn
#: Colours that a colour-blind reader tells apart, and what each stands for.
DECLARED, LIKELY, REVERSE, STREET = "#0072B2", "#D55E00", "#999999", "#C9C9C9"
_TEXT, _FRAME = "#333333", "#888888"
MOST_PLACES = 150


def draw(verdict: Verdict, streets: StreetPoints) -> bytes:
    """
    Draw the evidence as a PNG.

    Left: streets (grey) and sites where they are as declared (blue rings) and as the likely datum would have them (orange dots), joined by
    lines. Right: share of sites within so many metres of a street, for both and for the same shift the other way (dashed grey).
    The right datum is the curve that rises first. Numbers and datum names are the only words in it.
    """
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    pen = ImageDraw.Draw(image)
    _map(pen, verdict, streets, (MARGIN, 24, 420, 396))
    _curves(pen, verdict, streets, (500, 24, WIDTH - 24, HEIGHT - MARGIN))
    stream = io.BytesIO()
    image.quantize(64).save(stream, "PNG", optimize=True)
    return stream.getvalue()


def _font(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _map(pen: Any, verdict: Verdict, streets: StreetPoints, frame: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = frame
    here, there = (np.column_stack(pair) * streets.scale for pair in (verdict.here, verdict.there))
    middle = _densest((here + there) / 2)
    per_metre = (right - left) / WINDOW_M

    def pixels(places: Floats) -> Floats:
        return np.asarray(
            np.column_stack([(places[:, 0] - middle[0]) * per_metre + (left + right) / 2, (top + bottom) / 2 - (places[:, 1] - middle[1]) * per_metre])
        )

    def inside(at: Floats) -> Any:
        return (at[:, 0] > left + 3) & (at[:, 0] < right - 3) & (at[:, 1] > top + 3) & (at[:, 1] < bottom - 3)

    near = streets.tree.query_ball_point(middle, WINDOW_M * 0.75)
    for x, y in _kept(pixels(np.asarray(streets.tree.data)[near]), inside):
        pen.rectangle((x - 1, y - 1, x + 1, y + 1), fill=STREET)
    a, b = pixels(here), pixels(there)
    both = np.flatnonzero(inside(a))[:MOST_PLACES]
    for i in both:
        if inside(b[i : i + 1])[0] and verdict.likely:
            pen.line((*a[i], *b[i]), fill=LIKELY, width=1)
            pen.ellipse((b[i, 0] - 4, b[i, 1] - 4, b[i, 0] + 4, b[i, 1] + 4), fill=LIKELY)
        pen.ellipse((a[i, 0] - 5, a[i, 1] - 5, a[i, 0] + 5, a[i, 1] + 5), outline=DECLARED, width=3)
    pen.rectangle(frame, outline=_FRAME)
    bar = 500 * per_metre
    pen.rectangle((right - bar - 70, bottom - 24, right - 4, bottom - 4), fill="white")
    pen.line((right - bar - 10, bottom - 10, right - 10, bottom - 10), fill=_TEXT, width=3)
    pen.text((right - bar - 66, bottom - 20), "500 m", fill=_TEXT, font=_font(14))


def _kept(at: Floats, inside: Any) -> Floats:
    return np.asarray(at[inside(at)]) if len(at) else at


def _densest(places: Floats) -> Floats:
    """Middle of the window that shows most sites."""
    from scipy.spatial import KDTree

    sample = places[:: max(1, len(places) // 500)]
    counts = KDTree(sample).query_ball_point(sample, WINDOW_M / 2.6, return_length=True)
    best = sample[int(np.argmax(counts))]
    return np.asarray(sample[np.hypot(*(sample - best).T) < WINDOW_M / 2.6].mean(axis=0))


def _curves(pen: Any, verdict: Verdict, streets: StreetPoints, frame: tuple[int, int, int, int]) -> None:
    left, top, right, bottom = frame
    font = _font(14)
    for share in (0, 25, 50, 75, 100):
        y = bottom - (bottom - top) * share / 100
        pen.line((left, y, right, y), fill="#E5E5E5")
        pen.text((left - 42, y - 9), f"{share} %", fill=_TEXT, font=font)
    for metres in range(0, int(SHOWN_M) + 1, 50):
        x = left + (right - left) * metres / SHOWN_M
        pen.line((x, bottom, x, bottom + 5), fill=_TEXT)
        pen.text((x - 14, bottom + 8), f"{metres} m", fill=_TEXT, font=font)
    here, there = verdict.here, verdict.there
    lines: list[tuple[str, tuple[Floats, Floats], str, int]] = [(DECLARED, here, verdict.declared.split(" ")[0], 4)]
    if verdict.likely:
        lines.insert(0, (LIKELY, there, verdict.likely, 4))
        lines.insert(0, (REVERSE, (2 * here[0] - there[0], 2 * here[1] - there[1]), "", 2))
    for colour, places, _, width in lines:
        metres_away = np.sort(streets.nearest(*places))
        at = [(left + (right - left) * min(m, SHOWN_M) / SHOWN_M, bottom - (bottom - top) * (i + 1) / len(metres_away)) for i, m in enumerate(metres_away)]
        steps: list[tuple[float, float]] = [(left, bottom)]
        for x, y in at:
            steps += [(x, steps[-1][1]), (x, y)] if x < right else [(right, steps[-1][1])]
        if steps[-1][0] < right:
            steps.append((right, steps[-1][1]))
        pen.line(steps, fill=colour, width=width)
    pen.rectangle(frame, outline=_FRAME)
    named = [(colour, name) for colour, _, name, _ in reversed(lines) if name]
    pen.rectangle((right - 132, bottom - 24 * len(named) - 14, right - 6, bottom - 6), fill="white", outline="#DDDDDD")
    for row, (colour, name) in enumerate(named):
        y = bottom - 24 * (len(named) - row) + 2
        pen.line((right - 124, y, right - 96, y), fill=colour, width=4)
        pen.text((right - 90, y - 10), name, fill=_TEXT, font=_font(16))
