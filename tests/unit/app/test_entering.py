"""What getting in rests on besides ways to sign in, as the settings say it."""

from __future__ import annotations

import pytest

from onefold.app.creating import create
from onefold.app.entering import requests_a_minute
from onefold.app.folder import CONFIG, read_folder
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell


@pytest.mark.parametrize(("said", "found"), [("", 0), ("requests_a_minute = 600", 600)])
def test_the_house_sets_how_much_one_may_ask_in_a_minute(tmp_path, said, found):
    create(tmp_path / "data", Cell("demo", "uz"), [], None)
    with (tmp_path / "data" / CONFIG).open("a") as config:
        config.write(f"\n[login]\n{said}\n")
    assert requests_a_minute(read_folder(tmp_path / "data")) == found


@pytest.mark.parametrize("said", ["-1", "true", "1.5", '"600"'])
def test_a_limit_that_is_no_number_is_told(tmp_path, said):
    create(tmp_path / "data", Cell("demo", "uz"), [], None)
    with (tmp_path / "data" / CONFIG).open("a") as config:
        config.write(f"\n[login]\nrequests_a_minute = {said}\n")
    with pytest.raises(CallerError, match="requests_a_minute"):
        requests_a_minute(read_folder(tmp_path / "data"))
