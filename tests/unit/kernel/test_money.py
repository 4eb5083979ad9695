"""Amounts: exact in minor units, or a fault; soon, whatever was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.kernel.errors import SourceError
from onefold.kernel.money import decimal_text, minor_units


@given(st.integers(-(1 << 62) + 1, (1 << 62) - 1), st.sampled_from(["CZK", "JPY", "KWD"]))
def test_every_amount_comes_back_as_it_was_written(minor, currency):
    assert minor_units(decimal_text(minor, currency), currency) == minor
    assert (
        minor_units(f"{decimal_text(minor, currency)}{'' if currency == 'JPY' else '000'}", currency) == minor
    )


@pytest.mark.parametrize("text", ["0", "-0", "0.000", "0E+999999999", "0E-999999999"])
def test_nothing_is_nothing_however_it_is_written(text):
    assert minor_units(text, "CZK") == 0


@pytest.mark.parametrize(
    "text",
    [
        "1E+999997",  # as a whole number it takes a minute to write out
        "1E+999999999",
        "1E-999999999",
        "1e-400",
        "0.1000000000000000000000000000000000000001",
        "10.000000000000000000000000000000000000000000000000000000000000000001",
        str(1 << 62),
        "9" * 20_000,
        "NaN",
        "sNaN",
        "-Infinity",
        "",
        "12,5",
        "١٢٣.٤٥٦",
    ],
)
def test_what_is_no_exact_amount_is_told(text):
    with pytest.raises(SourceError):
        minor_units(text, "CZK")


def test_digits_of_other_scripts_are_digits():
    assert minor_units("١٢", "CZK") == 1200
