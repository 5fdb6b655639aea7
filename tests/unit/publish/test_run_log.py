"""The run log keeps every record and no personal number."""

from __future__ import annotations

import json

import pytest

from cfmap.model import fault
from cfmap.model.masking import masked
from cfmap.publish import run_log


@pytest.mark.parametrize("text", ["33012319900101123X", "330123900101123", "13800138000", "0577-12345678", "someone@example.invalid"])
def test_personal_values_are_masked(tmp_path, text):
    path = run_log.write(tmp_path / "run.jsonl", [fault("E106", file="a.csv", row=3, value=f"联系 {text} 即可")], edition=2024)
    head, record = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert head["edition"] == 2024
    assert (record["code"], record["row"]) == ("E106", 3)
    assert record["value"] == "联系 *** 即可"


@pytest.mark.parametrize("text", ["120.123456", "38505142.96", "2024-12-31", "第 12 行"])
def test_coordinates_and_dates_are_not_personal(text):
    assert masked({"value": [text]}) == {"value": [text]}
