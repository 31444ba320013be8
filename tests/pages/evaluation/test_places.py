"""The page of the cap: pooled, apportioned, left out, equal, and whose turn a freed place is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.cast import LANG_THU, QUAN_MAU
from tests.pages.evaluation.conftest import CELL, SECOND, THIRD, Story
from tests.pages.strengthening.story import main_of, words
from vungmanh.core.vocabulary import DossierState, Role, Sector
from vungmanh.evaluation.models import DecisionInputs, Dossier, DossierEntry, GradeDecision
from vungmanh.rulebook.values.quota import QuotaMethod, QuotaSharing, QuotaTies
from vungmanh.strengthening import year_quota

OFFICE, SECRETARY = Role.COMMITTEE_OFFICE, Role.CELL_SECRETARY
BEST, GOOD = "xuat_sac", "tot"


def ruled(monkeypatch: pytest.MonkeyPatch, percent: int = 50, **method: Any) -> None:
    """A cap of half, and the province's own way of counting."""
    hold, shipped = year_quota.hold_quota, year_quota.value_of

    def held(rated: Any, quota: Any, way: Any) -> Any:
        return hold(rated, replace(quota, percent=percent), way)

    def value(rules: Any, key: str) -> Any:
        found = shipped(rules, key)
        return replace(found, **method) if isinstance(found, QuotaMethod) else found

    monkeypatch.setattr(year_quota, "hold_quota", held)
    monkeypatch.setattr(year_quota, "value_of", value)


def proposed(story: Story, points: dict[str, str], group: str = Sector.VILLAGE) -> None:
    for unit, said in points.items():
        one = story.dossier(unit)
        one.state, one.proposed_grade, one.self_points = DossierState.PROPOSED, BEST, said
        one.group = group
        one.save()


def decided(story: Story, unit: str, grade: str, held: str | None, number: int = 1) -> None:
    """As the acts leave it: a decision that says what the cap made of it."""
    kept, _ = DecisionInputs.objects.get_or_create(digest="0" * 64, defaults={"content": "{}"})
    one, by = story.dossier(unit), story.user(OFFICE, QUAN_MAU)
    GradeDecision.objects.create(
        dossier=one, version=1, number=number, grade=grade, rules=story.cycle.rules,
        rulebook="v", inputs=kept, result={"quota": {"held_back": held}}, document="",
        decided_on="2020-01-10", reason="", override_reason="", by=by, at=timezone.now(),
    )  # fmt: skip
    Dossier.objects.filter(pk=one.pk).update(state=DossierState.NOTIFIED, grade=grade)


def page(story: Story) -> str:
    return words(main_of(story.as_(OFFICE).get(f"/xep-loai/{story.cycle.pk}/ty-le/")))


def test_groups_nobody_is_proposed_in_are_one_line(story: Story) -> None:
    proposed(story, {CELL: "96"})
    story.cycle.dossiers.filter(unit_id=story.cast[SECOND]).update(group=Sector.SCHOOL)
    said = page(story)
    assert "nên chưa có số để tính: Trường học." in said
    assert said.count("Chưa nơi nào được đề nghị") == 1


def test_small_groups_are_shown_as_pooled_with_the_group_of_each(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch)
    proposed(story, {CELL: "96", SECOND: "95"})
    proposed(story, {THIRD: "97"}, Sector.SCHOOL)
    said = page(story)
    assert "Các nhóm dưới 5 tính gộp" in said
    assert "Gộp 2 nhóm nhỏ: Trường học; Thôn, tổ dân phố." in said
    assert f"{THIRD} Trường học 97 trong tỷ lệ" in said
    assert f"{CELL} Thôn, tổ dân phố 96 bị giữ lại do tỷ lệ đứng sau số được chọn" in said


def test_a_pool_shared_by_webster_shows_its_arithmetic(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, sharing=QuotaSharing.APPORTIONED)
    proposed(story, {CELL: "96", SECOND: "95"})
    proposed(story, {THIRD: "97"}, Sector.SCHOOL)
    said = page(story)
    assert "Chia suất theo phương pháp Webster (Sainte-Laguë), từng bước" in said
    assert "Suất 1: Thôn, tổ dân phố, 2 : 1 = 2." in said
    assert f"{CELL} 96 trong tỷ lệ" in said


def test_the_protected_are_left_out_and_named(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch)
    proposed(story, {CELL: "96", SECOND: "95", THIRD: "94"})
    story.cycle.dossiers.filter(unit_id=story.cast[THIRD]).update(protected=True)
    said = page(story)
    assert "2 nơi được đề xuất mức cao nhất, tỷ lệ cho 1; 1 nơi bị giữ lại." in said
    assert f"không làm số suất tăng hay giảm: {THIRD}" in said


def test_equals_show_the_criterion_that_decided_or_that_none_did(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    proposed(story, {CELL: "96", SECOND: "96", THIRD: "90"})
    ruled(monkeypatch)
    tied = page(story)
    assert "2 nơi bằng nhau mà chỉ còn 1 suất" in tied
    assert "Còn 1 suất, không đủ cho các nơi bằng điểm." in tied
    assert "Hết 1 suất" not in tied
    story.cast.hold(CELL, 2019, held=9)
    story.cast.hold(SECOND, 2019, held=12)
    ruled(monkeypatch, ties=QuotaTies.CRITERIA, criteria=("meetings_held",))
    said = page(story)
    assert "2 nơi bằng điểm ở chỗ hết suất, xét theo tiêu chí phụ: Kỳ họp đã họp." in said
    assert f"{SECOND} 96 trong tỷ lệ Kỳ họp đã họp: 100%" in said
    assert "bằng điểm, đứng sau theo: Kỳ họp đã họp Kỳ họp đã họp: 75%" in said


def test_who_has_no_score_is_not_held_back_but_not_considered(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch)
    proposed(story, {CELL: "96", SECOND: "95", THIRD: "90"})
    story.cycle.dossiers.update(self_points=None)
    said = page(story)
    assert "Các tổ chức dưới vạch này chưa có điểm nên chưa xét." in said
    assert f"{CELL} chưa có điểm chưa xét" in said
    assert "bị giữ lại do tỷ lệ" not in said.partition("Thôn, tổ dân phố")[2]


def test_a_place_freed_is_told_to_the_committee_and_to_whose_turn_it_is(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch)
    proposed(story, {CELL: "96", SECOND: "95", THIRD: "80"})
    decided(story, CELL, BEST, None)
    for unit in (SECOND, THIRD):
        decided(story, unit, GOOD, "beyond_cap")
    assert "Suất sau khi đổi mức" not in page(story)
    decided(story, CELL, GOOD, None, number=2)
    said = page(story)
    assert f"Nhóm “Thôn, tổ dân phố” còn 1 suất. Theo điểm thì đến lượt: {SECOND}" in said
    assert "tỷ lệ cho 1; 1 nơi đã bị giữ lại nay đến lượt suất trống; 1 nơi bị giữ lại." in said
    assert f"{SECOND} 95 đã bị giữ lại, nay đến lượt suất trống Hoàn thành tốt" in said
    assert "Không mức nào tự đổi" in said
    assert story.dossier(SECOND).grade == GOOD
    monkeypatch.setattr("vungmanh.web.evaluation.dossier.held_back", lambda decision: "Giữ lại.")
    turn = "Nay nhóm có suất trống và theo điểm thì đến lượt tổ chức này."
    for unit, is_told in ((SECOND, True), (THIRD, False)):
        client = story.as_(SECRETARY, unit)
        own = words(main_of(client.get(f"/xep-loai/ho-so/{story.dossier(unit).pk}/")))
        assert (turn in own) is is_told
        assert CELL not in own
    assert story.as_(OFFICE, LANG_THU).get(f"/xep-loai/{story.cycle.pk}/ty-le/").status_code == 404


def test_more_who_stand_for_a_place_cost_no_further_query(
    story: Story, monkeypatch: pytest.MonkeyPatch
) -> None:
    ruled(monkeypatch, ties=QuotaTies.CRITERIA, criteria=("meetings_held",))
    client, asked = story.as_(OFFICE), f"/xep-loai/{story.cycle.pk}/ty-le/"

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            client.get(asked)
        return len(caught)

    proposed(story, {CELL: "96", SECOND: "96"})
    queries()
    two = queries()
    proposed(story, {THIRD: "96"})
    assert queries() == two


def test_an_answer_beyond_the_cap_is_refused_on_the_page_and_what_was_typed_stays(
    story: Story,
) -> None:
    proposed(story, {CELL: "96", SECOND: "95", THIRD: "80"})
    decided(story, CELL, GOOD, "beyond_cap")
    DossierEntry.objects.filter(dossier=story.dossier()).delete()
    story.as_(SECRETARY, CELL)
    story.post("complain", reason="Chưa tính việc làm đường.")
    story.as_(OFFICE)
    story.post("reverify")
    answer = story.post("answer_complaint", grade=BEST, reason="Đúng là đủ điều kiện.")
    assert answer.status_code == 422  # type: ignore[attr-defined]
    said = words(main_of(answer))  # type: ignore[arg-type]
    assert "chỉ được 0" in said
    assert "giữ mức đã quyết định và ghi lý do" in said
    assert "Đúng là đủ điều kiện." in said
    assert GradeDecision.objects.count() == 1
    kept = story.post("answer_complaint", grade=GOOD, reason="Hết tỷ lệ của nhóm.")
    assert kept.status_code == 302  # type: ignore[attr-defined]
