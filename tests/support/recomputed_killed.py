"""Recomputing, killed before each of its steps and begun again."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from qingchuan.service.places import Places
from qingchuan.service.reading import open_stores, services_of
from qingchuan.service.recomputing.folder import Folder
from qingchuan.service.settings import load
from tests.support.killed import killed_at_each_step
from tests.support.recomputed import contents, recomputed


def killed_and_begun_again(data: Path, out: Path) -> tuple[int, dict[str, str]]:
    """How often it was killed until it came to its end, and the digest of each file then."""

    def work() -> None:
        with closing(open_stores(Places(data))) as stores:
            recomputed(services_of(stores, load(None, {})), out)

    def look() -> None:
        manifest = Folder(out).manifest()
        assert manifest is None or not Folder(out).damaged(manifest)

    kills = killed_at_each_step(work, look)
    return kills, contents(out)
