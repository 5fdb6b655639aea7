"""A local server that answers as Tianditu, Amap and Nominatim do (documented shapes), and misbehaves on demand."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

KEY = "k3y-of-nobody-0123456789"


class Standin:
    """
    ``places``: words asked -> list of (lon, lat, address, level or rank, score); what is not in it is not found.
    ``script``: what the next questions get instead: a status, (status, headers), or one of the words of :meth:`misbehave`.
    """

    def __init__(self):
        self.places: dict[str, list[tuple]] = {}
        self.script: deque[object] = deque()
        self.asked: list[str] = []
        self.agents: list[str] = []
        standin = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *args):
                pass

            def do_GET(self):
                url = urlsplit(self.path)
                query = {k: v[0] for k, v in parse_qs(url.query).items()}
                standin.agents.append(self.headers["User-Agent"])
                words = json.loads(query["ds"])["keyWord"] if "ds" in query else query.get("address", query.get("q", ""))
                standin.asked.append(words)
                if standin.script and (action := standin.script.popleft()) != "answer":
                    return self.misbehave(action)
                answer = {"/geocoder": standin.tianditu, "/v3/geocode/geo": standin.amap, "/search": standin.nominatim}[url.path]
                return self.send(*answer(query, standin.places.get(words, [])))

            def misbehave(self, action):
                if action == "garbage":
                    return self.send(200, "<html>log in first</html>")
                if action == "huge":
                    return self.send(200, "[" + " " * (3 * 2**20) + "]")
                if action == "drop":
                    self.close_connection = True
                    return None
                if action == "silence":
                    time.sleep(0.6)
                    self.close_connection = True
                    return None
                if isinstance(action, dict):
                    return self.send(action.pop("http", 200), action)
                status, headers = action if isinstance(action, tuple) else (action, {})
                return self.send(status, "busy", headers)

            def send(self, status, body, headers=None):
                data = (body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)).encode()
                self.send_response(status)
                for key, value in {"Content-Type": "application/json", "Content-Length": str(len(data)), **(headers or {})}.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(data)

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def url(self, service):
        return f"http://{self.host}" + {"tianditu": "/geocoder", "amap": "/v3/geocode/geo", "nominatim": "/search"}[service]

    @staticmethod
    def tianditu(query, places):
        if query.get("tk") != KEY:
            return 403, {"code": 301001, "msg": f"非法key {query.get('tk')}"}
        if not places:
            return 200, {"msg": "无结果", "location": {}, "searchVersion": "6.4.9V", "status": "101"}
        lon, lat, address, level, score = places[0]
        location = {"score": score, "level": level, "lon": str(lon), "lat": str(lat), "keyWord": address}
        return 200, {"msg": "ok", "location": location, "searchVersion": "6.4.9V", "status": "0"}

    @staticmethod
    def amap(query, places):
        if query.get("key") != KEY:
            return 200, {"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"}
        found = [
            {"formatted_address": a or [], "country": "中国", "province": "示例省", "township": [], "adcode": "000000", "street": [], "number": [],
             "location": f"{lon},{lat}", "level": level}
            for lon, lat, a, level, _ in places
        ]  # fmt: skip
        return 200, {"status": "1", "info": "OK", "infocode": "10000", "count": str(len(found)), "geocodes": found}

    @staticmethod
    def nominatim(query, places):
        assert query["format"] == "jsonv2"
        return 200, [
            {"place_id": n, "licence": "Data © OpenStreetMap contributors, ODbL 1.0", "osm_type": "node", "osm_id": n, "lat": str(lat), "lon": str(lon),
             "category": "amenity", "type": "childcare", "place_rank": rank, "importance": 0.01, "addresstype": "amenity", "name": a, "display_name": a,
             "boundingbox": [str(lat), str(lat), str(lon), str(lon)]}
            for n, (lon, lat, a, rank, _) in enumerate(places)
        ]  # fmt: skip

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *exc):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()
