"""A document that attacks its reader stays text."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect
from served import Served
from visiting import ask, expect_highlighted, opened, select


@pytest.fixture
def page(hostile: Served, browser: Browser) -> Iterator[Page]:
    hostile.wait_until("/readyz")
    yield from opened(browser, hostile.url)


@pytest.fixture
def text(hostile: Served) -> str:
    return (hostile.documents / "parrot.txt").read_text("utf-8").strip()


@pytest.mark.parametrize(
    ("question", "paragraph"),
    [
        ("Where does the hostile parrot live?", 0),
        ("What is the favourite food of the parrot?", 1),
        ("When was the parrot bought?", 2),
        ("How many languages does the parrot speak?", 3),
    ],
    ids=["script", "handler", "bidi", "style"],
)
def test_a_hostile_passage_is_quoted_to_the_letter_and_runs_nothing(
    page: Page, text: str, question: str, paragraph: int
) -> None:
    ask(page, question)
    page.locator(".reply a.cite").first.click()
    quoted = page.locator(".reply .words").first.text_content() or ""
    assert quoted in text.split("\n\n")[paragraph]
    expect_highlighted(page, quoted)
    assert page.evaluate("window.owned") is None


def test_a_character_that_reverses_the_text_is_made_visible(page: Page) -> None:
    expect(page.locator("#paper .unseen").first).to_have_attribute("title", "U+202E")


def test_the_viewer_shows_every_character_of_the_document(page: Page, text: str) -> None:
    shown = page.evaluate("[...document.querySelectorAll('#paper > *')].map((e) => e.textContent).join('\\n\\n')")
    assert shown == text


def test_where_no_feedback_is_kept_none_is_asked_for(page: Page) -> None:
    ask(page, "When was the parrot bought?")
    expect(page.locator(".reply .again")).to_be_visible()
    expect(page.locator(".reply .judge")).not_to_be_visible()


def test_a_hostile_conversation_is_restored_to_the_letter(page: Page) -> None:
    question = "Where does the <img src=x onerror=window.owned=1> *parrot* live?"
    ask(page, question)
    words = page.locator(".reply .words").first.text_content()
    page.reload()
    expect(page.locator("#chat .asked")).to_have_text(question)
    assert page.locator(".reply .words").first.text_content() == words
    assert page.evaluate("window.owned") is None


def test_a_hostile_passage_is_checked_and_copied_as_text(page: Page, text: str) -> None:
    words = "near `${window.owned=2}` and {{owned}}."
    assert words in text
    page.click("#tab-check")
    page.fill("#check-text", f"<img src=x onerror=window.owned=5> {words}")
    page.click("#check-form button")
    expect(page.locator("#check-result .verdict")).to_be_visible()
    page.fill("#check-text", words)
    page.click("#check-form button")
    expect(page.locator(".checked.exact .words")).to_have_text(words)
    page.locator(".checked .copy").click()
    expect(page.locator("#cite-preview")).to_have_text(words)
    assert page.locator("#check-result img, #cite-menu img").count() == 0
    assert page.evaluate("window.owned") is None


def test_a_selection_behind_a_character_of_two_units_is_placed_by_code_points(page: Page, text: str) -> None:
    words = "named O’Brien & Co."
    sent = []
    page.on("request", lambda request: sent.append(request.post_data_json) if "/v1/cite" in request.url else None)
    select(page, words)
    page.click("#cite-selection")
    expect(page.locator("#cite-preview")).to_have_text(words)
    assert text[sent[0]["start"] : sent[0]["end"]] == words


def test_a_script_that_stands_in_the_page_is_never_run(page: Page) -> None:
    page.evaluate(
        """() => { const script = document.createElement('script'); script.textContent = 'window.inline = 1';
        document.body.append(script);
        document.body.insertAdjacentHTML('beforeend', '<img src="data:," onerror="window.inline = 2">'); }"""
    )
    page.wait_for_timeout(300)
    assert page.evaluate("window.inline") is None
