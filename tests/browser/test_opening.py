"""What can be done before Gradio has drawn the conversation, as on a slow machine."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from served import Served
from visiting import ask


class Held:
    """A visitor's page whose settings of the conversation come only when the test lets them."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 860})
        self.context.set_default_timeout(90_000)
        self.routes: list[Route] = []
        self.context.route("**/config*", lambda route: self.routes.append(route))
        self.page = self.context.new_page()
        self.page.goto(url)

    def draw(self) -> None:
        self.page.wait_for_function("performance.getEntriesByType('resource').length > 30")
        while not self.routes:
            self.page.wait_for_timeout(20)
        for route in self.routes:
            route.continue_()


@pytest.fixture
def held(server: Served, browser: Browser) -> Iterator[Held]:
    visit = Held(browser, server.url)
    yield visit
    visit.context.close()


def test_the_article_is_read_and_a_question_written_before_the_conversation_is_there(held: Held) -> None:
    expect(held.page.locator("#paper p").first).to_contain_text("Heads of State")
    expect(held.page.locator("#ask textarea")).to_be_focused()
    expect(held.page.locator("#index-line")).to_have_text("1 document ready")
    assert held.page.locator("#chat").count() == 0
    held.page.keyboard.type("When did India join?")
    held.draw()
    expect(held.page.locator("#chat")).to_have_count(1)
    expect(held.page.locator("#ask textarea")).to_have_value("When did India join?")
    expect(held.page.locator("#ask textarea")).to_be_focused()


def test_a_question_sent_before_the_conversation_is_there_is_answered_then(held: Held) -> None:
    held.page.fill("#ask textarea", "When did India join?")
    held.page.keyboard.press("Enter")
    expect(held.page.locator("#ask .stop-button")).to_be_visible()
    expect(held.page.get_by_text("Your question is asked as soon as it can be.")).to_be_visible()
    held.draw()
    expect(held.page.locator("#starting")).to_be_empty()
    expect(held.page.locator(".reply.answer .words").first).to_contain_text("which joined in 2017")
    assert held.page.locator("#chat .asked").all_text_contents() == ["When did India join?"]


def test_a_question_stopped_before_the_conversation_is_there_comes_back(held: Held) -> None:
    held.page.fill("#ask textarea", "When did India join?")
    held.page.keyboard.press("Enter")
    held.page.click("#ask .stop-button")
    expect(held.page.locator("#ask textarea")).to_have_value("When did India join?")
    held.draw()
    expect(held.page.locator("#chat")).to_have_count(1)
    held.page.wait_for_timeout(500)
    assert held.page.locator("#chat .asked").count() == 0


def test_what_is_sent_early_comes_after_the_conversation_that_was_kept(page: Page, held: Held) -> None:
    ask(page, "When did India join?")
    kept = page.evaluate("localStorage.getItem('verbatim-conversation')")
    held.page.evaluate("kept => sessionStorage.setItem('verbatim-conversation', kept)", kept)
    held.routes.clear()
    held.page.reload()
    expect(held.page.locator("#welcome")).not_to_be_visible()
    held.page.fill("#ask textarea", "How many member states does the SCO have today?")
    held.page.keyboard.press("Enter")
    held.draw()
    expect(held.page.locator(".reply.answer")).to_have_count(2)
    assert held.page.locator("#chat .asked").all_text_contents() == [
        "When did India join?",
        "How many member states does the SCO have today?",
    ]


def test_where_the_conversation_cannot_be_loaded_one_line_says_so_and_a_reload_keeps_the_question(held: Held) -> None:
    script = held.page.get_attribute("#conversation", "data-script")
    held.page.route(f"**{script}", lambda route: route.abort())
    held.routes.clear()
    held.page.reload()
    held.page.fill("#ask textarea", "When did India join?")
    held.page.keyboard.press("Enter")
    held.draw()
    expect(held.page.locator("#starting")).to_have_text("The conversation could not be loaded; reload the page.")
    expect(held.page.locator("body.asking")).to_have_count(0)
    held.page.reload()
    expect(held.page.locator("#ask textarea")).to_have_value("When did India join?")


def test_a_long_question_grows_its_box_and_a_new_line_is_no_sending(page: Page) -> None:
    box = page.locator("#ask textarea")
    before = box.bounding_box()
    box.fill("When did")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("India join?")
    after = box.bounding_box()
    assert before
    assert after
    assert before["height"] < after["height"] < 3 * before["height"]
    page.keyboard.press("Enter")
    expect(page.locator("#chat .asked")).to_have_count(1)
    expect(box).to_have_value("")
