"""What the rooms registered for reading events that older versions of Onefold wrote; see upcasting.py.

A room that changes the words of Onefold's own contract incompatibly raises its version and adds a lift here,
in the same commit, with a test that old events fold as the new ones do. Nothing is ever taken out.
"""

from __future__ import annotations

from onefold.record.log.upcasting import Upcasters

HISTORY = Upcasters(())
"""None yet: Onefold's own contract is in its first version."""
