"""A model's summary on the page and over HTTP: told apart from quotes, and never in their way."""

import json
import shutil
from collections.abc import Iterator

import pytest
from models import FakeModel, responds, serving, silent, writes
from playwright.sync_api import Browser, Page, expect
from served import ROOT, Served, send, serve
from visiting import ask, highlighted, opened

KEY = "sk-never-to-be-seen"
JOINED = writes(
    ("India joined in “2017”.", [1]), ("Brazil joined in 2019.", [1]), ("<b>India</b> is large.", [1]), ("No.", [])
)
QUESTION = "When did India join?"


@pytest.fixture(scope="module")
def model() -> Iterator[FakeModel]:
    with serving(JOINED) as model:
        yield model


@pytest.fixture(scope="module")
def summed(tmp_path_factory: pytest.TempPathFactory, model: FakeModel) -> Iterator[Served]:
    """A server over the shipped article whose quotes a model sums up."""
    folder = tmp_path_factory.mktemp("summed")
    shutil.copytree(ROOT / "source_docs", folder / "docs")
    with serve(folder, folder / "docs", SCO_LLM_URL=model.url, SCO_LLM_KEY=KEY, SCO_LLM_TIMEOUT="20") as served:
        served.wait_until("/readyz")
        yield served


@pytest.fixture
def page(summed: Served, browser: Browser) -> Iterator[Page]:
    yield from opened(browser, summed.url)


def test_a_failure_is_told_once_and_not_kept_in_the_cache(summed: Served, model: FakeModel) -> None:
    model.answer = responds(500)
    status, body, _ = send(summed, "/v1/ask", {"question": QUESTION})
    failed = json.loads(body)
    assert (status, failed["kind"], failed["summary"]) == (200, "answer", None)
    assert failed["notices"] == [
        "No summary: the model's server answered with status 500. The quotes do not depend on it."
    ]
    model.answer = JOINED
    told = json.loads(send(summed, "/v1/ask", {"question": QUESTION})[1])
    assert told["summary"] == {"sentences": [{"text": "India joined in 2017.", "quotes": [1]}], "removed": 3}
    assert told["notices"] == []
    assert [told[name] for name in ("kind", "confidence", "quotes")] == [
        failed[name] for name in ("kind", "confidence", "quotes")
    ]


def test_a_refusal_asks_no_model_and_the_key_is_nowhere_to_be_seen(summed: Served, model: FakeModel) -> None:
    asked = len(model.asked)
    refused = json.loads(send(summed, "/v1/ask", {"question": "What is the capital of France?"})[1])
    assert (refused["kind"], refused["summary"], len(model.asked)) == ("refusal", None, asked)
    seen = "".join(send(summed, path)[1] for path in ("/", "/config", "/v1/index", "/readyz", "/v1/openapi.json"))
    assert KEY not in seen + summed.log.read_text("utf-8")
    assert str(model.port) not in seen + summed.log.read_text("utf-8")


def test_the_summary_stands_above_the_quotes_marked_as_a_model_s_words(page: Page, model: FakeModel) -> None:
    model.answer = JOINED
    ask(page, QUESTION)
    summary = page.locator(".reply .summary")
    expect(summary.locator(".by")).to_have_text("Written by a model from the quotes below")
    expect(summary.locator(".model-words")).to_have_text("India joined in 2017. 1")
    expect(summary.locator(".removed")).to_have_text("3 sentences removed: not backed by the quotes")
    assert page.locator(".reply .summary blockquote, .reply blockquote .summary, .reply .summary b").count() == 0
    above, below = summary.bounding_box(), page.locator(".reply blockquote").first.bounding_box()
    assert above
    assert below
    assert above["y"] < below["y"]
    # Its number leads to the quote as the quote's own does; the quote's button copies the quote alone.
    page.mouse.move(0, 0)
    summary.locator("a.cite").click()
    assert "joined in 2017" in highlighted(page)
    expect(page.locator(".reply blockquote.active")).to_have_count(1)
    # It comes back with the conversation.
    page.reload()
    expect(page.locator(".reply .summary .model-words")).to_have_text("India joined in 2017. 1")


def test_what_a_browser_kept_is_checked_again(page: Page, model: FakeModel) -> None:
    model.answer = JOINED
    ask(page, QUESTION)
    expect(page.locator(".reply .summary .model-words")).to_be_visible()
    page.wait_for_function("sessionStorage.getItem('verbatim-conversation') !== '[]'")
    page.evaluate(
        """() => { const name = 'verbatim-conversation'; const kept = sessionStorage.getItem(name);
        sessionStorage.setItem(name, kept.replace('India joined in 2017.', 'India joined in 2024.')); }"""
    )
    page.reload()
    expect(page.locator(".reply .summary .removed")).to_have_text("4 sentences removed: not backed by the quotes")
    expect(page.locator(".reply .summary .by")).to_have_text("A model wrote nothing that the quotes below back")


def test_the_quotes_are_there_while_the_model_still_writes_and_stay_when_it_is_stopped(
    page: Page, model: FakeModel
) -> None:
    model.answer = silent
    page.fill("#ask textarea", "What must India balance?")
    page.press("#ask textarea", "Enter")
    expect(page.locator(".reply blockquote .words").first).to_contain_text("must balance its engagement")
    expect(page.locator(".reply .summary.pending")).to_be_visible()
    page.click("#ask .stop-button")
    expect(page.locator(".reply .summary.pending")).to_be_hidden()
    expect(page.locator(".reply blockquote .words").first).to_contain_text("must balance its engagement")
    model.answer = JOINED
    ask(page, QUESTION)
    assert page.locator("#chat .asked").all_text_contents() == ["What must India balance?", QUESTION]
    page.reload()
    expect(page.locator(".reply.answer")).to_have_count(2)
