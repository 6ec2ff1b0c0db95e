"""Every figure by the letter of a standard has an explanation, or a reason why it has none.

A figure is what a public function returns whose docstring refers to a clause or a paper. It is explained by
``explain_<its name>`` in the same folder, or by a function ``explain_…`` that calls it; the rest is listed here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("air", "water", "trend", "quality")

TOLD_BY = {
    "air.area_mean": "explain_area_mean_of",
    "air.at_state": "explain_converted",
    "air.category_of": "explain_evaluate",
    "air.daily_air": "explain_evaluate",
    "air.largest_total": "explain_mean_budget",
    "air.mean_averaging": "explain_period_attainment",
    "air.mean_chance": "explain_chance",
    "air.percentile_exact": "explain_percentile",
    "air.rank_by_change": "explain_rank",
    "air.rate_chance": "explain_chance",
    "air.report_cells": "explain_published_by_plan",
    "air.smallest_total": "explain_rate_budget",
    "air.station_contribution": "explain_contribution",
    "quality.constant": "explain_flag",
    "quality.flat_line": "explain_flag",
    "quality.gap": "explain_flag",
    "quality.gross_range": "explain_flag",
    "quality.neighbour_outlier": "explain_flag",
    "quality.outlier_large": "explain_flag",
    "quality.part_above_whole": "explain_flag",
    "quality.rate_of_change": "explain_flag",
    "quality.spike_average": "explain_flag",
    "quality.spike_differential": "explain_flag",
    "quality.surroundings": "explain_flag",
    "quality.zero": "explain_flag",
    "water.exceedance_rates": "explain_judged_river",
    "water.left_out": "explain_change_rank",
    "water.main_pollutants": "explain_section_class",
    "water.multiples": "explain_multiple",
    "water.reference_classes": "explain_item",
    "water.river_status": "explain_judged_river",
    "water.saturated": "explain_saturation",
}
"""Functions whose figure the tree of another explanation shows: by which one."""

NO_FIGURE = {
    "air.advice": "words of a table",
    "air.check_official": "refuses, and returns nothing",
    "air.evaluated_stations": "which stations count for an area; explain_area_mean_of names them",
    "air.may_be_left_out": "helper of published_by_plan, for the plan that it is given",
    "air.meets_standard": "helper of rank_by_change: who is exempt",
    "air.on": "list of the key cities of a day",
    "air.without_dust": "the same hours with some left out; explain_assessed_good_air_rate tells what that changes",
    "quality.bad_since": "a moment; the events of checks tell it",
    "quality.missing_steps": "times, for the ledger of what is missing",
    "quality.time_gap": "flags of moments, not of values",
    "water.rounded": "helper of every mean",
    "water.weekly_sentence": "words of a bulletin",
    "water.whole_half_even": "helper of every ratio",
}
"""Functions that give no figure: what they give instead."""


def _functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Public functions of the figures, each with its folder."""
    for folder in FOLDERS:
        for path in sorted((ROOT / "processing" / folder).glob("*.py")):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                    yield folder, node


def _called(function: ast.FunctionDef) -> set[str]:
    calls = (node.func for node in ast.walk(function) if isinstance(node, ast.Call))
    return {call.id for call in calls if isinstance(call, ast.Name)}


EXPLAINING = {f"{folder}.{node.name}" for folder, node in _functions() if node.name.startswith("explain_")}
EXPLAINED = {name.replace(".explain_", ".") for name in EXPLAINING} | {
    f"{folder}.{called}"
    for folder, node in _functions()
    if node.name.startswith("explain_")
    for called in _called(node)
}
FIGURES = {
    f"{folder}.{node.name}"
    for folder, node in _functions()
    if not node.name.startswith("explain_") and "References\n---" in (ast.get_docstring(node) or "")
}


@pytest.mark.parametrize("figure", sorted(FIGURES))
def test_a_figure_is_explained(figure: str) -> None:
    """Write `explain_…` beside it, or say above why it needs none."""
    assert figure in EXPLAINED | TOLD_BY.keys() | NO_FIGURE.keys()


@pytest.mark.parametrize(("figure", "explanation"), sorted(TOLD_BY.items()))
def test_what_tells_another_figure_is_there(figure: str, explanation: str) -> None:
    """In the same folder."""
    assert f"{figure.partition('.')[0]}.{explanation}" in EXPLAINING


def test_the_lists_name_nothing_that_is_gone_or_explained() -> None:
    """Each once, and only what would be missing without it."""
    assert not TOLD_BY.keys() & NO_FIGURE.keys()
    assert TOLD_BY.keys() | NO_FIGURE.keys() == FIGURES - EXPLAINED
