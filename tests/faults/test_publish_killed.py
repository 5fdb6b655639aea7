"""Killed at any moment: the pointer always names one complete version, and the next run goes on."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from cfmap.publish import release
from tests.faults.light import publish, shown_text
from tests.faults.test_publish_faults import steps_of_a_run

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL is POSIX; on Windows the same protocol is tested by failing every write")

CHILD = """
import os, signal, sys
from pathlib import Path
import pytest
from tests.faults.light import publish, writers
from tests.faults.test_publish_faults import count_steps
print("ready", flush=True)
for line in sys.stdin:  # one request a line: folder, text and the change of the disk at which this process kills itself
    out, text, at = line.split()
    out = Path(out)
    child = os.fork()
    if child == 0:
        left = int(at)
        def step():
            global left
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
        patch = pytest.MonkeyPatch()
        count_steps(patch, step)
        publish(out, text, writers_=writers(text, step=step))
        os._exit(0)
    _, status = os.waitpid(child, 0)
    print("killed" if os.WIFSIGNALED(status) else "finished", flush=True)
"""


@pytest.fixture(scope="module")
def forge():
    """One warm process that forks every run that is to be killed."""
    child = subprocess.Popen([sys.executable, "-c", CHILD], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert child.stdout.readline() == "ready\n"
    yield child
    child.stdin.close()
    child.stdout.close()
    child.wait(timeout=30)


@pytest.fixture
def runs(forge, tmp_path):
    """Ask for a run that kills itself at the nth change of the disk; tells whether it did."""
    out = tmp_path / "2024"
    publish(out, "old")

    def run(text: str, at: int) -> str:
        forge.stdin.write(f"{out} {text} {at}\n")
        forge.stdin.flush()
        return forge.stdout.readline().strip()

    return out, run


def kill_at_each(out, run, points):
    shown, killed, changed = "old", 0, 0
    for number, at in enumerate(points):
        text = f"t{number}"
        killed += run(text, at) == "killed"
        now = shown_text(out)  # complete, and one text in all its files
        assert now in (shown, text)
        changed += now == text
        shown = now
    return killed, changed


@pytest.mark.slow
def test_killed_at_each_change_of_the_disk_readers_see_one_whole_version(runs, tmp_path):
    """Every single moment of a run, in an order of chance, so that each run finds what another left; and one run to its end."""
    out, run = runs
    steps = steps_of_a_run(tmp_path)
    assert steps > 30
    moments = random.Random(20241231).sample(range(1, steps + 1), steps)
    killed, changed = kill_at_each(out, run, [*moments, 10_000])
    assert killed == steps
    assert changed > 1
    publish(out, "next")
    assert shown_text(out) == "next"
    assert not [p for p in (out / "versions").iterdir() if p.name.endswith(".part")]
    assert len(release.versions(out)) <= 5


@pytest.mark.slow
def test_killed_from_outside_while_it_writes(tmp_path):
    """SIGKILL from outside, at moments that nobody chose, while one version after the other is written."""
    out = tmp_path / "2024"
    publish(out, "old")
    chance = random.Random(7)
    for _ in range(2):
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.light", str(out), "run", "100000"], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert child.stdout.readline() == "ready\n"
        before = release.current(out)
        child.stdin.write("go\n")
        child.stdin.flush()
        while release.current(out) < before + chance.randint(1, 3):  # it has published at least once
            assert child.poll() is None
        child.kill()
        child.wait()
        child.stdin.close()
        child.stdout.close()
        assert shown_text(out).startswith(("run", "old"))
    made = publish(out, "next")
    assert shown_text(out) == "next"
    assert {r.code for r in made.faults} <= {"I401", "I402", "I403"}
