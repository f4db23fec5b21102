"""The page at /api in Chromium: by axe-core, light and dark, on a screen and a phone; it asks for nothing more."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from served import Served


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, server: Served, browser: Browser) -> Iterator[Page]:
    """The page on a phone; a request for anything but itself fails the test, and one that its policy forbids."""
    scheme: Literal["light", "dark"] = request.param
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    troubles: list[str] = []
    requests: list[str] = []
    try:
        page = context.new_page()
        page.on("console", lambda message: troubles.append(message.text))
        page.on("request", lambda asked: asked.url.startswith("data:") or requests.append(asked.url))
        page.goto(f"{server.url}/api", wait_until="networkidle")
        yield page
    finally:
        context.close()
    assert (requests, troubles) == ([f"{server.url}/api"], [])


def test_it_breaks_no_rule_of_axe_core_and_is_in_the_pages_type_and_colours(page: Page) -> None:
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") == width
        found = Axe().run(page).response["violations"]
        assert [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found] == []
    fonts = page.evaluate("[...document.fonts].filter((one) => one.status === 'loaded').map((one) => one.family)")
    assert {font.strip('"') for font in fonts} == {"Inter", "Source Serif 4"}
    light = page.evaluate("matchMedia('(prefers-color-scheme: light)').matches")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == (
        "rgb(246, 243, 236)" if light else "rgb(18, 17, 15)"
    )


def test_it_scrolls_to_its_end_and_the_first_tab_leads_past_the_head(page: Page) -> None:
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "To the interfaces"
    last = page.locator("#objects + p + dl > :last-child")
    # Not by a function that the page is to wait for: its policy lets nothing be evaluated. A busy machine may scroll to
    # what has the focus after the key.
    for _ in range(10):
        page.keyboard.press("End")
        with suppress(AssertionError):
            expect(last).to_be_in_viewport(timeout=1000)
            break
    expect(last).to_be_in_viewport(timeout=1000)
