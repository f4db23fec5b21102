"""The conversation in Gradio. Thin: it carries questions to the service and replies to the chat.

All else of the page is there before Gradio is: see page_files.py and page/page.html.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import gradio as gr
from anyio import to_thread

from assistant.replies import Answer, Reply
from assistant.serving import asking
from assistant.serving.admission import BUSY, Turns
from assistant.serving.restoring import read_kept
from assistant.serving.service import Service
from assistant.showing import render
from assistant.web.endpoints import add_endpoints
from index import BadInput

_log = logging.getLogger(__name__)

NAME = "Verbatim"

_LOADING = "Loading the model. Your question will be answered as soon as it is there."
_LOOK_S = 0.2
_FAILED = "The program failed on this question; the server's log says more."

_STALE = "The documents have changed since: what was quoted here can no longer be checked, so it is not shown."
_UNCHECKED = (
    "No index can be read, so what was quoted here cannot be checked and is not shown. This browser keeps it: "
    "load the page again once there is an index."
)

# What happens in the browser alone; page/conversation.js has the functions. A lone output is given in a list too, or
# Gradio takes the messages of a chat for the values of so many outputs.
_ASK = "(chat) => verbatim.asked(chat)"
_KEEP = "(question, chat, said) => verbatim.answered(question, chat, said)"
_FAILED_THERE = "() => verbatim.failed({way})"
_STOPPED = "(chat, said) => verbatim.stopped(chat, said)"
_SHORTEN = "(chat) => verbatim.shortened(chat)"
_KEPT = "() => verbatim.kept()"
_RESTORED = "(kept) => verbatim.restored(kept)"
_NOT_RESTORED = "() => verbatim.notRestored()"


def build(service: Service, turns: Turns) -> gr.Blocks:
    """The conversation as Gradio blocks: it must be up before the model is.

    Every question waits for one of ``turns``, as those over HTTP do.
    """
    # No gr.State: with one, every open tab holds a connection for good, and the seventh tab hangs.
    with gr.Blocks(title=NAME, analytics_enabled=False, fill_width=True) as page:
        chat = gr.Chatbot(
            elem_id="chat",
            label="Conversation",
            show_label=False,
            container=False,
            height=None,
            autoscroll=False,
            buttons=[],
            feedback_options=None,
            latex_delimiters=[],
            placeholder="",
        )
        # Pressed and read by the page's own scripts.
        question, said, kept, among = (gr.Textbox(visible="hidden") for _ in range(4))
        stop, shorten, restore = (
            gr.Button(visible="hidden", elem_id=f"do-{name}") for name in ("stop", "shorten", "restore")
        )

        async def answer(asked: str, sent: object, among: object) -> AsyncIterator[tuple[list[dict[str, str]], str]]:
            async for told in _answer(service, turns, asked, sent, among):
                yield told

        async def restored(kept: str) -> tuple[list[dict[str, str]], str]:
            return await _restored(service, kept)

        # The chat is an input, and a client may send anything for it: preprocess=False keeps Gradio from making
        # components of it, and _answer takes only roles and text.
        asking: dict[str, Any] = {
            "fn": answer,
            "inputs": [question, chat, among],
            "outputs": [chat, said],
            "preprocess": False,
            "api_visibility": "private",
            "show_progress": "hidden",
            "concurrency_limit": None,
            # A question that was just stopped counts as under way a moment longer; “once” would drop the next.
            "trigger_mode": "multiple",
        }
        here: dict[str, Any] = {"fn": None, "api_visibility": "private"}
        ways = []
        # Two ways to ask the same: what Gradio tells late of a stopped question names no question, but its way.
        for way in range(2):
            ask = gr.Button(visible="hidden", elem_id=f"do-ask-{way}")
            answering = ask.click(**here, inputs=chat, outputs=[question, chat, among], js=_ASK).then(**asking)
            answering.then(**here, inputs=[question, chat, said], js=_KEEP)
            answering.failure(**here, js=_FAILED_THERE.format(way=way))
            ways.append(answering)
        stop.click(**here, inputs=[chat, said], outputs=chat, js=_STOPPED, cancels=ways)
        shorten.click(**here, inputs=chat, outputs=chat, js=_SHORTEN, cancels=ways)
        restoring = restore.click(
            restored, kept, [chat, kept], js=_KEPT, queue=False, api_visibility="private", show_progress="hidden"
        )
        restoring.success(**here, inputs=kept, js=_RESTORED)
        restoring.failure(**here, js=_NOT_RESTORED)

        add_endpoints(service, turns)
    return page


async def _answer(
    service: Service, turns: Turns, asked: str, sent: object, among: object
) -> AsyncIterator[tuple[list[dict[str, str]], str]]:
    """The conversation with the reply to ``asked`` at its end, and the reply object for the browser to keep.

    ``among``: a document or a folder to look at, empty for all.
    First comes a note while the model is being loaded.
    """
    conversation = _turns(sent)
    if not asked.strip():
        yield conversation, ""
        return
    earlier = [render.typed(turn["content"]) for turn in conversation if turn["role"] == "user"][:-1]
    if not service.settled():
        yield [*conversation, _turn("assistant", render.note(_LOADING, "loading"))], ""
        # Asleep rather than blocked: a question that is stopped must end here, or the browser asks no other.
        while not service.settled():
            await asyncio.sleep(_LOOK_S)
    kept = ""
    documents = [among] if isinstance(among, str) and among else []
    try:
        reply = await asking.quote(service, turns, asked, earlier, documents)
        if isinstance(reply, Answer) and service.arranges:
            # The quotes at once: the model may take its time, and no turn of those who ask.
            yield [*conversation, _turn("assistant", render.reply(reply, pending=True))], json.dumps(reply.to_json())
            reply = await to_thread.run_sync(service.arrange, reply)
        if reply is not None:
            said, kept = render.reply(reply), json.dumps(reply.to_json())
        else:
            said = render.note(BUSY.line[0].upper() + BUSY.line[1:] + ".", "failed")
    except BadInput as problem:
        said = render.note(str(problem), "failed")
    except Exception:  # noqa: BLE001 - whatever it was, the reader gets one line and the log the traceback
        _log.exception("a question could not be answered")
        said = render.note(_FAILED, "failed")
    yield [*conversation, _turn("assistant", said)], kept


async def _restored(service: Service, kept: str) -> tuple[list[dict[str, str]], str]:
    """The conversation that a browser kept, its quotes checked again, and what of it is worth keeping on."""
    while not service.readable:
        await asyncio.sleep(_LOOK_S)
    return await to_thread.run_sync(_checked, service, kept)


def _checked(service: Service, kept: str) -> tuple[list[dict[str, str]], str]:
    turns = read_kept(kept)
    unshown = render.note(_STALE, "stale")
    again: list[Reply | None] = [None] * len(turns)
    try:
        again = service.rechecked([reply for _, reply in turns])
    except BadInput:
        unshown = render.note(_UNCHECKED, "failed")
    conversation: list[dict[str, str]] = []
    keeping: list[dict[str, object]] = []
    for (question, reply), checked in zip(turns, again, strict=True):
        said = unshown if checked is None else render.reply(checked)
        conversation += [_turn("user", render.asked(question)), _turn("assistant", said)]
        keeping.append({"question": question, "reply": (checked or reply).to_json()})
    return conversation, json.dumps(keeping)


def _turns(sent: object) -> list[dict[str, str]]:
    """Role and text of each turn. A turn's content is a string through the API, a list of parts from the browser."""
    turns: list[dict[str, str]] = []
    for turn in sent if isinstance(sent, list) else []:
        if isinstance(turn, dict) and turn.get("role") in ("user", "assistant"):
            content = turn.get("content")
            parts = content if isinstance(content, list) else [{"text": content}]
            texts = [part.get("text") for part in parts if isinstance(part, dict)]
            turns.append(_turn(turn["role"], "".join(text for text in texts if isinstance(text, str))))
    return turns


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}
