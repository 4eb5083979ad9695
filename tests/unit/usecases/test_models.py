"""Who decides under an adoption: the model of the release that it was trained by, or nobody."""

from __future__ import annotations

from hashlib import sha256

import pytest

from onefold.adapters.files.models import ModelFolder
from onefold.customer.identity.adoption import RULES, Adoption
from onefold.customer.identity.rules import DeterministicRules
from onefold.kernel.errors import CallerError, Damaged
from onefold.usecases.models import provider_of, provider_under


def test_a_model_in_force_that_this_release_cannot_use_says_the_way_out(tmp_path):
    shelf = ModelFolder(tmp_path)
    data = b'{"format": "onefold-linking-model/1"}'
    shelf.put("f00d", data)
    adopted = Adoption(1, "f00d", sha256(data).hexdigest())
    with pytest.raises(Damaged, match=r"cannot be used by this release.*model rollback"):
        provider_under(shelf, adopted)
    with pytest.raises(CallerError, match="no model"):
        provider_of(shelf, "f00d")
    assert isinstance(provider_of(shelf, RULES), DeterministicRules)
