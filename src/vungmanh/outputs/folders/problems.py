"""What is wrong with one's files: collected with file, row, column and remedy, told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from vungmanh.core.errors import InputError
from vungmanh.core.text import number_vi

SHOWN = 20


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. `line` is the number a reader sees in the file; 0: the whole table."""

    place: str  # file (and sheet) or folder
    line: int
    column: str
    code: str
    text: str  # what is wrong and what to do, one sentence or two

    def __str__(self) -> str:
        where = [self.place]
        where += [f"dòng {self.line}"] if self.line else []
        where += [f"cột {self.column}"] if self.column else []
        return f"{', '.join(where)}: {self.text}"


@dataclass
class Problems:
    """All that is wrong; only the first SHOWN of a kind are kept, all are counted."""

    kept: list[Problem] = field(default_factory=list)
    count: int = 0

    def add(self, place: str, code: str, text: str, *, line: int = 0, column: str = "") -> None:
        self.count += 1
        if len(self.kept) < 4 * SHOWN:
            self.kept.append(Problem(place, line, column, code, text))

    def add_rows(
        self,
        place: str,
        code: str,
        rows: Sequence[int],
        lines: Callable[[Iterable[int]], list[int]],
        say: Callable[[int], str],
        *,
        column: str = "",
    ) -> None:
        """One problem a row; `lines` turns row indexes into line numbers, `say` words one."""
        shown = list(rows[:SHOWN])
        self.count += len(rows) - len(shown)
        for row, line in zip(shown, lines(shown), strict=True):
            self.add(place, code, say(int(row)), line=line, column=column)

    def raise_if_any(self) -> None:
        """Raise InputError with all of them; nothing may be counted on wrong data."""
        if not self.count:
            return
        shown = sorted(self.kept)[:SHOWN]
        if self.count == 1:
            raise InputError(
                str(shown[0]), field=shown[0].column, place=_place(shown[0]), code=shown[0].code
            )
        lines = [f"Số liệu có {number_vi(self.count)} lỗi, chưa tính gì. Sửa rồi chạy lại:"]
        lines += [f"• {problem}" for problem in shown]
        if self.count > len(shown):
            lines.append(f"… và {number_vi(self.count - len(shown))} lỗi nữa.")
        codes = {problem.code for problem in self.kept}
        code = codes.pop() if len(codes) == 1 else "files-wrong"
        raise InputError("\n".join(lines), field=shown[0].column, place=_place(shown[0]), code=code)


def _place(problem: Problem) -> str:
    return f"{problem.place}, dòng {problem.line}" if problem.line else problem.place
