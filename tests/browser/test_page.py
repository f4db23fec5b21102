"""The page in real Chromium, against the real server."""

import pytest
from playwright.sync_api import Page, expect
from served import Served
from visiting import ask, expect_highlighted, place_of


def test_a_click_on_a_citation_highlights_exactly_its_characters(page: Page, article: str) -> None:
    ask(page, "How many member states does the SCO have today?")
    chip = page.locator(".reply a.cite").first
    start, end = place_of(chip.get_attribute("href"))
    chip.click()
    expect_highlighted(page, article[start:end])
    assert "the SCO today includes 10 member states" in article[start:end]


def test_the_quote_in_the_chat_is_the_slice_of_the_document(page: Page, article: str) -> None:
    ask(page, "What did the Indian Ministry of External Affairs clarify?")
    start, end = place_of(page.locator(".reply a.cite").first.get_attribute("href"))
    assert page.locator(".reply .quote .words").first.text_content() == article[start:end]


def test_of_two_equal_runs_the_one_cited_is_highlighted(page: Page, article: str) -> None:
    run = "which has significantly widened its mandate since it was founded in 2001"
    assert article.count(run) == 2
    ask(page, "When was the SCO founded?")
    chip = next(
        c for c in page.locator(".reply a.cite").all() if run in article[slice(*place_of(c.get_attribute("href")))]
    )
    start, end = place_of(chip.get_attribute("href"))
    chip.click()
    expect_highlighted(page, article[start:end])
    before = page.evaluate(
        """() => { const mark = document.querySelector('#paper mark.active'); const range = document.createRange();
        range.setStart(document.querySelector('#paper'), 0); range.setEndBefore(mark); return range.toString(); }"""
    )
    assert before.count(run) == article[:start].count(run)


def test_the_highlight_is_scrolled_into_view(page: Page) -> None:
    ask(page, "What did the Indian Ministry of External Affairs clarify?")
    page.locator(".reply a.cite").first.click()
    page.wait_for_selector("#paper mark.active")
    page.wait_for_function(
        """() => { const mark = document.querySelector('#paper mark.active').getBoundingClientRect();
        const paper = document.querySelector('#paper').getBoundingClientRect();
        return mark.top >= paper.top && mark.top < paper.bottom; }"""
    )


def test_the_mark_leads_back_to_its_citation(page: Page) -> None:
    ask(page, "When did India join?")
    page.locator(".reply a.cite").first.click()
    page.locator("#paper mark.active").first.click()
    expect(page.locator(".reply a.cite").first).to_be_focused()


def test_a_second_question_is_answered_and_marked_too(page: Page, article: str) -> None:
    ask(page, "When did India join?")
    ask(page, "How many member states does the SCO have today?")
    start, end = place_of(page.locator(".reply").last.locator("a.cite").first.get_attribute("href"))
    expect(page.locator("#paper mark.active")).to_contain_text("10 member states")
    expect_highlighted(page, article[start:end])


def test_a_citation_of_an_earlier_answer_still_opens(page: Page, article: str) -> None:
    ask(page, "When did India join?")
    ask(page, "How many member states does the SCO have today?")
    first = page.locator(".reply").first.locator("a.cite").first
    first.click()
    expect(page.locator("#paper mark.active")).to_contain_text("joined in 2017")
    start, end = place_of(first.get_attribute("href"))
    expect_highlighted(page, article[start:end])


def test_a_refusal_shows_the_nearest_passages_as_no_answer(page: Page) -> None:
    ask(page, "What is the capital of France?")
    refusal = page.locator(".reply.refusal")
    expect(refusal.locator(".verdict.refused")).to_be_visible()
    expect(refusal.locator(".offer")).to_contain_text("Not an answer.")
    assert refusal.locator(".quote").count() == refusal.locator(".quote.near").count() > 0
    expect(page.locator("#paper mark:not(.near)")).to_have_count(0)


def test_a_follow_up_is_understood_and_shown_as_understood(page: Page) -> None:
    ask(page, "Who leads the Quadrilateral Security Dialogue?")
    ask(page, "Which other countries belong to it?")
    expect(page.locator(".reply").last.locator(".understood q")).to_have_text(
        "Which other countries belong to the Quadrilateral Security Dialogue?"
    )


def test_a_suggested_question_is_asked_by_a_click_and_answered(page: Page, server: Served) -> None:
    expect(page.locator("#welcome .example")).to_have_count(4)
    suggested = [one["question"] for one in server.get("/v1/suggestions")]
    assert page.locator("#welcome .example").all_text_contents() == suggested[:4]
    page.click("#welcome .others")
    expect(page.locator("#welcome .example").first).to_have_text(suggested[4])
    expect(page.locator("#welcome .others")).to_be_focused()
    page.locator("#welcome .example").first.click()
    expect(page.locator(".reply.answer")).to_have_count(1, timeout=20_000)
    expect(page.locator("#chat .asked")).to_have_text(suggested[4])


def test_an_empty_question_asks_nothing(page: Page) -> None:
    page.fill("#ask textarea", "   ")
    page.press("#ask textarea", "Enter")
    page.wait_for_timeout(500)
    assert page.locator("#chat .asked").count() == 0


@pytest.mark.parametrize(
    "question", ["<img src=x onerror=alert(1)> *bold* `code`", "$$x^2$$ {{value}} ${1+1}"], ids=["markup", "templates"]
)
def test_a_question_is_shown_as_it_was_typed(page: Page, question: str) -> None:
    ask(page, question)
    assert page.locator("#chat .asked").text_content() == question


def test_the_keyboard_alone_reaches_a_citation_and_its_highlight(page: Page) -> None:
    ask(page, "When did India join?")
    page.locator("#ask textarea").focus()
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if page.evaluate("document.activeElement.className").startswith("cite"):
            break
    page.keyboard.press("Enter")
    expect(page.locator("#paper mark.active")).to_be_focused()


def test_the_arrows_step_through_the_quotes(page: Page) -> None:
    ask(page, "What is the capital of France?")
    expect(page.locator("#paper mark.active").first).to_have_attribute("data-n", "1")
    page.click("#next")
    expect(page.locator("#paper mark.active").first).to_have_attribute("data-n", "2")
    page.click("#previous")
    expect(page.locator("#paper mark.active").first).to_have_attribute("data-n", "1")


def test_the_index_is_rebuilt_while_the_chat_goes_on(page: Page, server: Served) -> None:
    note = server.documents / "note.txt"
    before = server.get("/v1/index")["index"]["generation"]
    note.write_text("The harbour tram was restored in 1987 by volunteers of the town.\n", "utf-8")
    try:
        page.click("#tab-index")
        page.click("#rebuild")
        expect(page.locator("#rebuild-bar")).to_be_visible()
        page.click("#tab-ask")
        ask(page, "When did India join?")
        page.click("#tab-index")
        expect(page.locator("#rebuild-line")).to_contain_text("The index was rebuilt. It took", timeout=60_000)
        assert server.get("/v1/index")["index"]["generation"] != before
        page.click("#tab-ask")
        ask(page, "When was the harbour tram restored?")
        expect(page.locator(".reply").last.locator(".words").first).to_contain_text("restored in 1987")
    finally:
        note.unlink()


def test_on_a_phone_nothing_scrolls_sideways(phone: Page) -> None:
    ask(phone, "When did India join?")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_on_a_phone_the_source_opens_as_a_sheet_and_closes(phone: Page) -> None:
    ask(phone, "When did India join?")
    expect(phone.locator("#source")).not_to_be_visible()
    phone.locator(".reply a.cite").first.click()
    expect(phone.locator("#paper mark.active")).to_be_visible()
    phone.click("#close-source")
    expect(phone.locator("#source")).not_to_be_visible()
    phone.press("#open-source", "Enter")
    expect(phone.locator("#source")).to_be_visible()
    phone.press("#close-source", "Enter")
    expect(phone.locator("#source")).not_to_be_visible()
    expect(phone.locator("#open-source")).to_be_focused()


def test_the_theme_is_remembered(page: Page) -> None:
    page.click("#theme")
    chosen = page.evaluate("document.documentElement.dataset.theme")
    page.reload()
    page.wait_for_selector("#paper p")
    assert page.evaluate("document.documentElement.dataset.theme") == chosen
