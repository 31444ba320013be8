"""Write docs/rulebook/README.md from the rule files. `python tools/write_rulebook_page.py`."""

from __future__ import annotations

from pathlib import Path

from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.page import rulebook_page

PAGE = Path(__file__).resolve().parents[1] / "docs" / "rulebook" / "README.md"


def main() -> None:
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(rulebook_page(load_rulebook()), encoding="utf-8")


if __name__ == "__main__":
    main()
