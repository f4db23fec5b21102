"""A document's card as bibliographic data: an item in the form of CSL-JSON, and its record in RIS.

Nothing is added that the card or the document does not say: no date, no address, no kind of publication.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import regex

from index import Document

Item = dict[str, Any]

_TEXTS = (
    "abstract archive archive-place authority chapter-number collection-title container-title container-title-short "
    "dimensions division edition event-place event-title genre ISBN ISSN issue jurisdiction language medium note "
    "number number-of-pages number-of-volumes original-title page part-number PMID publisher publisher-place section "
    "source status title title-short version volume"
).split()
_NAMES = "author chair compiler container-author contributor director editor interviewer translator".split()
_DATES = {"date": "issued", "issued": "issued", "accessed": "accessed", "original-date": "original-date"}
_TYPES = frozenset(
    "article article-journal article-magazine article-newspaper bill book broadcast chapter classic collection dataset "
    "document entry entry-dictionary entry-encyclopedia event figure graphic hearing interview legal_case legislation "
    "manuscript map motion_picture musical_score pamphlet paper-conference patent performance periodical "
    "personal_communication post post-weblog regulation report review review-book software song speech standard thesis "
    "treaty webpage".split()
)
_RIS_TYPES = {
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "dataset": "DATA",
    "manuscript": "MANSCPT",
    "pamphlet": "PAMP",
    "paper-conference": "CPAPER",
    "patent": "PAT",
    "post-weblog": "BLOG",
    "report": "RPRT",
    "speech": "GEN",
    "standard": "STAND",
    "thesis": "THES",
    "webpage": "ELEC",
}
_ISO_DATE = regex.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?(?:[T ]\d\d:.*)?")
_YEAR = regex.compile(r"(?<!\d)(?:1[0-9]|20)\d\d(?!\d)")
_WRITTEN = ("%d %B %Y", "%B %d, %Y", "%d %b %Y", "%b %d, %Y")
_WRITTEN_MONTH = ("%B %Y", "%b %Y")


def item(document: Document) -> Item:
    """The CSL-JSON item of a document; without a card it has a title and no more.

    A card's names are those of CSL with an underscore for a hyphen (``container_title``), in any letter case; ``date``
    is ``issued``. What CSL does not know, or what is not in a form that it takes, is left out.
    """
    card = {key.lower().replace("_", "-"): value for key, value in document.card.items()}
    made: Item = {"id": "", "type": "", "title": document.title}
    for name in _TEXTS:
        text = _text(card.get(name.lower()))
        if text:
            made[name] = text
    for name in _NAMES:
        people = [person for person in map(_name, _listed(card.get(name))) if person]
        if people:
            made[name] = people
    for key, name in _DATES.items():
        parts = _date(card.get(key))
        if parts:
            made[name] = {"date-parts": [parts]}
    address = web_address(document)
    if address:
        made["URL"] = address
    doi = regex.sub(r"^(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", _text(card.get("doi")), flags=regex.IGNORECASE)
    if doi.startswith("10."):
        made["DOI"] = doi
    made["type"] = _type(_text(card.get("type")).lower(), made)
    made["id"] = _key(made)
    return made


def web_address(document: Document) -> str | None:
    """The document's address from its card, if it is one of the web."""
    address = next((_text(v) for key, v in document.card.items() if key.lower() == "url"), "")
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    usable = parts.scheme.lower() in ("http", "https") and parts.hostname and not regex.search(r"[\s<>\"'`\\]", address)
    return address if usable else None


def ris(made: Item) -> str:
    """The item as one RIS record."""
    # Not at start-up: only who cites needs it.
    import rispy

    class Bare(rispy.RisWriter):  # type: ignore[misc] # rispy has no types
        """Without the number that the library sets before every record."""

        def set_header(self, count: int) -> str:
            return ""

    issued = made.get("issued", {}).get("date-parts", [[]])[0]
    accessed = made.get("accessed", {}).get("date-parts", [[]])[0]
    pages = regex.split(r"\s*[-–]+\s*", made.get("page", ""), maxsplit=1)
    record = {
        "type_of_reference": _RIS_TYPES.get(made["type"], "GEN"),
        "authors": [_inverted(person) for person in made.get("author", [])],
        "title": made["title"],
        "secondary_title": made.get("container-title"),
        "tertiary_title": made.get("collection-title"),
        "publisher": made.get("publisher"),
        "place_published": made.get("publisher-place"),
        "year": str(issued[0]) if issued else None,
        "date": "/".join(f"{part:02d}" for part in issued) if len(issued) > 1 else None,
        "volume": made.get("volume"),
        "number": made.get("issue") or made.get("number"),
        "edition": made.get("edition"),
        "start_page": pages[0] or None,
        "end_page": pages[1] if len(pages) > 1 else None,
        "type_of_work": made.get("genre"),
        "issn": made.get("ISSN") or made.get("ISBN"),
        "doi": made.get("DOI"),
        "urls": [made["URL"]] if "URL" in made else [],
        "access_date": "/".join(f"{part:02d}" for part in accessed) or None,
        "language": made.get("language"),
        "abstract": made.get("abstract"),
    }
    return str(rispy.dumps([{name: value for name, value in record.items() if value}], implementation=Bare)).lstrip()


def _type(named: str, made: Item) -> str:
    if named in _TYPES:
        return named
    if "URL" in made:
        return "webpage"
    return "article" if "container-title" in made else "document"


def _key(made: Item) -> str:
    """What BibTeX cites it by: ``soong2025``, ``soong-nd``, ``untitled-nd``; ASCII letters and digits."""
    first = made.get("author", [{}])[0]
    name = first.get("family") or first.get("literal") or made["title"].split()[0]
    word = regex.sub(r"[^a-z0-9]", "", _ascii(name).lower()) or "document"
    issued = made.get("issued", {}).get("date-parts", [[]])[0]
    return f"{word}{issued[0]}" if issued else f"{word}-nd"


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _text(value: object) -> str:
    """A card's value on one line; empty when it is not a text or a number."""
    return " ".join(str(value).split()) if isinstance(value, str | int | float) and not isinstance(value, bool) else ""


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _name(value: object) -> dict[str, str] | None:
    if not isinstance(value, Mapping):
        literal = _text(value)
        return {"literal": literal} if literal else None
    fields = {str(key).lower().replace("_", "-"): _text(part) for key, part in value.items()}
    kept = ("family", "given", "suffix", "dropping-particle", "non-dropping-particle")
    if fields.get("family"):
        return {key: fields[key] for key in kept if fields.get(key)}
    whole = fields.get("literal") or fields.get("name") or fields.get("given")
    return {"literal": whole} if whole else None


def _inverted(person: Mapping[str, str]) -> str:
    """As RIS has names: family, given, suffix."""
    family = f"{person.get('non-dropping-particle', '')} {person.get('family', '')}".strip()
    given = f"{person.get('given', '')} {person.get('dropping-particle', '')}".strip()
    return person.get("literal") or ", ".join(part for part in (family, given, person.get("suffix", "")) if part)


def _date(value: object) -> list[int] | None:
    """Year, month and day, as far as they are given; of other writing only a year that stands there alone."""
    text = _text(value)
    iso = _ISO_DATE.fullmatch(text)
    if iso:
        parts = [int(part) for part in iso.groups() if part]
        year, month, day = [*parts, 1, 1][:3]
        try:
            date(year, month, day)
        except ValueError:
            return None
        return parts
    for form in (*_WRITTEN, *_WRITTEN_MONTH):
        try:
            written = datetime.strptime(text, form)
        except ValueError:
            continue
        return [written.year, written.month, written.day] if form in _WRITTEN else [written.year, written.month]
    years = _YEAR.findall(text)
    return [int(years[0])] if len(years) == 1 else None
