"""How official papers are laid out, numbered and signed, and who may not issue what."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from dataclasses import dataclass
from typing import ClassVar

from vungmanh.core.vocabulary import Vocabulary
from vungmanh.rulebook.values.base import Value, require, require_positive


class PaperFamily(Vocabulary):
    """Whose layout a paper follows."""

    PARTY = "party", "Văn bản của Đảng"
    STATE = "state", "Văn bản hành chính nhà nước"


class PaperType(Vocabulary):
    """What a paper is. The letters of its symbol are data of the layout."""

    RESOLUTION = "resolution", "Nghị quyết"
    DECISION = "decision", "Quyết định"
    CONCLUSION = "conclusion", "Kết luận"
    STATUTE = "statute", "Quy định"
    BYLAW = "bylaw", "Quy chế"
    GUIDANCE = "guidance", "Hướng dẫn"
    NOTICE = "notice", "Thông báo"
    REPORT = "report", "Báo cáo"
    PLAN = "plan", "Kế hoạch"
    PROGRAMME = "programme", "Chương trình"
    SUBMISSION = "submission", "Tờ trình"
    LETTER = "letter", "Công văn"
    MINUTES = "minutes", "Biên bản"
    SCHEME = "scheme", "Đề án"
    OPTION = "option", "Phương án"
    INVITATION = "invitation", "Thư mời"
    FORM = "form", "Mẫu, bảng, phiếu, danh sách"


class PaperBody(Vocabulary):
    """Who issues a paper, as far as limits and signatures ask."""

    CELL = "cell", "Chi bộ"
    COMMITTEE = "committee", "Ban chấp hành, đảng ủy"
    STANDING_COMMITTEE = "standing_committee", "Ban thường vụ"
    AGENCY = "agency", "Cơ quan có thủ trưởng"


class SigningCapacity(Vocabulary):
    """For whom one signs."""

    OWN = "own", "Tự mình"
    FOR_COLLECTIVE = "for_collective", "Thay mặt tập thể"
    FOR_HEAD = "for_head", "Cấp phó ký thay thủ trưởng"
    BY_ORDER = "by_order", "Thừa lệnh"


class NumberRestart(Vocabulary):
    """When the numbers of a type begin again at 1."""

    CONGRESS_TERM = "congress_term", "Theo nhiệm kỳ đại hội của cấp ủy ban hành"
    YEAR = "year", "Theo năm"


@dataclass(frozen=True)
class PaperSymbol:
    """The letters of a type in the symbol: "NQ"."""

    type: PaperType
    letters: str


@dataclass(frozen=True)
class CapacityWords:
    """What stands before the body or the head one signs for: "T/M"."""

    capacity: SigningCapacity
    words: str


@dataclass(frozen=True)
class PaperLayout(Value):
    """Measures in millimetres and points; `number_form` knows {number}, {type} and {body}.

    `heading_line` stands top right, `motto` under it where there is one; sizes of the two are
    `heading_pt` and `motto_pt`. A line of text is exactly `line_pt` high.
    """

    page_width_mm: int
    page_height_mm: int
    top_mm: int
    bottom_mm: int
    left_mm: int
    right_mm: int
    font: str
    heading_line: str
    motto: str
    heading_pt: int
    motto_pt: int
    superior_pt: int
    issuer_pt: int
    number_pt: int
    dated_pt: int
    title_pt: int
    about_pt: int
    body_pt: int
    table_pt: int
    recipients_pt: int
    page_number_pt: int
    line_pt: int
    indent_mm: int
    after_pt: int
    star: str
    number_form: str
    pad_number_below: int
    pad_day_below: int
    pad_month_to: int
    page_number_from: int
    closing: str
    capacity_bold: bool
    role_bold: bool
    restarts: NumberRestart
    symbols: tuple[PaperSymbol, ...]
    capacities: tuple[CapacityWords, ...]

    def __post_init__(self) -> None:
        sizes = {
            field.name: getattr(self, field.name)
            for field in dataclasses.fields(self)
            if field.name.endswith(("_mm", "_pt")) and field.name not in ("motto_pt", "after_pt")
        }
        require_positive(**sizes)
        room = self.page_width_mm - self.left_mm - self.right_mm
        require(room >= 100, "Lề trái và lề phải để lại chưa đến 100 mm cho chữ; hãy giảm lề.")
        height = self.page_height_mm - self.top_mm - self.bottom_mm
        require(height >= 100, "Lề trên và lề dưới để lại chưa đến 100 mm cho chữ; hãy giảm lề.")
        for name in ("{number}", "{type}", "{body}"):
            require(name in self.number_form, f"“number_form” phải có {name}.")
        require(self.line_pt >= self.body_pt, "“line_pt” phải từ cỡ chữ nội dung trở lên.")
        types = [one.type for one in self.symbols]
        require(len(types) == len(set(types)), "“symbols” ghi một loại văn bản hai lần.")

    @property
    def breadth_mm(self) -> int:
        """From margin to margin."""
        return self.page_width_mm - self.left_mm - self.right_mm

    def letters(self, kind: PaperType) -> str:
        """The letters of a type; "" for one that carries none."""
        return next((one.letters for one in self.symbols if one.type is kind), "")

    def words(self, capacity: SigningCapacity) -> str:
        """What stands before the body; "" for who signs for himself."""
        return next((one.words for one in self.capacities if one.capacity is capacity), "")


class PartyPaperLayout(PaperLayout):
    """The layout of Party papers."""

    key: ClassVar[str] = "paper_layout.party"


class StatePaperLayout(PaperLayout):
    """The layout of papers of State bodies."""

    key: ClassVar[str] = "paper_layout.state"


@dataclass(frozen=True)
class PaperLimit:
    """Types of paper that a body may not issue."""

    body: PaperBody
    types: tuple[PaperType, ...]


@dataclass(frozen=True)
class PaperLimits(Value):
    """Who may not issue what; a body that is not named is not limited here."""

    key: ClassVar[str] = "paper_limits"
    limits: tuple[PaperLimit, ...]

    def __post_init__(self) -> None:
        bodies = [one.body for one in self.limits]
        require(len(bodies) == len(set(bodies)), "“limits” ghi một cơ quan hai lần.")

    def forbids(self, body: PaperBody, kind: PaperType) -> bool:
        return any(one.body is body and kind in one.types for one in self.limits)


_TERM = re.compile(r"(\d{4})-(\d{4})")
LONGEST_TERM = 10  # years


def term_years(name: str) -> tuple[int, int] | None:
    """First and last year of a congress term "2025-2030"; None for what is none."""
    found = _TERM.fullmatch(name)
    if found is None:
        return None
    first, last = int(found[1]), int(found[2])
    return (first, last) if first < last <= first + LONGEST_TERM else None


@dataclass(frozen=True)
class PlannedTerm:
    """A congress term and the day from which numbers count anew where no congress is recorded."""

    name: str
    begins: dt.date

    def __post_init__(self) -> None:
        years = term_years(self.name)
        require(years is not None, f"Ghi nhiệm kỳ “{self.name}” theo dạng 2025-2030.")
        require(years is None or self.begins.year == years[0],
                f"Nhiệm kỳ {self.name} phải bắt đầu trong năm đầu của nó.")  # fmt: skip


@dataclass(frozen=True)
class CongressTerms(Value):
    """The terms of committees, and of cells below a base committee, which meet oftener."""

    key: ClassVar[str] = "congress_terms"
    committees: tuple[PlannedTerm, ...]
    cells: tuple[PlannedTerm, ...]

    def __post_init__(self) -> None:
        for terms in (self.committees, self.cells):
            days = [one.begins for one in terms]
            require(days == sorted(set(days)), "Ghi các nhiệm kỳ theo thứ tự ngày bắt đầu.")
