"""Long work shown step by step, or piece by piece: a line that lives in a terminal, plain lines in
a log file."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, TextColumn
from rich.progress import Progress as Progressing

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


@contextmanager
def counted(console: Console, title: str, total: int) -> Iterator[Callable[[], None]]:
    """Count pieces of work, each told when it is done: how many of how many, and the time left."""
    began, done = time.monotonic(), 0
    if console.is_terminal:
        words = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"))
        with Progressing(*words, console=console, transient=True) as bar:
            task = bar.add_task(title, total=total, told=f"0/{total}")

            def advance() -> None:
                nonlocal done
                done += 1
                told = _how_far(done, total, time.monotonic() - began)
                bar.update(task, advance=1, told=told)

            yield advance
        return
    told_at = began

    def tell() -> None:
        nonlocal done, told_at
        done += 1
        now = time.monotonic()
        if now - told_at >= QUIET_SECONDS or done == total:
            told_at = now
            said = f"{title}: {_how_far(done, total, now - began)}"
            console.print(said, highlight=False, markup=False, soft_wrap=True)

    yield tell


def _how_far(done: int, total: int, seconds: float) -> str:
    """As in “120/700, còn khoảng 2 phút”; nothing of the time when all is done."""
    told = f"{done}/{total}"
    if done >= total:
        return told
    left = max(1, round(seconds / done * (total - done)))
    return f"{told}, còn khoảng " + (f"{left} giây" if left < 90 else f"{round(left / 60)} phút")
