"""How soon a visitor can use the page: python benchmarks/page.py

Starts the real server over the shipped article, waits until it is ready, and opens the page in Chromium with an empty
cache, then again with a filled one. Prints medians in ms from the first byte of the page: until the box for questions
takes words, until the article can be read, and until a question can be sent. Needs the test requirements and Chromium.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
from typing import Any

import server
from playwright.sync_api import BrowserContext, sync_playwright

# Looked at in every frame that the browser draws, from before the page's first script on.
_WATCH = """(() => {
  const seen = {};
  const tests = {
    'the box takes words': () => {
      const box = document.querySelector('#ask textarea');
      return box && box.offsetParent !== null && !box.disabled;
    },
    'the article is there': () => document.querySelector('#paper p')?.offsetParent,
    'the conversation is drawn': () => window.verbatim?.drawn,
  };
  const look = () => {
    for (const [name, test] of Object.entries(tests)) if (!seen[name] && test()) seen[name] = performance.now();
    requestAnimationFrame(look);
  };
  look();
  window.seen = () => {
    const byte = performance.getEntriesByType('navigation')[0].responseStart;
    const since = Object.fromEntries(Object.entries(seen).map(([name, at]) => [name, at - byte]));
    return [since, performance.getEntriesByType('resource').length, Object.keys(tests).length];
  };
})()"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--visits", type=int, default=7)
    visits = parser.parse_args().visits
    with (
        tempfile.TemporaryDirectory() as folder,
        server.started({**os.environ, "SCO_INDEX_DIR": folder}) as (base, _),
    ):
        server.wait_for(f"{base}/readyz")
        _visit(base, visits)


def _visit(base: str, visits: int) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        found: dict[str, list[dict[str, float]]] = {"empty cache": [], "filled cache": []}
        for _ in range(visits):
            # A context of its own: it shares no cache with the last one.
            context = browser.new_context(viewport={"width": 1280, "height": 860})
            for kind in found:
                found[kind].append(_measure(context, base))
            context.close()
        browser.close()
    for kind, runs in found.items():
        for name in runs[0]:
            times = sorted(run[name] for run in runs)
            print(f"{kind:>13}  {name:<24}{statistics.median(times):8.0f}  ({times[0]:.0f} to {times[-1]:.0f})")


def _measure(context: BrowserContext, base: str) -> dict[str, float]:
    page = context.new_page()
    page.add_init_script(_WATCH)
    page.goto(base, wait_until="commit")
    page.wait_for_function("() => { const [seen, , all] = window.seen(); return Object.keys(seen).length === all }")
    found: Any = page.evaluate("window.seen()")
    page.close()
    return {**found[0], "requests": found[1]}


if __name__ == "__main__":
    main()
