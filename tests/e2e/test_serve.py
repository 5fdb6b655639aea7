"""The published edition over real sockets: what this computer gets, and what nobody gets."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager

import pytest

from cfmap.cli import main
from cfmap.model.errors import ConfigError, EnvironmentFault, SafetyRefusal
from cfmap.publish import WRITERS, release
from cfmap.publish.serve import serve
from tests.factories import tiny_edition

WEB = {key: WRITERS[key] for key in ("web", "figures")}
SETTINGS = '[city]\nname = "示例市"\ndemo = true\n[edition]\nyear = 2024\n[network]\nsource = "data/network.osm"\n'


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A project with a public edition, an internal one, and all the things that must stay in the house."""
    root = tmp_path_factory.mktemp("project")
    (root / "cfmap.toml").write_text(SETTINGS, encoding="utf-8")
    output = root / "output"
    release.publish(tiny_edition(root), out=output / "2024", writers=WEB)
    release.publish(tiny_edition(root, public=False), out=output / "2024-internal", writers=WEB)
    release.publish(tiny_edition(root, public=False), out=output / "2022", writers=WEB)  # internal under a public name
    (output / "check.xlsx").write_text("secret", encoding="utf-8")
    (output / "2024" / "run.log").write_text("secret", encoding="utf-8")
    version = output / "2024" / "versions" / "000001"
    (version / "notes.txt").write_text("secret", encoding="utf-8")
    (version / "settings.json").symlink_to(root / "cfmap.toml")
    return root


@pytest.fixture(scope="module")
def server(project):
    with serving(project / "output") as made:
        yield made


@contextmanager
def serving(output, year=2024):
    with serve(output, year) as made:
        threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        try:
            yield made
        finally:
            made.shutdown()


def ask(server, path, *, method="GET", host=None, headers=()):
    """A request as bytes, so that no library tidies it up; gives status, headers and body."""
    lines = [f"{method} {path} HTTP/1.1", *([f"Host: {host or f'127.0.0.1:{server.port}'}"] if host != "" else []), *headers]
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        connection.sendall(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
        answer = http.client.HTTPResponse(connection, method=method)
        answer.begin()
        return answer.status, answer.headers, answer.read()


def test_address_leads_to_the_page_and_keeps_the_question(server, project):
    status, headers, _ = ask(server, "/?s=abc&lang=en")
    assert (status, headers["Location"]) == (302, "/2024/?s=abc&lang=en")
    status, headers, body = ask(server, "/2024/")
    assert status == 200
    assert body == (project / "output/2024/index.html").read_bytes()
    assert b"versions/000001/index.html" in body
    status, headers, body = ask(server, "/2024/versions/000001/index.html")
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert body == (project / "output/2024/versions/000001/index.html").read_bytes()


def test_every_answer_carries_the_guards(server):
    for path in ("/", "/2024/", "/2024/versions/000001/index.html", "/2024/versions/000001/indicators.json", "/nothing", "/favicon.ico"):
        _, headers, _ = ask(server, path)
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "SAMEORIGIN"
        assert headers["Server"] == "cfmap"
        assert "Access-Control-Allow-Origin" not in headers
    assert "frame-ancestors 'self'" in ask(server, "/2024/versions/000001/index.html")[1]["Content-Security-Policy"]
    policy = ask(server, "/2024/")[1]["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'sha256-" in policy
    assert "unsafe" not in policy


def test_head_is_get_without_the_body(server):
    path = "/2024/versions/000001/index.html"
    status, headers, body = ask(server, path, method="HEAD")
    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) == len(ask(server, path)[2])


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"])
def test_only_reading_is_answered(server, method):
    status, headers, _ = ask(server, "/2024/", method=method)
    assert status == 405
    assert headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{port}", "0.0.0.0:{port}", "[::1]:{port}", ""]
)
def test_a_foreign_name_that_leads_here_gets_nothing(server, host):
    status, _, body = ask(server, "/2024/", host=host.format(port=server.port))
    assert status == 421
    assert b"versions" not in body


def test_two_names_at_once_get_nothing(server):
    assert ask(server, "/2024/", headers=[f"Host: 127.0.0.1:{server.port}"])[0] == 421


def test_localhost_is_this_computer_too(server):
    assert ask(server, "/2024/", host=f"LOCALHOST:{server.port}")[0] == 200


KEPT_IN = [
    "/check.xlsx",
    "/cfmap.toml",
    "/2024/run.log",
    "/2024/versions/",
    "/2024/versions/000001/notes.txt",
    "/2024/versions/000001/settings.json",
    "/2024/versions/000002/index.html",
    "/2024/.cfmap.lock",
    "/2024-internal/",
    "/2024-internal/versions/000001/index.html",
    "/2022/",
    "/2022/versions/000001/index.html",
    "/output/2024/index.html",
    "/2024/versions/000001/../../../check.xlsx",
    "/2024/versions/000001/%2e%2e/%2e%2e/%2e%2e/check.xlsx",
    "/2024/versions/000001/..%2f..%2f..%2fcheck.xlsx",
    "/2024/versions/000001/%252e%252e/check.xlsx",
    "/2024/versions/000001/..\\..\\..\\check.xlsx",
    "/2024/versions/000001/..%5c..%5c..%5ccheck.xlsx",
    "/2024/versions/000001//index.html",
    "/2024/versions/000001/index.html%00.txt",
    "/2024/versions/000001/%ff%fe",
    "/2024/versions/000001/INDEX.HTML",
    "/%2e%2e/cfmap.toml",
    "/../cfmap.toml",
    "//evil.example/2024/",
    "http://evil.example/2024/",
    "/C:/Windows/win.ini",
    "/2024/versions/000001/index.html/",
    "*",
]


@pytest.mark.parametrize("path", KEPT_IN)
def test_what_is_not_published_is_not_there(server, path):
    status, _, body = ask(server, path)
    assert status == 404
    assert b"secret" not in body
    assert b"evil" not in body, "nothing that was asked is repeated"


def test_there_is_no_list_of_a_folder(server):
    for path in ("/2024", "/"):
        assert ask(server, path)[0] == 302
    body = ask(server, "/2024/versions/000001/")[2]
    assert b"<title>" in body
    assert b"notes.txt" not in body


def test_a_link_in_a_file_s_place_leads_nowhere(tmp_path):
    output = tmp_path / "output"
    release.publish(tiny_edition(tmp_path), out=output / "2024", writers=WEB)
    (tmp_path / "outside.json").write_text("secret", encoding="utf-8")
    named = output / "2024/versions/000001/indicators.json"
    named.unlink()
    named.symlink_to(tmp_path / "outside.json")
    manifest = output / "2024/versions/000001/manifest.json"
    about = json.loads(manifest.read_text(encoding="utf-8"))
    about["outputs"] += [{"path": p, "sha256": "", "bytes": 1} for p in ("../../../../outside.json", str(tmp_path / "outside.json"))]
    manifest.write_text(json.dumps(about), encoding="utf-8")
    with serving(output) as server:
        for path in ("indicators.json", "../../../../outside.json", str(tmp_path / "outside.json"), "/" + str(tmp_path / "outside.json")):
            assert ask(server, "/2024/versions/000001/" + path)[0] == 404
        (output / "2024").rename(output / "moved")
        (output / "2024").symlink_to(output / "moved")
        assert ask(server, "/2024/")[0] == 404


def test_a_version_published_meanwhile_is_seen_at_once(tmp_path):
    output = tmp_path / "output"
    release.publish(tiny_edition(tmp_path), out=output / "2024", writers=WEB)
    with serving(output) as server:
        release.publish(tiny_edition(tmp_path), out=output / "2024", writers=WEB)
        assert b"versions/000002/" in ask(server, "/2024/")[2]
        assert ask(server, "/2024/versions/000002/index.html")[0] == 200
        assert ask(server, "/2024/versions/000001/index.html")[0] == 404


def test_only_this_computer_is_listened_to(server):
    assert server.server_address[0] == "127.0.0.1"


def test_nothing_published_internal_only_and_a_taken_port_are_told_apart(project, server, tmp_path):
    with pytest.raises(ConfigError, match="E131"):
        serve(tmp_path, 2024)
    with pytest.raises(ConfigError, match="E131"):
        serve(project / "output", 2019)
    with pytest.raises(SafetyRefusal, match="E505"):
        serve(project / "output", 2022)
    with pytest.raises(EnvironmentFault, match="E408"):
        serve(project / "output", 2024, port=server.port)


@pytest.mark.skipif(sys.platform == "win32", reason="Ctrl-C is sent another way there")
def test_command_says_the_address_and_ends_with_ctrl_c(project):
    command = [sys.executable, "-m", "cfmap", "--lang", "zh", "serve", str(project)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"}
    ) as running:
        address = running.stdout.readline().strip()
        port = int(re.fullmatch(r"http://127\.0\.0\.1:(\d+)/", address)[1])
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        connection.request("GET", "/2024/")
        assert connection.getresponse().status == 200
        running.send_signal(signal.SIGINT)
        _, told = running.communicate(timeout=30)
    assert running.returncode == 0
    assert "Ctrl-C" in told
    assert "已结束" in told
    assert "Traceback" not in told


def test_command_opens_the_browser_only_when_asked(project, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr("webbrowser.open", opened.append)
    monkeypatch.setattr("cfmap.publish.serve.Server.serve_forever", lambda self: (_ for _ in ()).throw(KeyboardInterrupt))
    assert main(["serve", str(project)]) == 0
    assert opened == []
    assert main(["serve", str(project), "--open"]) == 0
    assert opened == [capsys.readouterr().out.split()[-1]]


def test_command_says_what_to_do_when_the_port_is_taken(project, server, capsys):
    assert main(["--lang", "zh", "serve", str(project), "--port", str(server.port)]) == 4
    assert f"端口 {server.port} 用不了" in capsys.readouterr().err
    assert main(["--lang", "en", "serve", str(project), "--edition", "2023"]) == 2
    assert "cfmap build" in capsys.readouterr().err
