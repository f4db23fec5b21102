"""A conversation is edited, asked again, judged, cleared, and survives a reload."""

import json
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect
from served import Served, serve
from visiting import ask


def questions(page: Page) -> list[str]:
    return page.locator("#chat .asked").all_text_contents()


def test_a_conversation_survives_a_reload_and_goes_on(page: Page) -> None:
    ask(page, "When did India join?")
    page.reload()
    expect(page.locator(".reply")).to_have_count(1)
    assert questions(page) == ["When did India join?"]
    page.locator(".reply a.cite").first.click()
    expect(page.locator("#paper mark.active")).to_contain_text("joined in 2017")
    ask(page, "And Russia?")
    expect(page.locator(".reply").last.locator(".understood q")).to_have_text("When did Russia join?")


def test_a_conversation_that_is_brought_back_shows_its_end(page: Page) -> None:
    for _ in range(4):
        ask(page, "What is the capital of France?")
    ask(page, "When did India join?")
    page.reload()
    expect(page.locator(".reply")).to_have_count(5)
    expect(page.locator("#chat .asked").last).to_be_in_viewport()
    expect(page.locator(".reply.answer .words").last).to_be_in_viewport()
    expect(page.locator("#chat .asked").first).not_to_be_in_viewport()


def test_a_double_click_asks_once_and_stops_nothing(page: Page) -> None:
    page.fill("#ask textarea", "When did India join?")
    page.dblclick("#ask .submit-button")
    expect(page.locator(".reply.answer")).to_have_count(1)
    expect(page.locator("body.asking")).to_have_count(0)
    page.reload()
    expect(page.locator(".reply.answer")).to_have_count(1)
    assert questions(page) == ["When did India join?"]


def test_clearing_leaves_nothing_in_the_browser(page: Page) -> None:
    ask(page, "When did India join?")
    assert "India" in page.evaluate("localStorage.getItem('verbatim-conversation')")
    expect(page.locator("#paper mark")).not_to_have_count(0)
    page.click("#clear")
    expect(page.locator("#chat .asked")).to_have_count(0)
    expect(page.locator("#paper mark")).to_have_count(0)
    expect(page.locator("#ask textarea")).to_be_focused()
    assert page.evaluate("localStorage.getItem('verbatim-conversation')") is None
    page.reload()
    page.wait_for_selector("#welcome .example")
    assert questions(page) == []


def test_a_cleared_conversation_can_be_had_back_until_the_next_question(page: Page) -> None:
    ask(page, "When did India join?")
    page.click(".reply .right")
    expect(page.locator(".reply .right")).to_have_attribute("aria-pressed", "true")
    page.click("#clear")
    expect(page.locator("#chat .asked")).to_have_count(0)
    expect(page.locator("#undone")).to_have_text("The conversation was cleared.Undo")
    assert "India" not in page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    page.press("#undone button", "Enter")
    expect(page.locator(".reply .right")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("#undone")).to_be_empty()
    expect(page.locator("#ask textarea")).to_be_focused()
    page.reload()
    expect(page.locator(".reply .words").first).to_contain_text("joined in 2017")
    page.click("#clear")
    ask(page, "What must India balance?")
    expect(page.locator("#undone")).to_be_empty()
    assert questions(page) == ["What must India balance?"]


def test_what_an_earlier_question_replaced_can_be_had_back(page: Page) -> None:
    asked = ["When did India join?", "What must India balance?", "And Russia?"]
    for question in asked:
        ask(page, question)
    page.locator(".reply .again").last.click()
    expect(page.locator("body.asking")).to_have_count(0)
    expect(page.locator("#undone")).to_be_empty()
    page.locator(".reply .again").first.click()
    expect(page.locator("#undone")).to_have_text("What followed was replaced.Undo")
    expect(page.locator(".reply")).to_have_count(1)
    page.click("#undone button")
    expect(page.locator(".reply")).to_have_count(3)
    assert questions(page) == asked
    page.locator("#chat .edit").last.focus()
    page.keyboard.press("Enter")
    page.fill("#ask textarea", "When was the SCO founded?")
    page.press("#ask textarea", "Enter")
    expect(page.locator("#undone")).to_have_text("The question was replaced.Undo")
    page.click("#undone button")
    expect(page.locator("#chat .asked").last).to_have_text(asked[-1])
    ask(page, "When did India join?")
    assert questions(page) == [*asked, "When did India join?"]


def test_two_tabs_keep_a_conversation_each(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("#welcome .example")
    ask(page, "When did India join?")
    ask(other, "What must India balance?")
    for tab, asked in ((page, "When did India join?"), (other, "What must India balance?")):
        tab.reload()
        expect(tab.locator(".reply.answer")).to_have_count(1)
        assert questions(tab) == [asked]
    ask(page, "And Russia?")
    other.click("#clear")
    other.reload()
    other.wait_for_selector("#welcome .example")
    page.reload()
    expect(page.locator(".reply")).to_have_count(2)
    assert questions(page) == ["When did India join?", "And Russia?"]


def test_a_new_tab_begins_with_the_conversation_that_was_added_to_last(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("#welcome .example")
    ask(page, "When did India join?")
    ask(other, "What must India balance?")
    # Looked at again, which adds nothing.
    page.reload()
    expect(page.locator(".reply.answer")).to_have_count(1)
    other.close()
    new = page.context.new_page()
    new.goto(page.url)
    expect(new.locator(".reply.answer")).to_have_count(1)
    assert questions(new) == ["What must India balance?"]
    # What is cleared where it was gone on with is nowhere any more, and no other conversation goes with it.
    new.click("#clear")
    assert "balance" not in page.evaluate("JSON.stringify(localStorage)")
    page.reload()
    expect(page.locator(".reply.answer")).to_have_count(1)
    assert questions(page) == ["When did India join?"]


def test_a_tab_that_began_with_none_keeps_none_whatever_another_goes_on_with(page: Page) -> None:
    other = page.context.new_page()
    other.goto(page.url)
    other.wait_for_selector("#welcome .example")
    ask(page, "When did India join?")
    other.reload()
    other.wait_for_selector("#welcome .example")
    ask(other, "What must India balance?")
    assert questions(other) == ["What must India balance?"]


def test_an_edited_question_replaces_what_followed_it(page: Page) -> None:
    ask(page, "When did India join?")
    ask(page, "How many member states does the SCO have today?")
    page.locator("#chat .edit").first.click()
    expect(page.locator("#ask textarea")).to_have_value("When did India join?")
    expect(page.locator("#editing")).to_be_visible()
    page.fill("#ask textarea", "What must India balance?")
    page.press("#ask textarea", "Enter")
    expect(page.locator(".reply")).to_have_count(1)
    expect(page.locator(".reply.answer .words").first).to_contain_text("must balance its engagement")
    assert questions(page) == ["What must India balance?"]
    page.reload()
    expect(page.locator(".reply")).to_have_count(1)
    assert questions(page) == ["What must India balance?"]


def test_editing_can_be_given_up(page: Page) -> None:
    ask(page, "When did India join?")
    page.fill("#ask textarea", "What of")
    page.locator("#chat .edit").first.click()
    page.press("#stop-editing", "Enter")
    expect(page.locator("#ask textarea")).to_have_value("What of")
    expect(page.locator("#ask textarea")).to_be_focused()
    ask(page, "How many member states does the SCO have today?")
    assert questions(page) == ["When did India join?", "How many member states does the SCO have today?"]


def test_a_question_is_asked_again_in_its_place(page: Page) -> None:
    ask(page, "When did India join?")
    ask(page, "How many member states does the SCO have today?")
    page.locator(".reply .again").first.click()
    expect(page.locator(".reply")).to_have_count(1)
    expect(page.locator(".reply.answer .words").first).to_contain_text("joined in 2017")
    assert questions(page) == ["When did India join?"]


def test_the_keyboard_stays_in_the_conversation_when_what_was_pressed_disappears(page: Page) -> None:
    page.press("#welcome .example >> nth=0", "Enter")
    expect(page.locator(".reply")).to_have_count(1)
    expect(page.locator("body.asking")).to_have_count(0)
    expect(page.locator("#ask textarea")).to_be_focused()
    page.press(".reply .again", "Enter")
    expect(page.locator("#ask textarea")).to_be_focused()
    expect(page.locator("body.asking")).to_have_count(0)


def test_a_question_understood_wrongly_is_put_into_the_box_to_be_corrected(page: Page) -> None:
    ask(page, "When did India join?")
    ask(page, "And Iran?")
    page.locator(".reply .correct").click()
    expect(page.locator("#ask textarea")).to_be_focused()
    expect(page.locator("#ask textarea")).to_have_value("When did Iran join?")


def test_what_a_reader_finds_right_or_wrong_is_kept_in_the_file_the_page_names(page: Page, server: Served) -> None:
    ask(page, "When did India join?")
    page.locator(".reply .right").click()
    expect(page.locator(".reply .noted")).to_have_text(f"Noted in {server.feedback}")
    expect(page.locator(".reply .right")).to_have_attribute("aria-pressed", "true")
    kept = json.loads(server.feedback.read_text("utf-8").splitlines()[-1])
    assert kept["right"] is True
    assert kept["reply"]["question"] == "When did India join?"
    assert "joined in 2017" in kept["reply"]["quotes"][0]["exact"]


def test_a_kept_quote_that_is_not_in_its_document_is_not_shown_again(page: Page) -> None:
    ask(page, "When did India join?")
    page.evaluate(
        """() => { const kept = sessionStorage.getItem('verbatim-conversation');
        sessionStorage.setItem('verbatim-conversation', kept.replaceAll('joined in 2017', 'joined in 2018')); }"""
    )
    page.reload()
    expect(page.locator(".reply .note.stale")).to_contain_text("can no longer be checked")
    expect(page.locator(".reply .words")).to_have_count(0)


def test_what_is_kept_but_no_conversation_does_no_harm(page: Page) -> None:
    page.evaluate("sessionStorage.setItem('verbatim-conversation', '[{\"question\": 1}, 7]')")
    page.reload()
    ask(page, "When did India join?")
    expect(page.locator(".reply.answer")).to_have_count(1)


def test_no_more_is_kept_than_the_server_takes_in_whatever_script(page: Page) -> None:
    kept = page.evaluate(
        """async () => {
          const { keep, kept } = await import(new URL('keeping.js', document.querySelector('script[type=module]').src));
          const turns = Array.from({ length: 400 }, (_, i) => ({ question: `${i}`, reply: '上"'.repeat(1000) }));
          keep(turns, { isNew: true });
          return kept();
        }"""
    )
    assert 1_800_000 < len(json.dumps(kept, ensure_ascii=False).encode()) < 2 * 2**20
    assert json.loads(kept)[-1]["question"] == "399"


def test_a_conversation_that_cannot_be_brought_back_stays_kept_with_what_is_asked_next(page: Page) -> None:
    ask(page, "When did India join?")
    held: list[Route] = []
    sent = False

    def fail(route: Route) -> None:
        if sent:
            route.fulfill(status=500, json={"error": None})
        else:
            held.append(route)

    page.route("**/gradio_api/run/**", fail)
    page.reload()
    # Sent while nothing is back yet, and the server only then says that it cannot.
    page.fill("#ask textarea", "How many member states does the SCO have today?")
    page.press("#ask textarea", "Enter")
    expect(page.locator("body.asking.restoring")).to_have_count(1)
    while not held:
        page.wait_for_timeout(50)
    sent = True
    for route in held:
        fail(route)
    expect(page.locator(".reply.answer")).to_have_count(1)
    expect(page.locator("body.asking, body.restoring")).to_have_count(0)
    expect(page.locator("#starting")).to_contain_text("could not be brought back. It stays kept;")
    assert questions(page) == ["How many member states does the SCO have today?"]
    page.unroute("**/gradio_api/run/**", fail)
    page.reload()
    expect(page.locator(".reply.answer")).to_have_count(2)
    assert questions(page) == ["When did India join?", "How many member states does the SCO have today?"]


def test_without_an_index_a_conversation_is_kept_and_what_it_quoted_is_not_shown(
    page: Page, browser: Browser, tmp_path: Path
) -> None:
    ask(page, "When did India join?")
    kept = page.evaluate("localStorage.getItem('verbatim-conversation')")
    (tmp_path / "docs").mkdir()
    with serve(tmp_path, tmp_path / "docs") as empty:
        empty.wait_until("/healthz")
        context = browser.new_context()
        visit = context.new_page()
        visit.set_default_timeout(90_000)
        visit.add_init_script(f"localStorage.setItem('verbatim-conversation', {json.dumps(kept)})")
        visit.goto(empty.url)
        visit.fill("#ask textarea", "Is anything there?")
        visit.press("#ask textarea", "Enter")
        expect(visit.locator(".reply .note.failed").first).to_contain_text("cannot be checked")
        expect(visit.locator(".reply .note.failed").last).to_contain_text("no index in")
        expect(visit.locator("body.asking, body.restoring")).to_have_count(0)
        assert questions(visit) == ["When did India join?", "Is anything there?"]
        assert visit.locator(".reply .words").count() == 0
        assert json.loads(visit.evaluate("localStorage.getItem('verbatim-conversation')")) == json.loads(kept)
        context.close()
