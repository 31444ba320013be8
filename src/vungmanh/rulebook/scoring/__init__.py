"""One meeting by one sheet: a line for each criterion, then the total. Pure: `score_sheet`."""

from vungmanh.rulebook.scoring.answers import Answers, read_answers
from vungmanh.rulebook.scoring.checks import check_answers, sheet_key, sheet_rule
from vungmanh.rulebook.scoring.lines import Line, PointSource, line_of, rows_of
from vungmanh.rulebook.scoring.measured import Measured
from vungmanh.rulebook.scoring.sheet import Scored, VetoLine, score_sheet

__all__ = [
    "Answers",
    "Line",
    "Measured",
    "PointSource",
    "Scored",
    "VetoLine",
    "check_answers",
    "line_of",
    "read_answers",
    "rows_of",
    "score_sheet",
    "sheet_key",
    "sheet_rule",
]
