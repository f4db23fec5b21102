from __future__ import annotations

from collections.abc import Sequence

import pytest
from fakes import index_of

from assistant import Assistant, Refusal
from assistant.understanding.small_letters import capitalised
from index import Passage

_TEXT = (
    "Ferries run to Skarnes and back. In winter the MS Tora sails for Skarnes alone, as Captain Berg told the paper. "
    "The harbour of Tora lies north of the North Sea. Boats wait. "
    "The old Boats wait, and boats sail; all may rest in May."
)


def _passages() -> Sequence[Passage]:
    return list(index_of({"ferries.txt": _TEXT}).passages)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("when does the ms tora sail for skarnes", "when does the MS Tora sail for Skarnes"),
        ("What did captain berg tell the paper?", "What did Captain Berg tell the paper?"),
        ("what did i hear of skarnes's harbour", "what did i hear of Skarnes's harbour"),
        # A word of a longer name is no name by itself.
        ("what did the captain tell the paper", "what did the captain tell the paper"),
        ("what did the north sea ferry cost", "what did the North Sea ferry cost"),
        ("how far north is tora", "how far north is Tora"),
        # Of a country no document need speak.
        ("is it in norway or denmark", "is it in Norway or Denmark"),
        # Small letters too, or capitals where a sentence begins alone.
        ("do boats wait", "do boats wait"),
        ("which ferries run", "which ferries run"),
        ("how do you cook a turkey", "how do you cook a turkey"),
        ("may it rest", "may it rest"),
        ("is skarnes.txt a file", "is skarnes.txt a file"),
        # Names are set off already.
        ("Does Berg sail to skarnes?", "Does Berg sail to skarnes?"),
        ("I'm on my way to skarnes", "I'm on my way to Skarnes"),
    ],
)
def test_a_name_in_small_letters_is_written_as_the_documents_write_it(question: str, expected: str) -> None:
    assert capitalised(question, _passages) == expected


def test_nothing_is_looked_for_where_names_are_set_off() -> None:
    def found() -> Sequence[Passage]:
        raise AssertionError

    assert capitalised("When did India join the SCO?", found) == "When did India join the SCO?"


def test_a_follow_up_in_small_letters_is_understood(assistant: Assistant) -> None:
    reply = assistant.ask("what group is it in besides sco", ["tell me about india"])
    assert reply.standalone_question == "What group is India in besides SCO"


def test_a_refusal_knows_names_in_small_letters(assistant: Assistant) -> None:
    reply = assistant.ask("is india a member of nato")
    assert isinstance(reply, Refusal)
    assert reply.reason == ("The documents mention “India” and “NATO”, but nothing found in them answers the question.")
