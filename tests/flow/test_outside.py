"""People of the company's directory over HTTP: they sign in, are named in the audit, and hold up nobody."""

from __future__ import annotations

import httpx
import pytest
from tools.services.openldap import PASSWORD as THEIRS
from tools.services.openldap import PEOPLE, SERVICE, SERVICE_PASSWORD, PrivateDirectory

from onefold.app.demo import PASSWORD
from tests.directory import AGENTS, directory_server, fill
from tests.flow.server import Server, make_folder

__all__ = ["directory_server"]

pytestmark = pytest.mark.xdist_group("ldap")


def configure(data, *lines: str) -> None:
    with (data / "config.toml").open("a") as config:
        config.write("\n" + "\n".join(lines) + "\n")


def directory_lines(url: str) -> list[str]:
    return [
        "[directory]",
        f'url = "{url}"',
        f'bind_dn = "{SERVICE}"',
        'password_file = "directory-password"',
        f'people = "{PEOPLE}"',
        "[directory.roles]",
        f'"{AGENTS}" = ["agent"]',
    ]


def sign_in(server: Server, login: str, password: str) -> httpx.Response:
    body = {"login": login, "password": password}
    return httpx.post(f"{server.url}/api/session", json=body, timeout=30)


def test_people_of_the_directory_sign_in_and_its_absence_holds_up_nobody_else(tmp_path):
    make_folder(tmp_path / "data")
    with PrivateDirectory() as directory:
        fill(directory)
        configure(tmp_path / "data", "[login]", 'local = ["rm", "privacy"]', *directory_lines(directory.url))
        (tmp_path / "data" / "directory-password").write_text(SERVICE_PASSWORD + "\n")
        (tmp_path / "data" / "directory-password").chmod(0o600)
        with Server(tmp_path / "data") as server:
            answer = sign_in(server, "anna", THEIRS)
            assert answer.status_code == 200
            assert (answer.json()["login"], answer.json()["roles"]) == ("directory:anna", ["agent"])
            cookies = {"onefold_session": answer.cookies["onefold_session"]}
            found = httpx.get(f"{server.url}/api/customers", params={"q": "Karimov"}, cookies=cookies)
            assert found.status_code == 200
            with server.signed_in("privacy") as privacy:
                (newest, *_) = privacy.get("/api/audit", params={"actor": "directory:anna"}).json()["items"]
            assert newest["action"] == "search_customers"
            assert sign_in(server, "timur", THEIRS).status_code == 403
            wrong = [sign_in(server, "anna", "wrong"), sign_in(server, "nobody", "wrong")]
            wrong.append(sign_in(server, "agent", PASSWORD))
            assert {it.status_code for it in wrong} == {401}
            assert len({it.text for it in wrong}) == 1
            directory.stop()
            down = sign_in(server, "anna", THEIRS)
            assert (down.status_code, down.json()["code"]) == (503, "directory_down")
            assert down.headers["retry-after"]
            assert sign_in(server, "rm", PASSWORD).status_code == 200
            assert THEIRS not in server.log()
            assert SERVICE_PASSWORD not in server.log()
