"""Whoever acts in the rating without a browser: the same addresses and forms, read as text."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpResponse
from django.test import Client

from tests.pages.strengthening.story import main_of, words
from vungmanh.access.models import User

_ROW = re.compile(r'<th scope="row"><a href="/xep-loai/ho-so/([0-9a-f-]{36})/">(.*?)</a>')
_GROUP = re.compile(r'<th scope="rowgroup" colspan="7">(.*?)</th>')
_CHOICE = re.compile(r'type="radio" name="([ck]-[^"]+)"')
_POINTS = re.compile(r'name="(c-[^"]+)" type="text".*?/ (\d+)<')
_DECIDED = re.compile(r'data-l="Quyết định"><div>.*?<b>([^<]+)</b>')
LEADS = "tập thể lãnh đạo"


@dataclass
class Board:
    """The dossiers of a cycle as its board lists them, by name: of the unit, of its collective;
    and the grade that is decided of the unit."""

    cycle: str
    units: dict[str, str]
    collectives: dict[str, str]
    grades: dict[str, str]


class Hand:
    """Somebody signed in over HTTP. A page that does not answer as expected fails the test."""

    def __init__(self, user: User) -> None:
        self.client = Client()
        self.client.force_login(user)

    def read(self, address: str, **asked: str) -> str:
        """The words of a page."""
        answer = self.client.get(address, asked)
        assert answer.status_code == 200, (address, answer.status_code)
        return words(main_of(answer))

    def markup(self, address: str, **asked: str) -> str:
        answer = self.client.get(address, asked)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.content.decode()

    def send(self, address: str, fields: Mapping[str, str], *, status: int = 302) -> str:
        """Where a form that was sent leads to, or the words that came back with it."""
        answer: HttpResponse = self.client.post(address, fields)  # type: ignore[assignment]
        assert answer.status_code == status, (address, dict(fields), words(main_of(answer)))
        return answer["Location"] if status == 302 else words(main_of(answer))

    def answer(self, address: str, fields: Mapping[str, str]) -> str:
        """What a form that asks once more comes back with."""
        answer = self.client.post(address, fields)
        assert answer.status_code == 200, (address, words(main_of(answer)))
        return answer.content.decode()

    def values(self, address: str, **asked: str) -> dict[str, str]:
        """The dates that a page offers in its form, by field."""
        found = re.findall(r'<input type="date" name="([^"]+)" value="([^"]+)"',
                           self.markup(address, **asked))  # fmt: skip
        return dict(found)

    @staticmethod
    def hidden(markup: str, name: str) -> str:
        found = re.search(f'name="{name}" value="([^"]+)"', markup)
        assert found is not None, name
        return found[1]

    # --- the pages of the rating -----------------------------------------------------------------

    def board(self, cycle: str) -> Board:
        """What the whole board lists, of units and of their collectives."""
        found = Board(cycle, {}, {}, {})
        leads, name = False, ""
        for line in self.markup(cycle, **{"in": "1"}).splitlines():
            if group := _GROUP.search(line):
                leads = LEADS in group[1]
            if row := _ROW.search(line):
                name = html.unescape(row[2])
                (found.collectives if leads else found.units)[name] = f"/xep-loai/ho-so/{row[1]}/"
            if not leads and (decided := _DECIDED.search(line)):
                found.grades[name] = decided[1]
        return found

    def listed(self, cycle: str, step: str, body: str = "") -> list[str]:
        """The dossiers that wait for a step, as the page for many lists them."""
        page = self.markup(f"{cycle}nhieu-ho-so/", buoc=step, noi=body)
        return [
            f"/xep-loai/ho-so/{one}/" for one in re.findall(r'name="[tm]-([0-9a-f-]{36})"', page)
        ]

    def sheet(self, dossier: str) -> dict[str, str]:
        """The criteria and conditions that a dossier asks its unit about, by the name of the field;
        with the most points where points are typed."""
        page = self.markup(dossier)
        return dict.fromkeys(_CHOICE.findall(page), "") | dict(_POINTS.findall(page))

    def act(self, dossier: str, act: str, *, status: int = 302, **fields: str) -> str:
        """One act of the page of a dossier."""
        data = {f"{act}-{name}": value for name, value in fields.items()}
        return self.send(dossier, {"act": act, **data}, status=status)

    def many(
        self, cycle: str, step: str, rows: Iterable[str] | Mapping[str, str], body: str = "",
        reasons: Mapping[str, str] | None = None,
    ) -> str:  # fmt: skip
        """One step of many dossiers: ticked, or each with a grade; `reasons` by dossier."""
        fields = {"buoc": step, "noi": body}
        if isinstance(rows, Mapping):
            fields |= {f"m-{_key(dossier)}": grade for dossier, grade in rows.items()}
            fields |= {f"l-{_key(dossier)}": why for dossier, why in (reasons or {}).items()}
        else:
            fields |= {f"t-{_key(dossier)}": "1" for dossier in rows}
        return self.send(f"{cycle}nhieu-ho-so/", fields)


def answered(asked: Mapping[str, str], level: str, share: float, less: int = 0) -> dict[str, str]:
    """Every criterion with one level, or that share of its points, `less` of them in the first;
    every condition met and nothing that rules a unit out."""
    said = {"act": "write"}
    for name, most in asked.items():
        kind, code = name[0], name[2:]
        if most:
            answer, less = str(int(int(most) * share) - less), 0
        else:
            answer = level if kind == "c" else "0" if code.startswith("khong_hoan") else "1"
        said |= {name: answer, f"{kind}u-{code}": ""}
    return said


def _key(dossier: str) -> str:
    return dossier.rstrip("/").rsplit("/", 1)[-1]
