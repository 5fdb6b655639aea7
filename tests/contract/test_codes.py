"""Every code that the program can say has its words, its example, its page and the exit code that really follows."""

from __future__ import annotations

import ast
import itertools
import re
from collections import defaultdict
from functools import cache

import pytest

from cfmap.cli import main
from cfmap.model import errors
from cfmap.model.messages import MESSAGES
from cfmap.model.messages.examples import FACTS, OWN, example, facts_of
from cfmap.model.messages.explain import PAGES, codes_on, exit_code, page_of, pages

RAISED = {
    kind.__name__: kind.exit_code for kind in (errors.ConfigError, errors.InputError, errors.EnvironmentFault, errors.SafetyRefusal, errors.SelfCheckError)
}


@cache
def all_pages():
    return pages()


def calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, getattr(node.func, "id", getattr(node.func, "attr", ""))


def sources(repository):
    for path in (repository / "cfmap").rglob("*.py"):
        if "node_modules" not in path.parts:
            yield ast.parse(path.read_text(encoding="utf-8"))


def test_every_code_in_the_program_is_in_the_catalogue(repository):
    used = {
        node.value
        for tree in sources(repository)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(r"[EWI]\d{3}", node.value)
    }
    assert len(used) > 150
    assert used - set(MESSAGES) == set()


def test_no_code_stands_twice_in_a_file_of_messages(repository):
    for path in (repository / "cfmap" / "model" / "messages").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Dict):
                codes = [k.value for k in node.keys if isinstance(k, ast.Constant) and re.fullmatch(r"[EWI]\d{3}", str(k.value))]
                assert sorted(set(codes)) == sorted(codes), path.name


def test_the_exit_code_that_is_explained_is_the_one_that_follows(repository):
    raised = defaultdict(set)
    for tree in sources(repository):
        for node, name in calls(tree):
            if name in RAISED:
                for argument in node.args:
                    for inner, called in calls(argument):
                        if called == "fault" and inner.args and isinstance(inner.args[0], ast.Constant):
                            raised[inner.args[0].value].add(RAISED[name])
    assert len(raised) > 80
    said = {code: exit_code(code) for code in raised}
    assert {code: codes for code, codes in raised.items() if said[code] not in codes} == {}


@pytest.mark.parametrize("code", sorted(MESSAGES))
def test_every_code_has_an_example_and_a_place_on_a_page(code):
    missing = [name for name in facts_of(code) if name not in FACTS and name not in OWN.get(code, {})]
    assert missing == [], "give the fact an example in cfmap/model/messages/examples.py"
    assert code in codes_on(page_of(code))
    section = all_pages()[f"{page_of(code)}.md"].split(f'<a id="{code.lower()}">')[1].split("<a id=")[0]
    assert example(code).render("zh") in section
    assert example(code).render("en") in section
    assert f"**{exit_code(code)}**" in section
    if code.startswith("E"):
        assert "怎么改 · How to mend it" in section


def test_every_number_has_one_page():
    spans = sorted((first, last) for _, _, first, last in PAGES)
    assert spans[0][0] == 100
    assert spans[-1][1] == 699
    assert all(b[0] == a[1] + 1 for a, b in itertools.pairwise(spans))


@pytest.mark.parametrize(("lang", "words"), [("zh", ("经纬度好像写反了", "怎么改：", "退出码 3")), ("en", ("swapped", "How to mend it:", "Exit code 3"))])
def test_explain_tells_it_on_the_terminal(lang, words, capsys):
    assert main(["--lang", lang, "explain", "e203"]) == 0
    told = capsys.readouterr().out
    assert all(word in told for word in words)


def test_explain_names_the_nearest_of_an_unknown_code(capsys):
    assert main(["--lang", "zh", "explain", "E2003"]) == 2
    assert "E203" in capsys.readouterr().err
