"""The way into the Party: what an admission must hold to. Its clocks are `clocks_of`.

Conditions follow the rule of the day on which the cell considers it, the probation that of the day
on which it begins. What no rule of the day says is UNKNOWN.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from vungmanh.core.text import date_vi
from vungmanh.rulebook.people.admission_case import (
    ORDER,
    AdmissionCase,
    Probation,
    Step,
    probation_of,
)
from vungmanh.rulebook.people.admission_clocks import clocks_of
from vungmanh.rulebook.people.days import age_on, months_after, whole_months
from vungmanh.rulebook.people.findings import (
    JudgedState,
    PeopleFinding,
    RulesOn,
    Ruling,
    no_rule,
    ruling,
    unknown,
)
from vungmanh.rulebook.values.members import AdmissionRule

__all__ = ["AdmissionCase", "Probation", "clocks_of", "judge_admission", "probation_of"]

_MET = JudgedState.MET


def judge_admission(
    rules_on: RulesOn, case: AdmissionCase, *, on: dt.date
) -> tuple[PeopleFinding, ...]:
    """The conditions on the day the cell considers it (`on` before that), then the probation."""
    considered = case.day_of(Step.CELL_RESOLUTION) or on
    rule = ruling(rules_on(considered), AdmissionRule)
    findings = [*_order(case)]
    if rule is None:
        findings.append(no_rule("admission", f"điều kiện kết nạp ngày {date_vi(considered)}"))
    else:
        findings += [*_age(rule, case, considered), *_schooling(rule, case)]
        findings += [*_introducer(rule, case, considered), *_dossier(rule, case, considered)]
        findings += [*_again(rule, case, considered)]
    return (*findings, *_probation(rules_on, case))


def _order(case: AdmissionCase) -> Iterator[PeopleFinding]:
    known = [(step, day) for step in ORDER if (day := case.day_of(step)) is not None]
    for (earlier, first), (later, second) in pairwise(known):
        if second < first:
            text = (
                f"“{later.label}” ({date_vi(second)}) ghi trước “{earlier.label}”"
                f" ({date_vi(first)}). Sửa lại ngày."
            )
            figures = ((earlier.label, first), (later.label, second))
            yield PeopleFinding("order", JudgedState.REFUSED, text, figures)


def _age(rule: Ruling[AdmissionRule], case: AdmissionCase, day: dt.date) -> Iterator[PeopleFinding]:
    value = rule.value
    if case.born_on is None:
        yield unknown("age", "Chưa rõ ngày sinh nên chưa biết tuổi.", rule.cite("least_age"))
        return
    age = age_on(case.born_on, day)
    figures = (("Tuổi", age), ("Ngày xét", day))
    if value.least_age is not None and age < value.least_age:
        text = (
            f"Ngày {date_vi(day)} chưa đủ tuổi, cần đủ {value.least_age}."
            " Chờ đủ tuổi rồi chi bộ mới xét."
        )
        state = rule.state_of_breach("least_age")
        yield PeopleFinding("age", state, text, figures, rule.cite("least_age"))
    elif value.most_age is not None and day > months_after(case.born_on, value.most_age * 12):
        text = f"Đã quá {value.most_age} tuổi. {value.older_by}: ghi văn bản đồng ý."
        state = rule.state_of_breach("most_age", allowed=True)
        yield PeopleFinding("age", state, text, figures, rule.cite("most_age"))
    else:
        yield PeopleFinding("age", _MET, "Đủ tuổi khi xét.", figures, rule.cite("least_age"))


def _schooling(rule: Ruling[AdmissionRule], case: AdmissionCase) -> Iterator[PeopleFinding]:
    value, cite = rule.value, rule.cite("schooling")
    if not value.schooling:
        return
    if case.schooling_met is None:
        yield unknown("schooling", f"{value.schooling}.", cite)
    elif case.schooling_met:
        yield PeopleFinding("schooling", _MET, f"{value.schooling}: có.", (), cite)
    else:
        special = bool(case.special_area and value.lower_in_special_areas)
        text = f"{value.schooling}: chưa."
        text += " Nơi đặc biệt có thể thấp hơn khi cấp trên đồng ý." if special else " Chưa xét."
        state = rule.state_of_breach("schooling", allowed=special)
        yield PeopleFinding("schooling", state, text, (), cite)


def _introducer(
    rule: Ruling[AdmissionRule], case: AdmissionCase, day: dt.date
) -> Iterator[PeopleFinding]:
    months, cite = rule.value.introducer_months, rule.cite("introducer_months")
    if months is None:
        return
    if case.introducer_official is False:
        text = "Người giới thiệu chưa là đảng viên chính thức. Chọn người khác."
        state = rule.state_of_breach("introducer_months")
        yield PeopleFinding("introducer", state, text, (), cite)
    elif case.introducer_since is None or case.introducer_official is None:
        yield unknown("introducer", f"Người giới thiệu đã cùng nơi {months} tháng.", cite)
    else:
        together = whole_months(case.introducer_since, day)
        figures = (("Số tháng cùng nơi", together), ("Ít nhất", months))
        if together >= months:
            text = f"Người giới thiệu cùng nơi {together} tháng."
            yield PeopleFinding("introducer", _MET, text, figures, cite)
        else:
            text = (
                f"Người giới thiệu mới cùng nơi {together} tháng, cần {months}."
                " Chọn người khác hoặc chờ đủ."
            )
            state = rule.state_of_breach("introducer_months")
            yield PeopleFinding("introducer", state, text, figures, cite)


def _dossier(
    rule: Ruling[AdmissionRule], case: AdmissionCase, day: dt.date
) -> Iterator[PeopleFinding]:
    made, months = case.day_of(Step.DOSSIER), rule.value.dossier_months
    if made is None or months is None or day <= months_after(made, months):
        return
    text = f"Hồ sơ lập ngày {date_vi(made)}, quá {months} tháng mà chi bộ chưa xét. Làm lại hồ sơ."
    figures = (("Lập hồ sơ", made), ("Ngày xét", day))
    state = rule.state_of_breach("dossier_months")
    yield PeopleFinding("dossier", state, text, figures, rule.cite("dossier_months"))


def _again(
    rule: Ruling[AdmissionRule], case: AdmissionCase, day: dt.date
) -> Iterator[PeopleFinding]:
    value = rule.value
    if case.times_admitted > 1 and value.readmission_once:
        text = "Đã kết nạp lại một lần; chỉ được một lần."
        state = rule.state_of_breach("readmission_once")
        cite = rule.cite("readmission_once")
        yield PeopleFinding(
            "again_once", state, text, (("Số lần đã kết nạp", case.times_admitted),), cite
        )
    if value.readmission_months is None or (case.left_on is None and not case.times_admitted):
        return
    cite = rule.cite("readmission_months")
    if case.left_on is None:
        yield unknown("again", "Chưa rõ ngày ra khỏi Đảng lần trước.", cite)
        return
    least = months_after(case.left_on, value.readmission_months)
    figures = (("Ra khỏi Đảng", case.left_on), ("Sớm nhất", least))
    if day < least:
        text = (
            f"Ra khỏi Đảng chưa đủ {value.readmission_months} tháng: sớm nhất"
            f" {date_vi(least)}, tỉnh đồng ý bằng văn bản."
        )
        state = rule.state_of_breach("readmission_months")
        yield PeopleFinding("again", state, text, figures, cite)
    else:
        text = "Đủ thời gian để xét kết nạp lại; tỉnh đồng ý bằng văn bản."
        yield PeopleFinding("again", _MET, text, figures, cite)


def _probation(rules_on: RulesOn, case: AdmissionCase) -> Iterator[PeopleFinding]:
    ceremony = case.day_of(Step.CEREMONY)
    if ceremony is None:
        return
    probation = probation_of(rules_on, case)
    if probation is None:
        yield no_rule("probation", f"thời gian dự bị từ ngày {date_vi(ceremony)}")
        return
    rule = probation.rule
    if case.extension_months:
        yield _extension(rule, case.extension_months)
    considered = case.day_of(Step.CELL_OFFICIAL)
    figures = (("Bắt đầu dự bị", probation.starts_on), ("Hết dự bị", probation.ends_on))
    cite = rule.cite("probation_months")
    if considered is not None and considered < probation.ends_on:
        text = (
            f"Chi bộ xét ngày {date_vi(considered)}, trước khi hết dự bị"
            f" {date_vi(probation.ends_on)}. Xét sau ngày ấy."
        )
        state = rule.state_of_breach("probation_months")
        yield PeopleFinding("probation_short", state, text, figures, cite)
    if case.official_from is None:
        return
    months = whole_months(probation.starts_on, case.official_from)
    if case.official_from == probation.ends_on:
        yield PeopleFinding("probation", _MET, f"Dự bị đủ {months} tháng.", figures, cite)
        return
    longer = case.official_from > probation.ends_on
    code = "probation_long" if longer else "probation_short"
    text = (
        f"Ghi chính thức từ {date_vi(case.official_from)}; theo quy định là từ"
        f" {date_vi(probation.ends_on)}, dù xét muộn. Sửa ngày ấy."
    )
    if longer and rule.value.extension_months is not None:
        text += " Nếu đã kéo dài dự bị, ghi số tháng kéo dài và quyết định."
    state = rule.state_of_breach("probation_months")
    yield PeopleFinding(code, state, text, (*figures, ("Ghi là", case.official_from)), cite)


def _extension(rule: Ruling[AdmissionRule], months: int) -> PeopleFinding:
    most = rule.value.extension_months
    figures = (("Kéo dài (tháng)", months), ("Nhiều nhất", most))
    if most is None:
        text = (
            "Quy định không nêu việc kéo dài thời gian dự bị. Chỉ ghi được khi tỉnh có quy định:"
            " đưa quy định ấy vào Căn cứ trước."
        )
        state = rule.state_of_breach("probation_months")
        return PeopleFinding("extension", state, text, figures, rule.cite("probation_months"))
    cite = rule.cite("extension_months")
    if months > most:
        text = f"Kéo dài {months} tháng, nhiều nhất {most}. Giảm bớt."
        state = rule.state_of_breach("extension_months")
        return PeopleFinding("extension", state, text, figures, cite)
    text = f"Kéo dài dự bị {months} tháng: ghi người quyết định và lý do."
    state = rule.state_of_breach("extension_months", allowed=True)
    return PeopleFinding("extension", state, text, figures, cite)
