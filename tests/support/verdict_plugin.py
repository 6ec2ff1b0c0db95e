"""The verdict of `make chaos` in the last line, also where several processes share the scenarios."""

from __future__ import annotations

from pathlib import Path

import pytest
from xdist.workermanage import WorkerController

from tests.support.verdict import Scenario, Verdict

VERDICT = pytest.StashKey[Verdict]()
"""Where each scenario puts what it came to."""
_FOLDER = "tests/acceptance/chaos/"
_SCENARIOS = Path(__file__).parents[1] / "acceptance" / "chaos"


class VerdictPlugin:
    """A pytest plugin that collects what scenarios came to, says it, and fails a whole run that was vacuous."""

    def __init__(self, config: pytest.Config) -> None:
        self._verdict = config.stash[VERDICT] = Verdict()
        self._ran: set[str] = set()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the file of a scenario that ran."""
        if report.when == "call" and report.nodeid.startswith(_FOLDER):
            self._ran.add(report.nodeid.partition("::")[0].removeprefix(_FOLDER))

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: WorkerController) -> None:
        """Take over what a process of pytest-xdist has collected."""
        for scenario in getattr(node, "workeroutput", {}).get("scenarios", ()):
            self._verdict.scenarios.append(Scenario(*scenario))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand on what this process has collected, or fail a run of all scenarios that never met what they are for."""
        if (output := _output(session.config)) is not None:
            output["scenarios"] = [tuple(scenario) for scenario in self._verdict.scenarios]
        elif self._ran >= {path.name for path in _SCENARIOS.glob("test_*.py")} and self._verdict.vacuous():
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_unconfigure(self, config: pytest.Config) -> None:
        """Say the verdict, below all else that was said."""
        if not self._verdict.scenarios or _output(config) is not None:
            return
        for scenario in self._verdict.scenarios:
            print(scenario.line())  # noqa: T201 - what the run is for
        vacuous = self._verdict.vacuous()
        never = f"; vacuous, it never met {' or '.join(vacuous)}" if vacuous else ""
        print(self._verdict.line() + never)  # noqa: T201 - the last line


def _output(config: pytest.Config) -> dict[str, object] | None:
    """What a process of pytest-xdist hands on in the end; None where there is one process, or in the first of them."""
    return getattr(config, "workeroutput", None)
