"""The result of the bench as a page of Markdown, for `docs/bench`."""

from __future__ import annotations

from collections.abc import Iterable
from math import isnan

from vungmanh.analysis.trial.agents import PLAYED_YEARS, AgentKind
from vungmanh.analysis.trial.bench import OURS, Bench
from vungmanh.analysis.trial.goals import GOALS, Reached, gains

_DECIMALS = {"rmse": 1, "width": 1, "sure": 0}
_COLUMNS = (
    ("precision", "P@10 %"), ("auc", "AUC"), ("correlation", "corr. with truth"), ("rmse", "RMSE"),
    ("coverage", "90 % interval covers"), ("width", "its width"),
)  # fmt: skip
_GRAINS = (("organisations", "Weak organisations"), ("cells", "Weak cells"))
_WORDS = {Reached.STRETCH: "stretch", Reached.GOAL: "reached", Reached.MISSED: "**not reached**"}
_PLAYS = {
    AgentKind.HIDING: "silent about the months not held",
    AgentKind.SILENT: "silent about everything",
    AgentKind.EXCUSES: "every month not held excused",
    AgentKind.DECEMBER: "the whole year filed in December",
    AgentKind.COPYING: "minutes copied: 12 of 12, 96 % present, four fifths filed in December",
    AgentKind.INVENTING: "12 of 12 claimed, the same invented attendance each month",
}


def markdown(bench: Bench, command: str) -> str:
    """The whole page. `command` is what makes it again."""
    first, last = bench.seeds[0], bench.seeds[-1]
    lines = [
        "# How good the assessment is",
        "",
        "For whoever has to trust a figure, or to improve one. Made by the command below, kept",
        "honest by `tests/unit/analysis/test_trial_model.py`; never edited by hand.",
        "",
        "```",
        command,
        "```",
        "",
        f"{len(bench.seeds)} provinces whose truth is known (seeds {first}–{last}; `methods.md`",
        "§12, `src/vungmanh/analysis/trial`), judged in their last year from what was known at the",
        "end of January. Weak is the tenth that is truly weakest; P@10 % is the share of truly",
        "weak among as many called weakest. Each figure is a mean over provinces ± its Monte-Carlo",
        "standard error.",
        "",
        "## Goals",
        "",
        *_table(("measure", "naive", "goal", "stretch", "measured", ""), _goals(bench)),
    ]
    for grain, title in _GRAINS:
        head = ("method", *(name for _, name in _COLUMNS))
        lines += ["", f"## {title}", "", *_table(head, _methods(bench, grain))]
    lines += ["", *_sure(bench), "", *_agents(bench)]
    return "\n".join(lines) + "\n"


def _goals(bench: Bench) -> Iterable[tuple[str, ...]]:
    figures = bench.measures[OURS]
    for goal in GOALS:
        yield (
            goal.text, goal.naive, bounds(goal.goal), bounds(goal.stretch),
            figure(figures.get(goal.measure), goal.measure), _WORDS[goal.judge(figures)],
        )  # fmt: skip


def _methods(bench: Bench, grain: str) -> Iterable[tuple[str, ...]]:
    for name, figures in bench.measures.items():
        cells = (figure(figures.get(f"{grain} {key}"), key) for key, _ in _COLUMNS)
        bold = "**" if name == OURS else ""
        yield (f"{bold}{name}{bold}", *cells)


def _sure(bench: Bench) -> list[str]:
    figures = bench.measures[OURS]
    rows = [
        (
            title.removeprefix("Weak "),
            *(figure(figures.get(f"{grain} {key}"), key)
              for key in ("sure", "sure below", "sure weakest")),
        )
        for grain, title in _GRAINS
    ]  # fmt: skip
    head = ("", "how many a province", "truly below the reference", "truly in the weakest tenth")
    return ["## Units with a probability of .8 and more", "", *_table(head, rows)]


def _agents(bench: Bench) -> list[str]:
    """Each kind of play against each method that was to be deceived."""
    names = list(bench.moved)
    rows = []
    for kind, words in _PLAYS.items():
        found = [bench.moved[name].get(kind.value) for name in names]
        if any(found):
            paying = [one is not None and gains(one) for one in found]
            rows.append((words, *(
                f"{places(one)}{', pays' if pays else ''}"
                for one, pays in zip(found, paying, strict=True)
            )))  # fmt: skip
    if not rows:
        return []
    return [
        "## Does lying pay?",
        "",
        "Sixty cells among the weakest three tenths report every month truly and in time in one",
        f"world and play in another, for {PLAYED_YEARS} years; all else is equal. The table says",
        "how many places later they stand in the order of work (worst first) when they play; minus",
        "is earlier, so that lying brought them closer to a visit. *Pays*: later by more than two",
        "standard errors.",
        "",
        *_table(("what they do", *names), rows),
        "",
        "Not among them: whoever invents whole years with natural attendance, in fresh words and",
        "in time. No figure shows that; the person who attends the meetings does (decisions 11).",
    ]


def figure(value: tuple[float, float] | None, measure: str) -> str:
    """A mean and its error, as in a table: .712 ± .004."""
    if value is None:
        return "–"
    decimals = _DECIMALS.get(measure.split(" ", 1)[-1], _DECIMALS.get(measure, 3))
    mean, error = (_short(number, decimals) for number in value)
    return mean if isnan(value[1]) else f"{mean} ± {error}"


def places(value: tuple[float, float] | None) -> str:
    """How far agents moved, in whole places."""
    if value is None:
        return "–"
    mean, error = value
    return f"{mean:+.0f} ± {error:.0f}".replace("-", "−")


def bounds(limits: tuple[float, float]) -> str:
    low, high = limits
    return f"≥ {_short(low, 2)}" if high == 1 else f"{_short(low, 2)}–{_short(high, 2)}"


def _short(number: float, decimals: int) -> str:
    text = f"{number:.{decimals}f}"
    return text.removeprefix("0") if decimals and abs(number) < 1 else text


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> list[str]:
    lines = [head, tuple("---" for _ in head), *rows]
    return ["| " + " | ".join(line) + " |" for line in lines]
