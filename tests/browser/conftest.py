"""How tests open the page: Chromium from file://, with everything that goes wrong written down."""

from __future__ import annotations

import importlib.util
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock

from tests.browser.shake import shaken, slow_mo
from tests.browser.synthetic import ROOT, synthetic_edition

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

PHONE, DESKTOP = (390, 844), (1280, 800)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]


@dataclass
class Opened:
    """A page and what it did wrong."""

    page: Page
    outside: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def assets() -> Path:
    """The page's assets, made if these sources have not been built yet, and node's modules for the script's own tests."""
    spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (ROOT / ".cache").mkdir(exist_ok=True)
    with FileLock(ROOT / ".cache" / "assets.lock"):  # other test processes want them, too
        return module.build_assets(ROOT, dev=True)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.fail("no Chromium: run tests/browser/install.sh (Debian), or install Chromium and put it on PATH")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS, slow_mo=slow_mo())
        yield shaken(browser)
        browser.close()


@pytest.fixture(scope="session")
def html(assets: Path) -> str:
    """The page of the synthetic city."""
    from cfmap.publish.web import page

    del assets
    return page(synthetic_edition())


@pytest.fixture
def open_page(chromium: Browser, tmp_path: Path):
    """Open a page text from ``file://``; yields :class:`Opened` once the basemap and the coverage are there."""

    @contextmanager
    def open_(html: str, *, size: tuple[int, int] = PHONE, hash_: str = "", before: str = "", **context: object) -> Iterator[Opened]:
        path = tmp_path / "index.html"
        path.write_text(html, encoding="utf-8")
        with chromium.new_context(viewport={"width": size[0], "height": size[1]}, has_touch=size == PHONE, **context) as made:  # type: ignore[arg-type]
            page = made.new_page()
            opened = Opened(page)
            page.on("request", lambda r: opened.outside.append(r.url) if not r.url.startswith(("file:", "data:", "blob:")) else None)
            page.on("console", lambda m: opened.errors.append(m.text) if m.type in {"error", "warning"} else None)
            page.on("pageerror", lambda e: opened.errors.append(str(e)))
            # the policy of the page forbids even tests to add scripts, so a violation is seen by listening, before anything else runs
            page.add_init_script(
                "window.broken = []; document.addEventListener('securitypolicyviolation', e => window.broken.push(e.violatedDirective));" + before
            )
            page.goto(f"{path.as_uri()}{hash_}")
            page.wait_for_selector(".pin, .cluster, .empty, .site", state="attached")
            yield opened

    return open_
