"""Which texts try to break the page, and how every text of a payload becomes one of them."""

from __future__ import annotations

import copy
import re
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from cfmap.publish.web.payload import Payload

#: Each sets ``window.pwned`` where it is taken for markup, script, a template or an address.
SCRIPTS = (
    "<script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=1>",
    '"><svg onload=window.pwned=1>',
    "' autofocus onfocus='window.pwned=1",
    "</script><script>window.pwned=1</script>",
    "</title></style></textarea><iframe srcdoc='<script>parent.pwned=1</script>'>",
    "<!--<script>",
    "{{7*7}}{{cycler.__init__.__globals__.os.environ.update(CFMAP_PWNED='1')}}",
    "{% for x in '12' %}boom{% endfor %}{# #}",
    "${window.pwned=1}`;window.pwned=1;//",
    "\u2028window.pwned=1;//\u2029'+(window.pwned=1)+'",
    "\\u003cimg src=x onerror=window.pwned=1\\u003e&lt;img src=x onerror=window.pwned=1&gt;",
)

#: Addresses that must never become links.
ADDRESSES = (
    "javascript:window.pwned=1",
    "JaVaScRiPt:window.pwned=1//example.com",
    "java\tscript:window.pwned=1",
    "java\nscript:window.pwned=1",
    "\x01javascript:window.pwned=1",
    " \u00a0javascript:window.pwned=1",
    "javascript\u200b:window.pwned=1",
    "javascript&colon;window.pwned=1",
    "&#106;avascript:window.pwned=1",
    "data:text/html,<script>parent.pwned=1</script>",
    "DATA:text/html;base64,PHNjcmlwdD5wYXJlbnQucHduZWQ9MTwvc2NyaXB0Pg==",
    "vbscript:window.pwned=1",
    "file:///etc/passwd",
    "blob:https://example.com/x",
    "view-source:https://example.com",
    "//example.com/x",
    "\\\\example.com\\x",
    "https://exa\u202emple.com/x",
    "https://user:word@example.com/",
    "https:example.com",
)

#: Texts that are only odd.
ODD = (
    "\u202eright to left\u202c",
    "\u2067\u2066unclosed isolates",
    "مدرسة Schule 学校",
    "\u200bz\u200de\u200cr\ufeffo\u2060",
    "👨‍👩‍👧‍👦🏳️‍🌈🇨🇳",
    "𠮷田 䶮 㙟 𰻝",
    "a\u0300\u0301\u0302\u0303\u0304" * 9,
    "\u0000\u0007\u001b[31m",
    "长" * 10_000,
    "unbroken" * 1_250,
)

# keys, hashes, colours, dates, packed geometry: nobody types them in
_MACHINE = re.compile(r"[a-z0-9_.:/#%-]*|data:\S*|(?=.{24})[A-Za-z0-9+/]+={0,2}|[A-Za-z0-9+/]+={1,2}")
_WORDS = ("text", "choice", "list")  # kinds of columns that hold what somebody typed


def poisoned(payload: Payload, text: Callable[[int, str], str]) -> Payload:
    """
    The payload with every typed text replaced; a text that is new in it is found without being named here.

    Parameters
    ----------
    text
        ``text(n, old)`` gives the n-th text. Columns of sites that hold words are filled wholly, also where nothing was known.
    """
    count = iter(range(10**9))

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return value if _MACHINE.fullmatch(value) else text(next(count), value)
        if isinstance(value, dict):
            return {k: v if k == "pinyin" else walk(v) for k, v in value.items()}
        return [walk(v) for v in value] if isinstance(value, (list, tuple)) else value

    made = replace(payload, **{f.name: walk(copy.deepcopy(getattr(payload, f.name))) for f in fields(payload)})
    sites, rows = made.sites, made.sites["rows"]
    for key, field in made.meta["fields"].items():
        if field["kind"] in _WORDS and key not in {"id", "name", "layer"}:
            sites["columns"][key] = {"v": [text(next(count), "") for _ in range(sum(rows))]}
    for layer, n in zip(made.meta["layers"], rows, strict=True):
        for field in layer["fields"]:
            if field["kind"] in _WORDS and layer["key"] in sites["own"]:
                sites["own"][layer["key"]][field["key"]] = {"v": [text(next(count), "") for _ in range(n)]}
    if made.events:
        for field, columns in _columns_of_events(made):
            columns[field] = {"v": [text(next(count), "") for _ in made.events["name"]]}
    return made


def _columns_of_events(payload: Payload) -> list[tuple[str, dict[str, Any]]]:
    """Every column of words that events can have, and where it stands."""
    events, fields = payload.events or {}, payload.meta["layers"][(payload.events or {"layer": 0})["layer"]]["fields"]
    common = [(key, events["columns"]) for key, f in payload.meta["fields"].items() if f["kind"] in _WORDS and key not in {"id", "name", "layer", "photo"}]
    return [*common, *((f["key"], events["own"]) for f in fields if f["kind"] in _WORDS)]


def typed(payload: Payload) -> list[list[str]]:
    """For each site, in the page's order, every text that its card has to show."""
    sites = payload.sites
    common = [sites["columns"][key]["v"] for key, field in payload.meta["fields"].items() if field["kind"] in _WORDS and "v" in sites["columns"].get(key, {})]
    out = []
    for layer, n in zip(payload.meta["layers"], sites["rows"], strict=True):
        own = [sites["own"][layer["key"]][f["key"]]["v"] for f in layer["fields"] if f["kind"] in _WORDS] if n else []
        for k in range(n):
            row = len(out)
            out.append([sites["name"][row], *(column[row] for column in common), *(column[k] for column in own)])
    if payload.events:
        words = [columns[key]["v"] for key, columns in _columns_of_events(payload)]
        out += [[name, *(column[n] for column in words)] for n, name in enumerate(payload.events["name"])]
    return out


#: In the page: opens every card, then presses everything that can be pressed, and tells what it met.
TOUR = r"""(limit) => {
    const met = {cards: {}, links: [], made: [], pressed: 0, panels: []};
    const known = 'script, iframe, object, embed, base, form, link, meta, frame, portal';
    const before = document.querySelectorAll(known).length;
    const look = () => {
        for (const a of document.querySelectorAll('a[href]')) if (!['https:', 'http:', 'geo:', 'tel:'].includes(a.protocol) && !/^mailto:[\w.%+-]+@[\w.-]+\?subject=[^&]*&body=[^&]*$/.test(a.getAttribute('href')) && !a.getAttribute('href').startsWith('#') && !(a.download && /^(data:image\/png;|blob:)/.test(a.href))) met.links.push(a.getAttribute('href'));
        if (document.querySelectorAll(known).length !== before) met.made.push('elements');
        for (const node of document.body.querySelectorAll('*')) for (const {name} of node.attributes) if (/^on|^srcdoc$|^formaction$/.test(name)) met.made.push(`${node.tagName} ${name}`);
        for (const node of document.querySelectorAll('img[src]')) if (!/^(data:image\/|blob:)/.test(node.src)) met.made.push(`img ${node.src.slice(0, 80)}`);
    };
    const close = () => document.querySelector('#panel .close')?.click();
    const open = () => document.querySelector('#open-list').click();
    open();
    for (let n = 0; n < 50 && document.querySelector('#panel .more:not([hidden])'); n++) document.querySelector('#panel .more').click();
    const rows = [...document.querySelectorAll('#panel .site')].map((b) => b.dataset.row).slice(0, limit);
    for (const row of rows) {
        for (let n = 0; n < 50 && !document.querySelector(`#panel .site[data-row="${row}"]`); n++) document.querySelector('#panel .more:not([hidden])')?.click() ?? open();
        document.querySelector(`#panel .site[data-row="${row}"]`).click();
        met.cards[row] = document.querySelector('#panel').textContent;
        if (row === rows[0]) look();
        close();
    }
    const done = new Set();
    const sign = (b) => `${document.querySelector('#panel').dataset.panel} ${b.tagName} ${b.id} ${[...b.classList].filter((c) => c !== 'on')} ${['site', 'pin', 'cluster'].some((c) => b.classList.contains(c)) ? '' : JSON.stringify({...b.dataset})}`;
    const skip = (b) => b.closest('[hidden]') || b.id === 'language' || b.type === 'file';
    for (; met.pressed < 400; met.pressed++) {
        for (const d of document.querySelectorAll('details')) d.open = true;
        const next = [...document.querySelectorAll('button, summary, select, input[type=checkbox], input[type=radio]')].find((b) => !skip(b) && !done.has(sign(b)));
        if (!next) break;
        done.add(sign(next));
        met.panels.push(document.querySelector('#panel').dataset.panel);
        if (next.tagName === 'SELECT') for (const o of next.options) { next.value = o.value; next.dispatchEvent(new Event('change', {bubbles: true})); }
        else next.click();
        look();
    }
    met.panels = [...new Set(met.panels)];
    met.links = [...new Set(met.links)];
    met.made = [...new Set(met.made)];
    return met;
}"""
