"""Judging observations by themselves: what is out of sight, what must not revise, and what is compared with nothing."""

from __future__ import annotations

import numpy as np

from qingchuan.collector.quality.grades import NOT_TOLD, PASSED, graded, marked
from qingchuan.collector.quality.history import History
from qingchuan.collector.quality.merging import Told, news_of, texts_of, told_of
from qingchuan.collector.quality.rules import Rules
from qingchuan.store.observations import Observation, Write
from qingchuan.store.rows import Texts, fill


def out_of_sight(rules: Rules, write: Write, stored: Texts | None) -> Texts:
    """The texts of an observation that is not compared with others, with what is new in it judged by itself."""
    news = news_of(write.observation, stored)
    if stored is not None and not news:
        return stored
    if stored is not None and not write.revises:
        return fill(stored, out_of_sight(rules, write, None))
    return texts_of((told_of(stored) if stored else {}) | judged_by_itself(rules, news))


def filled_in(history: History, write: Write, place: int, row: int, stored: Texts | None) -> Texts:
    """The texts of an observation in sight that must not revise: it fills in what is not there yet, in the history too.

    Parameters
    ----------
    history : History
    write : Write
    place, row : int
        Where it stands, or would stand if it is not stored.
    stored : Texts or None
    """
    judged = out_of_sight(history.rules, write, None)
    texts = judged if stored is None else fill(stored, judged)
    if stored is None:
        history.insert(place, row, write.observation.start)
    items = told_of(texts)
    for column, item in enumerate(history.rules.items):
        if item in items and history.grades[place, row, column] == NOT_TOLD:
            text, mark = items[item]
            history.values[place, row, column], history.grades[place, row, column] = float(text), graded(mark)
    return texts


def judged_by_itself(rules: Rules, told: Told) -> Told:
    """What an observation tells, judged by itself only."""
    values = np.array([[float(told[item][0]) if item in told else np.nan for item in rules.items]])
    grades = dict(zip(rules.items, rules.by_itself(values)[0].tolist(), strict=True))
    return {
        item: (text, marked(max(grades.get(item, PASSED), graded(mark)), mark)) for item, (text, mark) in told.items()
    }


def by_itself_texts(rules: Rules, told: Observation) -> Texts:
    """The texts of an observation that is judged by itself only."""
    return texts_of(judged_by_itself(rules, told_of(Texts(told.values, told.flags))))


def passed(write: Write) -> Write:
    """A write with the flags that came in, where they object, and otherwise none that does."""
    told = write.observation
    items = told_of(Texts(told.values, told.flags))
    good = {item: (text, marked(max(PASSED, graded(mark)), mark)) for item, (text, mark) in items.items()}
    observation = Observation(told.subject, told.period, told.start, told.origin, *texts_of(good))
    return Write(write.sequence, observation, write.revises, write.message)
