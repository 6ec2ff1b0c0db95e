"""Which tests may skip in CI."""

from __future__ import annotations

import pytest

# An InfluxDB server cannot be installed there, the reference data have no licence to be shipped, and a container has no
# systemd.
ALLOWED = ("InfluxDB server", "reference data", "systemd")


class SkipGuard:
    """A pytest plugin that fails the run when a test skips for a reason that is not `ALLOWED`."""

    def __init__(self) -> None:
        self.refused: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Look at the reason of a test that skipped; an expected failure is no skip."""
        if report.skipped and not hasattr(report, "wasxfail"):
            self._judge(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Look at the reason of a module that skipped as a whole."""
        if report.skipped:
            self._judge(report)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Turn a good end into a failure if a skip was refused."""
        if self.refused:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say which skips were refused and which would not be."""
        if self.refused:
            terminalreporter.section("skips that CI refuses", red=True, bold=True)
            terminalreporter.line(f"a reason may start with {' or '.join(map(repr, ALLOWED))}; install what is absent")
            for line in self.refused:
                terminalreporter.line(line)

    def _judge(self, report: pytest.TestReport | pytest.CollectReport) -> None:
        reason = skip_reason(report)
        if not reason.startswith(ALLOWED):
            self.refused.append(f"{report.nodeid}: {reason}")


def skip_reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """The reason a test gave for its skip, without pytest's own word before it."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longreprtext
    return text.removeprefix("Skipped: ")
