import json

from jsonschema import Draft202012Validator

from assistant import Refusal
from assistant.config import AppConfig
from assistant.service import Service
from assistant.tools import offered, tool_server


def test_the_tool_that_asks_tells_an_agent_of_a_correction_and_its_schema_holds_one(corrected: Refusal) -> None:
    (ask,) = [tool for tool in offered() if tool.name == "ask"]
    assert "`correction`" in (ask.description or "")
    Draft202012Validator(ask.output_schema or {}).validate(json.loads(json.dumps(corrected.to_json())))
    service = Service(AppConfig())
    assert "show it as what the documents say instead" in (tool_server(service).instructions or "")
