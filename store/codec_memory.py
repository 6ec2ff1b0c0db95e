"""What decoding remembers of earlier messages: what a Sparkplug node told when it was born decides what it tells later.

By the name of a codec, or ``mqtt``: the clients that found no session when they connected last.

It lies in the state database together with the traces, and reaches as far as they do.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from qingchuan.store import tables, traces
from qingchuan.store.state import writing
from qingchuan.store.traces import Kept


def load(engine: Engine, codec: str) -> dict[str, bytes]:
    """What a codec remembers, by whom it is about."""
    table = tables.codec_memory
    with engine.connect() as connection:
        found = connection.execute(select(table.c.name, table.c.content).where(table.c.codec == codec))
        return {row.name: row.content for row in found}


def save(engine: Engine, kept: Kept, changed: Mapping[str, Mapping[str, bytes | None]]) -> None:
    """Keep the traces, and what each codec remembers since, in one transaction; it forgets what is None."""
    with writing(engine).begin() as connection:
        traces.write(connection, kept)
        for codec, memory in changed.items():
            _write(connection, codec, memory)


def _write(connection: Connection, codec: str, changed: Mapping[str, bytes | None]) -> None:
    table = tables.codec_memory
    for name, content in changed.items():
        if content is None:
            connection.execute(delete(table).where(table.c.codec == codec, table.c.name == name))
        else:
            new = insert(table).values(codec=codec, name=name, content=content)
            connection.execute(new.on_conflict_do_update(index_elements=["codec", "name"], set_={"content": content}))
