"""The proofs of ``make crash`` in small: one build killed, one disk that fails, one that is too small, two builds at once."""

from __future__ import annotations

import sys

import pytest

from tests.faults.crash import Proof

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="forks and limits of Linux")]


def test_a_real_build_that_is_killed_or_fails_leaves_one_whole_version(tmp_path):
    proof = Proof(tmp_path, seed=3)
    try:
        answer = proof._marked(**{"from": "publish", "delay": 0.05})
        assert answer["killed"]
        proof._look("killed", answer)
        proof._failed("no file beyond 15 kB", size=15_000)
        proof.two_at_once()
    finally:
        proof.close()
    assert proof.faults == []
    assert proof.tally["old version"] == 2
