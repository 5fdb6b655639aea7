"""What several test rooms share: where outside data are, and how they are asked for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# The same examples in every run, so that a red run means the change, however slow the computer; HYPOTHESIS_PROFILE=search looks for new ones.
AT_ANY_SPEED = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("steady", derandomize=True, **AT_ANY_SPEED)
settings.register_profile("search", derandomize=False, print_blob=True, **AT_ANY_SPEED)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("CFMAP_TEST_DATA", ROOT.parent / "shared" / "data"))


#: What must hold on an awkward computer too: ``make surroundings`` runs it without a network, in code page 936, New York's time and no locale.
AWKWARD_TOO = ("tests/contract", "tests/faults/table", "tests/surroundings", "tests/unit/cli", "tests/unit/intake", "tests/unit/model")

#: Where single tests take long, the longest first. They begin a run, so that at its end there are short ones for every core.
LONG = ("tests/e2e/test_documents.py", "tests/browser", "tests/e2e", "tests/demo", "tests/surroundings", "tests/truth", "tests/faults", "tests/property")


def pytest_collection_modifyitems(items):
    """Mark what runs in awkward surroundings, by folder; put long tests first."""
    items.sort(key=lambda item: next((n for n, place in enumerate(LONG) if item.nodeid.startswith(place)), len(LONG)))
    for item in items:
        if item.path.is_relative_to(ROOT) and item.path.relative_to(ROOT).as_posix().startswith(AWKWARD_TOO):
            item.add_marker(pytest.mark.surroundings)


@pytest.fixture(scope="session")
def outside_data():
    """
    Path of a file or folder of outside test data (real networks, published vectors).

    Skips, saying why, where it is absent; fails instead when CFMAP_REQUIRE_DATA is set, so that CI cannot pass by skipping.
    """

    def find(name: str) -> Path:
        path = DATA / name
        if not path.exists():
            reason = f"outside test data {name!r} not found; set CFMAP_TEST_DATA to the folder that holds it"
            if os.environ.get("CFMAP_REQUIRE_DATA"):
                pytest.fail(reason)
            pytest.skip(reason)
        return path

    return find


@pytest.fixture(scope="session", autouse=True)
def _networks_kept_apart(tmp_path_factory):
    """Networks that tests read with a cache are kept in a folder of this run, also by the processes they start."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CFMAP_CACHE", str(tmp_path_factory.mktemp("networks")))
        yield


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the repository, which is the demo city's project."""
    return ROOT
