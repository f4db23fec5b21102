"""On paper stand the words, what they are quotes of, and nothing to press."""

from playwright.sync_api import Page, expect
from visiting import ask


def test_a_printed_quote_names_its_document(page: Page) -> None:
    ask(page, "When did India join?")
    title = page.locator(".reply .where cite").first
    page.emulate_media(media="print")
    expect(title).to_be_visible()
    expect(title).to_contain_text("alternative global order")
    expect(page.locator(".reply .words").first).to_be_visible()
    expect(page.locator("button:visible")).to_have_count(0)


def test_a_printed_view_of_the_index_has_titles_and_no_buttons(page: Page) -> None:
    page.click("#tab-index")
    expect(page.locator("#rebuild")).to_be_visible()
    page.emulate_media(media="print")
    expect(page.locator("#index-documents .title").first).to_be_visible()
    expect(page.locator("button:visible:not(.title)")).to_have_count(0)


def test_a_dark_page_is_printed_dark_on_white(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    ask(page, "When did India join?")
    page.emulate_media(media="print", color_scheme="dark")
    ink = page.eval_on_selector(".reply .words", "one => getComputedStyle(one).color")
    assert sum(int(part) for part in ink.removeprefix("rgb(").removesuffix(")").split(",")) < 150, ink
