"""Review report of a collective (kiểm điểm tập thể), form 01 of the yearly review."""

from __future__ import annotations

from dataclasses import dataclass

from vungmanh.outputs.papers.document import Line, Paper, Part
from vungmanh.outputs.papers.kinds.sections import Section, numbered
from vungmanh.outputs.papers.kinds.sender import Closing, Sender, paper_of
from vungmanh.rulebook.values.papers import PaperType

#: What a collective reviews of itself, where nobody says otherwise.
REVIEWED = (
    "Ưu điểm, kết quả đạt được",
    "Hạn chế, khuyết điểm và nguyên nhân",
    "Kết quả khắc phục hạn chế, khuyết điểm đã được chỉ ra",
    "Trách nhiệm của tập thể, cá nhân",
    "Phương hướng và biện pháp khắc phục",
)


@dataclass(frozen=True)
class CollectiveReview:
    """`sections` in order; `self_grade` the grade the collective proposes for itself."""

    sender: Sender
    closing: Closing
    collective: str
    year: int
    sections: tuple[Section, ...] = tuple(Section(title) for title in REVIEWED)
    self_grade: str = ""
    vote: str = ""


def review_report(review: CollectiveReview) -> Paper:
    """The report as it goes to the level above."""
    parts: list[Part] = numbered(
        (
            *review.sections,
            Section(
                "Tự nhận mức xếp loại",
                lines=(("Mức tự nhận", review.self_grade), ("Kết quả biểu quyết", review.vote)),
            ),
        )
    )
    if not review.self_grade:
        parts.append(Line("Lý do chưa nhận mức"))
    return paper_of(
        review.sender,
        PaperType.REPORT,
        about=f"kiểm điểm của {review.collective} năm {review.year}",
        parts=parts,
        closing=review.closing,
    )
