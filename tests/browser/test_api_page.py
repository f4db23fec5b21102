"""The page that describes the named endpoints, which programmers open."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from served import Served
from visiting import opened


@pytest.fixture
def described(server: Served, browser: Browser) -> Iterator[Page]:
    yield from opened(browser, f"{server.url}/?view=api")


def test_the_api_page_names_every_endpoint_and_says_what_it_takes(described: Page) -> None:
    page = described.locator("body")
    for name in ("ask", "search", "verify", "status", "rebuild"):
        expect(page).to_contain_text(f"/{name}")
    expect(page).to_contain_text("Answer a question with exact quotes of the documents, or refuse")
    expect(page).to_contain_text("paths, ends of paths, or folders with a slash")
