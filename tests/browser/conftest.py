import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from served import ROOT, Served, serve
from visiting import opened

# A busy machine is slow, which is no fault of the page.
expect.set_options(timeout=60_000)

HOSTILE = (
    "The hostile parrot lives in a green cage <script>window.owned=1</script> near `${window.owned=2}` and "
    "{{owned}}.\n\n"
    'Its favourite food is <img src=x onerror="window.owned=3"> seeds, [click](javascript:window.owned=4) says it.\n\n'
    "The parrot was bought on 3 May 2019 in \u202eLisbon\u202c for $$400$$ *crowns* by a "
    "sailor 🦜 named O’Brien & Co.\n\n"
    "![pixel](http://192.0.2.1/pixel.png) The parrot <style>body{display:none}</style> speaks nine languages.\n"
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over a copy of the shipped article, its index built by itself at the first start."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copytree(ROOT / "source_docs", folder / "docs")
    with serve(folder, folder / "docs") as served:
        served.wait_until("/readyz")
        yield served


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over a document that attacks its reader; it keeps no feedback and lets nobody change the index.

    Just started: no index yet, no model.
    """
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "docs").mkdir()
    (folder / "docs" / "parrot.txt").write_text(HOSTILE, "utf-8")
    with serve(folder, folder / "docs", SCO_FEEDBACK="0", SCO_ALLOW_REBUILD="0") as served:
        served.wait_until("/healthz")
        yield served


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server over two documents."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "docs").mkdir()
    (folder / "docs" / "bees.txt").write_text("Bees on roofs\n\nThe city keeps 240 hives on its libraries.\n", "utf-8")
    (folder / "docs" / "tram.txt").write_text("The tram\n\nThe tram was restored in 1987 by volunteers.\n", "utf-8")
    with serve(folder, folder / "docs") as served:
        served.wait_until("/readyz")
        yield served


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert chromium, "no Chromium found; bash tests/run installs it"
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def page(server: Served, browser: Browser) -> Iterator[Page]:
    yield from opened(browser, server.url)


@pytest.fixture
def phone(server: Served, browser: Browser) -> Iterator[Page]:
    yield from opened(browser, server.url, width=390, height=844)


@pytest.fixture(scope="session")
def article() -> str:
    return (ROOT / "source_docs" / "sco-alternative-global-order.txt").read_bytes().decode("utf-8")
