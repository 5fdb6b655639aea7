"""The city's logo beside the title, whatever its shape and however long the name; in print and in the picture."""

from __future__ import annotations

import base64
import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.synthetic import synthetic_edition

pytestmark = pytest.mark.browser


def themed(folder, *, size, name="示例市"):
    from cfmap.publish.web import page

    Image.new("RGB", size, (0xFF, 0, 0xFF)).save(folder / "logo.png")
    edition = synthetic_edition(count=30)
    city = edition.city
    changes = {"root": folder, "theme": city.theme.model_copy(update={"logo": "logo.png"}), "city": city.city.model_copy(update={"name": name})}
    return page(replace(edition, city=city.model_copy(update=changes)))


@pytest.mark.parametrize("name", ["示例市", "示例蒙古族藏族自治州示例县级市"])
@pytest.mark.parametrize("shape", [(900, 200), (300, 300), (100, 900)], ids=["wide", "square", "tall"])
def test_logo_stands_beside_the_title_and_nothing_is_too_wide(open_page, assets, tmp_path, shape, name):
    with open_page(themed(tmp_path, size=shape, name=name), size=PHONE) as opened:
        page = opened.page
        for width, height in ((320, 640), PHONE, DESKTOP):
            page.set_viewport_size({"width": width, "height": height})
            logo, title = page.locator("#logo").bounding_box(), page.locator("#title").bounding_box()
            assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert 8 <= logo["height"] <= 44.5
            assert logo["width"] / logo["height"] == pytest.approx(shape[0] / shape[1], rel=0.05)
            assert logo["x"] + logo["width"] <= title["x"]
            assert title["width"] >= 120
        assert page.get_attribute("#logo", "alt") == "示例局的标志"
        assert opened.errors == []


def test_logo_is_in_print_and_in_the_picture(open_page, assets, tmp_path):
    with open_page(themed(tmp_path, size=(300, 300)), size=DESKTOP) as opened:
        page = opened.page
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert page.evaluate("document.querySelector('#print .logo').naturalWidth") == 88
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        page.click("[data-group=more]")
        page.click("[data-tool=picture]")
        image = page.wait_for_selector(".shot img")
        picture = np.asarray(Image.open(io.BytesIO(base64.b64decode(image.get_attribute("src").split(",")[1]))).convert("RGB"))
        assert ((picture[:160] == (0xFF, 0, 0xFF)).all(axis=2)).sum() > 1000
        assert page.evaluate("window.broken") == []
