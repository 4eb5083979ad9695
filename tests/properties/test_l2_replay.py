"""L2: rebuilt from the log = the live state, and the state as known then = the fold of the log up to then."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from onefold.adapters.sqlite.customer_reader import SqliteCustomerReader
from onefold.adapters.sqlite.store import SqliteState
from onefold.pipeline.fingerprint import state_hash
from onefold.testing.memory import MemoryState
from tests.properties.folding import cut, fingerprint, folded, take
from tests.properties.strategies import histories


@given(st.data(), histories())
def test_a_replay_of_the_log_is_the_live_state(data, history):
    assert fingerprint(data.draw(cut(history))) == fingerprint(data.draw(cut(history)))


@given(st.data(), histories(most=25))
def test_the_state_as_known_then_is_the_fold_of_the_log_up_to_then(data, history):
    live = MemoryState()
    known = {}
    for batch in data.draw(cut(history)):
        take(live, batch)
        known[live.offset] = state_hash(live)
    for offset, then in known.items():
        assert fingerprint([history[:offset]]) == then


@settings(max_examples=20)
@given(st.data(), histories())
def test_the_state_on_disk_is_the_state_in_memory(data, history):
    batches = data.draw(cut(history))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "state.db"
        disk, reader = SqliteState(path), SqliteCustomerReader(path)
        for batch in batches:
            take(disk, batch)
        on_disk = state_hash(reader)
        reader.close()
        disk.close()
    assert on_disk == state_hash(folded(batches))
