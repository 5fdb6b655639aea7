"""Coordinate mistakes: told by the right code at the right rows; right tables are left alone; datums come back from there."""

from __future__ import annotations

import numpy as np
import pytest

from cfmap.intake.datum import convert
from tests.proofs.coordinates import round_trips
from tests.proofs.coordinates.clean import sites
from tests.proofs.coordinates.mistakes import MISTAKES, Handed
from tests.proofs.coordinates.run import MISTAKE_WORDS, faults_of, try_once

pytestmark = pytest.mark.filterwarnings("ignore:'crs' was not provided")


@pytest.mark.parametrize("number", range(len(MISTAKES)), ids=[f"{m.row} {m.title}" for m in MISTAKES])
def test_mistake_is_told(number, tmp_path):
    mistake = MISTAKES[number]
    size = 100 if mistake.by_streets else max(20, mistake.least)
    told, faults = try_once(mistake, "made", size, np.random.default_rng([7, number]), tmp_path)
    assert told, [f.render() for f in faults]


@pytest.mark.parametrize("size", [3, 8, 40, 300])
def test_right_tables_are_left_alone(size, tmp_path):
    for again in range(4):
        said = ("wgs84", "gcj02", "bd09", "cgcs2000")[again]
        x, y = convert(*sites("made", size, np.random.default_rng([size, again])), source="wgs84", target=said)
        faults, _ = faults_of(Handed([f"{v:.7f}" for v in x], [f"{v:.7f}" for v in y], datum=said), tmp_path, city="made")
        assert not {f.code for f in faults} & MISTAKE_WORDS


def test_there_and_back():
    assert len(MISTAKES) >= 40
    assert round_trips.measure(20_000, 1)[1]
