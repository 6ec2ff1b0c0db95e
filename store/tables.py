"""The tables of the state database."""

from __future__ import annotations

from sqlalchemy import JSON, Boolean, Column, ForeignKey, Integer, LargeBinary, MetaData, String, Table

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

subject = Table(
    "subject",
    metadata,
    Column("subject", String, primary_key=True),
    Column("sequence", Integer, primary_key=True, doc="message that announced it"),
    Column("announcement", String, nullable=False, doc="JSON as it was sent"),
)

dead_letter = Table(
    "dead_letter",
    metadata,
    Column("sequence", Integer, primary_key=True, doc="message whose payload, in the journal, was refused"),
    Column("item", String, primary_key=True, doc="the refused value; empty when the whole message was refused"),
    Column("received", Integer, nullable=False, doc="µs since 1970-01-01 UTC"),
    Column("topic", String, nullable=False),
    Column("code", String, nullable=False, index=True),
    Column("reason", String, nullable=False, doc="for the person who can mend it"),
    Column("subject", String, nullable=False, index=True, server_default="", doc="whom it is about; empty if unknown"),
    Column("start", Integer, doc="period or instant that it names; s since 1970-01-01 UTC"),
    Column("tried", Integer, doc="newest message that said to apply it again"),
    Column("settled", Integer, doc="message by which it was applied after all"),
)

retained = Table(
    "retained",
    metadata,
    Column("topic", String, primary_key=True),
    Column("digest", LargeBinary, nullable=False, doc="of the payload that is in the journal"),
)

repeated = Table(
    "repeated",
    metadata,
    Column("sequence", Integer, primary_key=True, doc="message that a broker had sent before"),
)

decoding = Table(
    "decoding",
    metadata,
    Column("sequence", Integer, primary_key=True, doc="message from which on the settings hold"),
    Column("settings", String, nullable=False, doc="JSON"),
)

trace = Table(
    "trace",
    metadata,
    Column("subject", String, primary_key=True),
    Column("next", Integer, doc="number that its next message should have"),
    Column("moment", Integer, nullable=False, doc="newest event time, s since 1970-01-01 UTC"),
    Column("began", Integer, nullable=False, doc="event time when it began to count anew, s since 1970-01-01 UTC"),
    Column("received", Integer, nullable=False, doc="receipt of the message of `moment`, µs since 1970-01-01 UTC"),
    Column("source", String, nullable=False, doc="who received it"),
    Column("unread", Integer, nullable=False, doc="messages whose number could not be read"),
    Column("unread_at", Integer, doc="`next` when they came"),
    Column("delays", String, nullable=False, doc="JSON: receipt less event time of the last live messages [s]"),
    sqlite_with_rowid=False,
)

gap = Table(
    "gap",
    metadata,
    Column("sequence", Integer, primary_key=True, doc="message by which it was noticed"),
    Column("subject", String, nullable=False, index=True),
    Column("first", Integer, nullable=False, doc="number"),
    Column("last", Integer, nullable=False, doc="number"),
    Column("since", Integer, nullable=False, doc="event time before it, s since 1970-01-01 UTC"),
    Column("until", Integer, nullable=False, doc="event time after it, s since 1970-01-01 UTC"),
    Column("received", Integer, nullable=False, doc="when it was noticed, µs since 1970-01-01 UTC"),
    Column("missing", String, nullable=False, doc="JSON: first and last of the numbers that are still missing"),
    Column("state", String, nullable=False, index=True, doc="open, late or lost"),
    Column("closed", Integer, doc="message that brought the last of them"),
)

gap_filled = Table(
    "gap_filled",
    metadata,
    Column("gap", Integer, primary_key=True, doc="message by which the gap was noticed"),
    Column("number", Integer, primary_key=True, doc="that came late"),
    Column("sequence", Integer, nullable=False, doc="message that brought it"),
    sqlite_with_rowid=False,
)

window = Table(
    "window",
    metadata,
    Column("sequence", Integer, primary_key=True, doc="message by which it was noticed"),
    Column("kind", String, nullable=False, doc="no-session, service-away or broker-away"),
    Column("source", String, nullable=False, doc="the MQTT client id"),
    Column("begin", Integer, nullable=False, doc="µs since 1970-01-01 UTC"),
    Column("end", Integer, doc="µs since 1970-01-01 UTC"),
    Column("reason", String, nullable=False),
)

connected = Table(
    "connected",
    metadata,
    Column("source", String, primary_key=True, doc="the MQTT client id"),
    Column("sequence", Integer, nullable=False, doc="its first connection"),
    sqlite_with_rowid=False,
)

codec_memory = Table(
    "codec_memory",
    metadata,
    Column("codec", String, primary_key=True),
    Column("name", String, primary_key=True, doc="whom it is about, such as a node of Sparkplug"),
    Column("content", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

fault = Table(
    "fault",
    metadata,
    Column("subject", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("item", String, primary_key=True),
    Column("test", String, primary_key=True, doc="the quality test that found it, such as flat_line"),
    Column("opened", Integer, primary_key=True, doc="event time of the first such value, s since 1970-01-01 UTC"),
    Column("through", Integer, nullable=False, doc="event time of the last such value, s since 1970-01-01 UTC"),
    Column("closed", Integer, doc="event time of the first value without it, s since 1970-01-01 UTC"),
    Column("sequence", Integer, nullable=False, index=True, doc="newest message behind it"),
)

station_check = Table(
    "station_check",
    metadata,
    Column("sequence", Integer, primary_key=True, doc="message that told of it"),
    Column("subject", String, primary_key=True, index=True),
    Column("item", String, primary_key=True),
    Column("kind", String, primary_key=True, doc="zero, span, standard, recovery or parallel"),
    Column("time", Integer, primary_key=True, doc="event time, s since 1970-01-01 UTC"),
    Column("told", String, nullable=False, doc="JSON: the numbers as they were sent"),
    Column("passed", Boolean, doc="NULL where nothing says what would pass"),
    Column("flagged", Integer, doc="values later than this were flagged, s since 1970-01-01 UTC"),
)

published = Table(
    "published",
    metadata,
    Column("subject", String, primary_key=True),
    Column("figure", String, primary_key=True, doc="such as rank_composite"),
    Column("period", String, primary_key=True, doc="ISO 8601 month, or first and last month with a slash between"),
    Column("sequence", Integer, primary_key=True, doc="message that brought it"),
    Column("value", String, nullable=False, doc="as it was published"),
    Column("source", String, nullable=False),
)

audit_action = Table(
    "audit_action",
    metadata,
    Column("sequence", Integer, primary_key=True, doc="message that said it"),
    Column("number", Integer, primary_key=True, doc="place in the message, from 0"),
    Column("action", String, nullable=False, doc="mark_invalid, correct, restore, dust, confirm or object"),
    Column("subject", String, nullable=False, index=True),
    Column("period", String, nullable=False),
    Column("start", Integer, nullable=False, doc="s since 1970-01-01 UTC"),
    Column("end", Integer, nullable=False, doc="not included; s since 1970-01-01 UTC"),
    Column("items", String, nullable=False, doc="JSON: list of items"),
    Column("value", String, nullable=False, doc="the right number, digit for digit; empty where none is told"),
    Column("step", String, nullable=False),
    Column("person", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("stated", Integer, nullable=False, doc="when it was done, as the person says; s since 1970-01-01 UTC"),
    Column("received", Integer, nullable=False, doc="µs since 1970-01-01 UTC"),
    Column("refused", String, nullable=False, doc="why it was not taken; empty where it was"),
)

audit_value = Table(
    "audit_value",
    metadata,
    Column("subject", String, primary_key=True),
    Column("period", String, primary_key=True),
    Column("start", Integer, primary_key=True, doc="s since 1970-01-01 UTC"),
    Column("item", String, primary_key=True),
    Column("sequence", Integer, primary_key=True, index=True, doc="message of the action"),
    Column("number", Integer, primary_key=True, doc="place of the action in the message, from 0"),
    Column("before", String, nullable=False, doc="JSON: number, flag and what set it; null where there was no value"),
    Column("after", String, nullable=False, doc="JSON: the same, of what is computed with from then on"),
    sqlite_with_rowid=False,
)

publication = Table(
    "publication",
    metadata,
    Column("month", String, primary_key=True, doc="such as 2018-08"),
    Column("version", Integer, primary_key=True, doc="from 1"),
    Column("sequence", Integer, nullable=False, index=True, doc="message that has it, byte for byte"),
    Column("data_sequence", Integer, nullable=False, doc="message up to which its data reach"),
    Column("sha256", String, nullable=False, doc="of the bytes"),
    Column("program", String, nullable=False, doc="version of the program that computed it"),
    Column("person", String, nullable=False),
    Column("reason", String, nullable=False, doc="why it was unlocked; empty for the first version"),
    Column("stated", Integer, nullable=False, doc="s since 1970-01-01 UTC"),
    Column("received", Integer, nullable=False, doc="µs since 1970-01-01 UTC"),
)

publication_subject = Table(
    "publication_subject",
    metadata,
    Column("sequence", Integer, primary_key=True, doc="message that has the publication"),
    Column("subject", String, primary_key=True, doc="whose figures it holds"),
    sqlite_with_rowid=False,
)

import_file = Table(
    "import_file",
    metadata,
    Column("digest", String, primary_key=True, doc="of the file and its mapping"),
    Column("name", String, nullable=False),
    Column("origin", String, nullable=False),
    Column("rows", Integer, nullable=False, doc="of the file that are in the journal"),
    Column("refused", Integer, nullable=False, doc="values and rows that were refused"),
    Column("sequence", Integer, nullable=False, doc="newest message that carries some of them"),
    Column("begun", Integer, nullable=False, doc="µs since 1970-01-01 UTC"),
    Column("finished", Integer, doc="µs since 1970-01-01 UTC"),
)

cursor = Table(
    "cursor",
    metadata,
    Column("name", String, primary_key=True),
    Column("sequence", Integer, nullable=False, doc="everything up to this message is done"),
)

episode = Table(
    "episode",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("rule", String, nullable=False),
    Column("subject", String, nullable=False, index=True),
    Column("state", String, nullable=False, index=True, doc="open, closed or retracted"),
    Column("history", Boolean, nullable=False, doc="nobody was told: whatever happened in it was not recent"),
    Column("opened", Integer, nullable=False, index=True, doc="event time, s since 1970-01-01 UTC"),
    Column("closed", Integer, doc="event time, s since 1970-01-01 UTC"),
    Column("through", Integer, nullable=False, doc="last reading looked at, event time, s since 1970-01-01 UTC"),
    Column("level", Integer, nullable=False, doc="level now, or before it closed"),
    Column("worst", Integer, nullable=False),
    Column("sequence", Integer, nullable=False, doc="newest message behind it"),
    Column("holding", JSON, nullable=False, doc="the values that hold it open, or held it last"),
    Column("evidence", JSON, nullable=False, doc="what was known when it opened, last changed its level, or closed"),
)

notice = Table(
    "notice",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("episode", ForeignKey("episode.id"), index=True, doc="NULL where it carries a report"),
    Column("target", String, nullable=False, doc="name of the notifier it goes to"),
    Column("reason", String, nullable=False, doc="what happened to the episode"),
    Column("state", String, nullable=False, index=True, doc="waiting, sending, sent or failed"),
    Column("body", JSON, nullable=False),
    Column("created", Integer, nullable=False, doc="µs since 1970-01-01 UTC"),
    Column("due", Integer, nullable=False, doc="next attempt, or when one under way counts as lost; µs since 1970"),
    Column("attempts", Integer, nullable=False),
    Column("possibly_repeated", Boolean, nullable=False),
    Column("error", String, nullable=False, doc="what the last attempt ran into"),
)

job = Table(
    "job",
    metadata,
    Column("name", String, primary_key=True),
    Column("through", Integer, nullable=False, doc="end of the last period that is done, s since 1970-01-01 UTC"),
)

job_run = Table(
    "job_run",
    metadata,
    Column("job", String, primary_key=True),
    Column("start", Integer, primary_key=True, doc="of the period, s since 1970-01-01 UTC"),
    Column("attempts", Integer, nullable=False),
    Column("finished", Integer, doc="µs since 1970-01-01 UTC; NULL while it fails"),
    Column("note", String, nullable=False, doc="what it came to, or what the last attempt ran into"),
)

report = Table(
    "report",
    metadata,
    Column("kind", String, primary_key=True, doc="day or month"),
    Column("start", Integer, primary_key=True, doc="of the period, s since 1970-01-01 UTC"),
    Column("created", Integer, nullable=False, doc="µs since 1970-01-01 UTC"),
    Column("body", JSON, nullable=False),
)
