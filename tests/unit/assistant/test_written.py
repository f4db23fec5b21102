"""Written questions as the reader is trained on them: what is asked behind the mark, and what is held back."""

import json
import lzma
import random
from pathlib import Path

import pytest

pytest.importorskip("scipy")

from assistant.reader.corpus import (
    CORRECTED,
    UNSAID,
    WRITTEN,
    Item,
    Unit,
    held_back,
    load_written,
)
from assistant.reader.data import Example, Sampler
from assistant.reader.encode import encode
from assistant.reader.mixture import ELSEWHERE
from assistant.reader.neighbours import Neighbours
from assistant.reader.windows import CLS, MARK, SEP, open_tokenizer, pieces
from index.embedding import packaged_minilm

PACT = (
    "The pact was signed at Varn in 1931.",
    "Ostia is still a member of the pact, though it has voted against it twice.",
    "Its secretary is chosen for four years.",
)


def item(question: str, gold: tuple[int, ...], kind: str, sentences: tuple[str, ...] = PACT) -> Item:
    return Item(WRITTEN, question, sentences, gold, None, True, group=1, kind=kind)


ITEMS = [
    item("Why did Ostia leave the pact?", (1,), CORRECTED),
    item("Why does the pact have no flag?", (), UNSAID),
    item("For how long does the secretary of the pact serve?", (2,), "paraphrase"),
    item("Who was the first secretary of the pact?", (), "detail"),
    Item("nq", "Where was the pact signed?", PACT, (0,), "Varn", True, group=1),
]


@pytest.fixture(scope="module")
def drawn() -> list[list[Example]]:
    """Of each of ITEMS, four hundred examples as training draws them."""
    sampler = Sampler(ITEMS, Neighbours.build(ITEMS))
    rng = random.Random(0)
    return [[sampler.draw(place, rng) for _ in range(400)] for place in range(len(ITEMS))]


def test_a_false_premise_is_corrected_behind_the_mark_and_a_near_miss_without_it(drawn: list[list[Example]]) -> None:
    marked = [example for example in drawn[0] if example.question.startswith(MARK)]
    bare = [example for example in drawn[0] if not example.question.startswith(MARK)]
    assert 200 < len(marked) < 320
    assert all([example.sentences[place] for place in example.gold] == [PACT[1]] for example in marked)
    assert bare
    assert all(example.gold == () and PACT[1] in example.sentences for example in bare)


@pytest.mark.parametrize("place", [1, 2, 3])
def test_behind_the_mark_nothing_corrects_what_is_not_false(drawn: list[list[Example]], place: int) -> None:
    marked = [example for example in drawn[place] if example.question.startswith(MARK)]
    assert marked
    assert all(example.gold == () and example.answer is None for example in marked)


def test_without_the_mark_written_questions_are_what_they_were(drawn: list[list[Example]]) -> None:
    bare = [example for example in drawn[3] if not example.question.startswith(MARK)]
    assert len(bare) > 320
    assert all(example.gold == () for example in bare)
    answered = [example for example in drawn[2] if not example.question.startswith(MARK) and example.gold]
    assert all([example.sentences[place] for place in example.gold] == [PACT[2]] for example in answered)


def test_one_passage_in_ten_with_a_false_premise_is_held_back_whole() -> None:
    passages = [(f"The mill at Orr had {count} wheels.", "It burnt down later.") for count in range(300)]
    written = [item("Why was the mill never built?", (0,), CORRECTED, passage) for passage in passages]
    written += [item("Who owned the mill?", (), "detail", passage) for passage in passages]
    written += [item("Who owned it?", (), "detail", PACT)]
    back = held_back(written)
    assert 30 < len(back) < 100
    assert len(back) == 2 * len({each.sentences for each in back})
    assert PACT not in {each.sentences for each in back}


def test_a_written_questions_kind_is_read_from_the_file(tmp_path: Path) -> None:
    file = tmp_path / "written.jsonl.xz"
    rows = [
        {"p": "w1-1", "sents": list(PACT)},
        {"p": "w1-1", "q": ITEMS[0].question, "gold": [1], "ans": None, "kind": CORRECTED},
        {"p": "unknown", "q": "Who?", "gold": [], "ans": None, "kind": "detail"},
    ]
    with lzma.open(file, "wt") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    (read,) = load_written(file, [])
    assert (read.kind, read.gold, read.sentences) == (CORRECTED, (1,), PACT)


HARBOUR = (
    ("The harbour opened in 1902.", "It was dredged twice."),
    ("The pilots are paid by the town.", "In 1911 they asked for more."),
    ("The town opened its school in 1911.",),
)
ASKED = "When was the harbour opened?"


@pytest.fixture
def document(tmp_path: Path) -> list[Item]:
    """Three questions on a document known as a whole: answered in one passage, in two, and nowhere."""
    file = tmp_path / "written.jsonl.xz"
    rows: list[dict[str, object]] = [
        {"p": f"h-{place}", "sents": list(sentences), "head": "The harbour"} for place, sentences in enumerate(HARBOUR)
    ]
    rows += [
        {"p": "h-0", "q": ASKED, "gold": [0], "ans": "1902", "kind": "plain"},
        {"p": "h-1", "q": "What happened in 1911?", "gold": [1], "ans": None, "kind": "broad", "also": ["h-2"]},
        {"p": "h-1", "q": "What did the pilots get in 1911?", "gold": [], "ans": None, "kind": "twist"},
    ]
    with lzma.open(file, "wt") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in rows)
    return load_written(file, [])


def test_a_documents_other_passages_do_not_answer_unless_it_says_so(document: list[Item]) -> None:
    others = [[unit.sentences for unit in item.siblings] for item in document]
    assert others == [[HARBOUR[1], HARBOUR[2]], [HARBOUR[0]], [HARBOUR[0], HARBOUR[2]]]
    assert {unit.heading for item in document for unit in item.siblings} == {"The harbour"}
    assert {unit.group for item in document for unit in item.siblings} == {document[0].group}


def test_a_document_is_asked_in_the_passage_that_answers_and_in_others(document: list[Item]) -> None:
    sampler = Sampler(document, Neighbours.build(document))
    rng = random.Random(0)
    drawn = [sampler.draw(0, rng) for _ in range(600)]
    elsewhere = [example for example in drawn if example.kind == ELSEWHERE and not example.question.startswith(MARK)]
    assert 60 < len(elsewhere) < 200
    assert all(example.gold == () and not set(example.sentences) & set(HARBOUR[0]) for example in elsewhere)
    answered = [example for example in drawn if example.gold]
    assert len(answered) > 200
    assert {example.heading for example in answered} == {"", "The harbour."}
    assert sum(not example.heading for example in answered) < 0.2 * len(answered)


def test_a_windows_heading_stands_before_its_sentences_and_is_not_judged() -> None:
    tokenizer = open_tokenizer(str(packaged_minilm() / "tokenizer.json"))
    example = Example("answered", WRITTEN, ASKED, HARBOUR[0], (0,), "1902", "The harbour.")
    (encoded,) = encode([example], tokenizer)
    question, heading = pieces(tokenizer, [ASKED, "The harbour."])
    assert encoded.window.ids[: encoded.window.spans[0].first] == (CLS, *question.ids, SEP, *heading.ids)
    assert encoded.answer is not None
    first, end = encoded.answer
    assert encoded.window.ids[first:end] == pieces(tokenizer, ["1902"])[0].ids
    assert len(encoded.window.spans) == 2


def test_of_whole_documents_one_in_twenty_is_held_back() -> None:
    written = []
    for number in range(400):
        passages = [(f"The mill at Orr {number} had {wheels} wheels.", "It burnt.") for wheels in (3, 4, 5)]
        for own in passages:
            siblings = tuple(Unit(other, number) for other in passages if other != own)
            for kind, gold in ((CORRECTED, (0,)), ("detail", ())):
                written.append(
                    Item(WRITTEN, "Why did it flood?", own, gold, None, True, number, None, kind, "", siblings)
                )
    back = held_back(written)
    groups = {item.group for item in back}
    assert 8 < len(groups) < 40
    assert len(back) == 6 * len(groups)


def test_a_document_that_says_so_is_held_back_whole(tmp_path: Path) -> None:
    rows = [
        {"p": f"{name}-{number}", "head": "Fees", "sents": [f"Room {number} costs {number} marks.", "It is small."]}
        | ({"held": True} if name == "kept" else {})
        for name in ("kept", "free")
        for number in (1, 2)
    ]
    asked = [{"p": row["p"], "q": "What does it cost?", "gold": [0], "ans": None, "kind": "plain"} for row in rows]
    file = tmp_path / "written.xz"
    with lzma.open(file, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(row) + "\n" for row in (*rows, *asked))
    written = load_written(file, [])
    assert [item.held for item in written] == [True, True, False, False]
    assert held_back(written) == written[:2]
    assert len({item.group for item in written}) == 2
