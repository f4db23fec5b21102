import json
import subprocess
import sys
from pathlib import Path

import pytest
from fakes import index_of
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from assistant.citations import bibliography, citing
from assistant.citations.citation_forms import FORMATS
from assistant.citations.citing import CannotCite, cite
from index import PassageIndex, Span

ROOT = Path(__file__).parents[3]
SCHEMA = json.loads((ROOT / "assistant" / "schemas" / "citation.schema.json").read_text("utf-8"))
REPLY = json.loads((ROOT / "assistant" / "schemas" / "reply.schema.json").read_text("utf-8"))
ARTICLE = "sco-alternative-global-order.txt"
TEXT = "The Title\n\nFirst paragraph here, with a word.\n\nSecond one, with more of it.\n"
CARD = {
    "title": "On being wrong",
    "author": [{"given": "Ada", "family": "Lovelace"}, {"name": "World Bank"}],
    "date": "2024-07-04",
    "container_title": "Journal of Error",
    "type": "article-journal",
    "volume": 3,
    "issue": 2,
    "page": "10-12",
    "doi": "https://doi.org/10.1000/xyz",
    "url": "https://example.org/wrong",
}


def cited(card: dict[str, object], words: str = "with a word") -> citing.Citation:
    index = index_of({"a.txt": TEXT}, {"a.txt": card})
    start = TEXT.index(words)
    return cite(index, index.documents["a.txt"], start, start + len(words))


def test_the_article_is_cited_without_the_date_and_address_that_it_does_not_give(article: PassageIndex) -> None:
    document = article.documents[ARTICLE]
    start = document.text.index("India refused")
    citation = cite(article, document, start, start + len("India refused to join the statement on June 14"))
    assert citation.quote.exact == "India refused to join the statement on June 14"
    assert {name: styled.in_text for name, styled in citation.styles.items()} == {
        "apa": "(Soong, n.d., para. 9)",
        "mla": "(Soong, par. 9)",
        "chicago": "(Soong, n.d., para. 9)",
    }
    assert citation.styles["apa"].reference.startswith("Soong, C. (n.d.). China and Russia are using the Shanghai")
    assert citation.styles["mla"].reference.startswith("Soong, Claus. “China and Russia Are Using the Shanghai")
    assert citation.styles["chicago"].reference.startswith("Soong, Claus. n.d. “China and Russia Are Using")
    everything = json.dumps(citation.to_json())
    assert "http" not in everything.replace(citation.link, "")
    assert not any(f"{year}" in citation.in_format(name) for year in range(2023, 2028) for name in FORMATS)
    assert citation.text_fragment is None


def test_a_full_card_is_cited_in_full() -> None:
    citation = cited(CARD)
    assert citation.styles["apa"].reference == (
        "Lovelace, A., & World Bank. (2024). On being wrong. Journal of Error, 3(2), 10–12. https://doi.org/10.1000/xyz"
    )
    assert citation.styles["mla"].reference == (
        "Lovelace, Ada, and World Bank. “On Being Wrong.” Journal of Error, vol. 3, no. 2, July 2024, pp. 10–12, "
        "https://doi.org/10.1000/xyz."
    )
    assert citation.styles["chicago"].in_text == "(Lovelace and World Bank 2024, para. 1)"
    assert "<em>Journal of Error</em>" in citation.styles["apa"].reference_html
    assert citation.ris.split("\n")[:6] == [
        "TY  - JOUR",
        "AU  - Lovelace, Ada",
        "AU  - World Bank",
        "TI  - On being wrong",
        "T2  - Journal of Error",
        "PY  - 2024",
    ]
    for field in ("author = {Lovelace, Ada and {World Bank}}", "year = {2024}", "volume = {3}", "example.org/wrong"):
        assert field in citation.bibtex
    assert citation.csl_json[0]["issued"] == {"date-parts": [[2024, 7, 4]]}
    assert citation.csl_json[0]["DOI"] == "10.1000/xyz"


def test_a_doi_without_an_address_is_in_the_bibtex_too() -> None:
    card = {name: value for name, value in CARD.items() if name != "url"}
    assert "url = {https://doi.org/10.1000/xyz}" in cited(card).bibtex


def test_bibtex_has_the_doi_beside_an_address() -> None:
    bibtex = cited(CARD).bibtex
    assert bibtex.count("doi = {10.1000/xyz},") == 1
    assert "url = {https://example.org/" in bibtex
    assert "doi =" not in cited({**CARD, "doi": "10.1000/x}\\input{y"}).bibtex


def test_a_document_without_a_card_is_cited_by_its_title_and_no_date() -> None:
    citation = cited({})
    assert citation.styles["apa"].reference == "a. (n.d.)."
    assert citation.styles["apa"].in_text == "(a, n.d., para. 1)".replace("(a", "(A")
    assert citation.csl_json == ({"id": "a-nd", "type": "document", "title": "a"},)


def test_a_heading_is_in_no_paragraph_and_a_quote_of_two_is_in_both() -> None:
    assert cited(CARD, "The Title").styles["apa"].in_text == "(Lovelace & World Bank, 2024)"
    both = "with a word.\n\nSecond one"
    assert cited(CARD, both).styles["apa"].in_text == "(Lovelace & World Bank, 2024, paras. 1–2)"


def test_the_quote_keeps_every_character_in_every_format() -> None:
    citation = cited(CARD, "with a word.\n\nSecond one")
    assert citation.in_format("mla").startswith("“with a word.\n\nSecond one” (Lovelace and World Bank, pars. 1–2)\n")


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-07-04", [2024, 7, 4]),
        ("2024-07", [2024, 7]),
        (2024, [2024]),
        ("2024-07-04T10:00:00+02:00", [2024, 7, 4]),
        ("4 July 2024", [2024, 7, 4]),
        ("July 4, 2024", [2024, 7, 4]),
        ("July 2024", [2024, 7]),
        ("Summer 2024", [2024]),
        ("ca. 1890", [1890]),
    ],
)
def test_a_date_is_read_as_far_as_it_is_given(written: object, read: list[int]) -> None:
    index = index_of({"a.txt": TEXT}, {"a.txt": {"date": written}})
    assert bibliography.item(index.documents["a.txt"])["issued"] == {"date-parts": [read]}


@pytest.mark.parametrize(
    "written", ["", "n.d.", "2024-13-40", "2019 or 2020", "yesterday", True, [2024], {"year": 2024}]
)
def test_what_is_no_date_is_no_date(written: object) -> None:
    index = index_of({"a.txt": TEXT}, {"a.txt": {"date": written}})
    assert "issued" not in bibliography.item(index.documents["a.txt"])


@pytest.mark.parametrize(
    "address",
    ["javascript:alert(1)", "file:///etc/passwd", "example.org", "https://", "http://[", "https://a b", 3, ""],
)
def test_what_is_no_web_address_is_not_cited_as_one(address: object) -> None:
    index = index_of({"a.txt": TEXT}, {"a.txt": {"url": address}})
    assert bibliography.web_address(index.documents["a.txt"]) is None
    assert "URL" not in bibliography.item(index.documents["a.txt"])


def test_markup_in_a_card_stays_text() -> None:
    hostile = "<script>alert(1)</script> & <img src=x onerror=y> *em* [@b] {x} \\input{y}\nER  - "
    citation = cited({"title": hostile, "author": hostile, "publisher": hostile})
    for styled in citation.styles.values():
        assert "<script" not in styled.reference_html
        assert "<img" not in styled.reference_html
    assert citation.ris.count("\nER  - ") == 1
    assert "\\input" not in citation.bibtex


@pytest.mark.parametrize(("start", "end"), [(-1, 5), (5, 5), (9, 3), (0, 10_000), (9, 11)])
def test_a_span_without_words_gets_one_line(start: int, end: int) -> None:
    index = index_of({"a.txt": TEXT})
    with pytest.raises(CannotCite, match=r"^[^\n]+$"):
        cite(index, index.documents["a.txt"], start, end)


def test_white_space_at_the_ends_is_not_quoted() -> None:
    index = index_of({"a.txt": TEXT})
    assert cite(index, index.documents["a.txt"], 9, 25).quote.exact == TEXT[9:25].strip()


def test_a_quote_longer_than_can_be_linked_to_gets_one_line() -> None:
    index = index_of({"a.txt": "A word. " * 2000})
    with pytest.raises(CannotCite, match=r"15,999 characters; cite at most 10,000"):
        cite(index, index.documents["a.txt"], 0, 16_000)


def test_two_works_that_would_read_alike_are_told_apart() -> None:
    card = {"author": [{"given": "Ada", "family": "Lovelace"}], "date": "2024"}
    index = index_of({"a.txt": TEXT, "b.txt": TEXT + "More."}, {"a.txt": card, "b.txt": card})
    styles, bibtex, items = citing.styled([(document, "para. 1") for document in index.documents.values()])
    assert [of["apa"].in_text for of in styles] == ["(Lovelace, 2024a, para. 1)", "(Lovelace, 2024b, para. 1)"]
    assert [item["id"] for item in items] == ["lovelace2024", "lovelace2024-2"]
    assert "@misc{lovelace2024-2," in bibtex


def test_without_the_processor_one_line_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(citing, "find_spec", lambda name: None)
    citing._processed.cache_clear()
    with pytest.raises(CannotCite, match=r"not installed; run: pip install -r requirements\.txt$"):
        cited(CARD)


def test_every_citation_follows_the_published_schema(article: PassageIndex) -> None:
    registry = Registry().with_resource("reply.schema.json", Resource.from_contents(REPLY))
    validator = Draft202012Validator(SCHEMA, registry=registry)
    document = article.documents[ARTICLE]
    for made in (cited(CARD), cited({}), cite(article, document, 4069, 4177)):
        validator.validate(json.loads(json.dumps(made.to_json())))


def test_nothing_of_citing_is_imported_before_something_is_cited() -> None:
    code = "import sys, assistant.web.quote_api; print([m for m in ('rispy', 'pypandoc') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "[]\n"


def test_a_locator_names_the_paragraph(article: PassageIndex) -> None:
    document = article.documents[ARTICLE]
    assert citing.locator(article, document, Span(4069, 4177)) == "para. 8"
