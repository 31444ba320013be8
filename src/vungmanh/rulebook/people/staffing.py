"""What holds before an appointment, an election or a move is recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from vungmanh.core.people_words import AppointmentWay
from vungmanh.core.text import date_vi
from vungmanh.core.vocabulary import CELL_KINDS, Post, UnitKind
from vungmanh.rulebook.book import RulebookView
from vungmanh.rulebook.people.findings import (
    JudgedState,
    PeopleFinding,
    Ruling,
    no_rule,
    ruling,
    unknown,
)
from vungmanh.rulebook.values.posts import (
    ConcurrentPosts,
    PostsOfKind,
    PostStaffing,
)

_OK, _UNKNOWN = JudgedState.OK, JudgedState.UNKNOWN


@dataclass(frozen=True)
class StaffingFacts:
    """One act to be judged; None is not known. Numbers of the committee count the act in.

    `congress_seats` is the number the congress decided; `moved_elected` of `elected` members are
    moved at once. `posts_held`, `as_secretary`: of the person, the new post included.
    """

    kind: UnitKind
    post: Post
    way: AppointmentWay
    starts_on: dt.date
    official_members: int | None = None
    held_by_other: bool | None = None
    committee_size: int | None = None
    congress_seats: int | None = None
    elected: int | None = None
    moved_elected: int | None = 0
    after_reform: bool = False
    proposed_by_unit: bool | None = None
    ballots: int | None = None
    posts_held: int | None = None
    as_secretary: int | None = None
    retires_on: dt.date | None = None


def judge_staffing(view: RulebookView, facts: StaffingFacts) -> tuple[PeopleFinding, ...]:
    """Each check that applies to the act, in a fixed order; empty of what does not apply."""
    return (*_posts(view, facts), *_staffing(view, facts), *_concurrent(view, facts))


def _posts(view: RulebookView, facts: StaffingFacts) -> Iterator[PeopleFinding]:
    rule = ruling(view, PostsOfKind)
    single = rule.value.single if rule else (Post.SECRETARY,)
    if facts.held_by_other and facts.post in single:
        # No text is cited: two holders of one post at once is a wrong record, whatever is written.
        text = f"{facts.post.label} đang có người giữ. Ghi ngày thôi giữ chức của người ấy trước."
        yield PeopleFinding("post_taken", JudgedState.REFUSED, text)
    if rule is None:
        yield no_rule("post_exists", "chức danh của từng loại tổ chức")
        return
    if facts.post not in rule.value.posts(facts.kind):
        text = f"{facts.kind.label} không có chức danh {facts.post.label.lower()}. Chọn lại."
        breach = rule.state_of_breach("kinds")
        yield PeopleFinding("post_exists", breach, text, (), rule.cite("kinds"))
    if facts.kind in CELL_KINDS:
        yield from _cell_committee(rule, facts)


def _cell_committee(rule: Ruling[PostsOfKind], facts: StaffingFacts) -> Iterator[PeopleFinding]:
    value, official, size = rule.value, facts.official_members, facts.committee_size
    figures = (("Đảng viên chính thức", official), ("Bầu chi ủy từ", value.committee_from))
    if value.committee_from is None:
        yield no_rule("cell_committee", "số đảng viên để bầu chi ủy")
        return
    cite = rule.cite("committee_from")
    if facts.post is Post.COMMITTEE_MEMBER:
        has = value.has_committee(official)
        if has is None:
            text = "Chưa rõ số đảng viên chính thức nên chưa biết chi bộ có chi ủy không."
            yield unknown("cell_committee", text, cite)
        elif has:
            yield PeopleFinding("cell_committee", _OK, "Chi bộ đủ số để bầu chi ủy.", figures, cite)
        else:
            text = (
                f"Chi bộ có {official} đảng viên chính thức, dưới {value.committee_from}: chỉ có"
                " bí thư và, nếu cần, phó bí thư. Không ghi chi ủy viên."
            )
            state = rule.state_of_breach("committee_from")
            yield PeopleFinding("cell_committee", state, text, figures, cite)
    if size is not None and value.committee_most is not None and size > value.committee_most:
        text = f"Chi ủy sẽ có {size} người, nhiều nhất là {value.committee_most}. Giảm bớt."
        sizes = (("Chi ủy", size), ("Nhiều nhất", value.committee_most))
        state = rule.state_of_breach("committee_most")
        yield PeopleFinding("committee_size", state, text, sizes, rule.cite("committee_most"))


def _staffing(view: RulebookView, facts: StaffingFacts) -> Iterator[PeopleFinding]:
    rule = ruling(view, PostStaffing)
    if rule is None:
        yield no_rule("staffing", "kiện toàn, thêm, điều chuyển cấp ủy viên")
        return
    yield from _extra_seats(rule, facts)
    yield from _moved(rule, facts)
    yield from _filling(rule, facts)
    if facts.retires_on is not None and facts.starts_on >= facts.retires_on:
        text = (
            f"Nghỉ hưu từ {date_vi(facts.retires_on)} thì thôi tham gia cấp ủy từ ngày ấy."
            " Xem lại ngày, hoặc ghi rõ là chức danh ở nơi cư trú."
        )
        figures = (("Nghỉ hưu", facts.retires_on), ("Nhận chức", facts.starts_on))
        cite = rule.cite("leaves_on_retirement")
        yield PeopleFinding("retirement", JudgedState.WARNING, text, figures, cite)


def _extra_seats(rule: Ruling[PostStaffing], facts: StaffingFacts) -> Iterator[PeopleFinding]:
    seats, size = facts.congress_seats, facts.committee_size
    percent = rule.value.extra_percent(facts.kind)
    if seats is None and size is not None and percent is not None and not facts.after_reform:
        text = (
            "Chưa ghi số cấp ủy viên đại hội quyết định (mục Nhiệm kỳ) nên chưa biết có thêm quá"
            f" {percent}% không."
        )
        yield unknown("extra_seats", text, rule.cite())
    if seats is None or size is None or size <= seats or facts.after_reform:
        return
    if percent is None:
        text = "Văn bản không nêu riêng tỷ lệ cấp ủy viên thêm của loại tổ chức này. Hỏi cấp trên."
        yield unknown("extra_seats", text, rule.cite())
        return
    most = floor(Fraction(seats * percent, 100))
    name = "extra_upper_percent" if facts.kind in rule.value.upper_kinds else "extra_base_percent"
    level = "upper_kinds" if facts.kind in rule.value.upper_kinds else "base_kinds"
    figures = (("Đại hội quyết định", seats), ("Sẽ có", size), ("Được thêm nhiều nhất", most))
    if size - seats <= most:
        text = f"Thêm {size - seats} cấp ủy viên, không quá {percent}%."
        yield PeopleFinding("extra_seats", _OK, text, figures, rule.cite(name))
    else:
        text = (
            f"Thêm {size - seats} cấp ủy viên, quá {percent}% của {seats}: nhiều nhất {most}."
            " Giảm số thêm."
        )
        # Which kind is the base is our own reading, the limit of every level is 20 %.
        sure = size - seats > floor(Fraction(seats * rule.value.extra_base_percent, 100))
        names = (name,) if sure else (name, level)
        state = rule.state_of_breach(*names)
        yield PeopleFinding("extra_seats", state, text, figures, rule.cite(*names))


def _moved(rule: Ruling[PostStaffing], facts: StaffingFacts) -> Iterator[PeopleFinding]:
    if facts.moved_elected == 0:
        return
    share, cite = rule.value.moved_share, rule.cite("moved_share")
    if facts.after_reform and rule.value.reform_frees_move:
        yield PeopleFinding(
            "moved", _OK, "Do sáp nhập, chia tách nên không tính phần này.", (), cite
        )
        return
    if facts.moved_elected is None or not facts.elected:
        text = "Chưa rõ số cấp ủy viên do bầu và số chuyển đi cùng lúc. Ghi hai số ấy."
        yield unknown("moved", text, cite)
        return
    figures = (("Do bầu", facts.elected), ("Chuyển cùng lúc", facts.moved_elected))
    if Fraction(facts.moved_elected, facts.elected) <= share:
        text = f"Chuyển {facts.moved_elected}/{facts.elected}, không quá {_share(share)}."
        yield PeopleFinding("moved", _OK, text, figures, cite)
    else:
        text = (
            f"Chuyển {facts.moved_elected}/{facts.elected} cấp ủy viên một lần,"
            f" hơn {_share(share)}: phải được cấp trên một cấp đồng ý. Ghi văn bản đồng ý."
        )
        state = rule.state_of_breach("moved_share", allowed=True)
        yield PeopleFinding("moved", state, text, figures, cite)


def _filling(rule: Ruling[PostStaffing], facts: StaffingFacts) -> Iterator[PeopleFinding]:
    if facts.way is not AppointmentWay.APPOINTED or facts.after_reform:
        return
    ballots = facts.ballots
    if facts.post is Post.SECRETARY and ballots is not None and ballots >= rule.value.ballots:
        text = f"Bầu {ballots} lần không được bí thư: cấp trên chỉ định."
        figures = (("Số lần bầu", ballots), ("Từ", rule.value.ballots))
        yield PeopleFinding("filling", _OK, text, figures, rule.cite("ballots"))
        return
    if facts.kind not in CELL_KINDS or not rule.value.filled_on_proposal:
        return
    cite = rule.cite("filled_on_proposal")
    if facts.proposed_by_unit is None:
        text = "Chưa rõ chi bộ đã đề nghị hay chưa. Ghi văn bản đề nghị nếu có."
        yield unknown("filling", text, cite)
    elif facts.proposed_by_unit:
        yield PeopleFinding("filling", _OK, "Cấp trên chỉ định theo đề nghị của chi bộ.", (), cite)
    else:
        text = (
            "Chi bộ chưa đề nghị. Chỉ không cần đề nghị khi cấp trên cử cấp ủy viên của mình hoặc"
            " đảng viên nơi khác về làm bí thư: ghi rõ trường hợp ấy."
        )
        yield PeopleFinding("filling", JudgedState.WARNING, text, (), cite)


def _concurrent(view: RulebookView, facts: StaffingFacts) -> Iterator[PeopleFinding]:
    rule = ruling(view, ConcurrentPosts)
    if rule is None or facts.posts_held is None:
        return
    value, cite = rule.value, rule.cite()
    figures = (("Số chức danh", facts.posts_held), ("Nhiều nhất", value.most_posts))
    if facts.posts_held > value.most_posts:
        text = f"Một người sẽ giữ {facts.posts_held} chức danh. Xem có chức danh nào nên thôi."
        yield PeopleFinding("concurrent", rule.state_of_breach(), text, figures, cite)
    if facts.as_secretary is not None and facts.as_secretary > value.most_as_secretary:
        text = f"Một người sẽ làm bí thư {facts.as_secretary} nơi. Xem nơi nào nên giao người khác."
        figures = (("Làm bí thư", facts.as_secretary), ("Nhiều nhất", value.most_as_secretary))
        yield PeopleFinding("concurrent_secretary", rule.state_of_breach(), text, figures, cite)


def _share(share: Fraction) -> str:
    return "một phần ba" if share == Fraction(1, 3) else f"{share.numerator}/{share.denominator}"
