"""Nothing is cut short, and what belongs together stands together."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect
from served import serve
from visiting import ask, opened

CUT = "one => one.scrollWidth > one.clientWidth || one.scrollHeight > one.clientHeight"


def left(page: Page, selector: str) -> float:
    box = page.locator(selector).bounding_box()
    assert box
    return box["x"]


def test_the_title_of_the_source_stands_there_in_full(page: Page) -> None:
    ask(page, "What is the capital of France?")
    expect(page.locator("#source-steps")).to_be_visible()
    assert not page.eval_on_selector("#source-title", CUT)


def test_on_a_phone_the_title_of_the_source_stands_there_in_full_above_the_steps(phone: Page) -> None:
    ask(phone, "What is the capital of France?")
    phone.locator(".reply a.cite").first.click()
    expect(phone.locator("#source-steps")).to_be_visible()
    assert not phone.eval_on_selector("#source-title", CUT)
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_of_many_documents_a_quote_names_its_own_in_full(browser: Browser, tmp_path: Path) -> None:
    title = "The tram of the old town and of the harbour, with remarks on its restoration by the volunteers"
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "tram.txt").write_text(f"{title}\n\nThe tram was restored in 1987.\n", "utf-8")
    (tmp_path / "docs" / "bees.txt").write_text("Bees on roofs\n\nThe city keeps 240 hives on roofs.\n", "utf-8")
    with serve(tmp_path, tmp_path / "docs") as served:
        served.wait_until("/readyz")
        for phone in opened(browser, served.url, width=390, height=844):
            ask(phone, "When was the tram restored?")
            expect(phone.locator(".reply .where cite").first).to_have_text(title)
            assert not phone.eval_on_selector(".reply .where cite", CUT)


def test_a_long_quote_to_check_is_seen_whole_while_there_is_room(phone: Page) -> None:
    phone.click("#tab-check")
    phone.fill(
        "#check-text", "India, which joined in 2018, must not balance its engagement with all major powers. " * 2
    )
    assert not phone.eval_on_selector("#check-text", CUT)


def test_the_columns_of_the_index_begin_where_what_stands_above_them_does(page: Page) -> None:
    page.click("#tab-index")
    expect(page.locator("#rebuild")).to_be_visible()
    assert left(page, "#rebuild") == left(page, "#facts-title")


def test_on_a_phone_all_begins_at_one_edge(phone: Page) -> None:
    phone.click("#tab-index")
    expect(phone.locator("#rebuild")).to_be_visible()
    assert left(phone, ".wordmark") == left(phone, "#index-title") == left(phone, "#facts-title")


def test_on_a_phone_no_line_begins_with_a_dot(phone: Page) -> None:
    ask(phone, "When did India join?")
    place = phone.locator(".reply .where span").last
    expect(place).to_have_text("Interests and values divide the group · paragraph 8")
    assert "\u00a0·" in (place.text_content() or "")


def test_where_else_the_words_stand_is_one_line_a_document(browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    for name in ("The tram", "The harbour"):
        (tmp_path / "docs" / f"{name}.txt").write_text(f"{name}\n\nThe bridge was restored in 1987.\n", "utf-8")
    with serve(tmp_path, tmp_path / "docs") as served:
        served.wait_until("/readyz")
        for page in opened(browser, served.url):
            ask(page, "When was the bridge restored?")
            also = page.locator(".reply .also")
            expect(also).to_have_text(re.compile(r"^also in The (tram|harbour), paragraph 1$"))
            for media in ("screen", "print"):
                page.emulate_media(media=media)
                box = also.bounding_box()
                assert box
                assert box["height"] < 24


def test_of_documents_with_one_title_a_quote_names_the_path(browser: Browser, tmp_path: Path) -> None:
    for year, title in ((1987, "Minutes"), (1999, "Minutes"), (2003, "The harbour")):
        (tmp_path / "docs" / str(year)).mkdir(parents=True)
        text = f"{title}\n\nThe house number {year} was painted by the guild of {year}.\n"
        (tmp_path / "docs" / str(year) / "notes.txt").write_text(text, "utf-8")
    named = "one => getComputedStyle(one, '::after').content"
    with serve(tmp_path, tmp_path / "docs") as served:
        served.wait_until("/readyz")
        for page in opened(browser, served.url):
            ask(page, "Who painted the house number 1999?")
            ask(page, "Who painted the house number 2003?")
            for _ in range(2):
                alike = page.locator(".reply .where cite", has_text="Minutes").first
                expect(alike).to_have_attribute("data-path", "1999/notes.txt")
                assert "/notes.txt" in alike.evaluate(named)
                alone = page.locator(".reply .where cite", has_text="The harbour").first
                assert alone.evaluate(named) == "none"
                page.reload()


def test_on_a_phone_what_is_said_beside_a_verdict_has_a_line_of_its_own(phone: Page) -> None:
    ask(phone, "When did India join? Who leads Russia?")
    beside = phone.locator(".reply .verdict span")
    expect(beside).to_have_text("Read each quote in its place first.")
    assert left(phone, ".reply .verdict span") == left(phone, ".reply .words >> nth=0")
