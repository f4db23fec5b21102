"""Replies as HTML for the chat, and a text with marks. The only escaping in the program is ``escape``."""

from __future__ import annotations

import html
from collections.abc import Sequence
from itertools import pairwise
from urllib.parse import quote as percent_encoded

import regex

from assistant.judging.answerability import SURE
from assistant.language.voices import voices
from assistant.replies import BAD_QUESTION, Answer, Place, Quote, Refusal, Reply, Summary
from assistant.showing.sections import Section, sections, share
from index import Span

# Characters that make words look other than they are. Joiners (U+200C, U+200D) are left: scripts and emoji need them.
_DECEPTIVE = regex.compile(r"[\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]")

# Markdown would take a line break, a tab or the edge of a line for its own; character references it leaves alone.
_BLANK = str.maketrans({"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})


def escape(text: str) -> str:
    """Text as it may stand in HTML, in an element or a quoted attribute, inside the chat's Markdown too.

    ``html.unescape`` gives the text back.
    """
    return html.escape(text, quote=True).translate(_BLANK)


def shown(text: str) -> str:
    """``escape``, with each character that deceives the eye in an element that names it and ends its effect."""
    return _DECEPTIVE.sub(
        lambda found: f'<i class="unseen" title="U+{ord(found.group()):04X}">{found.group()}</i>', escape(text)
    )


def mark(text: str, spans: Sequence[Span]) -> str:
    """``text`` as HTML with a ``<mark>`` over every span, numbered from 1 in the order given.

    Where spans overlap the marks are cut at each border, and ``data-n`` lists the numbers: ``<mark data-n="1 3">``.
    Without its tags and unescaped the result is ``text``. Raises ValueError when a span reaches past the end.
    """
    for span in spans:
        span.of(text)
    borders = sorted({0, len(text), *(border for span in spans for border in (span.start, span.end))})
    pieces: list[str] = []
    for start, end in pairwise(borders):
        numbers = [str(n) for n, span in enumerate(spans, start=1) if span.start <= start and end <= span.end]
        words = shown(text[start:end])
        pieces.append(f'<mark data-n="{" ".join(numbers)}">{words}</mark>' if numbers else words)
    return "".join(pieces)


# The page's echo makes the same of a question before the server has seen it.
ASKED = ('<div class="turn"><button class="edit">Edit</button><div class="asked">', "</div></div>")


def asked(question: str) -> str:
    """The user's own words as a chat message."""
    return escape(question).join(ASKED)


def typed(message: str) -> str:
    """What the user typed, back from ``asked``."""
    return html.unescape(message.removeprefix(ASKED[0]).removesuffix(ASKED[1]))


_AGAIN = '<button class="again">Ask again</button>'
_TOOLS = (
    f'<p class="tools">{_AGAIN}<span class="judge">Was this right? '
    '<button class="right">Yes</button> <button class="wrong">No</button> <span class="noted"></span></span></p>'
)


# A notice of documents that changed ends with a command, which is nothing to type into a page.
_COMMAND = regex.compile(r"(?:bring the index up to date with|it stays live until you run): python -m index rebuild$")
_MEANWHILE = "the index answers as it was built until it is rebuilt"

_BY_MODEL = "Written by a model from the quotes below"
_NOTHING_BACKED = "A model wrote nothing that the quotes below back"


def note(line: str, kind: str = "") -> str:
    """A line of the program's own, neither answer nor refusal."""
    return f'<div class="reply"><p class="note {kind}">{escape(line)}</p></div>'


def reply(said: Reply, pending: bool = False) -> str:
    """A reply as one block of HTML without a blank line, so that Markdown leaves it as it is.

    ``pending``: a model is still summing the quotes up.
    """
    parts: list[str] = []
    match said:
        case Answer():
            parts.append(_understood(said))
            parts.append(f'<p class="verdict {_sureness(said)}">{_verdict(said)}</p>')
            if pending:
                parts.append('<p class="summary pending">A model is summing the quotes up.</p>')
            if said.summary is not None:
                parts.append(_summary(said.summary, said.quotes))
            parts.extend(_section(section, said.quotes) for section in sections(said.questions, said.quotes))
        case Refusal() if said.reason_code in BAD_QUESTION:
            parts.append(f'<p class="note">{escape(said.reason)}</p>')
        case Refusal():
            parts.append(_understood(said))
            parts.append(f'<p class="verdict refused">{escape(said.reason)}</p>')
            if said.correction is not None:
                parts.append(f'<p class="instead">{INSTEAD} <span>{DOUBT}</span></p>')
                parts.append(_quote(said.correction))
            if said.nearest:
                parts.append('<p class="offer"><b>Not an answer.</b> What comes nearest, to judge for yourself:</p>')
                parts.extend(_quote(quote, near=True, remark=around(quote, said.correction)) for quote in said.nearest)
    parts.extend(f'<p class="notice">{escape(_COMMAND.sub(_MEANWHILE, line))}</p>' for line in said.notices)
    # Of a question that cannot be asked nothing was judged.
    asked_of_none = isinstance(said, Refusal) and said.reason_code in BAD_QUESTION
    parts.append(f'<p class="tools">{_AGAIN}</p>' if asked_of_none else _TOOLS)
    kind = "answer" if isinstance(said, Answer) else "refusal"
    return f'<div class="reply {kind}">{"".join(parts)}</div>'


def _understood(said: Reply) -> str:
    if said.standalone_question == said.question:
        return ""
    return (
        f'<p class="understood">Understood as <q>{escape(said.standalone_question)}</q> '
        f'<button class="correct">Correct it</button></p>'
    )


def _sureness(answer: Answer) -> str:
    return "sure" if answer.confidence >= SURE else "probable"


def _verdict(answer: Answer) -> str:
    many = len({quote.document for quote in answer.quotes}) > 1
    subject, verb = ("The documents", "answer") if many else ("The document", "answers")
    what = share(answer.questions) or "this"
    if answer.confidence >= SURE:
        return f"{subject} {verb} {what}"
    which = "the quote" if len(answer.quotes) == 1 else "each quote"
    return f"{subject} probably {verb} {what} <span>Read {which} in its place first.</span>"


INSTEAD = "What the documents do say"
"""Said above a refusal's correction wherever one is shown; that it may be one stands in the reason."""

DOUBT = "Read it in its place: it may only be on the subject."
"""Said beside it: of the sentences that are taken for corrections, many contradict nothing."""


def around(passage: Quote, correction: Quote | None) -> str:
    """Said below a nearest passage that holds the correction, whose words would else stand twice unexplained."""
    if correction is None or passage.document != correction.document:
        return ""
    within = passage.start <= correction.start and correction.end <= passage.end
    return "Holds the sentence above" if within else ""


def _section(section: Section, quotes: Sequence[Quote]) -> str:
    """The quotes under their question, where several were asked: its words are the user's, and look like no quote."""
    own = "".join(_quote(quotes[at]) for at in section.quotes)
    if not section.heading:
        return own
    line = f"<p>{escape(section.line)}</p>" if section.line else ""
    return f'<div class="part"><h3>{shown(section.heading)}</h3>{line}{own}</div>'


def _quote(quote: Quote, near: bool = False, remark: str = "") -> str:
    """One block per quote; ``near`` when it is only offered and answers nothing; a ``remark`` is the program's own.

    No quotation marks around the words: set as a block, every character between its edges is the document's.
    """
    answer: list[Span] = []
    if quote.answer_start is not None and quote.answer_end is not None:
        answer.append(Span(quote.answer_start - quote.start, quote.answer_end - quote.start))
    place = _place(quote)
    return (
        f'<blockquote class="quote{" near" if near else ""}">'
        f'<p class="said"><span class="words">{mark(quote.exact, answer)}</span></p>'
        f'<footer class="place">{_link(quote, near)}'
        f'<span class="where"><cite>{escape(quote.title)}</cite>{"" if near else _voices(quote.exact)}'
        f"<span>{place}</span>{_also(quote)}{f'<span>{remark}</span>' if remark else ''}</span>"
        f'<button class="copy" title="Copy quote {quote.number}, or cite it">Copy</button></footer></blockquote>'
    )


def _summary(summary: Summary, quotes: Sequence[Quote]) -> str:
    """A model's words, told apart from quotes by place, type and label; each sentence with links to its quotes."""
    by_number = {quote.number: quote for quote in quotes}
    sentences = " ".join(
        f"<span>{shown(sentence.text)} {' '.join(_link(by_number[number]) for number in sentence.quotes)}</span>"
        for sentence in summary.sentences
    )
    said = f'<p class="model-words">{sentences}</p>' if sentences else ""
    lost = f'<p class="removed">{removed(summary)}</p>' if summary.removed else ""
    return f'<div class="summary"><p class="by">{whose(summary)}</p>{said}{lost}</div>'


def whose(summary: Summary) -> str:
    """Said of a summary wherever one is shown: whose words these are, or that there are none."""
    return _BY_MODEL if summary.sentences else _NOTHING_BACKED


def removed(summary: Summary) -> str:
    """How much of a summary was taken out, in words."""
    many = "sentence" if summary.removed == 1 else "sentences"
    return f"{summary.removed} {many} removed: not backed by the quotes"


def _link(quote: Quote, near: bool = False) -> str:
    return (
        f'<a class="cite" role="button" href="#{_anchor(quote, near)}" '
        f'title="Show quote {quote.number} in the source">{quote.number}</a>'
    )


def _voices(words: str) -> str:
    heard = [f"<b>{shown(span.of(words))}</b>" for span in voices(words)]
    return f'<span class="voice">Reports {" and ".join(heard)}</span>' if heard else ""


def _place(said: Quote | Place) -> str:
    place = f"paragraph {said.paragraph}" if said.page is None else f"page {said.page}, paragraph {said.paragraph}"
    # A narrow column breaks after the dot, not before it.
    return f"{escape(said.heading)}&nbsp;· {place}" if said.heading and said.heading != said.title else place


def _also(quote: Quote) -> str:
    """The other documents that say the same, one span each."""
    return "".join(
        f'<span class="also">also in <cite>{escape(other.title)}</cite>, {_place(other)}</span>' for other in quote.also
    )


def _anchor(quote: Quote, near: bool) -> str:
    """All the source viewer needs to show the quote: the chat's sanitizer keeps links and drops data attributes."""
    offsets = [quote.number, quote.start, quote.end]
    if quote.answer_start is not None and quote.answer_end is not None:
        offsets += [quote.answer_start, quote.answer_end]
    # Two files may have the same bytes.
    path = percent_encoded(quote.document, safe="")
    return f"{'near' if near else 'cite'}-{quote.document_sha256}-{'-'.join(map(str, offsets))}/{path}"
