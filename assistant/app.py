"""The page: chat on the left, the source on the right, the index behind a tab. Thin: it renders what others decide."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import gradio as gr

from assistant import render
from assistant.service import Service
from index import BadInput, PassageIndex

_log = logging.getLogger(__name__)

NAME = "Verbatim"
HEAD = """<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="/page/page.css"><script src="/page/page.js" defer></script>"""
_SHIPPED = "9c3d1a7b9817784b66eb186f62ac0d326940e3dd93c7355b4639def9ab1ea6a9"
_EXAMPLES = (
    "How many member states does the SCO have today?",
    "When did India join?",
    "What are the limits of the SCO?",
    "Why did India not sign the June 14 statement?",
)
_POLL_S = 0.2

# The user's words appear at once; escaped here as render.asked does it.
_ECHO = """(message, chat) => {
  const text = (message || '').trim();
  if (!text) return ['', '', chat || []];
  const escaped = text.replace(/[&<>"'\\n\\t\\r]/g, (c) => '&#' + c.codePointAt(0) + ';');
  const said = {role: 'user', content: [{type: 'text', text: '<div class="asked">' + escaped + '</div>'}],
                metadata: null, options: null};
  return ['', text, [...(chat || []), said]];
}"""


def build(service: Service) -> gr.Blocks:
    """The page as Gradio blocks. Nothing is loaded here: the page must be up before the model is."""
    skeleton = files("assistant").joinpath("page")
    with gr.Blocks(title=f"{NAME}: ask a text", analytics_enabled=False, fill_width=True) as page:
        gr.HTML(skeleton.joinpath("header.html").read_text("utf-8"), elem_id="top", padding=False, js_on_load=None)
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab("Ask", id="ask"), gr.Row(elem_id="desk"):
                with gr.Column(elem_id="talk", min_width=0):
                    chat = gr.Chatbot(
                        elem_id="chat",
                        show_label=False,
                        label="Conversation",
                        container=False,
                        buttons=[],
                        latex_delimiters=[],
                        feedback_options=None,
                        autoscroll=False,
                        height=None,
                        placeholder="Ask about the documents. Every answer is made of exact quotes.",
                        examples=[{"text": example} for example in _EXAMPLES]
                        if _ships_only_the_article(service)
                        else None,
                    )
                    box = gr.Textbox(
                        elem_id="ask",
                        label="Your question",
                        show_label=False,
                        container=False,
                        placeholder="Ask a question of the documents",
                        submit_btn=True,
                        max_lines=6,
                        autofocus=True,
                    )
                    question = gr.Textbox(visible="hidden")
                with gr.Column(elem_id="source-column", min_width=0):
                    source = skeleton.joinpath("source.html").read_text("utf-8")
                    gr.HTML(source, elem_id="source-block", padding=False, js_on_load=None)
            with gr.Tab("Index", id="index"):
                status = gr.HTML(lambda: _status(service), elem_id="status", padding=False, js_on_load=None)
                if service.config.allow_rebuild:
                    rebuild = gr.Button("Rebuild the index", elem_id="rebuild", variant="primary", size="md")
                    progress = gr.HTML(lambda: _progress(service), elem_id="progress", padding=False, js_on_load=None)
                    rebuild.click(
                        lambda: _watch(service, start=True),
                        None,
                        progress,
                        api_visibility="private",
                        show_progress="hidden",
                        concurrency_limit=None,
                    ).then(lambda: _status(service), None, status, api_visibility="private", show_progress="hidden")

        def answer(asked: str, turns: Any) -> Iterator[list[Any]]:
            yield from _answer(service, asked, turns)

        box.submit(None, [box, chat], [box, question, chat], js=_ECHO, api_visibility="private").then(
            answer,
            [question, chat],
            chat,
            # A client may send anything as the conversation: it is read as plain role and text, and never made
            # into components.
            preprocess=False,
            api_visibility="private",
            show_progress="hidden",
            concurrency_limit=None,
        )
        chat.example_select(
            _example, None, [question, chat], api_visibility="private", show_progress="hidden", queue=False
        ).then(
            answer,
            [question, chat],
            chat,
            preprocess=False,
            api_visibility="private",
            show_progress="hidden",
            concurrency_limit=None,
        )
        gr.api(_ask_api(service), api_name="ask", concurrency_limit=None)
    return page


def _example(chosen: gr.SelectData) -> tuple[str, list[dict[str, str]]]:
    text = str(chosen.value["text"])
    return text, [{"role": "user", "content": render.asked(text)}]


def _ask_api(service: Service) -> Any:
    def ask(question: str, history: list[str] | None = None) -> dict[str, Any]:
        """Answer a question with exact quotes of the documents, or refuse. ``history``: earlier questions."""
        try:
            return service.ask(question, history or []).to_json()
        except BadInput as problem:
            raise gr.Error(str(problem), print_exception=False) from None

    return ask


def _answer(service: Service, asked: str, turns: Any) -> Iterator[list[Any]]:
    """The conversation with the reply to ``asked`` appended; first with a note while the model is being loaded."""
    conversation = [turn for turn in turns or [] if isinstance(turn, dict)]
    if not asked.strip():
        yield conversation
        return
    earlier = [render.typed(_text(turn)) for turn in conversation if turn.get("role") == "user"][:-1]
    if not service.ready and not service.wait(0.05):
        yield [
            *conversation,
            _said(render.note("Loading the model. Your question is answered as soon as it is there.")),
        ]
    try:
        shown = render.reply(service.ask(asked, earlier))
    except BadInput as problem:
        shown = render.note(str(problem))
    except Exception:  # noqa: BLE001 - whatever went wrong, the reader gets a line and the log the traceback
        _log.exception("a question could not be answered")
        shown = render.note("The program failed on this question; its log says more. Try another wording.")
    yield [*conversation, _said(shown)]


def _said(content: str) -> dict[str, str]:
    return {"role": "assistant", "content": content}


def _text(turn: dict[str, Any]) -> str:
    """The text of a turn: a string through the API, a list of parts from the browser."""
    content = turn.get("content")
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else []
    return "".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))


def _ships_only_the_article(service: Service) -> bool:
    """Whether the example questions make sense: the folder's only document is the one they were written for."""
    texts = list(service.config.index.source_docs.glob("*.txt"))
    return len(texts) == 1 and hashlib.sha256(texts[0].read_bytes()).hexdigest() == _SHIPPED


def _status(service: Service) -> str:
    try:
        index, notices = service.index()
    except BadInput as problem:
        return render.note(str(problem))
    rows = "".join(f"<dt>{name}</dt><dd>{render.escape(value)}</dd>" for name, value in _facts(index))
    told = "".join(f'<div class="notice">{render.escape(line)}</div>' for line in notices)
    left_out = "".join(f"<li>{render.escape(line)}</li>" for line in index.manifest.left_out)
    titles = "".join(
        f"<li>{render.escape(document.title)}<small>{render.escape(document.id)}</small></li>"
        for document in index.documents.values()
    )
    return (
        f'<section class="facts"><h2>What is indexed</h2>{told}<dl>{rows}</dl><h3>Documents</h3><ul>{titles}</ul>'
        + (f"<h3>Left out</h3><ul>{left_out}</ul>" if left_out else "")
        + "</section>"
    )


def _facts(index: PassageIndex) -> list[tuple[str, str]]:
    manifest = index.manifest
    return [
        ("Documents", str(manifest.documents)),
        ("Passages", str(manifest.passages)),
        ("Sentences", str(manifest.sentences)),
        ("Model", str(manifest.embedder)),
        ("Built", f"{manifest.created_at.replace('T', ' ').removesuffix('Z')} UTC, in {manifest.took_s:.1f} s"),
        ("Generation", manifest.generation),
        ("On disk", f"{sum(size for size, _ in manifest.files.values()) / 1000:,.0f} kB"),
    ]


def _watch(service: Service, *, start: bool) -> Iterator[str]:
    """The progress of the rebuild that runs, until it ends; it runs on when nobody watches."""
    if start:
        service.rebuilder.start()
    while service.rebuilder.progress.running:
        yield _progress(service)
        time.sleep(_POLL_S)
    yield _progress(service)


def _progress(service: Service) -> str:
    now = service.rebuilder.progress
    if now.running:
        percent = round(100 * now.share)
        names = {"starting": "Starting", "read": "Reading the documents", "embed": "Embedding", "write": "Writing"}
        return (
            f'<div class="progress" role="progressbar" aria-valuenow="{percent}" aria-valuemin="0" aria-valuemax="100" '
            f'aria-label="Rebuild"><div style="width:{percent}%"></div></div>'
            f'<p class="progress-line">{names.get(now.step, now.step)}: {percent} %, {now.took_s:.0f} s</p>'
        )
    if not now.line:
        return ""
    kind = "failed" if now.failed else "done"
    return f'<p class="progress-line {kind}" role="status">{render.escape(now.line)} ({now.took_s:.1f} s)</p>'
