"""The settings of the audit: which steps a day goes through until its figures are audited."""

from __future__ import annotations

import re
from typing import Self

from pydantic import Field, model_validator

from qingchuan.service.setting_problems import wrong_together
from qingchuan.service.setting_types import Section
from qingchuan.store.audit_messages import STEPS

_NAME = re.compile(r"[a-z][a-z0-9-]{0,31}", re.ASCII)


class AuditSettings(Section):
    """Who confirms, one after the other."""

    steps: tuple[str, ...] = Field(STEPS, min_length=1, description='a list such as ["station", "city", "province"]')

    @model_validator(mode="after")
    def _names(self) -> Self:
        strange = [step for step in self.steps if not _NAME.fullmatch(step) or self.steps.count(step) > 1]
        if strange:
            raise wrong_together("steps", strange[0], "small letters, each step with a name of its own, would do")
        return self
