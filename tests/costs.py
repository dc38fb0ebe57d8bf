"""What each test costs in processor time, its own and that of programs it started, and the dearest.

Time on the clock says how busy the machine was; this says what to make cheaper. What servers of
their own use (PostgreSQL, Prefect, the browser) is counted when they end. `COSTS=file` keeps every
test's; CONTRIBUTING.md, "How large a test is".
"""

import os
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

SHOWN = 10
_NAME = "cost"


def used() -> float:
    """Seconds of processor time until now."""
    others = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + others.ru_utime + others.ru_stime


class Costs:
    """Measures in the process that runs the test, tells in the one that was started."""

    def __init__(self) -> None:
        self.of: dict[str, float] = {}

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self) -> Iterator[None]:
        """Remember when it began."""
        self._began = used()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Iterator[None]:
        """The last of a test's three reports carries the cost: to the other process too."""
        report = yield
        if isinstance(report, pytest.TestReport) and report.when == "teardown":
            report.user_properties = [*report.user_properties, (_NAME, used() - self._began)]
        return report

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep it."""
        if report.when == "teardown":
            for name, value in report.user_properties:
                if name == _NAME and isinstance(value, float):
                    self.of[report.nodeid] = value

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """The ten dearest, and what all cost together."""
        dearest = sorted(self.of, key=lambda name: self.of[name], reverse=True)
        if "COSTS" in os.environ:
            lines = [f"{self.of[name]:.3f} {name}" for name in dearest]
            Path(os.environ["COSTS"]).write_text("\n".join(lines) + "\n", encoding="utf-8")
        if len(dearest) <= SHOWN:
            return
        whole = sum(self.of.values())
        terminalreporter.section(f"{whole:.0f} s of processor time, the dearest {SHOWN}")
        for name in dearest[:SHOWN]:
            terminalreporter.write_line(f"{self.of[name]:6.1f} s  {name}")
