"""The core is held at every branch: measured when the whole suite runs, by the same command.

Only what runs inside the test processes counts. Programs that tests start run unmeasured, at their full speed.
"""

from __future__ import annotations

import io
from collections.abc import Generator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import coverage
import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "riffusion_tui"
CORE = ["clean.py", "secret.py", "registry.py", "config/*", "dispatch/*", "jobs/*", "services/**/*", "store/*"]
WHOLE = 100.0


def core_files() -> list[Path]:
    """Return every file of the core."""
    return sorted(path for pattern in CORE for path in PACKAGE.glob(pattern) if path.suffix == ".py")


def measuring(data: Path) -> coverage.Coverage:
    """Return a coverage that looks at the core only and writes beside `data`."""
    return coverage.Coverage(
        data_file=str(data),
        data_suffix=True,
        config_file=str(ROOT / "pyproject.toml"),
        include=[*map(str, core_files())],
    )


def is_whole(config: pytest.Config) -> bool:
    """Say whether the whole suite was asked for: no path, no selection."""
    options = ("keyword", "markexpr", "lf", "collectonly", "deselect", "ignore")
    selected = any(config.getoption(name, None) for name in options)
    return config.args_source is pytest.Config.ArgsSource.TESTPATHS and not selected


class CoreCoverage:
    """Measures in every test process; the controlling one adds it up and fails the run where something is missing."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="core-coverage-", ignore_cleanup_errors=True)
        self._data = Path(self._folder.name) / "data"
        self._own: coverage.Coverage | None = None

    def begin(self, config: pytest.Config) -> None:
        """Measure this process if the tests run in it."""
        if not config.getoption("numprocesses", None):
            self._own = measuring(self._data)
            self._own.start()

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a test process of xdist where to write."""
        node.workerinput["core_coverage"] = str(self._data)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> Generator[None, None, None]:
        """Add up and judge, after all else; a run with failures has enough to say already."""
        yield
        if self._own is not None:
            self._own.stop()
            self._own.save()
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
        measured = set(total.get_data().measured_files())
        never = [path for path in core_files() if str(path) not in measured and path.stat().st_size]
        report = io.StringIO()
        percent = total.report(file=report, show_missing=True, skip_covered=True)
        lines = [f"{path.relative_to(ROOT)} was never imported" for path in never]
        return "\n".join([*lines, *([report.getvalue()] if percent < WHOLE else [])])


def in_worker(config: pytest.Config, data: str) -> None:
    """Measure in a test process of xdist until its session is over."""
    own = measuring(Path(data))
    own.start()

    class Worker:
        """Writes what was measured."""

        @pytest.hookimpl(trylast=True)
        def pytest_sessionfinish(self) -> None:
            """Stop and write."""
            own.stop()
            own.save()

    config.pluginmanager.register(Worker(), "core-coverage-worker")
