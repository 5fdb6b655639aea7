"""From the command line: a public map needs a review number for this very content, or the reason why it needs none."""

from __future__ import annotations

import re

from cfmap.cli import main
from tests.e2e import small_city


def settings(project, **section):
    """The small city as a real one, with these lines in [edition]."""
    text = small_city.SETTINGS.replace("demo = true\n", "").replace("[edition]\n", "[edition]\n" + "".join(f'{k} = "{v}"\n' for k, v in section.items()))
    text = text.replace("[boundary]\n", '[publish]\ncontact = "测试局 0570-1234567"\n[boundary]\nsource = "测试局，2024 年"\n')
    (project / "cfmap.toml").write_text(text, encoding="utf-8")


def test_a_public_map_is_refused_until_its_review_is_in_order(tmp_path, capsys):
    project = small_city.make(tmp_path)
    settings(project)
    assert main(["--lang", "zh", "build", str(project)]) == 5
    said = capsys.readouterr().err
    assert "E506" in said
    assert "review_number" in said
    assert not (project / "output" / "2024").exists()

    settings(project, review_number="示S(2024)001号")
    assert main(["--lang", "zh", "build", str(project)]) == 5
    mark = re.search(r'review_fingerprint = "([0-9a-f]{16})"', capsys.readouterr().err)[1]
    settings(project, review_number="示S(2024)001号", review_fingerprint=mark)
    assert main(["--lang", "zh", "build", str(project)]) == 0
    assert f"内容指纹：{mark}" in capsys.readouterr().err

    rows = small_city.school_rows()
    small_city.schools_xlsx(project, [*rows[:-1], [*rows[-1][:1], "改名小学", *rows[-1][2:]]])
    assert main(["--lang", "zh", "build", str(project)]) == 5
    said = capsys.readouterr().err
    assert "内容已变化，需重新送审" in said
    assert "“中小学校”改名 1 处" in said
    assert main(["--lang", "en", "build", str(project), "--acknowledge-changed-content"]) == 0
    assert "W506" in capsys.readouterr().err
