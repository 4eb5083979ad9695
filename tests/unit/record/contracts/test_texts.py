"""Transforms of words, numbers and amounts."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.record.contracts import texts
from onefold.record.contracts.errors import Reason, RowFault


def fault(transform, *raws) -> Reason:
    """The reason a value is refused for."""
    with pytest.raises(RowFault) as caught:
        transform(*raws)
    return caught.value.reason


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (" a  b\t", "a b"),
        ("", None),
        ("   ", None),
        (7, "7"),
        (7.0, "7"),
        (True, "true"),
        ("e\u0301", "é"),
        ("a\x00b", "ab"),
    ],
)
def test_text_is_tidied_and_nothing_else(raw, expected):
    assert texts.text({})(raw) == expected


def test_text_keeps_its_case_and_gets_its_prefix():
    assert texts.text({"prefix": "CIF-"})("Ab 1") == "CIF-Ab 1"
    assert texts.lower({})("ÀB") == "àb"
    assert texts.upper({})("cz") == "CZ"


def test_text_beyond_its_limit_and_nested_values_are_faults():
    assert fault(texts.text({"limit": 3}), "four") is Reason.TOO_LONG
    assert fault(texts.text({}), {"a": 1}) is Reason.BAD_TYPE


def test_join_leaves_out_what_is_missing():
    join = texts.join({"separator": ", "})
    assert join("Main 1", None, " Tashkent ") == "Main 1, Tashkent"
    assert join(None, "", "  ") is None


@pytest.mark.parametrize(
    ("raw", "expected"), [("12", 12), (" +7 ", 7), (5, 5), ("-3", -3), ("", None), (4.0, 4)]
)
def test_integers_are_read(raw, expected):
    assert texts.integer({})(raw) == expected


@pytest.mark.parametrize("raw", ["1.5", "x", "1e3", "１２", "9" * 19, 10**18, -(10**18), 2**70])
def test_what_is_no_integer_is_a_fault(raw):
    assert fault(texts.integer({}), raw) is Reason.BAD_INTEGER


def test_decimals_are_rounded_half_to_even_only_when_asked():
    rounding = texts.integer({"round": True})
    assert [rounding("1.5"), rounding("2.5"), rounding("12.49")] == [2, 2, 12]
    for raw in ("NaN", "1E+999999999", "1E+999997", "999999999999999999.9"):
        assert fault(rounding, raw) is Reason.BAD_INTEGER
    assert (rounding("0E+999999999"), rounding("1E-999999999")) == (0, 0)


def test_flags_know_the_usual_words_or_those_of_the_contract():
    assert [texts.flag({})(it) for it in ("Y", "off", True, 0, "")] == [True, False, True, False, None]
    assert texts.flag({"true": ["da"], "false": ["net"]})("DA") is True
    assert fault(texts.flag({}), "maybe") is Reason.BAD_FLAG


def test_an_unknown_code_is_a_fault_unless_there_is_a_default():
    table = {"values": {"P": "person", "O": None}}
    assert texts.values(table)("P ") == "person"
    assert texts.values(table)("O") is None
    assert texts.values(table)(" ") is None
    assert fault(texts.values(table), "p") is Reason.UNKNOWN_VALUE
    assert texts.values({**table, "caseless": True})("p") == "person"
    assert texts.values({**table, "default": "organisation"})("X") == "organisation"


@pytest.mark.parametrize(
    ("raw", "options", "expected"),
    [
        ("700.00", {}, 70000),
        ("700", {}, 70000),
        ("0.5", {}, 50),
        ("-3.10", {}, -310),
        ("-3.10", {"absolute": True}, 310),
        ("1 234.50", {}, 123450),
        ("1\u00a0234,50", {"decimal": ","}, 123450),
        (12.5, {}, 1250),
        ("1e2", {}, 10000),
        ("55", {"unit": "minor"}, 55),
        (" ", {}, None),
    ],
)
def test_amounts_become_minor_units(raw, options, expected):
    assert texts.money({"currency": "CZK", **options})(raw) == expected


@pytest.mark.parametrize("raw", ["7.001", "abc", "1,000.00", "Infinity", "--1", "1_000.00"])
def test_what_is_no_exact_amount_is_a_fault(raw):
    assert fault(texts.money({"currency": "CZK"}), raw) is Reason.BAD_AMOUNT


def test_the_quick_way_and_the_exact_way_read_the_same_amounts():
    quick, exact = texts.money({"currency": "CZK"}), texts.money({"currency": "CZK", "decimal": ","})
    for raw in ("0.00", "12.34", "999999999999999.99", "0012.30"):
        assert quick(raw) == exact(raw.replace(".", ","))


def test_a_currency_of_the_row_counts_and_must_be_one():
    money = texts.money({})
    assert money("100", "jpy") == 100
    assert money("1.234", "KWD") == 1234
    assert fault(money, "1", "Kč") is Reason.BAD_CURRENCY
    assert fault(money, "1", "") is Reason.BAD_CURRENCY


def test_the_sign_of_an_amount_is_a_word():
    sign = texts.sign({"positive": "credit", "negative": "debit"})
    assert [sign("-0.01"), sign("0"), sign("5")] == ["debit", "credit", "credit"]
    assert fault(sign, "x") is Reason.BAD_AMOUNT


@given(
    st.from_regex(r"[-+]?[0-9]{0,17}([.,][0-9]{0,4})?( [0-9]{3})?", fullmatch=True) | st.text(max_size=6),
    st.sampled_from(["UZS", "JPY", "KWD", " uzs ", "x", ""]),
    st.sampled_from([".", ","]),
)
def test_the_quick_way_of_an_amount_is_that_of_decimals(raw, currency, mark):
    def made() -> object:
        try:
            return texts.money({"decimal": mark})(raw, currency)
        except RowFault as fault:
            return fault.reason

    quick = made()
    with patch.object(texts, "_quick", lambda *_: None):
        assert made() == quick
