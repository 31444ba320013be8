"""The pages of a programme: draft, targets as lines, approval by another, dashboard, gates."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import PROVINCE, QUAN_MAU
from tests.pages.strengthening.story import main_of, words
from tests.support_story import Support
from vungmanh.access.models import User
from vungmanh.core.programme_words import ProgrammeState
from vungmanh.core.vocabulary import Role
from vungmanh.strengthening.models import GateReport, Programme

pytestmark = pytest.mark.django_db
NEW = {
    "title": "Nâng cao chất lượng tổ chức cơ sở đảng", "first_year": "2026", "last_year": "2030",
    "weaknesses": "Nhiều chi bộ thôn không họp đủ kỳ.", "level_dang_bo_tinh": "3",
    "measures": ["attach_overseer"],
}  # fmt: skip


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def drafted(story: Support) -> tuple[Client, Programme]:
    client = signed_in(story.desk.user)
    assert client.post(reverse("programme_new"), NEW).status_code == 302
    return client, Programme.objects.get(title=NEW["title"])


def rows(*targets: dict[str, str]) -> dict[str, str]:
    said = {
        "act": "targets",
        "revision": "1",
        "form-TOTAL_FORMS": str(len(targets)),
        "form-INITIAL_FORMS": "0",
    }
    for place, target in enumerate(targets):
        said |= {f"form-{place}-{name}": value for name, value in target.items()}
    return said


HELD = {"text": "Họp đủ kỳ", "indicator": "hop-du-ky", "way": "tang", "aim_value": "90",
        "due_on": "2030-12-31", "base_value": "40.5", "base_month": "2018-12"}  # fmt: skip
FREE = {"text": "Cấp ủy viên dự đủ", "way": "tang", "aim_value": "1", "due_on": "2030-12-31"}


def shown(client: Client, one: Programme, query: str = "") -> str:
    return words(main_of(client.get(reverse("programme", args=[one.pk]) + query)))


def test_without_a_programme_the_page_says_what_one_is(story: Support) -> None:
    Programme.objects.all().delete()
    client = signed_in(story.desk.user)
    page = words(main_of(client.get("/cung-co/")))
    assert "Chưa có đề án củng cố nào." in page
    assert "thường vụ cấp ủy duyệt" in page
    assert "Lập đề án" in page


def test_many_programmes_stand_on_pages_and_measures_in_the_reader_s_language(
    story: Support,
) -> None:
    said = {"unit_id": story.programme.unit_id, "first_year": 2026, "last_year": 2030}
    Programme.objects.bulk_create(
        Programme(title=f"Đề án số {n}", title_fold=f"de an so {n}", state="draft", **said)
        for n in range(60)
    )
    client = signed_in(story.desk.user)
    first = main_of(client.get("/cung-co/"))
    assert first.count("Đề án số ") == 50
    assert "1 đề án đang thực hiện, trong 61 đề án." in words(first)
    assert main_of(client.get("/cung-co/?trang=2")).count("Đề án số ") == 10
    client.cookies["django_language"] = "en"
    form = client.get(reverse("programme_new")).content.decode()
    assert "Luân chuyển cán bộ" not in form


def test_a_draft_takes_its_gates_from_the_template_and_its_targets_as_lines(
    story: Support,
) -> None:
    client, one = drafted(story)
    assert one.gates.count() == 8
    edit = reverse("programme_edit", args=[one.pk])
    more = client.post(edit, rows(HELD) | {"act": "more"})
    assert more.status_code == 200
    assert 'name="form-2-text"' in more.content.decode()
    assert client.post(edit, rows(HELD, {"way": "tang"}, FREE)).status_code == 302
    assert [target.text for target in one.targets.all()] == ["Họp đủ kỳ", "Cấp ủy viên dự đủ"]
    again = client.get(edit).content.decode()
    assert 'value="12/2018"' in again
    assert "maxlength" not in again, "what is too long is refused, never cut"
    both = NEW | rows(HELD, FREE) | {"revision": str(Programme.objects.get(pk=one.pk).revision)}
    long = client.post(edit, both | {"title": "Đề án " + "rất dài " * 60, "form-1-text": "Khác"})
    assert long.status_code == 422
    assert "rất dài rất dài" in long.content.decode()
    assert 'value="Khác"' in long.content.decode(), "nothing typed is lost"
    more = client.post(edit, both | {"act": "more", "title": "Một tên mới gõ của đề án"})
    assert "Một tên mới gõ của đề án" in more.content.decode()
    assert client.post(edit, both | {"weaknesses": "Nhiều nơi yếu."}).status_code == 302
    assert Programme.objects.get(pk=one.pk).weaknesses == "Nhiều nơi yếu."
    numbers = re.findall(r'name="form-0-(?:aim|base)_value" value="([^"]*)"', again)
    assert numbers == ["90", "44.4"], "as one types them, the start as it was measured"
    late = client.post(edit, rows(FREE))  # read before the others were written
    assert late.status_code == 422
    assert "Đề án vừa được người khác sửa" in late.content.decode()
    assert one.targets.count() == 2


def test_a_bad_line_is_refused_at_its_field(story: Support) -> None:
    client, one = drafted(story)
    edit = reverse("programme_edit", args=[one.pk])
    for wrong, field in (
        ({"aim_value": ""}, "aim_value"),
        ({"base_month": "năm ngoái"}, "base_month"),
        ({"due_on": "2035-01-01"}, "due_on"),
        ({"text": "x"}, "text"),
    ):
        answer = client.post(edit, rows(FREE, HELD | wrong))
        assert answer.status_code == 422
        assert f'id="id_form-1-{field}_error"' in answer.content.decode(), wrong
    assert not one.targets.exists()


def test_somebody_faster_is_told_and_nothing_is_lost(story: Support) -> None:
    client, one = drafted(story)
    edit = reverse("programme_edit", args=[one.pk])
    Programme.objects.filter(pk=one.pk).update(revision=9)
    answer = client.post(edit, NEW | {"revision": "1", "title": "Tên khác của đề án này"})
    assert answer.status_code == 422
    assert "Đề án vừa được người khác sửa" in answer.content.decode()
    assert "Tên khác của đề án này" in answer.content.decode()


def test_it_is_approved_by_another_and_summed_up(story: Support) -> None:
    client, one = drafted(story)
    client.post(reverse("programme_edit", args=[one.pk]), rows(HELD))
    assert "Trình duyệt" in shown(client, one)
    client.post(reverse("programme_act", args=[one.pk, "trinh"]))
    assert "chờ duyệt" in shown(client, one)
    assert client.get(reverse("programme_act", args=[one.pk, "duyet"])).status_code == 403
    board = signed_in(story.board.user)
    back = reverse("programme_act", args=[one.pk, "tra-lai"])
    assert board.post(back, {"reason": "Ghi rõ hơn chỗ yếu."}).status_code == 302
    page = shown(client, one)
    assert "Đề án được trả lại để sửa." in page
    assert page.index("Ghi rõ hơn chỗ yếu.") < page.index("Chỉ tiêu và thực tế")
    assert "đang thực hiện" not in page
    assert "Đảng bộ tỉnh: 3 nơi" in page
    trial = words(main_of(client.get(reverse("programme_act", args=[one.pk, "trinh"]))))
    assert "Triển khai, hạn 28/03/2026" in trial
    client.post(reverse("programme_act", args=[one.pk, "trinh"]))
    approve = reverse("programme_act", args=[one.pk, "duyet"])
    assert board.post(approve, {"number": "", "decided_on": "2026-10-01"}).status_code == 422
    assert board.post(approve, {"number": "9-QĐ/TU", "decided_on": "2026-10-01"}).status_code == 302
    one.refresh_from_db()
    assert one.state == ProgrammeState.RUNNING
    barred = words(main_of(board.get(approve)))
    assert "không làm được việc này lúc này" in barred
    close = reverse("programme_act", args=[one.pk, "tong-ket"])
    page = shown(board, one)
    assert page.index("Báo cáo đề án") < page.index("Tổng kết đề án"), "out of the way till 2030"
    opened = words(main_of(board.get(close)))
    assert "Mốc tổng kết chưa đến" in opened
    day = {"closed_on": story.desk.on.isoformat()}
    assert board.post(close, day).status_code == 422
    reason = {"reason": "Tỉnh gộp vào đề án mới."}
    assert board.post(close, day | reason).status_code == 302
    assert "Tỉnh gộp vào đề án mới." in shown(board, one)
    again = reverse("programme_act", args=[one.pk, "mo-lai"])
    assert client.post(again, {"reason": "Tổng kết nhầm đề án."}).status_code == 403
    assert board.post(again, {"reason": "Tổng kết nhầm đề án."}).status_code == 302
    assert board.post(close, day | reason).status_code == 302
    one.refresh_from_db()
    assert one.state == ProgrammeState.CLOSED


def test_the_dashboard_tells_what_is_measured_and_what_is_not(story: Support) -> None:
    client, one = drafted(story)
    vacant = FREE | {"text": "Khuyết bí thư", "indicator": "khuyet-bi-thu", "way": "giam"}
    client.post(reverse("programme_edit", args=[one.pk]), rows(HELD, FREE, vacant))
    Programme.objects.filter(pk=one.pk).update(
        state=ProgrammeState.RUNNING, decided_on=dt.date(2026, 1, 5), number="9-QĐ/TU"
    )
    page = shown(client, one, "?ky=2018-12")
    assert "0 trong 3 chỉ tiêu đang đạt; 2 chỉ tiêu chưa đo được" in page
    assert "44,4 %" in page
    assert "32 trong 72 kỳ" in page
    assert "chưa đo được" in page
    assert page.count("đo bằng tay, nhập giá trị kèm nguồn") == 2
    assert "không phải hiệu quả của đề án" in page
    assert "thiếu 2" in page  # both communes, at the launch that has gone by
    now = client.get(reverse("programme", args=[one.pk]) + "?ky=2018-12&co-cau=hien-nay")
    assert "44,4 %" in words(main_of(now))


def test_a_commune_reports_at_a_gate_and_is_seen_from_above(story: Support) -> None:
    gate = story.programme.gates.create(
        kind="yearly", due_on=dt.date(2026, 1, 15), asks="Nơi đã chọn.", levels=["dang_bo_xa"]
    )
    story.programme.decided_on = dt.date(2026, 1, 1)
    story.programme.save()
    address = reverse("programme_gate", args=[story.programme.pk, gate.pk])
    client = signed_in(story.who(Role.COMMITTEE_OFFICE, QUAN_MAU).user)
    assert "thiếu, đã quá hạn" in words(main_of(client.get(address)))
    assert client.post(address, {"text": "ngắn"}).status_code == 422
    text = "Đã chọn một nơi, cử người phụ trách từng chi bộ."
    assert client.post(address, {"text": text, "document": "3-BC/ĐU"}).status_code == 302
    again = words(main_of(client.get(address)))
    assert "Vì sao báo cáo lại" in again
    above = words(main_of(signed_in(story.desk.user).get(address)))
    assert "1 trong 2 nơi đã báo cáo, 1 nơi muộn." in above
    assert text in above
    assert "Ghi báo cáo" not in above
    assert GateReport.objects.get().document == "3-BC/ĐU"
    absent = reverse("programme_gate", args=[story.programme.pk, 10**9])
    assert client.get(absent).status_code == 404


def test_below_one_sees_the_running_programme_with_ones_own_figures(story: Support) -> None:
    client = signed_in(story.who(Role.COMMITTEE_OFFICE, QUAN_MAU).user)
    page = shown(client, story.programme)
    assert "Số liệu ở đây chỉ gồm phạm vi của đồng chí." in page
    assert "Đề án thử" in words(main_of(client.get("/cung-co/")))
    edit = words(main_of(client.get(reverse("programme_edit", args=[story.programme.pk]))))
    assert "Chỉ người của chính cấp ủy có đề án sửa được bản thảo." in edit
    Programme.objects.update(state=ProgrammeState.SUBMITTED)
    assert client.get(reverse("programme", args=[story.programme.pk])).status_code == 404
    assert PROVINCE not in words(main_of(client.get("/cung-co/")))


def test_the_dashboard_costs_the_same_for_one_unit_and_for_all(story: Support) -> None:
    counts = []
    for client in (
        signed_in(story.desk.user),
        signed_in(story.who(Role.COMMITTEE_OFFICE, QUAN_MAU).user),
    ):
        with CaptureQueriesContext(connection) as queries:
            shown(client, story.programme)
        counts.append(len(queries))
    assert max(counts) <= 60


def gate_lines(*gates: dict[str, object]) -> dict[str, object]:
    said: dict[str, object] = {"form-TOTAL_FORMS": len(gates), "form-INITIAL_FORMS": 0}
    for place, gate in enumerate(gates):
        said |= {f"form-{place}-{name}": value for name, value in gate.items()}
    return said


def test_the_gates_of_a_draft_are_written_as_lines(story: Support) -> None:
    client, one = drafted(story)
    address = reverse("programme_gates", args=[one.pk])
    assert "Sửa mốc" in shown(client, one)
    opened = client.get(address).content.decode()
    assert 'name="form-9-due_on"' in opened  # eight of the template and two to go on
    gate = {"kind": "mid_term", "due_on": "2028-07-01", "levels": ["dang_bo_xa"],
            "asks": "Kết quả nửa kỳ của cấp mình."}  # fmt: skip
    for wrong, field in (
        ({"due_on": ""}, "due_on"), ({"due_on": "2031-07-01"}, "due_on"),
        ({"levels": []}, "levels"), ({"asks": "ngắn"}, "asks"),
    ):  # fmt: skip
        refused = client.post(address, gate_lines({"kind": "final"}, gate | wrong))
        assert refused.status_code == 422
        assert f'id="id_form-1-{field}_error"' in refused.content.decode(), wrong
    assert client.post(address, gate_lines(gate, {"kind": "final"})).status_code == 302
    assert [f"{each.kind} {each.due_on}" for each in one.gates.all()] == ["mid_term 2028-07-01"]
    assert "Kết quả nửa kỳ của cấp mình." in shown(client, one)
    board = signed_in(story.board.user)
    assert board.get(address).status_code == 403
    Programme.objects.filter(pk=one.pk).update(
        state=ProgrammeState.RUNNING, decided_on=dt.date(2026, 1, 5), number="9-QĐ/TU"
    )
    assert "lập đề án khác thay" in words(main_of(client.get(address)))
    late = client.post(address, gate_lines(gate))
    assert (late.status_code, one.gates.count()) == (422, 1)
    assert "Sửa mốc" not in shown(client, one)


def test_a_target_told_by_hand_shows_its_value_source_and_day(story: Support) -> None:
    client, one = drafted(story)
    edit = reverse("programme_edit", args=[one.pk])
    assert "Chỉ có cho từng nơi: đo bằng tay" in client.get(edit).content.decode()
    client.post(edit, rows(HELD, FREE))
    Programme.objects.filter(pk=one.pk).update(
        state=ProgrammeState.RUNNING, decided_on=dt.date(2026, 1, 5), number="9-QĐ/TU"
    )
    measured, free = one.targets.all()
    address = reverse("target_value", args=[one.pk, free.pk])
    assert address in client.get(reverse("programme", args=[one.pk])).content.decode()
    said = {"value": "0,5", "on": "2026-06-30", "source": "31-BC/VPTU"}
    assert client.post(address, said | {"source": "x"}).status_code == 422
    assert client.post(address, said | {"value": "0.5", "on": "2099-01-01"}).status_code == 422
    assert client.post(address, said | {"value": "0.5"}).status_code == 302
    page = shown(client, one)
    assert "nhập tay, ngày 30/06/2026: 31-BC/VPTU" in page
    assert "31-BC/VPTU" in words(main_of(client.get(address)))
    own = reverse("target_value", args=[one.pk, measured.pk])
    assert "máy đo từ bản ghi" in words(main_of(client.get(own)))
    assert client.get(reverse("target_value", args=[one.pk, 10**9])).status_code == 404
    office = signed_in(story.who(Role.COMMITTEE_OFFICE, QUAN_MAU).user)
    assert "Nhập giá trị" not in shown(office, one)
    assert "Chỉ người của chính cấp ủy" in words(main_of(office.get(address)))
