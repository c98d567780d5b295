"""For all tests: no keyring, settings, token, certificates or proxy of the user who runs them."""

from __future__ import annotations

import contextlib
import gc
import importlib
import itertools
import os
import pkgutil
import shutil
import signal
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings, strategies

import riffusion_tui
from tests.core_coverage import CoreCoverage, in_worker, is_whole
from tests.shared_tables import keep_tables_in

# Set before the package or keyring is imported, here and in every program that a test starts.
for _name in [name for name in os.environ if name.startswith("RIFFUSION_TUI_")]:
    del os.environ[_name]
# With SSL_CERT_FILE each client reads all certificates: 45 ms, more than most tests of a client take.
for _name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "ALL_PROXY", "HTTPS_PROXY", "HTTP_PROXY", "NO_PROXY"):
    os.environ.pop(_name, None)
    os.environ.pop(_name.lower(), None)
# Programs that tests start don't have to compile the package each time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.null.Keyring"
# Tests write thousands of small files, and SQLite waits for the disk at each commit: use memory if there is enough.
_MEMORY = Path("/dev/shm")
if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free > 2 * 2**30:
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))
# A script that runs the tests in the background ignores ctrl+c for them, and for the programs that tests interrupt;
# `nohup` ignores SIGHUP.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)


# On a busy machine every strategy is slow: no test depends on speed.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Measure the core when the whole suite runs."""
    given = getattr(config, "workerinput", {}).get("core_coverage")
    if given:
        in_worker(config, given)
    elif not hasattr(config, "workerinput") and is_whole(config):
        core = CoreCoverage()
        config.pluginmanager.register(core, "core-coverage")
        core.begin(config)


FAST = (
    "architecture/test_shape.py",
    "config/",
    "contract/",
    "dispatch/test_account_commands.py",
    "dispatch/test_job_commands.py",
    "dispatch/test_song_edits.py",
    "dispatch/test_queue_summary.py",
    "dispatch/test_sender.py",
    "dispatch/test_reconciler.py",
    "dispatch/test_slots.py",
    "jobs/",
    "services/test_address.py",
    "services/test_records.py",
    "services/test_riffusion.py",
    "services/test_waits.py",
    "store/",
    "test_clean.py",
    "tui/test_order.py",
    "tui/test_pieces.py",
    "tui/test_state.py",
    "tui/test_table.py",
)
"""Tests that need no process, terminal or sound: `pytest -m fast` runs them while one works."""


@pytest.hookimpl(wrapper=True)
def pytest_collection(session: pytest.Session) -> Generator[None, object, object]:
    """Pause garbage collection while tests are collected, then exclude them from later collections, and collect rarely.

    With Python's defaults, collections take 8 % of the time of composing and of the parsers' tests. Each app of the
    screen's tests is garbage, so that a threshold of 50,000 takes 4 % of their time; this one takes 20 MB more.
    """
    gc.disable()
    try:
        _compile_own_share(session.config)
        _prepare_hypothesis(session.config)
        return (yield)
    finally:
        gc.freeze()
        gc.set_threshold(500_000, 20, 100)
        gc.enable()


def _compile_own_share(config: pytest.Config) -> None:
    """Import every nth test file first, as one of n workers: in a clean checkout, each would compile all of them."""
    worker = getattr(config, "workerinput", {})
    if "core_coverage" in worker:
        files = sorted(Path(__file__).parent.rglob("test_*.py"))
        for file in files[int(worker["workerid"].removeprefix("gw")) :: worker["workercount"]]:
            with contextlib.suppress(Exception):  # collecting it reports it
                importlib.import_module(".".join(file.relative_to(Path(__file__).parents[1]).with_suffix("").parts))


def _prepare_hypothesis(config: pytest.Config) -> None:
    """Store what hypothesis keeps on disk, while the workers collect: in a clean checkout, each would take 4 s for it.

    It is a table of Unicode, and the constants in the source of each module that is loaded.
    """
    is_controller = bool(config.getoption("numprocesses", None)) and not hasattr(config, "workerinput")
    if is_controller and not Path(".hypothesis").exists():
        for module in pkgutil.walk_packages(riffusion_tui.__path__, "riffusion_tui."):
            importlib.import_module(module.name)
        _any_text()


@given(strategies.text())
@settings(max_examples=1, database=None)
def _any_text(_: str) -> None:
    pass


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the fast ones."""
    here = Path(__file__).parent
    for item in items:
        if item.path.relative_to(here).as_posix().startswith(FAST):
            item.add_marker("fast")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Drop the keywords of passed tests' reports, which nothing reads: they are most of what workers send."""
    report = yield
    if report.passed:
        report.keywords = {}
    return report


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two more than there are cores: tests spend half of their time waiting for sockets, terminals and disks."""
    return (os.cpu_count() or 1) + 2


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Name a folder for each test; most tests never make it."""
    folder = tmp_path_factory.mktemp("homes")
    keep_tables_in(folder / "tables")
    return (str(folder / str(number)) for number in itertools.count())


@pytest.fixture(autouse=True)
def own_home(homes: Iterator[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the program its own home, so that none of the user's files are read or written."""
    monkeypatch.setenv("RIFFUSION_TUI_HOME", next(homes))
