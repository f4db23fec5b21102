"""A real small model served by llama.cpp: whatever it writes, what is shown is backed.

python3 -m venv .venv-model && .venv-model/bin/pip install -r tests/requirements-model.txt
bash tests/run -m slow tests/slow/test_small_model.py
"""

import json
import os
import re
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import Answer, Assistant
from assistant.answering import open_reader
from assistant.config import Endpoint
from assistant.summary.arranging import Arranger
from assistant.summary.prose import MARKS
from index import IndexConfig, LiveIndex, OnnxEmbedder
from index.tokens import FUNCTION_WORDS, stem, words

ROOT = Path(__file__).parents[2]
PYTHON = Path(os.environ.get("MODEL_PYTHON", ROOT / ".venv-model" / "bin" / "python"))
MOST_QUESTIONS = 6
# A question takes some 5 to 15 s of processor time of one thread. A busy machine gives less: then fewer are asked.
LONGEST_ANSWER_S, LONGEST_S = 150.0, 600.0

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not PYTHON.exists(),
        reason=f"no llama.cpp at {PYTHON}; install tests/requirements-model.txt there, or name another as MODEL_PYTHON",
    ),
]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    weights = tmp_path_factory.mktemp("model") / "model.gguf"
    process = subprocess.Popen(
        # One thread fewer than cores: llama.cpp's threads wait for each other by spinning.
        [PYTHON, ROOT / "tests" / "small_model.py", weights, str(port), str(max(1, (os.cpu_count() or 2) - 1))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        address = process.stdout.readline().strip()
        assert address, "the model's server ended before it listened"
        yield f"{address}/v1/chat/completions"
    finally:
        process.stdin.close()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()


def test_what_a_small_model_writes_is_shown_only_as_far_as_the_quotes_back_it(
    url: str, built_article: Path, _minilm: OnnxEmbedder
) -> None:
    live = LiveIndex(IndexConfig(index_dir=built_article), _minilm.identity)
    reader, endpoint = open_reader()[0], Endpoint(url, timeout_s=LONGEST_ANSWER_S)
    lines = (ROOT / "tests" / "eval" / "dev.jsonl").read_text("utf-8").splitlines()
    asked = [entry["question"] for entry in map(json.loads, lines) if entry["answerable"] and not entry.get("history")]
    shown = removed = summed = late = 0
    began = time.monotonic()
    for question in asked[:MOST_QUESTIONS]:
        started = time.monotonic()
        # As long as the last one might take is left for it.
        if started - began > LONGEST_S - LONGEST_ANSWER_S:
            break
        # An arranger of its own for each: after a model that was too slow, it would not ask the next.
        reply = Assistant(live, _minilm, reader, arranger=Arranger(endpoint)).ask(question)
        if not isinstance(reply, Answer):
            continue
        # A small model may write rubbish; it may not fail to be heard.
        assert not [notice for notice in reply.notices if "reached" in notice or "status" in notice]
        summary = reply.summary
        summed += summary is not None
        late += any("took longer" in notice for notice in reply.notices)
        removed += summary.removed if summary else 0
        print(f"{question} ({time.monotonic() - started:.0f} s) {' '.join(reply.notices)}")
        for sentence in summary.sentences if summary else ():
            shown += 1
            print(f"    {sentence.text} {sentence.quotes}")
            quote = reply.quotes[sentence.quotes[0] - 1].exact
            assert set(re.findall(r"\d+", sentence.text)) <= set(re.findall(r"\d+", quote))
            said = {stem(word) for word in words(sentence.text) if word not in FUNCTION_WORDS}
            assert said <= {stem(word) for word in words(quote)}
            assert not MARKS.search(re.sub(r"(?<=\w)’(?=\w)", "", sentence.text))
    print(f"{summed} summaries: {shown} sentences shown, {removed} removed; {time.monotonic() - began:.0f} s")
    if late and not summed:
        pytest.skip(
            f"the model was given too little processor time: {late} answers took more than {LONGEST_ANSWER_S} s"
        )
    assert summed > 0
    assert shown + removed > 0
