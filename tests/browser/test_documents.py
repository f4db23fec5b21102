"""Several documents: chosen by name, and each quote leads into its own."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from served import Served
from visiting import ask, highlighted, opened


@pytest.fixture
def page(library: Served, browser: Browser) -> Iterator[Page]:
    yield from opened(browser, library.url)


def test_a_document_is_chosen_by_its_name(page: Page) -> None:
    expect(page.locator("#source-choice option")).to_have_text(["Bees on roofs", "The tram"])
    page.select_option("#source-choice", label="The tram")
    expect(page.locator("#paper")).to_contain_text("restored in 1987")


def test_a_quote_names_its_document_and_opens_it(page: Page) -> None:
    ask(page, "When was the tram restored?")
    expect(page.locator(".reply .where cite").first).to_have_text("The tram")
    assert highlighted(page) == "The tram was restored in 1987 by volunteers."
    ask(page, "How many hives does the city keep?")
    assert highlighted(page) == "The city keeps 240 hives on its libraries."
    page.locator(".reply a.cite").first.click()
    expect(page.locator("#paper mark.active")).to_have_text("The tram was restored in 1987 by volunteers.")
    expect(page.locator("#source-choice option:checked")).to_have_text("The tram")
