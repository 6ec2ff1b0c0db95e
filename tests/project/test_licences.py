"""The licences of everything that the lock files install."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

PERMISSIVE = {
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "ISC",
    "MIT",
    "MIT-0",
    "PSF-2.0",
    "Zlib",
}

# Weak copyleft: lawful beside Apache-2.0 as long as the distribution is used as it is. Each with what it is used for.
EXCEPTIONS = {
    "certifi": ("MPL-2.0", "a list of certificates, for selenium in tests; never shipped"),
    "hypothesis": ("MPL-2.0", "tests only; never shipped"),
    "pathspec": ("MPL-2.0", "part of mypy's needs; never shipped"),
}

# What distributions without a License-Expression say, as SPDX says it.
SPDX = {
    "Apache 2.0": "Apache-2.0",
    "BSD": "BSD-3-Clause",
    "BSD 2-Clause License": "BSD-2-Clause",
    "ISC License": "ISC",
    "License :: OSI Approved :: Apache Software License": "Apache-2.0",
    "License :: OSI Approved :: BSD License": "BSD-3-Clause",
    "License :: OSI Approved :: ISC License (ISCL)": "ISC",
    "License :: OSI Approved :: MIT License": "MIT",
    "License :: OSI Approved :: Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
PREFIX = "License :: "

# How the texts of licences begin that some distributions carry in place of a name.
BEGINNINGS = {"Apache License Version 2.0": "Apache-2.0", "MIT License": "MIT"}


def locked_names() -> list[str]:
    """Names of all locked distributions."""
    return re.findall(r"^([a-z0-9.-]+)==", (ROOT / "requirements-dev.lock").read_text(encoding="utf-8"), re.MULTILINE)


def licence(found: Distribution) -> str:
    """Licence of a distribution as an SPDX expression; the text itself where it is not known as one."""
    texts = [str(text) for name in ("License-Expression", "License") for text in found.metadata.get_all(name) or []]
    classifiers = [text for text in found.metadata.get_all("Classifier") or [] if text.startswith(PREFIX)]
    if texts and ("\n" not in texts[0] or not classifiers):
        return SPDX.get(texts[0], _beginning(texts[0]))
    return " AND ".join(SPDX.get(text, text) for text in classifiers) or _beginning(_file(found))


def _file(found: Distribution) -> str:
    """Text of the licence file, where the metadata name one and say nothing else."""
    names = found.metadata.get_all("License-File") or []
    return next((found.read_text(f"licenses/{name}") or "" for name in names), "")


def _beginning(text: str) -> str:
    """Licence that a text is of; the text itself where it is not known."""
    words = " ".join(text.split())
    return next((name for beginning, name in BEGINNINGS.items() if words.startswith(beginning)), text)


def acceptable(expression: str, allowed: set[str]) -> bool:
    """Whether an SPDX expression can be met with the `allowed` licences alone."""
    for word, combine in ((" OR ", any), (" AND ", all)):
        parts = _split(expression, word)
        if len(parts) > 1:
            return combine(acceptable(part, allowed) for part in parts)
    if expression.startswith("("):
        return acceptable(expression[1:-1], allowed)
    return expression in allowed


def _split(expression: str, word: str) -> list[str]:
    """`expression` parted at each `word` that is not within brackets."""
    parts = [""]
    for piece in re.split(f"({word})", expression):
        if piece == word and parts[-1].count("(") == parts[-1].count(")"):
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def installed() -> list[Distribution]:
    """The locked distributions that are here; some are for other systems."""
    found = []
    for name in locked_names():
        try:
            found.append(distribution(name))
        except PackageNotFoundError:
            continue
    return found


@pytest.mark.parametrize("found", installed(), ids=lambda found: found.name)
def test_a_locked_distribution_has_a_licence_that_we_may_use(found: Distribution) -> None:
    """Its licence is permissive, or stands among the exceptions with a reason."""
    name = found.name.lower()
    exception, _ = EXCEPTIONS.get(name, ("", ""))
    assert acceptable(licence(found), PERMISSIVE | ({exception} - {""})), (
        f"{name} has licence {licence(found)!r}; use another distribution, or add it to EXCEPTIONS with a reason, "
        "or what it says to SPDX"
    )


def test_most_of_the_lock_is_installed() -> None:
    """The check above looks at real distributions: at most those for other systems are absent."""
    assert len(installed()) >= len(locked_names()) - 5


def test_each_exception_is_locked_and_needed() -> None:
    """An exception that no longer applies is removed."""
    needed = [found.name.lower() for found in installed() if not acceptable(licence(found), PERMISSIVE)]
    assert sorted(needed) == sorted(EXCEPTIONS)


@pytest.mark.parametrize(
    ("expression", "good"),
    [
        ("MIT", True),
        ("GPL-3.0-or-later", False),
        ("MIT AND GPL-3.0-or-later", False),
        ("GPL-3.0-or-later OR MIT", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", False),
        ("MIT AND (GPL-2.0-only OR Zlib)", True),
        ("(MIT OR GPL-2.0-only) AND (Zlib OR GPL-2.0-only)", True),
        ("Something of our own", False),
        ("", False),
    ],
)
def test_an_expression_is_judged_as_it_reads(expression: str, *, good: bool) -> None:
    """OR needs one side, AND both, and what is unknown is refused."""
    assert acceptable(expression, PERMISSIVE) is good
