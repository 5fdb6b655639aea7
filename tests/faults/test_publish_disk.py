"""The real writers on a real disk that is full, or that may not be written to."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from cfmap.model import EnvironmentFault
from cfmap.publish import WRITERS, release
from tests.factories import tiny_edition, with_indicators
from tests.faults.light import state

TABLES = {key: writer for key, writer in WRITERS.items() if key != "web"}
KILOBYTES = (16, 100, 170, 290, 310)  # of free space: the run needs about 350, so they end in different writers


@pytest.fixture(scope="module")
def edition():
    return with_indicators(tiny_edition())


@pytest.fixture(scope="module")
def published(edition, tmp_path_factory):
    """An edition's folder with one version, to be copied."""
    out = tmp_path_factory.mktemp("published") / "2024"
    release.publish(edition, out=out, writers=TABLES)
    return out


@pytest.fixture
def disk(tmp_path):
    """A small file system of its own; needs root, as in CI's container."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root on Linux")
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "cfmap-test", str(folder)], capture_output=True, text=True, check=False)
    if made.returncode:
        pytest.skip(f"no right to mount here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.parametrize("kilobytes", KILOBYTES)
def test_a_full_disk_is_told_and_the_last_version_stands(disk, edition, published, monkeypatch, kilobytes):
    monkeypatch.setattr(release, "_has_room", lambda _out, _needed: None)  # let it run into the wall
    out = shutil.copytree(published, disk / "2024")
    before = state(out)
    ballast = disk / "ballast"
    ballast.write_bytes(b"x" * max(0, os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize - kilobytes * 1024))
    with pytest.raises(EnvironmentFault) as caught:
        release.publish(edition, out=out, writers=TABLES)
    assert [r.code for r in caught.value.faults] == ["E402"]
    assert caught.value.exit_code == 4
    assert state(out) == before
    assert not list((out / "versions").glob("*.part"))
    ballast.unlink()
    assert release.publish(edition, out=out, writers=TABLES).version == 2


def test_the_check_before_writing_sees_a_small_disk(disk, edition):
    with pytest.raises(EnvironmentFault) as caught:
        release.publish(edition, out=disk / "2024", writers=TABLES)
    assert caught.value.faults[0].code == "E402"  # a first version asks for 20 MB
    assert "20.0 MB" in caught.value.faults[0].why("zh")


def test_a_disk_that_may_not_be_written_to_is_told(disk, edition):
    out = disk / "2024"
    out.mkdir()
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    with pytest.raises(EnvironmentFault) as caught:
        release.publish(edition, out=out, writers=TABLES)
    assert caught.value.faults[0].code == "E403"
    assert str(out) in caught.value.faults[0].what("zh")
