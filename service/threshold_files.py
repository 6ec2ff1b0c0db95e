"""The file with a bureau's own thresholds of the quality tests."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated

import msgspec
from pydantic import AfterValidator

_WOULD_DO = "a TOML file in the form of processing/quality/thresholds.toml would do"


def text_of(path: Path | None) -> str:
    """The text of the file; empty where none is named, for those that ship.

    Examples
    --------
    >>> text_of(None)
    ''
    """
    return "" if path is None else path.read_text(encoding="utf-8")


def _readable(path: Path) -> Path:
    # Most settings name no such file, and are read by commands that shall start at once.
    from qingchuan.processing.quality.thresholds import read  # noqa: PLC0415 - it needs numpy

    try:
        read(text_of(path), path.name)
    except OSError as error:
        raise ValueError(f"{error.strerror}; {_WOULD_DO}") from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"{error}; {_WOULD_DO}") from error
    return path


ThresholdFile = Annotated[Path, AfterValidator(Path.expanduser), AfterValidator(_readable)]
