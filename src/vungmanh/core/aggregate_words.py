"""What members are counted by, value by value. Our own lists: no official form is reproduced here.

Codes are kept and mapped to the cells of a supplied workbook; they never change.
"""

from __future__ import annotations

import datetime as dt

from vungmanh.core.people_words import Aggregate
from vungmanh.core.vocabulary import Vocabulary


class Sex(Vocabulary):
    WOMAN = "woman", "Nữ"
    MAN = "man", "Nam"


class AgeBand(Vocabulary):
    """Full years on the day of the report."""

    TO_30 = "to_30", "Đến 30 tuổi"
    TO_40 = "to_40", "31 đến 40 tuổi"
    TO_50 = "to_50", "41 đến 50 tuổi"
    TO_60 = "to_60", "51 đến 60 tuổi"
    OVER_60 = "over_60", "Trên 60 tuổi"


class Ethnicity(Vocabulary):
    KINH = "kinh", "Kinh"
    TAY = "tay", "Tày"
    NUNG = "nung", "Nùng"
    DAO = "dao", "Dao"
    MONG = "mong", "Mông"
    OTHER = "other", "Dân tộc khác"


class Education(Vocabulary):
    """The highest completed."""

    PRIMARY = "primary", "Tiểu học hoặc thấp hơn"
    LOWER_SECONDARY = "lower_secondary", "Trung học cơ sở"
    UPPER_SECONDARY = "upper_secondary", "Trung học phổ thông"
    VOCATIONAL = "vocational", "Trung cấp, sơ cấp nghề"
    UNIVERSITY = "university", "Cao đẳng, đại học"
    POSTGRADUATE = "postgraduate", "Trên đại học"


class Occupation(Vocabulary):
    FARMING = "farming", "Nông, lâm nghiệp"
    LABOUR = "labour", "Công nhân, lao động"
    OFFICIAL = "official", "Cán bộ, công chức"
    PUBLIC_SERVICE = "public_service", "Viên chức"
    BUSINESS = "business", "Kinh doanh, chủ cơ sở"
    RETIRED = "retired", "Hưu trí"
    STUDENT = "student", "Học sinh, sinh viên"
    OTHER = "other", "Nghề khác"


VALUES: dict[Aggregate, type[Vocabulary]] = {
    Aggregate.SEX: Sex,
    Aggregate.AGE: AgeBand,
    Aggregate.ETHNICITY: Ethnicity,
    Aggregate.EDUCATION: Education,
    Aggregate.OCCUPATION: Occupation,
}
_UP_TO = ((30, AgeBand.TO_30), (40, AgeBand.TO_40), (50, AgeBand.TO_50), (60, AgeBand.TO_60))


def age_band(born_on: dt.date, on: dt.date) -> AgeBand:
    """The band of somebody on a day."""
    years = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    return next((band for most, band in _UP_TO if years <= most), AgeBand.OVER_60)
