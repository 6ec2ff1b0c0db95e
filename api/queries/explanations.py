"""Explanations of figures as answers tell them."""

from __future__ import annotations

from qingchuan.api.schemas.explanation import Explanation, Source
from qingchuan.processing import explanation as computed
from qingchuan.processing.standards import Text
from qingchuan.store.subjects import Name


def text(name: Name) -> Text:
    """A name as explanations tell it.

    Examples
    --------
    >>> text(Name("姚江", "Yao River")).en
    'Yao River'
    """
    return Text(name.zh, name.en)


def explanation_answer(told: computed.Explanation) -> Explanation:
    """The tree of an explanation.

    Examples
    --------
    >>> from fractions import Fraction
    >>> plain = computed.Explanation(name=Text("和", "sum"), value=28.9, rule=Text("", ""), exact=Fraction(347, 12))
    >>> explanation_answer(plain).exact
    '347/12'
    """
    return Explanation(
        name=Name(told.name.zh, told.name.en),
        value=told.value,
        unit=told.unit,
        rule=told.rule,
        source=None if told.source is None else Source(told.source.document, told.source.clause, told.source.page),
        exact=None if told.exact is None else str(told.exact),
        decimals=told.decimals,
        valid=told.valid,
        expected=told.expected,
        limit=told.limit,
        parts=[explanation_answer(part) for part in told.parts],
    )
