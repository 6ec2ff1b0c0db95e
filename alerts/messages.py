"""What a notice says: its JSON body, with title and text in Chinese and in English. `docs/webhook.md` describes it."""

from __future__ import annotations

from typing import Any

import msgspec

from qingchuan.alerts.episodes import WITHDRAWN, Episode, Measured, Reason, Transition
from qingchuan.alerts.rules import Rule
from qingchuan.processing import catalogue, standards
from qingchuan.processing.periods import natural_day, to_beijing
from qingchuan.processing.standards import Text, WaterStatus
from qingchuan.processing.water.classes import class_name
from qingchuan.store.subjects import Section

VERSION = 1
"""Version of the body; a new key does not raise it, a changed one does."""

WORDS: dict[Reason, Text] = {
    Reason.OPENED: Text("告警开始", "opened"),
    Reason.ROSE: Text("水质变差", "got worse"),
    Reason.FELL: Text("水质好转，告警持续", "got better, still open"),
    Reason.CLOSED: Text("告警解除", "closed"),
    Reason.STANDS: Text("告警持续", "stands"),
    Reason.HELD: Text("缺测，告警保持", "held open: no valid value"),
    Reason.PASSED: Text("告警已开始并解除", "opened and closed"),
    Reason.MOVED: Text("迟到或修正的数据改变了开始时间", "late or corrected data moved its beginning"),
    Reason.EXTENDED: Text("迟到或修正的数据推迟了解除时间", "late or corrected data moved its end to later"),
    Reason.SHORTENED: Text("迟到或修正的数据提前了解除时间", "late or corrected data moved its end to earlier"),
    Reason.REVISED: Text("迟到或修正的数据改变了类别", "late or corrected data changed its class"),
    Reason.SPLIT: Text("迟到或修正的数据将告警分为两次", "late or corrected data split it off another"),
    Reason.MERGED: Text("迟到或修正的数据将其并入另一次告警", "late or corrected data merged it into another"),
    Reason.RETRACTED: Text("迟到或修正的数据撤销了告警", "late or corrected data took it back"),
}
"""Each reason in words."""


def body(
    transition: Transition, episode: int, rule: Rule, subject: str, section: Section, head: str | None
) -> dict[str, Any]:
    """The body of a notice, ready for JSON; the outbox adds ``notice`` and ``possibly_repeated``.

    Parameters
    ----------
    transition : Transition
    episode : int
        Id of the episode.
    rule : Rule
    subject : str
        Id of the section.
    section : Section
    head : str or None
        Head of the journal.
    """
    now = transition.episode
    names = standards.in_force("hb2011_22", natural_day(now.moment.time))
    return {
        "version": VERSION,
        "title": _both(_title(transition, section, names)),
        "text": _both(_text(transition, section, names)),
        "episode": episode,
        "rule": {"name": rule.name, "title": _both(Text(rule.title.zh, rule.title.en)), "cause": rule.cause},
        "transition": transition.reason.value,
        "reason": _both(WORDS[transition.reason]),
        "state": _state(transition),
        "subject": {"id": subject, **msgspec.to_builtins(section)},
        "time": _iso(now.moment.time),
        "opened": _iso(now.opened),
        "closed": None if now.closed is None else _iso(now.closed),
        "class": _class(now.level, names),
        "worst": _class(now.worst, names),
        "deciding": [_deciding(measured, names) for measured in now.holding],
        "edition": now.moment.edition,
        "clause": now.moment.clause,
        "sequence": now.sequence,
        "head": head,
        "simulated": section.simulated,
    }


def _title(transition: Transition, section: Section, names: WaterStatus) -> Text:
    level, word = _label(transition.episode.level, names), WORDS[transition.reason]
    return Text(
        f"{'【模拟】' if section.simulated else ''}{section.name.zh}：{level.zh}类（{word.zh}）",
        f"{'[simulated] ' if section.simulated else ''}{section.name.en}: class {level.en} ({word.en})",
    )


def _text(transition: Transition, section: Section, names: WaterStatus) -> Text:
    now = transition.episode
    values = [_sentence(measured, names) for measured in now.holding]
    river = f"{section.river.zh}，" if section.river else "", f"{section.river.en}, " if section.river else ""
    span = _span(now)
    return Text(
        f"{section.name.zh}（{river[0]}{span.zh}）：{'；'.join(value.zh for value in values)}。"
        f"依据 {now.moment.edition}。{WORDS[transition.reason].zh}。",
        f"{section.name.en} ({river[1]}{span.en}): {'; '.join(value.en for value in values)}. "
        f"By {now.moment.edition}, {now.moment.clause}. Alert: {WORDS[transition.reason].en}.",
    )


def _span(episode: Episode) -> Text:
    opened = f"{to_beijing(episode.opened):%Y-%m-%d %H:%M}"
    if episode.closed is None:
        return Text(f"{opened} 起", f"since {opened}")
    closed = f"{to_beijing(episode.closed):%Y-%m-%d %H:%M}"
    return Text(f"{opened} 至 {closed}", f"{opened} to {closed}")


def _sentence(measured: Measured, names: WaterStatus) -> Text:
    item, level = catalogue.item(measured.item), _label(measured.level, names)
    value = f"{_number(measured.value)} {item.unit}".rstrip()
    zh, en = f"{item.name_zh} {value}，{level.zh}类", f"{item.name_en} {value}, class {level.en}"
    if measured.limit is None:
        return Text(zh, en)
    below = measured.value < measured.limit
    limit = f"{_number(measured.limit)} {item.unit}".rstrip()
    return Text(
        f"{zh}，{'低于' if below else '超过'}限值 {limit}",
        f"{en}, {'below' if below else 'above'} the limit of {limit}",
    )


def _deciding(measured: Measured, names: WaterStatus) -> dict[str, Any]:
    item = catalogue.item(measured.item)
    return {
        "item": measured.item,
        "name": {"zh": item.name_zh, "en": item.name_en},
        "symbol": item.symbol,
        "value": measured.value,
        "unit": item.unit,
        "class": _class(measured.level, names),
        "limit": measured.limit,
        "time": _iso(measured.time),
    }


def _state(transition: Transition) -> str:
    if transition.reason in WITHDRAWN:
        return "retracted"
    return "open" if transition.episode.closed is None else "closed"


def _class(level: int, names: WaterStatus) -> dict[str, Any]:
    return {"number": level, **_both(_label(level, names))}


def _label(level: int, names: WaterStatus) -> Text:
    return class_name(level, names) or Text("—", "none")


def _both(text: Text) -> dict[str, str]:
    return {"zh": text.zh, "en": text.en}


def _number(value: float) -> str:
    return f"{value:.15g}"


def _iso(seconds: int) -> str:
    return to_beijing(seconds).isoformat()
