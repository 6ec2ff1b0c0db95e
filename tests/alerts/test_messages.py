"""What a notice says, in Chinese and in English."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec
import pytest

from qingchuan.alerts.episodes import UNTOLD, Episode, Measured, Reason, Transition
from qingchuan.alerts.messages import WORDS, body
from qingchuan.store.subjects import Name, Section
from tests.alerts.support import HOUR, RULE, T0, episode

DOCUMENT = Path(__file__).parents[2] / "docs" / "webhook.md"
SECTION = Section(Name("大闸", "Dazha"), "river", Name("姚江", "Yao River"), "330200")
HOLDING = (Measured("tp", 0.45, 6, 0.4, T0), Measured("do", 2.5, 5, 3.0, T0), Measured("ph", 9.5, 6, 9.0, T0))
OPEN = msgspec.structs.replace(episode(0, level=6), holding=HOLDING)


def said(found: Episode = OPEN, section: Section = SECTION, reason: Reason = Reason.OPENED) -> dict[str, Any]:
    """The body of a notice about an episode."""
    return body(Transition(reason, found, None, T0), 5, RULE, "dazha", section, None)


def test_the_text_names_values_limits_and_the_edition() -> None:
    """Above a limit or, of oxygen, below it; pH has no unit."""
    assert said()["text"] == {
        "zh": "大闸（姚江，2026-11-25 08:00 起）：总磷 0.45 mg/L，劣Ⅴ类，超过限值 0.4 mg/L；"
        "溶解氧 2.5 mg/L，Ⅴ类，低于限值 3 mg/L；pH值 9.5，劣Ⅴ类，超过限值 9。依据 GB 3838。告警开始。",
        "en": "Dazha (Yao River, since 2026-11-25 08:00): Total phosphorus 0.45 mg/L, class worse than Ⅴ, above the "
        "limit of 0.4 mg/L; Dissolved oxygen 2.5 mg/L, class Ⅴ, below the limit of 3 mg/L; pH 9.5, class worse than Ⅴ, "
        "above the limit of 9. By GB 3838, Table 1. Alert: opened.",
    }


def test_a_closed_episode_says_from_when_to_when() -> None:
    """In Beijing time."""
    closed = msgspec.structs.replace(OPEN, closed=T0 + 2 * HOUR)
    text = said(closed, reason=Reason.CLOSED)
    assert "2026-11-25 08:00 至 2026-11-25 10:00" in text["text"]["zh"]
    assert (text["state"], text["closed"]) == ("closed", "2026-11-25T10:00:00+08:00")


@pytest.mark.parametrize(("simulated", "mark"), [(True, True), (False, False)])
def test_simulated_data_say_so(*, simulated: bool, mark: bool) -> None:
    """In the title of both languages, and as a value."""
    found = said(section=msgspec.structs.replace(SECTION, simulated=simulated))
    assert ("【模拟】" in found["title"]["zh"], "[simulated]" in found["title"]["en"]) == (mark, mark)
    assert found["simulated"] is simulated


def test_a_section_without_a_river_needs_none() -> None:
    """Its name stands alone."""
    assert said(section=Section(Name("大闸", "Dazha"), "river"))["text"]["en"].startswith("Dazha (since 2026")


@pytest.mark.parametrize("reason", [Reason.RETRACTED, Reason.MERGED])
def test_what_is_taken_back_says_so(reason: Reason) -> None:
    """Its state is no longer open."""
    assert said(reason=reason)["state"] == "retracted"


def test_every_reason_has_words() -> None:
    """In both languages."""
    assert set(WORDS) == set(Reason)


def test_the_documented_body_is_the_one_that_is_sent() -> None:
    """The example of `docs/webhook.md` is what the webhook is given, value by value."""
    section = msgspec.structs.replace(SECTION, target_class=3, simulated=True)
    found = msgspec.structs.replace(episode(0, level=6), holding=HOLDING[:1], sequence=12345)
    moment = msgspec.structs.replace(found.moment, edition="GB 3838—2002")
    found = msgspec.structs.replace(found, moment=moment)
    sent = {"notice": 17, **said(found, section), "head": "12345:" + "ab" * 32, "possibly_repeated": False}
    text = DOCUMENT.read_text(encoding="utf-8")
    assert msgspec.json.decode(text.split("```json\n")[1].split("```")[0]) == msgspec.json.decode(
        msgspec.json.encode(sent)
    )


def test_every_reason_that_is_told_is_documented() -> None:
    """Whoever receives a notice can look up what it is about."""
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [reason for reason in set(Reason) - UNTOLD if f"| `{reason}` |" not in text] == []
