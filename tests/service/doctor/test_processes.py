"""Whether the doctor sees the service run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from qingchuan.service.doctor.processes import collector_pid
from qingchuan.service.lock import only_one
from tests.support.examining import look, patient_of
from tests.support.ports import unused_port


def test_the_collector_is_seen_by_the_lock_that_it_holds(tmp_path: Path) -> None:
    """Looking does not touch the lock."""
    lock = tmp_path / "collector.lock"
    with patient_of(tmp_path) as patient:
        assert look("service-collector", patient).verdict == "notice"
        with only_one(lock):
            assert collector_pid(lock) == os.getpid()
            finding = look("service-collector", patient)
            assert finding.verdict == "ok"
            assert str(os.getpid()) in finding.saw.en
        assert collector_pid(lock) is None
        assert look("service-collector", patient).verdict == "notice"


def test_a_gateway_that_does_not_listen_is_told_of(tmp_path: Path) -> None:
    """Where it is to, and a collector runs that it belongs to."""
    with patient_of(tmp_path) as patient:
        assert look("service-gateway", patient).verdict == "ok"
    with patient_of(tmp_path, {"gateway.listen": f"127.0.0.1:{unused_port()}"}) as patient:
        assert look("service-gateway", patient).verdict == "notice"
        with only_one(tmp_path / "collector.lock"):
            assert look("service-gateway", patient).verdict == "problem"
            with only_one(tmp_path / "gateway.lock"):
                assert look("service-gateway", patient).verdict == "ok"


@contextmanager
def _answering(status: int) -> Iterator[int]:
    """A server that answers every request with `status`; its port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(b"the store cannot be read")

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("status", "verdict"), [(200, "ok"), (503, "problem")])
def test_the_pages_say_whether_they_are_well(tmp_path: Path, status: int, verdict: str) -> None:
    """And why not."""
    with _answering(status) as port, patient_of(tmp_path, {"api.listen": f"127.0.0.1:{port}"}) as patient:
        finding = look("service-pages", patient)
    assert finding.verdict == verdict
    assert ("the store cannot be read" in finding.saw.en) == (verdict == "problem")


def test_pages_that_do_not_answer_are_told(tmp_path: Path) -> None:
    """The service may be down on purpose: a notice."""
    with patient_of(tmp_path, {"api.listen": f"127.0.0.1:{unused_port()}"}) as patient:
        assert look("service-pages", patient).verdict == "notice"
