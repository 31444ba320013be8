"""The words of an opened figure: its value, its working, its interval, what to beware of."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext as _

from vungmanh.analysis.intervals import wilson
from vungmanh.core.text import number_vi, percent_vi
from vungmanh.strengthening.figures.months import Share

SMALL = 6  # of which one more or less moves a share by more than fifteen points

#: Figures that are counted of a whole and speak of no habit behind it.
WITHOUT_INTERVAL = {"ty-le-mien"}


@dataclass(frozen=True)
class Told:
    """One figure in words. `value` alone is never shown without `working` or `terms` beside it."""

    value: str
    working: str
    terms: tuple[tuple[str, str], ...] = ()
    interval: str = ""
    level: int = 95  # of the interval, in percent
    doubts: tuple[str, ...] = ()
    is_known: bool = True


def unknown(why: str, terms: tuple[tuple[str, str], ...] = ()) -> Told:
    """A figure there is nothing to say of: unknown, and why."""
    return Told(_("chưa biết"), why, terms, is_known=False)


def share_told(code: str, share: Share, doubts: list[str]) -> Told:
    """A share with its working and its Wilson interval."""
    part, whole = share
    terms = ((_("Tử số"), number_vi(part)), (_("Mẫu số"), number_vi(whole)))
    if whole == 0:
        why = _("Mẫu số là 0: chưa có gì để chia, nên là chưa biết chứ không phải là 0.")
        return unknown(why, terms)
    value = percent_vi(part / whole)
    return Told(
        value,
        f"{number_vi(part)} ÷ {number_vi(whole)} = {value}",
        terms,
        "" if code in WITHOUT_INTERVAL else wilson_words(share),
        doubts=tuple(doubts),
    )


def wilson_words(share: Share) -> str:
    """The 95 % interval of a share, in words."""
    found = wilson(*share, level=0.95)
    low, high = percent_vi(float(found.low)), percent_vi(float(found.high))
    return _("từ %(low)s đến %(high)s") % {"low": low, "high": high}


def doubts_of_share(share: Share) -> list[str]:
    """What a small denominator does to a share."""
    whole = share[1]
    if not 0 < whole <= SMALL:
        return []
    return [
        _("Mẫu số chỉ là %(n)s: thêm hoặc bớt một là tỷ lệ đổi %(step)s.")
        % {"n": whole, "step": percent_vi(1 / whole, decimals=0)}
    ]
