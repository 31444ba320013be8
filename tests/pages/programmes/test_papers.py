"""Papers of programmes as pages and files: every figure opens to its records; who may, what not."""

from __future__ import annotations

import datetime as dt
import html
import io
import re
import shutil
import subprocess
from pathlib import Path

import docx
import pytest
from django.test import Client
from django.urls import reverse

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU
from tests.contract.test_programme_papers import told
from tests.support_story import TODAY, Support, make_support
from vungmanh.access.models import User
from vungmanh.core.vocabulary import Role
from vungmanh.meetings.models import Visit
from vungmanh.outputs.models import PaperNumber
from vungmanh.strengthening.models import OversightPlan, PlannedOversight, Selection, SupportFile

pytestmark = pytest.mark.django_db
YEAR_2019 = "loai=year&thang=2019-12"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return html.unescape(answer.content.decode())


def every_figure(client: Client, address: str) -> dict[str, str]:
    """The figures of a report: address by what is shown."""
    found = re.findall(r'<a href="([^"]+)" data-figure>([^<]+)</a>', page(client, address))
    return dict(found)


def follow(client: Client, address: str, shown: str) -> None:
    """The page of a figure lists what was counted, page after page, and adds up to the figure."""
    first = page(client, address)
    assert shown in first
    rows, counted = 0, 0
    if "cộng lại" not in first:
        assert shown == "0" or "quá ít nơi" in shown or "chưa đánh giá" in shown, (address, shown)
        return
    told_rows, total = re.findall(r"([\d.]+) bản ghi, cộng lại ([\d.,]+)", first)[0]
    number, text = 1, first
    while True:
        rows += text.count("<tr data-record>")
        counted = number
        if rows >= int(told_rows.replace(".", "")):
            break
        number += 1
        text = page(client, f"{address}&trang={number}")
    assert rows == int(told_rows.replace(".", "")), (address, counted)
    if re.fullmatch(r"[\d.,]+", shown):
        assert total.rstrip(".") == shown, address
    elif "kỳ)" in shown:  # a share: its records are the part that is counted
        assert total.rstrip(".") == re.findall(r"\(([\d.,]+)/", shown)[0], address


def test_papers_and_every_figure_of_a_report(tmp_path: Path) -> None:
    """One story for every check: building it takes longer than looking at it."""
    story = told(make_support())
    desk = signed_in(story.desk.user)
    assert every_figure_opens_to_its_records(story, desk) > 50
    the_report_is_a_file_with_a_number(story, desk, tmp_path)
    a_selection_has_its_submission_and_decision(story, desk)
    plan_visit_and_assignment_are_papers_too(story, desk)
    who_may_not_see_it_finds_nothing(story)


def every_figure_opens_to_its_records(story: Support, desk: Client) -> int:
    """Follow every link; how many there were."""
    followed = 0
    address = reverse("programme_report", args=[story.programme.pk])
    for query in ("loai=final", YEAR_2019):
        found = every_figure(desk, f"{address}?{query}")
        assert len(found) > 25
        for href, shown in found.items():
            if query != YEAR_2019 or "chi-tieu" in href:  # the rest is the same page again
                follow(desk, href, shown)
                followed += 1
    # One click further stands the record itself, for whoever reads the report.
    file = SupportFile.objects.get()
    records = page(desk, f"{reverse('programme_records', args=[story.programme.pk])}"
                         "?loai=final&so=ho-so.acting")  # fmt: skip
    assert reverse("support_file", args=[file.pk]) in records
    measures = f"{reverse('programme_records', args=[story.programme.pk])}?loai=final"
    text = page(desk, f"{measures}&so=bien-phap.restore_meetings")
    assert file.measures.get().output in text
    opened = re.findall(r'<th scope="row"><a href="([^"]+)">', text)
    assert [desk.get(href).status_code for href in opened] == [200]
    assert desk.get(f"{measures}&so=khong.co").status_code == 404
    assert desk.get(f"{address}?loai=quy").status_code == 400
    assert desk.get(f"{address}?thang=2017-01").status_code == 400
    return followed


def the_report_is_a_file_with_a_number(story: Support, desk: Client, folder: Path) -> None:
    pk = story.programme.pk
    address = f"{reverse('programme_report_docx', args=[pk])}?loai=final"
    answer = desk.get(address)
    assert 'filename="bao-cao-tong-ket-tinh-uy-mau-2026.docx"' in answer["Content-Disposition"]
    assert answer.content == desk.get(address).content
    paper = docx.Document(io.BytesIO(answer.content))
    words = "\n".join(one.text for one in paper.paragraphs)
    assert "Trước và sau" in words
    assert "không phải hiệu quả của đề án" in words
    heads = [[cell.text for cell in table.rows[0].cells] for table in paper.tables]
    assert ["Số", "Phần", "Số liệu", "Giá trị", "Đếm gì"] in heads
    cells = [cell.text for row in paper.tables[-1].rows for cell in row.cells]
    assert not [text for text in cells if re.fullmatch(r"[a-z-]+(\.[\w-]+)+", text)], "no codes"
    assert desk.get(f"{address}&dang=pdf").content.startswith(b"%PDF")
    opens_in_libreoffice(answer.content, folder)
    number = f"{reverse('programme_report_number', args=[pk])}?loai=final"
    assert desk.get(number).status_code == 200
    assert desk.post(number, {"on": TODAY.isoformat()}).status_code == 302
    issued = PaperNumber.objects.get(type="report")
    assert issued.unit_id == story.unit(PROVINCE)
    shown = page(desk, f"{reverse('programme_report', args=[pk])}?loai=final")
    assert issued.document in shown
    board = signed_in(story.board.user)
    assert board.get(number).status_code == 403
    below = signed_in(story.who(Role.COMMITTEE_OFFICE, LANG_THU).user)
    assert below.post(number, {"on": TODAY.isoformat()}).status_code == 302
    assert PaperNumber.objects.get(unit_id=story.unit(LANG_THU)).about.startswith("kết quả")


def opens_in_libreoffice(data: bytes, folder: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        return
    (folder / "a.docx").write_bytes(data)
    subprocess.run(
        [office, f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to",
         "pdf", "--outdir", str(folder), str(folder / "a.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert (folder / "a.pdf").read_bytes().startswith(b"%PDF")


def a_selection_has_its_submission_and_decision(story: Support, desk: Client) -> None:
    one = Selection.objects.get()
    ask, decide = (
        reverse("selection_paper", args=[one.pk, slug]) for slug in ("to-trinh", "quyet-dinh")
    )
    submission = page(desk, ask)
    assert "Kính gửi: Ban Thường vụ Tỉnh ủy Mẫu" in submission
    assert QUAN_MAU in submission
    decision = page(desk, decide)
    assert "BAN THƯỜNG VỤ TỈNH ỦY MẪU QUYẾT ĐỊNH" in decision
    assert "Chọn 1 tổ chức đảng" in decision
    assert "Theo tiêu chí" in decision
    shown = page(desk, reverse("selection", args=[one.pk]))
    assert ask in shown
    assert decide in shown
    for slug in ("to-trinh", "quyet-dinh"):
        file = reverse("selection_paper_docx", args=[one.pk, slug])
        assert desk.get(file).content == desk.get(file).content
        assert desk.get(f"{file}?dang=pdf").content.startswith(b"%PDF")
    number = reverse("selection_paper_number", args=[one.pk, "quyet-dinh"])
    assert desk.post(number, {"on": TODAY.isoformat()}).status_code == 302
    assert PaperNumber.objects.get(type="decision").document in page(desk, decide)
    assert desk.get(reverse("selection_paper", args=[one.pk, "khac"])).status_code == 404
    for state, remedy in (("submitted", "Thường vụ cấp ủy quyết định trước"),
                          ("draft", "Trình danh sách trước")):  # fmt: skip
        Selection.objects.update(state=state)
        answer = desk.get(decide if state == "submitted" else ask)
        assert answer.status_code == 409
        assert remedy in html.unescape(answer.content.decode())
    Selection.objects.update(state="decided")


def plan_visit_and_assignment_are_papers_too(story: Support, desk: Client) -> None:
    plan = page(desk, reverse("programme_plan", args=[story.programme.pk]))
    assert "Biên bản giống nhau." in plan
    assert "Nơi đã chọn." in plan
    assert "Kế hoạch" in plan
    visit = Visit.objects.order_by("on")[0]
    Visit.objects.filter(pk=visit.pk).update(found="Ít người phát biểu.")
    minutes = page(desk, reverse("visit_minutes", args=[visit.pk]))
    assert "Ít người phát biểu." in minutes
    assert "phu.trach" in minutes
    assert "Đảng ủy xã Quan Mẫu" in minutes  # of the committee right above the cell
    assert desk.get(reverse("visit_minutes_number", args=[visit.pk])).status_code == 403
    office = signed_in(story.who(Role.COMMITTEE_OFFICE, QUAN_MAU).user)
    number = reverse("visit_minutes_number", args=[visit.pk])
    assert office.post(number, {"on": TODAY.isoformat()}).status_code == 302
    Visit.objects.filter(pk=visit.pk).update(withdrawn_at=AT, withdrawn_reason="nhầm ngày")
    assert desk.get(reverse("visit_minutes", args=[visit.pk])).status_code == 409
    made = OversightPlan.objects.create(
        unit_id=story.unit(QUAN_MAU), valid_from=TODAY, valid_until=TODAY + dt.timedelta(days=365),
        state="draft", inputs={}, input_hash="0", result={}, made_at=AT,
    )  # fmt: skip
    overseer = User.objects.get(username="phu.trach")
    cells = [story.unit(name) for name in CELLS[QUAN_MAU]]
    for cell, who in zip(cells, (overseer, overseer, None), strict=True):
        PlannedOversight.objects.create(plan=made, unit_id=cell, overseer=who, why="thiếu người")
    address = reverse("oversight_paper", args=[made.pk])
    refused = office.get(address)
    assert refused.status_code == 409
    assert "duyệt kế hoạch trước" in html.unescape(refused.content.decode())
    OversightPlan.objects.update(state="approved", approved_at=AT, decided_on=TODAY)
    assigned = page(office, address)
    assert "1 đơn vị chưa có người" in assigned
    assert assigned.count("phu.trach") == 2
    assert "thiếu người" in assigned
    assert office.get(reverse("oversight_paper_docx", args=[made.pk])).status_code == 200


def who_may_not_see_it_finds_nothing(story: Support) -> None:
    """Page and file alike; of a committee beside, not even that it exists."""
    beside = signed_in(story.who(Role.STANDING_COMMITTEE, LANG_THU).user)
    one, visit = Selection.objects.get(), Visit.objects.order_by("-on")[0]
    plan = OversightPlan.objects.get()
    for name, args in (
        ("selection_paper", [one.pk, "quyet-dinh"]), ("visit_minutes", [visit.pk]),
        ("oversight_paper", [plan.pk]),
    ):  # fmt: skip
        for end in ("", "_docx", "_number"):
            assert beside.get(reverse(f"{name}{end}", args=args)).status_code == 404, (name, end)
    report = page(beside, f"{reverse('programme_report', args=[story.programme.pk])}?loai=final")
    assert "chỉ gồm phạm vi của đồng chí" in report
    files = f"{reverse('programme_records', args=[story.programme.pk])}?loai=final"
    assert "Không bản ghi nào" in page(beside, f"{files}&so=ho-so.tat-ca")
    for name in (QUAN_MAU, *CELLS[QUAN_MAU]):
        assert name not in report
    story.programme.unit_id = story.unit(QUAN_MAU)
    story.programme.save()
    for name in ("programme_report", "programme_records", "programme_report_docx",
                 "programme_report_number", "programme_plan", "programme_plan_docx"):  # fmt: skip
        assert beside.get(reverse(name, args=[story.programme.pk])).status_code == 404, name
    secretary = signed_in(story.who(Role.CELL_SECRETARY, CELLS[QUAN_MAU][0]).user)
    address = reverse("programme_report", args=[story.programme.pk])
    assert secretary.get(address).status_code == 403
