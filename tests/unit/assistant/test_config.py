from pathlib import Path

import pytest

from assistant.config import AppConfig, Endpoint, is_loopback
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
        ("SCO_LOGIN", "on"),
        ("SCO_LOGIN", ":password-without-user"),
        ("SCO_LOGIN", "ada:two\nlines-of-it"),
        ("SCO_LOGIN", "ada:short"),
        ("SCO_RATE", "-1"),
        ("SCO_HOSTS", "http://verbatim.example"),
        ("SCO_HOSTS", "*"),
        ("SCO_LOG", "xml"),
        ("SCO_LLM_URL", "127.0.0.1:11434"),
        ("SCO_LLM_URL", "file:///etc/passwd"),
        ("SCO_LLM_URL", "http://[::1"),
        ("SCO_LLM_URL", "http://ada:secret@127.0.0.1/v1"),
        ("SCO_LLM_URL", "https://model.example/v1?key=secret"),
        ("SCO_LLM_MODEL_NAME", "tiny"),
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


@pytest.mark.parametrize(("host", "login"), [("0.0.0.0", ""), ("192.0.2.1", ""), ("verbatim.example", "")])
def test_other_machines_may_ask_only_with_a_login_or_a_word_that_there_is_none(host: str, login: str) -> None:
    with pytest.raises(BadSetting, match=f"listening on {host} lets other machines in"):
        AppConfig.from_env({"SCO_HOST": host, "SCO_LOGIN": login}).refuse_to_be_open()
    for allowed in ("ada:a-long-password", "off"):
        AppConfig.from_env({"SCO_HOST": host, "SCO_LOGIN": allowed}).refuse_to_be_open()
    AppConfig.from_env({"SCO_HOST": "127.0.0.1"}).refuse_to_be_open()


def test_a_password_that_cannot_be_used_is_not_told() -> None:
    with pytest.raises(BadSetting) as refused:
        AppConfig.from_env({"SCO_LOGIN": "ada:secret"})
    assert "secret" not in str(refused.value)


def test_a_password_stands_in_no_representation_of_the_settings() -> None:
    assert "a-long-password" not in repr(AppConfig.from_env({"SCO_LOGIN": "ada:a-long-password"}))


@pytest.mark.parametrize(("host", "rate"), [("127.0.0.1", 0), ("0.0.0.0", 60)])
def test_the_rate_of_questions_is_limited_where_other_machines_ask(host: str, rate: int) -> None:
    assert AppConfig.from_env({"SCO_HOST": host}).questions_a_minute == rate


def test_the_address_of_a_language_model_is_that_of_its_chat() -> None:
    settings = {"SCO_LLM_URL": "http://127.0.0.1:11434/v1/", "SCO_LLM_MODEL": "tiny", "SCO_LLM_TIMEOUT": "5"}
    assert AppConfig.from_env(settings).llm == Endpoint("http://127.0.0.1:11434/v1/chat/completions", "tiny", None, 5)
    whole = {"SCO_LLM_URL": "https://model.example/v1/chat/completions"}
    assert AppConfig.from_env(whole).llm == Endpoint("https://model.example/v1/chat/completions")
    assert AppConfig.from_env({}).llm is None


@pytest.mark.parametrize(
    "settings",
    [
        {"SCO_LLM_URL": "http://model.example/v1", "SCO_LLM_KEY": "secret"},
        {"SCO_LLM_URL": "https://model.example/v1", "SCO_LLM_KEY": "secret\nX-Other: 1"},
        {"SCO_LLM_URL": "https://secret@model.example/v1"},
        {"SCO_LLM_URL": "https://model.example/v1", "SCO_LLM_KEY": "secret", "SCO_LLM_TIMEOUT": "0"},
    ],
)
def test_a_language_model_that_cannot_be_asked_in_safety_is_refused_without_telling_its_key(
    settings: dict[str, str],
) -> None:
    with pytest.raises(BadSetting) as refused:
        AppConfig.from_env(settings)
    assert "secret" not in str(refused.value)


def test_a_key_is_not_in_the_representation_of_the_settings() -> None:
    settings = {"SCO_LLM_URL": "https://model.example/v1", "SCO_LLM_KEY": "secret"}
    assert "secret" not in repr(AppConfig.from_env(settings))
