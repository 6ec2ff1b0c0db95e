"""The examples of docs/import.md: each file is read by its mapping, and every mapping on the page is one."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from qingchuan.collector.importing.applying import take
from qingchuan.collector.importing.figures import FIGURES
from qingchuan.collector.importing.mapping import parse_mapping
from qingchuan.collector.importing.mapping_files import READY, load_mapping
from qingchuan.processing import catalogue
from qingchuan.processing.item_names import by_heading, by_name
from qingchuan.store.import_messages import Import
from qingchuan.store.subjects import AirStation, Name, Section, Subject
from tests.support.importing import parts_of

DOCS = Path(__file__).parents[3] / "docs"
EXAMPLES = DOCS / "examples" / "import"
PAGE = (DOCS / "import.md").read_text(encoding="utf-8")
LATEST = 2**40
KNOWN: dict[str, Subject] = {
    "example": AirStation(Name("示例站", "Example"), "330200"),
    "dazha": Section(Name("大闸", "Dazha"), "river"),
    "大闸": Section(Name("大闸", "Dazha"), "river"),
}
"""Who is announced; a section also by its name, as nobody looks that up here."""

EXPECTED = {
    "hours": (5, 0, ["pm25 (line 5)"]),
    "days": (3, 0, []),
    "ranks": (0, 6, []),
    "lims": (4, 0, []),
    "samples": (2, 0, []),
    "samples-long": (4, 0, []),
    "sources": (1, 0, []),
}
"""Of each example the rows with values, the published figures, and what is refused."""

SHIPPED = {"samples": "laboratory", "samples-long": "laboratory-long", "sources": "laboratory"}
"""The mapping of those that have none of their own."""


def _part(name: str) -> Import:
    own = EXAMPLES / f"{name}.toml"
    mapping = load_mapping(str(own) if own.exists() else SHIPPED[name])
    (part,) = parts_of(EXAMPLES / f"{name}.csv", mapping)
    return part


def test_every_example_is_tested() -> None:
    """And nothing else lies there."""
    assert {path.stem for path in EXAMPLES.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_an_example_is_read_and_applied_as_expected(name: str) -> None:
    """By its own mapping, or the one that ships."""
    part = _part(name)
    taken = take(part, KNOWN, LATEST)
    refused = [f"{cell.item} (line {cell.line})" for cell in taken.refused]
    assert (len(part.rows), len(taken.figures), refused) == EXPECTED[name]
    assert bool(taken.observations) == (EXPECTED[name][0] > 0)


def test_the_page_shows_mappings_that_are_mappings() -> None:
    """Each block that is marked as one."""
    blocks = re.findall(r"^```toml mapping\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 2
    for block in blocks:
        parse_mapping(tomllib.loads(block))


def test_the_page_names_every_figure_every_mapping_that_ships_and_every_example() -> None:
    """So that nobody has to read code for them."""
    for word in (*FIGURES, *READY, *(path.name for path in EXAMPLES.glob("*.csv"))):
        assert word in PAGE, word


def test_every_item_of_gb_3838_is_known_by_its_name() -> None:
    """The 24 of table 1 and the five of table 2, as they are printed."""
    printed = {
        "水温": "temperature",
        "pH值（无量纲）": "ph",
        "溶解氧": "do",
        "高锰酸盐指数": "codmn",
        "化学需氧量（COD）": "cod",
        "五日生化需氧量（BOD5）": "bod5",
        "氨氮（NH3-N）": "nh3n",
        "总磷（以P计）": "tp",
        "总氮（湖、库，以N计）": "tn",
        "铜": "copper",
        "锌": "zinc",
        "氟化物（以F-计）": "fluoride",
        "硒": "selenium",
        "砷": "arsenic",
        "汞": "mercury",
        "镉": "cadmium",
        "铬（六价）": "chromium6",
        "铅": "lead",
        "氰化物": "cyanide",
        "挥发酚": "volatile_phenol",
        "石油类": "petroleum",
        "阴离子表面活性剂": "las",
        "硫化物": "sulphide",
        "粪大肠菌群（个/L）": "faecal_coliforms",
        "硫酸盐（以SO42-计）": "sulphate",
        "氯化物（以Cl-计）": "chloride",
        "硝酸盐（以N计）": "nitrate",
        "铁": "iron",
        "锰": "manganese",
    }
    found = {name: by_name(re.sub(r"（(?!六价).*?）", "", name)) for name in printed}
    assert {name: item.key if item else None for name, item in found.items()} == printed


@pytest.mark.parametrize("domain", catalogue.DOMAINS)
def test_every_item_is_known_by_its_key(domain: catalogue.Domain) -> None:
    """Names may be shared between domains, keys are not."""
    for item in catalogue.items(domain):
        assert by_name(item.key) == item


def test_every_item_of_table_3_is_read_from_the_file_of_a_laboratory() -> None:
    """All 80, by their printed names: what parks tell of their air is called 苯, too, and is not meant."""
    (entry,) = _part("sources").rows
    assert list(entry.values) == [item.key for item in catalogue.items("water_source")]
    assert len(entry.values) == 80
    told = {item: value if isinstance(value, str) else value.text for item, value in entry.values.items()}
    assert told["benzene_water"] == "0.0002"
    assert (told["formaldehyde"], told["benzo_a_pyrene"], told["boron"]) == ("0.05", "0.0000004", "0.023")


@pytest.mark.parametrize(
    ("name", "usual", "in_water"),
    [
        ("苯", "benzene", "benzene_water"),
        ("Xylenes", "xylene", "xylene_water"),
        ("Co", "co", "cobalt"),
        ("V", "flow_volume", "vanadium"),
        ("w25002", "benzene_water", "benzene_water"),
        ("a25002", "benzene", "benzene"),
        ("苯（水中）", "benzene_water", "benzene_water"),
        ("1，2—二氯乙烷", "dichloroethane_12", "dichloroethane_12"),
        ("莠去津", "atrazine", "atrazine"),
    ],
)
def test_what_air_and_water_call_alike_is_told_apart_by_the_medium(name: str, usual: str, in_water: str) -> None:
    """A code and a full name say it by themselves."""
    found = [by_name(name, medium) for medium in (None, "air", "water")]
    assert [item.key if item else None for item in found] == [usual, usual, in_water]


@pytest.mark.parametrize(
    ("heading", "key", "unit"),
    [
        ("苯并(a)芘(µg/L)", "benzo_a_pyrene", "µg/L"),
        ("苯并[a]芘", "benzo_a_pyrene", None),
        ("邻苯二甲酸二(2-乙基己基)酯(mg/L)", "dehp", "mg/L"),
        ("苯(mg/L)", "benzene_water", "mg/L"),
        ("二甲苯（总量）", "xylene_water", None),
        ("微囊藻毒素-LR(μg/L)", "microcystin_lr", "μg/L"),
    ],
)
def test_a_bracket_that_belongs_to_the_name_is_no_unit(heading: str, key: str, unit: str | None) -> None:
    """As in 苯并(a)芘; the one behind it is."""
    found = by_heading(heading, "water")
    assert found is not None
    assert (found.item.key, found.unit) == (key, unit)
