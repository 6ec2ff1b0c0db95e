"""Copying the observations of a data directory from one kind of store into the other."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Literal

from rich.console import Console

from qingchuan.service.lock import AlreadyCollectingError, only_one
from qingchuan.service.places import DataFolderError, Places, make_folder
from qingchuan.service.progress import progress_bar
from qingchuan.service.store_settings import StoreSettings
from qingchuan.service.stores import server_of
from qingchuan.store.copying.copying import Copied, CountError, copy
from qingchuan.store.copying.ends import End
from qingchuan.store.copying.file_end import FileEnd
from qingchuan.store.head import sync
from qingchuan.store.sqlite import IncompatibleError

Kind = Literal["embedded", "influxdb"]

_TROUBLE = (OSError, sqlite3.Error, IncompatibleError, CountError, DataFolderError)


class CopyError(Exception):
    """There is no whole copy; what was copied is gone on with by the next try."""


def copy_store(places: Places, settings: StoreSettings, source: Kind, target: Kind, console: Console) -> Copied:
    """Copy the store of one kind into one of the other, which is there when this returns and not before.

    Parameters
    ----------
    places : Places
    settings : StoreSettings
        Say where the bucket is, whatever kind they are of.
    source, target : {"embedded", "influxdb"}
    console : rich.console.Console
        Has the progress bar.

    Raises
    ------
    CopyError
        A collector works on the data, there is no source, a target is there already, or its server is away.
    """
    draft = Places(places.copying)
    there, here, to = _file(places, source), _file(draft, target), _file(places, target)
    try:
        make_folder(places.data)
        with _alone(places):
            _check_files(there, to)
            draft.data.mkdir(exist_ok=True)
            with (
                closing(_end(source, there, settings)) as old,
                closing(_end(target, here, settings)) as new,
                progress_bar("复制 Copy", old.size(), console) as done,
            ):
                copied = copy(old, new, there, done)
            here.rename(to)
            sync(places.data)
            draft.data.rmdir()
    except _TROUBLE as error:
        raise CopyError(str(error)) from error
    return copied


@contextmanager
def _alone(places: Places) -> Iterator[None]:
    try:
        with only_one(places.lock):
            yield
    except AlreadyCollectingError as error:
        raise CopyError(f"a collector works on {places.data}; stop it, and try again") from error


def _file(places: Places, kind: Kind) -> Path:
    return places.observations if kind == "embedded" else places.ledger


def _end(kind: Kind, path: Path, settings: StoreSettings) -> End:
    if kind == "embedded":
        return FileEnd(path)
    from qingchuan.store.copying.influx_end import InfluxEnd  # noqa: PLC0415 - as in `stores`

    return InfluxEnd(server_of(settings), path)


def _check_files(source: Path, target: Path) -> None:
    if not source.exists():
        raise CopyError(f"there is no {source} to copy from; give the folder of the data with --data or QINGCHUAN_DATA")
    if target.exists():
        raise CopyError(f"{target} is there already, and nothing is overwritten; move it away")
