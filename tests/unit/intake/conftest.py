"""A tiny city project in a folder."""

from __future__ import annotations

import pytest

from tests.unit.intake.tables import Project


@pytest.fixture
def project(tmp_path) -> Project:
    return Project(tmp_path)
