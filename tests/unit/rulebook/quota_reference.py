"""The quota as a clerk would hold it: slow, by the definition, no code shared with the real one."""

import math
from fractions import Fraction


def places(good, percent, base, rounding):
    """The largest number that is within the rounded percentage, found by trying all."""
    rounded = {
        "down": math.floor,
        "up": math.ceil,
        "nearest": lambda share: math.floor(share + Fraction(1, 2)),
    }[rounding]
    return max(
        k
        for k in range(good + 1)
        if k <= rounded(Fraction(percent, 100) * (good - k if base == "good_only" else good))
    )


def chosen(candidates, number, criteria):
    """One is chosen when it and all who are not behind it fit into the number."""
    standing = [
        one for one in candidates if one.eligible and not one.protected and one.score is not None
    ]

    def not_behind(other, one):
        mine = (one.score, *one.tiebreaks[:criteria])
        return (other.score, *other.tiebreaks[:criteria]) >= mine

    return {
        one.id for one in standing if sum(not_behind(other, one) for other in standing) <= number
    }


def hamilton(number, claims):
    """Largest remainders, only to show what is wrong with them."""
    total = sum(claims.values())
    exact = {name: Fraction(number * claim, total) for name, claim in claims.items()}
    got = {name: math.floor(share) for name, share in exact.items()}
    spare = sorted(claims, key=lambda name: exact[name] - got[name], reverse=True)
    for name in spare[: number - sum(got.values())]:
        got[name] += 1
    return got
