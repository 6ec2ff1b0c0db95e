"""Files that are imported in tests, and a bench that takes them."""

from __future__ import annotations

from pathlib import Path

from qingchuan.collector.importing.mapping import FileMapping, parse_mapping
from qingchuan.collector.importing.parts import message_of, parts
from qingchuan.collector.importing.rows import RowReader
from qingchuan.collector.importing.tables import open_table
from qingchuan.store.import_messages import Import
from qingchuan.store.messages import Message
from tests.support.applying import Bench

DAY = {"period": "day", "time": {"column": "date", "label": "start"}}
HOURS: dict[str, object] = {
    "period": "hour",
    "time": {"column": "time", "label": "end"},
    "subject": {"column": "station"},
    "items": {"pm25": "PM2.5", "co": "CO"},
}
"""A mapping of a wide file of hours."""

HEADER = "time,station,PM2.5,CO\n"


def announcement(subject: str, body: str) -> Message:
    """The announcement of a subject."""
    return Message("mqtt", "c", f"qingchuan/{subject}/station", body.encode())


WAN = announcement("1235A", '{"kind":"air-station","name":{"zh":"万里学院","en":"Wanli"},"city":"330200"}')
NINGBO = announcement("330200", '{"kind":"city","name":{"zh":"宁波","en":"Ningbo"}}')
DAZHA = announcement("dazha", '{"kind":"section","name":{"zh":"大闸","en":"Dazha"},"water_body":"river"}')


def written(folder: Path, text: str, name: str = "file.csv", encoding: str = "utf-8") -> Path:
    """A file with a text in it."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def mapping_of(**told: object) -> FileMapping:
    """`HOURS` with changes."""
    return parse_mapping({**HOURS, **told})


def parts_of(
    path: Path, mapping: FileMapping, bench: Bench | None = None, *, after: int = 0, rows: int = 300
) -> list[Import]:
    """The messages that a file makes; names are those that are announced on `bench`."""
    table = open_table(path, mapping.file)
    reader = RowReader(table, mapping, bench.state.subjects() if bench else {})
    return list(parts(table, reader, mapping, "0f", after, rows))


def take_file(bench: Bench, path: Path, mapping: FileMapping, *, rows: int = 300) -> list[Import]:
    """Import a file on `bench` and apply it; the messages that it made."""
    found = parts_of(path, mapping, bench, rows=rows)
    for part in found:
        bench.take(message_of(part, "lin"))
    return found
