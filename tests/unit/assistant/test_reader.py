import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from assistant import Answer, Assistant, Refusal
from assistant.answering import READER_FOLDER, open_reader
from assistant.judging.answerability import SENTENCES, together
from assistant.judging.evidence import Evidence, read, shortfalls
from assistant.reader.runtime import (
    HIGHEST,
    LEAST,
    MAX_ANSWER_TOKENS,
    TOGETHER,
    UNREAD,
    Reader,
    ReaderCorrupt,
    ReaderMissing,
    best_span,
)
from assistant.reader.windows import MAX_WINDOW, open_tokenizer, pieces, windows
from index import IndexConfig, LiveIndex, OnnxEmbedder, PassageIndex
from index.embedding import packaged_minilm

TOKENIZER = packaged_minilm() / "tokenizer.json"


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader.open(READER_FOLDER, packaged_minilm())


def test_the_sentence_that_answers_is_told_from_one_on_the_same_topic(reader: Reader) -> None:
    run = ["The bridge was opened in 1932.", "Its towers are painted grey.", "The bridge spans the harbour."]
    odds = [reading.log_odds for reading in reader.read("When was the bridge opened?", [run])[0]]
    assert odds.index(max(odds)) == 0


def test_what_is_not_said_gets_lower_odds_than_what_is(reader: Reader) -> None:
    run = ["The bridge was opened in 1932.", "Its towers are painted grey."]
    said, unsaid = (
        max(reading.log_odds for reading in reader.read(question, [run])[0])
        for question in ("When was the bridge opened?", "Who designed the bridge?")
    )
    assert said > unsaid + 1


def test_the_short_answer_is_a_slice_of_the_sentence(reader: Reader) -> None:
    sentence = "India, which joined in 2017, must balance its engagement – “carefully”."
    [[reading]] = reader.read("When did India join?", [[sentence]])
    assert sentence[reading.start : reading.end] == "2017"


def test_every_sentence_of_a_long_run_is_in_some_window() -> None:
    tokenizer = open_tokenizer(str(TOKENIZER))
    question, *run = pieces(
        tokenizer, ["Who?", *(f"Sentence number {n} says a little." for n in range(40)), "w " * 600]
    )
    made = windows(question, run)
    assert {span.sentence for window in made for span in window.spans} == set(range(41))
    assert max(len(window.ids) for window in made) <= MAX_WINDOW


def test_a_heading_goes_before_every_window_and_is_not_judged() -> None:
    tokenizer = open_tokenizer(str(TOKENIZER))
    question, heading, *run = pieces(
        tokenizer, ["Who?", "The harbour.", *(f"Sentence number {n} says a little." for n in range(40))]
    )
    made = windows(question, run, heading)
    assert len(made) > 1
    before = len(question.ids) + 2
    for window in made:
        assert window.ids[before : before + len(heading.ids)] == heading.ids
        assert window.spans[0].first == before + len(heading.ids)
    assert {span.sentence for window in made for span in window.spans} == set(range(40))


def test_a_heading_tells_what_a_sentence_is_about(reader: Reader) -> None:
    sentence = ["It was opened in 1932."]
    [[own]], [[other]] = (
        reader.read("When was the Orne bridge opened?", [sentence], [heading])
        for heading in ("The Orne bridge.", "The Marrow tunnel.")
    )
    assert own.log_odds > other.log_odds


def test_a_window_is_read_the_same_whatever_else_is_read(reader: Reader) -> None:
    run = ["The bridge was opened in 1932.", "Its towers are painted grey."]
    [alone] = reader.read("When was the bridge opened?", [run])
    [beside, _] = reader.read("When was the bridge opened?", [run, ["A very much longer run. " * 12]])
    assert alone == beside


RUN = ["The bridge was opened in 1932.", "Its towers are painted grey.", "The bridge spans the harbour."]
ELSEWHERE = [f"Boat number {n} leaves the harbour at noon." for n in range(20)]


def test_what_loses_nothing_is_read_as_without_losses(reader: Reader) -> None:
    runs = [["The towers are painted grey."]] * 2 + [ELSEWHERE]
    question = "Who designed the bridge?"
    assert reader.read(question, runs, (), [[0.0] * len(run) for run in runs]) == reader.read(question, runs)


def test_the_likeliest_are_read_and_what_could_not_matter_is_not(reader: Reader) -> None:
    runs = [ELSEWHERE, [RUN[1]], [RUN[2]], RUN, ["Nobody swims."]]
    readings = reader.read("When was the bridge opened?", runs, (), [[3.0] * 20, [0.5], [1.0], [0.0] * 3, [2.0]])
    assert all(reading is UNREAD for reading in readings[0][8:])
    assert all(reading is not UNREAD for run in readings[1:] for reading in run)
    assert readings[3] == reader.read("When was the bridge opened?", [RUN])[0]


def test_less_is_read_once_a_sentence_surely_answers(reader: Reader) -> None:
    others = [[text] for text in ELSEWHERE]
    read = [
        sum(
            reading is not UNREAD
            for run in reader.read(question, [RUN, *others], (), [[0.0] * 3, *[[HIGHEST - LEAST - 0.1]] * len(others)])
            for reading in run
        )
        for question in ("When was the bridge opened?", "Who owns the lighthouse?")
    ]
    assert read == [3 + TOGETHER - 1, 3 + len(others)]


def test_a_short_answer_ends_after_it_begins_and_soon() -> None:
    score, end = np.zeros(60, dtype=np.float32), np.zeros(60, dtype=np.float32)
    score[40], end[2], end[59] = 9.0, 9.0, 1.0
    place, length, _ = best_span(score, end)
    assert (place, length) == (40, 20)
    score[40], score[10] = 0.0, 9.0
    assert best_span(score, end)[1] <= MAX_ANSWER_TOKENS


def test_empty_runs_and_sentences_are_read_without_a_fault(reader: Reader) -> None:
    readings = reader.read("Who?", [[], [""], ["Somebody did."]])
    assert [len(run) for run in readings] == [0, 1, 1]
    assert reader.read("Who?", [[], [""]], (), [[], [0.0]]) == [[], [UNREAD]]


@pytest.fixture
def weights(tmp_path: Path) -> Path:
    shutil.copytree(READER_FOLDER, tmp_path / "weights")
    return tmp_path / "weights"


def test_altered_weights_are_not_loaded(weights: Path) -> None:
    data = bytearray((weights / "reader.onnx").read_bytes())
    data[1000] ^= 1
    (weights / "reader.onnx").write_bytes(data)
    with pytest.raises(ReaderCorrupt):
        Reader.open(weights, packaged_minilm())


def test_missing_weights_are_told_from_altered_ones(tmp_path: Path) -> None:
    with pytest.raises(ReaderMissing):
        Reader.open(tmp_path, packaged_minilm())


def test_without_the_reader_it_answers_by_retrieval_and_every_reply_says_so(
    built_article: Path, _minilm: OnnxEmbedder, tmp_path: Path
) -> None:
    reader, notices = open_reader(tmp_path)
    assert reader is None
    live = LiveIndex(IndexConfig(index_dir=built_article), _minilm.identity)
    assistant = Assistant(live, _minilm, reader, notices=notices)
    reply = assistant.ask("When did India join?")
    assert isinstance(reply, Answer)
    assert "2017" in reply.quotes[0].exact
    assert reply.notices[0].startswith("answering by retrieval alone, less surely: ")


def test_the_shipped_weights_are_whole_and_small() -> None:
    card = json.loads((READER_FOLDER / "reader.json").read_text("utf-8"))
    assert (READER_FOLDER / "reader.onnx").stat().st_size == card["bytes"] <= 25_000_000
    assert open_reader()[1] == ()


@pytest.mark.parametrize(
    "question",
    [
        "When did Pakistan join the SCO?",
        "When did Iran join?",
        "How many people live in India?",
        "What is the capital of France?",
    ],
)
def test_a_near_miss_is_refused(assistant: Assistant, question: str) -> None:
    assert isinstance(assistant.ask(question), Refusal)


def test_the_words_that_answer_are_set_off_inside_the_quote(assistant: Assistant) -> None:
    reply = assistant.ask("When did India join?")
    assert isinstance(reply, Answer)
    best = reply.quotes[0]
    assert best.answer_start is not None
    assert best.answer_end is not None
    assert best.exact[best.answer_start - best.start : best.answer_end - best.start] == "2017"


def test_a_sentence_of_a_text_about_something_else_loses_by_it(article_index: PassageIndex) -> None:
    found = [
        Evidence(passage, passage.sentences[0], score, passage_score, 0.5, True)
        for passage, score, passage_score in zip(article_index.passages, (0.7, 0.4), (0.9, 0.6), strict=False)
    ]
    stranger = replace(found[1].passage, document=replace(found[1].passage.document, id="another.txt"))
    assert shortfalls([found[0], replace(found[1], passage=stranger)]) == [
        (0.0, 0.0, 0.0),
        (pytest.approx(0.3), pytest.approx(0.3), 1.0),
    ]
    # In the same text only the sentence and its passage fall short.
    assert shortfalls(found)[1] == (pytest.approx(0.3), pytest.approx(0.3), 0.0)


def test_twice_as_many_sentences_are_not_twice_as_sure() -> None:
    page = together([-2.0] * SENTENCES, SENTENCES)
    assert together([-2.0] * (2 * SENTENCES), 2 * SENTENCES) == pytest.approx(page)
    assert together([-2.0], 1) == pytest.approx(-2.0)
    assert together([3.0] + [-9.0] * 9, 10) == pytest.approx(3.0, abs=0.01)


def test_sentences_left_out_count_as_the_unlikely_ones_they_are() -> None:
    assert together([1.0] + [-9.0] * 99, 100) == pytest.approx(together([1.0], 100), abs=0.01)


def test_a_sentence_that_was_not_read_comes_after_all_that_were(
    assistant: Assistant, article_index: PassageIndex, reader: Reader
) -> None:
    weighed = assistant.consider("When did India join?", article_index).weighed
    unread = [replace(evidence, log_odds=None, score=0.9) for evidence in weighed]
    judged = read("When did India join?", unread, reader)
    assert [evidence.sentence.id for evidence in judged][:1] == [weighed[0].sentence.id]
    assert all(0 <= evidence.score <= 1 for evidence in judged)
