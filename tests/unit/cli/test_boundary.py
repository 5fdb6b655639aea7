"""Errors become words and exit codes, in one place."""

from __future__ import annotations

import errno
import subprocess
import sys

import click
import pytest

from cfmap.cli import bilingual, cli
from cfmap.cli.boundary import run, show
from cfmap.model import ConfigError, EnvironmentFault, InputError, SafetyRefusal, SelfCheckError, fault


def _command(error):
    @click.command()
    def command():
        raise error

    return command


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError(fault("E101")), 2),
        (InputError(fault("E495", city="示例市")), 3),
        (EnvironmentFault(fault("E491")), 4),
        (SafetyRefusal(fault("E104")), 5),
        (SelfCheckError(fault("E494", detail="x")), 6),
        (KeyboardInterrupt(), 130),
        (OSError(errno.ENOSPC, "No space left on device"), 4),
        (PermissionError(errno.EACCES, "Permission denied", "x.csv"), 4),
        (MemoryError(), 4),
        (ZeroDivisionError("our own fault"), 1),
    ],
)
def test_each_error_has_its_exit_code_and_no_traceback(error, code, capsys):
    assert run(_command(error), []) == code
    text = capsys.readouterr().err
    assert text.strip()
    assert "Traceback" not in text


def test_a_bug_keeps_its_traceback_in_the_log(capsys, tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert run(_command(ZeroDivisionError("our own fault")), []) == 1
    assert str(tmp_path) in capsys.readouterr().err
    assert "ZeroDivisionError: our own fault" in (tmp_path / "cfmap-error.log").read_text(encoding="utf-8")


def test_many_faults_of_one_kind_are_counted(capsys):
    bilingual.set_language("zh")
    show([fault("E494", file="a.csv", row=n, detail="x") for n in range(43)])
    text = capsys.readouterr().err
    assert text.count("错误 E494") == 5
    assert "还有 38 处" in text


@pytest.mark.parametrize(
    ("args", "environ", "lang"),
    [
        ([], {}, "zh"),
        ([], {"LANG": "C.UTF-8"}, "zh"),
        ([], {"LANG": "en_GB.UTF-8"}, "en"),
        ([], {"LANG": "zh_CN.UTF-8"}, "zh"),
        (["build", "--lang", "en"], {"LANG": "zh_CN.UTF-8"}, "en"),
        (["--lang=zh"], {"LANG": "en_GB.UTF-8"}, "zh"),
        ([], {"CFMAP_LANG": "en", "LANG": "zh_CN"}, "en"),
    ],
)
def test_language_comes_from_the_option_then_the_locale(args, environ, lang):
    assert bilingual.language(args, environ) == lang


def test_unknown_command_names_the_nearest(capsys):
    assert run(cli, ["--lang", "zh", "biuld"]) == 2
    assert "没有 biuld 这个命令；是不是想写 build" in capsys.readouterr().err


def test_wrong_number_is_told_in_chinese(capsys):
    assert run(cli, ["--lang", "zh", "build", "--edition", "明年"]) == 2
    text = capsys.readouterr().err
    assert "--edition 的值不对" in text
    assert "valid" not in text


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from cfmap.cli import main; main(['--help']); main(['build', '--help']);"
        "heavy = {'geopandas', 'folium', 'osmnx', 'numba', 'scipy', 'pandas', 'numpy', 'shapely', 'pydantic'} & set(sys.modules); sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True, text=True, errors="replace")
    assert done.returncode == 0, done.stderr
