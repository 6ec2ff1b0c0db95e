"""The same work on a Dask cluster: two worker processes on loopback give the bytes that this process gives."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from distributed import Client, LocalCluster

from qingchuan.api.services import Services
from qingchuan.service.recomputing import plan
from qingchuan.service.recomputing.cluster import ClusterError, on_cluster
from qingchuan.service.recomputing.folder import Folder
from qingchuan.service.recomputing.plan import Block
from qingchuan.service.recomputing.recomputing import Work
from tests.support.recomputed import CutError, contents, ending_after, recomputed


def local_cluster(workers: int) -> Any:  # noqa: ANN401 - Dask has no types
    """A scheduler, and workers that are processes of their own; none of them is to be reached from elsewhere."""
    return LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address="127.0.0.1:0"
    )


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Two workers."""
    with local_cluster(2) as made:
        yield made


def test_a_cluster_gives_the_same_bytes(cluster: Any, country: Services, tmp_path: Path) -> None:  # noqa: ANN401 - Dask has no types
    """All files, whichever worker was first."""
    with patch.object(plan, "_MONTHS", 1), patch.object(plan, "_LARGE", 20):
        with on_cluster(cluster.scheduler_address) as computer:
            found = recomputed(country, tmp_path / "there", computer)
        recomputed(country, tmp_path / "here")
    assert found.computed == found.blocks > 10
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_what_a_cluster_began_goes_on_here(cluster: Any, country: Services, tmp_path: Path) -> None:  # noqa: ANN401 - Dask has no types
    """A block is a block, whoever computed it; those that are there are not done again."""
    with on_cluster(cluster.scheduler_address) as computer, pytest.raises(CutError):
        recomputed(country, tmp_path / "there", ending_after(1, computer))
    assert recomputed(country, tmp_path / "there").computed == 2
    recomputed(country, tmp_path / "here")
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_what_a_lost_worker_was_doing_is_done_by_another(country: Services, tmp_path: Path) -> None:
    """It is killed in the middle; the bytes are the same."""
    with patch.object(plan, "_MONTHS", 1), patch.object(plan, "_LARGE", 5), local_cluster(2) as cluster:
        with Client(cluster, set_as_default=False) as client:
            victim = min(client.run(os.getpid).values())
        with on_cluster(cluster.scheduler_address) as computer:

            def killing(work: Iterable[Work]) -> Iterator[tuple[Block, bytes]]:
                for number, done in enumerate(computer(work)):
                    if number == 1:
                        os.kill(victim, signal.SIGKILL)
                    yield done

            found = recomputed(country, tmp_path / "there", killing)
        recomputed(country, tmp_path / "here")
    assert found.computed > 40
    assert contents(tmp_path / "there") == contents(tmp_path / "here")


def test_a_worker_of_another_version_ends_it(cluster: Any, country: Services, tmp_path: Path) -> None:  # noqa: ANN401 - Dask has no types
    """Its words are passed on."""
    newer = patch("qingchuan.service.recomputing.plan.qingchuan.__version__", "99.0")
    with (
        on_cluster(cluster.scheduler_address) as computer,
        newer,
        pytest.raises(ClusterError, match=r"of 99\.0 .*install the same version there"),
    ):
        recomputed(country, tmp_path, computer)
    assert Folder(tmp_path).manifest() is None


def test_without_dask_it_says_how_to_get_it() -> None:
    """It is an extra."""
    with (
        patch.dict(sys.modules, {"distributed": None}),
        pytest.raises(ClusterError, match=r"pip install 'qingchuan\[cluster\]'"),
        on_cluster("tcp://127.0.0.1:1"),
    ):
        pass


def test_where_no_scheduler_answers_it_says_so(free_port: int) -> None:
    """And what would do."""
    with (
        patch("qingchuan.service.recomputing.cluster._PATIENCE", 1),
        pytest.raises(ClusterError, match="no Dask scheduler answers"),
        on_cluster(f"tcp://127.0.0.1:{free_port}"),
    ):
        pass


def test_a_scheduler_without_workers_is_told() -> None:
    """It does not wait for ever."""
    with (
        local_cluster(0) as alone,
        patch("qingchuan.service.recomputing.cluster._PATIENCE", 2),
        pytest.raises(ClusterError, match="has no worker"),
        on_cluster(alone.scheduler_address),
    ):
        pass
