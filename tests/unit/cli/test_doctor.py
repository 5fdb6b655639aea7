"""The doctor sees what is wrong, and its bundle holds no data, no person and no key."""

from __future__ import annotations

import json
import zipfile

from cfmap.cli import main
from cfmap.intake import reader_process

KEY = "abcdef0123456789abcdef0123456789"


def test_the_reading_process_is_tried(capsys, monkeypatch):
    assert main(["--lang", "en", "doctor", "--json"]) in (0, 4)
    parts = {p["name"]: p for p in json.loads(capsys.readouterr().out)["parts"]}
    assert parts["reader"]["ok"]
    assert {"disk", "writable", "Chinese font", "rasterio", "geopy", "ortools"} <= set(parts)
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    assert main(["--lang", "en", "doctor"]) == 4
    assert "MISS  reader" in capsys.readouterr().out
    assert "grid" in reader_process.DOORS


def test_the_bundle_holds_versions_settings_and_logs_alone(tmp_path, monkeypatch, capsys):
    project = tmp_path / "city"
    (project / "data").mkdir(parents=True)
    (project / "data" / "secret.csv").write_text("张三", encoding="utf-8")
    (project / "cfmap.toml").write_text('[city]\nname = "示例市"\n[publish]\ncontact = "13800138000"\n', encoding="utf-8")
    (project / "output").mkdir()
    (project / "output" / "run.jsonl").write_text(json.dumps({"command": "build", "value": f"13800138000 {KEY}"}) + "\n", encoding="utf-8")
    monkeypatch.setenv("CFMAP_TIANDITU_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    main(["--lang", "zh", "doctor", str(project), "--bundle"])
    assert "cfmap-diagnostics.zip" in capsys.readouterr().err
    with zipfile.ZipFile(tmp_path / "cfmap-diagnostics.zip") as archive:
        held = {n: archive.read(n).decode() for n in archive.namelist()}
    assert set(held) == {"versions.json", "cfmap.toml", "run.jsonl"}
    whole = "".join(held.values())
    assert "示例市" in whole
    assert "geopandas" in held["versions.json"]
    for kept_back in ("张三", "13800138000", KEY):
        assert kept_back not in whole
