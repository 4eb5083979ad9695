"""Ids: keyed, opaque, equal for equal content, and never equal across what they are about."""

from __future__ import annotations

import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onefold.kernel.errors import CallerError
from onefold.kernel.ids import ID_BYTES, Cell, CellKey, id_from_text, id_text

KEY = CellKey(b"\x01" * 32)
PARTS = st.lists(st.binary(max_size=40), min_size=1, max_size=4)


@given(PARTS, st.binary(max_size=200))
def test_a_digester_is_the_digest_with_its_first_parts_fixed(first, last):
    assert KEY.digester(*first)(last) == KEY.digest(*first, last)


@given(PARTS, PARTS)
def test_parts_cannot_flow_into_each_other(left, right):
    assert (KEY.digest(*left) == KEY.digest(*right)) == (left == right)


def test_the_digest_is_hmac_sha256_over_length_prefixed_parts():
    """Pinned: another result would make every id of every log another one."""
    said = b"".join(len(part).to_bytes(4, "big") + part for part in (b"birth", b"core", b"party", b"7"))
    assert KEY.birth_id("core", "party", "7") == hmac.digest(b"\x01" * 32, said, "sha256")[:ID_BYTES]


def test_another_cell_gives_another_id():
    assert CellKey(b"\x02" * 32).birth_id("core", "party", "7") != KEY.birth_id("core", "party", "7")


def test_a_key_of_another_length_is_refused():
    with pytest.raises(CallerError):
        CellKey(b"short")


def test_ids_are_read_back_from_their_text():
    found = KEY.birth_id("core", "party", "7")
    assert id_from_text(id_text(found)) == found
    for wrong in ("", "zz" * 16, "ab"):
        with pytest.raises(CallerError):
            id_from_text(wrong)


@pytest.mark.parametrize("text", ["", "demo", "demo/", "/uz", "Demo/UZ", "a b/uz", "demo/uz/x"])
def test_an_unset_or_malformed_cell_is_an_error(text):
    with pytest.raises(CallerError):
        Cell.parse(text)


def test_a_cell_is_tenant_and_jurisdiction():
    assert str(Cell.parse("demo/uz")) == "demo/uz"
