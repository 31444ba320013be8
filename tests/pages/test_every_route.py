"""Default deny, seen from outside: every address of the program, every role, in and out of scope.

A new page is walked by itself. It fails here until its view says which permission it needs, and
until this file knows something to fill its parameters with.
"""

from __future__ import annotations

import datetime as dt
import html
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from tests.cast import AT, CELLS, LANG_THU, PROVINCE, QUAN_MAU, SCHOOL, Cast, make_cast
from tests.pages.arranging.made import arranged, place_in
from tests.pages.cadre.made import placed
from tests.pages.evaluation.made import rated
from tests.pages.files.made import filed
from tests.pages.meetings.made import listed_in, names_switched_on
from tests.pages.members.made import list_read_by, moved
from tests.pages.open_routes import AT_ONCE, OPEN, POST_ONLY, SHELL, SIGN_IN
from tests.pages.oversight.made import plan_of, planned
from tests.pages.papers.made import FOR_ONE_SIDE, NOT_YET, numbered
from tests.pages.programmes.made import chosen, elsewhere
from tests.pages.rulebook.made import own_rule, sheet_draft
from tests.pages.supplied.made import form_of
from tests.pages.training.made import taught
from tests.pages.visits.made import visit_of
from tests.pages.watched import names_asked_of_addresses
from vungmanh.access.models import RoleGrant, User
from vungmanh.access.permissions import PERMISSIONS
from vungmanh.core.ids import uuid7
from vungmanh.core.vocabulary import MeetingState, ReformState, Role
from vungmanh.meetings.meeting_id import meeting_id
from vungmanh.meetings.models import (
    Attachment,
    AttachmentContent,
    Excuse,
    ExcuseRequest,
    Inspection,
    Meeting,
    Resolution,
    Task,
    TextLikeness,
)
from vungmanh.meetings.models.receiving import PhoneDevice, PhoneItem
from vungmanh.org.models import OwnRule, Reform
from vungmanh.outputs.models import BatchState, ImportBatch
from vungmanh.strengthening.actions.assess import assess_months
from vungmanh.strengthening.models import Flag

CELL = "Chi bộ thôn Nà Mẫu"
HOLDS = {
    Role.PROVINCIAL_ANALYST: PROVINCE,
    Role.COMMITTEE_OFFICE: QUAN_MAU,
    Role.STANDING_COMMITTEE: QUAN_MAU,
    Role.OVERSEER: CELL,
    Role.CELL_SECRETARY: CELL,
    Role.ADMINISTRATOR: PROVINCE,
}
#: What must never be read by somebody whose scope it is not in.
STRANGERS = {
    Role.COMMITTEE_OFFICE: {LANG_THU, SCHOOL, *CELLS[LANG_THU]},
    Role.STANDING_COMMITTEE: {LANG_THU, SCHOOL, *CELLS[LANG_THU]},
    Role.OVERSEER: {LANG_THU, SCHOOL, *CELLS[LANG_THU], *CELLS[QUAN_MAU]} - {CELL},
    Role.CELL_SECRETARY: {LANG_THU, SCHOOL, *CELLS[LANG_THU], *CELLS[QUAN_MAU]} - {CELL},
}


@dataclass(frozen=True)
class Route:
    """One address: its name, the names of its parameters, the permission its view carries."""

    name: str
    parameters: tuple[str, ...]
    permission: str | None
    module: str

    @property
    def is_own(self) -> bool:
        return not self.module.startswith(SIGN_IN)


def walk(patterns: list[URLPattern | URLResolver]) -> Iterator[Route]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from walk(one.url_patterns)
        else:
            parameters = tuple(one.pattern.regex.groupindex)
            permission = getattr(one.callback, "permission", None)
            yield Route(one.name or "", parameters, permission, one.callback.__module__)


ROUTES = list(walk(get_resolver().url_patterns))
GUARDED = [route for route in ROUTES if route.permission]


@dataclass(frozen=True)
class World:
    """The province with a run, somebody to look at, and an import of one's own and of another."""

    cast: Cast
    somebody: User
    grant: RoleGrant
    own_rule: OwnRule

    def client(self, role: Role | None) -> tuple[Client, dict[str, object]]:
        """Signed in, with parameters that lead to what this role may see."""
        user = self.cast.user(f"mot.{role}", role, HOLDS.get(role, PROVINCE))  # type: ignore[arg-type]
        client = Client()
        client.force_login(user)
        unit = self.cast[HOLDS.get(role, PROVINCE)]  # type: ignore[arg-type]
        reform = reform_of(user)
        batch = ImportBatch.objects.create(by=user, at=AT, state=BatchState.PREVIEW)
        return client, {
            "unit_id": unit,
            "batch_id": batch.pk,
            "rule_id": "DL2011-hop-thuong-ky",
            "user_id": self.somebody.pk,
            "grant_id": self.grant.pk,
            "flag_id": self.flag_of(CELL).pk,
            "excuse_id": self.excuse_of(CELL).pk,
            "own_rule_id": self.own_rule.pk,
            "reform_id": reform.pk,
            "act": "doi",
            "sheet_id": "KH08-2025-an-phu",
            "draft_id": sheet_draft(self.somebody).pk,
            "figure_code": "hop-du-ky",
            "lent_id": lent_by(user, self.somebody).pk,
            "item_id": phone_item(user, self.cast[CELL]).pk,
            "device_id": phone_item(user, self.cast[CELL]).device_id,
            "kind": "regular",
            "month": "2019-12",
            "switch_id": names_switched_on(unit).pk,
            "member_id": listed_in(unit).person_id,
            "meeting_id": meeting_of(self.cast[CELL]).pk,
            "task_id": task_of(self.cast[CELL]).pk,
            "resolution_id": resolution_of(self.cast[CELL]).pk,
            "attachment_id": attachment_of(self.cast[CELL]).pk,
            "inspection_id": inspection_of(self.cast[CELL], self.cast[QUAN_MAU]).pk,
            "visit_id": visit_of(self.cast[CELL], user).pk,
            "likeness_id": likeness_of(self.cast[CELL]).pk,
            "request_id": request_of(self.cast[CELL]).pk,
            **numbered(self.cast[CELL]),
            **moved(self.cast[CELL]),
            "list_id": list_read_by(user).pk,
            "form_id": form_of(unit).pk,
            **rated(self.cast[CELL], self.cast[QUAN_MAU]),
            **filed(self.cast[CELL], self.cast[QUAN_MAU]),
            **placed(self.cast[CELL], self.cast[QUAN_MAU]),
            **taught(self.cast[CELL], self.cast[QUAN_MAU]),
            **chosen(self.cast[CELL], self.cast[QUAN_MAU], self.somebody),
            **planned(self.cast[CELL], self.cast[QUAN_MAU], self.somebody),
            "doing": "trinh",
            **arranged(self.cast[QUAN_MAU], reform),
        }

    def out_of_scope(self) -> dict[str, object]:
        """Parameters of the same kinds that lead to what exists and is somebody else's."""
        other = ImportBatch.objects.create(by=self.somebody, at=AT, state=BatchState.PREVIEW)
        return {
            "unit_id": self.cast[LANG_THU],
            "batch_id": other.pk,
            "flag_id": self.flag_of(CELLS[LANG_THU][0]).pk,
            "excuse_id": self.excuse_of(CELLS[LANG_THU][0]).pk,
            "meeting_id": meeting_of(self.cast[CELLS[LANG_THU][0]]).pk,
            "task_id": task_of(self.cast[CELLS[LANG_THU][0]]).pk,
            "resolution_id": resolution_of(self.cast[CELLS[LANG_THU][0]]).pk,
            "attachment_id": attachment_of(self.cast[CELLS[LANG_THU][0]]).pk,
            "inspection_id": inspection_of(self.cast[CELLS[LANG_THU][0]], self.cast[LANG_THU]).pk,
            "visit_id": visit_of(self.cast[CELLS[LANG_THU][0]], self.somebody).pk,
            "likeness_id": likeness_of(self.cast[CELLS[LANG_THU][0]]).pk,
            "request_id": request_of(self.cast[CELLS[LANG_THU][0]]).pk,
            "form_id": form_of(self.cast[LANG_THU]).pk,
            "place_id": place_in(self.cast[LANG_THU]).pk,
            **rated(self.cast[CELLS[LANG_THU][0]], self.cast[LANG_THU]),
            **filed(self.cast[CELLS[LANG_THU][0]], self.cast[LANG_THU]),
            **elsewhere(self.cast[CELLS[LANG_THU][0]], self.cast[LANG_THU], self.somebody),
            "plan_id": plan_of(self.cast[CELLS[LANG_THU][0]], self.cast[LANG_THU], self.somebody),
        }

    def excuse_of(self, name: str) -> Excuse:
        month = dt.date(2019, 12, 1)
        return Excuse.objects.get_or_create(
            unit_id=self.cast[name], duty="regular", first_month=month, last_month=month,
            relief="excused", cause="flood", reason="ngập", document="CV 1", granted_on=month,
        )[0]  # fmt: skip

    def flag_of(self, name: str) -> Flag:
        return Flag.objects.get(unit_id=self.cast[name], reason="meetings_held")


def lent_by(user: User, somebody: User) -> RoleGrant:
    """A role that a user has lent to somebody; the same for one without a role of their own."""
    own = RoleGrant.objects.filter(user=user).first() or RoleGrant.objects.get(user=somebody)
    days = DateRange(timezone.localdate(), timezone.localdate() + dt.timedelta(days=7))
    borrower = User.objects.create_user(f"muon.{user.pk}")
    return RoleGrant.objects.create(
        user=borrower, role=own.role, unit_id=own.unit_id, reach=own.reach, valid=days,
        on_behalf_of=user,
    )  # fmt: skip


def phone_item(user: User, unit_id: UUID) -> PhoneItem:
    """Something a phone sent about a cell, kept for its office."""
    device = PhoneDevice.objects.create(
        pk=uuid7(), user=user, unit_id=unit_id, key_hash="", first_seen=AT, last_seen=AT
    )
    return PhoneItem.objects.create(
        pk=uuid7(), device=device, user=user, unit_id=unit_id, kind="meeting.write", subject="x",
        form=1, body={}, body_hash="", received_at=AT, way="sent", state="quarantined",
    )  # fmt: skip


def reform_of(user: User) -> Reform:
    """A reform that somebody has begun to draft."""
    return Reform.objects.create(
        title="Sắp xếp thử", document="QĐ 1-QĐ/TU", effective_on=dt.date(2019, 7, 1),
        state=ReformState.DRAFT, drafted_by=user, drafted_at=AT,
    )  # fmt: skip


def meeting_of(unit: UUID) -> Meeting:
    """A meeting whose record is being written."""
    month = dt.date(2019, 12, 1)
    return Meeting.objects.get_or_create(
        pk=meeting_id(unit, "regular", month), unit_id=unit, kind="regular", month=month,
        defaults={
            "state": MeetingState.RECORDING, "form": 1, "changed_at": AT,
            "plan": {"planned_on": "2019-12-05"},
        },
    )[0]  # fmt: skip


def task_of(unit: UUID) -> Task:
    day = dt.date(2019, 12, 5)
    return Task.objects.get_or_create(
        unit_id=unit, title="Sửa mương", owner="Phó bí thư", output="mương thông", given_on=day,
        due_on=day, defaults={"changed_at": AT},
    )[0]  # fmt: skip


def resolution_of(unit: UUID) -> Resolution:
    """A resolution that a unit adopted."""
    return Resolution.objects.get_or_create(
        unit_id=unit, kind="resolution", title="Nghị quyết tháng 12", state="in_force",
        adopted_on=dt.date(2019, 12, 5), title_fold="nghi quyet thang 12",
    )[0]  # fmt: skip


def request_of(unit: UUID) -> ExcuseRequest:
    """An excuse that the cell asked for."""
    month = dt.date(2019, 10, 1)
    return ExcuseRequest.objects.get_or_create(
        unit_id=unit, duty="regular", first_month=month, last_month=month,
        defaults={"relief": "excused", "cause": "other", "reason": "Đi hết", "asked_at": AT,
                  "state": "waiting"},
    )[0]  # fmt: skip


def likeness_of(unit_id: UUID) -> TextLikeness:
    """A record of the cell with nothing of its own."""
    meeting = meeting_of(unit_id)
    version, _ = meeting.versions.get_or_create(
        filing=99, defaults={
            "version": 1, "facts": {"discussion": "Nhất trí."}, "membership": {},
            "digest": "0" * 64, "filed_at": AT, "filed_via": "web",
        },
    )  # fmt: skip
    return TextLikeness.objects.get_or_create(
        unit_id=unit_id, month=meeting.month, version=version, rule="empty",
        defaults={"share": 0, "shared": 0, "order_known": True, "found_at": AT},
    )[0]  # fmt: skip


def attachment_of(unit: UUID) -> Attachment:
    """A file of that meeting."""
    made = Attachment.objects.create(
        unit_id=unit, subject="meeting", subject_id=meeting_of(unit).pk, kind="photo",
        name="a.jpg", media_type="image/jpeg", size=1, sha256="0", original_sha256=str(uuid7()),
        added_at=AT,
    )  # fmt: skip
    AttachmentContent.objects.create(attachment=made, data=b"\xff")
    return made


def inspection_of(unit: UUID, above: UUID) -> Inspection:
    """What a superior looked into."""
    month = dt.date(2019, 11, 1)
    return Inspection.objects.get_or_create(
        unit_id=unit, kind="kiem_tra", body="Ủy ban kiểm tra", by_unit_id=above, first_month=month,
        last_month=month, on=dt.date(2020, 1, 9), document="Quyết định 1-QĐ/UBKT",
        state="recorded",
    )[0]  # fmt: skip


@pytest.fixture
def world(db: None) -> World:
    cast = make_cast(first=dt.date(2018, 1, 1))
    for cell in cast.cells:  # everybody is weak, so that every list would show everybody
        cast.hold(cell, 2019, held=4)
    assess_months(months=[dt.date(2019, 12, 1)], by=None, at=AT)
    somebody = cast.user("nguoi.khac", Role.COMMITTEE_OFFICE, LANG_THU)
    return World(cast, somebody, RoleGrant.objects.get(user=somebody), own_rule(somebody))


def address(route: Route, values: dict[str, object]) -> str:
    missing = set(route.parameters) - set(values)
    assert not missing, f"tell tests/pages/test_every_route.py what {missing} of {route} is"
    path = reverse(route.name, kwargs={name: values[name] for name in route.parameters})
    if route.name == "import_template":
        return f"{path}?thang=2019-12&don-vi={values['unit_id']}"
    return path


def ask(client: Client, route: Route, values: dict[str, object]) -> HttpResponse:
    path = address(route, values)
    return client.post(path) if route.name in POST_ONLY else client.get(path)


def words_of(response: HttpResponse) -> str:
    """All the text of an answer, what is packed in a workbook included."""
    if not response.content.startswith(b"PK"):
        return html.unescape(response.content.decode(errors="replace"))
    with zipfile.ZipFile(io.BytesIO(response.content)) as parts:
        return html.unescape(
            "".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
        )


# --- every view says what it needs ---------------------------------------------------------------


def test_the_walk_sees_the_whole_program() -> None:
    assert {"overview", "units", "unit", "spotting", "import", "rulebook", "accounts"} <= {
        route.name for route in GUARDED
    }
    assert any(not route.is_own for route in ROUTES)


def test_every_view_needs_a_permission_or_is_listed_here() -> None:
    unguarded = {route.name for route in ROUTES if route.is_own and not route.permission}
    assert unguarded == set(OPEN)
    assert {route.permission for route in GUARDED} <= set(PERMISSIONS)


def test_every_address_has_a_name() -> None:
    assert [route for route in ROUTES if not route.name] == []


# --- signed out ----------------------------------------------------------------------------------


def test_nobody_gets_anywhere_without_signing_in(world: World) -> None:
    _, values = world.client(Role.PROVINCIAL_ANALYST)
    stranger = Client()
    sign_in = reverse("account_login")
    for route in ROUTES:
        if not route.is_own or route.name in {"set_language", *SHELL}:
            continue
        response = ask(stranger, route, values)
        assert response.status_code == 302, route
        assert response["Location"].startswith(f"{sign_in}?next="), route


def test_nobody_registers_without_an_administrator(db: None) -> None:
    form = {"username": "ke.la", "password1": "mat-khau-la-1", "password2": "mat-khau-la-1"}
    Client().post(reverse("account_signup"), form)
    assert not User.objects.exists()


def test_somebody_without_a_role_is_refused_everywhere(world: World) -> None:
    client, values = world.client(None)
    answers = {route: ask(client, route, values).status_code for route in GUARDED}
    assert {route.name: code for route, code in answers.items() if code != 403} == {}


def test_a_role_that_has_ended_is_refused_everywhere(world: World) -> None:
    client, values = world.client(Role.PROVINCIAL_ANALYST)
    grant = RoleGrant.objects.get(user__username=f"mot.{Role.PROVINCIAL_ANALYST}")
    grant.valid = type(grant.valid)(dt.date(2014, 1, 1), timezone.localdate())
    grant.save()
    answers = {route: ask(client, route, values).status_code for route in GUARDED}
    assert {route.name: code for route, code in answers.items() if code != 403} == {}


# --- each role, in scope and out of it -----------------------------------------------------------


@pytest.mark.parametrize("role", list(Role))
def test_a_role_gets_what_its_permissions_say_and_nothing_else(world: World, role: Role) -> None:
    client, values = world.client(role)
    for route in GUARDED:
        # An act sent without its fields comes back as its form, with what is missing.
        done = {200, 302, 422} if route.name in AT_ONCE else {200, 422}
        expected = done if role in PERMISSIONS[str(route.permission)] else {403}
        if route.name in FOR_ONE_SIDE:
            expected = expected | {403}
        if route.name in NOT_YET:
            expected = expected | {409}
        assert ask(client, route, values).status_code in expected, route


@pytest.mark.parametrize("role", list(Role))
def test_the_open_pages_answer_every_role(world: World, role: Role) -> None:
    client, _ = world.client(role)
    assert client.get("/", follow=True).status_code == 200
    gallery = 200 if role is Role.ADMINISTRATOR else 404
    assert client.get(reverse("gallery")).status_code == gallery


#: Parameters whose things belong to a unit.
SCOPE = {"unit_id", "batch_id", "place_id", "programme_id", "selection_id", "appeal_id", "plan_id"}
SCOPED = [
    route for route in GUARDED if SCOPE & {*route.parameters} or route.name == "import_template"
]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMINISTRATOR])
def test_out_of_scope_and_absent_are_the_same_page_to_the_letter(world: World, role: Role) -> None:
    """A role that sees the whole province has nothing out of its scope but others' imports."""
    client, own = world.client(role)
    sees_all = role is Role.PROVINCIAL_ANALYST
    hidden, absent = world.out_of_scope(), dict.fromkeys(SCOPE, uuid7())
    for route in SCOPED:
        if role not in PERMISSIONS[str(route.permission)]:
            continue
        pages = []
        for values in (hidden, absent):
            if values is hidden and sees_all and "batch_id" not in route.parameters:
                continue
            response = ask(client, route, {**own, **values})
            assert response.status_code == 404, (route, values)
            pages.append(without_what_was_asked(response, values))
        assert len(set(pages)) == 1, route


def without_what_was_asked(response: HttpResponse, values: dict[str, object]) -> str:
    """The page without the form token and without the ids of its address."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", response.content.decode())
    for value in values.values():
        if isinstance(value, UUID):  # a short number would stand for others of the page too
            page = page.replace(str(value), "…")
    return page


def test_an_administrator_meets_the_same_page_for_whoever_does_not_exist(world: World) -> None:
    client, values = world.client(Role.ADMINISTRATOR)
    for route in GUARDED:
        if {"user_id", "grant_id"} & {*route.parameters}:
            nobody = {**values, "user_id": uuid7(), "grant_id": 10**9}
            assert ask(client, route, nobody).status_code == 404, route


@pytest.mark.parametrize("role", list(STRANGERS))
def test_no_page_names_what_is_out_of_scope(
    world: World, role: Role, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, values = world.client(role)
    asked = names_asked_of_addresses(monkeypatch)
    read = 0
    for route in GUARDED:
        if role not in PERMISSIONS[str(route.permission)]:
            continue
        path = address(route, values)
        asked.clear()
        for query in ("", "cap=moi-cap", "q=chi bo", "cap=chi-bo"):
            if query and not {query.partition("=")[0], "*"} & asked:
                continue  # this page does not ask for it: the same page again
            joined = f"{path}{'&' if '?' in path else '?'}{query}"
            words = words_of(client.get(joined))
            assert {name for name in STRANGERS[role] if name in words} == set(), joined
            read += 1
    assert read >= 4


def test_a_known_name_would_be_found(world: World) -> None:
    client, values = world.client(Role.PROVINCIAL_ANALYST)
    spotting = next(route for route in GUARDED if route.name == "spotting_export")
    assert LANG_THU in words_of(ask(client, spotting, values))
    assert isinstance(values["unit_id"], UUID)
