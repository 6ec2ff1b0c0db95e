"""Applies what was published: the version is noted with its hash; its bytes stay in the journal.

A document is taken as it is: who applies it does not compute it again. What is looked at is that it follows the version
before, whoever else published meanwhile.
"""

from __future__ import annotations

from functools import partial

import msgspec
import structlog

from qingchuan.processing.periods import parse_instant
from qingchuan.store import publications
from qingchuan.store.messages import Message
from qingchuan.store.publications import Document, Publication, Replaced, is_month
from qingchuan.store.state import State


class Publishing:
    """Applies messages of kind ``publication``.

    Parameters
    ----------
    state : State
        It knows all of the messages before the one that is applied.
    """

    def __init__(self, state: State) -> None:
        self._state = state
        self._log = structlog.get_logger("collector")

    def apply(self, sequence: int, received: int, message: Message) -> None:
        """Note the version that `message` publishes, if it follows the one before."""
        try:
            document = publications.decode(message.payload)
            stated = parse_instant(document.stated)
        except (ValueError, msgspec.MsgspecError) as error:
            self._log.error("publication not understood", sequence=sequence, error=str(error))
            return
        reason = self._why_not(sequence, document)
        if reason:
            self._log.error("publication not taken", sequence=sequence, month=document.month, reason=reason)
            return
        publication = Publication(
            month=document.month,
            version=document.version,
            sequence=sequence,
            data_sequence=document.sequence,
            sha256=publications.sha256(message.payload),
            program=document.program,
            person=document.by,
            reason=document.reason,
            stated=stated,
            received=received,
        )
        held = publications.held_by(document, self._state.subjects(as_of=document.sequence))
        self._state.record([], [], within=[partial(publications.write, publication=publication, held=held)])
        self._log.info("published", sequence=sequence, month=document.month, version=document.version)

    def _why_not(self, sequence: int, document: Document) -> str:
        """Why a document is not taken; empty where it is."""
        if not is_month(document.month) or not 0 < document.sequence < sequence:
            return f"month is {document.month!r}, its data reach to message {document.sequence}"
        before = publications.newest(self._state.engine, document.month, before=sequence)
        wanted = None if before is None else Replaced(before.version, before.sequence, before.sha256)
        version = 1 if before is None else before.version + 1
        if document.version != version or document.replaces != wanted:
            return f"it is version {document.version}; version {version} would be the next"
        if before is not None and not document.reason.strip():
            return "it gives no reason for another version"
        return ""
