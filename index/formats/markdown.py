"""Markdown: the text is the file itself, so a quote can be checked against the file; only its structure is read.

markdown-it-py tells the blocks by line. Its inline rules are left out: nothing here needs them, and they are where a
hostile line takes long.
"""

from __future__ import annotations

import datetime
import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import regex
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.formats import Unreadable
from index.formats.signatures import signed
from index.formats.transcript import one_line

_FRONT = regex.compile(r"(?P<fence>---|\+\+\+)[ \t]*\n(?P<facts>(?s:.*?))(?<=\n)(?P=fence)[ \t]*(?:\n|$)")
_FACT = regex.compile(r"[\w .-]{1,60}")
_MAX_FRONT_CHARS = 64 * 1024
# What stands before the words of a quotation, a list's item or a heading, and after those of a heading.
_MARKS = regex.compile(r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+")
_HEADING_MARKS = regex.compile(r"[ \t>]*+(?:(?:[-*+]|\d{1,9}[.)])[ \t]++)*+#{1,6}[ \t]*+")
_CLOSING = regex.compile(r"(?:^|[ \t]+)#*[ \t]*$")
_LISTS = ("bullet_list_open", "ordered_list_open")
_LEAVES = {"paragraph_open": "paragraph", "table_open": "lines", "fence": "fence", "code_block": "lines"}
# Nothing but a picture, perhaps with a link around it.
_PICTURE = regex.compile(r"(?:\[?!\[[^\]]*+\](?:\([^)]*+\)|\[[^\]]*+\])(?:\]\([^)]*+\))?\s*+)++")
# Nothing but a link. Three of them in a list lead elsewhere, as in a table of contents.
_LINK = regex.compile(r"\[(?:[^\[\]]|\[[^\[\]]*+\])++\](?:\([^()]*+(?:\([^()]*+\)[^()]*+)?\)|\[[^\]]*+\])")
_LINKS = 3
# A tag, over as many lines as its attributes take; "n < 5" and "n > 5" are none.
_TAG = regex.compile(r"</?[a-zA-Z](?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+>?")
# What is between these is no text for a reader.
_UNREAD = regex.compile(r"<(?:!--|!\[CDATA|\?|script\b|style\b|pre\b|textarea\b)", regex.I)


def extract(data: bytes) -> dict[str, object]:
    """``data`` is canonical text in UTF-8. Raises Unreadable."""
    text = data.decode("utf-8")
    card, at = _front_matter(text)
    plan = _Plan(text)
    first = text.count("\n", 0, at)
    plan.aside(0, first)
    # Blank lines in place of the front matter, so that lines keep their numbers.
    for kind, start, end, level in _blocks("\n" * first + text[at:]):
        if start >= plan.done:
            plan.take(kind, start, end, level)
    plan.aside(plan.done, plan.lines)
    return signed({"text": text, "blocks": [list(block) for block in plan.blocks], "pages": [], "card": card})


def _blocks(text: str) -> Iterator[tuple[str, int, int, int]]:
    """(kind, first line, line after the last, level of a heading) of each block, in order.

    A quotation's blocks count as their own.
    """
    tokens = MarkdownIt("commonmark").enable("table").disable("inline").parse(text)
    passed = 0
    for position, token in enumerate(tokens):
        if position < passed or not token.map:
            continue
        start, end = token.map
        if token.type in _LISTS:
            passed = _end_of(tokens, position)
            if _of_single_lines(tokens[position:passed]):
                yield "aside" if _leads_elsewhere(tokens[position:passed]) else "lines", start, end, 0
            else:
                # An item that runs over several lines is a paragraph: its line breaks mean nothing.
                passed = 0
        elif token.type == "heading_open":
            titled = bool(tokens[position + 1].content.strip())
            kind = "heading" if token.markup.startswith("#") else "underlined"
            yield kind if titled else "aside", start, end, int(token.tag[1])
        elif token.type == "html_block":
            yield from _lines_within(token.content, start)
        elif token.type in _LEAVES:
            picture = token.type == "paragraph_open" and _PICTURE.fullmatch(tokens[position + 1].content)
            yield "aside" if picture else _LEAVES[token.type], start, end, 0


def _lines_within(markup: str, first: int) -> Iterator[tuple[str, int, int, int]]:
    """The runs of lines without a tag in a block of HTML, such as what ``details`` hides behind its summary."""
    if _UNREAD.search(markup):
        return
    start: int | None = None
    untagged = _TAG.sub(lambda tag: "\0" + "\n\0" * tag.group().count("\n"), markup)
    for number, line in enumerate([*untagged.split("\n"), ""], first):
        plain = bool(line.strip()) and "\0" not in line
        if plain and start is None:
            start = number
        elif not plain and start is not None:
            yield "paragraph", start, number, 0
            start = None


def _end_of(tokens: Sequence[Token], position: int) -> int:
    level = tokens[position].level
    return next(at for at in range(position + 1, len(tokens)) if tokens[at].level == level and tokens[at].nesting < 0)


def _of_single_lines(tokens: Sequence[Token]) -> bool:
    for token in tokens:
        if token.type in ("fence", "code_block", "html_block", "table_open", "heading_open", "blockquote_open"):
            return False
        if token.type == "paragraph_open" and token.map and token.map[1] - token.map[0] > 1:
            return False
    return True


def _leads_elsewhere(tokens: Sequence[Token]) -> bool:
    items = [token.content for token in tokens if token.type == "inline"]
    return len(items) >= _LINKS and all(map(_LINK.fullmatch, items))


class _Plan:
    """The blocks of a text, in order, taken line by line; ``done`` is the first line in no block yet."""

    def __init__(self, text: str) -> None:
        self.blocks: list[tuple[str, int, int, int]] = []
        self.done = 0
        self._text = text
        self._starts = [0]
        at = text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = text.find("\n", at + 1)
        if self._starts[-1] != len(text):
            self._starts.append(len(text))
        self.lines = len(self._starts) - 1

    def take(self, kind: str, first: int, last: int, level: int = 0) -> None:
        """Note the lines from ``first`` to before ``last`` as a block; the marks around its words are asides."""
        self.aside(self.done, first)
        last = min(last, self.lines)
        start, end = self._starts[first], self._starts[last]
        if kind in ("heading", "underlined", "fence") and last > first:
            head, foot = (first, last - 1) if kind != "fence" else (first + 1, last - 1)
            line_end = end if kind == "heading" else self._starts[max(head, foot)]
            if kind == "heading":
                marks = _HEADING_MARKS.match(self._text, start, end)
                words = marks.end() if marks else start
                closing = _CLOSING.search(self._text[words:end].rstrip("\n"))
                line_end = words + closing.start() if closing else end
            else:
                words = self._starts[head] if kind == "fence" else start
                words = min(words, line_end)
            self._note("aside", start, words)
            if kind == "fence":
                self._note("lines", words, line_end)
            else:
                self._note("heading", words, line_end, level)
            self._note("aside", line_end, end)
        else:
            marks = _MARKS.match(self._text, start, end) if kind == "paragraph" else None
            words = marks.end() if marks else start
            self._note("aside", start, words)
            self._note(kind, words, end)
        self.done = max(self.done, last)

    def aside(self, first: int, last: int) -> None:
        """What no block holds, such as a rule or a link's address, line by line."""
        for line in range(first, min(last, self.lines)):
            self._note("aside", self._starts[line], self._starts[line + 1])
        self.done = max(self.done, min(last, self.lines))

    def _note(self, kind: str, start: int, end: int, level: int = 0) -> None:
        words = self._text[start:end]
        start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
        if start < end:
            self.blocks.append((kind, start, end, level))


def _front_matter(text: str) -> tuple[dict[str, object], int]:
    """The facts that a block of YAML (``---``) or TOML (``+++``) at the very top holds, and where it ends."""
    found = _FRONT.match(text, endpos=_MAX_FRONT_CHARS)
    if found is None:
        return {}, 0
    try:
        if found["fence"] == "+++":
            facts: object = tomllib.loads(found["facts"])
        else:
            facts = yaml.load(found["facts"], Loader=_PlainLoader)  # noqa: S506 - it is a SafeLoader
    except (yaml.YAMLError, ValueError, RecursionError):
        # A rule at the top, and another further down, are no front matter; bad YAML between them is prose.
        return {}, 0
    if not isinstance(facts, dict) or not all(_FACT.fullmatch(str(name)) for name in facts):
        return {}, 0
    return _card(facts), found.end()


def _date(loader: Any, node: Any) -> object:
    """A date, or what is written where that is none: "2020-02-30" must not undo the whole front matter."""
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return str(node.value)


class _PlainLoader(yaml.SafeLoader):  # type: ignore[misc] # yaml has no types
    """Without references: nine of them, each of the one before, make a billion words of a few."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise Unreadable("its front matter holds a YAML reference (*name); write the value out")
        return super().compose_node(parent, index)


_PlainLoader.add_constructor("tag:yaml.org,2002:timestamp", _date)


def _card(facts: Mapping[Any, object]) -> dict[str, object]:
    card: dict[str, object] = {}
    for name, value in facts.items():
        key, plain = one_line(str(name))[:100].lower(), _plain(value)
        if not key or plain is None:
            continue
        if key in ("author", "authors"):
            names = plain if isinstance(plain, list) else [plain]
            card["author"] = [one if isinstance(one, dict) else {"literal": str(one)} for one in names]
        else:
            card[key] = plain
    return card


def _plain(value: object) -> object:
    match value:
        case None | bool() | int():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case datetime.date() | datetime.time():
            return value.isoformat()
        case list():
            return [_plain(item) for item in value]
        case dict():
            return {one_line(str(key)): _plain(item) for key, item in value.items()}
        case _:
            return one_line(str(value))
