"""Who is let in, how often, and how many at once: the rates of clients, and the turns of questions."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass

from assistant.login import Login

# Answered without a login: whether the process is up is no secret, and those who watch over it have no password.
WITHOUT_LOGIN = frozenset({"/healthz"})

_BAD_LOGINS = 5
_LOCKED_S = 60.0
_CLIENTS = 10_000
# A page is some sixty files, so what is only looked at has a limit of its own.
_LOOKS_A_QUESTION = 20
_LEAST_LOOKS = 600
_AT_ONCE = 8
_WAITING = 256
# Whoever is let wait is likely to be answered: expected is less than what is waited at most, and both end in time for
# the questions that a server ending still answers.
_EXPECTED_WAIT_S = 8.0
_LONGEST_WAIT_S = 18.0
# How far apart turns end before any has: two cores answer four to five new questions a second.
_APART_S = 0.2


@dataclass(frozen=True, slots=True)
class Refused:
    """Why a request goes no further: status, a line for a person, and headers for a program."""

    status: int
    line: str
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Buckets:
    """For each client a bucket that holds ``capacity`` and fills up again at ``per_s``; the idlest are forgotten."""

    def __init__(self, capacity: float, per_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity, self._per_s, self._clock = capacity, per_s, clock
        self._held: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def wait_s(self, client: str, cost: float) -> float:
        """How long until ``cost`` is there to be taken; 0 when it is now."""
        return max(0.0, (cost - self._level(client)) / self._per_s)

    def take(self, client: str, cost: float) -> None:
        self._held[client] = self._level(client) - cost, self._clock()
        self._held.move_to_end(client)
        while len(self._held) > _CLIENTS:
            self._held.popitem(last=False)

    def refill(self, client: str) -> None:
        self._held.pop(client, None)

    def _level(self, client: str) -> float:
        level, since = self._held.get(client, (self._capacity, self._clock()))
        return min(self._capacity, level + (self._clock() - since) * self._per_s)


class Turns:
    """So many questions at once, and so many waiting as are likely to get their turn soon; the rest are told at once.

    How long a question would wait is judged from the number that wait before it and from how long turns took of late.
    """

    def __init__(
        self,
        at_once: int = _AT_ONCE,
        waiting: int = _WAITING,
        expected_wait_s: float = _EXPECTED_WAIT_S,
        longest_wait_s: float = _LONGEST_WAIT_S,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``expected_wait_s``: none is let wait who would wait longer. ``longest_wait_s``: none waits longer."""
        self._free = asyncio.Semaphore(at_once)
        self._at_once, self._most, self._clock = at_once, waiting, clock
        self._expected_wait_s, self._longest_wait_s = expected_wait_s, longest_wait_s
        self._waiting = 0
        self._began: list[float] = []
        # How far apart turns end while all are taken.
        self._apart_s = _APART_S

    async def take(self) -> float | None:
        """Wait for a turn; when it began, or None: it would not come soon, or did not come in time."""
        if self._free.locked():
            if self._waiting >= self._most or self.wait_s() > self._expected_wait_s:
                return None
            self._waiting += 1
            try:
                await asyncio.wait_for(self._free.acquire(), self._longest_wait_s)
            except TimeoutError:
                return None
            finally:
                self._waiting -= 1
        else:
            await self._free.acquire()
        began = self._clock()
        self._began.append(began)
        return began

    def wait_s(self) -> float:
        """How long a question that came now would wait for its turn."""
        if not self._free.locked():
            return 0.0
        # Turns that hang have not ended, so those of late say nothing of them.
        under_way_s = sum(self._clock() - began for began in self._began) / max(1, len(self._began))
        return (self._waiting + 1) * max(self._apart_s, under_way_s / self._at_once)

    def give_back(self, began: float) -> None:
        """End the turn that began then."""
        self._began.remove(began)
        self._apart_s += ((self._clock() - began) / self._at_once - self._apart_s) / 8
        self._free.release()

    @contextlib.asynccontextmanager
    async def turn(self) -> AsyncIterator[bool]:
        """A turn for as long as it is held; whether there was one. It is given back whatever happens meanwhile."""
        began = await self.take()
        try:
            yield began is not None
        finally:
            if began is not None:
                self.give_back(began)


class Admission:
    """What a server asks of every request, whichever application answers it. Used in one event loop only."""

    def __init__(
        self,
        login: Login | None = None,
        questions_a_minute: int = 0,
        hosts: frozenset[str] = frozenset(),
        *,
        framed_by: str = "",
        turns: Turns | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """``questions_a_minute``: of one client, 0 for any number. ``hosts``: names that the server also goes by.

        ``framed_by``: the site whose pages may show this server's inside them, empty for none.
        """
        self.login = login
        self.hosts = hosts
        self.framed_by = framed_by
        self.turns = turns or Turns()
        self._rate = questions_a_minute
        self._looks = max(_LEAST_LOOKS, _LOOKS_A_QUESTION * questions_a_minute)
        self._asked = Buckets(max(1, questions_a_minute), max(1, questions_a_minute) / 60, clock)
        self._looked = Buckets(self._looks, self._looks / 60, clock)
        self._tried = Buckets(_BAD_LOGINS, _BAD_LOGINS / _LOCKED_S, clock)

    def refusal(self, method: str, path: str, address: str, headers: Mapping[bytes, str]) -> Refused | None:
        """Why this request is not let in, or None; counts it. Header names in small letters."""
        client = _client(address)
        return self._without_login(path, client, headers) or self._too_often(method, client)

    def _without_login(self, path: str, client: str, headers: Mapping[bytes, str]) -> Refused | None:
        if self.login is None or path in WITHOUT_LOGIN:
            return None
        told = headers.get(b"authorization", "")
        if told:
            wait_s = self._tried.wait_s(client, 1)
            if wait_s:
                # The right password too: an answer to it would tell it from the wrong ones.
                return _later(429, "too many wrong logins; wait before you try again", wait_s)
            if self.login.allows(told):
                self._tried.refill(client)
                return None
            self._tried.take(client, 1)
        challenge = (b"www-authenticate", b'Basic realm="Verbatim", charset="UTF-8"')
        return Refused(401, "this server asks for a login", (challenge,))

    def _too_often(self, method: str, client: str) -> Refused | None:
        if not self._rate:
            return None
        looks = method in ("GET", "HEAD", "OPTIONS")
        bucket = self._looked if looks else self._asked
        wait_s = bucket.wait_s(client, 1)
        if wait_s:
            told = f"{self._looks} requests" if looks else f"{self._rate} questions"
            return _later(429, f"more than {told} a minute; wait before you ask again", wait_s)
        bucket.take(client, 1)
        return None


BUSY = Refused(503, "many questions are waiting for an answer; ask again in a few seconds", ((b"retry-after", b"5"),))


def _later(status: int, line: str, wait_s: float) -> Refused:
    return Refused(status, line, ((b"retry-after", str(int(wait_s) + 1).encode()),))


def _client(address: str) -> str:
    """What counts as one client: an address, or the /64 of an IPv6 one, which one machine may hold all of."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 6 and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address
