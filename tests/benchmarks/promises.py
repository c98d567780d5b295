"""Break each promise once, and check that its tests fail: `tests/PROMISES.md` says how.

    python -m tests.benchmarks.promises [WORDS …]

Works on copies of the source, several at once, since a broken test often waits for something that never comes; with
WORDS, only on promises whose title contains one of them.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import TypeVar

ROOT = Path(__file__).parents[2]
FILE = ROOT / "tests" / "PROMISES.md"
AT_ONCE = 4
Task = TypeVar("Task")
Result = TypeVar("Result")
_BREACH = re.compile(
    r"^Broken in `([^`]+)`:\n\n```diff\n(.*?)^```\n\nseen by:\n\n((?:^- `[^`]+`\n)+)", re.MULTILINE | re.DOTALL
)
_TEST = re.compile(r"^- `([^`]+)`$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Breach:
    """One way to break a promise, and the tests that must fail then."""

    promise: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


def breaches(text: str) -> list[Breach]:
    """Read the breaches from the page."""
    found = []
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        title, _, body = section.partition("\n")
        for file, diff, tests in _BREACH.findall(body):
            lines = diff.splitlines()
            old, new = ("\n".join(line[1:] for line in lines if line[0] in kept) for kept in (" -", " +"))
            found.append(Breach(title, file, old, new, tuple(_TEST.findall(tests))))
    return found


def promises(text: str) -> list[str]:
    """Return the titles of all promises."""
    return re.findall(r"^## (.+)$", text, re.MULTILINE)


def noticed(breach: Breach, copy: Path) -> str:
    """Apply a breach in the copy, run its tests one by one, and revert it; return what went undetected, if anything."""
    file = copy / breach.file
    whole = file.read_text("utf-8")
    if whole.count(breach.old) != 1:
        return f"{breach.file} has changed: the breach no longer applies"
    file.write_text(whole.replace(breach.old, breach.new), "utf-8")
    try:
        passed = [test for test in breach.tests if _passes(test, copy)]
    finally:
        file.write_text(whole, "utf-8")
    return f"not noticed by {', '.join(passed)}" if passed else ""


def _passes(test: str, copy: Path) -> bool:
    command = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-x", "-p", "no:cacheprovider", test]
    ran = subprocess.run(
        command, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True, text=True, check=False
    )
    if ran.returncode not in (0, 1):
        raise SystemExit(f"{test} can't be run:\n{ran.stdout}{ran.stderr}")
    return ran.returncode == 0


def red_before(chosen: list[Breach], copies: CopyPool) -> list[str]:
    """Return the tests that fail without a breach, since their failures would prove nothing."""
    tests = sorted({test for breach in chosen for test in breach.tests})
    return [test for test, passed in zip(tests, copies.map(_passes, tests), strict=True) if not passed]


class CopyPool:
    """Copies of the source, on each of which one task works at a time."""

    def __init__(self, folder: Path, size: int) -> None:
        self._pool = ThreadPoolExecutor(size)
        self._free: SimpleQueue[Path] = SimpleQueue()
        for number in range(size):
            copy = folder / str(number)
            shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns(".git", "__pycache__", ".venv", ".*_cache"))
            self._free.put(copy)

    def map(self, work: Callable[[Task, Path], Result], tasks: Iterable[Task]) -> Iterator[Result]:
        """Yield the result of each task, in order."""
        return self._pool.map(lambda task: self._with_copy(work, task), tasks)

    def _with_copy(self, work: Callable[[Task, Path], Result], task: Task) -> Result:
        copy = self._free.get()
        try:
            return work(task, copy)
        finally:
            self._free.put(copy)


def main() -> int:
    """Print the result of each breach; return 1 if a test missed one or fails without one."""
    wanted = [word.lower() for word in sys.argv[1:]]
    every = breaches(FILE.read_text("utf-8"))
    chosen = [one for one in every if not wanted or any(word in one.promise.lower() for word in wanted)]
    missed = 0
    with TemporaryDirectory() as folder:
        copies = CopyPool(Path(folder), AT_ONCE)
        for test in (red := red_before(chosen, copies)):
            print(f"RED with nothing broken  {test}", flush=True)
        for breach, trouble in zip(chosen, copies.map(noticed, chosen), strict=True):
            missed += bool(trouble)
            print(
                f"{'MISSED' if trouble else 'seen  '}  {breach.promise[:70]:70}  {breach.file}  {trouble}", flush=True
            )
    print(f"{len(chosen)} breaches, {missed} missed; {len(red)} tests red with nothing broken")
    return bool(missed or red)


if __name__ == "__main__":
    sys.exit(main())
