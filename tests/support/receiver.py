"""A real HTTP server on this machine that takes the posts of a webhook and keeps them."""

from __future__ import annotations

import json
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Thread
from typing import Any, NamedTuple, Self


class Post(NamedTuple):
    """One request.

    Attributes
    ----------
    at : float
        When it had arrived, by `time.monotonic`. [s]
    headers : dict
    content : bytes
    """

    at: float
    headers: dict[str, str]
    content: bytes

    @property
    def body(self) -> dict[str, Any]:
        """The JSON of its content."""
        body: dict[str, Any] = json.loads(self.content)
        return body


class Receiver:
    """Answers every POST to `url` with 204 and keeps it in `posts`, as long as the context lasts.

    Attributes
    ----------
    posts : list of Post
        In the order of their arrival.
    """

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self._changed = Condition()
        self._server = _Server(self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.01,), name="receiver", daemon=True)
        self.url = f"http://127.0.0.1:{self._server.server_port}/notices"

    @property
    def notices(self) -> list[dict[str, Any]]:
        """Bodies of the posts."""
        return [post.body for post in list(self.posts)]

    def keep(self, post: Post) -> None:
        """Take in one request."""
        with self._changed:
            self.posts.append(post)
            self._changed.notify_all()

    def wait(self, count: int, within: float = 60.0) -> list[Post]:
        """The requests, as soon as there are `count` of them."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.posts) >= count, within)
            assert came, f"{len(self.posts)} of {count} posts arrived within {within} s"
            return list(self.posts)

    def repeated(self) -> list[dict[str, Any]]:
        """Notices that had come before and do not say that they are possibly repeated."""
        seen: set[int] = set()
        found = []
        for notice in self.notices:
            if notice["notice"] in seen and not notice["possibly_repeated"]:
                found.append(notice)
            seen.add(notice["notice"])
        return found

    def __enter__(self) -> Self:
        """Begin to answer."""
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    def __init__(self, receiver: Receiver) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.receiver = receiver


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_POST(self) -> None:
        """Keep the request, then take it."""
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.receiver.keep(Post(time.monotonic(), dict(self.headers), content))
        self.send_response(204)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""
