"""Nothing is cut short, and what belongs together stands together."""

from playwright.sync_api import Page, expect
from visiting import ask


def left(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"]


def test_the_title_of_the_source_stands_there_in_full(page: Page) -> None:
    ask(page, "What is the capital of France?")
    expect(page.locator("#source-steps")).to_be_visible()
    cut = "title => title.scrollWidth > title.clientWidth || title.scrollHeight > title.clientHeight"
    assert not page.eval_on_selector("#source-title", cut)


def test_the_columns_of_the_index_begin_where_what_stands_above_them_does(page: Page) -> None:
    page.click("#tab-index")
    expect(page.locator("#rebuild")).to_be_visible()
    assert left(page, "#rebuild") == left(page, "#facts-title")


def test_on_a_phone_all_begins_at_one_edge(phone: Page) -> None:
    phone.click("#tab-index")
    expect(phone.locator("#rebuild")).to_be_visible()
    assert left(phone, ".wordmark") == left(phone, "#index-title") == left(phone, "#facts-title")


def test_on_a_phone_no_line_begins_with_a_dot(phone: Page) -> None:
    ask(phone, "When did India join?")
    place = phone.locator(".reply .where span").last
    expect(place).to_have_text("Interests and values divide the group · paragraph 8")
    assert "\u00a0·" in (place.text_content() or "")
