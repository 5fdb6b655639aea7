"""Every command has help in both languages and stands in the user guide."""

from __future__ import annotations

import re

import pytest

from cfmap.cli import cli
from cfmap.cli.bilingual import Option, pick, set_language
from cfmap.cli.boundary import run

COMMANDS = sorted(cli.commands)
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", COMMANDS)
def test_command_explains_itself_in_both_languages(name, capsys):
    for lang in ("zh", "en"):
        assert run(cli, ["--lang", lang, name, "--help"]) == 0
        text = capsys.readouterr().out
        assert bool(CHINESE.search(text)) == (lang == "zh")
        assert "‖" not in text


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_a_help_in_both_languages(name):
    for option in cli.commands[name].params:
        if isinstance(option, Option):
            for lang in ("zh", "en"):
                set_language(lang)
                assert bool(CHINESE.search(pick(option.help))) == (lang == "zh"), (name, option.name, lang)


@pytest.mark.parametrize("name", COMMANDS)
def test_command_stands_in_the_user_guide(name, repository):
    assert f"`cfmap {name}" in (repository / "docs" / "user-guide.md").read_text(encoding="utf-8")


def test_chinese_help_has_no_english_sentence(capsys):
    for args in (["--help"], *([name, "--help"] for name in COMMANDS)):
        assert run(cli, ["--lang", "zh", *args]) == 0
        for line in capsys.readouterr().out.splitlines():
            words = re.findall(r"(?<![\w.\[/<-])[A-Za-z]{2,}(?![\w\]=>|-])", re.sub(r"cfmap|EPSG:n|GraphML|OpenStreetMap|Overpass|Excel|JSON", "", line))
            assert len(words) < 5 or CHINESE.search(line), line
