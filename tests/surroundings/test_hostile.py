"""The same command on an awkward computer: no network, code page 936, another time zone, no locale, odd paths, nobody listening. Equal bytes come out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e import small_city

pytestmark = pytest.mark.surroundings

#: As an office computer may be: console in code page 936, American time, no locale.
AWKWARD = {"PYTHONIOENCODING": "gbk", "TZ": "America/New_York", "LANG": "C", "LC_ALL": "C"}
ODD = "某市 儿童友好（最终版） 𠮷"
NO_NETWORK = (
    "import socket, sys\n"
    "def refuse(*_): raise AssertionError('asked the network')\n"
    "socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse\n"
    "from cfmap.cli import main\n"
    "sys.exit(main(sys.argv[1:]))\n"
)


def cfmap(*arguments: str, awkward: bool = True, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run a command in a process of its own that may not use the network."""
    kept = {k: v for k, v in os.environ.items() if k not in {*AWKWARD, "LC_CTYPE", "LANGUAGE", "CFMAP_LANG"}}
    surroundings = {**kept, "SOURCE_DATE_EPOCH": "1735603200", **(AWKWARD if awkward else {"PYTHONIOENCODING": "utf-8"})}
    root = str(Path(__file__).resolve().parents[2])
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
    return subprocess.run(
        [sys.executable, "-c", NO_NETWORK, *arguments], env={**surroundings, "PYTHONPATH": root}, check=False, stdin=subprocess.DEVNULL, timeout=250, **options
    )


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    project = small_city.make(tmp_path_factory.mktemp("plain") / "city")
    rows = small_city.school_rows()
    rows[1][1], rows[2][1], rows[2][2] = "𠮷小学", "第² ✓ 🙂 小学", rows[2][2] + 0.2  # one outside the city, to be told
    small_city.schools_xlsx(project, rows)
    return project


@pytest.mark.slow
def test_a_build_in_awkward_surroundings_is_the_ordinary_one_byte_for_byte(project, tmp_path):
    plain = cfmap("build", str(project), "--out", str(tmp_path / "plain"), awkward=False)
    assert plain.returncode == 0, plain.stderr.decode()
    odd = Path(shutil.copytree(project, tmp_path / ODD))
    for path in (odd / "data").rglob("*"):
        path.chmod(0o444 if path.is_file() else 0o555)
    try:
        done = cfmap("--lang", "zh", "build", str(odd), "--out", str(tmp_path / "输出 𠮷"))
    finally:
        for path in ((odd / "data"), *(odd / "data").rglob("*")):
            path.chmod(0o755)
    told = done.stderr.decode("gbk")  # whatever the console cannot show was replaced, nothing was fatal
    assert done.returncode == 0, told
    assert "W234" in told
    assert "Traceback" not in told
    ordinary, awkward = (small_city.tree(tmp_path / name / "2024" / "versions" / "000001") for name in ("plain", "输出 𠮷"))
    assert len(ordinary) >= 7
    assert awkward == ordinary


@pytest.mark.parametrize("arguments", [("layers",), ("explain", "E203")])
def test_with_nobody_listening_nothing_is_fatal(project, arguments):
    where = [str(project)] if arguments[0] != "explain" else []
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", sys.executable, "-m", "cfmap", *arguments, *where], check=False, env={**os.environ, **AWKWARD}, timeout=100
    )
    assert closed.returncode == 0
    listen, speak = os.pipe()
    os.close(listen)  # the one who listened has gone, as behind `| head`
    try:
        gone = cfmap(*arguments, *where, stdout=speak)
    finally:
        os.close(speak)
    assert gone.returncode == 0
    assert b"Traceback" not in gone.stderr
    assert b"BrokenPipe" not in gone.stderr


def test_json_can_be_read_in_any_code_page(project):
    import json

    done = cfmap("layers", str(project), "--json")
    assert done.returncode == 0
    assert {row["key"] for row in json.loads(done.stdout.decode("gbk"))["layers"]} == {"childcare", "schools"}
