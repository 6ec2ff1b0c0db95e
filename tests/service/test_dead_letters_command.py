"""``qingchuan dead-letters``: listed, shown, exported, applied again."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from qingchuan.service.main import app
from qingchuan.service.places import Places
from qingchuan.store.journal_reader import JournalReader
from qingchuan.store.messages import Message
from tests.support.applying import Bench, hour_of, station


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """An hour that came before its station, one of nobody, and a value that is none."""
    made = Bench(tmp_path)
    partly = b'{"start":"2026-03-01T00:00:00Z","values":{"co":1,"pm26":2}}'
    nobody = Message("mqtt", "c", "qingchuan/1236A/hour", b"\xff[1]")
    made.take(hour_of("35"), nobody, station(), Message("mqtt", "c", "qingchuan/1235A/hour", partly))
    yield made
    made.close()


def said(bench: Bench, *arguments: str, answer: str = "", code: int = 0) -> str:
    """What ``qingchuan dead-letters`` says, on a terminal of the usual width."""
    environment = {"COLUMNS": "80", "LOGNAME": "lin"}
    data = ["--data", str(bench.folder), "dead-letters", *arguments]
    result = CliRunner().invoke(app, data, input=answer, env=environment)
    assert result.exit_code == code, result.output
    if arguments[0] == "list" and "--json" not in arguments:
        assert max(map(cell_len, result.stdout.splitlines()), default=0) <= 80
    return " ".join(result.output.split())


def test_a_list_tells_what_was_refused_and_how_much(bench: Bench) -> None:
    """The newest first, and the counts by kind."""
    told = said(bench, "list")
    assert told.index("4 2026-03-01") < told.index("2 2026-03-01") < told.index("1 2026-03-01")
    assert "unknown-subject 2 0" in told
    assert "unknown-item 0 1" in told
    assert "2 messages and 1 values in all, 3 are listed" in told


def test_a_list_is_chosen_by_options(bench: Bench) -> None:
    """As the interface does, whose answer --json prints."""
    found = json.loads(said(bench, "list", "--topic", "1236A", "--open", "--since", "2026-03-01", "--json"))
    assert [letter["sequence"] for letter in found["dead_letters"]] == [2]
    assert "No dead letter fits" in said(bench, "list", "--settled")
    assert "noon" in said(bench, "list", "--since", "noon", code=1)


def test_a_message_is_shown_with_its_payload(bench: Bench) -> None:
    """A text as it is, all else as base64; what looks like markup is none."""
    assert '{"start":"2026-03-01T00:00:00Z","values":{"co":1,"pm26":2}}' in said(bench, "show", "4")
    assert "base64: /1sxXQ==" in said(bench, "show", "2")
    assert "message 3 has no dead letter" in said(bench, "show", "3", code=1)


def test_letters_are_written_into_a_file(bench: Bench, tmp_path: Path) -> None:
    """Whose ending says how."""
    said(bench, "export", str(tmp_path / "refused.csv"))
    rows = list(csv.DictReader((tmp_path / "refused.csv").read_text("utf-8-sig").splitlines()))
    assert [row["sequence"] for row in rows] == ["1", "2", "4"]
    said(bench, "export", str(tmp_path / "refused.jsonl"), "--code", "unknown-item")
    (line,) = (tmp_path / "refused.jsonl").read_text("utf-8").splitlines()
    assert json.loads(line)["item"] == "pm26"
    assert ".csv or .jsonl" in said(bench, "export", str(tmp_path / "refused.xlsx"), code=2)


def test_a_choice_is_applied_again_when_the_person_agrees(bench: Bench) -> None:
    """It is in the journal then, and applied in its turn."""
    choice = ["again", "--topic", "1235A", "--code", "unknown-subject", "--reason", "announced"]
    assert "Apply 1 messages again" in said(bench, *choice, answer="n\n", code=1)
    assert bench.journal.head().sequence == 4
    assert "come to message 5" in said(bench, *choice, answer="y\n")
    bench.applier.step()
    assert bench.pm25() == [35.0]
    assert "settled by 5" in said(bench, "list", "--settled")
    assert "lin: announced" in said(bench, "show", "1")


def test_messages_are_named_by_numbers_without_asking(bench: Bench) -> None:
    """For programs."""
    assert "come to message 5" in said(bench, "again", "1-2", "4", "--reason", "all of it", "--by", "林工", "--yes")
    journal = JournalReader(Places(bench.folder).journal)
    (batch,) = journal.read(4)
    journal.close()
    assert json.loads(batch.messages[0].payload) == {
        "sequences": [[1, 2], [4, 4]],
        "by": "林工",
        "reason": "all of it",
    }


def test_what_cannot_be_applied_again_is_said(bench: Bench) -> None:
    """And nothing is appended."""
    assert "No dead letter that is not settled fits" in said(bench, "again", "3", "--reason", "x", "--yes", code=1)
    assert "a number such as 1042" in said(bench, "again", "one", "--reason", "x", "--yes", code=2)
    assert "--reason" in said(bench, "again", "1", "--yes", code=2)
    assert "--reason has 1 characters" in said(bench, "again", "1", "--reason", " ", "--yes", code=2)
    assert bench.journal.head().sequence == 4


def test_a_full_disk_is_said(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was appended then."""
    monkeypatch.setenv("QINGCHUAN_COLLECTOR__LEAST_FREE", "1000000")
    told = said(bench, "again", "1", "--reason", "x", "--yes", code=1)
    if "are left on its disk" not in told:
        pytest.skip("a disk of more than a terabyte is free here")
    assert bench.journal.head().sequence == 4


@pytest.mark.parametrize("name", ["list", "show", "export", "again"])
def test_every_part_explains_itself_with_an_example(name: str) -> None:
    """`qingchuan dead-letters NAME --help`."""
    result = CliRunner().invoke(app, ["dead-letters", name, "--help"])
    assert result.exit_code == 0
    assert f"qingchuan dead-letters {name}" in result.output
