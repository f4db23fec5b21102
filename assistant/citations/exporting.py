"""A conversation as a file that proves itself: every quote checked again, with its offsets, hash and citation."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from string import Template

import regex

from assistant.citations import bibliography, citing
from assistant.citations.bibliography import Item
from assistant.citations.citing import Styled
from assistant.citations.conversation import Held, Turn, recheck
from assistant.quotes import linking
from assistant.replies import Summary
from assistant.showing.render import DOUBT, INSTEAD, around, escape, mark, removed, shown, whose
from assistant.showing.sections import sections, share
from assistant.summary.summarising import checked
from index import Document, PassageIndex, Span

FORM, VERSION = "verbatim-conversation", 1
_TEMPLATE = Path(__file__).with_name("export.html")
_MARKUP = regex.compile(r"([\\`*_\[\]<>&~|$])")
_LINE_START, _ITEM = regex.compile(r"(?m)^(\s*)([#+\-=])"), regex.compile(r"(?m)^(\s*\d+)([.)])")


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation checked and ready to be written.

    Attributes:
        held: every quote in order; ``styled`` has the citations of those that hold, by their place in ``held``.
        references: of each document that is quoted, by its id and sha256, in order of first mention.
    """

    turns: Sequence[Turn]
    held: Sequence[Held]
    styled: Mapping[int, Mapping[str, Styled]]
    references: Mapping[tuple[str, str], tuple[Document, Mapping[str, Styled]]]
    bibtex: str
    items: Sequence[Item]
    generation: str
    exported_at: str

    @property
    def broken(self) -> list[Held]:
        """The quotes that no longer hold."""
        return [held for held in self.held if held.problem]


def check_conversation(turns: Sequence[Turn], index: PassageIndex) -> Conversation:
    """Check every quote and cite those that hold. Raises CannotCite when the citation processor fails."""
    held = recheck(turns, index)
    turns = [_with_backed_summary(turn, number, held, index) for number, turn in enumerate(turns, start=1)]
    cited = [
        (number, kept.document, citing.locator(index, kept.document, Span(kept.quote.start, kept.quote.end)))
        for number, kept in enumerate(held)
        if kept.document is not None
    ]
    styles, bibtex, items = (
        citing.styled([(document, place) for _, document, place in cited]) if cited else ([], "", [])
    )
    references: dict[tuple[str, str], tuple[Document, Mapping[str, Styled]]] = {}
    for (_, document, _), of_styles in zip(cited, styles, strict=True):
        references.setdefault((document.id, document.sha256), (document, of_styles))
    return Conversation(
        turns=turns,
        held=held,
        styled={number: of_styles for (number, _, _), of_styles in zip(cited, styles, strict=True)},
        references=references,
        bibtex=bibtex,
        items=items,
        generation=index.generation,
        exported_at=f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}",
    )


def _with_backed_summary(turn: Turn, number: int, held: Sequence[Held], index: PassageIndex) -> Turn:
    """The turn, its summary checked again against those of its quotes that hold."""
    summary = turn.reply.summary
    if summary is None:
        return turn
    holding = [
        one.quote
        for one in held
        if (one.turn, one.part, one.problem) == (number, "quotes", None) and one.quote.number == one.number
    ]
    written = [(sentence.text, sentence.quotes) for sentence in summary.sentences]
    again = checked(written, holding, index.acronyms, max(0, summary.removed))
    return turn.model_copy(update={"reply": turn.reply.model_copy(update={"summary": again})})


def to_json(told: Conversation) -> str:
    """As export.schema.json describes it; ``verify --export`` reads it back."""
    turns = []
    for number, turn in enumerate(told.turns, start=1):
        citations = [
            {
                "part": held.part,
                "number": held.number,
                "holds": held.problem is None,
                "problem": held.problem,
                "in_text": {name: of.in_text for name, of in told.styled.get(at, {}).items()},
                "link": linking.permanent_link(held.quote) if held.problem is None else None,
            }
            for at, held in enumerate(told.held)
            if held.turn == number
        ]
        turns.append({"question": turn.question, "reply": turn.reply.model_dump(mode="json"), "citations": citations})
    documents = [
        {
            "document": document.id,
            "title": document.title,
            "sha256": document.sha256,
            "references": {name: of.reference for name, of in styles.items()},
        }
        for document, styles in told.references.values()
    ]
    whole = {
        "format": FORM,
        "version": VERSION,
        "exported_at": told.exported_at,
        "generation": told.generation,
        "holds": not told.broken,
        "turns": turns,
        "documents": documents,
        "csl_json": list(told.items),
        "bibtex": told.bibtex,
        "ris": "\n".join(bibliography.ris(item) for item in told.items),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def to_markdown(told: Conversation) -> str:
    """Markdown in which no character of a document or a question is markup."""
    parts = ["# Conversation", f"Exported {told.exported_at} from index {told.generation}. {_tally(told)}"]
    if told.broken:
        parts.append("\n".join(f"- {held.name}: {_md(held.problem or '')}" for held in told.broken))
    for number, turn in enumerate(told.turns, start=1):
        parts += [f"## {number}. {_md(_line(turn.question))}", *map(_md, _preface(turn))]
        for heading, line, quotes in _quoted(told, number):
            parts += [f"### {_md(heading)}"] if heading else []
            parts += [_md(line)] if line else []
            parts += [_quote_md(held, styles, remark) for held, styles, remark in quotes]
    if told.references:
        parts.append("## References")
    for document, styles in told.references.values():
        facts = f"{_code(document.id)}, sha256 {_code(document.sha256)}"
        parts.append(f"- {_md(styles['apa'].reference)}  \n  {facts}")
    return "\n\n".join(parts) + "\n"


def to_html(told: Conversation) -> str:
    """One page that asks nothing of any host; text is escaped and what deceives the eye is shown."""
    parts = [
        f"<p class=facts>Exported {escape(told.exported_at)} from index {escape(told.generation)}. {_tally(told)}</p>"
    ]
    if told.broken:
        lines = "".join(f"<li>{held.name}: {shown(held.problem or '')}</li>" for held in told.broken)
        parts.append(f"<ul class=broken>{lines}</ul>")
    for number, turn in enumerate(told.turns, start=1):
        said = [f"<p class=said>{shown(line)}</p>" for line in _preface(turn)]
        for heading, line, quotes in _quoted(told, number):
            said += [f"<h3>{shown(heading)}</h3>"] if heading else []
            said += [f"<p class=said>{shown(line)}</p>"] if line else []
            said += [_quote_html(held, styles, remark) for held, styles, remark in quotes]
        parts.append(f"<section><h2>{shown(_line(turn.question))}</h2>{''.join(said)}</section>")
    references = "".join(
        f"<li>{styles['apa'].reference_html}"
        f"<p class=facts>{shown(document.id)}<br>sha256 <code>{document.sha256}</code></p></li>"
        for document, styles in told.references.values()
    )
    if references:
        parts.append(f"<section><h2>References</h2><ul class=references>{references}</ul></section>")
    return Template(_TEMPLATE.read_text("utf-8")).substitute(body="\n".join(parts))


def write(form: str, told: Conversation) -> tuple[bytes, str, str]:
    """The conversation as a file: its bytes, their media type, and how the file's name ends. Raises KeyError."""
    writer, media_type, suffix = _FORMATS[form]
    # Half a character, which a request can spell, is in no document: it can only be in what was asked.
    return writer(told).encode("utf-8", "replace"), media_type, suffix


_FORMATS: Mapping[str, tuple[Callable[[Conversation], str], str, str]] = {
    "markdown": (to_markdown, "text/markdown; charset=utf-8", "md"),
    "html": (to_html, "text/html; charset=utf-8", "html"),
    "json": (to_json, "application/json", "json"),
}


def _tally(told: Conversation) -> str:
    if not told.held:
        return "It quotes nothing."
    if not told.broken:
        return f"Every one of its {len(told.held)} quotes was checked and holds."
    return f"{len(told.broken)} of its {len(told.held)} quotes no longer hold and are not to be trusted:"


def _preface(turn: Turn) -> list[str]:
    """What is said before the quotes, by this program and not by a document."""
    said = turn.reply
    lines = [] if said.standalone_question == turn.question else [f"Understood as: {_line(said.standalone_question)}"]
    if said.kind == "answer":
        of = f" {told}" if (told := share(said.questions)) else ""
        return [*lines, f"Answered{of}, with a confidence of {said.confidence:.0%}.", *_summed_up(said.summary)]
    return [*lines, f"Not answered. {_line(said.reason or '')}".strip()]


_LABELS = {"correction": f"{INSTEAD}. {DOUBT}", "nearest": "Nearest passages, which are not an answer:"}

_Cited = tuple[Held, Mapping[str, Styled] | None, str]


def _quoted(told: Conversation, turn: int) -> Iterator[tuple[str, str, list[_Cited]]]:
    """The quotes of a turn, each with its citations and what is said below it, under a heading and a line, if any."""
    reply = told.turns[turn - 1].reply
    parts: dict[str, list[_Cited]] = {"quotes": [], "correction": [], "nearest": []}
    for at, held in enumerate(told.held):
        if held.turn == turn:
            remark = around(held.quote, reply.correction) if held.part == "nearest" else ""
            parts[held.part].append((held, told.styled.get(at), remark))
    for section in sections(reply.questions, reply.quotes):
        yield section.heading, section.line, [parts["quotes"][at] for at in section.quotes]
    for part, label in _LABELS.items():
        if parts[part]:
            yield "", label, parts[part]


def _summed_up(summary: Summary | None) -> list[str]:
    """A model's words, named as such; no quotation marks, nor a block of quotation, are put around them."""
    if summary is None:
        return []
    numbered = [
        f"{sentence.text} ({' and '.join(f'quote {number}' for number in sentence.quotes)})"
        for sentence in summary.sentences
    ]
    label = f"{whose(summary)}: {' '.join(numbered)}" if numbered else f"{whose(summary)}."
    return [label, *([f"{removed(summary)}."] if summary.removed else [])]


def _place(held: Held) -> str:
    quote = held.quote
    heading = f", “{quote.heading}”" if quote.heading and quote.heading != quote.title else ""
    return f"{_line(quote.title)}{_line(heading)}, paragraph {quote.paragraph}, characters {quote.start} to {quote.end}"


def _quote_md(held: Held, styles: Mapping[str, Styled] | None, remark: str) -> str:
    if styles is None:
        gone = _md(held.quote.exact).replace("\n", "\n> ")
        return f"> No longer holds: {_md(held.problem or '')}. It read: ~~{gone}~~"
    words = _md(held.quote.exact).replace("\n", "  \n> ")
    facts = f"{_md(_place(held))}, in {_code(held.quote.document)}{f'. {remark}.' if remark else ''}"
    return f"> “{words}” {_md(styles['apa'].in_text)}\n>\n> {facts}"


def _quote_html(held: Held, styles: Mapping[str, Styled] | None, remark: str) -> str:
    quote = held.quote
    if styles is None:
        why = shown(held.problem or "")
        return f"<div class=gone><p>No longer holds: {why}.</p><p>It read: <del>{shown(quote.exact)}</del></p></div>"
    answer = []
    if quote.answer_start is not None and quote.answer_end is not None:
        answer.append(Span(quote.answer_start - quote.start, quote.answer_end - quote.start))
    return (
        f"<blockquote><p>“<span class=words>{mark(quote.exact, answer)}</span>” {escape(styles['apa'].in_text)}</p>"
        f"<footer>{shown(_place(held))}<br>{shown(quote.document)}{f'<br>{remark}' if remark else ''}</footer>"
        "</blockquote>"
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _md(text: str) -> str:
    return _ITEM.sub(r"\1\\\2", _LINE_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", text)))


def _code(text: str) -> str:
    """As code, whatever backticks it holds."""
    fence = "`" * (1 + max((len(run) for run in regex.findall("`+", text)), default=0))
    return f"{fence} {text} {fence}" if "`" in text else f"`{text}`"
