import json
from dataclasses import replace

import pytest
from fakes import index_of

from assistant.quotes import grounding
from assistant.quotes.placing import Places
from assistant.replies import Answer, Asked, Place, Quote, Reason, Refusal, Reply, Sentence, Summary
from assistant.serving.restoring import held, read_kept, read_reply
from index import Document, PassageIndex, Span

TEXT = "The tram was restored in 1987."
INDEX = index_of({"a.txt": TEXT})
QUOTE = Quote(1, "a.txt", INDEX.documents["a.txt"].sha256, "a", None, 1, 0, 30, TEXT, "", "", 0.9, 25, 29)
ANSWER = Answer("When?", "When?", 0.9, (QUOTE,), "g", 1.0)
REFUSAL = Refusal("Why?", "Why?", 0.1, Reason.NOT_ANSWERED, "No.", (QUOTE,), "g", 1.0, ("a notice",))


CORRECTED = replace(REFUSAL, correction=QUOTE)
SUMMED_UP = replace(ANSWER, summary=Summary((Sentence("The tram was restored in 1987.", (1,)),), 2))

SEVERAL = replace(
    ANSWER,
    quotes=(replace(QUOTE, questions=("When?", "In what year?")),),
    questions=(Asked("When?"), Asked("Why?", "No."), Asked("In what year?")),
)


@pytest.mark.parametrize(
    "reply",
    [ANSWER, REFUSAL, CORRECTED, SUMMED_UP, SEVERAL],
    ids=["answer", "refusal", "corrected", "summed up", "several"],
)
def test_a_reply_comes_back_from_its_json(reply: Answer | Refusal) -> None:
    assert read_reply(reply.to_json()) == reply


@pytest.mark.parametrize(
    "fields",
    [
        None,
        [],
        {},
        {"kind": "answer"},
        {**ANSWER.to_json(), "confidence": "0.9"},
        {**SEVERAL.to_json(), "questions": None},
        {**CORRECTED.to_json(), "reason_code": "small-talk"},
        {**CORRECTED.to_json(), "correction": {"exact": TEXT}},
    ],
    ids=lambda fields: str(fields)[:40],
)
def test_what_no_reply_gives_is_none(fields: object) -> None:
    assert read_reply(fields) is None


def test_a_refusal_that_a_browser_kept_from_before_has_no_correction() -> None:
    fields = REFUSAL.to_json()
    del fields["correction"]
    assert read_reply(fields) == REFUSAL


def test_an_answer_that_a_browser_kept_from_before_names_no_questions() -> None:
    fields = json.loads(json.dumps(ANSWER.to_json()))
    del fields["questions"], fields["quotes"][0]["questions"]
    assert read_reply(fields) == ANSWER


def test_turns_that_are_whole_are_kept_and_the_others_left_out() -> None:
    whole = {"question": "When?", "reply": ANSWER.to_json()}
    assert read_kept(json.dumps([whole, 7, {"question": 1, "reply": ANSWER.to_json()}])) == [("When?", ANSWER)]


@pytest.mark.parametrize("cited", [(), (2,), (1, 0)])
def test_a_summary_that_points_at_no_quote_of_its_answer_is_none(cited: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="points at quotes"):
        replace(ANSWER, summary=Summary((Sentence("The tram was restored in 1987.", cited),), 0))
    sentence = {"text": "The tram was restored in 1987.", "quotes": list(cited)}
    assert read_reply(SUMMED_UP.to_json() | {"summary": {"sentences": [sentence], "removed": 0}}) is None


@pytest.mark.parametrize("kept", ["", "{", "7", "[[]]", "[" * 100_000])
def test_what_is_no_list_of_turns_gives_none(kept: str) -> None:
    assert read_kept(kept) == []


def again(reply: Reply, index: PassageIndex) -> Reply | None:
    """``reply`` as it comes back over ``index`` alone."""

    def edition(_: str, name: str) -> tuple[PassageIndex, Document] | None:
        return (index, index.documents[name]) if name in index.documents else None

    return held(reply, edition, {})


@pytest.mark.parametrize(
    "quote",
    [
        replace(QUOTE, exact="The tram was restored in 1988."),
        replace(QUOTE, start=1),
        replace(QUOTE, suffix="!"),
        replace(QUOTE, answer_end=40),
        replace(QUOTE, document_sha256="1" * 64),
        replace(QUOTE, document="b.txt"),
        replace(QUOTE, title="Anything at all"),
        replace(QUOTE, heading="Not there"),
        replace(QUOTE, paragraph=99),
    ],
)
def test_a_quote_that_is_not_in_its_document_no_longer_holds(quote: Quote) -> None:
    assert again(ANSWER, INDEX) == ANSWER
    assert again(replace(ANSWER, quotes=(QUOTE, quote)), INDEX) is None
    assert again(CORRECTED, INDEX) == CORRECTED
    assert again(replace(REFUSAL, correction=quote), INDEX) is None
    assert again(replace(REFUSAL, nearest=(quote,)), INDEX) is None


def test_a_repetition_that_is_gone_or_misnamed_is_not_shown_and_the_quote_is() -> None:
    both = index_of({"a.txt": TEXT, "b.txt": f"Trams\n\n{TEXT}"})
    span = Span(0, len(TEXT))
    elsewhere = Places.of(both, both.documents["b.txt"]).passage(Span(7, 7 + len(TEXT)))
    (place,) = grounding.cut(
        Places.of(both, both.documents["a.txt"]).passage(span),
        span,
        number=1,
        score=1,
        also=[(elsewhere, Span(7, 7 + len(TEXT)))],
    ).also
    repeated = replace(ANSWER, quotes=(replace(QUOTE, also=(place,)),))
    assert again(repeated, both) == repeated
    assert again(repeated, INDEX) == ANSWER
    forged: list[Place] = [replace(place, title="B"), replace(place, heading=None), replace(place, paragraph=9)]
    for other in forged:
        assert again(replace(ANSWER, quotes=(replace(QUOTE, also=(other, place)),)), both) == repeated
