"""What the reference says about contracts is what the code knows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from onefold.record.canon.purposes import PURPOSES
from onefold.record.contracts.errors import REFUSALS, Reason, RowFault
from onefold.record.contracts.parse import CONTRACT_WORDS, FILE_WORDS, OBJECT_WORDS
from onefold.record.contracts.transforms import TRANSFORMS

PAGE = (Path(__file__).resolve().parents[4] / "docs/reference/contract.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_is_documented_as_it_is_shown(reason):
    assert f"| `{reason}` | {reason.about} |" in PAGE


@pytest.mark.parametrize("name", TRANSFORMS)
def test_every_transform_and_its_options_are_documented(name):
    line = next(line for line in PAGE.splitlines() if line.startswith("| `") and f"`{name}`" in line)
    missing = [option for option in TRANSFORMS[name].options if option not in line]
    assert not missing


@pytest.mark.parametrize("word", [*CONTRACT_WORDS, *OBJECT_WORDS, *FILE_WORDS, *PURPOSES])
def test_every_word_is_documented(word):
    assert re.search(rf"[`: {{]{word}\b", PAGE)


def test_refusals_are_the_documented_ones():
    told = PAGE.rpartition(" are refused: a digest")[0].splitlines()[-1]
    assert {reason for reason in Reason if f"`{reason}`" in told} == REFUSALS


def test_a_fault_names_the_field_and_no_value():
    assert str(RowFault(Reason.BAD_DATE, "born")) == f"{Reason.BAD_DATE.about} Field born."
