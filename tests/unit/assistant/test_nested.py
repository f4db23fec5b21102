"""A changelog and a manual that say the same words under several headings: the outer heading tells whose they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant import Answer, Assistant, Refusal
from assistant.commands.ask_commands import in_words
from assistant.showing import render

CHANGELOG = """# Changelog of Larkspur

## 2.4.0 – 2025-01-20

### Added

- Export of a notebook as EPUB.
- A command palette, opened with Ctrl+K.

### Fixed

- Pasting a table from a spreadsheet no longer loses its last column.

## 2.3.0 – 2024-09-12

### Added

- Export of a notebook as PDF.
- Tags can be nested up to five levels deep.

### Removed

- The legacy sync protocol was removed; use the new one.
"""
SECTION = """## Model {}

### Technical data

It holds {} litres and takes {} watts.

### Cleaning

Descale it every {}.

"""
MODELS = (
    ("A100", "0.8", "1,500", "three months"),
    ("B200", "1.2", "2,200", "six weeks"),
    ("C300", "1.7", "3,000", "month"),
)


@pytest.fixture(scope="module")
def nested(assistant_over: Callable[[Mapping[str, str]], Assistant]) -> Assistant:
    manual = "# Norvik kettles\n\nThree kettles.\n\n" + "".join(SECTION.format(*model) for model in MODELS)
    return assistant_over({"CHANGELOG.md": CHANGELOG, "kettles.md": manual})


@pytest.mark.parametrize(
    ("question", "heading", "said"),
    [
        ("When was 2.4.0 released?", None, "2.4.0 – 2025-01-20"),
        ("What was added in 2.4.0?", "2.4.0 – 2025-01-20 › Added", "EPUB"),
        ("What was added in 2.3.0?", "2.3.0 – 2024-09-12 › Added", "PDF"),
        ("How many litres does the B200 hold?", "Model B200 › Technical data", "1.2 litres"),
        ("How many watts does the C300 take?", "Model C300 › Technical data", "3,000 watts"),
        ("How often should the A100 be descaled?", "Model A100 › Cleaning", "three months"),
    ],
)
def test_the_section_that_the_question_names_is_quoted_first(
    nested: Assistant, question: str, heading: str | None, said: str
) -> None:
    reply = nested.ask(question)
    assert isinstance(reply, Answer)
    assert reply.quotes[0].heading == heading
    assert said in reply.quotes[0].exact


@pytest.mark.parametrize(
    "question",
    [
        "When was 2.5.0 released?",
        "What was added in 2.1.0?",
        "What was removed in 2.4.0?",
        "How many watts does the B300 take?",
        "How many litres does the D400 hold?",
    ],
)
def test_what_is_told_of_another_section_alone_is_refused(nested: Assistant, question: str) -> None:
    assert isinstance(nested.ask(question), Refusal)


def test_the_path_is_shown_with_the_quote(nested: Assistant) -> None:
    reply = nested.ask("How many litres does the B200 hold?")
    assert "Norvik kettles, “Model B200 › Technical data”, paragraph 4" in in_words(reply)
    assert "Model B200 › Technical data&nbsp;· paragraph 4" in render.reply(reply)
