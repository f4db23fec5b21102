"""The views of the page: tabs, by mouse, keyboard and address."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from served import Served
from visiting import ask, opened


@pytest.fixture
def at_index(server: Served, browser: Browser) -> Iterator[Page]:
    yield from opened(browser, f"{server.url}/#index")


def test_a_view_is_shown_by_its_tab_and_the_others_are_out_of_reach(page: Page) -> None:
    expect(page.locator("#tab-ask")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#rebuild")).not_to_be_visible()
    page.click("#tab-index")
    expect(page.locator("#tab-index")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#index-facts")).to_contain_text("Passages")
    expect(page.locator("#ask textarea")).not_to_be_visible()


def test_the_address_names_the_view_and_a_reload_keeps_it(page: Page) -> None:
    page.click("#tab-index")
    assert page.url.endswith("/#index")
    expect(page).to_have_title("Index · Verbatim")
    page.reload()
    expect(page.locator("#index-facts")).to_contain_text("Passages")
    expect(page).to_have_title("Index · Verbatim")
    page.go_back()
    expect(page.locator("#ask textarea")).to_be_visible()
    expect(page).to_have_title("Verbatim: ask a text, get its own words")


def test_an_address_with_a_view_opens_it(at_index: Page) -> None:
    expect(at_index.locator("#index-facts")).to_be_visible()


def test_the_arrows_move_between_tabs_and_only_the_shown_one_is_a_tab_stop(page: Page) -> None:
    page.locator("#tab-ask").focus()
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#tab-index")).to_be_focused()
    expect(page.locator("#index-facts")).to_be_visible()
    expect(page.locator("#views [tabindex='0']")).to_have_count(1)
    page.keyboard.press("Home")
    expect(page.locator("#tab-ask")).to_be_focused()
    expect(page.locator("#ask textarea")).to_be_visible()


def test_each_tab_names_the_panel_it_controls(page: Page) -> None:
    for tab in page.locator("#views [role=tab]").all():
        panel = page.locator(f"#{tab.get_attribute('aria-controls')}")
        expect(panel).to_have_attribute("role", "tabpanel")
        expect(panel).to_have_attribute("aria-labelledby", tab.get_attribute("id") or "")


def test_the_chat_is_still_there_after_a_look_at_another_view(page: Page) -> None:
    ask(page, "When did India join?")
    page.click("#tab-index")
    page.click("#tab-ask")
    expect(page.locator(".reply .words")).to_contain_text("joined in 2017")
    expect(page.locator("#paper mark.active")).to_contain_text("joined in 2017")
