"""All checks, all their failures, one closing line. Run through ./test, which makes .venv first.

The tools beside pytest run one after another while pytest runs: they fill the moments in which a
test waits for the database or the browser. What one says is told whole, as soon as it has ended.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).resolve().parents[1]
CODE = ("src", "tests", "tools", "bench")
#: Each begins with a half of its own, so that what a file of tests makes once is made once; who has
#: done takes over from the end of the other's.
SIDE_BY_SIDE = ("-n", "2", "--dist", "worksteal")
#: What --fast has no test of; not even collected there, which would take a quarter of its time.
AFTER_THE_LOOP = ("browser", "contract", "pages", "property")

#: Programs that the full run drives, each with the Debian packages that bring it.
PROGRAMS = {
    "chromium": ("chromium",),
    "soffice": ("libreoffice-calc-nogui", "libreoffice-writer-nogui"),
}

DESCRIPTION = """\
Runs ruff, import-linter, mypy and pytest, all of them even when one fails, and ends with one line:
"N passed, N failed, N skipped". Each tool counts as one check. Exit code 1 when anything failed."""

EXAMPLES = """\
examples:
  ./test                                everything, browser tests included
  ./test --fast                         the loop, two minutes: units, stories and health
  ./test --fix                          first repair what can be repaired
  ./test --fast tests/unit/core -k nfc  what stands after the options goes to pytest"""


@dataclass
class Tally:
    """What passed, failed and was skipped so far; `names` of the tools that failed."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    names: list[str] = field(default_factory=list)

    def tool(self, name: str, is_good: bool) -> None:
        self.passed += is_good
        if not is_good:
            self.failed += 1
            self.names.append(name)

    @property
    def line(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="./test",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--fast", action="store_true", help="leave out slow and browser tests")
    parser.add_argument("--fix", action="store_true", help="repair format and lint first")
    chosen, for_pytest = parser.parse_known_args(arguments)
    os.chdir(ROOT)
    if not chosen.fast:
        install_programs()
    tally = Tally()
    if chosen.fix:
        for name, command in repairs():
            tally.tool(name, run(name, command))
    with tools_beside(tally):
        test(tally, for_pytest, is_fast=chosen.fast)
    if tally.names:
        print(f"failed tools: {', '.join(tally.names)}")
    print(tally.line, flush=True)
    return 1 if tally.failed else 0


def install_programs() -> None:
    """Chromium and LibreOffice from Debian; an ordinary user is told what to ask for."""
    missing = [brought for name, brought in PROGRAMS.items() if shutil.which(name) is None]
    packages = [package for brought in missing for package in brought]
    if not packages:
        return
    wanted = f"apt-get install {' '.join(packages)}"
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        sys.exit(f"Tests need programs that are not here. As root: {wanted}  (or ./test --fast)")
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    print(f"— {wanted}", flush=True)
    subprocess.run(["apt-get", "update", "-qq"], check=False, env=quiet)
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    if subprocess.run(install, check=False, env=quiet).returncode != 0:
        sys.exit(f"Could not install what the tests need. Try by hand: {wanted}")


def existing() -> list[str]:
    return [folder for folder in CODE if (ROOT / folder).is_dir()]


def repairs() -> Iterable[tuple[str, list[str]]]:
    ruff = [sys.executable, "-m", "ruff"]
    yield "ruff --fix", [*ruff, "check", "--fix", *existing()]
    yield "ruff --fix format", [*ruff, "format", *existing()]


def tools() -> Iterable[tuple[str, list[str]]]:
    """Name and command of each tool beside pytest."""
    python = [sys.executable, "-m"]
    yield "ruff check", [*python, "ruff", "check", *existing()]
    yield "ruff format", [*python, "ruff", "format", "--check", *existing()]
    linter = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    yield "import-linter", [sys.executable, "-c", linter, "--no-logo"]
    yield "mypy", [*python, "mypy", "--follow-imports=silent", *strict_rooms()]


def strict_rooms() -> list[str]:
    """What mypy holds strictly: the pure rooms, access and config, all verbs and all rules."""
    package = ROOT / "src/vungmanh"
    whole = [package / room for room in ("core", "rulebook", "analysis", "access", "config")]
    parts = [path for part in ("actions", "rules.py") for path in package.glob(f"*/{part}")]
    chosen = [*whole, *(path for path in parts if path.parent not in whole)]
    return sorted(str(path.relative_to(ROOT)) for path in chosen)


@contextmanager
def tools_beside(tally: Tally) -> Iterator[None]:
    """Run the tools in a thread of their own, and count them when the block has ended."""
    with ThreadPoolExecutor(max_workers=1) as one:
        running = [(name, one.submit(tell, name, command)) for name, command in tools()]
        yield
        for name, is_good in running:
            tally.tool(name, is_good.result())


def run(name: str, command: Sequence[str]) -> bool:
    print(f"— {name}", flush=True)
    return subprocess.run(command, check=False).returncode == 0


def tell(name: str, command: Sequence[str]) -> bool:
    """Run a command and print what it said in one piece, since another writes meanwhile."""
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    print(f"\n— {name}\n{done.stdout.rstrip()}", flush=True)
    return done.returncode == 0


def test(tally: Tally, arguments: Sequence[str], *, is_fast: bool) -> None:
    """Run pytest and add its counts; a pytest that could not run at all is one failure."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", *SIDE_BY_SIDE, f"--junitxml={report}"]
        if is_fast:
            command += ["-m", "not slow and not browser"]
            command += [f"--ignore={ROOT / 'tests' / folder}" for folder in AFTER_THE_LOOP]
        is_good = run("pytest", [*command, *arguments])
        counts = read_report(report)
    tally.passed += counts.passed
    tally.skipped += counts.skipped
    tally.failed += counts.failed
    if not is_good and not counts.failed:
        tally.tool("pytest", False)


def read_report(path: Path) -> Tally:
    """The counts of a JUnit report; nothing when pytest wrote none."""
    tally = Tally()
    if not path.exists():
        return tally
    for suite in ElementTree.parse(path).getroot().iter("testsuite"):
        failed = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        skipped = int(suite.get("skipped", 0))
        tally.failed += failed
        tally.skipped += skipped
        tally.passed += int(suite.get("tests", 0)) - failed - skipped
    return tally


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
