"""The view of the index: what is indexed, what changed, documents added and taken out, generations gone back to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from served import Served, serve
from visiting import ask, opened

HOSTILE_NAME = "<img src=x onerror=window.owned=1>.txt"


def sent(name: str, text: str) -> Any:
    return {"name": name, "mimeType": "text/plain", "buffer": text.encode()}


@pytest.fixture
def page(library: Served, browser: Browser) -> Iterator[Page]:
    """The view over the two documents, which are there again when a test ends."""
    kept = {file.name: file.read_bytes() for file in library.documents.glob("*.txt")}
    yield from opened(browser, f"{library.url}/#index")
    for file in library.documents.glob("*.txt"):
        file.unlink()
    for name, data in kept.items():
        (library.documents / name).write_bytes(data)


def row(page: Page, name: str) -> Locator:
    return page.locator("#index-documents li").filter(has_text=name)


def changes(page: Page) -> list[str]:
    return page.locator("#changes-list > *").all_text_contents()


def rebuild(page: Page) -> None:
    page.click("#rebuild")
    expect(page.locator("#rebuild-bar")).to_be_visible()
    expect(page.locator("#rebuild-bar")).not_to_be_visible()
    expect(page.locator("#changes")).not_to_be_visible()


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']} ({one['impact']}): {[node['target'] for node in one['nodes']]}" for one in found]


def test_every_document_is_listed_with_what_it_holds_and_leads_to_its_text(page: Page) -> None:
    expect(row(page, "The tram")).to_contain_text("tram.txt · 1 passage · 1 sentence")
    expect(page.locator("#index-facts")).to_contain_text("all-MiniLM-L6-v2")
    expect(page.locator("#changes")).not_to_be_visible()
    page.get_by_role("button", name="The tram").click()
    expect(page.locator("#paper")).to_contain_text("restored in 1987")
    expect(page.locator("#paper")).to_be_focused()


def test_each_chosen_file_gets_its_line_and_a_taken_name_is_replaced_only_when_that_is_wanted(
    page: Page, library: Served
) -> None:
    expect(page.locator("#add-hint")).to_contain_text("At most 50 files at a time, 10 MiB each, 50 MiB together")
    latin = {"name": "latin.txt", "mimeType": "text/plain", "buffer": b"caf\xe9 and more\n"}
    files = [
        sent(HOSTILE_NAME, "A name is only a name.\n"),
        sent("tool.exe", "x"),
        latin,
        sent("bees.txt", "Bees\n\nThere are 300 hives.\n"),
    ]
    page.set_input_files("#add-files", files)
    lines = page.locator("#add-lines li")
    expect(lines).to_have_count(4)
    expect(lines.nth(0)).to_have_text(f"{HOSTILE_NAME}: added, 1 kB")
    expect(lines.nth(1)).to_have_text("tool.exe: not a document that can be read")
    expect(lines.nth(2)).to_contain_text("latin.txt: not UTF-8")
    expect(lines.nth(3)).to_contain_text("there is a document of this name")
    expect(row(page, HOSTILE_NAME)).to_contain_text("New; searched after the rebuild")
    assert b"240 hives" in (library.documents / "bees.txt").read_bytes()
    page.get_by_role("button", name="Replace bees.txt").click()
    expect(lines.nth(3)).to_have_text("bees.txt: replaced, 1 kB")
    expect(row(page, "bees.txt")).to_contain_text("Changed; the rebuild reads it again")
    assert changes(page) == ["New", HOSTILE_NAME, "Changed", "bees.txt"]
    assert page.locator("#index-view img").count() == 0
    assert page.evaluate("window.owned") is None


def test_dropped_files_are_added_and_the_page_stays(page: Page, library: Served) -> None:
    dropped = page.evaluate_handle(
        """() => { const dropped = new DataTransfer();
        dropped.items.add(new File(['The lighthouse was painted in 1999.\\n'], 'light.txt')); return dropped; }"""
    )
    page.dispatch_event("#drop", "dragover", {"dataTransfer": dropped})
    expect(page.locator("#drop.over")).to_be_visible()
    page.dispatch_event("#drop", "drop", {"dataTransfer": dropped})
    expect(page.locator("#add-lines li")).to_have_text("light.txt: added, 1 kB")
    expect(page.locator("#drop.over")).to_have_count(0)
    assert (library.documents / "light.txt").read_text("utf-8") == "The lighthouse was painted in 1999.\n"


def test_a_document_is_removed_and_brought_back_by_the_keyboard_alone(page: Page, library: Served) -> None:
    tram = library.documents / "tram.txt"
    page.get_by_role("button", name="Remove tram.txt").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Yes, remove tram.txt")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Remove tram.txt")).to_be_focused()
    assert tram.exists()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Bring tram.txt back")).to_be_focused()
    expect(row(page, "tram.txt")).to_contain_text("Removed; answers until the rebuild")
    assert not tram.exists()
    assert changes(page) == ["Removed", "tram.txt"]
    page.keyboard.press("Enter")
    expect(page.locator("#library-line")).to_have_text("tram.txt is back.")
    expect(page.get_by_role("button", name="Remove tram.txt")).to_be_focused()
    expect(page.locator("#changes")).not_to_be_visible()
    assert tram.exists()


def test_in_a_long_list_the_reader_stays_beside_what_was_removed(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for number in range(10, 40):
        text = f"House {number}\n\nThe house was built in 19{number}.\n"
        (tmp_path / "docs" / f"{number}.txt").write_text(text, "utf-8")
    with serve(tmp_path, tmp_path / "docs") as served:
        served.wait_until("/readyz")
        for page in opened(browser, f"{served.url}/#index"):
            expect(page.locator("#add")).to_be_in_viewport()
            page.get_by_role("button", name="Remove 35.txt").click()
            page.get_by_role("button", name="Yes, remove 35.txt").click()
            undo = page.get_by_role("button", name="Bring 35.txt back")
            expect(undo).to_be_focused()
            expect(undo).to_be_in_viewport(ratio=1)
            expect(row(page, "35.txt")).to_contain_text("Removed")
            expect(row(page, "35.txt")).to_be_in_viewport(ratio=1)
            undo.click()
            expect(page.get_by_role("button", name="Remove 35.txt")).to_be_focused()
            expect(row(page, "35.txt")).to_be_in_viewport(ratio=1)


def test_a_rebuild_tells_its_steps_and_an_earlier_generation_can_answer_again(page: Page) -> None:
    page.evaluate(
        """() => { window.told = []; new MutationObserver(() => window.told.push(
        document.getElementById('rebuild-bar').getAttribute('aria-valuetext'))).observe(
        document.getElementById('rebuild-bar'), {attributeFilter: ['aria-valuetext']}); }"""
    )
    page.set_input_files("#add-files", [sent("light.txt", "The lighthouse was painted in 1999.\n")])
    expect(page.locator("#changes")).to_be_visible()
    rebuild(page)
    told = [line for line in page.evaluate("window.told") if line]
    assert told
    assert all(line.endswith(" s so far") for line in told)
    expect(page.locator("#rebuild-line")).to_contain_text("The index was rebuilt. It took")
    page.click("#tab-ask")
    ask(page, "When was the lighthouse painted?")
    expect(page.locator(".reply .words")).to_have_text("The lighthouse was painted in 1999.")

    page.click("#tab-index")
    expect(page.locator("#generations li.live")).to_contain_text("3 documents")
    page.locator("#generations li").filter(has_text="2 documents").first.get_by_role("button").click()
    expect(page.locator("#generations-line")).to_contain_text("was checked and answers now")
    expect(page.locator("#index-notices")).to_contain_text("An earlier generation answers")
    expect(page.locator("#index-line")).to_have_text("Earlier index answers")
    assert changes(page) == ["New", "light.txt"]
    expect(page.locator("#generations li.live")).to_contain_text("2 documents")
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.click("#tab-ask")
    expect(page.locator("#open-source")).to_be_visible()
    # The longest state leaves the bar its two rows, so that nothing lies over the tabs.
    bar, tab = (page.locator(one).bounding_box() for one in ("header.top", "#tab-ask"))
    assert bar
    assert tab
    assert tab["y"] + tab["height"] <= bar["y"] + bar["height"]
    page.click("#tab-index")
    page.set_viewport_size({"width": 1280, "height": 860})
    for _ in range(2):
        assert violations(page) == []
        page.click("#theme")
    rebuild(page)
    expect(page.locator("#index-notices")).to_be_empty()
    page.get_by_role("button", name="Remove light.txt").click()
    assert violations(page) == []
    page.get_by_role("button", name="Yes, remove light.txt").click()
    expect(page.locator("#changes")).to_be_visible()
    rebuild(page)
    assert violations(page) == []


def test_a_rebuild_that_fails_says_why_in_one_line_and_the_old_index_answers_on(page: Page, library: Served) -> None:
    aside = library.documents.with_name("aside")
    shutil.move(library.documents, aside)
    try:
        page.click("#rebuild")
        expect(page.locator("#rebuild-line.failed")).to_contain_text("docs")
        page.click("#tab-ask")
        ask(page, "When was the tram restored?")
        expect(page.locator(".reply .words")).to_contain_text("restored in 1987")
    finally:
        Path.rename(aside, library.documents)


def test_where_changes_are_off_nothing_offers_any_and_one_line_says_so(hostile: Served, browser: Browser) -> None:
    hostile.wait_until("/readyz")
    for page in opened(browser, f"{hostile.url}/#index"):
        expect(page.locator("#index-fixed")).to_have_text(
            "On this server the index and its documents cannot be changed from the page."
        )
        expect(page.locator("#index-documents")).to_contain_text("parrot.txt")
        expect(page.locator("#generations li")).to_have_count(1)
        for gone in ("#rebuild", "#add", "#add-files", "#drop"):
            expect(page.locator(gone)).to_have_count(0)
        # The document's title is a button too: it leads to the text.
        assert page.locator("#index-view button").count() == 1
