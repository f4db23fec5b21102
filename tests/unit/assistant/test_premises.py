import json
import shutil
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from fakes import TaughtReader, index_of
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant import Answer, Assistant, Reason, Refusal
from assistant.answering import READER_FOLDER, open_reader
from assistant.judging import answerability
from assistant.judging.evidence import Evidence
from assistant.judging.premises import CUT, SENTENCES, correcting
from assistant.quotes import grounding
from assistant.reader.runtime import Reader
from assistant.reading import nearest
from assistant.replies import quotes_of
from assistant.serving.restoring import held, read_reply
from assistant.showing import render
from index import PassageIndex, Span
from index.embedding import packaged_minilm

PACT = index_of(
    {
        "pact.txt": "The pact\n\nThe pact was made in 1990. India is still a member of the pact. Nine states are.\n\n"
        "Its seat is in Oslo.\n\nIts flag is blue.\n\nIts hymn is long.\n"
    }
)
QUESTION = "Why did India leave the pact?"


def weighed(index: PassageIndex) -> list[Evidence]:
    """Every sentence of ``index``, the first the best."""
    return [
        Evidence(passage, sentence, 0.9, 0.9, 0.5, 0.5, True)
        for passage in index.passages
        for sentence in passage.sentences
    ]


def test_the_sentence_that_contradicts_the_question_is_found() -> None:
    found = correcting(QUESTION, weighed(PACT), TaughtReader("still a member", 3.0))
    assert found is not None
    assert found.sentence.span.of(found.passage.document.text) == "India is still a member of the pact."
    assert found.log_odds == 3.0
    assert found.score == pytest.approx(0.9526, abs=1e-4)
    assert found.answer is None


@pytest.mark.parametrize(("log_odds", "shown"), [(CUT, True), (CUT - 0.01, False), (-30.0, False)])
def test_it_is_shown_from_the_cut_on(log_odds: float, shown: bool) -> None:
    assert (correcting(QUESTION, weighed(PACT), TaughtReader("still a member", log_odds)) is not None) is shown


def test_the_question_is_asked_behind_the_mark_of_the_passages_of_the_best_sentences_alone() -> None:
    reader = TaughtReader("nowhere", 3.0)
    best = weighed(PACT)[2:]
    assert correcting(QUESTION, best, reader) is None
    [(asked, runs, headings)] = reader.asked
    assert asked == "not so: Why did India leave the pact?"
    # Whole passages: a sentence beside a good one is read with it.
    assert [run[0] for run in runs] == ["The pact was made in 1990.", "Its seat is in Oslo.", "Its flag is blue."]
    assert (len(runs), len(runs[0])) == (SENTENCES, 3)
    assert headings == ["The pact."] * 3


def test_weights_that_were_not_taught_are_not_asked() -> None:
    reader = TaughtReader("still a member", 9.0, corrects=False)
    assert correcting(QUESTION, weighed(PACT), reader) is None
    assert reader.asked == []


def test_the_best_sentence_itself_is_taken_to_answer_not_to_contradict() -> None:
    assert correcting(QUESTION, weighed(PACT)[1:], TaughtReader("still a member", 9.0)) is None


def test_where_nothing_was_weighed_nothing_is_found() -> None:
    assert correcting(QUESTION, [], TaughtReader("", 9.0)) is None


@pytest.mark.parametrize(("says", "corrects"), [(True, True), (False, False), (None, False), ("yes", False)])
def test_the_description_of_the_weights_says_whether_they_were_taught(
    tmp_path: Path, says: object, corrects: bool
) -> None:
    shutil.copytree(READER_FOLDER, tmp_path / "weights")
    file = tmp_path / "weights" / "reader.json"
    card = json.loads(file.read_text("utf-8"))
    card.pop("corrects", None)
    file.write_text(json.dumps(card if says is None else card | {"corrects": says}), "utf-8")
    assert Reader.open(tmp_path / "weights", packaged_minilm()).corrects is corrects


def test_the_real_reader_is_asked_behind_the_mark_whatever_it_was_taught(
    assistant: Assistant, article_index: PassageIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = open_reader()[0]
    assert reader is not None
    monkeypatch.setattr(reader, "corrects", True)
    for question in ("Why did Israel join the statement on June 14?", "Why did India leave the pact?" * 9):
        found = correcting(question, assistant.consider(question, article_index).weighed, reader)
        assert found is None or (found.log_odds or 0) >= CUT


def test_a_refusal_shows_the_sentence_and_says_no_more_of_it(corrected: Refusal, article_index: PassageIndex) -> None:
    said = corrected.correction
    assert said is not None
    assert said.exact == "Nor does the SCO hold a unified position, as India refused to join the statement on June 14."
    assert article_index.documents[said.document].text[said.start : said.end] == said.exact
    assert corrected.reason == "The documents do not answer this; a sentence in them may contradict the question."
    assert [quote.number for quote in quotes_of(corrected)] == [1, 2, 3, 4]
    grounding.verify(quotes_of(corrected), article_index)


def test_an_answer_and_what_was_never_looked_for_are_not_corrected(correcting: Assistant) -> None:
    for question in ("When did India join?", "", "Hello!", "Warum hat Indien die Erklärung nicht unterzeichnet?"):
        reply = correcting.ask(question)
        assert reply.to_json()["correction"] is None
        assert isinstance(reply, Answer) or reply.reason_code is not Reason.NOT_ANSWERED


@pytest.mark.parametrize(
    ("question", "quoted_first"),
    [("Did India join the statement of June 14?", True), ("Whom did the SCO condemn on June 14?", False)],
)
def test_an_unsure_answer_gives_way_to_another_sentence_that_contradicts_the_question(
    correcting: Assistant, monkeypatch: pytest.MonkeyPatch, question: str, quoted_first: bool
) -> None:
    monkeypatch.setattr(answerability, "CUT", 0.0)
    monkeypatch.setattr(answerability, "SURE", 0.0)
    sure = correcting.ask(question)
    assert isinstance(sure, Answer)
    monkeypatch.setattr(answerability, "SURE", 1.1)
    reply = correcting.ask(question)
    assert ("India refused to join" in sure.quotes[0].exact) is quoted_first
    if quoted_first:
        assert isinstance(reply, Answer)
        assert reply.quotes == sure.quotes
        return
    assert isinstance(reply, Refusal)
    assert reply.correction is not None
    assert "India refused to join the statement" in reply.correction.exact
    assert reply.confidence == pytest.approx(sure.confidence * (1 - reply.correction.score), abs=1e-3)


def test_a_passage_that_is_the_correction_and_no_more_is_not_shown_twice(
    corrected: Refusal, correcting: Assistant, article_index: PassageIndex
) -> None:
    hits = correcting.consider(corrected.question, article_index).hits
    whole = nearest(hits, 3, article_index)
    beside = nearest(hits, 3, article_index, correction=replace(whole[0], number=1))
    assert [(quote.start, quote.number) for quote in beside[:2]] == [(quote.start, quote.number) for quote in whole[1:]]
    assert len(beside) == 3
    # One that holds more than the correction stays, and is explained.
    held = [quote for quote in corrected.nearest if render.around(quote, corrected.correction)]
    assert [corrected.correction.exact in quote.exact for quote in held] == [True]  # type: ignore[union-attr]


def test_only_what_the_documents_were_looked_through_for_can_be_corrected(corrected: Refusal) -> None:
    with pytest.raises(ValueError, match="looked through"):
        replace(corrected, reason_code=Reason.SMALL_TALK)


HOSTILE = st.lists(
    st.one_of(
        st.sampled_from(
            ["Apples are red. ", "No, never! ", "Heading\n\n", "\n\n", "\u202e", "<script>x</script> ", "🦜"]
        ),
        st.text(st.characters(exclude_categories=("Cs",)), max_size=8),
    ),
    max_size=30,
).map("".join)


@settings(deadline=None, max_examples=60)
@given(HOSTILE, st.floats(-9, 9), st.randoms(use_true_random=False))
def test_a_correction_is_always_the_exact_words_of_its_document(text: str, log_odds: float, chance: Random) -> None:
    index = index_of({"a.txt": f"India is still a member. {text}"})
    best = weighed(index)
    chance.shuffle(best)
    texts = [evidence.sentence.span.of(evidence.passage.document.text) for evidence in best]
    first = texts[min(1, len(texts) - 1)]
    found = correcting(QUESTION, best, TaughtReader(first, log_odds))
    # A tie is the best sentence's, and then there is none.
    assert (found is not None) == (log_odds >= CUT and first not in texts[0])
    if found is None:
        return
    said = grounding.cut(found.passage, found.sentence.span, number=1, score=found.score)
    refusal = Refusal("q", "q", 0.1, Reason.NOT_ANSWERED, "No.", (), "g", 1.0, correction=said)
    document = index.documents["a.txt"]
    assert said.exact == Span(said.start, said.end).of(document.text)
    assert first in said.exact
    grounding.verify(quotes_of(refusal), index)
    assert read_reply(json.loads(json.dumps(refusal.to_json()))) == refusal
    assert held(refusal, lambda *_: (index, document), {}) == refusal
    changed = replace(refusal, correction=replace(said, exact=said.exact + "!"))
    assert held(changed, lambda *_: (index, document), {}) is None
