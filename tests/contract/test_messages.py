"""Every message is complete in both languages, with the same facts, under a code that says its level."""

from __future__ import annotations

import re
import string

import pytest

from cfmap.model.messages import LEVELS, MESSAGES, Fault

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _facts(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_message_is_complete_in_both_languages(code):
    message = MESSAGES[code]
    assert re.fullmatch(r"[EWI][1-6]\d\d", code)
    assert CHINESE.search(message.what[0])
    assert len(CHINESE.findall(message.what[1])) < len(message.what[1]) / 4, "English, but for a quoted word"
    for zh, en in (message.what, message.why, message.how):
        assert bool(zh) == bool(en)
    if LEVELS[code[0]] == "error":
        assert message.how[0], "an error says how to mend it"


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_message_renders_with_its_facts_and_keeps_braces_of_values(code):
    message = MESSAGES[code]
    facts = {name.split(".")[0].split("[")[0] for part in (message.what, message.why, message.how) for text in part for name in _facts(text)}
    specs = [spec for part in (message.what, message.why, message.how) for text in part for _, _, spec, _ in string.Formatter().parse(text) if spec]
    value = 1 if specs else "{7*7} ${x} {{y}}"
    record = Fault(code, "a.xlsx", "学校", 3, "经度", "{0}", dict.fromkeys(facts, value))
    for lang in ("zh", "en"):
        text = record.render(lang)
        assert "a.xlsx" in text
        assert "{0}" in text
        used = _facts(" ".join(part[lang == "en"] for part in (message.what, message.why, message.how)))
        if used and not specs:
            assert "{7*7} ${x} {{y}}" in text
