"""Take the README's pictures of the page: python tests/browser/screenshot.py"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from served import ROOT, serve  # noqa: E402 - run as a script, from anywhere

QUESTIONS = ("When did India join?", "What did the Indian Ministry of External Affairs clarify?")
QUOTE = "India, which joined in 2018, must not balance its engagement with all major powers"


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        documents = Path(folder) / "source_docs"
        shutil.copytree(ROOT / "source_docs", documents)
        with serve(Path(folder), documents) as served:
            served.wait_until("/readyz")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = _opened(browser, served.url, 1280, 800)
            for count, question in enumerate(QUESTIONS, start=1):
                page.fill("#ask textarea", question)
                page.press("#ask textarea", "Enter")
                page.wait_for_function("count => document.querySelectorAll('.reply').length === count", arg=count)
                page.wait_for_timeout(1500)
            _keep(page, "page.png")
            page = _opened(browser, served.url, 1280, 760, color_scheme="dark")
            page.click("#tab-check")
            page.fill("#check-text", QUOTE)
            page.click("#check-form button")
            page.wait_for_timeout(1500)
            _keep(page, "check.png")
            note = {"name": "field-notes.txt", "mimeType": "text/plain", "buffer": b"The tram was restored in 1987.\n"}
            page = _opened(browser, f"{served.url}/#index", 1280, 760)
            page.set_input_files("#add-files", [note])
            page.wait_for_selector("#changes:not([hidden])")
            page.wait_for_timeout(500)
            page.evaluate("document.getElementById('index-block').scrollTo(0, 0)")
            _keep(page, "index.png")
            browser.close()


def _opened(browser: Browser, url: str, width: int, height: int, color_scheme: str = "light") -> Page:
    page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=color_scheme)  # type: ignore[arg-type]
    page.goto(url)
    page.wait_for_selector("#paper p", state="attached")
    return page


def _keep(page: Page, name: str) -> None:
    """A palette shows the same page in a third of the bytes; by this method the few green dots stay green."""
    page.screenshot(path=HERE / name)
    with Image.open(HERE / name) as picture:
        few = picture.convert("RGB").quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    few.save(HERE / name, optimize=True)


if __name__ == "__main__":
    main()
