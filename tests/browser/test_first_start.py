"""From no index to an answer, and to the end of the process. Runs first: it needs a server that is still starting."""

import shutil
import urllib.error

import pytest
from playwright.sync_api import Browser, expect
from served import ROOT, Served, serve


def test_a_question_asked_before_the_model_is_loaded_waits_and_is_answered(hostile: Served, browser: Browser) -> None:
    with pytest.raises(urllib.error.HTTPError, match="503"):
        hostile.get("/readyz")
    page = browser.new_page()
    page.goto(hostile.url)
    page.fill("#ask textarea", "When was the parrot bought?")
    page.press("#ask textarea", "Enter")
    expect(page.locator(".note.loading")).to_be_visible(timeout=20_000)
    expect(page.locator(".reply.answer")).to_contain_text("3 May 2019", timeout=90_000)
    page.close()


def test_sigterm_ends_a_server_that_is_still_loading_with_status_0(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("ended")
    shutil.copytree(ROOT / "source_docs", folder / "docs")
    served = serve(folder, folder / "docs")
    served.wait_until("/healthz")
    assert served.stop() == 0
    assert "Traceback" not in served.log.read_text("utf-8")


def test_a_question_that_waits_can_be_stopped(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> None:
    folder = tmp_path_factory.mktemp("stopped")
    shutil.copytree(ROOT / "source_docs", folder / "docs")
    served = serve(folder, folder / "docs")
    try:
        served.wait_until("/healthz")
        page = browser.new_page()
        page.goto(served.url)
        page.fill("#ask textarea", "When did India join?")
        page.press("#ask textarea", "Enter")
        expect(page.locator(".note.loading")).to_be_visible(timeout=20_000)
        expect(page.locator("#ask .submit-button")).not_to_be_visible()
        page.click("#ask .stop-button")
        expect(page.locator(".reply")).to_have_text("Stopped before an answer came.")
        expect(page.locator("#ask .submit-button")).to_be_visible()
        served.wait_until("/readyz")
        page.wait_for_timeout(1000)
        expect(page.locator(".reply")).to_have_text("Stopped before an answer came.")
        page.close()
    finally:
        served.stop()


def test_without_a_document_the_page_says_so_in_every_view(
    tmp_path_factory: pytest.TempPathFactory, browser: Browser
) -> None:
    folder = tmp_path_factory.mktemp("empty")
    (folder / "docs").mkdir()
    served = serve(folder, folder / "docs")
    try:
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
        page.close()
    finally:
        served.stop()
