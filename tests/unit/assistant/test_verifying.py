import json
from pathlib import Path

import pytest
from fakes import index_of
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from assistant.quotes.verifying import BadQuotation, Checked, Verdict, verify
from index import PassageIndex

FOLDER = Path(__file__).parents[3] / "assistant" / "schemas"
SCHEMA = json.loads((FOLDER / "verdict.schema.json").read_text("utf-8"))
REPLY = json.loads((FOLDER / "reply.schema.json").read_text("utf-8"))
INDIA = "India, which joined in 2017, must balance its engagement with all major powers – China, Russia and the West."


def changes(checked: Checked) -> list[tuple[str, str, str]]:
    return [(str(piece.op), piece.pasted, piece.source) for piece in checked.diff if piece.op != "equal"]


def test_words_as_they_stand_are_exact(article: PassageIndex) -> None:
    checked = verify(INDIA, article)
    assert (checked.verdict, checked.diff, checked.more) == (Verdict.EXACT, (), False)
    assert [(match.exact, match.paragraph, match.start) for match in checked.matches] == [(INDIA, 8, 4069)]


@pytest.mark.parametrize(
    "typed",
    [
        INDIA.replace("–", "-"),
        INDIA.replace(" – ", "—"),
        INDIA.replace(" – ", "--"),
        INDIA.replace("–", "--"),
        INDIA.upper(),
        INDIA.lower(),
        INDIA.replace(" ", "\u00a0"),
        INDIA.replace(" ", "\n    "),
        INDIA.replace("joined", "jo\u00adined\u200b"),
        f"“{INDIA.replace('–', '-')}”",
    ],
    ids=ascii,
)
def test_the_same_words_typed_differently_are_found_and_shown_as_the_document_has_them(
    article: PassageIndex, typed: str
) -> None:
    checked = verify(typed, article)
    assert checked.verdict is Verdict.TYPOGRAPHIC
    assert [match.exact for match in checked.matches] == [INDIA]
    assert not any(piece.changed for piece in checked.diff)


def test_quotation_marks_around_the_whole_are_not_part_of_it(article: PassageIndex) -> None:
    for opening, closing in ("“”", '""', "‘’", "«»", "„“"):
        checked = verify(f"{opening}{INDIA}{closing}", article)
        assert (checked.verdict, checked.text) == (Verdict.EXACT, INDIA)


def test_text_that_stands_twice_is_found_at_both_places(article: PassageIndex) -> None:
    run = "which has significantly widened its mandate since it was founded in 2001 as a regional forum for security"
    matches = verify(run, article).matches
    assert [(match.number, match.paragraph, match.exact) for match in matches] == [(1, 2, run), (2, 3, run)]
    assert [match.start for match in matches] == [291, 743]


def test_exact_places_come_before_those_typed_differently() -> None:
    index = index_of({"a.txt": "THE RED FOX sleeps here.\n", "b.txt": "Now the red fox sleeps.\n"})
    checked = verify("the red fox", index)
    assert checked.verdict is Verdict.EXACT
    assert [(match.document, match.exact) for match in checked.matches] == [
        ("b.txt", "the red fox"),
        ("a.txt", "THE RED FOX"),
    ]


def test_more_places_than_can_be_shown_are_told() -> None:
    checked = verify("red fox", index_of({"a.txt": "A red fox sleeps. " * 150}))
    assert (len(checked.matches), checked.more) == (100, True)


def test_a_heading_or_an_aside_can_be_quoted_too(article: PassageIndex) -> None:
    heading, aside = verify("Interests and values divide the group", article), verify("Author(s)", article)
    assert [match.exact for match in (*heading.matches, *aside.matches)] == [
        "Interests and values divide the group",
        "Author(s)",
    ]


def test_words_across_two_paragraphs_are_exact(article: PassageIndex) -> None:
    text = "despite its non-Western appearance. The call for collectively building"
    assert verify(text, article).verdict is Verdict.EXACT
    across = "interests of its members.\n\nIn addition to lacking common values"
    assert verify(across, article).verdict is Verdict.EXACT
    assert verify(across.replace("\n\n", " "), article).verdict is Verdict.TYPOGRAPHIC


@pytest.mark.parametrize(
    ("pasted", "change"),
    [
        (INDIA.replace("2017", "2018"), ("replaced", "2018", "2017")),
        (INDIA.replace("India", "Pakistan"), ("replaced", "Pakistan", "India")),
        ("India agreed to join the statement on June 14", ("replaced", "agreed", "refused")),
        ("However, it is an alliance organization, nor does it have a common basis", ("deleted", "", "not ")),
        ("the SCO also has concrete leverage to take collective action", ("deleted", "", "no ")),
        ("India never refused to join the statement on June 14", ("inserted", "never ", "")),
        ("used to join the statement on June 14", ("replaced", "used", "refused")),
        ("0% of the world’s population", ("replaced", "0", "40")),
        ("Western multilateral platform led by China", ("deleted", "", "non-")),
        ("China and Russia are not aligned but allied", ("inserted", "not ", "")),
    ],
)
def test_an_altered_quotation_is_shown_with_what_the_document_says(
    article: PassageIndex, pasted: str, change: tuple[str, str, str]
) -> None:
    checked = verify(pasted, article)
    assert checked.verdict is Verdict.ALTERED
    assert change in changes(checked)
    (match,) = checked.matches
    assert "".join(piece.source for piece in checked.diff) == match.exact
    assert "".join(piece.pasted for piece in checked.diff) == checked.text == pasted


def test_a_single_change_is_told_in_words(article: PassageIndex) -> None:
    assert verify(INDIA.replace("2017", "2018"), article).line.startswith(
        "Altered: it says “2018” where the document says “2017”."
    )
    assert verify(INDIA.replace(",", ""), article).line.startswith(
        "Altered: the words are the document’s, the punctuation is not."
    )


def test_parts_joined_by_dots_are_stitched_and_a_short_gap_is_shown(article: PassageIndex) -> None:
    checked = verify("However, it is … an alliance organization", article)
    assert checked.verdict is Verdict.STITCHED
    assert [match.exact for match in checked.matches] == ["However, it is", "an alliance organization"]
    assert changes(checked) == [("replaced", " … ", " not ")]


@pytest.mark.parametrize("dots", ["…", "...", "[…]", "[...]", "(…)", ". . .", "...."])
def test_every_sign_of_omission_is_known(article: PassageIndex, dots: str) -> None:
    pasted = f"India, which joined in 2017, {dots} has ongoing border conflicts with China"
    assert verify(pasted, article).verdict is Verdict.STITCHED


def test_sentences_glued_without_a_sign_are_stitched(article: PassageIndex) -> None:
    first = "China and Russia are aligned but not allied"
    second = "India refused to join the statement on June 14."
    checked = verify(f"{first}. {second}", article)
    assert checked.verdict is Verdict.STITCHED
    assert [(match.paragraph, match.exact) for match in checked.matches] == [(8, first), (9, second[:-1])]


def test_parts_of_two_documents_are_stitched() -> None:
    index = index_of(
        {
            "a.txt": "The harbour was closed for repairs last winter.\n",
            "b.txt": "Nobody wanted to pay the new toll at once.\n",
        }
    )
    checked = verify("The harbour was closed for repairs. Nobody wanted to pay the new toll", index)
    assert checked.verdict is Verdict.STITCHED
    assert [match.document for match in checked.matches] == ["a.txt", "b.txt"]


def test_no_place_runs_from_one_document_into_the_next() -> None:
    index = index_of({"a.txt": "We sailed at dawn with the tide", "b.txt": "under a grey sky we sailed on"})
    assert verify("at dawn with the tide under a grey sky", index).verdict is Verdict.STITCHED


@pytest.mark.parametrize(
    "pasted",
    [
        "The mushroom farm in the old railway tunnel closed in 1979.",
        "The weather in Paris is lovely at this time of the year.",
        "今日は天気がいい",
        "🤷🤷 zzzz",
    ],
)
def test_what_has_nothing_to_do_with_the_documents_is_absent(article: PassageIndex, pasted: str) -> None:
    checked = verify(pasted, article)
    assert (checked.verdict, checked.matches, checked.diff) == (Verdict.ABSENT, (), ())


def test_a_hyphen_that_joins_is_not_a_dash_that_parts() -> None:
    index = index_of({"a.txt": "They saw a man-eating shark, long—very long—and grey. The non-\nWestern bloc met.\n"})
    assert verify("a man-eating shark, long - very long - and grey", index).verdict is Verdict.TYPOGRAPHIC
    assert verify("a man – eating shark", index).verdict is Verdict.ALTERED
    assert verify("non-Western bloc met", index).verdict is Verdict.TYPOGRAPHIC


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        ("Er trank in Maßen und ging.", "Er trank in Massen und ging."),
        ("The area is 10² in all of it.", "The area is 102 in all of it."),
        ("It fell to -5 degrees that night.", "It fell to 5 degrees that night."),
        ("About 1,500 members came to it.", "500 members came to it"),
        ("It rose by 3.5 percent that year.", "5 percent that year"),
        ("They can’t and won’t agree on it.", "They can"),
        ("It cost $500 in all that year.", "500 in all that year"),
        ("He now lives nowhere near the sea.", "He now lives now here near the sea."),
        ("The café was shut for the winter.", "The cafe was shut for the winter."),
        ("Wait… what did the man want?", "Wait.. what did the man want?"),
    ],
)
def test_no_sign_that_changes_a_word_or_number_is_taken_for_typing(text: str, pasted: str) -> None:
    assert not verify(pasted, index_of({"a.txt": text})).found


@pytest.mark.parametrize(
    ("text", "pasted"),
    [
        ("Wait… what did the man want?", "Wait... what did the man want?"),
        ("Wait. . . what did the man want?", "Wait… what did the man want?"),
        ("The café was shut for the winter.", "The cafe\u0301 was shut for the winter."),
        ("The ﬁrst ofﬁce was shut.", "The first office was shut."),
        ("İstanbul’da ve ΟΔΟΣ", "i̇stanbul'da ve οδος"),
        ("President Xi Jinping’s visit was short.", "President Xi Jinping"),
        ("中国和俄罗斯签署了联合声明。", "俄罗斯签署了"),
    ],
)
def test_what_only_looks_different_is_found(text: str, pasted: str) -> None:
    assert verify(pasted, index_of({"a.txt": text})).found


@pytest.mark.parametrize("pasted", ["", " \n", "—", "…", "x", "🤷", "\ud800", '""'], ids=ascii)
def test_what_holds_no_words_is_told_in_one_line(article: PassageIndex, pasted: str) -> None:
    with pytest.raises(BadQuotation, match=r"^there are no words to check; paste a sentence or a passage$"):
        verify(pasted, article)


def test_a_paste_of_a_hundred_thousand_characters_is_told_in_one_line(article: PassageIndex) -> None:
    with pytest.raises(BadQuotation, match=r"^the text has 100,000 characters; check at most 20,000 at a time$"):
        verify("x" * 100_000, article)


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "a ",
        "the ",
        "…",
        "in … ",
        '"“',
        "x\u0301",
        "1,",
        "1-",
        "- ",
        ". ",
        "[…",
        "中",
        "China ",
        " \n",
        "$1%",
        "a’",
    ],
)
def test_twenty_thousand_hostile_characters_get_a_verdict(article: PassageIndex, unit: str) -> None:
    verify((unit * 20_000)[:19_990] + "zz", article)


@pytest.mark.parametrize(
    "pasted",
    [INDIA, INDIA.lower(), INDIA.replace("2017", "2018"), "However, it is … an alliance organization", "zzz"],
)
def test_every_verdict_follows_the_published_schema(article: PassageIndex, pasted: str) -> None:
    registry = Registry().with_resource("reply.schema.json", Resource.from_contents(REPLY))
    Draft202012Validator(SCHEMA, registry=registry).validate(json.loads(json.dumps(verify(pasted, article).to_json())))


def test_the_schema_itself_is_valid() -> None:
    Draft202012Validator.check_schema(SCHEMA)


BROKEN = (
    "It is said that a hun-\ndred well-\n  known men left the re\u00ad\nmote is\u00adland, as a man-eating shark came."
)


@pytest.mark.parametrize(
    ("pasted", "start", "end"),
    [
        ("a hundred", "a hun", "dred"),
        ("hundred", "hun", "dred"),
        ("Well-known men", "well-", " men"),
        ("wellknown men", "well-", " men"),
        ("a hundred well-known men left the remote island, as a man-eating shark", "a hun", "eating shark"),
        ("a hundred well-known men left the re\u00admote", "a hun", "mote"),
        ("a hun-\n dred well-known", "a hun", "known"),
        ("remote island", "re\u00ad", "land"),
    ],
    ids=ascii,
)
def test_a_word_that_the_end_of_a_line_breaks_is_typed_differently(pasted: str, start: str, end: str) -> None:
    checked = verify(pasted, index_of({"a.txt": BROKEN}))
    place = BROKEN.index(start), BROKEN.index(end) + len(end)
    assert checked.verdict is Verdict.TYPOGRAPHIC
    assert [(match.start, match.end) for match in checked.matches] == [place]
    assert changes(checked) == [] or {op for op, _, _ in changes(checked)} == {"typographic"}


@pytest.mark.parametrize(
    "pasted", ["hun dred well-known men left", "a hundred well – known men", "maneating shark came"]
)
def test_a_broken_word_is_read_in_no_third_way(pasted: str) -> None:
    assert not verify(pasted, index_of({"a.txt": BROKEN})).found


def test_a_broken_word_is_no_change_of_an_altered_quotation() -> None:
    checked = verify("It is said that a hundred well-known women left the remote island", index_of({"a.txt": BROKEN}))
    assert [change for change in changes(checked) if change[0] != "typographic"] == [("replaced", "women", "men")]
