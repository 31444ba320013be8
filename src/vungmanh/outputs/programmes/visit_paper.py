"""Minutes of a visit of an overseer: who came, whether a meeting was attended, what was found."""

from __future__ import annotations

from uuid import UUID

from vungmanh.access.wall import lowered
from vungmanh.core.errors import NotNow
from vungmanh.core.text import date_vi
from vungmanh.meetings.models import Visit
from vungmanh.meetings.visits import sitting_of
from vungmanh.org.models import UnitClosure
from vungmanh.outputs.papers.document import Paper
from vungmanh.outputs.papers.issuing import Signer
from vungmanh.outputs.papers.kinds.reports import SittingMinutes, sitting_minutes
from vungmanh.outputs.papers.kinds.sections import Section
from vungmanh.outputs.papers.kinds.sender import Closing, Sender
from vungmanh.outputs.programmes.asked import names_on
from vungmanh.outputs.programmes.issuing import Issuable
from vungmanh.rulebook.values.papers import PaperBody, PaperType


def minutes_of(visit: Visit) -> Issuable:
    """The minutes of a visit, of the committee right above the unit. Raises NotNow for a visit
    that was taken back."""
    if visit.withdrawn_at is not None:
        raise NotNow(
            "Lần đi cơ sở này đã rút nên không có biên bản. Ghi lại lần đi nếu có đi.",
            code="visit-withdrawn",
        )
    name = names_on([visit.unit_id], visit.on).get(visit.unit_id, "")
    about = f"đi cơ sở, dự sinh hoạt tại {name}, ngày {date_vi(visit.on)}"

    def make(sender: Sender, closing: Closing) -> Paper:
        present = f"{visit.overseer}, người được phân công phụ trách; đại diện {name}"
        return sitting_minutes(
            SittingMinutes(
                sender, closing, about, held=f"ngày {date_vi(visit.on)}", place=name,
                present=present, sections=_sections(visit),
            )
        )  # fmt: skip

    signed = Closing((Signer(f"Đại diện {name}"), Signer("Người đi cơ sở", str(visit.overseer))))
    return Issuable(
        _above(visit), PaperType.MINUTES, PaperBody.COMMITTEE, about, f"visit:{visit.pk}",
        visit.on, make, closing=signed,
    )  # fmt: skip


def _sections(visit: Visit) -> tuple[Section, ...]:
    """What was noted; what nobody noted is left to the pen."""
    sitting = sitting_of(visit) if visit.attended else None
    attended = "Có dự buổi sinh hoạt của đơn vị." if visit.attended else "Không dự sinh hoạt."
    if visit.attended and sitting is None:
        attended += " Chưa có bản ghi của buổi họp ngày ấy."
    done = tuple(
        f"{task.title}: {task.owner}, hạn {date_vi(task.due_on)}"
        for task in visit.tasks.order_by("due_on", "pk")  # type: ignore[attr-defined]
    )
    return (
        Section("Dự sinh hoạt", (attended,)),
        Section("Điều thấy được", _said(visit.found)),
        Section("Điều đã thống nhất", _said(visit.agreed)),
        Section("Điều đã khắc phục tại chỗ", _said(visit.put_right)),
        *([Section("Việc phải sửa đã giao", points=done)] if done else []),
    )


def _said(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def _above(visit: Visit) -> UUID:
    """The committee right above the unit on the day; the unit itself where nothing is."""
    with lowered():  # which committee a unit stands under is no secret
        above = UnitClosure.objects.filter(
            descendant_id=visit.unit_id, depth=1, valid__contains=visit.on
        ).first()
    return above.ancestor_id if above else visit.unit_id
