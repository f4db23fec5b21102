from __future__ import annotations

from collections.abc import Callable

import pytest
from papers import archive, epub

from index.extraction import Extracted

Read = Callable[[str, bytes], Extracted]
Blocks = Callable[[str, bytes], list[tuple[str, str]]]
Complaint = Callable[[str, bytes], str]
LOCK = (
    '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container" xmlns:e="http://www.w3.org/2001/04/xmlenc#">'
    '<e:EncryptedData><e:CipherData><e:CipherReference URI="{}"/></e:CipherData></e:EncryptedData></encryption>'
)


def test_chapters_are_read_in_the_order_of_the_spine_without_the_contents(blocks: Blocks) -> None:
    book = epub(["<h1>One</h1><p>First.</p>", "<section><h2>Two</h2><p>Second &amp; last.</p></section>"])
    assert blocks("a.epub", book) == [
        ("heading", "One"),
        ("paragraph", "First."),
        ("heading", "Two"),
        ("paragraph", "Second & last."),
    ]


def test_a_chapter_is_read_whole(blocks: Blocks) -> None:
    chapter = """<nav><p>Contents</p></nav><header><h1>One</h1></header><p>Before.</p><article><p>Within.</p></article>
      <script>alert(1)</script><style>p {}</style><p>After.</p><div role="complementary"><p>Beside.</p></div>
      <aside role="doc-footnote"><p>A note.</p></aside><footer><p>The end.</p></footer>"""
    assert blocks("a.epub", epub([chapter])) == [
        ("heading", "One"),
        ("paragraph", "Before."),
        ("paragraph", "Within."),
        ("paragraph", "After."),
        ("paragraph", "Beside."),
        ("paragraph", "A note."),
        ("paragraph", "The end."),
    ]


def test_the_books_own_facts_are_its_card(read: Read) -> None:
    facts = (
        "<dc:title>T</dc:title><dc:creator>Ann Lee</dc:creator><dc:creator>Bo Ek</dc:creator><dc:date>2024</dc:date>"
    )
    facts += "<dc:publisher>P</dc:publisher><dc:identifier>urn:isbn:9780000000002</dc:identifier>"
    assert read("a.epub", epub(["<p>x</p>"], facts)).structure.card == {
        "title": "T",
        "issued": "2024",
        "publisher": "P",
        "isbn": "9780000000002",
        "author": [{"literal": "Ann Lee"}, {"literal": "Bo Ek"}],
    }


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (archive({"word/document.xml": "<a/>"}), "its content is not that of an .epub file; give it the ending"),
        (b"plain", "its content is not that of an .epub file; give it the ending of what it is"),
        (epub([]), "holds no text; write something in it or remove it"),
        (
            epub(["<p>x</p>"], **{"META-INF/encryption": LOCK.format("OPS/text/chapter%200.xhtml")}),
            "is encrypted (copy protection); only its publisher can give you another",
        ),
        (
            archive({"META-INF/container.xml": '<c><rootfile full-path="../../etc/passwd"/></c>'}),
            "damaged: ../../etc/passwd is missing in it; save it again",
        ),
    ],
    ids=["a Word document", "text", "empty", "locked", "a path that leads out"],
)
def test_a_book_that_cannot_be_read_is_left_out_with_the_reason(complaint: Complaint, data: bytes, why: str) -> None:
    assert complaint("a.epub", data).startswith(f"a.epub: {why}")


def test_a_book_whose_fonts_alone_are_locked_is_read(read: Read) -> None:
    assert read("a.epub", epub(["<p>x</p>"], **{"META-INF/encryption": LOCK.format("OPS/font.otf")})).text == "x"


def test_a_chapter_that_defines_entities_of_its_own_is_refused(complaint: Complaint) -> None:
    book = archive(
        {
            "META-INF/container.xml": '<c><rootfile full-path="b.opf"/></c>',
            "b.opf": '<p><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/><itemref idref="a"/></p>',
            "a.xhtml": "<!DOCTYPE html [<!ENTITY a 'aaaa'>]><html><body><p>&a;</p></body></html>",
        }
    )
    assert complaint("a.epub", book) == "a.epub: a chapter of it holds a DTD, which no book needs; convert it anew"


def test_the_numbers_of_notes_and_of_printed_pages_are_left_out(blocks: Blocks) -> None:
    chapter = (
        "<p>A storm came on 3 November.<a epub:type='noteref' href='#n'>1</a> It held.</p>"
        "<p><span epub:type='pagebreak' id='p12'>12</span>He slept<a role='doc-noteref' href='#m'>2</a>.</p>"
    )
    assert blocks("a.epub", epub([chapter])) == [
        ("paragraph", "A storm came on 3 November. It held."),
        ("paragraph", "He slept."),
    ]


def test_words_that_lead_to_a_note_are_read(blocks: Blocks) -> None:
    chapter = (
        "<p>He was <a epub:type='noteref' href='#n'>ill</a>, said <a role='doc-noteref' href='#m'>Mr. Hill</a>.</p>"
    )
    assert blocks("a.epub", epub([chapter])) == [("paragraph", "He was ill, said Mr. Hill.")]
