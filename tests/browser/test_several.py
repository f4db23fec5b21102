"""A reply to several questions: each stands as a heading above its quotes, wherever the reply is shown."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from served import Served
from visiting import ask, opened

MESSAGE = "When did India join, and when did Pakistan join? How many dialogue partners are there?"
HEADINGS = [
    "Question 1: When did India join?",
    "Question 2: When did Pakistan join?",
    "Question 3: How many dialogue partners are there?",
]


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, server: Served, browser: Browser) -> Iterator[Page]:
    scheme: Literal["light", "dark"] = request.param
    yield from opened(browser, server.url, color_scheme=scheme, reduced_motion="reduce")


def read_aloud(page: Page) -> list[str]:
    """The headings, lines and quotes of the reply, in the order in which they are read."""
    found: list[str] = page.locator(".reply.answer :is(h3, .part > p, .words)").all_text_contents()
    return [line[:40] for line in found]


def test_each_question_stands_above_its_quotes_or_the_reason_why_it_has_none(page: Page) -> None:
    ask(page, MESSAGE)
    expect(page.locator(".reply .verdict")).to_contain_text("2 of 3 questions")
    expect(page.get_by_role("heading", level=3).filter(visible=True)).to_have_text(HEADINGS)
    expected = [
        HEADINGS[0],
        "India, which joined in 2017, must balanc",
        HEADINGS[1],
        "The documents do not answer this; they n",
        HEADINGS[2][:40],
        "Originally focused on border security an",
    ]
    assert read_aloud(page) == expected
    expect(page.locator(".reply .notice", has_text="not answered")).to_have_count(0)
    page.reload()
    expect(page.locator(".reply.answer")).to_have_count(1)
    assert read_aloud(page) == expected


def test_a_heading_has_nothing_of_a_quote(page: Page) -> None:
    ask(page, MESSAGE)
    expect(page.locator("blockquote h3")).to_have_count(0)
    heading, words = (page.locator(f".reply {one}").first for one in ("h3", ".words"))
    fonts = [one.evaluate("one => getComputedStyle(one).fontFamily") for one in (heading, words)]
    assert fonts[0] != fonts[1]
    assert not {"“", "”"} & set("".join(page.locator(".reply h3").all_text_contents()))


def test_a_quote_that_answers_two_questions_stands_once(page: Page) -> None:
    ask(page, "When did India join? In what year did India become a member?")
    expect(page.locator(".reply h3")).to_have_count(2)
    expect(page.locator(".reply blockquote")).to_have_count(1)
    expect(page.locator(".reply .part").last).to_have_text(
        "Question 2: In what year did India become a member?Quote 1 answers this too."
    )


def test_one_question_has_no_heading(page: Page) -> None:
    ask(page, "When did India join?")
    expect(page.locator(".reply :is(h3, .part)")).to_have_count(0)


def test_a_reply_to_several_questions_breaks_no_rule_of_axe_core(themed: Page) -> None:
    ask(themed, MESSAGE)
    themed.wait_for_timeout(300)
    found = Axe().run(themed).response["violations"]
    assert [f"{one['id']}: {[node['target'] for node in one['nodes']]}" for one in found] == []


def test_on_a_phone_no_heading_is_wider_than_the_page(phone: Page) -> None:
    ask(phone, f"When did India join? Is {'x' * 120} a member?")
    expect(phone.locator(".reply h3")).to_have_count(2)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390
    for heading in phone.locator(".reply h3").all():
        box = heading.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_the_questions_are_printed_with_their_quotes(page: Page) -> None:
    ask(page, MESSAGE)
    page.emulate_media(media="print")
    for heading in page.locator(".reply h3").all():
        expect(heading).to_be_visible()
        assert heading.evaluate("one => getComputedStyle(one).breakAfter") == "avoid"
