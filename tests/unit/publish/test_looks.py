"""The three states of a street are told apart by everybody, on every ground, and look the same wherever they are drawn."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

from cfmap.publish import looks, qgis_styles
from cfmap.publish.atlas.drawing import PAPER, Pen
from cfmap.publish.web.streets import perimeter_block
from tests.factories import tiny_edition

#: What eyes without one kind of cones make of linear sRGB: Machado, Oliveira, Fernandes 2009, severity 1.0.
EYES = {
    "all cones": np.eye(3),
    "protanopia": np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    "deuteranopia": np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    "tritanopia": np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
}
TO_XYZ = np.array([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]])
APART = 20.0  # in CIELAB; 2.3 is the least that is seen side by side, and a legend is not side by side
CONTRAST = 3.0  # WCAG 2.2, 1.4.11
DARK = ("#1b1f23", "#263238", "#3b4a2f", "#4a4a4a")  # pictures from the air, dark maps
DRAWN = {**looks.STATES, "proposed": looks.PROPOSED}


def linear(colour):
    parts = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lab(light):
    relative = TO_XYZ @ light / np.array([0.95047, 1.0, 1.08883])
    x, y, z = np.where(relative > 216 / 24389, np.cbrt(relative), (24389 / 27 * relative + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def apart(one, other, eyes):
    return float(np.linalg.norm(np.subtract(*(lab(np.clip(eyes @ linear(c), 0, 1)) for c in (one, other)))))


def contrast(one, other):
    dark, light = sorted(float(linear(c) @ np.array([0.2126, 0.7152, 0.0722])) for c in (one, other))
    return (light + 0.05) / (dark + 0.05)


def light_grounds(repository):
    """What streets of the page's own map lie on, and paper."""
    text = (repository / "cfmap/publish/web/src/basemap.js").read_text(encoding="utf-8")
    areas = re.search(r"PAPER = \{(.*?)\}", text).group(1)
    grounds = {name: colour for name, colour in re.findall(r'(\w+): "(#\w{6})"', areas) if name in ("outside", "land", "green")}
    assert len(grounds) == 3
    return {*grounds.values(), *re.findall(r'fill: "(#\w{6})", casing: "#', text), "#ffffff", PAPER}


@pytest.mark.parametrize("eyes", EYES)
def test_colours_are_apart_for_all_eyes(eyes):
    for one, other in combinations(DRAWN, 2):
        assert apart(DRAWN[one].colour, DRAWN[other].colour, EYES[eyes]) >= APART, (one, other)


def test_what_is_measured_is_what_is_known_of_red_and_green():
    """Red and a green of the same lightness: far apart with all cones, near each other without those for red or green."""
    red, green = "#b3261e", "#1b7f4b"
    assert apart(red, green, EYES["all cones"]) > 90
    assert max(apart(red, green, EYES[e]) for e in ("protanopia", "deuteranopia")) < 30
    assert (round(contrast("#ffffff", "#000000"), 1), round(contrast("#777777", "#ffffff"), 2)) == (21.0, 4.48)


def test_lines_stand_out_on_light_grounds_by_themselves_and_on_dark_ones_by_their_casing(repository):
    for look in DRAWN.values():
        for ground in light_grounds(repository):
            assert contrast(look.colour, ground) >= CONTRAST, (look.title, ground)
    for ground in DARK:
        assert contrast(looks.CASING, ground) >= CONTRAST, ground


def test_states_are_told_apart_without_colours():
    for part in (lambda look: bool(look.dash) and look.dash[0] > 1, lambda look: look.ends):
        assert len({part(look) for look in looks.STATES.values()}) == 2
    assert len({(bool(look.dash), look.ends) for look in looks.STATES.values()}) == len(looks.STATES)
    assert len({look.marker for look in looks.STATES.values()}) == len(looks.STATES)
    assert len({look.title for look in looks.STATES.values()}) == len(looks.STATES)


@pytest.fixture
def repainted(monkeypatch):
    """Other colours and dashes than ours, one for each state."""
    other = {state: replace(look, colour=f"#00000{n}", dash=(n, n + 0.5)) for n, (state, look) in enumerate(looks.STATES.items(), start=1)}
    for state, look in other.items():
        monkeypatch.setitem(looks.STATES, state, look)
    return other


def test_every_writer_draws_what_stands_here(repainted):
    assert [(s["colour"], s["dash"]) for s in perimeter_block(tiny_edition())["states"]] == [(look.colour, list(look.dash)) for look in repainted.values()]
    for look in repainted.values():
        ink = f'value="0,0,{int(look.colour[-1])},255"'
        assert ink in qgis_styles.by_state("LineString")
        assert ink in qgis_styles.by_state("Point")
        assert f'value="{look.dash[0] * qgis_styles.LINE_MM:g};' in qgis_styles.by_state("LineString")
        drawn = Pen.of(look, 2.0).attributes()
        assert (f'stroke="{look.colour}"' in drawn, f'stroke-dasharray="{2 * look.dash[0]:g} {2 * look.dash[1]:g}"' in drawn) == (True, True)


def test_nobody_has_colours_of_states_besides(repository):
    """Colours of states stand in one file; written elsewhere they would stay when these change."""
    ours = {look.colour for look in looks.STATES.values()}
    for suffix in ("py", "js", "typ", "css"):
        for path in (repository / "cfmap" / "publish").rglob(f"*.{suffix}"):
            name = path.relative_to(repository).as_posix()
            if name != "cfmap/publish/looks.py" and not {"node_modules", "assets"} & set(path.parts):
                assert not [c for c in ours if c in path.read_text(encoding="utf-8").lower()], name
