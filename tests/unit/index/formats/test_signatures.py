from __future__ import annotations

from papers import docx, word_paragraph

from index.extraction import Extractor
from index.formats.signatures import signed
from index.structure import Structure

LETTER = ["Dear Ms. Hall,", "The rent is due on Monday.", "Yours sincerely,", "", "Jane Doe", "Head of Operations"]


def blocks(name: str, data: bytes) -> list[tuple[str, str]]:
    """(kind, words) of each block."""
    with Extractor() as extractor:
        found = extractor.extract(name, data, "")
    return [(block.kind, found.text[block.start : block.end]) for block in found.structure.blocks]


def test_the_paragraphs_of_a_signature_are_one_with_the_closing() -> None:
    signed = "Yours sincerely,\n\nJane Doe\n\nHead of Operations"
    word = docx("".join(map(word_paragraph, LETTER)))
    page = "".join(f"<p>{line}</p>" for line in LETTER).encode()
    for name, data in (("a.docx", word), ("a.html", page)):
        assert blocks(name, data) == [
            ("paragraph", "Dear Ms. Hall,"),
            ("paragraph", "The rent is due on Monday."),
            ("paragraph", signed),
        ]


def test_what_follows_a_signature_stays_apart() -> None:
    page = "<p>It is so.</p><p>Best,</p><p>Ines<br>Leeds</p><h2>Prices</h2><p>Low</p><p>It rains.</p>"
    page += "<p>Now,</p><p>He left.</p>"
    assert [words for _, words in blocks("a.html", page.encode())] == [
        "It is so.",
        "Best,\n\nInes\nLeeds",
        "Prices",
        "Low",
        "It rains.",
        "Now,",
        "He left.",
    ]


def test_verse_is_no_signature() -> None:
    page = "<p>He sang.</p><p>Roses are red,</p><p>Violets are blue,</p><p>Sugar is sweet</p>"
    assert len(blocks("a.html", page.encode())) == 4


def test_the_pages_of_a_text_whose_signature_is_one_block_are_kept() -> None:
    text = "It is so.\n\nBest,\n\nInes"
    told = [["paragraph", 0, 9], ["paragraph", 11, 16], ["paragraph", 18, 22]]
    found = signed({"text": text, "blocks": told, "pages": [0, 18], "card": {}})
    structure = Structure.from_json({**found, "extractor": ""}, text)
    assert [(block.start, block.end) for block in structure.blocks] == [(0, 9), (11, 22)]
    assert structure.page_of(20) == 2
