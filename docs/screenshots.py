"""What does the page look like: ten states of the demo city's page at phone and desktop size, as pictures for the documents."""

from __future__ import annotations

import argparse
import shutil
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from PIL import Image
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable

    from playwright.sync_api import Page

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "images" / "page"
SIZES = {"phone": (390, 844), "desktop": (1280, 800)}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
COLOURS = 128  # of the pictures' palette: they stay small


def _click(*selectors: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        for selector in selectors:
            page.locator(selector).first.click()
            page.wait_for_timeout(500)

    return act


def _nothing(page: Page) -> None:
    """As the page opens."""
    del page


def _search(page: Page) -> None:
    page.fill("#q", "tuoyu")


def _list(page: Page) -> None:
    if page.locator("#open-list").is_visible():
        page.click("#open-list")


def _card(page: Page) -> None:
    _list(page)
    _click(".site")(page)


def _ask(page: Page) -> None:
    page.focus("#map")
    page.keyboard.press("Enter")


#: Name of a state -> (what stands behind the page's `#`, what the reader does).
STATES: dict[str, tuple[str, Callable[[Page], None]]] = {
    "01-first-screen": ("", _nothing),
    "02-play": ("#g=play", _nothing),
    "03-list": ("#g=care", _list),
    "04-card": ("#g=play&l=playgrounds", _card),
    "05-filters": ("#g=play", _click("#filter")),
    "06-search": ("", _search),
    "07-reach": ("#g=care&l=childcare", _click("#layers", ".reach:has([data-toggle^=childcare]) .switch")),
    "08-minutes-from-here": ("", _ask),
    "09-statistics": ("", _click("[data-group=more]", "[data-tool=stats]")),
    "10-large-contrast-english": ("#large=1&contrast=1&g=health&lang=en", _nothing),
}


def main() -> None:
    """Write the pictures; every file of the folder that is not one of them goes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path, help="an index.html of a version, as cfmap build writes it")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    given = parser.parse_args()
    shutil.rmtree(given.folder, ignore_errors=True)
    given.folder.mkdir(parents=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for size, (width, height) in SIZES.items():
            for name, (link, act) in STATES.items():
                with browser.new_context(viewport={"width": width, "height": height}, has_touch=size == "phone", reduced_motion="reduce") as context:
                    page = context.new_page()
                    page.goto(f"{given.page.resolve().as_uri()}{link}")
                    page.wait_for_function("window.cfmap && window.cfmap.map")
                    page.wait_for_timeout(1200)
                    act(page)
                    page.wait_for_timeout(900)
                    shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
                    shot.quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(given.folder / f"{size}-{name}.png", optimize=True)
        browser.close()


if __name__ == "__main__":
    main()
