from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from papers import pdf
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject, DictionaryObject, FloatObject, NameObject

from index.extraction import Extracted

Read = Callable[[str, bytes], Extracted]


def illustrated(pages: list[bytes], picture: bytes) -> bytes:
    """A PDF on whose pages ``/P1 Do`` draws the picture."""
    writer = PdfWriter(clone_from=BytesIO(pdf(pages)))
    for page in writer.pages:
        resources = page["/Resources"]
        assert isinstance(resources, DictionaryObject)
        drawn = DecodedStreamObject()
        drawn.set_data(picture)
        drawn[NameObject("/Type")] = NameObject("/XObject")
        drawn[NameObject("/Subtype")] = NameObject("/Form")
        drawn[NameObject("/BBox")] = ArrayObject(map(FloatObject, (0, 0, 200, 200)))
        drawn[NameObject("/Resources")] = DictionaryObject(resources)
        resources[NameObject("/XObject")] = DictionaryObject({NameObject("/P1"): drawn})
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def test_words_of_a_picture_lie_where_the_picture_does(read: Read) -> None:
    """At the foot of the page by its own measure, they were below the page's number, which was taken for text."""
    pages = [
        b"BT /F1 11 Tf 72 700 Td (The %b chapter is about) Tj 0 -14 Td (%b and all that.) Tj ET "
        b"q .5 0 0 .5 72 400 cm /P1 Do Q BT /F1 11 Tf 72 200 Td (Below it) Tj 0 -14 Td (%b falls.) Tj ET "
        b"BT /F1 11 Tf 300 40 Td (%d) Tj ET" % (which, what, what, number)
        for number, (which, what) in enumerate(
            [(b"first", b"rain"), (b"second", b"snow"), (b"third", b"hail"), (b"last", b"fog")], start=1
        )
    ]
    picture = b"BT /F1 22 Tf 0 5 Td (Low) Tj 0 60 Td (Left) Tj ET"
    told = read("a.pdf", illustrated(pages, picture)).text
    assert told.split("\n\n")[:4] == [
        "The first chapter is about rain and all that.",
        "Low",
        "Left",
        "Below it rain falls.",
    ]
    assert not any(word.isdigit() for word in told.split())
