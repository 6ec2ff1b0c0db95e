"""The borders between the folders, and that crossing one is noticed."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FOLDERS = sorted(PROJECT["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"])
PROGRAMS = Path(sys.executable).parent


def lint_imports(folder: Path) -> str:
    """What import-linter says about the package in `folder`; empty if nothing is wrong."""
    program = [str(PROGRAMS / "lint-imports"), "--no-logo", "--no-cache"]
    run = subprocess.run(program, cwd=folder, capture_output=True, text=True, check=False)
    return run.stdout + run.stderr if run.returncode else ""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A copy of the package with real folders, and a folder around it that import-linter can be run in."""
    shutil.copytree(ROOT / "qingchuan", tmp_path / "qingchuan", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_is_a_relative_link_in_the_package(folder: str) -> None:
    """A copy instead of the link would be a second set of files."""
    link = ROOT / "qingchuan" / folder
    assert link.is_symlink(), f"{link} is no symbolic link; clone with git config core.symlinks true"
    assert link.readlink() == Path("..") / folder


def test_the_package_keeps_its_borders(package: Path) -> None:
    """The copy that the next tests break is right before they do."""
    assert lint_imports(package) == ""


@pytest.mark.parametrize(
    ("lower", "upper"), [("processing", "store"), ("store", "api"), ("collector", "alerts"), ("alerts", "collector")]
)
def test_an_import_that_points_up_is_noticed(package: Path, lower: str, upper: str) -> None:
    """One line in one module is enough to break the contract."""
    module = package / "qingchuan" / lower / "crossing.py"
    module.write_text(f"import qingchuan.{upper}\n", encoding="utf-8")
    assert f"qingchuan.{lower}.crossing -> qingchuan.{upper}" in lint_imports(package)


def test_a_folder_without_a_layer_is_noticed(package: Path) -> None:
    """The contract is exhaustive."""
    (package / "qingchuan" / "elsewhere").mkdir()
    (package / "qingchuan" / "elsewhere" / "__init__.py").touch()
    assert "elsewhere" in lint_imports(package)


@pytest.mark.parametrize("folder", FOLDERS)
def test_a_folder_cannot_be_imported_by_its_bare_name(folder: str) -> None:
    """`import api` would take whatever package of that name is installed."""
    program = [str(PROGRAMS / "ruff"), "check", "--quiet", "--select", "TID251", "--stdin-filename", "store/x.py", "-"]
    source = f"from {folder} import anything\n"
    run = subprocess.run(program, cwd=ROOT, input=source, capture_output=True, text=True, check=False)
    assert f"import qingchuan.{folder}" in run.stdout
