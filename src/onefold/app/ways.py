"""How people sign in, from the data folder's settings.

[login]
local = ["admin"]             only these may use a password of ours; left out, every login may

[directory]                   the company's directory, over LDAP
url = "ldaps://ldap.bank.example"
bind_dn = "cn=onefold,dc=bank,dc=example"
password_file = "/run/secrets/ldap"     or password_env: an environment variable that holds it
people = "ou=people,dc=bank,dc=example"

[directory.roles]             group → roles
"cn=agents,ou=groups,dc=bank,dc=example" = ["agent"]

[directory.portfolios]        group → portfolios; left out, `onefold user --portfolio` gives them
"cn=west,ou=groups,dc=bank,dc=example" = ["RM07", "RM08"]

[oidc]                        the company's provider, over OpenID Connect
issuer = "https://login.bank.example"
client_id = "onefold"
secret_file = "/run/secrets/oidc"       or secret_env; neither for a client without a secret
address = "https://c360.bank.example"   of the console, as browsers know it
name = "Bank account"                   what the button says

[oidc.roles]
"c360-agents" = ["agent"]     and [oidc.portfolios] as for the directory
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TypeVar

import msgspec

from onefold.adapters.files.secret_files import read_secret
from onefold.adapters.files.users import checked_portfolios
from onefold.app.connections import settings
from onefold.app.folder import CONFIG, DataFolder
from onefold.gate.words import ROLES
from onefold.kernel.errors import CallerError
from onefold.usecases.ports import Directory, Provider
from onefold.usecases.ways import Roles, Ways

CALLBACK = "/api/session/provider/callback"
T = TypeVar("T", bound=msgspec.Struct)


class _Login(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    local: tuple[str, ...] | None = None
    proxies: tuple[str, ...] = ()
    requests_a_minute: int = 0


class _Directory(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    url: str
    bind_dn: str
    people: str
    roles: dict[str, tuple[str, ...]]
    portfolios: dict[str, tuple[str, ...]] | None = None
    password_file: str = ""
    password_env: str = ""
    login_attribute: str = "uid"
    group_attribute: str = "memberOf"
    only: str = "(objectClass=person)"
    start_tls: bool = False
    ca_file: str = ""


class _Oidc(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    issuer: str
    client_id: str
    address: str
    roles: dict[str, tuple[str, ...]]
    portfolios: dict[str, tuple[str, ...]] | None = None
    name: str = "your company account"
    secret_file: str = ""
    secret_env: str = ""
    scope: str = "openid"
    login_claim: str = "sub"
    groups_claim: str = "groups"
    ca_file: str = ""


def ways_of(folder: DataFolder) -> Ways:
    """The ways the settings open; `CallerError` says what is wrong with them."""
    login = _read(folder, "login", _Login) or _Login()
    directory, oidc = _read(folder, "directory", _Directory), _read(folder, "oidc", _Oidc)
    return Ways(
        None if login.local is None else frozenset(login.local),
        _directory(folder, directory) if directory else None,
        _roles("directory", directory.roles) if directory else {},
        _portfolios(directory.portfolios) if directory else None,
        _provider(folder, oidc) if oidc else None,
        _roles("oidc", oidc.roles) if oidc else {},
        _portfolios(oidc.portfolios) if oidc else None,
    )


def _directory(folder: DataFolder, it: _Directory) -> Directory:
    try:
        from onefold.adapters.ldap.directory import LdapDirectory, LdapSettings
    except ModuleNotFoundError:
        raise CallerError(
            "ldap3 is not installed, and the settings name a directory.",
            hint="Install Onefold with its ldap extra: pip install 'onefold[ldap]'.",
        ) from None
    return LdapDirectory(
        LdapSettings(
            url=it.url,
            bind_dn=it.bind_dn,
            password=_secret(folder, "directory.password", it.password_file, it.password_env),
            people=it.people,
            login_attribute=it.login_attribute,
            group_attribute=it.group_attribute,
            only=it.only,
            start_tls=it.start_tls,
            ca_file=_beside(folder, it.ca_file),
        )
    )


def _provider(folder: DataFolder, it: _Oidc) -> Provider:
    from onefold.adapters.oidc.provider import OidcProvider, OidcSettings

    has_secret = bool(it.secret_file or it.secret_env)
    return OidcProvider(
        OidcSettings(
            issuer=it.issuer,
            client_id=it.client_id,
            redirect_url=it.address.rstrip("/") + CALLBACK,
            name=it.name,
            client_secret=_secret(folder, "oidc.secret", it.secret_file, it.secret_env) if has_secret else "",
            scope=it.scope,
            login_claim=it.login_claim,
            groups_claim=it.groups_claim,
            ca_file=_beside(folder, it.ca_file),
        )
    )


def _read(folder: DataFolder, name: str, kind: type[T]) -> T | None:
    found = settings(folder, name)
    try:
        return None if found is None else msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        raise CallerError(f"[{name}] in {CONFIG} cannot be read.", detail=str(error)) from None


def _roles(name: str, roles: Roles) -> Roles:
    if unknown := sorted({role for given in roles.values() for role in given} - set(ROLES)):
        raise CallerError(
            f"[{name}.roles] in {CONFIG} gives roles that do not exist: {', '.join(unknown)}.",
            hint=f"The roles are {', '.join(ROLES)}.",
        )
    return roles


def _portfolios(portfolios: Roles | None) -> Roles | None:
    return (
        None if portfolios is None else {it: checked_portfolios(tuple(of)) for it, of in portfolios.items()}
    )


def _secret(folder: DataFolder, what: str, path: str, variable: str) -> str:
    """What a file or a variable holds; never the settings themselves."""
    found = read_secret(folder.root / path) if path else ""
    found = found or os.environ.get(variable, "").strip()
    if not found:
        where = path or f"the variable {variable}"
        raise CallerError(f"The {what} is not set: {where} is empty or not there.")
    return found


def _beside(folder: DataFolder, path: str) -> Path | None:
    return folder.root / path if path else None
