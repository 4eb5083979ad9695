"""Transforms of days and instants."""

from __future__ import annotations

from datetime import date

import pytest

from onefold.kernel.time import MS_PER_DAY, day_from_date, iso_day, iso_instant
from onefold.record.contracts import moments
from onefold.record.contracts.errors import BadOption, Reason, RowFault


def fault(transform, raw) -> Reason:
    """The reason a value is refused for."""
    with pytest.raises(RowFault) as caught:
        transform(raw)
    return caught.value.reason


@pytest.mark.parametrize(
    ("raw", "options", "expected"),
    [
        ("1993-01-05", {}, "1993-01-05"),
        ("1993-01-05T23:59:00", {}, "1993-01-05"),
        ("930105", {"format": "YYMMDD", "pivot": 0}, "1993-01-05"),
        ("050105", {"format": "YYMMDD", "pivot": 30}, "2005-01-05"),
        ("300105", {"format": "YYMMDD", "pivot": 30}, "1930-01-05"),
        (50105, {"format": "YYMMDD"}, "2005-01-05"),
        ("05.01.1993", {"format": "DD.MM.YYYY"}, "1993-01-05"),
        ("5-JAN-93".rjust(9, "0"), {"format": "DD-MON-YY", "pivot": 0}, "1993-01-05"),
        ("931107 00:00:00", {"format": "YYMMDD HH:mm:ss", "pivot": 0}, "1993-11-07"),
        (" 2024-02-29 ", {}, "2024-02-29"),
    ],
)
def test_dates_are_read_in_their_format(raw, options, expected):
    assert iso_day(moments.day(options)(raw)) == expected


@pytest.mark.parametrize(
    "raw", ["1993-13-01", "2023-02-29", "5.1.93", "yesterday", "0993-01-01", "2500-01-01"]
)
def test_days_that_do_not_exist_are_faults(raw):
    assert fault(moments.day({}), raw) is Reason.BAD_DATE


def test_a_day_and_its_memory_agree():
    transform = moments.day({"format": "YYMMDD", "pivot": 0})
    assert transform("930105") == transform("930105") == transform(930105)
    assert transform(" ") is None


def test_placeholders_say_nothing():
    assert moments.day({})("9999-12-31") is None
    assert moments.day({})("1970-01-01") == 0
    birth = moments.day({"birth": True, "placeholders": ["2000-01-01"]})
    assert [birth(it) for it in ("1900-01-01", "1970-01-01", "2000-01-01")] == [None, None, None]
    assert birth("1970-01-02") == 1


@pytest.mark.parametrize(
    ("raw", "options", "expected"),
    [
        ("2024-05-01T10:00:00Z", {}, "2024-05-01T10:00:00.000Z"),
        ("2024-05-01T10:00:00.123456+05:00", {}, "2024-05-01T05:00:00.123Z"),
        ("2024-05-01 10:00:00", {"zone": "Asia/Tashkent"}, "2024-05-01T05:00:00.000Z"),
        ("2024-05-01", {}, "2024-05-01T00:00:00.000Z"),
        ("930101", {"format": "YYMMDD", "pivot": 0}, "1993-01-01T00:00:00.000Z"),
        ("01.05.2024 10:30:15.250", {"format": "DD.MM.YYYY HH:mm:ss.SSS"}, "2024-05-01T10:30:15.250Z"),
        ("1714557600", {"format": "epoch_s"}, "2024-05-01T10:00:00.000Z"),
        (1714557600123, {"format": "epoch_ms"}, "2024-05-01T10:00:00.123Z"),
        ("1969-12-31T23:59:59.999Z", {}, "1969-12-31T23:59:59.999Z"),
    ],
)
def test_instants_are_read_to_the_millisecond(raw, options, expected):
    assert iso_instant(moments.instant(options)(raw)) == expected


@pytest.mark.parametrize("raw", ["2024-05-01T25:00:00Z", "noon", "0001-01-01T00:00:00Z"])
def test_instants_that_do_not_exist_are_faults(raw):
    assert fault(moments.instant({}), raw) is Reason.BAD_INSTANT


@pytest.mark.parametrize("raw", ["soon", "1e300", "inf", "nan", 10**18])
def test_numbers_that_are_no_epoch_are_faults(raw):
    assert fault(moments.instant({"format": "epoch_ms"}), raw) is Reason.BAD_INSTANT


@pytest.mark.parametrize(
    "options",
    [{"format": "YYYY"}, {"format": "YYYY-MM-DD-DD"}, {"zone": "Mars/Olympus"}, {"zone": "../etc/passwd"}],
)
def test_options_that_mean_nothing_are_told(options):
    with pytest.raises(BadOption):
        moments.instant(options)


@pytest.mark.parametrize(
    ("number", "born", "gender"),
    [
        ("706213", date(1970, 12, 13), "female"),
        ("450204", date(1945, 2, 4), "male"),
        ("7062130012", date(1970, 12, 13), "female"),
        ("0451020011", date(2004, 1, 2), "female"),
        ("535812", date(1953, 8, 12), "female"),
    ],
)
def test_a_czech_birth_number_holds_date_and_gender(number, born, gender):
    assert moments.czech_birth_number({"part": "date"})(number) == day_from_date(born)
    assert moments.czech_birth_number({"part": "gender"})(number) == gender


@pytest.mark.parametrize("number", ["701313", "70621", "7062xx", "706232", "12345678"])
def test_a_birth_number_without_a_date_is_a_fault(number):
    assert fault(moments.czech_birth_number({"part": "gender"}), number) is Reason.BAD_DATE


def test_a_remembered_day_has_the_length_of_a_day():
    transform = moments.instant({"format": "YYMMDD", "pivot": 0})
    assert transform("930102") - transform("930101") == MS_PER_DAY


def test_what_stands_between_the_words_of_a_format_is_itself():
    assert moments.compile_format("DD.MM.YYYY").fullmatch("01.02.1990")
    assert not moments.compile_format("DD.MM.YYYY").fullmatch("01x02x1990")
