"""Samples of a laboratory: from the file to the class of the month."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from qingchuan.collector.importing.mapping_files import load_mapping
from qingchuan.store.messages import Message
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


def _samples(folder: Path, **query: str) -> dict[str, Any]:
    """What is answered of a sample of a source of drinking water."""
    bench = Bench(folder)
    bench.received = 1_774_000_000 * SECOND + 30 * 86_400 * SECOND
    bench.take(DAZHA)
    take_file(bench, EXAMPLES / "sources.csv", load_mapping("laboratory"))
    reading = b'{"time": "2026-03-05T09:00:00+08:00", "values": {"chloroform": 0.0011, "water_level": 1.2, "tp": 0.1}}'
    bench.take(Message("mqtt", "c", "qingchuan/dazha/reading", reading))
    assert bench.state.dead_letters(100) == []
    bench.close()
    Bench.opened.remove(bench)
    world = World(folder)
    with serving(world.services) as client:
        found = ask(client, "sections/dazha/samples", start="2026-03-01", end="2026-04-01", **query)
    world.close()
    return found


def test_a_sample_is_answered_with_all_80_items_of_table_3(tmp_path: Path) -> None:
    """What lies below the detection limit says so, and the limit is the value."""
    found = _samples(tmp_path)
    [sample] = found["samples"]
    assert (found["sampled"], sample["time"]) == ("manual", "2026-03-05T09:40:00+08:00")
    assert list(sample["items"]) == list(found["items"])
    assert len(sample["items"]) == 80
    assert sample["items"]["formaldehyde"] == {"value": 0.05, "below": True, "flag": 2, "valid": True}
    assert sample["items"]["boron"] == {"value": 0.023, "below": False, "flag": 2, "valid": True}
    assert found["items"]["benzene_water"]["unit"] == "mg/L"


def test_what_the_station_tells_of_such_items_is_answered_apart(tmp_path: Path) -> None:
    """An analyser of volatile substances at a source is taken as any other."""
    found = _samples(tmp_path, sampled="automatic")
    [sample] = found["samples"]
    assert set(sample["items"]) == {"chloroform", "water_level", "tp"}
    assert sample["items"]["chloroform"]["value"] == 0.0011


def _found(tree: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """All parts of a tree that are called so."""
    own = [tree] if tree["name"]["en"] == name else []
    return own + [found for part in tree["parts"] for found in _found(part, name)]


def test_the_tree_of_a_class_says_where_half_a_detection_limit_counted(tmp_path: Path) -> None:
    """Of volatile phenol 未检出 with a limit of 0.004 and 0.004L, in both languages and with the clause."""
    month, _ = _month(tmp_path, "samples.csv", "laboratory")
    [phenol] = [part for part in month["explanation"]["parts"] if part["name"]["zh"] == "挥发酚"]
    [told] = _found(phenol, "below the detection limit")
    assert told["rule"] == {
        "zh": "2 个样品低于检出限 0.004 mg/L，按检出限的 1/2，即 0.002 mg/L 参与计算",
        "en": "2 samples below the detection limit of 0.004 mg/L: 1/2 of it, 0.002 mg/L, counts",
    }
    assert (told["value"], told["limit"], told["valid"]) == (0.002, 0.004, 2)
    assert told["source"]["document"] == "总站水字〔2020〕90号"
    [codmn] = [part for part in month["explanation"]["parts"] if part["name"]["zh"] == "高锰酸盐指数"]
    assert _found(codmn, "below the detection limit") == []
