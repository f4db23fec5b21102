"""A reply in a notebook, and the examples of the documentation, run as they are printed."""

from __future__ import annotations

import doctest
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from models import serving, writes

import assistant as package
from assistant import Answer, Assistant, Quote, Reason, Refusal
from assistant.answering import open_reader
from assistant.config import Endpoint
from assistant.replies import Asked, Sentence, Summary
from assistant.summary.arranging import Arranger
from index import IndexConfig, LiveIndex, OnnxEmbedder
from index.config import ROOT

QUOTE = Quote(
    number=1,
    document="prices.txt",
    document_sha256="0" * 64,
    title="Prices & <Wages>",
    heading="Of salt",
    paragraph=3,
    start=10,
    end=20,
    exact="",
    prefix="",
    suffix="",
    score=1.0,
)


class Seen(HTMLParser):
    """Text of the elements marked exact, all tags, and every attribute."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.exact, self.text, self.tags, self.attributes = "", "", [], []  # type: ignore[var-annotated]
        self._depth = 0
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes.extend(attrs)
        if self._depth or ("class", "exact") in attrs:
            self._depth += 1

    def handle_endtag(self, tag: str) -> None:
        self._depth -= self._depth > 0

    def handle_data(self, data: str) -> None:
        self.text += data
        self.exact += data if self._depth else ""


def shown(exact: str) -> Seen:
    answer = Answer("q", "q", 0.9, (replace(QUOTE, exact=exact),), "g", 1.0)
    return Seen(answer._repr_html_())


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1))
def test_a_quote_in_a_notebook_is_what_the_document_says_and_nothing_of_it_is_markup(exact: str) -> None:
    seen = shown(exact)
    assert seen.exact == exact
    assert {"script", "img", "a", "link", "iframe", "style"}.isdisjoint(seen.tags)


def test_hostile_words_are_only_shown() -> None:
    hostile = '</span><script>alert(1)</script> $\\frac{1}{2}$ \\(x\\) & "quoted"\n\n# no heading\ttab'
    seen = shown(hostile)
    assert (seen.exact, "script" in seen.tags) == (hostile, False)
    assert {name for name, _ in seen.attributes} <= {"class", "style", "role", "title"}


def test_the_source_is_named_and_nothing_is_fetched() -> None:
    seen = shown("Salt is dear.")
    assert "“Salt is dear.”" in seen.text
    assert "[1] Prices & <Wages>, Of salt, paragraph 3 (prices.txt, 10–20)" in seen.text
    styles = " ".join(value or "" for name, value in seen.attributes if name == "style")
    assert ("url(" in styles, "#" in styles) == (False, False)


def test_a_models_words_stand_under_their_label_with_their_quotes_numbers_and_in_no_quotation_marks() -> None:
    first, second = replace(QUOTE, exact="Salt is dear."), replace(QUOTE, number=2, exact="Silk is dearer.")
    summary = Summary((Sentence("Salt is dear.", (1,)), Sentence("Silk <b>is</b> dearer.", (1, 2))), 2)
    answer = Answer("q", "q", 0.9, (first, second), "g", 1.0, summary=summary)
    seen = Seen(answer._repr_html_())
    label, words, lost = (
        "Written by a model from the quotes below",
        "Salt is dear. [1] Silk <b>is</b> dearer. [1] [2]",
        "2 sentences removed: not backed by the quotes",
    )
    assert label + words + lost in seen.text
    assert seen.text.index(lost) < seen.text.index("“Salt is dear.”")
    # What is marked as a document's words is that alone.
    assert (seen.exact, "b" in seen.tags) == ("Salt is dear.Silk is dearer.", False)


@pytest.mark.parametrize(("removed", "told"), [(0, ""), (1, "1 sentence removed: not backed by the quotes")])
def test_a_summary_of_which_nothing_is_left_says_so(removed: int, told: str) -> None:
    answer = Answer("q", "q", 0.9, (replace(QUOTE, exact="Salt is dear."),), "g", 1.0, summary=Summary((), removed))
    text = Seen(answer._repr_html_()).text
    assert f"A model wrote nothing that the quotes below back{told}“Salt is dear.”" in text
    assert "model" not in Seen(replace(answer, summary=None)._repr_html_()).text


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), min_size=1))
def test_whatever_a_model_writes_is_only_shown(words: str) -> None:
    summary = Summary((Sentence(words, (1,)),), 0)
    seen = Seen(Answer("q", "q", 0.9, (replace(QUOTE, exact="Salt."),), "g", 1.0, summary=summary)._repr_html_())
    assert (f"quotes below{words} [1]“Salt.”" in seen.text, seen.exact) == (True, "Salt.")
    assert {"script", "img", "a", "link", "iframe", "style"}.isdisjoint(seen.tags)


def test_a_notebook_shows_what_a_real_server_wrote(built_article: Path, _minilm: OnnxEmbedder) -> None:
    live = LiveIndex(IndexConfig(index_dir=built_article), _minilm.identity)
    with serving(writes(("India joined in 2017.", [1]), ("Brazil joined in 2019.", [1]))) as model:
        arranger = Arranger(Endpoint(f"{model.url}/chat/completions"))
        reply = Assistant(live, _minilm, open_reader()[0], arranger=arranger).ask("When did India join?")
    text = Seen(reply._repr_html_()).text
    assert "India joined in 2017. [1]1 sentence removed" in text
    assert "Brazil" not in text


def test_a_refusal_is_told_and_what_is_nearest_is_called_no_answer() -> None:
    nearest = replace(QUOTE, exact="Salt is dear.")
    told = Refusal("q", "q?", 0.1, Reason.NOT_ANSWERED, "They never say <it>.", (nearest,), "g", 1.0, ("stale",))
    seen = Seen(told._repr_html_())
    assert "They never say <it>." in seen.text
    assert seen.text.index("which are not an answer") < seen.text.index("Salt is dear.")
    assert "Note: stale" in seen.text
    assert "details" not in Seen(replace(told, nearest=())._repr_html_()).tags


def test_a_correction_stands_above_what_is_nearest_under_its_label_and_unfolded(corrected: Refusal) -> None:
    seen = Seen(corrected._repr_html_())
    said = corrected.correction
    assert said is not None
    text = seen.text
    assert (
        text.index(corrected.reason)
        < text.index("What the documents do say. Read it in its place: it may only be on the subject.")
        < text.index(f"“{said.exact}”[1] ")
        < text.index("Nearest passages, which are not an answer")
    )
    assert seen.exact == said.exact + "".join(quote.exact for quote in corrected.nearest)
    assert text.count("Holds the sentence above") == 1
    alone = Seen(replace(corrected, nearest=())._repr_html_())
    assert (alone.exact, "details" in alone.tags) == (said.exact, False)


def test_a_real_answer_shows_the_documents_words(assistant: Assistant) -> None:
    reply = assistant.ask("When did India join?")
    assert isinstance(reply, Answer)
    assert Seen(reply._repr_html_()).exact == "".join(quote.exact for quote in reply.quotes)


@pytest.fixture
def _over_the_article(built_article: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCO_INDEX_DIR", str(built_article))
    monkeypatch.chdir(ROOT)


@pytest.mark.usefixtures("_over_the_article")
def test_the_examples_of_the_package_print_what_they_say() -> None:
    assert doctest.testmod(package) == doctest.TestResults(failed=0, attempted=9)


@pytest.mark.usefixtures("_over_the_article")
def test_the_examples_of_the_readme_run(capsys: pytest.CaptureFixture[str]) -> None:
    readme = (ROOT / "README.md").read_text("utf-8")
    blocks = [block.replace("\n    ", "\n").strip() for block in re.findall(r"(?:\n    .*)+", readme)]
    (asking,) = [block for block in blocks if block.startswith("from assistant import")]
    (checking,) = [block for block in blocks if block.startswith("import hashlib")]
    names: dict[str, object] = {}
    exec(asking, names)
    assert capsys.readouterr().out.startswith("India, which joined in 2017, must balance")
    reply = names["reply"]
    assert isinstance(reply, Answer)
    quotes = reply.to_json()["quotes"]
    assert isinstance(quotes, list)
    for quote in quotes:
        exec(checking, {"quote": quote})


@pytest.mark.parametrize("name", ["assistant", "index"])
def test_both_packages_say_that_they_are_typed(name: str) -> None:
    assert (ROOT / name / "py.typed").is_file()


def test_an_answer_to_several_questions_has_each_above_its_quotes() -> None:
    words = "Salt costs 3 crowns."
    quote = replace(QUOTE, exact=words, questions=("What does salt cost?",))
    questions = (Asked("What does $a$ <b>pepper</b> cost?", "They never say."), Asked("What does salt cost?"))
    html = Answer("q", "q", 0.9, (quote,), "g", 1.0, questions=questions)._repr_html_()
    seen = Seen(html)
    assert seen.exact == words
    assert "b" not in seen.tags
    places = [
        seen.text.index(said)
        for said in ("Question 1: What does $a$ <b>pepper</b> cost?", "They never say.", "Question 2: What", words)
    ]
    assert places == sorted(places)
    assert seen.attributes.count(("role", "heading")) == 2
