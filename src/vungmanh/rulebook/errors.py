"""What can be wrong with the rulebook. The text names the file, the key and the allowed keys."""

from __future__ import annotations

from collections.abc import Iterable

from vungmanh.core.errors import VungManhError


class RulebookError(VungManhError):
    """A rule file that cannot be used, or a question the rulebook has no answer to.

    Codes of files: `bad-yaml`, `unknown-key`, `missing-key`, `wrong-type`, `bad-date`, `bad-value`,
    `unknown-rule-key`, `misplaced-file`, `duplicate-id`, `overlap`, `year-gap`.
    Codes of questions: `no-rule-on-day`, `no-such-rule`, `no-scale-for-year`.
    """

    default_code = "rulebook"

    def __init__(
        self,
        problem: str,
        *,
        code: str,
        file: str = "",
        key: str = "",
        allowed: Iterable[str] = (),
    ) -> None:
        self.problem = problem  # without file, key and what is allowed
        self.file = file
        self.key = key
        self.allowed = tuple(allowed)
        message = problem
        if file:
            message = f"{file}, khóa “{key}”: {problem}" if key else f"{file}: {problem}"
        if self.allowed:
            message += f" Được dùng: {', '.join(self.allowed)}."
        super().__init__(message, code=code)
