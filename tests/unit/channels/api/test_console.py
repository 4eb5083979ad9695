"""The console's files and pages, and what is neither."""

from __future__ import annotations

from typing import Any

import pytest

from onefold.channels.api.application import create_application
from tests.unit.channels.api.client import Client

PAGE = "<!doctype html>console"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "assets").mkdir()
    (tmp_path / "assets" / "index-1.js").write_text("1")
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "favicon.svg").write_text("<svg/>")
    return tmp_path


@pytest.fixture
def client(folder):
    unused: Any = None
    return Client(create_application(unused, unused, console=folder, endpoints=()))


@pytest.mark.parametrize("path", ["/", "/sign-in", "/find?q=a.b", "/customers/0f/timeline", "/segments/api"])
def test_every_page_of_the_console_is_its_one_file(client, path):
    answer = client.get(path)
    assert (answer.status_code, answer.text) == (200, PAGE)


def test_a_file_is_itself(client):
    assert client.get("/favicon.svg").text == "<svg/>"
    assert "immutable" in client.get("/assets/index-1.js").headers["cache-control"]


@pytest.mark.parametrize(
    "path",
    [
        *("/api", "/api/", "/api/none", "/v1", "/v1/none"),
        *("//api/customers", "///v1//batch", "/%2Fapi/customers"),
        *("/openapi.json", "/robots.txt", "/.env", "/customers/index.php", "/find/x.js", "/x.map/"),
        *("/assets/none.js", "/assets/none", "/assets/%2569ndex-1.js"),
    ],
)
def test_what_is_neither_a_page_nor_a_file_is_not_there(client, path):
    answer = client.get("http://testserver" + path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_without_a_console_the_server_says_how_to_build_one(tmp_path):
    unused: Any = None
    client = Client(create_application(unused, unused, console=tmp_path, endpoints=()))
    assert "make web" in client.get("/").text
    assert client.get("/find").status_code == 404


def test_the_console_is_only_read(client):
    for path in ("/", "/find", "/favicon.svg", "/api/openapi.json"):
        answer = client.post(path)
        assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")
    assert client.post("/api/none").status_code == 404


@pytest.mark.parametrize("path", ["/assets", "/assets/", "/assets/."])
def test_no_folder_is_listed(client, path):
    answer = client.get("http://testserver" + path)
    assert answer.status_code == 404
    assert "index-1.js" not in answer.text


def test_what_lies_beside_the_pages_is_not_given_out(folder):
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("secret")
    unused: Any = None
    client = Client(create_application(unused, unused, console=folder, endpoints=()))
    for path in ("/.git/config", "/.git/", "/.git"):
        assert "secret" not in client.get(path).text
