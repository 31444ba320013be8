"""The small statistics once more, slowly: plain loops and `math`, one number at a time.

Nothing in the program calls these. They judge the fast ones (`intervals`, `funnel`, `ranking`,
`weakening`, `plausibility`, `completeness`) on generated data, and are written to be read beside
the papers. None stands for unknown.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from statistics import NormalDist

_STEPS = 200  # halvings of a bracket: more than floating point can tell apart


def solve(rising: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function passes zero."""
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if rising(middle) < 0:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def beta_below(x: float, a: float, b: float) -> float:
    """P(Beta(a, b) <= x), by its power series."""
    if x <= 0 or x >= 1:
        return float(x >= 1)
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_below(1 - x, b, a)
    log_first = a * math.log(x) + b * math.log1p(-x) - math.log(a)
    log_first += math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    term, total, j = 1.0, 1.0, 0
    while term > 1e-17 * total:
        term *= x * (a + b + j) / (a + 1 + j)
        total += term
        j += 1
    return math.exp(log_first) * total


def gamma_below(x: float, a: float) -> float:
    """P(Gamma(a) <= x), by its power series."""
    if x <= 0:
        return 0.0
    term, total, j = 1.0, 1.0, 0
    while term > 1e-17 * total:
        j += 1
        term *= x / (a + j)
        total += term
    return math.exp(a * math.log(x) - x - math.lgamma(a + 1)) * total


def wilson(k: float, n: float, level: float) -> tuple[float, float] | None:
    """The shares that a score test with k of n does not refuse."""
    if n == 0:
        return None
    z = NormalDist().inv_cdf((1 + level) / 2)

    def refused(share: float) -> float:
        return (k / n - share) ** 2 - z * z * share * (1 - share) / n

    low = 0.0 if k == 0 else solve(lambda share: -refused(share), 0.0, k / n)
    return low, 1.0 if k == n else solve(refused, k / n, 1.0)


def beta_quantile(probability: float, a: float, b: float) -> float:
    return solve(lambda x: beta_below(x, a, b) - probability, 0.0, 1.0)


def clopper_pearson(k: float, n: float, level: float) -> tuple[float, float] | None:
    if n == 0:
        return None
    tail = (1 - level) / 2
    low = 0.0 if k == 0 else beta_quantile(tail, k, n - k + 1)
    return low, 1.0 if k == n else beta_quantile(1 - tail, k + 1, n - k)


def poisson_exact(k: float, exposure: float, level: float) -> tuple[float, float] | None:
    if exposure == 0:
        return None
    tail = (1 - level) / 2
    most = 10 * k + 100
    low = 0.0 if k == 0 else solve(lambda x: gamma_below(x, k) - tail, 0.0, most)
    high = solve(lambda x: gamma_below(x, k + 1) - (1 - tail), 0.0, most)
    return low / exposure, high / exposure


def binomial(r: int, n: int, p: float) -> float:
    """P(exactly r of n)."""
    return math.comb(n, r) * p**r * (1 - p) ** (n - r)


def funnel_limit(n: int, target: float, probability: float) -> float:
    """The interpolated inverse binomial of Spiegelhalter (2005), as a share of n, not clipped."""
    r, below, at = -1, 0.0, 0.0
    while below < probability and r < n:
        r += 1
        at = binomial(r, n, target)
        below += at
    return (r - (below - probability) / at) / n


def overdispersion(z: Sequence[float], share: float) -> float:
    """Mean square of the scores, the outermost `share` on each side drawn in to the next."""
    ordered = sorted(z)

    def percentile(q: float) -> float:
        place = q * (len(ordered) - 1)
        below = math.floor(place)
        above = min(below + 1, len(ordered) - 1)
        return ordered[below] + (place - below) * (ordered[above] - ordered[below])

    low, high = percentile(share), percentile(1 - share)
    return sum(min(max(one, low), high) ** 2 for one in z) / len(z)


def manski(known_yes: float, known_no: float, unknown: float) -> tuple[float, float] | None:
    """A share if every unknown were no, and if every unknown were yes."""
    total = known_yes + known_no + unknown
    if total == 0:
        return None
    return known_yes / total, (known_yes + unknown) / total


def beta_binomial(r: int, n: int, p: float, rho: float) -> float:
    """P(exactly r of n) where members of one month are correlated by rho."""
    theta = rho / (1 - rho)
    chance = float(math.comb(n, r))
    for i in range(n):
        came = p + i * theta if i < r else 1 - p + (i - r) * theta
        chance *= came / (1 + i * theta)
    return chance


def chance_of_evenness(months: int, owing: int, total: int, scatter: int, rho: float) -> float:
    """Every way the months could go, with its chance: how many of those with the total are even."""
    centre = math.floor(total / months + 0.5)
    each = [beta_binomial(x, owing, total / (months * owing), rho) for x in range(owing + 1)]
    ways = {(0, 0): 1.0}
    for _ in range(months):
        longer: dict[tuple[int, int], float] = {}
        for (so_far, off), chance in ways.items():
            for x, one in enumerate(each):
                key = (so_far + x, off + (x - centre) ** 2)
                longer[key] = longer.get(key, 0.0) + chance * one
        ways = longer
    of_total = {off: chance for (so_far, off), chance in ways.items() if so_far == total}
    even = sum(chance for off, chance in of_total.items() if off <= scatter)
    return even / sum(of_total.values())


def benjamini_hochberg(p_values: Sequence[float | None], rate: float) -> list[bool]:
    """The largest p at or below rate · rank / tests, and all that are not larger."""
    tested = sorted(p for p in p_values if p is not None)
    cut = -1.0
    for rank, p in enumerate(tested, start=1):
        if p * len(tested) <= rate * rank:
            cut = p
    return [p is not None and p <= cut for p in p_values]


def filed_together(days_of_filing: Sequence[int], days: int) -> float | None:
    """From each report on: the share filed within so many days of it."""
    if not days_of_filing:
        return None
    each = [sum(day <= other < day + days for other in days_of_filing) for day in days_of_filing]
    return max(each) / len(days_of_filing)


def rank_chances(means: Sequence[float], sds: Sequence[float], unit: int) -> list[float]:
    """P(rank = 1, 2, …) of a unit: at each strength it may have, unit by unit whoever is weaker."""
    normal = NormalDist()
    chances, mass = [0.0] * len(means), 0.0
    for step in range(-160, 161):
        z = step / 25
        density = math.exp(-z * z / 2)
        strength = means[unit] + z * sds[unit]
        below = [1.0] + [0.0] * (len(means) - 1)
        for other in range(len(means)):
            if other == unit:
                continue
            weaker = normal.cdf((strength - means[other]) / sds[other])
            for number in range(len(means) - 1, 0, -1):
                below[number] = below[number] * (1 - weaker) + below[number - 1] * weaker
            below[0] *= 1 - weaker
        chances = [so_far + density * one for so_far, one in zip(chances, below, strict=True)]
        mass += density
    return [chance / mass for chance in chances]


def slope(
    values: Sequence[float], variances: Sequence[float], years: Sequence[float]
) -> tuple[float, float] | None:
    """Least squares by the normal equations: change per year and its variance."""
    rows = [(1 / v, t, y) for y, v, t in zip(values, variances, years, strict=True)]
    w, wt, wtt = (sum(one * t**power for one, t, _ in rows) for power in (0, 1, 2))
    wy, wty = (sum(one * t**power * y for one, t, y in rows) for power in (0, 1))
    below = w * wtt - wt * wt
    if len(rows) < 2 or below <= 1e-9 * w * wtt:
        return None
    return (w * wty - wt * wy) / below, w / below


def cusum(scores: Sequence[float | None], threshold: float) -> list[tuple[float, bool, int]]:
    """Month by month: the sum, whether it signals, and since when it is above 0 (−1: it is not)."""
    result, total, since = [], 0.0, -1
    for month, score in enumerate(scores):
        total = max(0.0, total + (score or 0.0))
        if total == 0:
            since = -1
        elif since < 0:
            since = month
        result.append((total, total >= threshold - 1e-9 * max(threshold, 1.0), since))
        if result[-1][1]:
            total, since = 0.0, -1
    return result


def run_length(steps: Sequence[int], chances: Sequence[float], limit: int) -> float:
    """Where every sum may have got to, step by step, until next to none is left below the limit."""
    at, average = {0: 1.0}, 0.0
    while sum(at.values()) > 1e-12:
        average += sum(at.values())
        later: dict[int, float] = {}
        for place, chance in at.items():
            for step, one in zip(steps, chances, strict=True):
                reached = max(0, place + step)
                if reached < limit:
                    later[reached] = later.get(reached, 0.0) + chance * one
        at = later
    return average
