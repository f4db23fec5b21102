import io
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from models import responds, serving, writes

from assistant import Assistant, Refusal
from assistant.__main__ import main
from assistant.config import Endpoint
from assistant.summary.arranging import Arranger

ROOT = Path(__file__).parents[3]


@pytest.fixture
def environ(monkeypatch: pytest.MonkeyPatch, built_article: Path, assistant: Assistant) -> None:
    """The commands, run in this process over the session's index and its loaded model."""
    monkeypatch.setenv("SCO_INDEX_DIR", str(built_article))
    monkeypatch.setattr(Assistant, "open", lambda environ=None: assistant)


def in_a_process(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **settings}
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.usefixtures("environ")
def test_ask_prints_each_quote_word_for_word_with_its_place(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "When did India join?"]) == 0
    shown = capsys.readouterr().out
    assert "[1] “India, which joined in 2017, must balance its engagement with all major powers – China," in shown
    assert "paragraph 8 (sco-alternative-global-order.txt)" in shown


@pytest.mark.usefixtures("environ")
def test_ask_prints_a_model_s_summary_above_the_quotes_and_json_has_it_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, assistant: Assistant
) -> None:
    with serving(writes(("India joined in 2017.", [1]), ("India joined in 2018.", [1]))) as model:
        monkeypatch.setattr(assistant, "_arranger", Arranger(Endpoint(f"{model.url}/chat/completions")))
        assert main(["ask", "When did India join?"]) == 0
        assert capsys.readouterr().out.startswith(
            "Written by a model from the quotes below:\n    India joined in 2017. [1]\n"
            "    (1 sentence removed: not backed by the quotes)\n\n[1] “India, which joined in 2017,"
        )
        assert main(["ask", "When did India join?", "--json"]) == 0
        reply = json.loads(capsys.readouterr().out)
        assert reply["summary"] == {"sentences": [{"text": "India joined in 2017.", "quotes": [1]}], "removed": 1}
        schema = json.loads((ROOT / "assistant/schemas/reply.schema.json").read_text("utf-8"))
        Draft202012Validator(schema).validate(reply)
        monkeypatch.setattr(assistant, "_arranger", Arranger(Endpoint(f"{model.url}/elsewhere")))
        model.answer = responds(503)
        assert main(["ask", "When did India join?"]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("[1] “India, which joined in 2017,")
    assert (
        shown.err == "note: No summary: the model's server answered with status 503. The quotes do not depend on it.\n"
    )


@pytest.mark.usefixtures("environ")
def test_a_refusal_is_an_answer_and_ends_with_0(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "What is the capital of France?"]) == 0
    assert "Nearest passages, which are not an answer:" in capsys.readouterr().out


def test_a_correction_is_printed_before_the_nearest_passages_and_a_batch_has_it_too(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    correcting: Assistant,
    corrected: Refusal,
) -> None:
    monkeypatch.setattr(Assistant, "open", lambda environ=None: correcting)
    assert main(["ask", corrected.question]) == 0
    shown = capsys.readouterr().out
    assert shown.startswith(
        "The documents do not answer this; a sentence in them may contradict the question.\n\n"
        "What the documents do say. Read it in its place: it may only be on the subject.\n\n"
        "[1] “Nor does the SCO hold a unified position, as India refused to join the statement on June 14.”\n    — "
    )
    assert "\n\nNearest passages, which are not an answer:\n\n[2] “" in shown
    [held] = [part for part in shown.split("\n\n") if "(Holds the sentence above)" in part]
    assert "Nor does the SCO hold a unified position" in held
    batch = tmp_path / "questions.jsonl"
    batch.write_text(json.dumps({"id": 1, "question": corrected.question}) + "\n", "utf-8")
    assert main(["ask", "--batch", str(batch)]) == 0
    reply = json.loads(capsys.readouterr().out)
    Draft202012Validator(json.loads((ROOT / "assistant/schemas/reply.schema.json").read_text("utf-8"))).validate(reply)
    assert reply["correction"]["exact"] in shown


@pytest.mark.usefixtures("environ")
def test_eval_tells_false_premises_corrected_and_wrong_corrections(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = {"id": "a", "document": "sco-alternative-global-order.txt", "kind": "false-premise", "gold": []}
    asked |= {"question": "Why is the SCO an alliance?", "answerable": False, "corrected_by": ["it is not an alliance"]}
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps(asked) + "\n", "utf-8")
    assert main(["eval", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    for figures in (told["overall"], told["by_kind"]["false-premise"]):
        assert 0 <= figures["premises_corrected"] <= 1
        assert figures["wrong_corrections"] == 0
    assert main(["eval", str(file)]) == 0
    assert "premises_corrected" in capsys.readouterr().out


@pytest.mark.usefixtures("environ")
@pytest.mark.parametrize("question", ["", "?", "🤷", "x" * 10_000], ids=["empty", "mark", "emoji", "long"])
def test_what_cannot_be_asked_gets_one_line_and_ends_with_2(capsys: pytest.CaptureFixture[str], question: str) -> None:
    assert main(["ask", question]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.count("\n") == 1


@pytest.mark.usefixtures("environ")
def test_earlier_questions_help_to_understand_a_follow_up(capsys: pytest.CaptureFixture[str]) -> None:
    main(
        [
            "ask",
            "Which other countries belong to it?",
            "--history",
            "Who leads the Quadrilateral Security Dialogue?",
            "--json",
        ]
    )
    reply = json.loads(capsys.readouterr().out)
    assert reply["standalone_question"] == "Which other countries belong to the Quadrilateral Security Dialogue?"


@pytest.mark.usefixtures("environ")
def test_a_batch_comes_from_standard_input_too(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b'{"id": 1, "question": ""}\r\n')))
    assert main(["ask", "--batch", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["id"] == 1
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"{\n")))
    assert main(["ask", "--batch", "-"]) == 1
    assert "standard input: line 1: not of the form" in capsys.readouterr().err


@pytest.mark.usefixtures("environ")
def test_a_batch_is_answered_in_order_one_object_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text(
        '\ufeff{"id": "b", "question": "When did India join?"}\n\n'
        '{"id": 2, "question": ""}\n{"question": "And Iran?", "history": ["When did India join?"]}\n',
        "utf-8",
    )
    assert main(["ask", "--batch", str(batch)]) == 0
    replies = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(reply["id"], reply["kind"]) for reply in replies][:2] == [("b", "answer"), (2, "refusal")]
    assert replies[2]["id"] is None
    assert replies[2]["standalone_question"] == "When did Iran join?"


@pytest.mark.usefixtures("environ")
@pytest.mark.parametrize(
    "line", ["{", "[]", "null", '{"id": 1}', '{"question": 3}', '{"question": "a", "history": "b"}']
)
def test_a_malformed_batch_line_is_named_and_nothing_is_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], line: str
) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text(f'{{"id": 1, "question": "When did India join?"}}\n{line}\n', "utf-8")
    assert main(["ask", "--batch", str(batch)]) == 1
    shown = capsys.readouterr()
    assert shown.out == ""
    assert f"{batch}: line 2: not of the form" in shown.err


@pytest.mark.usefixtures("environ")
def test_lines_of_a_batch_are_counted_as_an_editor_counts_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = tmp_path / "questions.jsonl"
    batch.write_text('{"question": "When did India join?"}\n\n \n{\n', "utf-8")
    assert main(["ask", "--batch", str(batch)]) == 1
    shown = capsys.readouterr()
    assert (shown.out, f"{batch}: line 4: not of the form" in shown.err) == ("", True)


@pytest.mark.usefixtures("environ")
def test_a_document_of_a_batch_that_is_not_there_is_named_with_its_line_before_anything_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = tmp_path / "questions.jsonl"
    question = {"question": "When did India join?"}
    lines = [json.dumps(question), "", json.dumps({**question, "documents": ["nowhere.txt"]})]
    batch.write_text("\n".join(lines), "utf-8")
    assert main(["ask", "--batch", str(batch)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith(f"{batch}: line 3: there is no document 'nowhere.txt' in the index; ")
    batch.write_text(lines[0], "utf-8")
    assert main(["ask", "--batch", str(batch), "--document", "elsewhere.txt"]) == 2
    shown = capsys.readouterr()
    assert (shown.out, shown.err.startswith("there is no document 'elsewhere.txt'")) == ("", True)


@pytest.mark.usefixtures("environ")
def test_a_batch_file_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ask", "--batch", "nowhere.jsonl"]) == 1
    assert capsys.readouterr().err == "nowhere.jsonl: cannot be read (No such file or directory)\n"


@pytest.mark.parametrize("arguments", [["ask"], ["ask", "a", "--batch", "b"], ["nonsense"], ["--port", "0"]], ids=str)
def test_wrong_usage_ends_with_2(arguments: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2


def test_without_an_index_one_line_says_how_to_build_it(tmp_path: Path) -> None:
    done = in_a_process("ask", "When did India join?", SCO_INDEX_DIR=str(tmp_path))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"no index in {tmp_path}; build it with: python -m index rebuild\n"


def test_a_damaged_index_gets_one_line_and_no_traceback(tmp_path: Path, built_article: Path) -> None:
    shutil.copytree(built_article, tmp_path / "built")
    file = next((tmp_path / "built").glob("2*/passages.faiss"))
    file.write_bytes(file.read_bytes()[:-1] + b"\x00")
    done = in_a_process("ask", "When did India join?", SCO_INDEX_DIR=str(tmp_path / "built"))
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert "mend it with: python -m index rebuild" in done.stderr


def test_a_misspelt_setting_is_an_error_with_a_hint() -> None:
    done = in_a_process("ask", "When did India join?", SCO_SORCE_DOCS="/tmp")
    assert (done.returncode, done.stderr) == (
        1,
        "setting SCO_SORCE_DOCS: there is no such setting; did you mean SCO_SOURCE_DOCS?\n",
    )


def test_an_answer_in_a_fresh_process_needs_no_network(built_article: Path) -> None:
    code = (
        "import socket, sys\n"
        "def refuse(*a, **k): raise OSError('network used')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from assistant.__main__ import main\n"
        "sys.exit(main(['ask', 'When did India join?', '--json']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "SCO_INDEX_DIR": str(built_article)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["kind"] == "answer"


def test_a_reader_that_has_gone_ends_the_command_quietly(built_article: Path) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    environ = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with os.fdopen(writer, "wb") as out:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", "ask", "When did India join?"],
            cwd=ROOT,
            env={**environ, "SCO_INDEX_DIR": str(built_article)},
            stdout=out,
            stderr=subprocess.PIPE,
            check=False,
            timeout=120,
        )
    assert (done.returncode, done.stderr) == (0, b"")


def test_a_terminal_that_claims_ascii_gets_the_quote_unchanged(built_article: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "ask", "When did India join?"],
        cwd=ROOT,
        env={**os.environ, "SCO_INDEX_DIR": str(built_article), "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert "all major powers – China, Russia and the West." in done.stdout.decode("utf-8")
