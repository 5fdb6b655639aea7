"""How to ask an OpenStreetMap server, with patience that ends."""

from __future__ import annotations

import json
import random
import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import requests

from cfmap.model import EnvironmentFault, fault

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_TRIES = 5  # per question; a sixth has never helped where five did not
TOTAL_SECONDS = 3600.0  # for a whole download, waiting included
FIRST_WAIT_S = 5.0  # doubled at every try
LONGEST_WAIT_S = 120.0
CONNECT_S = 10.0  # until the server takes the call
READ_S = 200.0  # until the next byte of the answer; above the server's own 180 s
LARGEST_ANSWER = 512 * 2**20  # bytes; a sub-area of a dense city has about 30 MB
USER_AGENT = "cfmap (child-friendly city map builder; python-requests)"
_PASSING = frozenset({408, 429, 500, 502, 503, 504})  # statuses worth another try


@dataclass(frozen=True)
class Reason:
    """Why one try failed, in both languages; `wait_s` is what the server asked for, None when it did not say."""

    zh: str
    en: str
    passing: bool = True
    wait_s: float | None = None


class TryFailedError(Exception):
    """One try failed; carries its :class:`Reason`."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.en)


@dataclass
class Patience:
    """
    How often and how long to ask; time comes from outside so that tests need not wait.

    Parameters
    ----------
    max_tries
        Tries for one question, the first included (at least 1).
    total_seconds
        For everything asked with this object, waiting included.
    sleep, now, chance
        Waiting (s), a clock that only runs forward (s), and numbers in [0, 1) for the jitter.
    """

    max_tries: int = MAX_TRIES
    total_seconds: float = TOTAL_SECONDS
    sleep: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    chance: Callable[[], float] = random.random
    _started: float = field(init=False)

    def __post_init__(self) -> None:
        self.max_tries = max(1, min(self.max_tries, MAX_TRIES))
        self._started = self.now()

    def left(self) -> float:
        """Seconds until the total limit (negative when it is over)."""
        return self.total_seconds - (self.now() - self._started)

    def persist(self, question: Callable[[], Any], *, host: str) -> Any:
        """
        Return the answer of `question`, asked again after every :class:`TryFailedError` that may pass.

        Raises
        ------
        EnvironmentFault
            After the last try, when the reason does not pass by itself, or when the next wait would end after the total limit.
        """
        tries = 0
        while True:
            tries += 1
            try:
                return question()
            except TryFailedError as failed:
                reason = failed.reason
            wait = self._wait(tries, reason)
            if not reason.passing or tries >= self.max_tries or wait >= self.left():
                raise EnvironmentFault(fault("E344", value=host, host=host, tries=tries, reason_zh=reason.zh, reason_en=reason.en)) from None
            self.sleep(wait)

    def _wait(self, tries: int, reason: Reason) -> float:
        # the jitter keeps many offices from coming back in the same second
        if reason.wait_s is not None:
            return reason.wait_s + self.chance()
        return min(LONGEST_WAIT_S, FIRST_WAIT_S * 2.0 ** (tries - 1)) * (0.5 + 0.5 * self.chance())


def host_of(url: str) -> str:
    """Return the part of an address that messages name (host, and port where there is one)."""
    parts = urlsplit(url)
    return parts.hostname + (f":{parts.port}" if parts.port else "") if parts.hostname else url


def ask(query: str, *, url: str, patience: Patience) -> dict[str, Any]:
    """
    Ask an Overpass server a question in its language, with bounded retries.

    A ``remark`` about a run-time error (out of time or memory) makes the answer incomplete, so it counts as a failure.

    Parameters
    ----------
    query
        Overpass QL with ``[out:json]``.
    url
        Address of the API without ``/interpreter``.
    patience
        Limits shared by all questions of one download.

    Raises
    ------
    EnvironmentFault
        When no complete answer came; names the host and what to do.
    """
    return dict(patience.persist(lambda: _once(query, url.rstrip("/"), patience), host=host_of(url)))


def _once(query: str, url: str, patience: Patience) -> dict[str, Any]:
    try:
        with requests.post(
            f"{url}/interpreter", data={"data": query}, headers={"User-Agent": USER_AGENT}, timeout=(CONNECT_S, READ_S), stream=True
        ) as response:
            body = _body(response, patience)
            status, kind, headers = response.status_code, response.headers.get("Content-Type", ""), response.headers
    except requests.exceptions.SSLError as error:
        raise TryFailedError(Reason("加密连接（证书）没有通过检查", f"the certificate was not accepted ({type(error).__name__})", passing=False)) from None
    except requests.exceptions.Timeout:
        raise TryFailedError(Reason("服务器很久没有回应", "no answer within the time limit")) from None
    except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ContentDecodingError):
        raise TryFailedError(Reason("下载到一半断了", "the connection was cut in the middle of the answer")) from None
    except requests.exceptions.ConnectionError:
        raise TryFailedError(Reason("连不上服务器", "the server cannot be reached")) from None
    except requests.exceptions.RequestException as error:
        raise TryFailedError(Reason("地址不能用", f"the address cannot be used ({type(error).__name__})", passing=False)) from None
    if status != requests.codes.ok:
        raise TryFailedError(_refusal(status, headers.get("Retry-After"), url))
    return _parse(body, kind)


def _body(response: requests.Response, patience: Patience) -> bytes:
    parts, size = [], 0
    for part in response.iter_content(2**16):
        parts.append(part)
        size += len(part)
        if size > LARGEST_ANSWER:
            raise TryFailedError(Reason("回答大得不正常", "the answer is too large to be right", passing=False))
        if patience.left() < 0:
            raise TryFailedError(Reason("下载太慢，超过了总时限", "the answer came too slowly for the total time limit"))
    return b"".join(parts)


def _refusal(status: int, retry_after: str | None, url: str) -> Reason:
    if status not in _PASSING:
        return Reason(f"服务器拒绝了请求（HTTP {status}）", f"the server refused the request (HTTP {status})", passing=False)
    wait = float(retry_after) if retry_after and retry_after.isdigit() else None
    if status == requests.codes.too_many_requests:
        return Reason("服务器说请求太多（HTTP 429）", "the server says too many requests (HTTP 429)", wait_s=wait if wait is not None else _slot_wait(url))
    if status == requests.codes.gateway_timeout:
        return Reason("服务器太忙，没有算完（HTTP 504）", "the server is too busy (HTTP 504)", wait_s=wait)
    return Reason(f"服务器出错（HTTP {status}）", f"the server failed (HTTP {status})", wait_s=wait)


def _slot_wait(url: str) -> float | None:
    """Seconds until the server has a free place for us, as its status page says; None when it does not say."""
    try:
        text = requests.get(f"{url}/status", headers={"User-Agent": USER_AGENT}, timeout=CONNECT_S).text[:4096]
    except requests.exceptions.RequestException:
        return None
    waits = [int(seconds) for seconds in re.findall(r"in (\d+) seconds", text)]
    return float(min(waits)) if waits else None


def _parse(body: bytes, kind: str) -> dict[str, Any]:
    if "html" in kind.lower() or body.lstrip()[:1] == b"<":
        raise TryFailedError(Reason("回来的是网页（HTML），不是地图数据", "the answer is a web page (HTML), not map data"))
    try:
        answer = json.loads(body)
    except ValueError:
        raise TryFailedError(Reason("回答不完整，读不成数据", "the answer is incomplete and cannot be parsed")) from None
    if not isinstance(answer, dict) or not isinstance(answer.get("elements"), list):
        raise TryFailedError(Reason("回答里没有地图数据", "the answer holds no map data"))
    remark = str(answer.get("remark", ""))
    if "error" in remark.lower():
        short = remark[:120]
        raise TryFailedError(Reason(f"服务器没有算完：{short}", f"the server did not finish: {short}"))
    return answer
