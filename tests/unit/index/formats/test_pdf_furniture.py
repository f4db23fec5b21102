from __future__ import annotations

from collections.abc import Callable

from papers import Line, column, pdf

from index.extraction import Extracted

Read = Callable[[str, bytes], Extracted]

BIRDS = "crane heron stork egret ibis plover avocet dunlin curlew godwit".split()


def test_a_running_head_that_one_page_alone_has_is_left_out(read: Read) -> None:
    heads = [*["Of waders"] * 7, "What the egrets eat", "Where ibises sleep", "Of waders"]
    pages = [
        [
            (72.0, 760.0, 11.0, head),
            *column([f"Here the {bird} is told of in a line", f"and the {bird} flies off."], top=720),
        ]
        for head, bird in zip(heads, BIRDS, strict=True)
    ]
    told = read("a.pdf", pdf(pages)).text
    assert told.startswith("Here the crane is told of in a line and the crane flies off.\n\nHere the heron")
    assert not any(head in told for head in heads)


def test_a_line_at_the_height_of_running_heads_that_belongs_to_the_text_is_kept(read: Read) -> None:
    pages: list[list[Line]] = [
        [(72.0, 760.0, 11.0, "Of waders"), *column([f"Here the {bird} is told of in a line."] * 2, top=720)]
        for bird in BIRDS
    ]
    pages[5] = column(["This page begins higher and has no head,", "for it is full to the edge."], top=760)
    told = read("a.pdf", pdf(pages)).text
    assert "This page begins higher and has no head, for it is full to the edge." in told
    assert "Of waders" not in told


def test_a_title_in_other_type_at_the_height_of_running_heads_is_kept(read: Read) -> None:
    pages: list[list[Line]] = [
        [(72.0, 760.0, 9.0, "Of waders"), *column([f"Here the {bird} is told of in a line."] * 2, top=720)]
        for bird in BIRDS
    ]
    pages[6][0] = (72.0, 760.0, 11.0, "Of songbirds")
    assert "Of songbirds" in read("a.pdf", pdf(pages)).text


def test_the_date_and_the_address_that_a_browser_prints_are_left_out(read: Read) -> None:
    printed = [(24.0, 770.0, 8.0, "11/30/26, 2:39 PM Of waders"), (24.0, 17.0, 8.0, "https://waders.example/all 1/1")]
    text = column(["Waders walk in water.", "They have long legs."], top=700)
    assert read("a.pdf", pdf([[*text, *printed]])).text == "Waders walk in water. They have long legs."
    assert "Of waders" in read("a.pdf", pdf([[*text, printed[0]]])).text
    assert "example" in read("a.pdf", pdf([[*text, printed[1]]])).text
