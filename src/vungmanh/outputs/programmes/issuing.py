"""A paper of a programme with what the register needs of it, whatever kind it is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from vungmanh.core.text import date_vi
from vungmanh.outputs.gradings.sender import closing_by
from vungmanh.outputs.papers.document import Paper
from vungmanh.outputs.papers.heads import mark_of, sender_of_unit
from vungmanh.outputs.papers.issuing import Signer
from vungmanh.outputs.papers.kinds.sender import Closing, Sender
from vungmanh.outputs.papers.numbers import Wish
from vungmanh.outputs.papers.register import issue_of, stamped
from vungmanh.rulebook.values.papers import PaperBody, PaperType

_LONGEST_ABOUT = 300


@dataclass(frozen=True)
class Issuable:
    """One paper: who issues it, what it is in the register, and how it is made."""

    unit_id: UUID
    kind: PaperType
    body: PaperBody
    about: str
    subject: str
    on: dt.date  # of its content; the register says the day of the paper itself
    make: Callable[[Sender, Closing], Paper]
    recipients: tuple[str, ...] = ("Lưu.",)
    closing: Closing | None = None

    def paper(self, *, today: dt.date) -> Paper:
        """As it was issued where it was, laid out by the rules of today."""
        sender = sender_of_unit(self.unit_id, self.body, on=min(self.on, today))
        closing = self.closing or closing_by(self.body, sender.issuer, recipients=self.recipients)
        sender = Sender(**{**vars(sender), "day": today})
        return self.make(*stamped(sender, closing, issue_of(self.unit_id, self.subject)))

    def wish(self, on: dt.date, signer: Signer | None) -> Wish:
        """What is asked of the register."""
        return Wish(
            kind=self.kind, body=self.body, on=on, about=self.about[:_LONGEST_ABOUT],
            mark=mark_of(self.unit_id), subject=self.subject, signer=signer,
        )  # fmt: skip

    @property
    def has_number(self) -> bool:
        return self.kind not in (PaperType.FORM, PaperType.MINUTES)


def of_document(words: str, number: str, day: dt.date | None) -> str:
    """ "Căn cứ Quyết định số 453-QĐ/TU ngày 01/11/2026 …", as far as it is known."""
    said = f"{words} số {number}" if number else words
    return f"{said} ngày {date_vi(day)}" if day else said
