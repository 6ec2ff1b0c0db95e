"""Files that people upload: the fields of a form (multipart/form-data), before anybody has looked into them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from fastapi import Request
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from qingchuan.api.problems import ProblemError
from qingchuan.api.schemas.file_imports import FileImportAnswer, ImportForm
from qingchuan.store.import_messages import ImportedOrigin

_WHERE = "/api/v1/openapi.json"
_FIELDS: tuple[str, ...] = ImportForm.__struct_fields__
_ORIGINS: Mapping[str, ImportedOrigin] = {origin: origin for origin in get_args(ImportedOrigin)}
_YES_NO = {"true": True, "on": True, "1": True, "yes": True, "false": False, "off": False, "0": False, "no": False}
_NO_NAME = re.compile(r"[\x00-\x1f\x7f/\\]")
_LONGEST_NAME = 100
_LONGEST_BY = 200


@dataclass(frozen=True)
class Upload:
    """A file that is to be imported.

    Attributes
    ----------
    name : str
        Of the file, without folders.
    content : bytes
    mapping : str
        The text of a mapping, or the name of one that ships.
    mapping_name : str
        What messages call it.
    by : str
        Who imports.
    origin : {"reported", "manual", "official", "audited"} or None
        Instead of what the mapping says.
    dry_run, again : bool
        Only try it; also what was imported before.
    """

    name: str
    content: bytes
    mapping: str
    mapping_name: str
    by: str
    origin: ImportedOrigin | None = None
    dry_run: bool = False
    again: bool = False


def no_files(_upload: Upload) -> FileImportAnswer:
    """Refuse a file, where the server that answers takes none.

    Raises
    ------
    ProblemError
    """
    raise ProblemError(503, "no-files", "this server takes no files; qingchuan import would do")


async def upload_of(request: Request, most: int) -> Upload:
    """What the form in the body of `request` uploads; no part of it is larger than `most`. [bytes].

    Raises
    ------
    ProblemError
        It is no form, or a field is missing, not known, or has a value that will not do.
    """
    try:
        async with request.form(max_files=2, max_fields=len(_FIELDS), max_part_size=most) as form:
            return await _read(form)
    except HTTPException as error:
        detail = f"the form cannot be read: {error.detail}; multipart/form-data with {_wanted()} would do ({_WHERE})"
        raise ProblemError(400, "wrong-form", detail) from error


async def _read(form: FormData) -> Upload:
    _check_fields(form)
    file, mapping = form["file"], form["mapping"]
    if not isinstance(file, UploadFile):
        raise _wrong("file", "is a text", "a file with its name")
    name = _NO_NAME.sub("_", re.split(r"[/\\]", file.filename or "")[-1])[-_LONGEST_NAME:]
    if not name.strip(". "):
        raise _wrong("file", f"has the name {file.filename!r}", "one such as samples.csv")
    by = _text(form, "by", str(ImportForm.__struct_defaults__[0]))
    if not by or len(by) > _LONGEST_BY:
        raise _wrong("by", f"has {len(by)} characters", f"1 to {_LONGEST_BY}")
    origin = _text(form, "origin", "")
    if origin and origin not in _ORIGINS:
        raise _wrong("origin", f"has {origin!r}", ", ".join(_ORIGINS))
    told, called = await _mapping(mapping)
    yes = {field: _yes_or_no(form, field) for field in ("dry_run", "again")}
    return Upload(name, await file.read(), told, called, by, _ORIGINS.get(origin), **yes)


def _check_fields(form: FormData) -> None:
    names = [name for name, _ in form.multi_items()]
    for name in names:
        if name not in _FIELDS:
            raise _wrong(name, "is not known", _wanted())
        if names.count(name) > 1:
            raise _wrong(name, "is there more than once", "one")
    for name in ("file", "mapping"):
        if name not in names:
            raise _wrong(name, "is missing", _wanted())


async def _mapping(told: UploadFile | str) -> tuple[str, str]:
    """The text of a mapping, and its name."""
    if isinstance(told, str):
        return told.strip(), "mapping"
    try:
        return (await told.read()).decode("utf-8-sig"), told.filename or "mapping"
    except UnicodeDecodeError as error:
        raise _wrong("mapping", f"is not UTF-8 ({error.reason})", "TOML in UTF-8") from error


def _text(form: FormData, field: str, default: str) -> str:
    told = form.get(field, default)
    if not isinstance(told, str):
        raise _wrong(field, "is a file", "a text")
    return told.strip()


def _yes_or_no(form: FormData, field: str) -> bool:
    told = _text(form, field, "false").lower()
    if told not in _YES_NO:
        raise _wrong(field, f"has {told!r}", "true or false")
    return _YES_NO[told]


def _wanted() -> str:
    return f"the fields file and mapping, and perhaps {', '.join(_FIELDS[2:])}"


def _wrong(field: str, what: str, wanted: str) -> ProblemError:
    return ProblemError(422, "wrong-form", f"the field {field} {what[:200]}; {wanted} would do ({_WHERE})")
