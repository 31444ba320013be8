"""The lock files read as data."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.health.repository import ROOT

LOCKS = ("requirements.txt", "requirements-all.txt", "requirements-dev.txt")
_PIN = re.compile(r"([a-z0-9][a-z0-9._-]*)==([^ ;]+)(?: ; (.+))?")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Package:
    """One pinned package; `marker` says where it is wanted, empty for everywhere."""

    name: str
    version: str
    marker: str
    hashes: int


def packages(lock: str) -> list[Package]:
    """Every package of a lock file."""
    return parse((ROOT / lock).read_text(encoding="utf-8"))


def parse(text: str) -> list[Package]:
    """Every package of a lock's text. Raises ValueError at whatever is not a plain pin."""
    found = []
    without_comments = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    for entry in filter(None, re.sub(r" *\\\n *", " ", without_comments).splitlines()):
        pin, *hashes = re.split(r"\s+(?=--)", entry.strip())
        match = _PIN.fullmatch(pin)
        if match is None or not all(_HASH.fullmatch(one) for one in hashes):
            raise ValueError(f"not a plain pin: {entry[:80]}")
        found.append(Package(match[1], match[2], match[3] or "", len(hashes)))
    return found
