"""Every view, light and dark, by axe-core; and what axe cannot see: keyboard, motion, width."""

from collections.abc import Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
from served import Served
from visiting import ask, opened


@pytest.fixture(params=["light", "dark"])
def themed(request: pytest.FixtureRequest, server: Served, browser: Browser) -> Iterator[Page]:
    scheme: Literal["light", "dark"] = request.param
    yield from opened(browser, server.url, color_scheme=scheme, reduced_motion="reduce")


def violations(page: Page) -> list[str]:
    page.wait_for_timeout(300)
    found = Axe().run(page).response["violations"]
    return [f"{one['id']} ({one['impact']}): {[node['target'] for node in one['nodes']]}" for one in found]


def test_no_view_breaks_a_rule_of_axe_core(themed: Page) -> None:
    assert violations(themed) == []
    ask(themed, "When did India join?")
    ask(themed, "What did Putin remark?")
    ask(themed, "And France?")
    assert violations(themed) == []
    themed.locator(".reply .copy").first.click()
    expect(themed.locator("#cite-menu [data-copy=apa]")).to_be_enabled()
    assert violations(themed) == []
    themed.keyboard.press("Escape")
    themed.click("#tab-check")
    themed.fill("#check-text", "India, which joined in 2018, must not balance its engagement.")
    themed.click("#check-form button")
    expect(themed.locator("#check-result .verdict")).to_be_visible()
    assert violations(themed) == []
    themed.click("#tab-index")
    expect(themed.locator("#index-facts")).to_contain_text("Passages")
    assert violations(themed) == []


def test_the_keyboard_reaches_every_control_of_a_reply_and_shows_where_it_is(page: Page) -> None:
    ask(page, "When did India join?")
    page.locator("#chat .edit").focus()
    reached = []
    for _ in range(5):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.classList[0]"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert reached == ["cite", "copy", "again", "right", "wrong"]


def test_where_motion_is_not_wanted_nothing_moves(server: Served, browser: Browser) -> None:
    for page in opened(browser, server.url, reduced_motion="reduce"):
        ask(page, "When did India join?")
        moving = page.evaluate(
            """() => [...document.querySelectorAll('*')].filter((one) => { const style = getComputedStyle(one);
            return style.animationName !== 'none' || style.transitionDuration.split(', ')
            .some((time) => parseFloat(time) > 0); }).map((one) => one.className)"""
        )
        assert moving == []


@pytest.mark.parametrize("view", ["", "#check", "#index"])
def test_no_view_scrolls_sideways_on_a_phone(server: Served, browser: Browser, view: str) -> None:
    for phone in opened(browser, f"{server.url}/{view}", width=390, height=844):
        assert phone.evaluate("document.documentElement.scrollWidth") == 390
        wide = phone.evaluate(
            """() => [...document.querySelectorAll('body *')].filter((one) => { const box = one.getBoundingClientRect();
            return box.width > 0 && box.height > 0 && box.right > 391; }).map((one) => one.id || one.className)"""
        )
        assert wide == []


def test_on_a_phone_the_keyboard_stays_in_the_open_source_and_goes_back_when_it_closes(phone: Page) -> None:
    ask(phone, "When did India join?")
    for opener in ("#open-source", ".reply a.cite"):
        phone.press(opener, "Enter")
        expect(phone.locator("#paper:focus, #paper mark:focus")).to_have_count(1)
        outside = phone.evaluate(
            "document.querySelectorAll(':is(header.top, #talk, #check-column):not([inert])').length"
        )
        assert outside == 0
        for _ in range(4):
            phone.keyboard.press("Tab")
            assert phone.evaluate("document.activeElement.matches('body, #source *')")
        phone.locator("#close-source").focus()
        phone.keyboard.press("Escape")
        expect(phone.locator(opener)).to_be_focused()
    phone.press("#open-source", "Enter")
    phone.set_viewport_size({"width": 1000, "height": 800})
    expect(phone.locator("[inert]")).to_have_count(0)
    phone.set_viewport_size({"width": 390, "height": 844})
    expect(phone.locator("header.top[inert]")).to_have_count(1)
    phone.evaluate("location.hash = 'index'")
    expect(phone.locator("[inert]")).to_have_count(0)


# Controls that are in sight and not hit 21 px from their middle, in every direction.
HARD_TO_HIT = """() => [...document.querySelectorAll('button, select, a.cite')].filter((one) => {
  if (one.disabled || !one.checkVisibility({opacityProperty: true, visibilityProperty: true})) return false;
  one.scrollIntoView({block: 'center'});
  const box = one.getBoundingClientRect();
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  const hits = (dx, dy) => one.contains(document.elementFromPoint(x + dx, y + dy));
  return !(hits(0, -21) && hits(0, 21) && hits(-21, 0) && hits(21, 0));
}).map((one) => one.id || one.textContent)"""


def test_a_finger_hits_every_control_of_a_phone(library: Served, browser: Browser) -> None:
    for phone in opened(browser, library.url, width=390, height=844, has_touch=True, is_mobile=True):
        ask(phone, "When was the tram restored?")
        ask(phone, "Who restored it?")
        assert phone.evaluate(HARD_TO_HIT) == []
        phone.locator(".reply .copy").first.click()
        expect(phone.locator("#cite-menu [data-copy=apa]")).to_be_enabled()
        assert phone.locator("#cite-menu button:visible").evaluate_all(
            "all => all.every(({offsetWidth, offsetHeight}) => offsetWidth >= 44 && offsetHeight >= 44)"
        )
        phone.keyboard.press("Escape")
        phone.click("#tab-check")
        assert phone.evaluate(HARD_TO_HIT) == []
        phone.click("#tab-index")
        expect(phone.locator("#index-documents .title")).to_have_count(2)
        assert phone.evaluate(HARD_TO_HIT) == []
        assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_a_mouse_hits_a_title_of_the_index(page: Page) -> None:
    page.click("#tab-index")
    box = page.locator("#index-documents .title").first.bounding_box()
    assert box
    assert box["height"] >= 24


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_in_colours_of_the_readers_own_all_is_read_and_what_is_current_told_apart(
    server: Served, browser: Browser, scheme: str
) -> None:
    style = "([one, part, name]) => getComputedStyle(document.querySelector(one), part)[name]"
    for page in opened(browser, server.url, forced_colors="active", color_scheme=scheme):
        ask(page, "When did India join?")
        ink, ground = (page.evaluate(style, [".reply .words", None, name]) for name in ("color", "backgroundColor"))
        assert page.evaluate(style, [".words mark", None, "color"]) == ink
        page.click(".reply .wrong")
        expect(page.locator(".reply .wrong")).to_have_attribute("aria-pressed", "true")
        fills = {
            one: page.evaluate(style, [one, part, "backgroundColor"])
            for one, part in (
                ("#tab-ask", "::after"),
                ("#paper mark.active", None),
                (".wrong[aria-pressed=true]", None),
                ("#index-state .dot", None),
                (".reply .verdict", "::before"),
            )
        }
        plain = page.evaluate(style, ["#tab-check", None, "backgroundColor"])
        assert ground not in fills.values()
        assert plain not in fills.values()
        assert page.evaluate(style, [".asked", None, "borderTopStyle"]) == "solid"
        ask(page, "What is the capital of France?")
        expect(page.locator("#paper mark:not(.active)")).not_to_have_count(0)
        assert page.evaluate(style, ["#paper mark:not(.active)", None, "color"]) == ink


def test_by_headings_a_reader_goes_from_question_to_question(page: Page) -> None:
    asked = ["When did India join?", "What is the capital of France?"]
    for question in asked:
        ask(page, question)
    for _ in range(2):
        for question in asked:
            expect(page.locator("#chat").get_by_role("heading", name=question, level=2)).to_be_visible()
        page.reload()
