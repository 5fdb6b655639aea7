"""A local server that speaks as much of Overpass and Nominatim as a download needs, and misbehaves on demand."""

from __future__ import annotations

import json
import re
import threading
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

STAMP = "2024-12-31T00:00:00Z"


class Standin:
    """
    A small world behind an address.

    ``nodes`` id -> (lon, lat, tags), ``ways`` id -> (node ids, tags), ``relations`` id -> (members, tags). ``script`` holds what the next
    questions get instead of an answer; when it is empty, every question is answered. ``asked`` are the boxes asked for, in order.
    """

    def __init__(self, nodes, ways, relations=None):  # noqa: C901 - a handler class with its answers inside
        self.nodes, self.ways, self.relations = nodes, ways, relations or {}
        self.script: deque[object] = deque()
        self.asked: list[tuple[float, ...]] = []
        self.places: dict[str, list[dict]] = {}
        self.searches: list[str] = []
        self.stamps: deque[str] = deque()
        self.status = "Connected as: 1\nCurrent time: 2024-12-31T00:00:00Z\nRate limit: 2\nSlot available after: 2024-12-31T00:00:13Z, in 13 seconds.\n"
        standin = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def do_GET(self):
                url = urlsplit(self.path)
                if url.path == "/api/status":
                    return self.send(200, standin.status.encode(), "text/plain")
                query = parse_qs(url.query)["q"][0]
                standin.searches.append(query)
                if standin.script:
                    return self.misbehave(standin.script.popleft())
                return self.send(200, json.dumps(standin.places.get(query, [])).encode(), "application/json")

            def do_POST(self):
                assert self.path == "/api/interpreter"
                query = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())["data"][0]
                box = tuple(float(v) for v in re.search(r"\(([-\d.]+),([-\d.]+),([-\d.]+),([-\d.]+)\)", query).groups())
                standin.asked.append(box)
                if standin.script and (action := standin.script.popleft()) != "answer":
                    return self.misbehave(action)
                return self.send(200, json.dumps(standin.answer(box)).encode(), "application/json")

            def misbehave(self, action):
                if action == "html":
                    return self.send(200, b"<!DOCTYPE html><html><body>Please log in</body></html>", "text/html; charset=utf-8")
                if action == "remark":
                    body = {"elements": [], "remark": 'runtime error: Query timed out in "query" at line 1 after 180 seconds.'}
                    return self.send(200, json.dumps(body).encode(), "application/json")
                if action == "half":
                    return self.send(200, b'{"elements": [{"type": "node", "id"', "application/json")
                if action == "cut":
                    self.send_response(200)
                    self.send_header("Content-Length", "100000")
                    self.end_headers()
                    self.wfile.write(b'{"elements": [')
                    self.close_connection = True
                    return None
                status, headers = action if isinstance(action, tuple) else (action, {})
                return self.send(status, b"<html>busy</html>", "text/html", headers)

            def send(self, status, body, kind, headers=None):
                self.send_response(status)
                for key, value in {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(body)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}/api"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, box):
        """Ways and relations with a node in the box, and all their members."""
        south, west, north, east = box
        inside = {i for i, (lon, lat, _) in self.nodes.items() if west <= lon <= east and south <= lat <= north}
        ways = {i for i, (refs, _) in self.ways.items() if inside & set(refs)}
        relations = {i for i, (members, _) in self.relations.items() if any(kind == "way" and ref in ways for kind, ref, _ in members)}
        ways |= {ref for i in relations for kind, ref, _ in self.relations[i][0] if kind == "way"}
        nodes = {i for i in inside if self.nodes[i][2]} | {ref for i in ways for ref in self.ways[i][0]}
        elements = [
            {
                "type": "relation",
                "id": i,
                "members": [dict(zip(("type", "ref", "role"), m, strict=True)) for m in self.relations[i][0]],
                "tags": self.relations[i][1],
            }
            for i in relations
        ]
        elements += [{"type": "way", "id": i, "nodes": self.ways[i][0], "tags": self.ways[i][1]} for i in ways]
        elements += [
            {"type": "node", "id": i, "lon": self.nodes[i][0], "lat": self.nodes[i][1], **({"tags": t} if (t := self.nodes[i][2]) else {})} for i in nodes
        ]
        return {"version": 0.6, "osm3s": {"timestamp_osm_base": self.stamps.popleft() if self.stamps else STAMP}, "elements": elements}
