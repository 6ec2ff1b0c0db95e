"""Every explanation, as the example of its function builds it: words stand in both languages, sentences too."""

from __future__ import annotations

import re
from collections.abc import Callable
from doctest import NORMALIZE_WHITESPACE, DocTestFinder, DocTestRunner
from functools import wraps
from importlib import import_module
from pathlib import Path

import pytest

from qingchuan.processing.explanation import Explanation
from qingchuan.processing.standards import Text
from tests.support.explained import branches

ROOT = Path(__file__).parents[2]
CHINESE = re.compile("[\u3000-\u303f\u3400-\u9fff\uff00-\uffef]")
"""Characters of the language, and its full-width punctuation."""
DEFINED = re.compile(r"^def (explain_\w+)\(", re.MULTILINE)


def _explaining() -> list[str]:
    """Modules and names of all functions that explain a figure."""
    found = []
    for path in sorted((ROOT / "processing").rglob("*.py")):
        module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
        found += [f"{module}:{name}" for name in DEFINED.findall(path.read_text(encoding="utf-8"))]
    return found


def _of_its_example(module: str, name: str) -> list[Explanation]:
    """What a function returns in the example of its docstring."""
    found = import_module(f"qingchuan.{module}")
    function: Callable[..., Explanation | tuple[Explanation, ...]] = getattr(found, name)
    kept: list[Explanation] = []

    @wraps(function)
    def keeping(*given: object, **named: object) -> Explanation | tuple[Explanation, ...]:
        told = function(*given, **named)
        kept.extend([told] if isinstance(told, Explanation) else told)
        return told

    [example] = DocTestFinder(recurse=False).find(function, name, found, {**vars(found), name: keeping})
    assert DocTestRunner(optionflags=NORMALIZE_WHITESPACE).run(example).failed == 0
    return kept


@pytest.mark.parametrize("function", _explaining())
def test_an_explanation_speaks_both_languages(function: str) -> None:
    """A word is a Text; no text that stands for both languages, and no English word, is Chinese."""
    trees = _of_its_example(*function.split(":"))
    assert trees, f"{function} has no example that calls it"
    for part in (part for tree in trees for part in branches(tree)):
        value = part.value.en if isinstance(part.value, Text) else part.value
        assert not isinstance(value, str) or not CHINESE.search(value), f"{part.name.en} is told as {part.value}"
        assert bool(part.rule.zh) == bool(part.rule.en), f"{part.name.en} has a sentence in one language only"
        assert part.name.zh
        assert part.name.en


def test_the_walk_finds_what_explains_air_water_trend_and_quality() -> None:
    """One of each folder, so that the walk above is not of nothing."""
    folders = {function.split(".")[1] for function in _explaining()}
    assert {"air", "water", "trend", "quality"} <= folders
