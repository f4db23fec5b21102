"""Copying, citing, linking and saving, and words selected in the source."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from served import Served
from visiting import ask, expect_highlighted, opened, select

INDIA = "India, which joined in 2017, must balance its engagement with all major powers – China, Russia and the West."


@pytest.fixture
def copying(server: Served, browser: Browser) -> Iterator[Page]:
    """A page that may read the clipboard, to see what was put there."""
    yield from opened(browser, server.url, permissions=["clipboard-read", "clipboard-write"])


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def copied(page: Page, what: str) -> str:
    button = page.locator(f"#cite-menu [data-copy={what}]")
    expect(button).to_be_enabled()
    button.click()
    expect(page.locator("#cite-line")).to_contain_text("copied")
    return clipboard(page)


def test_a_quote_is_copied_word_for_word_and_with_its_citation(copying: Page) -> None:
    ask(copying, "When did India join?")
    copying.locator(".reply .copy").first.click()
    assert copied(copying, "words") == INDIA
    apa = copied(copying, "apa")
    assert apa.startswith(f"“{INDIA}” (Soong, n.d., para. 8)")
    assert "Soong, C. (n.d.)" in apa
    assert copied(copying, "mla").startswith(f"“{INDIA}” (Soong")
    assert copied(copying, "bibtex").startswith("@")
    assert "TY  - " in copied(copying, "ris")
    assert json.loads(copied(copying, "csl_json"))[0]["author"] == [{"family": "Soong", "given": "Claus"}]


def test_what_will_be_copied_is_shown_before_it_is(page: Page) -> None:
    ask(page, "When did India join?")
    page.locator(".reply .copy").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#cite-menu [data-copy=words]")).to_be_focused()
    expect(page.locator("#cite-preview")).to_have_text(INDIA)
    expect(page.locator("#cite-menu [data-copy=apa]")).to_be_enabled()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#cite-preview")).to_contain_text("/?cite=")
    page.keyboard.press("Escape")
    expect(page.locator("#cite-menu")).not_to_be_visible()
    expect(page.locator(".reply .copy").first).to_be_focused()


def test_a_permanent_link_opens_the_source_at_its_words(copying: Page, article: str) -> None:
    ask(copying, "When did India join?")
    copying.locator(".reply .copy").first.click()
    link = copied(copying, "link")
    copying.keyboard.press("Escape")
    copying.goto(link)
    expect(copying.locator("#paper mark.active")).to_have_text(INDIA)
    copying.wait_for_function(
        """() => { const mark = document.querySelector('#paper mark.active').getBoundingClientRect();
        return mark.top > 0 && mark.bottom < innerHeight; }"""
    )
    # The conversation is there too, and does not take the words away.
    expect(copying.locator(".reply")).to_have_count(1)
    expect_highlighted(copying, article[article.index(INDIA) :][: len(INDIA)])
    expect(copying.locator("#source-note")).not_to_be_visible()


def test_a_damaged_link_says_so_and_marks_nothing(server: Served, browser: Browser) -> None:
    for page in opened(browser, f"{server.url}/?cite=AbCd"):
        expect(page.locator("#source-note")).to_contain_text("link")
        expect(page.locator("#paper mark")).to_have_count(0)


@pytest.mark.parametrize(("format", "suffix"), [("markdown", "md"), ("html", "html"), ("json", "json")])
def test_the_conversation_is_saved_with_its_quotes_and_hashes(page: Page, format: str, suffix: str) -> None:
    ask(page, "When did India join?")
    with page.expect_download() as waited:
        page.click(f"[data-save={format}]")
    assert waited.value.suggested_filename.endswith(f".{suffix}")
    text = waited.value.path().read_text("utf-8")
    # In HTML the answer is set off inside the quote.
    assert INDIA in re.sub(r"</?mark[^>]*>", "", text)
    assert (page.locator(".reply a.cite").first.get_attribute("href") or "").split("-")[1] in text


def test_words_selected_in_the_source_are_cited_by_their_own_place(copying: Page, article: str) -> None:
    words = "lacking common values and coherent geopolitical interests"
    select(copying, words)
    copying.click("#cite-selection")
    assert copied(copying, "words") == words
    sent: list[Any] = []
    copying.on("request", lambda request: sent.append(request.post_data_json) if "/v1/cite" in request.url else None)
    copying.keyboard.press("Escape")
    select(copying, words)
    copying.click("#cite-selection")
    expect(copying.locator("#cite-menu [data-copy=apa]")).to_be_enabled()
    assert article[sent[0]["start"] : sent[0]["end"]] == words


def test_what_was_copied_stays_said_when_the_citation_comes_later(copying: Page) -> None:
    held: list[Route] = []
    copying.route("**/v1/cite", lambda route: held.append(route))
    select(copying, "color revolutions")
    copying.click("#cite-selection")
    assert copied(copying, "words") == "color revolutions"
    held[0].continue_()
    expect(copying.locator("#cite-menu [data-copy=apa]")).to_be_enabled()
    expect(copying.locator("#cite-line")).to_contain_text("copied")


def test_words_selected_in_the_source_are_put_into_the_question_box(page: Page) -> None:
    select(page, "color revolutions")
    page.click("#ask-selection")
    expect(page.locator("#ask textarea")).to_have_value("About “color revolutions”: ")
    expect(page.locator("#ask textarea")).to_be_focused()
    expect(page.locator("#selection")).not_to_be_visible()


def test_j_and_k_step_through_the_quotes(page: Page) -> None:
    ask(page, "What is the capital of France?")
    expect(page.locator("#paper mark.active").first).to_have_attribute("data-n", "1")
    page.locator(".reply a.cite").first.focus()
    page.keyboard.press("j")
    expect(page.locator("#paper mark.active").first).to_have_attribute("data-n", "2")
    expect(page.locator("#paper mark.active").first).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#paper mark.active").first).to_have_attribute("data-n", "3")
    page.keyboard.press("k")
    expect(page.locator("#paper mark.active").first).to_have_attribute("data-n", "2")
