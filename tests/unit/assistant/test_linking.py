import base64
import json
import re
import zlib
from dataclasses import replace
from urllib.parse import unquote

import pytest
from fakes import index_of

from assistant.quotes import grounding, linking
from assistant.quotes.linking import Fate, permanent_link, resolve, text_fragment
from assistant.quotes.placing import Places
from assistant.replies import Quote
from index import PassageIndex, Span

TEXT = "Old times\n\nThe red fox sleeps in the barn. The red fox wakes at dawn.\n\nNobody saw the wolf that night.\n"


def quote_of(index: PassageIndex, words: str, name: str = "a.txt", nth: int = 0) -> Quote:
    document = index.documents[name]
    start = [found.start() for found in re.finditer(re.escape(words), document.text)][nth]
    span = Span(start, start + len(words))
    return grounding.cut(Places.of(index, document).passage(span), span, number=1, score=1.0)


def packed(fields: object, form: bytes = b"\x01") -> str:
    return base64.urlsafe_b64encode(form + bytes(32) + zlib.compress(json.dumps(fields).encode())).decode()


def test_a_link_leads_back_to_the_same_offsets() -> None:
    index = index_of({"a.txt": TEXT})
    quote = quote_of(index, "The red fox", nth=1)
    link = permanent_link(quote)
    assert re.fullmatch(r"/\?cite=[A-Za-z0-9_-]+", link)
    for given in (link, link.removeprefix("/?cite="), f"http://127.0.0.1:7860{link}", f"{link}&q=x"):
        resolved = resolve(given, index)
        assert (resolved.fate, resolved.quote) == (Fate.SAME, quote)


def test_a_link_of_a_sentence_is_short(article: PassageIndex) -> None:
    quote = quote_of(article, "India refused to join the statement on June 14", "sco-alternative-global-order.txt")
    assert len(permanent_link(quote)) < 400


def test_when_the_document_changed_the_words_are_found_again_and_the_change_is_told() -> None:
    quote = quote_of(index_of({"a.txt": TEXT}), "Nobody saw the wolf that night.")
    resolved = resolve(permanent_link(quote), index_of({"a.txt": "A new first line.\n\n" + TEXT}))
    assert resolved.fate is Fate.MOVED
    assert resolved.quote is not None
    assert (resolved.quote.exact, resolved.quote.start) == (quote.exact, quote.start + 19)
    assert resolved.line == "The document has changed since; the same words stand in “a”, paragraph 3."


def test_of_words_that_stand_twice_the_text_around_them_tells_which_were_meant() -> None:
    quote = quote_of(index_of({"a.txt": TEXT}), "The red fox", nth=1)
    resolved = resolve(permanent_link(quote), index_of({"a.txt": "New.\n\n" + TEXT}))
    assert resolved.quote is not None
    assert resolved.quote.start == quote.start + 6


def test_a_document_that_moved_to_another_name_is_found() -> None:
    quote = quote_of(index_of({"a.txt": TEXT}), "Nobody saw the wolf that night.")
    same, changed = resolve(permanent_link(quote), index_of({"b.txt": TEXT})), index_of({"b.txt": TEXT + "x"})
    assert (same.fate, same.quote.document if same.quote else "") == (Fate.SAME, "b.txt")
    assert resolve(permanent_link(quote), changed).fate is Fate.MOVED


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (TEXT.replace("wolf", "bear"), "its words stand in no document"),
        ("Here: Nobody saw the wolf. There: Nobody saw the wolf. ", "its words stand at several places"),
    ],
)
def test_words_that_are_gone_or_not_to_be_told_apart_have_expired(text: str, why: str) -> None:
    quote = replace(quote_of(index_of({"a.txt": TEXT}), "Nobody saw the wolf"), prefix="", suffix="")
    resolved = resolve(permanent_link(quote), index_of({"a.txt": text}))
    assert (resolved.fate, resolved.quote) == (Fate.EXPIRED, None)
    assert resolved.line == f"This link has expired: a.txt has changed since, and {why}."


def test_a_few_letters_in_other_surroundings_are_not_taken_for_the_words() -> None:
    quote = quote_of(index_of({"a.txt": TEXT}), "wolf")
    assert resolve(permanent_link(quote), index_of({"a.txt": "Beware: wolf!"})).fate is Fate.EXPIRED


def test_a_link_whose_words_are_not_at_its_offsets_shows_only_what_is_in_the_document() -> None:
    index = index_of({"a.txt": TEXT})
    quote = quote_of(index, "Nobody saw the wolf that night.")
    forged = replace(quote, exact="Nobody ate the wolf that night.")
    assert resolve(permanent_link(forged), index).quote is None
    shifted = replace(quote, start=quote.start + 1, end=quote.end + 1)
    resolved = resolve(permanent_link(shifted), index)
    assert (resolved.fate, resolved.quote) == (Fate.MOVED, quote)
    assert resolved.line.startswith("The offsets were wrong;")


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x",
        "====",
        "é",
        "A" * 200_000,
        packed([]),
        packed(["a", 0, 1, "x", "", ""], b"\x02"),
        packed(["a", 0, 5, "x", "", ""]),
        packed(["a", True, 2, "x", "", ""]),
        packed(["a", -1, 0, "x", "", ""]),
        packed(["a", 0, 0, "", "", ""]),
        packed(["a", 0, 1, 1, "", ""]),
        packed([None, 0, 1, "x", "", ""]),
        packed(["\ud800", 0, 1, "x", "", ""]),
        packed("x" * 1_000_000),
        base64.urlsafe_b64encode(b"\x01" + bytes(32) + b"\x78\x9cgarbage").decode(),
        packed(["a", 0, 1, "x", "", ""]) + "AAAA",
    ],
    ids=lambda token: ascii(token)[:30],
)
def test_a_damaged_link_gets_one_line(token: str) -> None:
    resolved = resolve(token, index_of({"a.txt": TEXT}))
    assert (resolved.fate, resolved.quote) == (Fate.EXPIRED, None)
    assert resolved.line == "This link is damaged; copy it again from where it was made."


def test_a_short_quote_is_its_own_text_fragment() -> None:
    start = TEXT.index("Nobody")
    fragment = text_fragment("https://example.org/a", TEXT, Span(start, start + 19))
    assert fragment == "https://example.org/a#:~:text=Nobody%20saw%20the%20wolf"


def test_what_text_fragments_reserve_is_encoded() -> None:
    text = "Well-known, and so on & so forth."
    assert text_fragment("https://a.org/#top", text, Span(0, len(text))) == (
        "https://a.org/#top:~:text=Well%2Dknown%2C%20and%20so%20on%20%26%20so%20forth."
    )


def test_a_long_quote_is_found_by_its_edges_and_a_repeated_one_by_what_is_around_it(article: PassageIndex) -> None:
    text = article.documents["sco-alternative-global-order.txt"].text
    run = "which has significantly widened its mandate since it was founded in 2001 as a regional forum for security"
    start = text.index(run, 700)
    fragment = unquote(text_fragment("https://a.org/", text, Span(start, start + len(run))))
    assert fragment == (
        "https://a.org/#:~:text=the global order. The SCO,-,which has significantly widened its,"
        "a regional forum for security,-issues, has become a prototype"
    )


def test_the_selectors_are_those_of_the_web_annotation_model() -> None:
    quote = quote_of(index_of({"a.txt": TEXT}), "Nobody saw")
    assert linking.selector(quote) == [
        {
            "type": "TextQuoteSelector",
            "exact": "Nobody saw",
            "prefix": quote.prefix,
            "suffix": " the wolf that night.\n",
        },
        {"type": "TextPositionSelector", "start": quote.start, "end": quote.end},
    ]
