import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine

from vungmanh.core.ids import uuid7, uuid7_from


def test_uuid7_has_version_and_variant_of_the_rfc():
    made = uuid7()
    assert (made.version, made.variant) == (7, uuid.RFC_4122)


def test_uuid7_carries_the_milliseconds_of_its_instant():
    milliseconds = 0x017F22E279B0  # the instant of RFC 9562, appendix A.6
    assert uuid7_from(milliseconds, 0).int >> 80 == milliseconds


def test_uuid7_from_gives_the_example_of_the_rfc():
    expected = uuid.UUID("017F22E2-79B0-7CC3-98C4-DC0C0C07398F")
    random_bits = 0xCC3 << 62 | 0x18C4DC0C0C07398F
    assert uuid7_from(0x017F22E279B0, random_bits) == expected


def test_uuid7_made_later_sorts_later_even_when_the_clock_stands_still_or_steps_back():
    with time_machine.travel("2100-01-02", tick=False):
        first = [uuid7() for _ in range(1000)]
    with time_machine.travel("2100-01-01", tick=False):
        then = [uuid7() for _ in range(1000)]
    made = first + then
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_uuid7_made_by_many_threads_never_repeats():
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: uuid7(), range(4000)))
    assert len(set(made)) == 4000


@pytest.mark.parametrize(
    ("milliseconds", "random_bits"), [(-1, 0), (1 << 48, 0), (0, -1), (0, 1 << 74)]
)
def test_uuid7_from_values_that_do_not_fit_is_refused(milliseconds, random_bits):
    with pytest.raises(ValueError, match="must fit"):
        uuid7_from(milliseconds, random_bits)
