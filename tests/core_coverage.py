"""Branch coverage of the core, measured whenever the whole suite runs; it must be 100 %.

Only what the core's own tests run inside the test processes counts. The rest runs unmeasured, at full speed:
measuring costs the engine and the screen more time than their tests take.
"""

from __future__ import annotations

import importlib
import io
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import coverage
import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "riffusion_tui"
CORE = [
    "clean.py",
    "redaction.py",
    "secret.py",
    "registry.py",
    "config/*",
    "dispatch/**/*",
    "jobs/*",
    "services/**/*",
    "store/*",
]
TESTS = ("config", "contract", "dispatch", "jobs", "services", "store", "test_clean.py")
WHOLE = 100.0


def core_files() -> list[Path]:
    """Return every file of the core."""
    return sorted(path for pattern in CORE for path in PACKAGE.glob(pattern) if path.suffix == ".py")


def measuring(data: Path) -> coverage.Coverage:
    """Return a coverage object that measures only the core and writes beside `data`."""
    return coverage.Coverage(
        data_file=str(data),
        data_suffix=True,
        config_file=str(ROOT / "pyproject.toml"),
        include=[*map(str, core_files())],
    )


def is_whole(config: pytest.Config) -> bool:
    """Return whether the whole suite runs: no path and no selection."""
    options = ("keyword", "markexpr", "lf", "collectonly", "deselect", "ignore")
    selected = any(config.getoption(name, None) for name in options)
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not selected


class Measurement:
    """Measures one process while it imports the core, and while it runs the core's own tests."""

    def __init__(self, data: Path) -> None:
        self._coverage = measuring(data)
        self._on = False
        self._cached: list[Any] = []
        self._measure(True)
        names = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in core_files()]
        modules = [importlib.import_module(name.removesuffix(".__init__")) for name in names]
        self._measure(False)  # collecting takes twice as long while it is measured
        self._cached = [value for one in modules for value in vars(one).values() if hasattr(value, "cache_clear")]

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Measure the core's own tests, except properties and those marked `no_cover`.

        A branch that only a property's random examples reach may be missed in the next run: it needs its own test.
        """
        own = item.path.relative_to(ROOT / "tests").parts[0] in TESTS
        self._measure(own and not any(map(item.get_closest_marker, ("no_cover", "hypothesis"))))
        return (yield)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        """Stop and write."""
        self._measure(False)
        self._coverage.save()

    def _measure(self, on: bool) -> None:
        if on != self._on:
            (self._coverage.start if on else self._coverage.stop)()
        if on and not self._on:
            for function in self._cached:
                function.cache_clear()  # an unmeasured test may have called it before, in every process
        self._on = on


class CoreCoverage:
    """Combines the measurements of all test processes, and fails the run if something is missing."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="core-coverage-", ignore_cleanup_errors=True)
        self._data = Path(self._folder.name) / "data"

    def begin(self, config: pytest.Config) -> None:
        """Measure this process if the tests run in it."""
        if not config.getoption("numprocesses", None):
            in_worker(config, str(self._data))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Pass the data file's path to an xdist worker."""
        node.workerinput["core_coverage"] = str(self._data)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Combine and report, after everything else and only if no test failed."""
        yield
        missing = self._missing() if session.exitstatus == pytest.ExitCode.OK else ""
        self._folder.cleanup()
        if missing:
            print(f"\nThe core is not covered at every branch:\n{missing}")
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _missing(self) -> str:
        total = coverage.Coverage(
            data_file=str(self._data), config_file=str(ROOT / "pyproject.toml"), include=[*map(str, core_files())]
        )
        total.combine([self._folder.name])
        report = io.StringIO()
        percent = total.report(file=report, show_missing=True, skip_covered=True)
        return report.getvalue() if percent < WHOLE else ""


def in_worker(config: pytest.Config, data: str) -> None:
    """Measure this process until its session is over."""
    config.pluginmanager.register(Measurement(Path(data)), "core-coverage-process")
