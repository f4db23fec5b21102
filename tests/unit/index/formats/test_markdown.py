from __future__ import annotations

from collections.abc import Callable

import pytest

from index.extraction import Extracted

Read = Callable[[str, bytes], Extracted]
Blocks = Callable[[str, bytes], list[tuple[str, str]]]
Complaint = Callable[[str, bytes], str]


def test_the_text_of_a_markdown_file_is_the_file(read: Read) -> None:
    data = "\ufeff---\ntitle: T\n---\r\n# A *head*\r\n\r\nSome **bold** words.\r\n".encode()
    assert read("a.md", data).text == "---\ntitle: T\n---\n# A *head*\n\nSome **bold** words.\n"


def test_headings_of_both_kinds_are_found_without_their_marks(blocks: Blocks) -> None:
    text = b"# One #\n\nFirst words.\n\nTwo\n===\n\nMore words.\n\n### C# and more\n"
    assert [block for block in blocks("a.md", text) if block[0] != "aside"] == [
        ("heading", "One"),
        ("paragraph", "First words."),
        ("heading", "Two"),
        ("paragraph", "More words."),
        ("heading", "C# and more"),
    ]


def test_front_matter_is_the_card_and_no_text_to_quote(read: Read, blocks: Blocks) -> None:
    text = b"---\ntitle: The Title\nauthors: [Ann Lee, Bo Ek]\ndate: 2024-07-04\ndraft: false\n---\n\nWords here.\n"
    assert read("a.md", text).structure.card == {
        "title": "The Title",
        "author": [{"literal": "Ann Lee"}, {"literal": "Bo Ek"}],
        "date": "2024-07-04",
        "draft": False,
    }
    assert [words for kind, words in blocks("a.md", text) if kind != "aside"] == ["Words here."]


def test_front_matter_in_toml_is_read_too(read: Read) -> None:
    assert read("a.md", b'+++\ntitle = "T"\n+++\nWords.\n').structure.card == {"title": "T"}


def test_a_day_that_never_was_does_not_undo_the_front_matter(read: Read) -> None:
    card = read("a.md", b"---\ntitle: T\ndate: 2020-02-30\n---\nWords.\n").structure.card
    assert card == {"title": "T", "date": "2020-02-30"}


def test_lines_without_a_tag_in_a_block_of_html_are_text(blocks: Blocks) -> None:
    text = b"<details>\n<summary>More</summary>\nKeep it cold\nfor two days.\n</details>\n\n<!--\nA remark.\n-->\n"
    assert [words for kind, words in blocks("a.md", text) if kind == "paragraph"] == ["Keep it cold\nfor two days."]


def test_a_tag_over_several_lines_is_no_text_and_less_than_is_no_tag(blocks: Blocks) -> None:
    text = b"<div\n  class='a'\n  id=b\n>\nIf n > 5 or n < 2 it is free.\n</div>\n"
    assert [words for kind, words in blocks("a.md", text) if kind == "paragraph"] == ["If n > 5 or n < 2 it is free."]


def test_a_picture_alone_is_no_text(blocks: Blocks) -> None:
    text = b"![a cat](cat.png)\n\n[![build](b.svg)](http://x.org)\n\nSee ![it](i.png) here.\n"
    assert [words for kind, words in blocks("a.md", text) if kind != "aside"] == ["See ![it](i.png) here."]


def test_a_list_of_nothing_but_links_is_shown_and_never_quoted(blocks: Blocks) -> None:
    contents = "* [Use](#use)\n  * [Call `f[0]`](#call-(it))\n* [Notes][n]"
    text = f"# Guide\n\n{contents}\n\n## Use\n\n- [Docs](https://x.org) tell more.\n- [Blog](b)\n- [C](c)\n"
    found = blocks("a.md", text.encode())
    assert [one for one in found if one[0] == "lines"] == [
        ("lines", "- [Docs](https://x.org) tell more.\n- [Blog](b)\n- [C](c)")
    ]
    assert ("aside", contents) in found


def test_a_rule_at_the_top_is_no_front_matter(read: Read, blocks: Blocks) -> None:
    text = b"---\nA sentence, no fact: at all, [really.\n---\nWords.\n"
    assert read("a.md", text).structure.card == {}
    assert ("paragraph", "Words.") in blocks("a.md", text)


def test_yaml_references_are_refused_before_they_multiply(complaint: Complaint) -> None:
    bomb = "a: &a [x,x]\n" + "".join(f"{c}: &{c} [*{p},*{p}]\n" for p, c in zip("abcdefgh", "bcdefghi", strict=True))
    line = complaint("a.md", f"---\n{bomb}---\nWords.\n".encode())
    assert line == "a.md: its front matter holds a YAML reference (*name); write the value out"


def test_a_list_of_single_lines_is_one_block_of_lines(blocks: Blocks) -> None:
    assert blocks("a.md", b"- red\n- green\n  - lime\n\nEnd of it.\n") == [
        ("lines", "- red\n- green\n  - lime"),
        ("paragraph", "End of it."),
    ]


def test_an_item_over_several_lines_is_a_paragraph_without_its_mark(blocks: Blocks) -> None:
    assert [b for b in blocks("a.md", b"1. One item goes\n   on here.\n2. Another.\n") if b[0] == "paragraph"] == [
        ("paragraph", "One item goes\n   on here."),
        ("paragraph", "Another."),
    ]


def test_the_fences_of_code_and_raw_html_are_never_quoted(blocks: Blocks) -> None:
    assert blocks("a.md", b"```sh\nmake all\n```\n\n<img src=x>\n\n[l]: http://x.org\n") == [
        ("aside", "```sh"),
        ("lines", "make all"),
        ("aside", "```"),
        ("aside", "<img src=x>"),
        ("aside", "[l]: http://x.org"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        b"# \n",
        b"===\n",
        b"```\n",
        b"```\n```",
        b"> # q\n> w\n",
        b"- \n-\n",
        b"# a\n# b",
        b"a\n=\n",
        b"\t\n\tcode",
        b"- a\n\n  ```\n  x",
    ],
)
def test_every_character_is_in_a_block_whatever_the_marks(read: Read, text: bytes) -> None:
    # Structure.from_json, through which every answer of the child goes, refuses anything else.
    assert read("a.md", text).text == text.decode()


def test_a_markdown_file_that_is_not_utf8_is_left_out_with_its_byte_and_offset(complaint: Complaint) -> None:
    assert complaint("a.md", b"caf\xe9") == "a.md: not UTF-8 (byte 0xe9 at offset 3); save it as UTF-8"


def test_a_paragraph_of_pictures_without_end_is_read_in_time(read: Read) -> None:
    assert read("a.md", b"![a](b)" * 200_000 + b"x").text


def test_markdown_nested_without_end_is_read_in_time(read: Read) -> None:
    assert read("a.md", b"> " * 20_000 + b"x\n" + b"[" * 50_000).text
