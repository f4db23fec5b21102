from __future__ import annotations

from collections.abc import Callable

import pytest

from index.extraction import Extracted

Read = Callable[[str, bytes], Extracted]
Blocks = Callable[[str, bytes], list[tuple[str, str]]]
Complaint = Callable[[str, bytes], str]


def test_the_main_content_is_read_and_the_page_around_it_is_not(blocks: Blocks) -> None:
    page = b"""<!doctype html><html><head><title>T</title><style>p {}</style></head><body>
      <header>Site</header><nav><p>Menu</p></nav><div role="navigation">More</div>
      <main><h1>A <em>head</em><a class="headerlink" href="#a">\xc2\xb6</a></h1>
      <p>Some   words\n over lines.<br></p><script>alert(1)</script><p hidden>Unseen.</p>
      <aside>Beside.</aside></main><footer>Foot</footer></body></html>"""
    assert blocks("a.html", page) == [
        ("heading", "A head"),
        ("paragraph", "Some words over lines."),
        ("paragraph", "Beside."),
    ]


def test_a_page_that_is_one_form_is_read_less_its_controls(blocks: Blocks) -> None:
    page = b"""<body><form action="a.aspx"><input type="hidden" value="x"><header>Site</header><h1>Head</h1>
      <p>A paragraph.</p>Loose words.<div><label>Name</label><input><label>Land</label><select><option>One</select>
      <textarea>Typed.</textarea><button>Send</button></div></form>After.</body>"""
    assert blocks("a.html", page) == [
        ("heading", "Head"),
        ("paragraph", "A paragraph."),
        ("paragraph", "Loose words."),
        ("paragraph", "Name Land"),
        ("paragraph", "After."),
    ]


def test_the_form_of_a_search_is_none_of_the_text(blocks: Blocks) -> None:
    page = b'<form role="search"><label>Find</label></form><search><form>Seek</form></search><p>Words.</p>'
    assert blocks("a.html", page) == [("paragraph", "Words.")]


def test_what_has_the_role_of_a_pages_frame_is_skipped_wherever_it_stands(blocks: Blocks) -> None:
    page = b'<article><header role="banner">Site</header><div role="complementary">More</div><p>Words.</p></article>'
    assert blocks("a.html", page) == [("paragraph", "Words.")]


def test_lists_and_tables_are_blocks_of_lines(blocks: Blocks) -> None:
    page = b"<p>Before.</p><ul><li>one<li>two <b>bold</b></ul><table><tr><th>a<th>b<tr><td>1<td>2</table>after"
    assert blocks("a.htm", page) == [
        ("paragraph", "Before."),
        ("lines", "one\ntwo bold"),
        ("lines", "a | b\n1 | 2"),
        ("paragraph", "after"),
    ]


def test_an_empty_cell_keeps_its_place_between_others(blocks: Blocks) -> None:
    page = b"<table><tr><th><th>Morning<th>Evening<tr><td>Falcon<td><td>20 euros<tr><td>&nbsp;<td><td></table>"
    assert blocks("a.html", page) == [("lines", "Morning | Evening\nFalcon | \u2013 | 20 euros")]


@pytest.mark.parametrize(
    ("markup", "words"),
    [
        ("2001<sup>1</sup>.", "2001\u00b9."),
        ("10<sup>3</sup> or 10<sup>-<b>3</b></sup> m", "10\u00b3 or 10\u207b\u00b3 m"),
        ("H<sub>2</sub>O", "H\u2082O"),
        ("the 1<sup>st</sup> x<sub>n</sub>", "the 1st xn"),
        ("2001<sup><a href='#n1'>[1]</a></sup> and", "2001 and"),
        ("2001<a href='#n1'><sup>1</sup></a> and", "2001 and"),
        ("2001.<sup><a href='notes.html'>1</a></sup> Then", "2001. Then"),
        ("<a href='b.html'>10<sup>3</sup> words</a>", "10\u00b3 words"),
        ("words<sup><a href='b.html'>new</a></sup>", "wordsnew"),
    ],
)
def test_a_footnotes_number_is_left_out_and_other_digits_keep_their_height(
    blocks: Blocks, markup: str, words: str
) -> None:
    assert blocks("a.html", f"<p>{markup}</p>".encode()) == [("paragraph", words)]


def test_a_list_of_nothing_but_links_is_shown_and_never_quoted(blocks: Blocks) -> None:
    page = b"<p>Words.</p><ul><li><a href=1>one</a><li><a href=2>two</a><li><a href=3>three</a></ul>"
    assert blocks("a.html", page) == [("paragraph", "Words."), ("aside", "one\ntwo\nthree")]


def test_what_a_site_sets_around_its_text_is_shown_and_never_quoted(blocks: Blocks) -> None:
    page = b"""<body><div class="cookie-consent"><p>We use cookies.</p></div>
      <div><a href="/">Home</a> <a href="/n">News</a> <a href="/s">Sport</a></div>
      <p>The bridge reopened on Thursday after long repairs, and the mayor was glad of it.</p>
      <p>It links <a href="a">one</a>, <a href="b">two</a> and <a href="c">three</a>.</p>
      <div class="share">Share it</div><div id="comments" class="comments-area"><h3>1 comment</h3><p>It cost a lot.</p>
      </div></body>"""
    assert blocks("a.html", page) == [
        ("aside", "We use cookies."),
        ("aside", "Home News Sport"),
        ("paragraph", "The bridge reopened on Thursday after long repairs, and the mayor was glad of it."),
        ("paragraph", "It links one, two and three."),
        ("aside", "Share it"),
        ("aside", "1 comment"),
        ("aside", "It cost a lot."),
    ]


PROSE = "<p>The bridge reopened on Thursday after long repairs, and the mayor was glad of it.</p>"


@pytest.mark.parametrize(
    "name", ["category-cookies", "cookie-recipe", "chocolate-cookies", "job-sharing", "tag-newsletter"]
)
def test_a_part_named_by_what_it_is_about_is_quoted(blocks: Blocks, name: str) -> None:
    assert blocks("a.html", f'{PROSE}<div class="{name}"><p>Bake it.</p></div>'.encode())[1:] == [
        ("paragraph", "Bake it.")
    ]


@pytest.mark.parametrize("name", ["eu-cookie-law", "cookies", "post-sharing", "wp-related-posts", "noprint"])
def test_a_part_named_as_furniture_is_shown_and_never_quoted(blocks: Blocks, name: str) -> None:
    assert blocks("a.html", f'{PROSE}<div class="{name}"><p>Agree.</p></div>'.encode())[1:] == [("aside", "Agree.")]


def test_the_data_of_a_script_do_not_make_a_page_of_its_comments(blocks: Blocks) -> None:
    data = '{"a": 1}' * 100
    page = f'<body><div class="comments"><p>All that is said.</p></div><script>{data}</script></body>'
    assert blocks("a.html", page.encode()) == [("paragraph", "All that is said.")]


def test_a_page_that_is_one_list_of_terms_is_read(blocks: Blocks) -> None:
    assert blocks("a.html", b"<dl><dt>Length</dt><dd>412 m</dd></dl>") == [("lines", "Length | 412 m")]


@pytest.mark.parametrize("name", ["has-sidebar", "related-work", "toc"])
def test_what_a_page_is_about_is_quoted_whatever_it_is_called(blocks: Blocks, name: str) -> None:
    assert blocks("a.html", f'<p>Top.</p><div class="{name}"><p>The text of the page.</p></div>'.encode()) == [
        ("paragraph", "Top."),
        ("paragraph", "The text of the page."),
    ]


def test_a_term_stands_beside_what_is_said_of_it(blocks: Blocks) -> None:
    page = b"<body><dl><dt>Length</dt><dd>412 m</dd><dt>Opened</dt> <dd>3 May 1887</dd><dd>again 2023</dd></dl>"
    assert blocks("a.html", page) == [("lines", "Length | 412 m\nOpened | 3 May 1887\nagain 2023")]


def test_prose_broken_where_a_line_was_full_is_one_line(blocks: Blocks) -> None:
    page = (
        b"<p>The meeting of the committee will be held in the<br>town hall on Monday.<br>Bring a pen.</p><p>a<br>b</p>"
    )
    assert blocks("a.html", page) == [
        ("lines", "The meeting of the committee will be held in the town hall on Monday.\nBring a pen."),
        ("lines", "a\nb"),
    ]


def test_where_a_word_may_be_broken_is_not_written(blocks: Blocks) -> None:
    assert blocks("a.html", "<p>It re&shy;opened\u2060.</p>".encode()) == [("paragraph", "It reopened.")]


def test_what_is_not_for_print_is_skipped(blocks: Blocks) -> None:
    page = b'<p>It is long.<sup class="noprint">[<a href="/wiki/c">citation needed</a>]</sup> So there.</p>'
    assert blocks("a.html", page) == [("paragraph", "It is long. So there.")]


def test_a_page_laid_out_in_a_table_keeps_its_headings_and_paragraphs(blocks: Blocks) -> None:
    long = "A sentence that is repeated. " * 20
    page = f"<table><tr><td><h2>Head</h2><p>{long}</p></td></tr></table>".encode()
    assert blocks("a.html", page) == [("heading", "Head"), ("paragraph", long.strip())]


def test_preformatted_lines_keep_their_spaces(blocks: Blocks) -> None:
    assert blocks("a.html", b"<pre>if x:\n    y\n</pre>") == [("lines", "if x:\n    y")]


def test_the_page_says_who_wrote_it_when_and_where(read: Read) -> None:
    page = b"""<html lang="en"><head><title>T | Site</title><meta property="og:title" content="The Title">
      <meta property="og:site_name" content="The Site"><link rel="canonical" href="https://example.org/a">
      <script type="application/ld+json">{"@graph": [{"headline": "H", "datePublished": "2024-07-04T10:00",
      "author": [{"name": "Ann Lee"}, "Bo Ek"]}]}</script></head><body><p>Words.</p></body></html>"""
    assert read("a.html", page).structure.card == {
        "title": "The Title",
        "issued": "2024-07-04T10:00",
        "url": "https://example.org/a",
        "container_title": "The Site",
        "language": "en",
        "author": [{"literal": "Ann Lee"}, {"literal": "Bo Ek"}],
    }


@pytest.mark.parametrize(
    "page",
    [
        "<p>caf\u00e9 \u201cx\u201d</p>".encode(),
        '<meta charset="windows-1252"><p>caf\u00e9 \u201cx\u201d</p>'.encode("cp1252"),
        '<meta http-equiv=x content="text/html; charset=iso-8859-1"><p>caf\u00e9 \u201cx\u201d</p>'.encode("cp1252"),
        b"\xff\xfe" + "<p>caf\u00e9 \u201cx\u201d</p>".encode("utf-16-le"),
        b"\xef\xbb\xbf" + "<meta charset=ascii><p>caf\u00e9 \u201cx\u201d</p>".encode(),
    ],
    ids=["utf-8", "declared", "declared as Latin-1", "UTF-16 with a mark", "a mark before a declaration"],
)
def test_an_encoding_is_taken_from_its_mark_or_its_declaration(read: Read, page: bytes) -> None:
    assert read("a.html", page).text == "caf\u00e9 \u201cx\u201d"


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (b"<p>caf\xe9</p>", "not UTF-8 (byte 0xe9 at offset 6); save it as UTF-8"),
        (b"<meta charset=klingon><p>x", "declares an encoding that is none (klingon); save it as UTF-8"),
        (b"<meta charset=base64><p>x", "declares an encoding that is none (base64); save it as UTF-8"),
        (b"%PDF-1.4", "its content is not HTML; give it the ending of what it is"),
        (b"<html><body><script>x</script></body></html>", "holds no text; write something in it or remove it"),
        (b"<div>" * 5000 + b"x", "its elements are nested too deep"),
    ],
    ids=["not UTF-8", "an unknown encoding", "no text encoding", "not HTML", "no text", "nested too deep"],
)
def test_a_page_that_cannot_be_read_is_left_out_with_the_reason(complaint: Complaint, page: bytes, why: str) -> None:
    assert complaint("a.html", page).startswith(f"a.html: {why}")


@pytest.mark.parametrize(
    "page",
    [
        b"<p>x</p>" + b"<!--" * 500_000,
        b"<p " + b"a=1 " * 500_000 + b">x</p>",
        b"<p>x</p>" + b"<b><i>" * 100,
        b"<p>x</p>" + b"<sup>" * 200 + b"<b></b> " * 200_000,
        b"<p>x" * 200_000,
        b'<p>x</p><div class="' + b"share-" * 300_000 + b'">y</div>',
    ],
    ids=["opened comments", "attributes", "misnested", "nested sup", "many paragraphs", "a long name"],
)
def test_a_page_made_to_take_for_ever_is_read_in_time(read: Read, page: bytes) -> None:
    assert read("a.html", page).text.startswith("x")


def test_a_page_cannot_bring_marks_of_the_programs_own(blocks: Blocks) -> None:
    assert blocks("a.html", "<p>a\ue000b &#31;c &#x1e;d\u0000e</p>".encode()) == [("paragraph", "ab c de")]


def test_paragraphs_and_line_breaks_within_the_cells_of_a_table_do_not_break_its_rows(blocks: Blocks) -> None:
    page = (
        b"<table><tr><th><p>Name</p></th><th><p>Town</p></th></tr><tr><td><div><p>Ann</p><p>Lee</p></div></td>"
        b"<td>Bonn,<br>then Ulm</td></tr></table>"
    )
    assert blocks("a.html", page) == [("lines", "Name | Town\nAnn Lee | Bonn, then Ulm")]


def test_the_cells_of_a_page_laid_out_in_a_table_stand_for_themselves(blocks: Blocks) -> None:
    prose = "Ships sail on the sea. " * 20
    page = f"<table><tr><td><h2>News</h2><p>One.</p></td><td><p>{prose}</p></td></tr></table>"
    assert blocks("a.html", page.encode()) == [
        ("heading", "News"),
        ("lines", "One."),
        ("paragraph", prose.strip()),
    ]
    poem = b"<table><tr><td>The sea is calm<br>tonight</td></tr></table>"
    assert blocks("a.html", poem) == [("lines", "The sea is calm\ntonight")]


def test_a_term_stands_before_the_first_paragraph_of_its_meaning(blocks: Blocks) -> None:
    page = b"<dl><dt>0</dt><dd>\n<p>No error</p><p>All is well.</p></dd><dt>1</dt><dd><p>No argument</p></dd></dl>"
    assert blocks("a.html", page) == [("lines", "0 | No error\nAll is well.\n1 | No argument")]


def test_the_link_of_a_heading_to_itself_is_no_part_of_it_whatever_its_class(blocks: Blocks) -> None:
    page = (
        b"<h1>Path<span><a class=mark href='#path'>#</a></span></h1><p>One.</p><h2><a href='#c'>\xc2\xa7</a>Why C#</h2>"
        b"<p>Two, see <a href='#c'>C#</a>.</p>"
    )
    assert blocks("a.html", page) == [
        ("heading", "Path"),
        ("paragraph", "One."),
        ("heading", "Why C#"),
        ("paragraph", "Two, see C#."),
    ]


def test_links_that_lead_on_through_a_manual_are_shown_and_never_quoted(blocks: Blocks) -> None:
    page = (
        b"<div><p>Next: <a href=b rel=next>Basic Elements</a>, Previous: <a href=a rel=prev>Top</a>, Up: "
        b"<a href=a rel=up>Top</a> &nbsp; [<a href=c>Contents</a>]</p></div><h2>Rivers</h2>"
        b"<p>They are told of in the <a href=b rel=next>next chapter</a>.</p>"
        b"<div class=navfooter><table><tr><td><a href=a>Prev</a></td><td>Home</td></tr></table></div>"
    )
    assert [kind for kind, _ in blocks("a.html", page)] == ["aside", "heading", "paragraph", "aside"]
