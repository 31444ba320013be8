"""Who sends a paper, and the first step of every kind: heading, symbol, limits and signatures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from vungmanh.outputs.papers.document import Paper, Part
from vungmanh.outputs.papers.issuing import Signer, check_may_issue, signature
from vungmanh.outputs.papers.layout import layout_on
from vungmanh.rulebook.values.papers import PaperBody, PaperFamily, PaperType


@dataclass(frozen=True)
class Sender:
    """What stands above a paper. `mark` are the letters of the body (ĐU, CB); `day` the day whose
    rules hold; `on` and `number` stay empty until the paper is issued."""

    superior: str
    issuer: str
    place: str
    mark: str
    body: PaperBody
    day: dt.date
    on: dt.date | None = None
    number: int | None = None
    family: PaperFamily = PaperFamily.PARTY
    is_simulated: bool = False


@dataclass(frozen=True)
class Closing:
    """What stands below a paper."""

    signers: tuple[Signer, ...] = ()
    recipients: tuple[str, ...] = ()
    foot: str = ""


def paper_of(
    sender: Sender,
    kind: PaperType,
    *,
    about: str,
    parts: Sequence[Part],
    closing: Closing,
    title: str = "",
    addressed: str = "",
    is_landscape: bool = False,
    is_draft: bool = False,
) -> Paper:
    """The paper of a kind. Raises RuleBroken where the sender may not issue it or sign so."""
    day = sender.on or sender.day
    check_may_issue(sender.body, kind, on=day)
    return Paper(
        superior=sender.superior,
        issuer=sender.issuer,
        symbol=layout_on(day, sender.family).layout.letters(kind),
        body=sender.mark,
        number=sender.number,
        place=sender.place,
        on=sender.on,
        laid_out_on=sender.day,
        family=sender.family,
        title=title or kind.label,
        about=about,
        addressed=addressed,
        parts=tuple(parts),
        signatures=tuple(
            signature(one, body=sender.body, on=day, family=sender.family)
            for one in closing.signers
        ),
        recipients=closing.recipients,
        foot=closing.foot,
        is_landscape=is_landscape,
        is_draft=is_draft,
        is_simulated=sender.is_simulated,
    )
