from __future__ import annotations

from collections.abc import Callable

import pytest
from papers import archive, docx, word_paragraph

from index.extraction import Extracted

Read = Callable[[str, bytes], Extracted]
Blocks = Callable[[str, bytes], list[tuple[str, str]]]
Complaint = Callable[[str, bytes], str]


def test_styles_make_headings_whatever_word_calls_them(blocks: Blocks) -> None:
    body = (
        word_paragraph("Einleitung", "berschrift1")
        + word_paragraph("Outlined", more='<w:outlineLvl w:val="1"/>')
        + word_paragraph("A sentence  of two\u00a0spaces.")
        + word_paragraph(" ")
    )
    assert blocks("a.docx", docx(body)) == [
        ("heading", "Einleitung"),
        ("heading", "Outlined"),
        ("paragraph", "A sentence of two\u00a0spaces."),
    ]


def test_a_paragraph_may_say_that_it_is_body_text(blocks: Blocks) -> None:
    body_text = '<w:outlineLvl w:val="9"/>'
    body = word_paragraph("Words.", more=body_text) + word_paragraph("More words.", "berschrift1", body_text)
    assert blocks("a.docx", docx(body)) == [("paragraph", "Words."), ("paragraph", "More words.")]


def test_lists_and_tables_are_blocks_of_lines(blocks: Blocks) -> None:
    listed = "<w:numPr/>"
    cell = "<w:tc>{}</w:tc>".format
    row = f"<w:tr>{cell(word_paragraph('a') + word_paragraph('b'))}{cell(word_paragraph('c'))}</w:tr>"
    body = word_paragraph("one", more=listed) + word_paragraph("two", more=listed) + f"<w:tbl>{row}{row}</w:tbl>"
    assert blocks("a.docx", docx(body)) == [("lines", "one\ntwo"), ("lines", "a b | c\na b | c")]


def test_a_list_may_be_one_by_its_style(blocks: Blocks) -> None:
    numbered = '<w:pPr><w:numPr><w:numId w:val="{}"/></w:numPr></w:pPr>'.format
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:style w:styleId="ListNumber">{numbered(5)}</w:style>'
        '<w:style w:styleId="Narrow"><w:basedOn w:val="ListNumber"/></w:style>'
        f'<w:style w:styleId="Plain"><w:basedOn w:val="ListNumber"/>{numbered(0)}</w:style></w:styles>'
    )
    styled = {"a": "ListNumber", "b": "Narrow", "c": "Plain", "d": ""}
    body = "".join(word_paragraph(words, style) for words, style in styled.items())
    assert blocks("a.docx", docx(body, word__styles=styles)) == [
        ("lines", "a\nb"),
        ("paragraph", "c"),
        ("paragraph", "d"),
    ]


def test_an_empty_cell_keeps_its_place_between_others(blocks: Blocks) -> None:
    row = "".join(f"<w:tc>{word_paragraph(words)}</w:tc>" for words in ("A", "", "120", ""))
    assert blocks("a.docx", docx(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>")) == [("lines", "A | – | 120")]


def test_a_symbol_from_a_font_of_its_own_is_read(blocks: Blocks) -> None:
    symbols = [("Wingdings", "F0FE"), ("Symbol", "F061"), ("Symbol", "A3"), ("Wingdings", "F0FF"), ("Arial", "00BD")]
    runs = "".join(f'<w:r><w:t>a</w:t><w:sym w:font="{font}" w:char="{code}"/></w:r>' for font, code in symbols)
    assert blocks("a.docx", docx(f"<w:p>{runs}</w:p>")) == [("paragraph", "a☑aαa≤a\ufffda½")]


def test_a_table_of_contents_and_a_pages_number_are_shown_and_never_quoted(blocks: Blocks) -> None:
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:style w:type="paragraph" w:styleId="Verzeichnis1"><w:name w:val="toc 1"/></w:style></w:styles>'
    )
    number = "<w:p><w:r><w:instrText> PAGE </w:instrText></w:r><w:r><w:t>Page 7</w:t></w:r></w:p>"
    dated = "<w:p><w:r><w:t>Page 7 tells of it.</w:t><w:instrText> PAGE </w:instrText></w:r></w:p>"
    body = word_paragraph("Aims 3", "Verzeichnis1") + number + dated
    assert blocks("a.docx", docx(body, word__styles=styles)) == [
        ("aside", "Aims 3"),
        ("aside", "Page 7"),
        ("paragraph", "Page 7 tells of it."),
    ]


def test_what_was_deleted_or_is_a_fields_code_is_no_text_and_what_was_inserted_is(read: Read) -> None:
    body = (
        "<w:p><w:r><w:t>It </w:t></w:r><w:del><w:r><w:delText>was</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>is</w:t></w:r></w:ins><w:r><w:instrText>PAGE</w:instrText><w:tab/><w:t>so.</w:t></w:r></w:p>"
    )
    assert read("a.docx", docx(body)).text == "It is so."


def test_what_was_moved_is_read_where_it_went(read: Read) -> None:
    run = "<w:r><w:t>{}</w:t></w:r>".format
    gone = f"<w:p><w:pPr><w:rPr><w:moveFrom/></w:rPr></w:pPr><w:moveFrom>{run('Moved.')}</w:moveFrom></w:p>"
    come = f"<w:p><w:moveTo>{run('Moved.')}</w:moveTo></w:p>"
    part = f"<w:p>{run('It ')}<w:moveFrom>{run('was ')}</w:moveFrom>{run('is so.')}</w:p>"
    assert read("a.docx", docx(gone + part + come)).text == "It is so.\n\nMoved."


def test_a_deleted_line_break_breaks_no_line(blocks: Blocks) -> None:
    deleted = "<w:del><w:r><w:br/><w:t>was</w:t><w:br/></w:r></w:del>"
    body = f"<w:p><w:r><w:t>It </w:t></w:r>{deleted}<w:r><w:t>is.</w:t></w:r></w:p>"
    assert blocks("a.docx", docx(body)) == [("paragraph", "It is.")]


def test_hidden_runs_are_no_text(read: Read) -> None:
    def run(words: str, properties: str) -> str:
        return f"<w:r><w:rPr><w:b/>{properties}</w:rPr><w:t>{words}</w:t></w:r>"

    hidden = run("was ", "<w:vanish/>") + run("had been ", '<w:vanish w:val="1"/>')
    shown = run("is ", '<w:vanish w:val="0"/>') + run("all ", '<w:vanish w:val="false"/>')
    change = "<w:rPrChange><w:rPr><w:vanish/></w:rPr></w:rPrChange>"
    mark = "<w:pPr><w:rPr><w:vanish/></w:rPr></w:pPr>"
    body = f"<w:p>{mark}{run('It ', '')}{hidden}{shown}{run('so.', change)}</w:p>"
    assert read("a.docx", docx(body)).text == "It is all so."


def test_a_text_box_kept_in_two_forms_is_read_once(read: Read) -> None:
    box = "<w:txbxContent>" + word_paragraph("In the box.") + "</w:txbxContent>"
    choice = "<mc:AlternateContent xmlns:mc='http://schemas.openxmlformats.org/markup-compatibility/2006'>"
    both = f"{choice}<mc:Choice>{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    body = f"<w:p><w:r><w:t>Beside it.</w:t>{both}</w:r></w:p>"
    assert read("a.docx", docx(body)).text == "In the box.\n\nBeside it."


def test_footnotes_come_after_the_text_and_their_separators_do_not(read: Read) -> None:
    notes = (
        '<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f'<w:footnote w:type="separator">{word_paragraph("---")}</w:footnote>'
        f"<w:footnote>{word_paragraph('A note.')}</w:footnote></w:footnotes>"
    )
    assert read("a.docx", docx(word_paragraph("Words."), word__footnotes=notes)).text == "Words.\n\nA note."


def _notes(*texts: str) -> str:
    notes = "".join(f'<w:footnote w:id="{n}">{word_paragraph(text)}</w:footnote>' for n, text in enumerate(texts, 1))
    return f'<w:footnotes xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{notes}</w:footnotes>'


def _referring(words: str, note: int) -> str:
    return f'<w:p><w:r><w:t>{words}</w:t></w:r><w:r><w:footnoteReference w:id="{note}"/></w:r></w:p>'


def test_a_note_stands_at_the_end_of_the_section_that_refers_to_it(blocks: Blocks) -> None:
    body = (
        word_paragraph("Aims", "berschrift1")
        + _referring("It has aims.", 2)
        + word_paragraph("More of them.")
        + word_paragraph("Costs", "berschrift1")
        + f"<w:tbl><w:tr><w:tc>{_referring('9 euros', 1)}</w:tc></w:tr></w:tbl>"
        + word_paragraph("That is all.")
    )
    assert blocks("a.docx", docx(body, word__footnotes=_notes("On costs.", "On aims.", "On nothing."))) == [
        ("heading", "Aims"),
        ("paragraph", "It has aims."),
        ("paragraph", "More of them."),
        ("paragraph", "On aims."),
        ("heading", "Costs"),
        ("lines", "9 euros"),
        ("paragraph", "That is all."),
        ("paragraph", "On costs."),
        ("paragraph", "On nothing."),
    ]


def test_two_notes_of_one_id_are_both_kept(read: Read) -> None:
    notes = _notes("One.", "Two.").replace('w:id="2"', 'w:id="1"')
    assert read("a.docx", docx(_referring("Words.", 1), word__footnotes=notes)).text == "Words.\n\nOne.\n\nTwo."


def _bold(*runs: str) -> str:
    return "<w:p>" + "".join(f"<w:r><w:rPr><w:b/></w:rPr><w:t>{words}</w:t></w:r>" for words in runs) + "</w:p>"


def test_a_short_line_in_bold_before_text_is_a_heading(blocks: Blocks) -> None:
    body = _bold("Open", "ing hours") + word_paragraph("From nine to five.") + _bold("Fees") + word_paragraph("None.")
    assert blocks("a.docx", docx(body)) == [
        ("heading", "Opening hours"),
        ("paragraph", "From nine to five."),
        ("heading", "Fees"),
        ("paragraph", "None."),
    ]


@pytest.mark.parametrize(
    "line",
    [
        _bold("Bring a towel."),
        _bold("Door code: 4711"),
        _bold("Dear Tom,"),
        _bold("word " * 40),
        "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Fees</w:t></w:r><w:r><w:t> apply</w:t></w:r></w:p>",
        '<w:p><w:r><w:rPr><w:b w:val="0"/></w:rPr><w:t>Fees</w:t></w:r></w:p>',
    ],
)
def test_bold_text_that_is_no_title_stays_text(blocks: Blocks, line: str) -> None:
    assert blocks("a.docx", docx(line + word_paragraph("Words.")))[0][0] == "paragraph"


def test_a_line_in_bold_that_no_text_follows_stays_text(blocks: Blocks) -> None:
    assert blocks("a.docx", docx(word_paragraph("Words.") + _bold("Yours") + _bold("Priya"))) == [
        ("paragraph", "Words."),
        ("paragraph", "Yours"),
        ("paragraph", "Priya"),
    ]


def test_a_style_makes_bold_and_hides(blocks: Blocks) -> None:
    def style(kind: str, name: str, more: str) -> str:
        return f'<w:style w:type="{kind}" w:styleId="{name}"><w:name w:val="{name}"/>{more}</w:style>'

    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        + style("paragraph", "Strong", "<w:rPr><w:b/></w:rPr>")
        + style("paragraph", "Label", '<w:basedOn w:val="Strong"/>')
        + style("character", "Secret", "<w:rPr><w:vanish/></w:rPr>")
        + style("paragraph", "Notes", "<w:rPr><w:vanish/></w:rPr>")
        + "</w:styles>"
    )
    secret = '<w:r><w:rPr><w:rStyle w:val="Secret"/></w:rPr><w:t> never</w:t></w:r>'
    shown = '<w:r><w:rPr><w:rStyle w:val="Secret"/><w:vanish w:val="0"/></w:rPr><w:t> ever.</w:t></w:r>'
    body = (
        word_paragraph("Fees", "Label")
        + word_paragraph("Hidden.", "Notes")
        + f"<w:p><w:r><w:t>None</w:t></w:r>{secret}{shown}</w:p>"
    )
    assert blocks("a.docx", docx(body, word__styles=styles)) == [("heading", "Fees"), ("paragraph", "None ever.")]


def test_the_files_own_properties_are_its_card(read: Read) -> None:
    core = "<dc:title>The Title</dc:title><dc:creator>Ann Lee;Bo Ek</dc:creator><dc:language>en-GB</dc:language>"
    core += "<dcterms:created>2024-07-04T10:00:00Z</dcterms:created>"
    assert read("a.docx", docx(word_paragraph("Words."), core)).structure.card == {
        "title": "The Title",
        "author": [{"literal": "Ann Lee"}, {"literal": "Bo Ek"}],
        "created": "2024-07-04",
        "language": "en-GB",
    }


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "is encrypted or in the format before .docx; save it"),
        (b"%PDF-1.4", "its content is not that of a .docx file; give it the ending of what it is"),
        (archive({"mimetype": "application/epub+zip"}), "its content is not that of a .docx file"),
        (docx(word_paragraph("x"))[:300], "damaged: its ZIP directory cannot be read; save it again"),
        (docx("<w:p>"), "damaged: word/document.xml (Opening and ending tag mismatch"),
        (docx("<w:p>" * 5000 + "</w:p>" * 5000), "damaged: word/document.xml (Excessive depth in document: 256"),
        (docx(word_paragraph(" ")), "holds no text; write something in it or remove it"),
        (
            archive({"word/document.xml": "<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>"}),
            "word/document.xml in it holds a DTD, which no such document needs; save it again",
        ),
        (
            archive({"word/document.xml": b"<a>" + b"x" * 40_000_000 + b"</a>"}),
            "unpacks to more than a document needs, as a ZIP bomb does; it was not unpacked",
        ),
        (
            archive({"word/document.xml": b"<a>" + b" " * 5_000_000 + b"</a>"}),
            "unpacks to more than a document needs, as a ZIP bomb does; it was not unpacked",
        ),
    ],
    ids=["encrypted", "a PDF", "a book", "cut short", "broken XML", "nested", "empty", "a DTD", "a bomb", "squeezed"],
)
def test_a_file_that_cannot_be_read_is_left_out_with_the_reason(complaint: Complaint, data: bytes, why: str) -> None:
    assert complaint("a.docx", data).startswith(f"a.docx: {why}")


def test_three_hundred_thousand_empty_paragraphs_are_read_in_time(complaint: Complaint) -> None:
    paragraphs = "".join(f'<w:p w:x="{n % 997}"/>' for n in range(300_000))
    assert complaint("a.docx", docx(paragraphs)).startswith("a.docx: holds no text")
