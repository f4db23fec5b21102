"""A reply as a notebook shows it: self-contained HTML, readable on light and on dark, every quote as it stands."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.replies import Asked, Place, Quote, Summary
from assistant.showing.render import DOUBT, INSTEAD, around, removed, shown, whose
from assistant.showing.sections import Section, sections

# Of the surroundings' own colours alone: a notebook may be light or dark, and says neither. Notebooks that set
# formulas leave alone what carries these classes.
_OPEN = '<div class="tex2jax_ignore mathjax_ignore" style="max-width:44em;line-height:1.5">'
_MUTED = "opacity:.75;font-size:.9em"
_QUOTE = "margin:.6em 0;padding:.1em 0 .1em .9em;border-left:3px solid currentColor"
# Dashed all around, where a quote has a rule at its side: words that are nobody's must not look like a document's.
_SUMMARY = "margin:.6em 0;padding:.5em .9em;border:1px dashed currentColor"
_QUESTION = "margin:1em 0 .3em;font-weight:600"
# Line breaks and runs of spaces are the document's: they must show, and be copied, as they are.
_EXACT = "white-space:pre-wrap"
# An element of its own holds a sign that opens a formula: none is found across the borders of elements, should the
# classes be unknown. A sign that reorders what follows it has no effect outside its own.
_HARMLESS = {
    "$": "<span>$</span>",
    "\\": "<span>\\</span>",
    '<i class="unseen"': '<i style="unicode-bidi:isolate"',
}


def answer(
    question: str,
    quotes: Sequence[Quote],
    notices: Iterable[str],
    summary: Summary | None = None,
    questions: Sequence[Asked] | None = None,
) -> str:
    """An answer: the question as understood, what a model wrote where one did, and each quote with its source.

    Of several ``questions`` each has its quotes under it, or why it has none.
    """
    written = "" if summary is None else _summary(summary)
    said = "".join(_section(section, quotes) for section in sections(questions, quotes))
    return f"{_OPEN}{_asked(question)}{written}{said}{_notes(notices)}</div>"


def refusal(
    question: str, reason: str, nearest: Iterable[Quote], notices: Iterable[str], correction: Quote | None = None
) -> str:
    """A refusal: why, what the documents do say where it was found, and the nearest passages, folded."""
    instead = f'<div style="{_MUTED}">{INSTEAD}. {DOUBT}</div>{_quote(correction)}' if correction is not None else ""
    passages = "".join(_quote(quote, around(quote, correction)) for quote in nearest)
    folded = f"<details><summary>Nearest passages, which are not an answer</summary>{passages}</details>"
    told = f'<p role="status"><strong>{_words(reason)}</strong></p>'
    return f"{_OPEN}{_asked(question)}{told}{instead}{folded if passages else ''}{_notes(notices)}</div>"


def _asked(question: str) -> str:
    return f'<p style="{_MUTED}">{_words(question)}</p>'


def _section(section: Section, quotes: Sequence[Quote]) -> str:
    own = "".join(_quote(quotes[at]) for at in section.quotes)
    if not section.heading:
        return own
    heading = f'<div role="heading" aria-level="4" style="{_QUESTION}">{_words(section.heading)}</div>'
    line = f'<div style="{_MUTED}">{_words(section.line)}</div>' if section.line else ""
    return f"{heading}{line}{own}"


def _summary(summary: Summary) -> str:
    """A model's words under their label, without quotation marks, each sentence with the numbers of its quotes."""
    sentences = " ".join(
        f"{_words(sentence.text)} {' '.join(f'[{number}]' for number in sentence.quotes)}"
        for sentence in summary.sentences
    )
    told = f"<div>{sentences}</div>" if sentences else ""
    lost = f'<div style="{_MUTED}">{removed(summary)}</div>' if summary.removed else ""
    return f'<section style="{_SUMMARY}"><div style="{_MUTED}">{whose(summary)}</div>{told}{lost}</section>'


def _quote(quote: Quote, remark: str = "") -> str:
    """``remark``: a line of the program's own below its place."""
    places = "".join(f'<div style="{_MUTED}">also: {_place(other)}</div>' for other in quote.also)
    noted = f'<div style="{_MUTED}">{remark}</div>' if remark else ""
    return (
        f'<blockquote style="{_QUOTE}"><div>“<span class="exact" style="{_EXACT}">{_words(quote.exact)}</span>”</div>'
        f'<footer style="{_MUTED}">[{quote.number}] {_place(quote)}</footer>{places}{noted}</blockquote>'
    )


def _place(said: Quote | Place) -> str:
    heading = f", {_words(said.heading)}" if said.heading and said.heading != said.title else ""
    page = f", page {said.page}" if said.page is not None else ""
    named = f"<cite>{_words(said.title)}</cite>{heading}{page}, paragraph {said.paragraph}"
    return f"{named} (<code>{_words(said.document)}</code>, {said.start}–{said.end})"


def _notes(notices: Iterable[str]) -> str:
    return "".join(f'<p style="{_MUTED}">Note: {_words(notice)}</p>' for notice in notices)


def _words(text: str) -> str:
    """Text that is shown as it is, whatever it holds."""
    html = shown(text)
    for sign, harmless in _HARMLESS.items():
        html = html.replace(sign, harmless)
    return html
