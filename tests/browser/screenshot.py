"""Take the README's picture of the page: python tests/browser/screenshot.py"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from served import ROOT, serve  # noqa: E402 - run as a script, from anywhere

QUESTIONS = ("How many member states does the SCO have today?", "When did India join?")


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        served = serve(Path(folder), ROOT / "source_docs")
        try:
            served.wait_until("/readyz")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page(viewport={"width": 1280, "height": 800})
            page.goto(served.url)
            for count, question in enumerate(QUESTIONS, start=1):
                page.fill("#ask textarea", question)
                page.press("#ask textarea", "Enter")
                page.wait_for_function("count => document.querySelectorAll('.reply').length === count", arg=count)
                page.wait_for_timeout(1500)
            page.screenshot(path=HERE / "page.png")
            browser.close()
        finally:
            served.stop()


if __name__ == "__main__":
    main()
