"""The page behind a login: the browser asks for it once and then sends it with all that the page loads."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect
from served import ROOT, Served, serve
from visiting import ask


@pytest.fixture
def locked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("locked")
    with serve(folder, ROOT / "source_docs", SCO_LOGIN="ada:a-long-password", SCO_RATE="60") as served:
        served.wait_until("/healthz")
        yield served


def test_a_visitor_with_the_login_asks_and_is_answered(locked: Served, browser: Browser) -> None:
    with browser.new_context(http_credentials={"username": "ada", "password": "a-long-password"}) as context:
        page = context.new_page()
        page.goto(locked.url)
        page.wait_for_selector("#ask textarea", timeout=120_000)
        ask(page, "When did India join?")
        expect(page.locator(".reply .words").first).to_contain_text("joined in 2017")
