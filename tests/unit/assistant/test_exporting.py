import html
import json
import re
from dataclasses import asdict, fields, replace
from pathlib import Path

import pytest
from fakes import index_of
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt

from assistant import Refusal
from assistant.citations.conversation import MAX_QUOTES, read_turns, recheck
from assistant.citations.exporting import check_conversation, write
from assistant.quotes.finding import Finder
from assistant.replies import Place, Quote
from index import BadInput, PassageIndex

SCHEMA = json.loads((Path(__file__).parents[3] / "assistant" / "schemas" / "export.schema.json").read_text("utf-8"))
HOSTILE = (
    "# No heading\n\n1. <script>alert(1)</script> and <img src=http://evil.example/x> stay words, *all* of them.\n\n"
    "[A link](javascript:alert(1)) is `none` & ![no image](http://evil.example/y) $x$ ~~either~~ \u202efdp.exe.\n"
)


def quote(index: PassageIndex, words: str) -> Quote:
    return next(Finder.of(index).exact(words)).quote(1)


def turn(*quotes: Quote, question: str = "Did India join?", nearest: tuple[Quote, ...] = ()) -> dict[str, object]:
    reply = {
        "kind": "answer" if quotes else "refusal",
        "question": question,
        "standalone_question": question,
        "confidence": 0.91,
        "summary": None,
        "questions": None,
        "quotes": [asdict(quote) for quote in quotes],
        "reason_code": None if quotes else "not-answered",
        "reason": None if quotes else "The documents do not answer this.",
        "correction": None,
        "nearest": [asdict(quote) for quote in nearest],
        "generation": "20260101T000000Z-00000000",
        "took_ms": 1.5,
        "notices": [],
        "something_new": [1, 2],
    }
    return {"question": question, "reply": reply}


def written(form: str, turns: list[dict[str, object]], index: PassageIndex) -> str:
    return write(form, check_conversation(read_turns(turns), index))[0].decode()


@pytest.fixture
def refused(article: PassageIndex) -> Quote:
    return quote(article, "India refused to join the statement on June 14")


def test_an_export_in_json_follows_the_published_schema_and_loses_nothing(
    article: PassageIndex, refused: Quote
) -> None:
    turns = [turn(refused), turn(nearest=(refused,), question="What about Iran?")]
    told = json.loads(written("json", turns, article))
    Draft202012Validator(SCHEMA).validate(told)
    assert told["holds"] is True
    assert [{"question": t["question"], "reply": t["reply"]} for t in told["turns"]] == json.loads(json.dumps(turns))
    assert told["turns"][0]["citations"][0]["in_text"]["apa"] == "(Soong, n.d., para. 9)"
    assert told["turns"][1]["citations"][0]["part"] == "nearest"
    assert told["documents"][0]["sha256"] == refused.document_sha256
    assert read_turns(told) == read_turns(turns)


def test_a_correction_is_exported_under_its_label_cited_and_before_what_is_nearest(
    article_index: PassageIndex, corrected: Refusal
) -> None:
    turns = [{"question": corrected.question, "reply": json.loads(json.dumps(corrected.to_json()))}]
    said = corrected.correction
    assert said is not None
    for form in ("markdown", "html"):
        text = html.unescape(written(form, turns, article_index)).replace("\\", "")
        plain = re.sub(r"<[^>]+>", "", text)
        assert (
            plain.index(
                "Not answered. The documents do not answer this; a sentence in them may contradict the question."
            )
            < plain.index("What the documents do say. Read it in its place: it may only be on the subject.")
            < plain.index(f"“{said.exact}” (Soong, n.d., para. 9)")
            < plain.index("Nearest passages, which are not an answer:")
        )
        assert plain.count("Holds the sentence above") == 1
        assert "Every one of its 4 quotes was checked and holds." in plain
    told = json.loads(written("json", turns, article_index))
    Draft202012Validator(SCHEMA).validate(told)
    assert told["turns"][0]["reply"] == turns[0]["reply"]
    cited = told["turns"][0]["citations"]
    assert [(one["part"], one["number"]) for one in cited] == [
        ("correction", 1),
        ("nearest", 1),
        ("nearest", 2),
        ("nearest", 3),
    ]
    assert cited[0]["link"].startswith("/?cite=")
    assert read_turns(told) == read_turns(turns)


def test_a_correction_that_was_changed_is_named_in_every_form(article_index: PassageIndex, corrected: Refusal) -> None:
    reply = json.loads(json.dumps(corrected.to_json()))
    reply["correction"]["exact"] = reply["correction"]["exact"].replace("refused", "agreed")
    turns = [{"question": corrected.question, "reply": reply}]
    (broken,) = [held for held in recheck(read_turns(turns), article_index) if held.problem]
    assert broken.name == "turn 1, correction"
    (told,) = json.loads(written("json", turns, article_index))["turns"]
    assert [cited["holds"] for cited in told["citations"]] == [False, True, True, True]
    for form in ("markdown", "html"):
        text = written(form, turns, article_index)
        assert "turn 1, correction: its words or offsets were changed" in text.replace("\\", "")
        assert "“Nor does the SCO hold a unified position, as India agreed" not in text


def test_an_export_of_nothing_quoted_needs_no_citation(article: PassageIndex) -> None:
    assert json.loads(written("json", [turn()], article))["documents"] == []
    assert "It quotes nothing." in written("markdown", [], article)


def summed_up(*sentences: tuple[str, list[int]], quotes: tuple[Quote, ...]) -> dict[str, object]:
    told = turn(*quotes)
    written_by_model = [{"text": text, "quotes": cited} for text, cited in sentences]
    told["reply"] = {**told["reply"], "summary": {"sentences": written_by_model, "removed": 1}}  # type: ignore[dict-item]
    return told


def test_a_summary_is_marked_as_a_model_s_and_stands_in_no_quotation_marks(
    article: PassageIndex, refused: Quote
) -> None:
    turns = [summed_up(("India refused to join the statement.", [1]), quotes=(refused,))]
    for form in ("markdown", "html"):
        text = html.unescape(written(form, turns, article)).replace("\\", "")
        assert "Written by a model from the quotes below: India refused to join the statement. (quote 1)" in text
        assert "1 sentence removed: not backed by the quotes." in text
        assert "“India refused to join the statement.”" not in text
        assert "> Written" not in text
    told = json.loads(written("json", turns, article))
    Draft202012Validator(SCHEMA).validate(told)
    assert told["turns"][0]["reply"]["summary"]["sentences"][0]["quotes"] == [1]
    assert [citation["part"] for citation in told["turns"][0]["citations"]] == ["quotes"]


def test_a_summary_is_not_believed_but_checked_again(article: PassageIndex, refused: Quote) -> None:
    changed = replace(refused, exact="India agreed to join the statement on June 14")
    forged = [
        summed_up(("India agreed to join the statement.", [1]), quotes=(refused,)),
        summed_up(("India refused to join the statement.", [2]), quotes=(refused,)),
        summed_up(("“India refused”, <b>it says</b>.", [1]), quotes=(refused,)),
        # What its own quote backs, when that quote does not hold.
        summed_up(("India agreed to join the statement.", [1]), quotes=(changed,)),
    ]
    for one in forged:
        assert json.loads(written("json", [one], article))["turns"][0]["reply"]["summary"] == {
            "sentences": [],
            "removed": 2,
        }
        assert "2 sentences removed" in written("markdown", [one], article)
        assert "A model wrote nothing that the quotes below back." in written("html", [one], article)


FORGERIES = {
    "exact": "India agreed to join the statement on June 14",
    "start": 5079,
    "paragraph": 3,
    "heading": "Another heading",
    "title": "Another title",
    "prefix": "x",
    "document_sha256": "0" * 64,
    "document": "another.txt",
    "answer_start": 1,
}


@pytest.mark.parametrize("field", FORGERIES)
def test_a_quote_that_was_changed_is_named_in_every_form(article: PassageIndex, refused: Quote, field: str) -> None:
    turns = [turn(refused), turn(refused, replace(refused, **{field: FORGERIES[field]}))]
    (broken,) = [held for held in recheck(read_turns(turns), article) if held.problem]
    assert broken.name == "turn 2, quote 2"
    told = json.loads(written("json", turns, article))
    assert [c["holds"] for t in told["turns"] for c in t["citations"]] == [True, True, False]
    assert (told["holds"], told["turns"][1]["citations"][1]["problem"]) == (False, broken.problem)
    for form in ("markdown", "html"):
        text = written(form, turns, article)
        assert "1 of its 3 quotes no longer hold" in text
        assert "turn 2, quote 2" in text
        assert text.count("“India refused") <= 2
        assert "“India agreed" not in text


def test_a_document_that_changed_breaks_the_quote_and_where_the_words_stand_now_is_told() -> None:
    before = index_of({"a.txt": "The red fox sleeps in the old barn tonight.\n"})
    after = index_of({"a.txt": "New words first.\n\nThe red fox sleeps in the old barn tonight.\n"})
    (held,) = recheck(read_turns([turn(quote(before, "The red fox sleeps in the old barn"))]), after)
    assert held.problem == "The document has changed since; the same words stand in “a”, paragraph 2"


def test_a_repetition_that_is_gone_or_misnamed_is_named() -> None:
    both = index_of({"a.txt": "The red fox sleeps here.\n", "b.txt": "The red fox sleeps here.\n"})
    said, again = (one.quote(1) for one in Finder.of(both).exact("The red fox sleeps"))
    place = Place(**{field.name: getattr(again, field.name) for field in fields(Place)})
    for index, other in ((index_of({"a.txt": "The red fox sleeps here.\n"}), place), (both, replace(place, title="B"))):
        (held,) = recheck(read_turns([turn(replace(said, also=(other,)))]), index)
        assert held.problem == "b.txt no longer says the same"
    assert not recheck(read_turns([turn(replace(said, also=(place,)))]), both)[0].problem


def test_files_with_the_same_bytes_and_other_cards_are_two_references() -> None:
    cards = {
        "copy.txt": {"author": "Finch", "title": "A copy"},
        "pump.txt": {"author": "Lind", "title": "Pumps"},
    }
    index = index_of(dict.fromkeys(cards, "The pump was fitted in 1931.\n"), cards)
    quotes = [one.quote(1) for one in Finder.of(index).exact("fitted in 1931")]
    told = json.loads(written("json", [turn(*quotes)], index))
    assert [cited["in_text"]["apa"] for cited in told["turns"][0]["citations"]] == [
        "(Finch, n.d., para. 1)",
        "(Lind, n.d., para. 1)",
    ]
    assert [(one["document"], one["references"]["apa"]) for one in told["documents"]] == [
        ("copy.txt", "Finch. (n.d.). A copy."),
        ("pump.txt", "Lind. (n.d.). Pumps."),
    ]
    assert len(told["csl_json"]) == 2
    assert written("html", [turn(*quotes)], index).count("sha256 <code>") == 2


def test_a_quote_of_a_document_that_is_gone_says_so() -> None:
    before = index_of({"a.txt": "The red fox sleeps in the old barn tonight.\n"})
    (held,) = recheck(read_turns([turn(quote(before, "The red fox sleeps"))]), index_of({"b.txt": "Other words."}))
    assert held.problem == "a.txt is not indexed here, and its words stand in no document"


def test_markdown_shows_the_words_of_a_hostile_document_and_runs_none_of_them() -> None:
    index = index_of({"a`.txt": HOSTILE})
    words = "1. <script>alert(1)</script> and <img src=http://evil.example/x> stay words, *all* of them."
    other = HOSTILE.strip().rpartition("\n\n")[2]
    text = written("markdown", [turn(quote(index, words), quote(index, other), question=HOSTILE)], index)
    page = MarkdownIt("commonmark", {"html": True}).enable("strikethrough").render(text)
    for tag in ("script", "img", "a href", "s>", "em", "ol"):
        assert f"<{tag}" not in page
    shown = html.unescape(re.sub(r"<[^>]+>", "", page))
    assert f"“{words}”" in shown
    assert f"“{other}”" in shown


def test_html_escapes_a_hostile_document_and_asks_nothing_of_any_host() -> None:
    index = index_of({"a.txt": HOSTILE}, {"a.txt": {"title": HOSTILE, "url": "https://example.org/a"}})
    words = "<script>alert(1)</script> and <img src=http://evil.example/x> stay words"
    cut = replace(quote(index, words), title=next(iter(index.documents.values())).title)
    page = written("html", [turn(cut, question=HOSTILE), turn(nearest=(cut,))], index)
    assert "<script" not in page
    assert "<img" not in page
    assert re.findall(r"<[a-z][^<>]*\b(?:src|srcset|action|poster|background|style)\s*=", page) == []
    assert re.findall(r"<link|@import|url\(", page) == []
    assert "default-src 'none'" in page
    assert '<i class="unseen" title="U+202E">' in page
    assert html.escape(words) in page.replace("&#10;", "\n")


def test_html_marks_the_words_that_answer_and_is_fit_for_dark_and_for_print(
    article: PassageIndex, refused: Quote
) -> None:
    page = written("html", [turn(replace(refused, answer_start=5084, answer_end=5091))], article)
    assert '<mark data-n="1">refused</mark>' in page
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page
    assert refused.document_sha256 in page


def test_half_a_character_in_a_question_does_not_stop_an_export(article: PassageIndex) -> None:
    for form in ("markdown", "html", "json"):
        assert "?" in written(form, [turn(question="\ud800")], article)


@pytest.mark.parametrize(
    "found",
    [
        None,
        3,
        "x",
        {},
        [3],
        [{}],
        [{"question": "x"}],
        [{"question": 1, "reply": {}}],
        [{"question": "x", "reply": {"kind": "answer"}}],
    ],
    ids=str,
)
def test_what_is_no_conversation_gets_one_line(found: object) -> None:
    with pytest.raises(BadInput, match=r"^not a conversation: [^\n]+; give one that was exported as JSON$"):
        read_turns(found)


def test_more_quotes_than_can_be_checked_at_once_get_one_line(refused: Quote) -> None:
    with pytest.raises(BadInput, match=r"^the conversation has 1,001 quotes; give at most 1,000 at a time$"):
        read_turns([turn(*[refused] * (MAX_QUOTES + 1))])
