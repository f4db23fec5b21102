from __future__ import annotations

from collections.abc import Callable, Mapping
from io import BytesIO

import pytest
from papers import pdf
from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject, StreamObject

from index.extraction import Extracted

Read = Callable[[str, bytes], Extracted]


def set_in(shown: bytes, font: Mapping[str, object]) -> bytes:
    """A PDF of one page that shows ``shown`` in a font of its own, /F3."""
    writer = PdfWriter(clone_from=BytesIO(pdf([shown])))
    fonts = writer.pages[0]["/Resources"]["/Font"]  # type: ignore[index]
    fonts[NameObject("/F3")] = _made(font)
    written = BytesIO()
    writer.write(written)
    return written.getvalue()


def _made(found: object) -> object:
    if isinstance(found, dict):
        return DictionaryObject({NameObject(key): _made(value) for key, value in found.items()})
    if isinstance(found, list):
        return ArrayObject([_made(one) for one in found])
    if isinstance(found, bytes):
        stream = StreamObject()
        stream.set_data(found)
        return stream
    return NumberObject(found) if isinstance(found, int) else NameObject(found)


def wide_font(told: bytes) -> dict[str, object]:
    """A font of two bytes a character, in which number 32 is as wide as a dash."""
    return {
        "/Type": "/Font",
        "/Subtype": "/Type0",
        "/BaseFont": "/Some",
        "/Encoding": "/Identity-H",
        "/DescendantFonts": [{"/Type": "/Font", "/Subtype": "/CIDFontType2", "/DW": 500, "/W": [32, [1000]]}],
        "/ToUnicode": told,
    }


@pytest.mark.parametrize(
    "told",
    [
        b"1 beginbfrange\n<0001> <0060> <0041>\nendbfrange",
        b"beginbfchar\n<0020> <2014>\nendbfchar beginbfrange\n<0001> <0004> [<0041> <0042> <0043> <0044>]\nendbfrange",
    ],
)
def test_words_set_apart_by_moving_on_are_words_where_another_character_has_the_number_of_a_space(
    read: Read, told: bytes
) -> None:
    shown = b"BT /F3 10 Tf 72 700 Td [<0001> 15 <0002> -290 <0003> -290 <0004>] TJ ET"
    assert read("a.pdf", set_in(shown, wide_font(told))).text == "AB C D"


def test_a_space_that_a_font_has_keeps_its_width(read: Read) -> None:
    told = b"1 beginbfchar\n<0001> <0041>\nendbfchar 1 beginbfrange\n<001F> <0021> <001F>\nendbfrange"
    shown = b"BT /F3 10 Tf 72 700 Td [<0001> -290 <0001> <0020> <0001>] TJ ET"
    assert read("a.pdf", set_in(shown, wide_font(told))).text == "AA A"


@pytest.mark.parametrize(("flags", "space", "text"), [(4, "/a", "ha ha"), (4, "/space", "haha"), (32, "/a", "haha")])
def test_a_font_that_names_no_space_sets_words_apart_too(read: Read, flags: int, space: str, text: str) -> None:
    font = {
        "/Type": "/Font",
        "/Subtype": "/Type1",
        "/BaseFont": "/Some",
        "/FirstChar": 32,
        "/Widths": [900] * 80,
        "/FontDescriptor": {"/Type": "/FontDescriptor", "/FontName": "/Some", "/Flags": flags},
        "/Encoding": {"/Type": "/Encoding", "/Differences": [32, space, 97, "/a", 104, "/h"]},
    }
    assert read("a.pdf", set_in(b"BT /F3 10 Tf 72 700 Td [(ha) -290 (ha)] TJ ET", font)).text == text


def test_the_ligatures_of_a_font_of_pictures_are_letters(read: Read) -> None:
    font = {
        "/Type": "/Font",
        "/Subtype": "/Type3",
        "/FontBBox": [0, 0, 50, 50],
        "/FontMatrix": [1, 0, 0, 1, 0, 0],
        "/CharProcs": {},
        "/FirstChar": 0,
        "/Widths": [40] * 128,
        "/Encoding": {"/Type": "/Encoding", "/Differences": [12, "/a12", 27, "/a27", "/a28", "/a29", "/a30", "/a31"]},
    }
    shown = rb"BT /F3 10 Tf 72 700 Td (The \034rst o\036ce \035ag: \020e\033ort\021 \025 \014ve) Tj ET"
    assert read("a.pdf", set_in(shown, font)).text == "The first office flag: “effort” – five"
    assert read("a.pdf", pdf([rb"BT /F1 10 Tf 72 700 Td (a\034b) Tj ET"])).text == "ab"
