"""A quote's citation in APA, MLA and Chicago, BibTeX, RIS and CSL-JSON, with links that lead back to its words.

The styles are set by pandoc's citation processor, which comes with a package and needs no network.
"""

from __future__ import annotations

import html
import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import regex

from assistant.citations import bibliography
from assistant.citations.bibliography import Item
from assistant.citations.citation_forms import STYLES
from assistant.quotes import grounding, linking
from assistant.quotes.placing import Places
from assistant.replies import Quote
from index import BadInput, Document, PassageIndex, Span

MAX_CITED_CHARS = 10_000

_FOLDER = Path(__file__).parent / "styles"
_TIMEOUT_S = 60
_TAG = regex.compile(r"<[^>]*>")
_PLAIN_DOI = regex.compile(r"10\.[A-Za-z0-9.()/:;<>+_-]+")


class CannotCite(BadInput):
    """The span or the installation does not allow it; ``str()`` says which in one line."""


@dataclass(frozen=True, slots=True)
class Styled:
    """A citation in one style: in the text, ``(Soong, n.d., para. 8)``, and its entry in the list of references.

    ``reference_html`` holds nothing but ``span``, ``em``, ``a`` and their like, with text escaped.
    """

    in_text: str
    reference: str
    reference_html: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote with all it takes to cite it, as citation.schema.json describes it.

    Attributes:
        styles: by the names of ``citation_forms.STYLES``.
        csl_json: one item.
        link: the page's address of these words, ``/?cite=…``, below wherever the page is served.
        text_fragment: the document's own address, leading to these words, where its card has one.
    """

    quote: Quote
    styles: Mapping[str, Styled]
    bibtex: str
    ris: str
    csl_json: Sequence[Item]
    link: str
    text_fragment: str | None

    def to_json(self) -> dict[str, object]:
        """JSON-ready, as citation.schema.json describes it."""
        return {
            "quote": asdict(self.quote),
            "styles": {
                name: {"name": STYLES[name], **asdict(styled), "quoted": f"“{self.quote.exact}” {styled.in_text}"}
                for name, styled in self.styles.items()
            },
            "bibtex": self.bibtex,
            "ris": self.ris,
            "csl_json": list(self.csl_json),
            "link": self.link,
            "text_fragment": self.text_fragment,
            "selector": linking.selector(self.quote),
        }

    def in_format(self, name: str) -> str:
        """One of ``citation_forms.FORMATS`` as text, ending with a line break."""
        if name in STYLES:
            styled = self.styles[name]
            return f"“{self.quote.exact}” {styled.in_text}\n\n{styled.reference}\n"
        if name == "csl-json":
            return json.dumps(list(self.csl_json), ensure_ascii=False, indent=2) + "\n"
        return (self.bibtex if name == "bibtex" else self.ris).rstrip("\n") + "\n"


def cite(index: PassageIndex, document: Document, start: int, end: int) -> Citation:
    """Cite ``document``'s words from ``start`` to ``end``, less white space at their ends. Raises CannotCite."""
    text = document.text
    if not 0 <= start < end <= len(text):
        raise CannotCite(f"{document.id} has {len(text):,} characters; there is nothing from {start} to {end}")
    words = text[start:end]
    start, end = start + len(words) - len(words.lstrip()), end - len(words) + len(words.rstrip())
    if start >= end:
        raise CannotCite(f"there are no words from {start} to {end} of {document.id}; choose others")
    if end - start > MAX_CITED_CHARS:
        raise CannotCite(f"the quote has {end - start:,} characters; cite at most {MAX_CITED_CHARS:,}")
    span = Span(start, end)
    places = Places.of(index, document)
    quote = grounding.cut(places.passage(span), span, number=1, score=1.0)
    (styles,), bibtex, (item,) = styled([(document, _locator(places, document, span))])
    address = bibliography.web_address(document)
    return Citation(
        quote=quote,
        styles=styles,
        bibtex=bibtex,
        ris=bibliography.ris(item),
        csl_json=(item,),
        link=linking.permanent_link(quote),
        text_fragment=linking.text_fragment(address, text, span) if address else None,
    )


def locator(index: PassageIndex, document: Document, span: Span) -> str:
    """Where ``span`` stands, as a style is told: ``p. 3``, ``pp. 3-4`` where there are pages, else ``para. 8``,
    ``paras. 8-9``, and nothing in a heading or an aside.
    """
    return _locator(Places.of(index, document), document, span)


def styled(cited: Sequence[tuple[Document, str]]) -> tuple[list[dict[str, Styled]], str, list[Item]]:
    """Every citation of a document at a locator in every style; all documents' BibTeX; their CSL items.

    Items are in the order in which their documents first appear. Where two would read alike the styles tell them
    apart, as in one list of references. Raises CannotCite when the processor fails.
    """
    # Two files may have the same bytes and other cards.
    items: dict[tuple[str, str], Item] = {}
    for document, _ in cited:
        if (document.id, document.sha256) not in items:
            made = bibliography.item(document)
            taken = {item["id"] for item in items.values()}
            if made["id"] in taken:
                made["id"] = f"{made['id']}-{len(items) + 1}"
            items[document.id, document.sha256] = made
    ids = [items[document.id, document.sha256]["id"] for document, _ in cited]
    asked = {
        "items": list(items.values()),
        # BibTeX as pandoc writes it has no field for a DOI: as an address any reader of BibTeX finds it.
        "records": [
            {"URL": f"https://doi.org/{item['DOI']}", **item} if "DOI" in item else item for item in items.values()
        ],
        "citations": [{"id": id_, "locator": place} for id_, (_, place) in zip(ids, cited, strict=True)],
        "styles": {name: str(_FOLDER / f"{name}.csl") for name in STYLES},
    }
    done = json.loads(_processed(json.dumps(asked)))
    texts = [
        {
            name: Styled(
                in_text=_plain(done["styles"][name]["in_text"][number]),
                reference=_plain(done["styles"][name]["references"][id_]),
                reference_html=done["styles"][name]["references"][id_],
            )
            for name in STYLES
        }
        for number, id_ in enumerate(ids)
    ]
    return texts, _with_dois(done["bibtex"], items.values()), list(items.values())


def _with_dois(bibtex: str, items: Iterable[Item]) -> str:
    for item in items:
        # What TeX would read as more than characters must not get past the processor, which escapes it.
        if _PLAIN_DOI.fullmatch(item.get("DOI", "")):
            bibtex = regex.sub(
                rf"(?m)^(@\w+\{{{regex.escape(item['id'])}),$", rf"\1,\n  doi = {{{item['DOI']}}},", bibtex, count=1
            )
    return bibtex


@lru_cache(maxsize=256)
def _processed(asked: str) -> str:
    command = [str(_pandoc()), "lua", str(_FOLDER / "cite.lua")]
    try:
        done = subprocess.run(
            command, input=asked.encode(), capture_output=True, check=True, timeout=_TIMEOUT_S, env={"LANG": "C.UTF-8"}
        )
    except (OSError, subprocess.SubprocessError) as problem:
        said = getattr(problem, "stderr", None) or str(problem).encode()
        line = " ".join(said.decode("utf-8", "replace").split())[:200]
        raise CannotCite(f"the citation processor failed ({line}); reinstall it with: {_INSTALL}") from None
    return done.stdout.decode()


def _pandoc() -> Path:
    """The processor's program, found without importing its package, which takes a second."""
    spec = find_spec("pypandoc")
    program = Path(spec.origin).parent / "files" / "pandoc" if spec and spec.origin else None
    if program is None or not program.is_file():
        raise CannotCite(f"the citation processor is not installed; run: {_INSTALL}")
    return program


_INSTALL = "pip install -r requirements.txt"


def _locator(places: Places, document: Document, span: Span) -> str:
    page, last_page = document.page_of(span.start), document.page_of(span.end - 1)
    if page is not None:
        return f"p. {page}" if page == last_page else f"pp. {page}-{last_page}"
    paragraphs = places.paragraphs(span)
    if paragraphs is None:
        return ""
    first, last = paragraphs
    return f"para. {first}" if first == last else f"paras. {first}-{last}"


def _plain(markup: str) -> str:
    return html.unescape(_TAG.sub("", markup)).strip()
