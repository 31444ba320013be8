"""What was done with a file, and what its catalogues call things, in words."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from vungmanh.core.programme_words import FileAct, FileFate, ReviewEnd
from vungmanh.rulebook import load_rulebook
from vungmanh.rulebook.values.programmes import CauseCatalogue, MeasureCatalogue
from vungmanh.strengthening.models import FileEntry


def cause_words(code: str, on: dt.date) -> str:
    """What the catalogue in force on a day calls a cause."""
    found = load_rulebook().on(on).of(CauseCatalogue).cause(code)
    return _(found.text) if found else code


def measure_words(code: str, on: dt.date) -> str:
    """What the catalogue in force on a day calls a measure."""
    found = load_rulebook().on(on).of(MeasureCatalogue).measure(code)
    return _(found.text) if found else code


def act_words(entry: FileEntry) -> str:
    """The act, and what it was about."""
    said, on = entry.content, entry.on
    act = FileAct(entry.act)
    if act is FileAct.WRITE_CAUSE:
        for key, words in _OF_CAUSES.items():
            if key in said:
                return f"{_(words)}: {cause_words(said[key], on)}"
    if act is FileAct.WRITE_MEASURE and "kind" in said:
        return f"{_(act.label)}: {measure_words(said['kind'], on)}"
    if act in {FileAct.END_MEASURE, FileAct.WRITE_MEASURE} and "done" in said:
        return _("Biện pháp đã làm, có căn cứ") if said["done"] else _("Biện pháp không làm nữa")
    if act in {FileAct.REVIEW, FileAct.NAME_REVIEWER} and said.get("kind") in _REVIEWS:
        end = said.get("conclusion")
        told = f"; {_(ReviewEnd(end).label).lower()}" if end else ""
        return f"{_(act.label)}: {_(_REVIEWS[said['kind']])}{told}"
    if act is FileAct.ASK_LINEAGE:
        return f"{_(act.label)}: {_(FileFate(said['fate']).label).lower()}"
    return _(act.label)


_REVIEWS = {"mid_year": "giữa năm", "year_end": "cuối năm", "slow": "chuyển biến chậm"}
_OF_CAUSES = {
    "cause": "Ghi nguyên nhân",
    "withdrawn": "Rút nguyên nhân",
    "verified": "Xác minh tại chỗ",
    "second": "Ý kiến thứ hai",
}
