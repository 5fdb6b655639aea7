"""Who may look at the published edition through a browser, and at what? This computer only, and only what was published."""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import socket
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from typing import TYPE_CHECKING, Any, BinaryIO
from urllib.parse import unquote

from cfmap.model.errors import ConfigError, EnvironmentFault
from cfmap.model.messages import fault
from cfmap.publish import pointer, published

if TYPE_CHECKING:
    from pathlib import Path

HOST = "127.0.0.1"  # never 0.0.0.0: a preview is nobody else's business
NAMES = (HOST, "localhost")  # what the browser may call us; any other name is a page of the internet pointing here
SECONDS = 30  # a reader who says nothing for so long is hung up on
KINDS = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".gpkg": "application/geopackage+sqlite3",
    ".parquet": "application/vnd.apache.parquet",
    ".png": "image/png",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Frame-Options": "SAMEORIGIN",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FRAMED = "frame-ancestors 'self'"  # a page cannot say this in its own <meta>; the rest of its policy stands there
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'"
_SCRIPT = re.compile(rb"<script>(.*?)</script>", re.DOTALL)


class Server(ThreadingHTTPServer):
    """A server on 127.0.0.1 that knows the public editions of one output folder; what is published while it runs is seen at once."""

    daemon_threads = True
    allow_reuse_address = sys.platform != "win32"  # there it would let two programs share the port

    def __init__(self, output: Path, year: int, *, port: int = 0) -> None:
        self.output = output
        self.year = year
        super().__init__((HOST, port), _Handler)

    @property
    def port(self) -> int:
        """The port, also when the system chose it."""
        return int(self.server_address[1])

    @property
    def address(self) -> str:
        """What to open."""
        return f"http://{HOST}:{self.port}/"

    def server_bind(self) -> None:
        """Bind without asking the network for our own name."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, int(self.allow_reuse_address))
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = HOST, self.port

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A browser that hangs up is no fault; anything else is."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError)):
            super().handle_error(request, client_address)


def serve(output: Path, year: int, *, port: int = 0) -> Server:
    """
    Make a server of the public editions; it listens already, ``serve_forever`` answers.

    Parameters
    ----------
    output
        Output folder of the project.
    year
        The edition that the address alone leads to.
    port
        0 lets the system choose a free one.

    Raises
    ------
    ConfigError
        E131 when nothing public is there for that year, or the year does not stand in a folder of its own.
    SafetyRefusal
        E505 when an internal edition stands in its place.
    EnvironmentFault
        E408 when the port is taken or not allowed.
    """
    published.chosen(output, year)
    if year not in published.public_editions(output):  # the folder is a link that leads elsewhere
        raise ConfigError(fault("E131", year=year, folder=str(output), option=""))
    try:
        return Server(output, year, port=port)
    except (OSError, OverflowError) as error:
        raise EnvironmentFault(fault("E408", port=port, detail=getattr(error, "strerror", None) or str(error))) from None


class _Handler(BaseHTTPRequestHandler):
    """One request: is it ours to answer, and which of the published files does it name?"""

    server: Server
    timeout = SECONDS
    error_content_type = "text/plain; charset=utf-8"
    error_message_format = "%(code)d %(message)s\n"

    def do_GET(self) -> None:
        """Give a file."""
        self._answer()

    def do_HEAD(self) -> None:
        """Give a file's headers."""
        self._answer()

    def parse_request(self) -> bool:
        """Read the request; whatever its method is, only reading is answered."""
        if not super().parse_request():
            return False
        if self.command not in ("GET", "HEAD"):
            self.send_error(HTTPStatus.METHOD_NOT_ALLOWED)
            return False
        return True

    def _answer(self) -> None:
        if not self._asked_for_us():
            self.send_error(HTTPStatus.MISDIRECTED_REQUEST)
            return
        path, _, query = self.path.partition("?")
        try:
            asked = unquote(path, errors="strict")
        except UnicodeDecodeError:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        editions = published.public_editions(self.server.output)
        if asked in ("/", f"/{self.server.year}") and self.server.year in editions:
            self._send(HTTPStatus.FOUND, {"Location": f"/{self.server.year}/" + (f"?{query}" if query else "")})
        elif asked == "/favicon.ico":  # every browser asks
            self._send(HTTPStatus.NO_CONTENT, {})
        else:
            self._file(asked, editions)

    def _file(self, asked: str, editions: dict[int, published.Published]) -> None:
        """
        Look the path up among the names of published files; nothing of it ever becomes a path on the disk.
        """
        for year, edition in editions.items():
            if asked in (f"/{year}/", f"/{year}/{pointer.NAME}"):
                text = (edition.folder / pointer.NAME).read_bytes()
                self._content(BytesIO(text), len(text), ".html", f"{NOTHING}; {FRAMED}; script-src {_hashes(text)}")
                return
            place = f"/{year}/{published.VERSIONS}/{pointer.name(edition.version)}/"
            name = asked.removeprefix(place) or pointer.NAME
            if asked.startswith(place) and (path := edition.file(name)) is not None:
                with path.open("rb") as file:
                    self._content(file, path.stat().st_size, path.suffix, FRAMED if path.suffix == ".html" else f"{NOTHING}; {FRAMED}")
                return
        self.send_error(HTTPStatus.NOT_FOUND)

    def _asked_for_us(self) -> bool:
        """Whether the browser thinks it talks to this computer; a foreign name that was made to lead here (DNS rebinding) does not pass."""
        hosts = self.headers.get_all("Host") or []
        port = self.server.port
        return len(hosts) == 1 and hosts[0].strip().lower() in {*(f"{name}:{port}" for name in NAMES), *(NAMES if port == 80 else ())}

    def _content(self, file: BinaryIO, size: int, suffix: str, policy: str) -> None:
        kind = KINDS.get(suffix, "application/octet-stream")
        self._send(HTTPStatus.OK, {"Content-Type": kind, "Content-Length": str(size), "Content-Security-Policy": policy})
        if self.command == "GET":
            shutil.copyfileobj(file, self.wfile)

    def _send(self, status: HTTPStatus, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def end_headers(self) -> None:
        """Every answer carries the same guards, errors too."""
        for name, value in HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Say no, without repeating anything that was asked."""
        del message, explain
        super().send_error(code)

    def send_response(self, code: int, message: str | None = None) -> None:
        """Start an answer; what is refused says which methods are not."""
        super().send_response(code, message)
        if code == HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")

    def version_string(self) -> str:
        """No version of anything."""
        return "cfmap"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        """Nobody keeps a list of what was looked at."""


def _hashes(text: bytes) -> str:
    found = [f"'sha256-{base64.b64encode(hashlib.sha256(script).digest()).decode('ascii')}'" for script in _SCRIPT.findall(text)]
    return " ".join(found) or "'none'"
