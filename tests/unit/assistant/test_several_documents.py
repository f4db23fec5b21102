from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from fakes import index_of
from jsonschema import Draft202012Validator
from papers import column, pdf

from assistant import Answer, Assistant, Refusal
from assistant.__main__ import main
from assistant.answering import open_reader
from assistant.citations.conversation import read_turns
from assistant.citations.exporting import check_conversation, write
from assistant.commands import quote_commands
from assistant.commands.ask_commands import in_words
from assistant.judging.evidence import Evidence, choose
from assistant.quotes import grounding
from assistant.quotes.grounding import BadQuote
from assistant.quotes.repeated import elsewhere, figures, said
from assistant.selecting import BadSelection, select
from assistant.showing import render
from assistant.web.viewing import document_view
from index import IndexConfig, LiveIndex, OnnxEmbedder, rebuild

SCHEMA = json.loads((Path(__file__).parents[3] / "assistant" / "schemas" / "reply.schema.json").read_text("utf-8"))
QUESTION = "When did the Nordwind bridge open to traffic?"


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory, _minilm: OnnxEmbedder) -> Assistant:
    """Four documents on one bridge: a report, its copy as a PDF of two pages, one that disagrees, one on food."""
    folder = tmp_path_factory.mktemp("several")
    docs = folder / "docs"
    (docs / "old").mkdir(parents=True)
    opened = "The Nordwind bridge opened to traffic on 3 May 1987."
    (docs / "report.txt").write_text(f"Bridges\n\n{opened} It cost 40 million crowns.\n", "utf-8")
    copy = [column(["A cover page that says nothing of note."]), column([f"{opened.replace(' o', '  o')}"])]
    (docs / "copy.pdf").write_bytes(pdf(copy, {"Title": "The Scan"}))
    (docs / "old" / "report.txt").write_text(
        "Old Report\n\nThe Nordwind bridge opened to traffic on 9 June 1988.\n", "utf-8"
    )
    (docs / "food.md").write_text("# Food\n\nThe cook boils potatoes for an hour every Monday.\n", "utf-8")
    config = IndexConfig(docs, folder / "built")
    rebuild(config, _minilm)
    return Assistant(LiveIndex(config, _minilm.identity), _minilm, open_reader()[0])


def test_what_two_documents_say_alike_is_quoted_once_with_both_places(several: Assistant) -> None:
    reply = several.ask(QUESTION)
    assert isinstance(reply, Answer)
    (quote,) = [quote for quote in reply.quotes if "1987" in quote.exact]
    assert (quote.document, quote.page) == ("copy.pdf", 2)
    assert [(place.document, place.page, place.exact) for place in quote.also] == [
        ("report.txt", None, "The Nordwind bridge opened to traffic on 3 May 1987.")
    ]


def test_each_line_of_an_export_that_no_longer_holds_is_named_where_quotes_have_other_places(
    several: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    index, _ = several.index()
    turns = [{"question": QUESTION, "reply": several.ask(QUESTION).to_json()}] * 2
    written, *_ = write("json", check_conversation(read_turns(json.loads(json.dumps(turns))), index))
    lines = written.decode("utf-8").split("\n")
    _, _, second, _ = [n for n, line in enumerate(lines, start=1) if '"exact": ' in line and "1987" in line]
    lines[second - 1] = lines[second - 1].replace("1987", "1986")
    file = tmp_path / "chat.json"
    file.write_text("\n".join(lines), "utf-8")
    monkeypatch.setattr(quote_commands, "open_documents", lambda: (index, ()))
    assert main(["verify", "--export", str(file)]) == 1
    assert capsys.readouterr().out.startswith(f"{file}: line {second}, turn 2, quote ")


def test_a_document_that_disagrees_is_heard_too(several: Assistant) -> None:
    reply = several.ask(QUESTION)
    assert isinstance(reply, Answer)
    assert {quote.document for quote in reply.quotes} == {"copy.pdf", "old/report.txt"}


def test_a_reply_of_several_documents_follows_the_published_schema(several: Assistant) -> None:
    for question in (QUESTION, "Who painted the Nordwind bridge blue?"):
        Draft202012Validator(SCHEMA).validate(json.loads(json.dumps(several.ask(question).to_json())))


def test_only_the_chosen_documents_are_quoted(several: Assistant) -> None:
    reply = several.ask(QUESTION, documents=["old/report.txt"])
    assert isinstance(reply, Answer)
    assert [(quote.document, quote.also) for quote in reply.quotes] == [("old/report.txt", ())]


def test_a_chosen_document_that_does_not_answer_refuses_with_its_own_passages(several: Assistant) -> None:
    reply = several.ask(QUESTION, documents=["food.md"])
    assert isinstance(reply, Refusal)
    assert [quote.document for quote in reply.nearest] == ["food.md"]
    assert reply.reason == "The chosen document does not answer this; it never mentions “Nordwind”."


def test_a_document_is_named_by_its_path_its_end_or_its_folder(several: Assistant) -> None:
    index, _ = several.index()
    assert select(["report.txt", "old/"], index) == {"report.txt", "old/report.txt"}
    assert select(["copy.pdf"], index) == {"copy.pdf"}
    assert select([], index) == frozenset()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("reports.txt", "there is no document 'reports.txt' in the index; did you mean report.txt?"),
        ("zzz", "there is no document 'zzz' in the index; it holds copy.pdf, food.md, report.txt and more"),
        ("", "there is no document '' in the index; it holds copy.pdf, food.md, report.txt and more"),
        ("new/", "there is no document 'new/' in the index; it holds"),
    ],
)
def test_a_name_that_stands_for_no_document_is_refused_with_a_hint(several: Assistant, name: str, why: str) -> None:
    with pytest.raises(BadSelection) as caught:
        several.ask(QUESTION, documents=[name])
    assert str(caught.value).startswith(why)


def test_the_end_of_a_path_that_two_documents_share_is_refused(several: Assistant) -> None:
    index, _ = several.index()
    index.documents["new/zed.txt"] = index.documents["old/zed.txt"] = index.documents["food.md"]
    try:
        with pytest.raises(BadSelection, match=r"stands for 2 documents \(new/zed.txt, old/zed.txt\); name one by its"):
            select(["zed.txt"], index)
    finally:
        del index.documents["new/zed.txt"], index.documents["old/zed.txt"]


def test_a_place_that_was_changed_does_not_leave(several: Assistant) -> None:
    index, _ = several.index()
    reply = several.ask(QUESTION)
    assert isinstance(reply, Answer)
    quote = next(quote for quote in reply.quotes if quote.also)
    for change in ({"exact": "It opened in 1986."}, {"start": 0}, {"page": 1}, {"document": "none.txt"}):
        with pytest.raises(BadQuote):
            grounding.verify([replace(quote, also=(replace(quote.also[0], **change),))], index)  # type: ignore[arg-type]
    with pytest.raises(BadQuote, match="does not begin on page 1"):
        grounding.verify([replace(quote, page=1)], index)


def test_the_terminal_shows_pages_and_every_place(several: Assistant) -> None:
    shown = in_words(several.ask(QUESTION))
    assert "    — The Scan, page 2, paragraph 2 (copy.pdf)\n    also: Bridges, paragraph 1 (report.txt)" in shown


def test_the_chat_shows_pages_and_every_place(several: Assistant) -> None:
    shown = render.reply(several.ask(QUESTION))
    assert "<cite>The Scan</cite><span>page 2, paragraph 2</span>" in shown
    assert '<span class="also">also in <cite>Bridges</cite>, paragraph 1</span>' in shown


def test_the_source_view_of_a_pdf_has_its_pages_and_what_made_its_text(several: Assistant) -> None:
    document = several.index()[0].documents["copy.pdf"]
    view = document_view(document)
    assert view["pages"] == 2
    assert re.fullmatch(r"pdf \d+, pypdf [\d.]+", str(view["extractor"]))
    assert view["blocks"] == [
        {"kind": "paragraph", "start": 0, "end": 39, "paragraph": 1, "page": 1},
        {"kind": "paragraph", "start": 41, "end": 93, "paragraph": 2, "page": 2},
    ]


def test_an_underlined_heading_of_plain_text_is_one_in_the_source_view() -> None:
    text = "Ponds\n=====\n\nThey are wet.\n\nLakes\n\nThey are deep.\n"
    view = document_view(index_of({"a.txt": text}).documents["a.txt"])
    blocks = [(block["kind"], text[block["start"] : block["end"]]) for block in view["blocks"]]  # type: ignore[attr-defined]
    assert blocks == [
        ("heading", "Ponds"),
        ("aside", "====="),
        ("paragraph", "They are wet."),
        ("heading", "Lakes"),
        ("paragraph", "They are deep."),
    ]


def test_a_numbered_heading_of_plain_text_and_the_one_over_it_are_headings_in_the_source_view() -> None:
    text = "2. RENT\n\n2.1 Sums due\n\nThe rent is due on the first of every month.\n\n2.2 Late sums\n\nThey do.\n"
    view = document_view(index_of({"a.txt": text}).documents["a.txt"])
    blocks = [text[block["start"] : block["end"]] for block in view["blocks"] if block["kind"] == "heading"]  # type: ignore[attr-defined]
    assert blocks == ["2. RENT", "2.1 Sums due", "2.2 Late sums"]


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("India joined the group in 2017.", "India  joined the group in 2017", True),
        ("India joined the group in 2017.", "India joined that group in 2017.", False),
        ("Members must bring a guest.", "Members may bring a guest.", False),
        ("It runs to Lido from Porto.", "It runs from Lido to Porto.", False),
        ("The co\u00adoperation is of ﬁve – or six.", "The cooperation is of five - or six.", True),
        ("It costs $5.", "It costs €5.", False),
        ("It isn’t open on “Mondays”.", "It isn't open on Mondays.", True),
        ("India joined the group in 2017.", "India joined the group in 2018.", False),
        ("India joined the group in 2017.", "India had not joined the group in 2017.", False),
        ("India joined the group in 2017.", "Pakistan joined the group in 2017.", False),
        ("Dogs bite men.", "Men bite dogs.", False),
    ],
)
def test_two_sentences_say_the_same_only_but_for_typography(one: str, other: str, alike: bool) -> None:
    assert (said(one) == said(other)) is alike


@pytest.mark.parametrize(
    ("texts", "quoted"),
    [
        (["The yearly bonus of an employee is 900 euros. The yearly bonus of an employee is 1,200 euros."], 2),
        (["The yearly bonus of an employee is 900 euros. The bonus of an employee is 900 euros yearly."], 1),
        (["Members of the club must bring a guest.", "Members of the club may bring a guest."], 2),
        (["Members of the club must bring a “guest”.", 'Members of the club must bring a "guest".'], 1),
    ],
)
def test_what_differs_in_a_figure_or_between_documents_in_a_word_is_quoted_too(texts: list[str], quoted: int) -> None:
    index = index_of({f"{number}.txt": text for number, text in enumerate(texts)})
    weighed = [
        Evidence(passage, sentence, 0.998, 1.0, 1.0, True)
        for passage in index.passages
        for sentence in passage.sentences
    ]
    assert len(weighed) == 2
    assert len(choose(weighed, most=3)) == quoted


def test_figures_tell_numbers_and_denials() -> None:
    assert figures("No more than 1,200 of 30") == (frozenset({"1200", "30"}), 1)


def test_of_one_document_alone_nothing_is_looked_for_elsewhere(assistant: Assistant) -> None:
    index, _ = assistant.index()
    assert elsewhere(index.passages[0], index.passages[0].span, (), index) == []


def test_ask_takes_the_documents_to_look_at(
    several: Assistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(Assistant, "open", lambda environ=None: several)
    assert main(["ask", QUESTION, "--document", "old/", "--json"]) == 0
    assert {quote["document"] for quote in json.loads(capsys.readouterr().out)["quotes"]} == {"old/report.txt"}
    assert main(["ask", QUESTION, "--document", "none.txt"]) == 2
    assert capsys.readouterr().err.startswith("there is no document 'none.txt' in the index;")


def test_a_batch_names_documents_by_the_line_or_for_all(
    several: Assistant, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(Assistant, "open", lambda environ=None: several)
    batch = tmp_path / "batch.jsonl"
    lines = [{"id": 1, "question": QUESTION}, {"id": 2, "question": QUESTION, "documents": ["report.txt"]}]
    batch.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert main(["ask", "--batch", str(batch), "--document", "old/"]) == 0
    replies = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [{quote["document"] for quote in reply["quotes"]} for reply in replies] == [
        {"old/report.txt"},
        {"report.txt"},
    ]
