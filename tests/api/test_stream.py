"""What waits to be sent to a client."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

from qingchuan.api.stream import Event, Stream, encode_event

_T = TypeVar("_T")
NEVER = 3600.0
AT_ONCE = 0.0


def run(scenario: Callable[[], Awaitable[_T]]) -> _T:
    """The result of `scenario` in a loop of its own."""

    async def main() -> _T:
        return await asyncio.wait_for(scenario(), 20)

    return asyncio.run(main())


def event(name: str, number: int) -> Event:
    """An event with a number."""
    return encode_event(name, number, b"{}")


def nothing() -> list[Event]:
    """No first events."""
    return []


async def take(following: AsyncIterator[bytes]) -> bytes:
    """What comes next."""
    return await anext(following)


def test_a_slow_client_is_sent_the_newest_document_of_each_kind() -> None:
    """What waits is bounded by the number of kinds, and comes in the order it was published last."""

    async def scenario() -> bytes:
        stream = Stream(NEVER)
        following = stream.follow(lambda: [event("air", 0)])
        await take(following)
        for number in range(1, 100):
            stream.publish(event("air", number))
        stream.publish(event("water", 100))
        return await take(following)

    assert run(scenario) == event("air", 99).text + event("water", 100).text


def test_a_client_that_hears_nothing_is_sent_a_beat() -> None:
    """An event of its own, with data and without an id: a browser drops events without data and keeps the last id."""

    async def scenario() -> bytes:
        return await take(Stream(AT_ONCE).follow(nothing))

    assert run(scenario) == b"event: beat\ndata: {}\n\n"


def test_a_client_that_leaves_is_forgotten() -> None:
    """Nothing waits for it any more."""

    async def scenario() -> tuple[int, int]:
        stream = Stream(AT_ONCE)
        following = stream.follow(nothing)
        await take(following)
        during = stream.clients
        await following.aclose()
        return during, stream.clients

    assert run(scenario) == (1, 0)


def test_all_streams_end_when_the_stream_is_closed() -> None:
    """Also those of clients that come later."""

    async def scenario() -> list[bytes]:
        stream = Stream(NEVER)
        following = stream.follow(lambda: [event("air", 0)])
        await take(following)
        stream.close()
        return [text async for text in following] + [text async for text in stream.follow(nothing)]

    assert run(scenario) == []
