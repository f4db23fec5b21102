"""Several documents: chosen by name, and each quote leads into its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from served import Served, serve
from visiting import ask, expect_highlighted, opened

TRAM = "When was the harbour tram restored?"


@pytest.fixture
def page(library: Served, browser: Browser) -> Iterator[Page]:
    yield from opened(browser, library.url)


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over three documents, of which two have questions to begin with."""
    folder = tmp_path_factory.mktemp("shelf")
    (folder / "docs").mkdir()
    for name, text in {
        "apples.txt": "Apples\n\nThe apple orchard of Brannock was planted in 1902 by the teacher Ada Finch.\n",
        "note.txt": "A note\n\nOh no! Why? It was so. They said it then.\n",
        "tram.txt": "The tram\n\nThe harbour tram was restored in 1987 by volunteers.\n",
    }.items():
        (folder / "docs" / name).write_text(text, "utf-8")
    with serve(folder, folder / "docs") as served:
        served.wait_until("/readyz")
        yield served


@pytest.fixture
def shelf_page(shelf: Served, browser: Browser) -> Iterator[Page]:
    yield from opened(browser, shelf.url)


def test_a_document_is_chosen_by_its_name(page: Page) -> None:
    expect(page.locator("#source-choice option")).to_have_text(["Bees on roofs", "The tram"])
    page.select_option("#source-choice", label="The tram")
    expect(page.locator("#paper")).to_contain_text("restored in 1987")


def test_a_quote_names_its_document_and_opens_it(page: Page) -> None:
    ask(page, "When was the tram restored?")
    expect(page.locator(".reply .where cite").first).to_have_text("The tram")
    expect_highlighted(page, "The tram was restored in 1987 by volunteers.")
    ask(page, "How many hives does the city keep?")
    expect_highlighted(page, "The city keeps 240 hives on its libraries.")
    page.locator(".reply a.cite").first.click()
    expect(page.locator("#paper mark.active")).to_have_text("The tram was restored in 1987 by volunteers.")
    expect(page.locator("#source-choice option:checked")).to_have_text("The tram")


def test_a_document_that_is_read_otherwise_by_now_is_shown_so_and_other_words_are_not_marked(page: Page) -> None:
    ask(page, "When was the tram restored?")
    expect_highlighted(page, "The tram was restored in 1987 by volunteers.")

    def reread(route: Route) -> None:
        answer = route.fetch()
        told = answer.json()
        told["text"] = told["text"].replace("in 1987", "in 2031")
        route.fulfill(response=answer, json=told, headers={"etag": '"another"'})

    page.route("**/v1/document/**", reread)
    page.locator(".reply a.cite").first.click()
    expect(page.locator("#paper")).to_contain_text("restored in 2031")
    expect(page.locator("#paper mark")).to_have_count(0)
    page.unroute("**/v1/document/**")
    page.locator(".reply a.cite").first.click()
    expect_highlighted(page, "The tram was restored in 1987 by volunteers.")
    # What is shown needs no server.
    page.route("**/v1/document/**", lambda route: route.abort())
    page.locator(".reply a.cite").first.click()
    expect(page.locator("#paper mark.active")).to_have_count(1)


def test_two_files_with_the_same_bytes_are_each_read_as_the_one_it_is(browser: Browser, tmp_path: Path) -> None:
    words = "The pump was fitted in \u202e1931\u202c \U0001f99c by *O’Brien* & <b>Co</b>  of\tLisbon."
    (tmp_path / "docs").mkdir()
    for name, title in (("copy", "A copy with its own card"), ("pump", "The pump")):
        (tmp_path / "docs" / f"{name}.txt").write_text(f"{words}\n", "utf-8")
        (tmp_path / "docs" / f"{name}.toml").write_text(f'title = "{title}"\n', "utf-8")
    with serve(tmp_path, tmp_path / "docs") as served:
        served.wait_until("/readyz")
        for page in opened(browser, served.url):
            for title in ("The pump", "A copy with its own card"):
                with page.expect_response("**/v1/document/**") as answer:
                    page.select_option("#source-choice", label=title)
                assert answer.value.json()["title"] == title
                expect(page.locator("#source-title")).to_have_text(title)
                expect(page.locator("#source-choice option:checked")).to_have_text(title)
            ask(page, "When was the pump fitted?")
            expect_highlighted(page, words)
            title = page.locator(".reply .where cite").first.text_content()
            expect(page.locator("#source-choice option:checked")).to_have_text(title or "")
            page.get_by_label("Ask of").select_option(label="The pump")
            ask(page, "When was the pump fitted?")
            expect(page.locator("#source-choice option:checked")).to_have_text("The pump")
            page.locator(".reply .copy").last.click()
            expect(page.locator("#cite-menu [data-copy=apa]")).to_be_enabled()
            page.hover("#cite-menu [data-copy=apa]")
            expect(page.locator("#cite-preview")).to_contain_text("The pump")


def test_a_question_is_asked_of_the_chosen_document_alone(page: Page) -> None:
    expect(page.locator("#among option")).to_have_text(["all documents", "Bees on roofs", "The tram"])
    page.get_by_label("Ask of").select_option(label="Bees on roofs")
    ask(page, "When was the tram restored?")
    expect(page.locator(".reply .verdict").last).to_contain_text("The chosen document does not answer this")
    expect(page.locator(".reply .where cite").last).to_have_text("Bees on roofs")
    page.get_by_label("Ask of").select_option(label="all documents")
    page.locator(".reply .again").last.click()
    expect(page.locator(".reply .where cite").first).to_have_text("The tram")


def test_only_questions_that_the_chosen_document_answers_are_suggested(shelf_page: Page) -> None:
    page, suggested = shelf_page, shelf_page.locator("#welcome .example")
    expect(suggested.filter(has_text=TRAM)).to_have_count(1)
    expect(suggested.filter(has_text="Brannock")).not_to_have_count(0)
    page.get_by_label("Ask of").select_option(label="Apples")
    expect(suggested.filter(has_text="Brannock")).not_to_have_count(0)
    expect(suggested.filter(has_text="tram")).to_have_count(0)
    suggested.first.click()
    expect(page.locator(".reply.answer .where cite").first).to_have_text("Apples")
    # Chosen while there is a conversation, it counts for the next one.
    page.get_by_label("Ask of").select_option(label="The tram")
    page.click("#clear")
    expect(suggested).to_have_text([TRAM])


def test_where_what_is_chosen_has_no_question_there_is_no_box_of_them(shelf_page: Page) -> None:
    expect(shelf_page.locator("#welcome .suggested")).to_have_count(1)
    with shelf_page.expect_response(
        lambda answer: "/v1/suggestions?document=note.txt" in answer.url and answer.status == 200
    ):
        shelf_page.get_by_label("Ask of").select_option(label="A note")
        expect(shelf_page.locator("#welcome .suggested")).to_have_count(0)
    expect(shelf_page.locator("#welcome .suggested")).to_have_count(0)
    shelf_page.get_by_label("Ask of").select_option(label="all documents")
    expect(shelf_page.locator("#welcome .example").filter(has_text=TRAM)).to_have_count(1)


def test_a_document_that_is_gone_is_told_in_one_line(page: Page) -> None:
    expect(page.locator("#among option")).to_have_count(3)
    page.evaluate("document.getElementById('among').add(new Option('Gone', 'gone.txt', true, true))")
    ask(page, "When was the tram restored?")
    expect(page.locator(".reply .note")).to_contain_text("there is no document 'gone.txt' in the index")


def test_where_there_is_one_document_there_is_nothing_to_choose(server: Served, browser: Browser) -> None:
    for page in opened(browser, server.url):
        expect(page.locator("#source-title")).not_to_be_empty()
        expect(page.locator("#among-block")).to_be_hidden()
