"""The path of headings that each format tells, over whole documents as people write them."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

from papers import column, docx, epub, pdf, word_paragraph
from pypdf import PdfReader, PdfWriter

from index.extraction import Extracted
from index.headings import shown
from index.passages import split_passages

Read = Callable[[str, bytes], Extracted]


def places(found: Extracted) -> list[tuple[str | None, str]]:
    """(path, first line) of each passage."""
    passages = split_passages(found.text, 700, found.structure.blocks, found.structure.card.get("title"))
    return [(shown(passage.heading), passage.span.of(found.text).split("\n")[0]) for passage in passages]


def test_a_changelog_tells_the_release_of_each_change(read: Read) -> None:
    text = (
        "# Changelog\n\nAll changes.\n\n## [2.4.0] - 2025-01-20\n\n### Added\n\n- A palette.\n\n"
        "### Fixed\n\n- A leak.\n\n## [2.3.0] - 2024-09-12\n\n### Added\n\n- Tags.\n\n[2.4.0]: https://example.org/2.4.0\n"
    )
    assert places(read("CHANGELOG.md", text.encode())) == [
        ("Changelog", "All changes."),
        (None, "[2.4.0] - 2025-01-20"),
        ("[2.4.0] - 2025-01-20 › Added", "- A palette."),
        ("[2.4.0] - 2025-01-20 › Fixed", "- A leak."),
        (None, "[2.3.0] - 2024-09-12"),
        ("[2.3.0] - 2024-09-12 › Added", "- Tags."),
    ]


def test_underlined_and_marked_headings_are_of_one_order(read: Read) -> None:
    text = (
        "Manual\n======\n\nModel A\n-------\n\n### Cleaning\n\nWipe it.\n\n"
        "Model B\n-------\n\n### Cleaning\n\nRinse it.\n"
    )
    assert places(read("a.md", text.encode())) == [
        ("Model A › Cleaning", "Wipe it."),
        ("Model B › Cleaning", "Rinse it."),
    ]


def test_sections_below_a_title_have_no_path(read: Read) -> None:
    text = b"---\ntitle: Other\n---\n# Title\n\nFirst.\n\n## One\n\nWords.\n\n## Two\n\nMore.\n"
    assert places(read("a.md", text)) == [("Title", "First."), ("One", "Words."), ("Two", "More.")]


def test_html_tells_six_levels_and_skips(read: Read) -> None:
    heads = "".join(f"<h{n}>Level {n}</h{n}>" for n in range(1, 7))
    page = f"<html><body><h1>Part</h1><p>A.</p>{heads}<p>B.</p><h4>Note</h4><p>C.</p><h1>End</h1><h4>X</h4><p>D.</p>"
    assert places(read("a.html", page.encode())) == [
        ("Part", "A."),
        ("Level 1 › Level 2 › Level 3 › Level 4 › Level 5 › Level 6", "B."),
        ("Level 1 › Level 2 › Level 3 › Note", "C."),
        ("End › X", "D."),
    ]


def test_a_page_with_one_h1_has_its_sections_alone(read: Read) -> None:
    page = b"<title>T</title><h1>Title</h1><p>A.</p><h2>One</h2><p>B.</p><h3>In</h3><p>C.</p><h2>Two</h2><p>D.</p>"
    assert places(read("a.html", page)) == [("Title", "A."), ("One", "B."), ("One › In", "C."), ("Two", "D.")]


def test_a_book_tells_the_chapter(read: Read) -> None:
    chapter = "<h1>{}</h1><h2>Food</h2><p>{}</p>".format
    book = epub([chapter("Spring", "Nettles."), chapter("Autumn", "Plums.")])
    assert places(read("a.epub", book)) == [("Spring › Food", "Nettles."), ("Autumn › Food", "Plums.")]


def test_word_tells_levels_by_style_outline_and_bold(read: Read) -> None:
    style = '<w:style w:type="paragraph" w:styleId="{}"><w:name w:val="{}"/>{}</w:style>'.format
    based = '<w:basedOn w:val="H2"/>'
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        f"{style('T', 'Title', '')}{style('H1', 'heading 1', '')}"
        f"{style('H2', 'heading 2', '')}{style('Own', 'Own', based)}"
        "</w:styles>"
    )
    bold = "<w:p><w:r><w:rPr><w:b/></w:rPr><w:t>Filter</w:t></w:r></w:p>"
    body = word_paragraph("Manual", "T") + word_paragraph("For all models.")
    for model in ("Model A", "Model B"):
        body += word_paragraph(model, "H1") + word_paragraph("Cleaning", "Own") + word_paragraph(f"Wipe {model}.")
        body += bold + word_paragraph(f"Rinse that of {model}.")
    body += word_paragraph("Aside", more='<w:outlineLvl w:val="2"/>') + word_paragraph("Last words.")
    assert places(read("a.docx", docx(body, word__styles=styles))) == [
        ("Manual", "For all models."),
        ("Model A › Cleaning", "Wipe Model A."),
        ("Model A › Cleaning › Filter", "Rinse that of Model A."),
        ("Model B › Cleaning", "Wipe Model B."),
        ("Model B › Cleaning › Filter", "Rinse that of Model B."),
        ("Model B › Cleaning › Aside", "Last words."),
    ]


def outlined(data: bytes, *entries: tuple[str, int]) -> bytes:
    """A PDF with an outline of (title, level), each entry below the last one of a higher level."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(data)))
    above: dict[int, object] = {}
    for title, level in entries:
        above[level] = writer.add_outline_item(title=title, page_number=0, parent=above.get(level - 1))  # type: ignore[arg-type]
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def manual() -> bytes:
    lines = []
    top = 760.0
    for model in ("Model Alder", "Model Birch"):
        for size, words in (
            (16, model),
            (13, "Upkeep"),
            (10, f"Wipe it with the cloth of {model}, and dry it well."),
        ):
            lines += column([words], top=top, size=size)
            top -= 40
    return pdf([lines])


def test_the_outline_of_a_pdf_tells_levels(read: Read) -> None:
    entries = [("Model Alder", 1), ("Upkeep", 2), ("Model Birch", 1), ("Upkeep", 2)]
    found = places(read("a.pdf", outlined(manual(), *entries)))
    assert [path for path, _ in found] == ["Model Alder › Upkeep", "Model Birch › Upkeep"]


def test_a_pdf_without_an_outline_or_of_two_minds_is_flat(read: Read) -> None:
    for data in (manual(), outlined(manual(), ("Model Alder", 1), ("Upkeep", 2), ("Upkeep", 1), ("Model Birch", 1))):
        assert [path for path, _ in places(read("a.pdf", data))] == ["Upkeep", "Upkeep"]
