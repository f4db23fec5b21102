from pathlib import Path

import pytest

from assistant.config import AppConfig, is_loopback
from index import BadSetting


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SCO_PORT", "0"),
        ("SCO_PORT", "http"),
        ("SCO_MAX_QUOTES", "11"),
        ("SCO_ALLOW_REBUILD", "yes"),
        ("SCO_HOTS", "::1"),
        ("SCO_FEEDBACK", "/no/such/folder/feedback.jsonl"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"setting {name}: "):
        AppConfig.from_env({name: value})


@pytest.mark.parametrize(
    ("host", "allowed"), [("127.0.0.1", True), ("localhost", True), ("::1", True), ("0.0.0.0", False)]
)
def test_the_page_may_rebuild_only_where_no_other_machine_can_ask(host: str, allowed: bool) -> None:
    assert AppConfig.from_env({"SCO_HOST": host}).allow_rebuild is allowed


def test_rebuilding_can_be_switched_off_on_loopback_too() -> None:
    assert AppConfig.from_env({"SCO_ALLOW_REBUILD": "0"}).allow_rebuild is False


def test_a_host_name_is_not_taken_for_loopback() -> None:
    assert not is_loopback("example.org")


@pytest.mark.parametrize(("host", "kept"), [("127.0.0.1", True), ("0.0.0.0", False)])
def test_feedback_is_kept_only_where_no_other_machine_can_ask(host: str, kept: bool) -> None:
    assert (AppConfig.from_env({"SCO_HOST": host}).feedback is not None) is kept


def test_feedback_can_be_switched_off_and_sent_elsewhere(tmp_path: Path) -> None:
    assert AppConfig.from_env({"SCO_FEEDBACK": "0"}).feedback is None
    file = tmp_path / "said.jsonl"
    assert AppConfig.from_env({"SCO_HOST": "0.0.0.0", "SCO_FEEDBACK": str(file)}).feedback == file
