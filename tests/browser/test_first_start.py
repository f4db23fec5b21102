"""From no index to an answer, and to the end of the process."""

import shutil
import urllib.error
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from served import ROOT, Served, serve


@pytest.fixture
def slow(tmp_path: Path) -> Iterator[Served]:
    """A server whose first index takes far longer to build than the page takes to draw."""
    (tmp_path / "docs").mkdir()
    entries = [f"Entry {n} of the register lies in room {n % 97} on shelf {n % 31}." for n in range(6000)]
    register = "\n\n".join(" ".join(entries[n : n + 10]) for n in range(0, len(entries), 10))
    (tmp_path / "docs" / "register.txt").write_text(f"{register}\n\nThe tram was restored in 1987.\n", "utf-8")
    with serve(tmp_path, tmp_path / "docs") as served:
        served.wait_until("/healthz")
        yield served


def test_a_question_asked_before_the_index_is_built_waits_or_is_stopped(slow: Served, browser: Browser) -> None:
    with pytest.raises(urllib.error.HTTPError, match="503"):
        slow.get("/readyz")
    page = browser.new_page()
    page.set_default_timeout(90_000)
    page.goto(slow.url)
    page.fill("#ask textarea", "When was it?")
    page.press("#ask textarea", "Enter")
    expect(page.locator(".note.loading")).to_be_visible()
    # What is cleared does not come back with its answer: see the end.
    page.click("#clear")
    expect(page.locator("#chat .asked")).to_have_count(0)
    page.fill("#ask textarea", "When was the tram restored?")
    page.press("#ask textarea", "Enter")
    expect(page.locator(".note.loading")).to_be_visible()
    expect(page.locator("#ask .submit-button")).not_to_be_visible()
    page.press("#ask .stop-button", "Enter")
    expect(page.locator(".reply")).to_have_text("Stopped before an answer came.")
    expect(page.locator("#ask .submit-button")).to_be_visible()
    expect(page.locator("#ask textarea")).to_be_focused()
    page.fill("#ask textarea", "In which year was the tram restored?")
    page.press("#ask textarea", "Enter")
    expect(page.locator(".note.loading")).to_be_visible()
    expect(page.locator(".reply.answer")).to_contain_text("restored in 1987", timeout=300_000)
    # The stopped question stays unanswered.
    expect(page.locator(".reply").first).to_have_text("Stopped before an answer came.")
    expect(page.locator("#chat .asked")).to_have_count(2)
    page.close()


def test_a_question_under_way_when_the_server_is_started_again_is_back_in_its_box(
    slow: Served, browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = browser.new_page()
    page.set_default_timeout(90_000)
    page.goto(slow.url)
    page.fill("#ask textarea", "When was the tram restored?")
    page.press("#ask textarea", "Enter")
    expect(page.locator(".note.loading")).to_be_visible()
    page.fill("#ask textarea", "And the")
    slow.process.kill()
    slow.process.wait()
    expect(page.locator("#starting")).to_contain_text("lost before an answer came. Your question is back in the box;")
    expect(page.locator("#ask textarea")).to_have_value("When was the tram restored?\nAnd the")
    monkeypatch.setattr("served.free_port", lambda: slow.port)
    again = tmp_path / "again"
    (again / "docs").mkdir(parents=True)
    (again / "docs" / "tram.txt").write_text("The tram was restored in 1987.\n", "utf-8")
    with serve(again, again / "docs"):
        expect(page.locator("#ask textarea")).to_have_value("When was the tram restored?\nAnd the")
        expect(page.locator("#ask .submit-button")).to_be_visible()
        page.close()


def test_sigterm_ends_a_server_that_is_still_loading_with_status_0(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("ended")
    shutil.copytree(ROOT / "source_docs", folder / "docs")
    served = serve(folder, folder / "docs")
    served.wait_until("/healthz")
    assert served.stop() == 0
    assert "Traceback" not in served.log.read_text("utf-8")


def test_without_a_document_the_page_says_so_in_every_view_and_takes_one(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> None:
    folder = tmp_path_factory.mktemp("empty")
    (folder / "docs").mkdir()
    with serve(folder, folder / "docs") as served:
        served.wait_until("/healthz")
        page = browser.new_page()
        page.goto(served.url)
        expect(page.locator("#index-line")).to_have_text("No answers", timeout=90_000)
        expect(page.locator("#paper")).to_have_text("No document is indexed. The view “Index” says why.")
        page.click("#tab-index")
        expect(page.locator("#rebuild-line.failed")).to_contain_text("no document to index")
        page.click("#tab-ask")
        page.fill("#ask textarea", "Is anything there?")
        page.press("#ask textarea", "Enter")
        expect(page.locator(".note.failed")).to_contain_text("no index in")
        page.click("#clear")
        expect(page.locator("#welcome")).to_be_visible()
        expect(page.locator("#welcome .suggested")).to_have_count(0)
        # From here it is filled without the command line.
        page.click("#tab-index")
        tram = b"The tram\n\nThe harbour tram was restored in 1987.\n"
        page.set_input_files("#add-files", [{"name": "tram.txt", "mimeType": "text/plain", "buffer": tram}])
        page.get_by_role("button", name="Rebuild now").click()
        expect(page.locator("#index-line")).to_have_text("1 document ready", timeout=90_000)
        page.click("#tab-ask")
        page.click("#welcome .example")
        expect(page.locator(".reply.answer .words")).to_have_text("The harbour tram was restored in 1987.")
        page.close()
