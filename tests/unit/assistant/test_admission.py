from __future__ import annotations

import asyncio
import base64

import loops
import pytest

from assistant.login import Login
from assistant.serving.admission import Admission, Buckets, Refused, Turns

LOGIN = Login("ada", "correct horse: battery")


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def basic(told: str) -> dict[bytes, str]:
    return {b"authorization": "Basic " + base64.b64encode(told.encode()).decode()}


def ask(
    admission: Admission, client: str = "192.0.2.1", headers: dict[bytes, str] | None = None, path: str = "/v1/ask"
) -> Refused | None:
    return admission.refusal("POST", path, client, headers or {})


def test_the_right_login_is_let_in() -> None:
    assert ask(Admission(LOGIN), headers=basic("ada:correct horse: battery")) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("ada:wrong"),
        basic("ada"),
        basic(""),
        basic("Ada:correct horse: battery"),
        {b"authorization": "Basic"},
        {b"authorization": "Basic ****"},
        {b"authorization": "Bearer correct horse: battery"},
        {b"authorization": "Basic \xe9"},
    ],
    ids=str,
)
def test_any_other_login_is_asked_for_the_right_one(headers: dict[bytes, str]) -> None:
    refused = ask(Admission(LOGIN), headers=headers)
    assert refused is not None
    assert (refused.status, refused.headers[0][0]) == (401, b"www-authenticate")


def test_whether_the_process_is_up_is_told_without_a_login() -> None:
    assert ask(Admission(LOGIN), path="/healthz") is None
    assert ask(Admission(LOGIN), path="/healthz/") is not None


def test_after_five_wrong_logins_the_right_one_is_refused_too_until_a_while_has_passed() -> None:
    clock = Clock()
    admission = Admission(LOGIN, clock=clock)
    right = basic("ada:correct horse: battery")
    for _ in range(5):
        assert getattr(ask(admission, headers=basic("ada:guess")), "status", None) == 401
    locked = ask(admission, headers=right)
    assert locked is not None
    assert (locked.status, locked.headers) == (429, ((b"retry-after", b"13"),))
    assert ask(admission, "198.51.100.7", right) is None, "another client is locked out"
    clock.now += 13
    assert ask(admission, headers=right) is None


def test_a_guesser_gets_no_more_than_five_guesses_a_minute() -> None:
    clock = Clock()
    admission = Admission(LOGIN, clock=clock)
    asked = 0
    for _ in range(36_000):
        clock.now += 0.1
        asked += getattr(ask(admission, headers=basic("ada:guess")), "status", None) == 401
    assert 290 <= asked <= 310


def test_more_questions_a_minute_than_allowed_are_told_when_to_come_again() -> None:
    clock = Clock()
    admission = Admission(questions_a_minute=30, clock=clock)
    assert [ask(admission) for _ in range(30)] == [None] * 30
    refused = ask(admission)
    assert refused == Refused(
        429, "more than 30 questions a minute; wait before you ask again", ((b"retry-after", b"3"),)
    )
    assert ask(admission, "198.51.100.7") is None, "another client is kept waiting"
    assert admission.refusal("GET", "/", "192.0.2.1", {}) is None, "the page is refused for the questions"
    clock.now += 2
    assert ask(admission) is None


def test_looking_has_a_limit_of_its_own() -> None:
    admission = Admission(questions_a_minute=1, clock=Clock())
    told = [admission.refusal("GET", "/", "192.0.2.1", {}) for _ in range(601)]
    assert [told.index(one) for one in told if one] == [600]


def test_the_addresses_of_one_network_of_version_6_are_one_client() -> None:
    admission = Admission(questions_a_minute=2, clock=Clock())
    told = [ask(admission, f"2001:db8::{number}") for number in range(1, 4)]
    assert [one is None for one in told] == [True, True, False]
    assert ask(admission, "2001:db8:0:1::1") is None


def test_ten_thousand_strangers_do_not_fill_the_memory() -> None:
    buckets = Buckets(1, 1, Clock())
    for number in range(30_000):
        buckets.take(str(number), 1)
    assert len(buckets._held) == 10_000


def test_a_password_is_in_no_representation() -> None:
    assert "horse" not in repr(LOGIN)


def test_of_many_questions_so_many_are_answered_and_so_many_wait_and_the_rest_are_told_at_once() -> None:
    async def run() -> None:
        clock = Clock()
        turns = Turns(at_once=2, waiting=3, clock=clock)
        asked = [asyncio.create_task(turns.take()) for _ in range(8)]
        done, _ = await asyncio.wait(asked, timeout=0.05)
        assert [one.result() for one in done].count(None) == 3
        for _ in range(3):
            turns.give_back(clock.now)
            await asyncio.sleep(0.01)
        assert [await one for one in asked].count(1000.0) == 5

    loops.run(run())


def test_a_question_that_would_wait_too_long_is_told_so_at_once() -> None:
    async def run() -> None:
        clock = Clock()
        turns = Turns(at_once=1, waiting=100, expected_wait_s=30, clock=clock)
        for _ in range(50):
            began = await turns.take()
            assert began is not None
            clock.now += 10
            turns.give_back(began)
        assert await turns.take() is not None
        asked = [asyncio.create_task(turns.take()) for _ in range(9)]
        done, waiting = await asyncio.wait(asked, timeout=0.05)
        assert ([one.result() for one in done], len(waiting)) == ([None] * 6, 3)
        for one in waiting:
            one.cancel()

    loops.run(run())


def test_a_crowd_that_comes_before_any_turn_has_ended_is_told_at_once_too() -> None:
    async def run() -> None:
        turns = Turns(at_once=8)
        asked = [asyncio.create_task(turns.take()) for _ in range(200)]
        done, waiting = await asyncio.wait(asked, timeout=0.05)
        assert sum(one.result() is not None for one in done) == 8
        assert 20 <= len(waiting) <= 60
        for one in waiting:
            one.cancel()

    loops.run(run())


def test_while_turns_hang_nobody_is_let_wait_for_them() -> None:
    async def run() -> None:
        clock = Clock()
        turns = Turns(at_once=2, expected_wait_s=8, clock=clock)
        began = [await turns.take() for _ in range(2)]
        first = asyncio.create_task(turns.take())
        await asyncio.sleep(0)
        clock.now += 60
        assert (turns.wait_s(), await turns.take()) == (60.0, None)
        for one in began:
            turns.give_back(one or 0.0)
        assert await first == clock.now
        assert turns.wait_s() == 0.0

    loops.run(run())


def test_a_turn_that_does_not_come_in_time_is_given_up() -> None:
    async def run() -> None:
        turns = Turns(at_once=1, waiting=3, longest_wait_s=0.01)
        began = await turns.take()
        assert (began is not None, await turns.take()) == (True, None)
        turns.give_back(began or 0.0)
        assert await turns.take() is not None

    loops.run(run())


def test_a_turn_is_given_back_whatever_happens_in_it() -> None:
    turns = Turns(at_once=1, waiting=0)

    async def fail() -> None:
        async with turns.turn() as mine, turns.turn() as second:
            assert (mine, second) == (True, False)
            raise ZeroDivisionError

    async def run() -> None:
        with pytest.raises(ZeroDivisionError):
            await fail()
        async with turns.turn() as mine:
            assert mine

    loops.run(run())
