"""Samples of a laboratory: from the file to the class of the month."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qingchuan.collector.importing.mapping import load_mapping
from tests.api.serving import serving
from tests.api.water import ask
from tests.api.world import World
from tests.support.applying import Bench
from tests.support.importing import DAZHA, take_file

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples" / "import"
SECOND = 1_000_000


def _month(folder: Path, name: str, mapping: str) -> tuple[dict[str, Any], list[str | None]]:
    """March of section dazha after a file was imported, and what of it was refused."""
    bench = Bench(folder)
    bench.received = 1_774_000_000 * SECOND + 30 * 86_400 * SECOND
    bench.take(DAZHA)
    take_file(bench, EXAMPLES / name, load_mapping(mapping))
    refused = [letter.item for letter in bench.state.dead_letters(100)]
    bench.close()
    Bench.opened.remove(bench)
    world = World(folder)
    with serving(world.services) as client:
        found = ask(client, "sections/dazha/periods", start="2026-03-01", end="2026-04-01", by="month", explain=True)
    world.close()
    month: dict[str, Any] = found["periods"][0]
    return month, refused


def test_a_sample_of_all_items_is_judged_by_its_month(tmp_path: Path) -> None:
    """All 24 of table 1 but total nitrogen, and the five of table 2; nothing of the file is refused."""
    month, refused = _month(tmp_path, "samples.csv", "laboratory")
    assert refused == []
    assert (month["class"]["name"], month["deciding"]) == ("Ⅱ", ["codmn", "tp"])
    assert month["items"]["codmn"]["value"] == 2.2
    assert {item["sources"][0] for item in month["items"].values()} == {"manual"}
    judged = {key for key, item in month["items"].items() if item["judges"]}
    assert len(judged) == 21


@pytest.mark.parametrize(
    ("item", "value", "number"), [("volatile_phenol", 0.002, 1), ("mercury", 0.00002, 1), ("cyanide", 0.002, 1)]
)
def test_half_the_detection_limit_counts_where_less_was_found(
    tmp_path: Path, item: str, value: float, number: int
) -> None:
    """0.004L of volatile phenol comes to 0.002, class Ⅰ; the limit itself would be class Ⅲ."""
    month, _ = _month(tmp_path, "samples.csv", "laboratory")
    assert (month["items"][item]["value"], month["items"][item]["class"]) == (value, number)


def test_a_file_with_a_row_a_value_comes_to_the_same(tmp_path: Path) -> None:
    """With units, limits and methods of their own."""
    month, refused = _month(tmp_path, "samples-long.csv", "laboratory-long")
    assert refused == []
    found = {key: item["value"] for key, item in month["items"].items()}
    assert found == {"codmn": 2.1, "tp": 0.05, "volatile_phenol": 0.002, "mercury": 0.00002}
