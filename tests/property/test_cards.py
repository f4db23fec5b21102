"""Whatever stands around a name of the card, what is quoted is the document's own, with that name set off."""

from __future__ import annotations

from fakes import index_of
from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.citations.cards import told_by_card
from assistant.quotes import grounding
from assistant.replies import Answer, Reason, Refusal

NAMES = ["Anna Kern", "Ludwig van Ek", "Ann O’Hara", "Gull (UK) Press", "李 明", "É. Dahl"]
PIECES = st.one_of(
    st.sampled_from(
        ["Boats float. ", "“Stones”, he wrote. ", "by ", "argues ", "\n\n", "\u00a0", "\u200b", "\u0301", "-"]
    ),
    st.sampled_from([piece for name in NAMES for piece in (name, f"{name}. ", f"By {name}.", name.upper(), name[:-1])]),
    st.sampled_from(["Written\nby", ". ", "\r", "\0", "👩\u200d👩", "[a](x)", "? "]),
    st.text(max_size=5),
)


@given(
    st.lists(PIECES, min_size=1, max_size=30).map("".join), st.lists(st.sampled_from(NAMES), min_size=1, unique=True)
)
def test_every_quote_of_a_name_verifies(text: str, names: list[str]) -> None:
    text = text.encode("utf-8", "ignore").decode("utf-8")
    index = index_of({"a.txt": f"{text}\n"}, {"a.txt": {"author": names}})
    assume(len(index.passages))
    refusal = Refusal("Who wrote it?", "Who wrote it?", 0.1, Reason.NOT_ANSWERED, "No.", (), index.generation, 1.0)
    told = told_by_card(refusal, index)
    if not isinstance(told, Answer):
        assert "its bibliographic card names" in told.reason
        return
    grounding.verify(told.quotes, index)
    assert [quote.number for quote in told.quotes] == list(range(1, len(told.quotes) + 1))
    assert len({(quote.start, quote.end) for quote in told.quotes}) == len(told.quotes) <= 3
    sentences = {(each.span.start, each.span.end) for passage in index.passages for each in passage.sentences}
    for quote in told.quotes:
        assert (quote.start, quote.end) in sentences
        set_off = " ".join(text[quote.answer_start : quote.answer_end].split())
        assert any(set_off.upper().startswith(name.upper()) for name in names)
