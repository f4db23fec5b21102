"""A visitor's page in Chromium, and what a visitor does on it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from playwright.sync_api import Browser, Page, TimeoutError, expect


def opened(browser: Browser, url: str, width: int = 1280, height: int = 860, **options: Any) -> Iterator[Page]:
    """A fresh visitor's page; any script error or request to another host fails the test.

    ``options`` are those of a browser context.
    """
    context = browser.new_context(viewport={"width": width, "height": height}, **options)
    # A busy machine is slow, which is no fault of the page.
    context.set_default_timeout(90_000)
    troubles: list[str] = []
    try:
        page = context.new_page()
        page.on("pageerror", lambda error: troubles.append(f"script error: {error}"))
        page.on(
            "request", lambda request: None if _local(request.url) else troubles.append(f"request to {request.url}")
        )
        page.goto(url)
        page.wait_for_selector("#ask textarea", state="attached")
        # On a phone the source is there, but out of sight; so are both in another view.
        page.wait_for_selector("#paper p", state="attached")
        yield page
    finally:
        # A page left open goes on loading beside the tests that follow.
        context.close()
    assert troubles == [], troubles


def ask(page: Page, question: str) -> None:
    """Ask and wait for the reply."""
    before = page.locator(".reply").count()
    page.fill("#ask textarea", question)
    page.press("#ask textarea", "Enter")
    expect(page.locator(".reply:not(:has(.loading))")).to_have_count(before + 1, timeout=60_000)
    # Only then is it kept in the browser too.
    expect(page.locator("body.asking")).to_have_count(0)


def select(page: Page, words: str) -> None:
    """Select the first such words of the source, as a reader's mouse does."""
    chosen = """(words) => { const paper = document.getElementById('paper');
        const walk = document.createTreeWalker(paper, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) { const at = walk.currentNode.data.indexOf(words); if (at < 0) continue;
        const range = document.createRange(); range.setStart(walk.currentNode, at);
        range.setEnd(walk.currentNode, at + words.length); getSelection().removeAllRanges();
        getSelection().addRange(range);
        walk.currentNode.parentElement.scrollIntoView({block: 'center'}); return true; } return false; }"""
    assert page.evaluate(chosen, words), f"{words} is not shown"
    bar = page.locator("#selection")
    with suppress(AssertionError):
        expect(bar).to_be_visible(timeout=20_000)
        return
    # A page that is still opening may draw its text anew, and a reader selects again.
    page.evaluate(chosen, words)
    expect(bar).to_be_visible()


def place_of(chip: str | None) -> tuple[int, int]:
    """Start and end of the quote a citation's link leads to."""
    found = re.fullmatch(r"#(?:cite|near)-[0-9a-f]{64}-\d+-(\d+)-(\d+)(?:-\d+-\d+)?/.+", chip or "")
    assert found, chip
    return int(found[1]), int(found[2])


def highlighted(page: Page) -> str:
    """The characters under the strong highlight, in order."""
    page.wait_for_selector("#paper mark.active")
    return "".join(page.locator("#paper mark.active").all_text_contents())


def expect_highlighted(page: Page, words: str) -> None:
    """Wait until exactly these characters are under the strong highlight, which follows a reply or a click."""
    with suppress(TimeoutError):
        page.wait_for_function(
            """(words) => [...document.querySelectorAll('#paper mark.active')]
            .map((mark) => mark.textContent).join('') === words""",
            arg=words,
            timeout=20_000,
        )
    assert highlighted(page) == words


def _local(url: str) -> bool:
    return url.startswith(("http://127.0.0.1:", "data:", "blob:"))
