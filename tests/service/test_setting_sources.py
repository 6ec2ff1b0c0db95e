"""Where settings are written: names, tables, and how sources are laid over each other."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qingchuan.service.setting_sources import (
    SettingsError,
    environment_name,
    environment_names,
    fields,
    flat,
    merged,
    nearest,
    nested,
    read_environment,
    read_toml,
)
from qingchuan.service.settings import Settings

TABLES = st.recursive(
    st.integers(), lambda inner: st.dictionaries(st.sampled_from("abc"), inner, min_size=1, max_size=3), max_leaves=8
).filter(lambda value: isinstance(value, dict))


def test_entries_of_lists_are_keys_but_no_variables() -> None:
    """A webhook has no variable of its own: how many there are is not known."""
    assert "alerts.webhooks[].url" in fields(Settings)
    assert environment_names(Settings)["QINGCHUAN_ALERTS__WEBHOOKS"] == "alerts.webhooks"
    assert not [name for name in environment_names(Settings) if "[" in name]


def test_every_setting_says_what_would_do() -> None:
    """A refusal without advice would be of no use."""
    assert [key for key, field in fields(Settings).items() if not field.description] == []


def test_every_variable_has_a_name_of_its_own() -> None:
    """Two keys never come to the same name."""
    assert len({environment_name(key) for key in fields(Settings)}) == len(fields(Settings))


@given(TABLES)
def test_flat_undoes_nested(tables: dict[str, object]) -> None:
    """Dotted keys and tables in tables say the same."""
    assert nested(flat(tables)) == tables


@given(TABLES, TABLES)
def test_what_is_laid_on_top_is_all_there_afterwards(under: dict[str, object], over: dict[str, object]) -> None:
    """And what it does not name stays."""
    result = flat(merged(under, over))
    assert flat(over).items() <= result.items()
    hidden = {key for key in flat(under) for top in flat(over) if f"{key}.".startswith(f"{top}.")}
    hidden |= {key for key in flat(under) for top in flat(over) if f"{top}.".startswith(f"{key}.")}
    assert {key: value for key, value in flat(under).items() if key not in hidden}.items() <= result.items()


def test_advice_stays_within_the_section() -> None:
    """A key of another section is not what was meant."""
    assert nearest("api.batch", ["api.listen", "collector.batch"]) == "deploy/config.toml lists all that there are"
    assert nearest("apii.listen", ["api.listen", "collector.batch"]) == "did you mean api.listen?"


@pytest.mark.parametrize(
    ("content", "expected"), [(b"a = 1\na = 2\n", "line 2"), (b"a = '\xff'", "byte 5 is not UTF-8")]
)
def test_a_file_that_cannot_be_read_is_refused_with_the_place(content: bytes, expected: str, tmp_path: Path) -> None:
    """A key twice, or bytes of another encoding."""
    (tmp_path / "q.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=expected):
        read_toml(tmp_path / "q.toml")


def test_the_environment_is_read_into_tables() -> None:
    """Names of others are left alone, also when they are spelt in small letters."""
    environ = {"QINGCHUAN_API__LISTEN": "127.0.0.1:1", "QINGCHUAN_DATA": "x", "API__LISTEN": "y", "qingchuan_data": "z"}
    assert read_environment(Settings, environ) == {"api": {"listen": "127.0.0.1:1"}, "data": "x"}
