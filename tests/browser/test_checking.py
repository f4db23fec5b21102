"""The view that checks a quote."""

from playwright.sync_api import Page, Route, expect
from visiting import ask, expect_highlighted

INDIA = "India, which joined in 2017, must balance its engagement with all major powers – China, Russia and the West."


def check(page: Page, text: str) -> None:
    page.click("#tab-check")
    page.fill("#check-text", text)
    with page.expect_response("**/v1/verify"):
        page.click("#check-form button")
    expect(page.locator("#check-form button[aria-disabled]")).to_have_count(0)


def test_an_exact_quote_is_called_exact_and_marked_in_the_source(page: Page) -> None:
    check(page, INDIA)
    expect(page.locator(".checked.exact .verdict")).to_have_text("Exact")
    expect(page.locator("#check-result .diff")).to_have_count(0)
    expect_highlighted(page, INDIA)


def test_a_changed_year_and_an_added_negation_are_shown_word_by_word(page: Page) -> None:
    check(page, INDIA.replace("2017", "2018").replace("must balance", "must not balance"))
    expect(page.locator(".checked.altered .verdict")).to_have_text("Altered")
    assert [one.strip() for one in page.locator(".diff del").all_text_contents()] == ["2018", "not"]
    assert page.locator(".diff ins").all_text_contents() == ["2017"]
    expect(page.locator(".checked .words")).to_have_text(INDIA)


def test_straight_quotes_and_hyphens_are_only_typing(page: Page) -> None:
    check(page, INDIA.replace("–", "-"))
    expect(page.locator(".checked.typographic .verdict")).to_have_text("The same words, typed differently")
    expect(page.locator(".diff .typing")).to_have_text("–")
    expect(page.locator(".diff del")).to_have_count(0)


def test_words_that_are_nowhere_are_said_to_be_nowhere(page: Page) -> None:
    check(page, "The harbour tram was restored by volunteers in 1987.")
    expect(page.locator(".checked.absent .verdict")).to_have_text("Not in the documents.")
    expect(page.locator(".checked .words")).to_have_count(0)
    expect(page.locator("#paper mark")).to_have_count(0)


def test_hostile_words_are_shown_as_text(page: Page) -> None:
    check(page, INDIA.replace("India", "India<img src=x onerror=window.owned=1>"))
    expect(page.locator("#check-result .verdict")).to_be_visible()
    assert page.locator("#check-result img").count() == 0
    assert page.evaluate("window.owned") is None


def test_a_match_leads_to_its_mark_and_the_mark_back(page: Page) -> None:
    check(page, INDIA)
    page.locator(".checked .cite").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#paper mark.active")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".checked .cite")).to_be_focused()


def test_each_view_keeps_its_own_marks_in_the_source_they_share(page: Page) -> None:
    ask(page, "How many member states does the SCO have today?")
    check(page, INDIA)
    expect(page.locator("#paper mark.active")).to_contain_text("joined in 2017")
    page.click("#tab-ask")
    expect(page.locator("#paper mark.active")).to_contain_text("10 member states")
    page.click("#tab-check")
    expect(page.locator("#paper mark.active")).to_contain_text("joined in 2017")


def test_of_two_checks_under_way_the_later_one_is_shown_whichever_is_answered_first(page: Page) -> None:
    held: list[Route] = []
    page.click("#tab-check")
    page.route("**/v1/verify", lambda route: held.append(route))
    for text in (INDIA, "The harbour tram was restored by volunteers in 1987."):
        page.fill("#check-text", text)
        with page.expect_request("**/v1/verify"):
            page.press("#check-text", "Enter")
    # A request is told of before its route is.
    for _ in range(100):
        if len(held) < 2:
            page.wait_for_timeout(50)
    first, second = held
    second.continue_()
    expect(page.locator(".checked.absent")).to_be_visible()
    with page.expect_response("**/v1/verify"):
        first.continue_()
    page.wait_for_timeout(200)
    expect(page.locator(".checked.absent")).to_be_visible()
    expect(page.locator("#paper mark")).to_have_count(0)


def test_a_check_that_fails_leaves_no_mark_and_the_keyboard_where_it_is(page: Page) -> None:
    check(page, INDIA)
    expect(page.locator("#paper mark.active")).to_be_visible()
    page.route("**/v1/verify", lambda route: route.abort())
    page.press("#check-form button", "Enter")
    expect(page.locator("#check-result")).to_have_text("The server cannot be reached.")
    expect(page.locator("#check-form button")).to_be_focused()
    expect(page.locator("#paper mark")).to_have_count(0)
