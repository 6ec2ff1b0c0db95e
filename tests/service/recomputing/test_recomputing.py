"""Computing anew: the same bytes whatever the pieces, begun again where it ended, and never into a wrong folder."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path
from unittest.mock import patch

import msgspec
import numpy as np
import pytest

from qingchuan.api.services import Services
from qingchuan.processing.calendar_periods import span
from qingchuan.service.lock import Hold
from qingchuan.service.recomputing import plan
from qingchuan.service.recomputing.comparing import differences
from qingchuan.service.recomputing.computing import AnotherProgramError, compute
from qingchuan.service.recomputing.folder import MANIFEST, Folder, FolderError
from qingchuan.service.recomputing.inputs import read_inputs
from qingchuan.service.recomputing.plan import blocks_of, make_plan, thresholds_text
from qingchuan.service.recomputing.tables import TABLES
from qingchuan.store.cube.cube import Cube
from qingchuan.store.cube.keeper import Keeper
from qingchuan.store.cube.observations import CubedObservations
from tests.support.killed import alone
from tests.support.month import Stores
from tests.support.recomputed import PERIOD, CutError, contents, ending_after, recomputed
from tests.support.recomputed_killed import killed_and_begun_again


@pytest.fixture(scope="module")
def whole(country: Services, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Results as they should be."""
    out = tmp_path_factory.mktemp("whole")
    recomputed(country, out)
    return out


def test_the_pieces_make_no_difference(country: Services, whole: Path, tmp_path: Path) -> None:
    """Months instead of quarters, a city at a time, give the same bytes: the tests look far enough beyond a piece."""
    with patch.object(plan, "_MONTHS", 1), patch.object(plan, "_LARGE", 1):
        found = recomputed(country, tmp_path / "small")
    assert found.blocks == 2 * 168
    assert contents(tmp_path / "small") == contents(whole)


def test_a_part_of_the_time_has_the_same_hours_and_days(country: Services, whole: Path, tmp_path: Path) -> None:
    """What lies before the first day is looked at all the same."""
    recomputed(country, tmp_path, period=span(date(2026, 2, 20), date(2026, 3, 5)))
    for table in TABLES:
        part, all_of_it = (np.load(folder / f"{table.name}.npy") for folder in (tmp_path, whole))
        first, length = (19 * 24, 13 * 24) if "hours" in table.axes else (19, 13)
        at = next(place for place, axis in enumerate(table.axes) if axis in ("hours", "days"))
        assert np.array_equal(part, all_of_it.take(range(first, first + length), axis=at)), table.name


def test_the_cube_gives_the_same_bytes_as_the_store(
    filled: Stores, country: Services, whole: Path, tmp_path: Path
) -> None:
    """It is only faster: the store is asked for what auditors told, and for nothing else."""
    keeper = Keeper(tmp_path / "cube", filled.observations)
    while keeper.step():
        pass
    cubed = dataclasses.replace(country, observations=CubedObservations(filled.observations, Cube(tmp_path / "cube")))
    with patch.object(filled.observations, "read", wraps=filled.observations.read) as read:
        recomputed(cubed, tmp_path / "out")
    assert {call.args[-1] for call in read.call_args_list if call.args[0]} == {("audited",)}
    assert contents(tmp_path / "out") == contents(whole)


def test_what_is_done_is_not_done_again(country: Services, whole: Path, tmp_path: Path) -> None:
    """Interrupted after two blocks of three, it does the third; given once more, it does nothing."""
    with pytest.raises(CutError):
        recomputed(country, tmp_path, ending_after(2))
    assert not (tmp_path / MANIFEST).exists()
    assert recomputed(country, tmp_path).computed == 1
    assert contents(tmp_path) == contents(whole)
    assert recomputed(country, tmp_path).computed == 0


def test_a_damaged_block_or_file_is_made_again(country: Services, whole: Path, tmp_path: Path) -> None:
    """A block by its digest, a file by the manifest."""
    with pytest.raises(CutError):
        recomputed(country, tmp_path, ending_after(2))
    block = min((tmp_path / "blocks").iterdir())
    block.write_bytes(block.read_bytes()[:-1] + b"x")
    assert recomputed(country, tmp_path).computed == 2
    (tmp_path / "ranks_of_months.csv").write_bytes(b"")
    assert recomputed(country, tmp_path).computed == 3
    assert contents(tmp_path) == contents(whole)


def test_killed_at_any_step_it_goes_on_and_ends_with_the_same_bytes(
    filled: Stores, whole: Path, tmp_path: Path
) -> None:
    """Before each write to the disk; each time what is there goes on, or is complete."""
    kills, found = alone(killed_and_begun_again, filled.folder, tmp_path / "out")
    assert kills > 15
    assert found == contents(whole)


def test_later_messages_do_not_change_what_was_begun(country: Services, tmp_path: Path) -> None:
    """It goes on with the data as they were, and says up to which message."""
    folder = Folder(tmp_path)
    begun = msgspec.structs.replace(make_plan(country, PERIOD, thresholds_text("")), sequence=17_000)
    folder.begin(begun)
    found = recomputed(country, tmp_path)
    assert found.manifest.plan.sequence == 17_000
    recomputed(country, tmp_path / "now")
    told = differences(tmp_path / "now", tmp_path)
    assert {difference.name for difference in told} >= {"days_of_cities.csv", "station_hour_flags.npy"}


def test_another_question_is_refused_in_the_folder_of_this_one(country: Services, tmp_path: Path) -> None:
    """Other thresholds, or another period: the folder says what it was begun with."""
    recomputed(country, tmp_path / "out")
    with pytest.raises(FolderError, match="was begun with thresholds"):
        recomputed(country, tmp_path / "out", thresholds=thresholds_text("") + "\n")
    with pytest.raises(FolderError, match=r"start 2026-02-01.* and now it is start 2026-02-02"):
        recomputed(country, tmp_path / "out", period=span(date(2026, 2, 2), PERIOD.end))


def test_a_folder_with_other_files_is_refused(country: Services, tmp_path: Path) -> None:
    """Nothing of somebody else's is written over."""
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(FolderError, match="has other files"):
        recomputed(country, tmp_path)


def test_two_at_once_in_a_folder_are_refused(country: Services, tmp_path: Path) -> None:
    """The second is told so."""
    hold = Hold(tmp_path / ".lock")
    assert hold.take()
    with pytest.raises(FolderError, match="another recomputation works in"):
        recomputed(country, tmp_path)
    hold.release()


def test_what_differs_from_results_before_is_told(country: Services, whole: Path, tmp_path: Path) -> None:
    """Without flat lines more hours count: rows that differ are counted, and some are shown with their cells."""
    lines = thresholds_text("").splitlines(keepends=True)
    recomputed(country, tmp_path, thresholds="".join(line for line in lines if not line.startswith("flat_line")))
    told = {difference.name: difference for difference in differences(tmp_path, whole)}
    assert told["station_hour_tests.npy"].changed > 10
    assert (told["station_hour_tests.npy"].missing, told["station_hour_tests.npy"].examples) == (0, ())
    assert "city_days.npy" not in told  # what is stored as bad stays bad
    assert differences(whole, whole) == []


def test_a_row_that_differs_names_its_cells_before_and_after(country: Services, whole: Path, tmp_path: Path) -> None:
    """Stricter thresholds take hours out of days, and days out of months."""
    strict = thresholds_text("").replace("suspect_hours = 12, fail_hours = 24", "suspect_hours = 1, fail_hours = 2")
    recomputed(country, tmp_path, thresholds=strict)
    told = {difference.name: difference for difference in differences(tmp_path, whole)}
    days = told["days_of_cities.csv"]
    assert days.changed > 5
    assert days.examples[0].startswith("2026-02-")
    assert " → " in days.examples[0]
    assert "ranks_of_months.csv" in told


def test_folders_that_are_not_complete_are_not_compared(whole: Path, tmp_path: Path) -> None:
    """What would do is told."""
    with pytest.raises(FolderError, match="no complete results; a folder that"):
        differences(whole, tmp_path)


def test_a_worker_of_another_version_refuses(country: Services) -> None:
    """Bytes of two programs are never mixed."""
    wanted = make_plan(country, PERIOD, thresholds_text(""))
    block = next(blocks_of(wanted))
    inputs = read_inputs(country, wanted, block, thresholds_text(""))
    for changed in (
        dataclasses.replace(inputs, program="0.0.1"),
        dataclasses.replace(inputs, editions={**inputs.editions, "hj633": ("hj633_2012",)}),
    ):
        with pytest.raises(AnotherProgramError, match="install the same version there"):
            compute(changed)
