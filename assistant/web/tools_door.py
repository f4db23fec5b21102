"""Where agents knock over HTTP: /mcp. The protocol's library is imported when the first one does, not at a start."""

from __future__ import annotations

import asyncio
import importlib
from typing import TYPE_CHECKING

from starlette.responses import JSONResponse
from starlette.types import Receive, Scope, Send

from assistant.serving.admission import Turns
from assistant.serving.service import Service

if TYPE_CHECKING:
    from assistant.web.tools import Sessions

PATH = "/mcp"


class ToolsDoor:
    """An ASGI application for POST alone: there are no sessions to listen to or to end."""

    def __init__(self, service: Service, turns: Turns) -> None:
        self._service, self._turns = service, turns
        self._sessions: Sessions | None = None
        self._making = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            told = {"error": f"{PATH} speaks the Model Context Protocol: POST only, it keeps no sessions"}
            await JSONResponse(told, status_code=405, headers={"allow": "POST"})(scope, receive, send)
            return
        async with self._making:
            if self._sessions is None:
                # In a thread: a second of import would hold up everyone.
                tools = await asyncio.to_thread(importlib.import_module, "assistant.web.tools")
                self._sessions = tools.Sessions(self._service, self._turns)
        await self._sessions(scope, receive, send)
