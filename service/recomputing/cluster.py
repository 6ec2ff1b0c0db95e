"""Computing blocks on a Dask cluster: the same function of the same arrays, sent to whichever worker is free."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from qingchuan.service.recomputing.computing import compute
from qingchuan.service.recomputing.plan import Block
from qingchuan.service.recomputing.recomputing import Computer, Work

if TYPE_CHECKING:
    from distributed import Client, Future

_PATIENCE: Final = 30
"""So long it waits for the scheduler, and then for a worker. [s]"""
_AHEAD: Final = 2
"""So many blocks a thread of the workers are under way: enough that none waits, few enough for any memory."""


class ClusterError(Exception):
    """The cluster does not compute; what is done stays done."""


@contextmanager
def on_cluster(address: str) -> Iterator[Computer]:
    """Computes blocks on the cluster whose scheduler has an address such as ``tcp://10.0.0.5:8786``.

    Raises
    ------
    ClusterError
        Dask is not installed, nobody answers at the address, or no worker joins.
    """
    try:
        from distributed import Client  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        raise ClusterError(
            "--scheduler needs Dask, which is not installed; here and on each worker "
            "pip install 'qingchuan[cluster]' would do (docs/recompute.md)"
        ) from error
    try:
        client = Client(address, timeout=_PATIENCE, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ClusterError(
            f"no Dask scheduler answers at {address} ({error}); the like of tcp://10.0.0.5:8786 would do, "
            "where `dask scheduler` runs (docs/recompute.md)"
        ) from error
    with client:
        try:
            client.wait_for_workers(1, timeout=_PATIENCE)
        except TimeoutError as error:
            raise ClusterError(f"the scheduler {address} has no worker; start `dask worker {address}`") from error
        yield partial(_compute_on, client)


def _compute_on(client: Client, work: Iterable[Work]) -> Iterator[tuple[Block, bytes]]:
    """Each block with its arrays, as workers have them done."""
    from distributed import as_completed  # noqa: PLC0415 - as above

    left, running = iter(work), dict["Future", Block]()
    done = as_completed(loop=client.loop)

    def submit(count: int) -> None:
        for block, read in islice(left, count):
            # The arrays go with the task, so that it is done by another worker if one is lost.
            future = client.submit(compute, read(), pure=False)
            running[future] = block
            done.add(future)

    submit(_AHEAD * max(1, sum(client.nthreads().values())))
    for future in done:
        block = running.pop(future)
        yield block, _result(future, block)
        submit(1)


def _result(future: Future, block: Block) -> bytes:
    try:
        content: bytes = future.result()
    except Exception as error:
        raise ClusterError(f"a worker could not compute block {block.name}: {error}") from error
    future.release()
    return content
