"""A question that fails on its way leaves the page ready for the next, with a line that says what happened."""

import pytest
from playwright.sync_api import Page, Route, expect
from visiting import ask

QUESTION = "When did India join?"


def answered_with(page: Page, status: int, body: object) -> None:
    page.route("**/gradio_api/queue/join*", lambda route: route.fulfill(status=status, json=body))


def send(page: Page) -> None:
    page.fill("#ask textarea", QUESTION)
    page.press("#ask textarea", "Enter")


@pytest.mark.parametrize(
    ("status", "body", "line"),
    [
        (
            429,
            {"error": "more than 60 questions a minute; wait before you ask again"},
            "No answer came. More than 60 questions a minute; wait before you ask again.",
        ),
        (503, {"detail": "full"}, "No answer came. This application is currently busy. Please try again."),
        (500, {"error": {"<b>": 1}}, "No answer came. The server did not say why; ask again."),
    ],
    ids=["too-often", "busy", "unexplained"],
)
def test_a_question_that_the_server_turns_away_is_told_in_its_place_and_can_be_asked_again(
    page: Page, status: int, body: object, line: str
) -> None:
    answered_with(page, status, body)
    send(page)
    expect(page.locator(".reply .note.failed")).to_have_text(line)
    expect(page.locator("body.asking")).to_have_count(0)
    expect(page.locator("#ask .submit-button")).to_be_visible()
    expect(page.locator(".toast-body:visible")).to_have_count(0)
    page.unroute("**/gradio_api/queue/join*")
    page.click(".reply .again")
    expect(page.locator(".reply.answer .words").first).to_contain_text("which joined in 2017")
    assert page.locator("#chat .asked").all_text_contents() == [QUESTION]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        ("wait a little", "No answer came. Wait a little."),
        ({"<b>": 1}, "No answer came. The server did not say why; ask again."),
    ],
    ids=["in-words", "without-words"],
)
def test_a_failure_after_a_stopped_question_is_told_too(page: Page, error: object, line: str) -> None:
    held: list[Route] = []
    page.route("**/gradio_api/queue/data*", lambda route: held.append(route))
    send(page)
    while not held:
        page.wait_for_timeout(20)
    page.click("#ask .stop-button")
    expect(page.locator(".reply .note")).to_have_text("Stopped before an answer came.")
    answered_with(page, 429, {"error": error})
    send(page)
    expect(page.locator(".reply .note.failed")).to_have_text(line)
    expect(page.locator("body.asking")).to_have_count(0)
    page.unroute("**/gradio_api/queue/join*")
    page.unroute("**/gradio_api/queue/data*")
    page.click(".reply .again >> nth=-1")
    expect(page.locator(".reply.answer .words").first).to_contain_text("which joined in 2017")
    expect(page.locator("body.asking")).to_have_count(0)


def test_what_is_told_late_of_a_stopped_question_leaves_the_next_one_alone(page: Page) -> None:
    held: list[Route] = []
    page.route("**/gradio_api/queue/join*", lambda route: held.append(route))
    for count in (1, 2):
        send(page)
        while len(held) < count:
            page.wait_for_timeout(20)
        if count == 1:
            page.click("#ask .stop-button")
            expect(page.locator("body.asking")).to_have_count(0)
    # As Gradio calls it at the end of the first question, which it may tell twice.
    page.evaluate("verbatim.failed(0), verbatim.failed(0)")
    held[1].continue_()
    expect(page.locator(".reply.answer .words").first).to_contain_text("which joined in 2017")
    expect(page.locator("body.asking")).to_have_count(0)
    # What was given up is shown, and not kept.
    page.reload()
    expect(page.locator(".reply.answer .words").first).to_contain_text("which joined in 2017")


def test_a_lost_connection_puts_the_question_back_and_says_so_before_and_after_the_page_loads_again(
    page: Page,
) -> None:
    ask(page, "What must India balance?")
    lost = "The connection to the server was lost before an answer came. Your question is back in the box; "
    page.route("**/gradio_api/**", lambda route: route.abort())
    send(page)
    expect(page.locator("#starting")).to_have_text(f"{lost}the page loads again once the server answers.")
    expect(page.locator("#ask textarea")).to_have_value(QUESTION)
    expect(page.locator("body.asking")).to_have_count(0)
    page.press("#ask textarea", "Enter")
    expect(page.locator("#ask textarea")).to_have_value(QUESTION)
    expect(page.locator("body.asking")).to_have_count(0)
    page.unroute("**/gradio_api/**")
    expect(page.locator("#starting")).to_have_text(f"{lost}ask it again.")
    expect(page.locator("#ask textarea")).to_have_value(QUESTION)
    page.press("#ask textarea", "Enter")
    expect(page.locator(".reply.answer")).to_have_count(2)
    expect(page.locator("#starting")).to_be_empty()
    page.reload()
    expect(page.locator(".reply.answer")).to_have_count(2)
    expect(page.locator("#starting")).to_be_empty()


def test_a_question_that_takes_long_is_told_to_be_under_way(page: Page) -> None:
    held: list[Route] = []
    page.route("**/gradio_api/queue/data*", lambda route: held.append(route))
    send(page)
    expect(page.locator("#starting")).to_have_text("Still working on your question.")
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    expect(page.locator(".reply.answer")).to_have_count(1)
    expect(page.locator("#starting")).to_be_empty()
    page.wait_for_timeout(2000)
    expect(page.locator("#starting")).to_be_empty()


def test_without_a_server_the_index_is_not_said_to_be_ready(page: Page) -> None:
    page.click("#tab-index")
    expect(page.locator("#index-word")).to_have_text("Ready to answer.")
    page.route("**/v1/index", lambda route: route.abort())
    page.click("#tab-check")
    page.click("#tab-index")
    expect(page.locator("#index-word")).to_have_text("The server cannot be reached.")
    expect(page.locator("#index-line")).to_have_text("No connection")
