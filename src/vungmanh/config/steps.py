"""Long work shown step by step: a line that lives in a terminal, plain lines in a log file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

#: What a long step is told to call: (what is being done now).
Progress = Callable[[str], None]

QUIET_SECONDS = 1.0  # plain logs: at most one line of progress a second


class Steps:
    """Prints each step with the seconds it took."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @contextmanager
    def step(self, title: str) -> Iterator[Progress]:
        """Show `title` while the block runs; it may report what it is doing meanwhile."""
        began = time.monotonic()
        if self._console.is_terminal:
            with self._console.status(f"{title}…") as status:
                yield lambda text: status.update(f"{title}… [dim]{text}[/]")
        else:
            yield self._plain(title)
        took = f"{time.monotonic() - began:.1f}".replace(".", ",")
        self._console.print(f"[green]✓[/] {title} [dim]{took} giây[/]", highlight=False)

    def _plain(self, title: str) -> Progress:
        told = time.monotonic()

        def tell(text: str) -> None:
            nonlocal told
            if time.monotonic() - told >= QUIET_SECONDS:
                told = time.monotonic()
                self._console.print(f"  {title}: {text}", highlight=False)

        return tell
