"""How the commands of a document are found and run (`tests/support/commands.py`)."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.commands import Command, Reader, answers, blocks
from tests.support.ports import unused_port

SERVER = "python3 -u -m http.server --bind $(echo 127.0.0.1:8080 | tr : ' ')"
LOOK = "python3 -c 'import urllib.request as it; it.urlopen(\"http://127.0.0.1:8080/\").close()'"


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    """A reader in an empty folder, with a checkout of one file."""
    (tmp_path / "here").mkdir()
    (tmp_path / "checkout").mkdir()
    (tmp_path / "checkout" / "file").write_text("text", encoding="utf-8")
    environment = dict(os.environ)
    environment |= {
        name: f"127.0.0.1:{unused_port()}" for name in ("QINGCHUAN_API__LISTEN", "QINGCHUAN_BROKER__LISTEN")
    }
    return Reader(tmp_path / "here", tmp_path / "checkout", environment)


def test_only_blocks_marked_sh_hold_commands() -> None:
    """Output and files are shown in blocks with another mark."""
    assert blocks("```text\nrm -rf /\n```\n\n```sh\necho\n```\n") == [[Command("echo", runs_on=False)]]


def test_comments_and_empty_lines_are_no_commands() -> None:
    """A comment may stand alone or behind a command; a # within a word is none."""
    assert blocks("```sh\n# first\n\necho a#b  # then\n```\n") == [[Command("echo a#b", runs_on=False)]]


def test_a_line_goes_on_behind_a_backslash() -> None:
    """What is broken for the eye is one command."""
    assert blocks("```sh\necho a \\\n  b\n```\n") == [[Command("echo a    b", runs_on=False)]]


def test_a_chinese_comment_may_name_ctrl_c() -> None:
    """Both languages mark a command that runs on."""
    assert blocks("```sh\nmake demo  # 按 Ctrl-C 停止\n```\n") == [[Command("make demo", runs_on=True)]]


def test_commands_share_a_folder(reader: Reader) -> None:
    """`cd` holds for what follows, and a clone is a copy of the checkout."""
    reader.follow([Command(text, runs_on=False) for text in ("git clone https://example.org/it.git", "cd it")])
    reader.follow([Command('test "$(cat file)" = text', runs_on=False)])


def test_a_command_that_fails_is_named_with_its_output(reader: Reader) -> None:
    """The message is enough to see what went wrong."""
    with pytest.raises(AssertionError, match=r"'echo why; exit 3' ended with 3:\nwhy"):
        reader.follow([Command("echo why; exit 3", runs_on=False)])


def test_a_command_that_runs_on_serves_its_block_and_ends_with_it(reader: Reader) -> None:
    """The next commands of the block find it at the address shown, and afterwards it is gone."""
    reader.follow([Command(SERVER, runs_on=True), Command(LOOK, runs_on=False)])
    assert not answers(f"http://{reader._environment['QINGCHUAN_API__LISTEN']}/")


def test_a_command_that_ends_too_early_is_named(reader: Reader) -> None:
    """What should run on and does not is a failure at once."""
    with pytest.raises(AssertionError, match="'echo bye' ended before the page answered:\nbye"):
        reader.follow([Command("echo bye", runs_on=True)])


def test_make_is_not_interrupted_and_passes_on_how_its_command_ended(reader: Reader) -> None:
    """The status that counts is that of the command below make."""
    recipe = SERVER.replace("$", "$$").replace("127.0.0.1:8080", "$(QINGCHUAN_API__LISTEN)")
    (reader.folder / "Makefile").write_text(f"demo:\n\t@exec {recipe}\n", encoding="utf-8")
    reader.follow([Command("make demo", runs_on=True)])
