"""What a page says of itself: title, authors, date, publisher, language and address."""

from __future__ import annotations

import json

from lxml.html import HtmlElement

from index.formats.html_tree import words_in
from index.formats.transcript import Transcript


def read_facts(page: HtmlElement, transcript: Transcript) -> None:
    """Title, authors, date, publisher, language and address, from where pages put them, the surest first."""
    told: dict[str, list[str]] = {}
    for meta in page.iter("meta"):
        name = meta.get("name") or meta.get("property") or meta.get("itemprop") or ""
        if meta.get("content"):
            told.setdefault(name.strip().lower(), []).append(meta.get("content"))
    article = _linked_data(page)
    first_heading = next((words_in(one) for one in page.iter("h1") if words_in(one)), "")
    for fact, values in {
        "title": [
            *told.get("citation_title", ()), *told.get("og:title", ()), *told.get("dc.title", ()),
            article.get("headline"), *(words_in(one) for one in page.iter("title")), first_heading,
        ],
        "issued": [
            *told.get("citation_publication_date", ()), *told.get("article:published_time", ()),
            *told.get("datepublished", ()), *told.get("dc.date", ()), *told.get("date", ()),
            article.get("datePublished"),
        ],
        "url": [
            *(one.get("href") for one in page.iter("link") if "canonical" in (one.get("rel") or "").lower().split()),
            *told.get("og:url", ()),
        ],
        "publisher": [*told.get("citation_publisher", ()), *told.get("dc.publisher", ())],
        "container_title": [*told.get("citation_journal_title", ()), *told.get("og:site_name", ())],
        "language": [page.get("lang"), *told.get("dc.language", ())],
    }.items():  # fmt: skip
        for value in values:
            if isinstance(value, str):
                transcript.fact(fact, value)
    named = [*told.get("citation_author", ()), *told.get("dc.creator", ()), *told.get("author", ())]
    # article:author is often the address of a profile, which is no name.
    named += [name for name in told.get("article:author", ()) if "://" not in name]
    writers = article.get("author")
    for writer in writers if isinstance(writers, list) else [writers]:
        name = writer.get("name") if isinstance(writer, dict) else writer
        if isinstance(name, str):
            named.append(name)
    transcript.authors(named)


def _linked_data(page: HtmlElement) -> dict[str, object]:
    """The first thing with a headline that the page describes as JSON-LD; nothing when there is none."""
    for script in page.iter("script"):
        if (script.get("type") or "").strip().lower() != "application/ld+json" or len(script.text or "") > 1_000_000:
            continue
        try:
            found = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        graph = found.get("@graph") if isinstance(found, dict) else found
        for thing in graph if isinstance(graph, list) else [found]:
            if isinstance(thing, dict) and isinstance(thing.get("headline"), str):
                return thing
    return {}
