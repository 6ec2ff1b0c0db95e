"""Files that are imported over the interface: by the way that `qingchuan import` goes, with its report."""

from __future__ import annotations

import io
import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

from rich.console import Console

from qingchuan.api.problems import ProblemError
from qingchuan.api.schemas.file_imports import FileImportAnswer, ImportReason, ImportRefusal
from qingchuan.api.uploads import Upload
from qingchuan.collector.importing.mapping import FileMapping
from qingchuan.collector.importing.mapping_files import READY, read_mapping, ready_mapping
from qingchuan.collector.importing.problems import ImportFileError
from qingchuan.collector.importing.report import reasons
from qingchuan.collector.importing.sending import StoppedError
from qingchuan.service.importing import AlreadyImportingError, Importer, Order, Outcome, importing_here, with_origin
from qingchuan.service.settings import Settings
from qingchuan.store.chain import JournalDamagedError
from qingchuan.store.sqlite import IncompatibleError

_MOST = 1000
"""So many refusals are told one by one."""


class FileImports:
    """Imports files that are uploaded, one at a time.

    Parameters
    ----------
    settings : Settings
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __call__(self, upload: Upload) -> FileImportAnswer:
        """What became of a file.

        Raises
        ------
        ProblemError
            It or its mapping cannot be used, another import is under way, or the journal takes nothing.
        """
        try:
            return _answer(self._outcome(upload), dry_run=upload.dry_run)
        except ImportFileError as error:
            raise ProblemError(422, "wrong-file", str(error)) from error
        except AlreadyImportingError as error:
            raise ProblemError(409, "import-busy", str(error)) from error
        except StoppedError as error:
            detail = f"{error}; what is in the journal stays there: the same file again goes on behind it"
            raise ProblemError(503, "journal-unavailable", detail) from error
        except (JournalDamagedError, IncompatibleError, sqlite3.Error, OSError) as error:
            raise ProblemError(503, "journal-unavailable", str(error)) from error

    def _outcome(self, upload: Upload) -> Outcome:
        mapping = with_origin(_mapping(upload), upload.origin)
        quiet = Console(file=io.StringIO())
        with TemporaryDirectory(prefix="qingchuan-") as folder:
            path = Path(folder) / upload.name
            path.write_bytes(upload.content)
            try:
                with importing_here(self._settings, quiet, Event()) as importer:
                    return _import(importer, path, Order(mapping, upload.by, upload.again), dry_run=upload.dry_run)
            except ImportFileError as error:
                raise ImportFileError(str(error).replace(f"{path}", upload.name)) from error


def _mapping(upload: Upload) -> FileMapping:
    return (
        ready_mapping(upload.mapping) if upload.mapping in READY else read_mapping(upload.mapping, upload.mapping_name)
    )


def _import(importer: Importer, path: Path, order: Order, *, dry_run: bool) -> Outcome:
    return importer.try_file(path, order.mapping) if dry_run else importer.import_file(path, order)


def _answer(told: Outcome, *, dry_run: bool) -> FileImportAnswer:
    by_reason = [
        ImportReason(reason.code, reason.rows, reason.values, list(reason.lines), reason.example)
        for reason in reasons(told.refused)
    ]
    refusals = [
        ImportRefusal(cell.line, cell.item, cell.text, cell.code, cell.reason, cell.subject or None)
        for cell in told.refused[:_MOST]
    ]
    return FileImportAnswer(
        name=told.name,
        digest=told.digest,
        rows=told.rows,
        sequence=told.sequence,
        already=told.already,
        applied=told.applied and not dry_run,
        dry_run=dry_run,
        refused=len(told.refused),
        reasons=by_reason,
        refusals=refusals,
    )
