"""A refusal with a correction on the page: labelled, in its place, marked, copied and saved like any quote.

The reply is of real quotes of the real server; the page keeps it as one that it got, and has it drawn by the server.
"""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from served import Served, send
from visiting import expect_highlighted, place_of

QUESTION = "Why did Israel join the statement on June 14?"
SAID = "Nor does the SCO hold a unified position, as India refused to join the statement on June 14."


@pytest.fixture(scope="module")
def corrected(server: Served) -> dict[str, Any]:
    """A reply of the server, with a sentence of the article as its correction."""
    reply: dict[str, Any] = json.loads(send(server, "/v1/ask", {"question": QUESTION})[1])
    assert (reply["kind"], reply["reason_code"]) == ("refusal", "not-answered")
    (quote,) = json.loads(send(server, "/v1/verify", {"text": SAID})[1])["matches"]
    nearest = [one | {"number": number} for number, one in enumerate(reply["nearest"], start=2)]
    reason = "The documents do not answer this; a sentence in them may contradict the question."
    return reply | {"correction": quote, "nearest": nearest, "reason": reason}


def brought_back(page: Page, reply: dict[str, Any]) -> None:
    kept = json.dumps([{"question": QUESTION, "reply": reply}])
    page.evaluate("kept => sessionStorage.setItem('verbatim-conversation', kept)", kept)
    page.reload()


def test_it_stands_under_its_label_above_what_is_nearest(page: Page, corrected: dict[str, Any]) -> None:
    brought_back(page, corrected)
    refusal = page.locator(".reply.refusal")
    expect(refusal.locator(".verdict.refused")).to_have_text(corrected["reason"])
    expect(refusal.locator(".instead")).to_have_text(
        "What the documents do say Read it in its place: it may only be on the subject."
    )
    first = refusal.locator("blockquote").first
    expect(first.locator(".words")).to_have_text(SAID)
    assert "near" not in (first.get_attribute("class") or "").split()
    expect(first.locator(".where")).to_contain_text("Interests and values divide the group · paragraph 9")
    boxes = [refusal.locator(name).first.bounding_box() for name in (".instead", "blockquote", ".offer", ".near")]
    tops = [box["y"] for box in boxes if box]
    assert (len(tops), tops) == (4, sorted(tops))
    assert refusal.locator("a.cite").all_text_contents() == ["1", "2", "3", "4"]
    # The passage that holds it says so, and no other.
    remarked = refusal.locator(".near", has_text="Holds the sentence above")
    expect(remarked).to_have_count(1)
    expect(remarked.locator(".words")).to_contain_text(SAID)


def test_its_number_leads_to_its_characters_in_the_source(page: Page, corrected: dict[str, Any], article: str) -> None:
    brought_back(page, corrected)
    chip = page.locator(".reply a.cite").first
    chip.click()
    start, end = place_of(chip.get_attribute("href"))
    assert article[start:end] == SAID
    expect_highlighted(page, SAID)
    expect(page.locator("#paper mark.active")).to_have_count(1)
    expect(page.locator("#paper mark.active.near")).to_have_count(0)
    page.click("#next")
    expect(page.locator("#paper mark.active").first).to_have_attribute("data-n", "2")


def test_it_is_copied_and_saved_like_any_quote(page: Page, corrected: dict[str, Any]) -> None:
    brought_back(page, corrected)
    page.locator(".reply .copy").first.click()
    expect(page.locator("#cite-menu [data-copy=apa]")).to_be_enabled()
    page.hover("#cite-menu [data-copy=apa]")
    expect(page.locator("#cite-preview")).to_contain_text(f"“{SAID}” (Soong, n.d., para. 9)")
    page.keyboard.press("Escape")
    with page.expect_download() as saved:
        page.evaluate("document.querySelector('[data-save=markdown]').click()")
    text = saved.value.path().read_text("utf-8").replace("\\", "")
    assert text.index("What the documents do say.") < text.index(f"> “{SAID}” (Soong, n.d., para. 9)")


def test_one_that_is_not_in_its_document_is_not_shown_again(page: Page, corrected: dict[str, Any]) -> None:
    forged = corrected["correction"] | {"exact": SAID.replace("refused", "agreed")}
    brought_back(page, corrected | {"correction": forged})
    expect(page.locator(".reply .note.stale")).to_contain_text("can no longer be checked")
    expect(page.locator(".reply .words")).to_have_count(0)


def test_what_a_reader_says_of_it_is_kept_with_it(server: Served, corrected: dict[str, Any]) -> None:
    assert send(server, "/v1/feedback", {"reply": corrected, "right": True})[0] < 300
    kept = json.loads(server.feedback.read_text("utf-8").splitlines()[-1])
    assert kept["reply"] == corrected


def test_on_a_phone_it_scrolls_nothing_sideways(phone: Page, corrected: dict[str, Any]) -> None:
    brought_back(phone, corrected)
    expect(phone.locator(".reply .instead")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") == 390
