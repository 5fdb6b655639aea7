"""Which map services answer, how each is asked, and how sure each is of its answer."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import requests
from geopy.adapters import BaseSyncAdapter
from geopy.exc import GeopyError
from geopy.geocoders.base import Geocoder
from geopy.geocoders.nominatim import Nominatim
from geopy.location import Location

from cfmap.geocoding.answers import Candidate
from cfmap.model import EnvironmentFault, fault
from cfmap.network.overpass import USER_AGENT, Patience, Reason, TryFailedError, host_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfmap.geocoding.catalogue import Service

CONNECT_S, READ_S = 10.0, 20.0
LARGEST_ANSWER = 2**20  # bytes; five places have about 10 KB
MOST_CANDIDATES = 5
_PASSING = frozenset({408, 429, 500, 502, 503, 504})

# Amap's infocodes (lbs.amap.com, error codes of the web service)
_AMAP_OK = "10000"
_AMAP_KEY = frozenset({"10001", "10002", "10005", "10006", "10007", "10008", "10009", "10011", "10012", "10013", "10026", "10041"})
_AMAP_QUOTA = frozenset({"10003", "10010", "10044", "10045", "40000", "40001", "40002", "40003"})
_AMAP_SLOW = frozenset({"10004", "10014", "10015", "10016", "10017", "10019", "10020", "10021", "10029"})
_AMAP_NOTHING = frozenset({"20000", "20003", "20011", "20012", "30000", "30001"})  # words it cannot make sense of

_AMAP_SURE = frozenset({"门牌号", "门址", "兴趣点", "单元号", "楼栋"})
_AMAP_NEAR = frozenset({"道路交叉路口", "公交站台", "公交地铁站点", "地铁站", "村庄", "住宅区", "热点商圈"})
_TIANDITU_SURE = frozenset({"门址", "门牌号", "兴趣点", "POI", "地名地址"})
_TIANDITU_ROUGH = re.compile("省|市|区县|乡镇|街道|道路|行政")


@dataclass(frozen=True)
class Asked:
    """What one question needs beside its words."""

    service: Service
    url: str
    key: str
    patience: Patience


class _Adapter(BaseSyncAdapter):  # type: ignore[misc]
    """Fetches for geopy: no other host, no huge answer, no wait without end, and no address in any error."""

    def __init__(self, *, proxies: Any, ssl_context: Any, patience: Patience) -> None:
        super().__init__(proxies=proxies, ssl_context=ssl_context)
        self.patience = patience

    def get_text(self, url: str, *, timeout: float, headers: dict[str, str]) -> str:
        """Return the body as text."""
        return self._body(url, timeout, headers)[1].decode("utf-8", errors="replace")

    def get_json(self, url: str, *, timeout: float, headers: dict[str, str]) -> Any:
        """
        Return the answer as data. Services also explain a refused key as JSON with a status of 4xx: that is an answer too.
        """
        status, body = self._body(url, timeout, headers)
        try:
            data = json.loads(body.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            data = None
        if data is not None and (status == requests.codes.ok or isinstance(data, dict)):
            return data
        if status != requests.codes.ok:
            raise TryFailedError(Reason(f"服务器拒绝了请求（HTTP {status}）", f"the server refused the request (HTTP {status})", passing=False))
        raise TryFailedError(Reason("回答读不成数据（也许是登录页或提示页）", "the answer is not data (perhaps a log-in page)"))

    def _body(self, url: str, timeout: float, headers: dict[str, str]) -> tuple[int, bytes]:
        try:
            with requests.get(url, headers=headers, timeout=(CONNECT_S, timeout), allow_redirects=False, stream=True) as response:
                status = response.status_code
                if response.is_redirect or 300 <= status < 400:
                    there = host_of(response.headers.get("Location", "")) or "-"
                    raise EnvironmentFault(fault("E435", value=host_of(url), host=host_of(url), there=there[:80]))
                if status in _PASSING:
                    after = response.headers.get("Retry-After", "")
                    reason = Reason(
                        f"服务器忙或出错（HTTP {status}）", f"the server is busy or failed (HTTP {status})", wait_s=float(after) if after.isdigit() else None
                    )
                    raise TryFailedError(reason)
                return status, self._limited(response)
        except requests.exceptions.SSLError:
            raise TryFailedError(Reason("加密连接（证书）没有通过检查", "the certificate was not accepted", passing=False)) from None
        except requests.exceptions.Timeout:
            raise TryFailedError(Reason("服务器很久没有回应", "no answer within the time limit")) from None
        except requests.exceptions.ConnectionError:
            raise TryFailedError(Reason("连不上服务器", "the server cannot be reached")) from None
        except requests.exceptions.RequestException:
            raise TryFailedError(Reason("下载到一半断了，或地址不能用", "the answer was cut, or the address cannot be used")) from None

    def _limited(self, response: requests.Response) -> bytes:
        body = b""
        for part in response.iter_content(2**14):
            body += part
            if len(body) > LARGEST_ANSWER:
                raise TryFailedError(Reason("回答大得不正常", "the answer is too large to be right", passing=False))
            if self.patience.left() < 0:
                raise TryFailedError(Reason("回答太慢，超过了总时限", "the answer came too slowly for the total time limit", passing=False))
        return body


class _Nominatim(Nominatim):  # type: ignore[misc]
    """Asks for the format that tells the rank of a place."""

    def _construct_url(self, base_api: str, params: dict[str, Any]) -> str:
        return f"{base_api}?{urlencode(params | {'format': 'jsonv2'})}"


class _Keyed(Geocoder):  # type: ignore[misc]
    """A service with a key, in the manner of geopy; the key is in the request and nowhere else."""

    def __init__(self, asked: Asked, **settings: Any) -> None:
        super().__init__(**settings)
        self.asked = asked

    def geocode(self, query: str, *, exactly_one: bool = False, limit: int = MOST_CANDIDATES) -> list[Location]:
        """Return the places found, best first."""
        del exactly_one
        found: list[Location] = self._call_geocoder(f"{self.asked.url}?{urlencode(self.question(query))}", self.answer)
        return found[:limit]

    def question(self, query: str) -> dict[str, str]:
        """Words of the question, as the service names them."""
        raise NotImplementedError

    def answer(self, data: Any) -> list[Location]:
        """Places in an answer."""
        raise NotImplementedError

    def refused(self, words: object, *, quota: bool) -> EnvironmentFault:
        """Build the record of a used-up quota (E433) or a refused key (E432)."""
        service = self.asked.service
        facts: dict[str, Any] = {"service": service.title, "service_en": service.title_en, "variable": service.key_variable}
        return EnvironmentFault(fault("E433" if quota else "E432", value=host_of(self.asked.url), detail=_bare(words, self.asked.key), **facts))


class Tianditu(_Keyed):
    """Tianditu's geocoder, ``/geocoder?ds={"keyWord": …}&tk=…``: one place in CGCS2000, with score and level."""

    def question(self, query: str) -> dict[str, str]:
        """Words of the question."""
        return {"ds": json.dumps({"keyWord": query}, ensure_ascii=False), "tk": self.asked.key}

    def answer(self, data: Any) -> list[Location]:
        """Places in the answer; its `status` is "0", "101" (nothing) or "404" (failed), a refused key has a `code`."""
        if not isinstance(data, dict):
            raise _unreadable()
        words = f"{data.get('code', '')} {data.get('msg', '')} {data.get('resolve', '')}".strip()
        if "code" in data and "status" not in data:
            raise self.refused(words, quota=bool(re.search("配额|超限|超出|限额|次数|余额", words)))
        place = data.get("location")
        if isinstance(place, dict) and place.get("lon") not in (None, ""):
            return [_location(place.get("lon"), place.get("lat"), place.get("keyWord"), place)]
        if str(data.get("status")) in {"0", "101"}:
            return []
        raise TryFailedError(Reason(f"服务说：{_bare(words, self.asked.key)}", f"the service says: {_bare(words, self.asked.key)}"))


class Amap(_Keyed):
    """Amap's geocoder, ``/v3/geocode/geo?address=…&key=…``: places in GCJ-02, each with its level."""

    def question(self, query: str) -> dict[str, str]:
        """Words of the question."""
        return {"address": query, "output": "JSON", "key": self.asked.key}

    def answer(self, data: Any) -> list[Location]:
        """Places in the answer; what is not known is an empty list in it, not a text."""
        if not isinstance(data, dict) or "infocode" not in data:
            raise _unreadable()
        code, words = str(data["infocode"]), f"{data['infocode']} {data.get('info', '')}"
        if code in _AMAP_KEY | _AMAP_QUOTA:
            raise self.refused(words, quota=code in _AMAP_QUOTA)
        if code in _AMAP_SLOW:
            raise TryFailedError(Reason(f"高德说请求太密（{code}）", f"Amap says too many requests ({code})"))
        if code in _AMAP_NOTHING:
            return []
        places = data.get("geocodes")
        if code != _AMAP_OK or not isinstance(places, list):
            raise TryFailedError(Reason(f"服务说：{_bare(words, self.asked.key)}", f"the service says: {_bare(words, self.asked.key)}"))
        return [_amap_place(p) for p in places]


def _amap_place(place: Any) -> Location:
    lon, _, lat = str(place.get("location") if isinstance(place, dict) else "").partition(",")
    return _location(lon, lat, place.get("formatted_address") if isinstance(place, dict) else "", place)


def _location(lon: object, lat: object, words: object, raw: Any) -> Location:
    try:
        x, y = float(str(lon)), float(str(lat))
    except ValueError:
        raise _unreadable() from None
    if not (math.isfinite(x) and math.isfinite(y) and abs(x) <= 180 and abs(y) <= 90):
        raise _unreadable()
    return Location(words if isinstance(words, str) else "", (y, x), raw)


def _unreadable() -> TryFailedError:
    return TryFailedError(Reason("回答里没有可用的坐标", "the answer holds no usable coordinates"))


def _bare(words: object, key: str) -> str:
    """What a service says, short, in one line, and without the key should it repeat it."""
    text = str(words).replace(key, "***") if key else str(words)
    return re.sub(r"[^\S ]+|[\x00-\x1f\x7f]", " ", text)[:120]


# -- how sure ------------------------------------------------------------------------------------------------------


def _sure_nominatim(raw: dict[str, Any]) -> tuple[str, str]:
    rank = raw.get("place_rank")
    rank = rank if isinstance(rank, int) else 0
    return "高" if rank >= 30 else "中" if rank >= 26 else "低", f"place_rank {rank} {raw.get('category', '')}/{raw.get('type', '')}"


def _sure_amap(raw: dict[str, Any]) -> tuple[str, str]:
    level = raw.get("level")
    level = level if isinstance(level, str) else ""
    return "高" if level in _AMAP_SURE else "中" if level in _AMAP_NEAR else "低", level or "—"


def _sure_tianditu(raw: dict[str, Any]) -> tuple[str, str]:
    level = str(raw.get("level") or "")
    try:
        score = float(raw.get("score") or 0)
    except (TypeError, ValueError):
        score = 0.0
    grade = "高" if level in _TIANDITU_SURE and score >= 90 else "低" if _TIANDITU_ROUGH.search(level) or score < 70 else "中"
    return grade, f"{level or '—'} {score:g}"


_GRADES: dict[str, Callable[[dict[str, Any]], tuple[str, str]]] = {"tianditu": _sure_tianditu, "amap": _sure_amap, "nominatim": _sure_nominatim}


def look_up(query: str, asked: Asked) -> list[Candidate]:
    """
    Ask a service once where an address is.

    Returns
    -------
    candidates
        In the service's own datum, best first; empty when it knows no such place.

    Raises
    ------
    TryFailedError
        No answer that can be used; another try may help.
    EnvironmentFault
        The key was refused, the quota is used up, or the server sends elsewhere.
    """
    settings: dict[str, Any] = {"timeout": READ_S, "user_agent": USER_AGENT, "adapter_factory": partial(_Adapter, patience=asked.patience)}
    try:
        found = _geocoder(asked, settings)(query, exactly_one=False, limit=MOST_CANDIDATES) or []
    except GeopyError as error:
        words = _bare(error, asked.key)
        raise TryFailedError(Reason(f"服务说：{words}", f"the service says: {words}", passing=False)) from None
    except (AttributeError, KeyError, TypeError, ValueError):  # geopy reads what it is given without looking
        raise _unreadable() from None
    grade = _GRADES[asked.service.name]
    return [Candidate(p.longitude, p.latitude, str(p.address or "")[:200], *grade(p.raw if isinstance(p.raw, dict) else {})) for p in found]


def _geocoder(asked: Asked, settings: dict[str, Any]) -> Callable[..., Any]:
    if asked.service.name == "nominatim":
        parts = urlsplit(asked.url)
        path = parts.path.rstrip("/").removesuffix("/search")
        ask: Callable[..., Any] = _Nominatim(domain=f"{parts.netloc}{path}", scheme=parts.scheme, **settings).geocode
        return ask
    keyed = {"tianditu": Tianditu, "amap": Amap}[asked.service.name](asked, **settings)
    answer: Callable[..., Any] = keyed.geocode
    return answer
