"""Small documents of every format, made by hand, so that a test says all that stands in its file."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping, Sequence
from html import escape
from io import BytesIO

Line = tuple[float, float, float, str]
"""x and y in points from the lower left corner, the size of the type, and the words (Latin-1)."""


def pdf(
    pages: Sequence[Sequence[Line] | bytes], info: Mapping[str, str] | None = None, bold: Sequence[str] = ()
) -> bytes:
    """A PDF of lines set in Helvetica, those in ``bold`` in its bold; compressed as real ones are.

    A page may also be given as its own description, in bytes.
    """
    objects: list[bytes] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count %d /Kids [%s] >>"
        % (len(pages), b" ".join(b"%d 0 R" % (6 + 2 * n) for n in range(len(pages)))),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold /Encoding /WinAnsiEncoding >>",
        b"<< %s >>" % b" ".join(f"/{key} ({value})".encode("latin-1") for key, value in (info or {}).items()),
    ]
    for lines in pages:
        shown = lines if isinstance(lines, bytes) else _shown(lines, bold)
        packed = zlib.compress(shown)
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R /F2 4 0 R >> >> >>" % (len(objects) + 2)
        )
        objects.append(b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed))
    out = BytesIO()
    out.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(out.tell())
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, content))
    table = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    out.writelines(b"%010d 00000 n \n" % place for place in places)
    out.write(b"trailer << /Size %d /Root 1 0 R /Info 5 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, table))
    return out.getvalue()


def _shown(lines: Sequence[Line], bold: Sequence[str]) -> bytes:
    return b"\n".join(
        b"BT /F%d %g Tf %g %g Td (%s) Tj ET" % (2 if words in bold else 1, size, x, y, _pdf_string(words))
        for x, y, size, words in lines
    )


def _pdf_string(words: str) -> bytes:
    return words.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")


def column(lines: Sequence[str], x: float = 72, top: float = 700, size: float = 11, leading: float = 13) -> list[Line]:
    """Lines one below the other."""
    return [(x, top - leading * number, size, words) for number, words in enumerate(lines)]


def archive(members: Mapping[str, str | bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as into:
        for name, content in members.items():
            into.writestr(name, content)
    return out.getvalue()


_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def docx(body: str, core: str = "", **more: str | bytes) -> bytes:
    """A Word document of ``body``, WordprocessingML with the prefix w; ``core`` are its properties, with dc."""
    return archive(
        {
            "[Content_Types].xml": "<Types/>",
            "word/document.xml": f"<w:document {_W}><w:body>{body}</w:body></w:document>",
            "word/styles.xml": f'<w:styles {_W}><w:style w:type="paragraph" w:styleId="berschrift1">'
            '<w:name w:val="heading 1"/></w:style></w:styles>',
            "docProps/core.xml": '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/'
            'metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
            f'xmlns:dcterms="http://purl.org/dc/terms/">{core}</cp:coreProperties>',
            **{name.replace("__", "/") + ".xml": content for name, content in more.items()},
        }
    )


def word_paragraph(words: str, style: str = "", more: str = "") -> str:
    styled = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:p><w:pPr>{styled}{more}</w:pPr><w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r></w:p>'


def epub(chapters: Sequence[str], facts: str = "", **more: str | bytes) -> bytes:
    """A book whose chapters are the bodies given; ``facts`` are its Dublin Core, with the prefix dc."""
    items = "".join(
        f'<item id="c{n}" href="text/chapter%20{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    return archive(
        {
            "mimetype": "application/epub+zip",
            "META-INF/container.xml": '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OPS/book.opf"/></rootfiles></container>',
            "OPS/book.opf": '<package xmlns="http://www.idpf.org/2007/opf"><metadata '
            f'xmlns:dc="http://purl.org/dc/elements/1.1/">{facts}</metadata><manifest>{items}'
            '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/></manifest>'
            f'<spine><itemref idref="nav"/>{spine}</spine></package>',
            "OPS/nav.xhtml": "<html><body><p>Contents of the book.</p></body></html>",
            **{
                f"OPS/text/chapter {n}.xhtml": '<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html>'
                f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{chapter}</body></html>'
                for n, chapter in enumerate(chapters)
            },
            **{name.replace("__", "/") + ".xml": content for name, content in more.items()},
        }
    )
