import io
import json
from pathlib import Path

import pytest

from assistant import Assistant, Refusal
from assistant.__main__ import main
from assistant.citations.conversation import read_turns
from assistant.citations.exporting import check_conversation, write
from assistant.commands import quote_commands
from index import PassageIndex

TRUE = "India refused to join the statement on June 14"
FORGED = "India agreed to join the statement on June 14"


@pytest.fixture(autouse=True)
def _environ(monkeypatch: pytest.MonkeyPatch, built_article: Path) -> None:
    monkeypatch.setenv("SCO_INDEX_DIR", str(built_article))
    # A model is not needed, and would take seconds.
    monkeypatch.delattr(Assistant, "open")


@pytest.mark.parametrize(
    ("text", "verdict", "status"),
    [
        (TRUE, "exact", 0),
        (TRUE.upper(), "typographic", 0),
        (FORGED, "altered", 1),
        ("However, it is … an alliance organization", "stitched", 1),
        ("The moon is made of green cheese.", "absent", 1),
    ],
)
def test_verify_ends_with_0_only_for_what_stands_in_the_documents(
    capsys: pytest.CaptureFixture[str], text: str, verdict: str, status: int
) -> None:
    assert main(["verify", text, "--json"]) == status
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == verdict
    assert set(told) >= {"verdict", "matches", "diff"}


def test_verify_shows_the_documents_words_and_what_was_changed(capsys: pytest.CaptureFixture[str]) -> None:
    main(["verify", FORGED])
    shown = capsys.readouterr().out
    assert "Altered: it says “agreed” where the document says “refused”." in shown
    assert "India [-refused-]{+agreed+} to join the statement on June 14" in shown
    assert f"[1] “{TRUE}”\n    — China and Russia are using" in shown
    assert "paragraph 9 (sco-alternative-global-order.txt, 5078 to 5124)" in shown


def test_verify_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(f"\ufeff{TRUE}\r\n".encode())))
    assert main(["verify", "-"]) == 0
    assert capsys.readouterr().out.startswith("Exact: ")


@pytest.mark.parametrize("text", ["", "—", "x" * 100_000])
def test_what_cannot_be_checked_gets_one_line_and_ends_with_2(capsys: pytest.CaptureFixture[str], text: str) -> None:
    assert main(["verify", text]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.count("\n")) == ("", 1)


def test_without_an_index_nothing_is_checked_and_it_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SCO_INDEX_DIR", str(tmp_path))
    assert main(["verify", TRUE]) == 2
    assert capsys.readouterr().err == f"no index in {tmp_path}; build it with: python -m index rebuild\n"


@pytest.mark.parametrize(
    "arguments", [["verify"], ["verify", "a", "--export", "b"], ["cite"], ["cite", "a", "--style", "x"]]
)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("apa", f"“{TRUE}” (Soong, n.d., para. 9)\n\nSoong, C. (n.d.). China and Russia"),
        ("mla", f"“{TRUE}” (Soong, par. 9)\n\nSoong, Claus. “China and Russia"),
        ("chicago", f"“{TRUE}” (Soong, n.d., para. 9)\n\nSoong, Claus. n.d. “China and Russia"),
        ("bibtex", "@misc{soong-nd,\n  author = {Soong, Claus},"),
        ("ris", "TY  - GEN\nAU  - Soong, Claus\nTI  - China and Russia"),
        ("csl-json", '[\n  {\n    "id": "soong-nd",'),
    ],
)
def test_cite_prints_the_style_that_was_asked_for(capsys: pytest.CaptureFixture[str], style: str, shown: str) -> None:
    assert main(["cite", TRUE, "--style", style]) == 0
    assert capsys.readouterr().out.startswith(shown)


def test_cite_prints_every_style_and_the_link_without_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cite", TRUE]) == 0
    shown = capsys.readouterr().out
    for part in ("APA\n", "MLA\n", "Chicago\n", "@misc{", "TY  - ", '"title": ', "\n/?cite="):
        assert part in shown


def test_cite_uses_the_documents_typing_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cite", TRUE.lower(), "--json"]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["quote"]["exact"] == TRUE
    assert shown.err == "note: cited in the document's own typing\n"


def test_cite_refuses_what_does_not_stand_there_and_ends_with_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cite", FORGED]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "Altered: it says “agreed” where the document says “refused”." in shown.err


def test_cite_tells_when_there_are_several_places(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["cite", "has significantly widened its mandate", "--style", "apa"]) == 0
    assert "note: cited at the first of 2 places." in capsys.readouterr().err


@pytest.fixture
def exported(tmp_path: Path, assistant: Assistant, corrected: Refusal) -> Path:
    """A real conversation of four turns, exported as JSON."""
    questions = ["When did India join?", "What must India balance?", "What is the capital of France?"]
    turns = [{"question": question, "reply": assistant.ask(question).to_json()} for question in questions]
    turns.append({"question": corrected.question, "reply": corrected.to_json()})
    file = tmp_path / "chat.json"
    index: PassageIndex = assistant.index()[0]
    file.write_bytes(write("json", check_conversation(read_turns(json.loads(json.dumps(turns))), index))[0])
    return file


def test_an_export_that_holds_ends_with_0(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--export", str(exported)]) == 0
    assert capsys.readouterr().out.endswith(" quotes hold\n")


def test_every_line_of_an_export_that_was_changed_is_named_and_it_ends_with_1(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = exported.read_text("utf-8")
    forged = text.replace("India, which joined in 2017, must", "India, which joined in 2018, must")
    exported.write_text(forged, "utf-8")
    named = [n for n, (a, b) in enumerate(zip(text.split("\n"), forged.split("\n"), strict=True), start=1) if a != b]
    assert len(named) >= 1
    assert main(["verify", "--export", str(exported)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert f"{exported}: line {named[0]}, turn 1, quote 1: its words or offsets were changed" in lines[0]
    assert len(lines) == len(named) + 1
    assert main(["verify", "--export", str(exported), "--json"]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["holds"] is False
    assert [broken["file_line"] for broken in told["broken"]] == named


def test_the_line_of_a_correction_that_was_changed_is_named(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = exported.read_text("utf-8").split("\n")
    at = next(n for n, line in enumerate(lines, start=1) if '"exact": "Nor does the SCO hold' in line)
    lines[at - 1] = lines[at - 1].replace("refused", "agreed")
    exported.write_text("\n".join(lines), "utf-8")
    assert main(["verify", "--export", str(exported)]) == 1
    assert f"{exported}: line {at}, turn 4, correction: its words or offsets" in capsys.readouterr().out


def test_an_export_on_one_line_is_read_too(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported.write_text(json.dumps(json.loads(exported.read_text("utf-8"))).replace("joined in 2017", "left in 2017"))
    assert main(["verify", "--export", str(exported)]) == 1
    assert f"{exported}: turn 1, quote 1: " in capsys.readouterr().out


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b"{", "not JSON; give a conversation that was exported as JSON"),
        (b"\xff", "not UTF-8; save it as UTF-8"),
        (b"[" * 100_000, "not JSON; give a conversation that was exported as JSON"),
        (
            b'{"turns": 3}',
            "not a conversation: its turns: Input should be a valid list; give one that was exported as JSON",
        ),
    ],
    ids=["half", "bytes", "deep", "other"],
)
def test_a_file_that_is_no_export_gets_one_line_and_ends_with_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, line: str
) -> None:
    file = tmp_path / "chat.json"
    file.write_bytes(content)
    assert main(["verify", "--export", str(file)]) == 2
    assert capsys.readouterr().err == f"{file}: {line}\n"


def test_a_file_that_is_not_there_gets_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "--export", "nowhere.json"]) == 2
    assert capsys.readouterr().err == "nowhere.json: cannot be read (No such file or directory)\n"


def test_the_commands_of_quotes_load_no_model() -> None:
    assert not hasattr(quote_commands, "Assistant")
