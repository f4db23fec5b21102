"""Replies as HTML for the chat, and a text with marks. The only escaping in the program is ``escape``."""

from __future__ import annotations

import html
from collections.abc import Sequence

import regex

from assistant.replies import BAD_QUESTION, Answer, Quote, Refusal, Reply
from index import Span

# From this probability on the page says that the documents answer; below it, that they probably do.
_SURE = 0.75

# Characters that could make words look other than they are: shown as their code, never obeyed.
_DECEPTIVE = regex.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]"
)


def escape(text: str) -> str:
    """Text as it may stand in HTML, in an element or a quoted attribute, and inside the chat's Markdown.

    Line breaks and tabs become character references, which Markdown leaves alone; unescaping gives the text back.
    """
    return html.escape(text, quote=True).replace("\n", "&#10;").replace("\t", "&#9;").replace("\r", "&#13;")


def visible(text: str) -> str:
    """``escape``, with each character that deceives the eye in an element of its own.

    The page shows its code there and isolates its effect; the text of the HTML stays that of ``text``.
    """
    return _DECEPTIVE.sub(
        lambda match: f'<i class="unseen" title="U+{ord(match.group()):04X}">{match.group()}</i>', escape(text)
    )


def mark(text: str, spans: Sequence[Span]) -> str:
    """``text`` escaped, with ``<mark>`` around each span; spans that overlap are marked as one.

    Without its tags and unescaped, the result is ``text``. Raises ValueError when a span reaches past the end.
    """
    pieces: list[str] = []
    at = 0
    for span in merged(spans):
        words = span.of(text)
        pieces.append(f"{escape(text[at : span.start])}<mark>{escape(words)}</mark>")
        at = span.end
    return "".join([*pieces, escape(text[at:])])


def merged(spans: Sequence[Span]) -> list[Span]:
    """The spans in order, those that overlap or touch joined."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def asked(question: str) -> str:
    """The user's own words as a chat message."""
    return f'<div class="asked">{escape(question)}</div>'


def typed(message: str) -> str:
    """What the user typed, back from ``asked``."""
    return html.unescape(regex.sub(r"^<div class=\"asked\">|</div>$", "", message))


def note(line: str) -> str:
    """A line of the program's own, neither answer nor refusal."""
    return f'<div class="note" role="status">{escape(line)}</div>'


def reply(said: Reply) -> str:
    """A reply as one block of HTML without a blank line, so that Markdown leaves it as it is."""
    parts: list[str] = []
    if said.standalone_question != said.question and not (
        isinstance(said, Refusal) and said.reason_code in BAD_QUESTION
    ):
        parts.append(f'<div class="understood">Understood as: {escape(said.standalone_question)}</div>')
    match said:
        case Answer():
            parts.append(f'<div class="verdict">{_verdict(said)}</div>')
            parts.extend(_quote(quote, "quote") for quote in said.quotes)
        case Refusal():
            parts.append(f'<div class="verdict refused">{escape(said.reason)}</div>')
            if said.nearest:
                parts.append('<div class="offer">Nearest passages. They do not answer the question.</div>')
                parts.extend(_quote(quote, "quote near") for quote in said.nearest)
    parts.extend(f'<div class="notice">{escape(line)}</div>' for line in said.notices)
    kind = "answer" if isinstance(said, Answer) else "refusal"
    return f'<div class="reply {kind}">{"".join(parts)}</div>'


def _verdict(answer: Answer) -> str:
    named = {quote.document for quote in answer.quotes}
    subject = "The document" if len(named) == 1 else "The documents"
    verb = "answers" if len(named) == 1 else "answer"
    if answer.confidence >= _SURE:
        return f"{subject} {verb} this"
    return f"{subject} probably {verb} this"


def _quote(quote: Quote, kind: str) -> str:
    words = visible(quote.exact)
    if quote.answer_start is not None and quote.answer_end is not None:
        start, end = quote.answer_start - quote.start, quote.answer_end - quote.start
        words = f"{visible(quote.exact[:start])}<b>{visible(quote.exact[start:end])}</b>{visible(quote.exact[end:])}"
    place = [f"paragraph {quote.paragraph}"]
    if quote.heading and quote.heading != quote.title:
        place.insert(0, f"“{escape(quote.heading)}”")
    return (
        f'<div class="{kind}" id="{_anchor(quote)}"><span class="words">“{words}”</span> '
        f'<a class="cite" role="button" href="#{_anchor(quote)}" title="Show this in the source">{quote.number}</a>'
        f'<span class="place">{escape(quote.title)}<br>{", ".join(place)}'
        f' <button class="copy" title="Copy the quote with its source">Copy</button></span></div>'
    )


def _anchor(quote: Quote) -> str:
    """All that the source viewer needs to show the quote: the chat's sanitizer keeps ids and links, no data."""
    return f"cite-{quote.document_sha256}-{quote.number}-{quote.start}-{quote.end}"
