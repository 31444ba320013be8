"""Roles against undoing: what became of those a reform ended or gave, and of the units it made.

`access` knows a unit by its id only, so its grants are no speakers of units (`speakers`): they are
asked here by name.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from vungmanh.access.models import User
from vungmanh.org.models import UnitVersion
from vungmanh.org.reform.sql import ask

GRANTS = "access_rolegrant"
_NAMED = 3  # roles named in one sentence
Held = tuple[UUID, UUID]  # user and unit


def marks(ids: Iterable[Any]) -> dict[str, str]:
    """Each role in short, by its id; "" where there is none."""
    wanted = [int(one) for one in ids]
    rows = ask(
        "SELECT id, md5(to_jsonb(held)::text) FROM access_rolegrant held WHERE id = ANY (%s)",
        wanted,
    )
    return dict.fromkeys(map(str, wanted), "") | {str(id_): digest for id_, digest in rows}


def roles_in_the_way(journal: dict[str, Any]) -> list[str]:
    """Why roles keep a reform from being undone, in Vietnamese; empty when they do not."""
    kept, opened = journal["before"].get(GRANTS, []), journal["opened"].get(GRANTS, [])
    known = [*opened, *(row["id"] for row in kept)]
    found = [
        (_changed(journal, kept), "Vai trò của {} đã được sửa hoặc thôi sau khi thực hiện."),
        (_given_again(kept, known), "Vai trò của {} đã được giao lại sau khi thực hiện."),
        (_lent(opened, known), "Vai trò do việc sắp xếp giao đã được ủy quyền cho {}."),
        (
            _given_in_founded(journal["created"], known),
            "Đã giao vai trò cho {}, là đơn vị do việc sắp xếp lập.",
        ),
    ]
    return [sentence.format(_told(held)) for held, sentence in found if held]


def _changed(journal: dict[str, Any], kept: list[dict[str, Any]]) -> list[Held]:
    after = journal["after"].get(GRANTS, {})  # journals from before roles were guarded have none
    now = marks(after)
    ids = [int(one) for one, digest in after.items() if now[one] != digest]
    rows = ask("SELECT id, user_id, unit_id FROM access_rolegrant WHERE id = ANY (%s)", ids)
    held = {row["id"]: (UUID(row["user_id"]), UUID(row["unit_id"])) for row in kept}
    held |= {id_: (user, unit) for id_, user, unit in rows}
    nobody = (UUID(int=0), UUID(int=0))
    return [held.get(id_, nobody) for id_ in ids]


def _given_again(kept: list[dict[str, Any]], known: list[int]) -> list[Held]:
    """Roles given since, in a unit that ended, on days on which undoing would give them back."""
    rows = ask(
        """
        SELECT DISTINCT held.user_id, held.unit_id
        FROM jsonb_populate_recordset(NULL::access_rolegrant, %s) kept
        JOIN access_rolegrant held USING (user_id, role, unit_id)
        WHERE held.valid && kept.valid AND NOT held.id = ANY (%s)
        """,
        json.dumps(kept), known,
    )  # fmt: skip
    return [(user, unit) for user, unit in rows]


def _lent(opened: list[int], known: list[int]) -> list[Held]:
    """A role that the reform gave and that its holder has lent: undoing would orphan the loan."""
    rows = ask(
        """
        SELECT DISTINCT lent.user_id, lent.unit_id
        FROM access_rolegrant given JOIN access_rolegrant lent
          ON lent.on_behalf_of_id = given.user_id AND lent.role = given.role
         AND lent.unit_id = given.unit_id AND lent.valid && given.valid
        WHERE given.id = ANY (%s) AND NOT lent.id = ANY (%s)
        """,
        opened, known,
    )  # fmt: skip
    return [(user, unit) for user, unit in rows]


def _given_in_founded(created: list[str], known: list[int]) -> list[Held]:
    rows = ask(
        "SELECT DISTINCT user_id, unit_id FROM access_rolegrant"
        " WHERE unit_id = ANY (%s::uuid[]) AND NOT id = ANY (%s)",
        created, known,
    )  # fmt: skip
    return [(user, unit) for user, unit in rows]


def _told(held: list[Held]) -> str:
    """“chị Mẫu ở Chi bộ thôn Thử”, a few of them."""
    shown = held[:_NAMED]
    users = {user.pk: str(user) for user in User.objects.filter(pk__in=[one for one, _ in shown])}
    versions = UnitVersion.objects.filter(unit_id__in=[unit for _, unit in shown])
    names = dict(versions.order_by("valid").values_list("unit_id", "name"))
    told = [
        f"{users[user]} ở {names.get(unit, 'một đơn vị')}" if user in users else "một người"
        for user, unit in shown
    ]
    more = f" và {len(held) - _NAMED} vai trò nữa" if len(held) > _NAMED else ""
    return ", ".join(told) + more
