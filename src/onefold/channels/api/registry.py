"""The REST protocol of Confluent's schema registry, under /registry: its clients work unchanged.

Another protocol than ours: its own media type, its own errors, numbers for them. Its endpoints stand in a
list of their own and are not in the OpenAPI document; docs/reference/schema-registry.md has them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from onefold.channels.api.addresses import Addresses
from onefold.channels.api.endpoint import Access, Call, Endpoint, Handler, endpoint
from onefold.channels.api.entrance import Entrance
from onefold.channels.api.problems import Unprocessable, unreadable
from onefold.gate.model import Permit
from onefold.kernel.errors import NotFound, OnefoldError, Unauthenticated, Unavailable
from onefold.usecases.ingest import admit
from onefold.usecases.register_schemas import (
    check_schema,
    find_schema,
    list_places,
    list_subjects,
    list_versions,
    refuse_deletion,
    register_schema,
    set_level,
    show_level,
    show_schema,
    show_version,
)

PREFIX = "/registry"
MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"
NUMBERS = {
    "subject_unknown": 40401,
    "version_unknown": 40402,
    "schema_unknown": 40403,
    "schema_incompatible": 409,
    "schema_invalid": 42201,
    "version_invalid": 42202,
    "level_invalid": 42203,
    "operation_not_permitted": 42205,
    "refused": 40301,
}
"""The protocol's numbers of our errors; every other error has its HTTP status for a number."""
_ID_MAX = 1 << 31


class SubjectsQuery(msgspec.Struct, frozen=True):
    """Which subjects; what clients say besides is not needed here."""

    subject_prefix: str = msgspec.field(name="subjectPrefix", default="")


class CompatibilityQuery(msgspec.Struct, frozen=True):
    """Whether reasons are wanted."""

    verbose: bool = False


class Answered(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """A version of a subject as the protocol shows it."""

    subject: str
    version: int
    id: int
    schema: str
    schema_type: str


class Failure(msgspec.Struct, frozen=True):
    """An error as the protocol shows it."""

    error_code: int
    message: str


class Registry:
    """Answers everything under /registry."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance
        self._addresses = Addresses(ENDPOINTS)

    def has(self, path: str) -> bool:
        """Whether an address is the registry's."""
        return path == PREFIX or path.startswith(PREFIX + "/")

    async def answer(self, request: Request) -> Response:
        """The response to one request, errors of ours in the words of the protocol."""
        methods, request.scope["path_params"] = self._addresses.find(request.scope["path"])
        found = methods.get("GET" if request.method == "HEAD" else request.method)
        try:
            if found is None:
                return _rendered(405 if methods else 404, 405 if methods else 404, _NOTHING[bool(methods)])
            response = await self._entrance.answer(found, request)
        except OnefoldError as error:
            return _failure(error)
        response.headers["Content-Type"] = MEDIA_TYPE
        return response


_NOTHING = {False: "There is nothing at this address.", True: "This address does not take that method."}


def _failure(error: OnefoldError) -> Response:
    response = _rendered(error.status, NUMBERS.get(error.code, error.status), str(error))
    if isinstance(error, Unauthenticated):
        response.headers["WWW-Authenticate"] = 'Basic realm="onefold"'
    if isinstance(error, Unavailable):
        response.headers["Retry-After"] = str(error.retry_after_seconds)
    return response


def _rendered(status: int, number: int, message: str) -> Response:
    body = msgspec.json.encode(Failure(number, message))
    return Response(body, status, {"Cache-Control": "no-store"}, media_type=MEDIA_TYPE)


def _permit(call: Call) -> Permit:
    return admit(call.rooms, call.write_key)


def _said(call: Call) -> dict[str, Any]:
    try:
        said = msgspec.json.decode(call.raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise unreadable("body") from None
    if not isinstance(said, dict):
        raise Unprocessable("The body is not as expected.", detail="It has to be an object.")
    return said


def _number(call: Call) -> int:
    text = call.path["id"]
    if not (text.isascii() and text.isdigit() and len(text) < 11 and int(text) < _ID_MAX):
        raise NotFound("There is nothing at this address.", detail="The id of a schema is a whole number.")
    return int(text)


def _endpoint(
    method: str, path: str, summary: str, query: type[msgspec.Struct] | None = None
) -> Callable[[Handler], Endpoint]:
    return endpoint(method, PREFIX + path, summary, tag="registry", access=Access.WRITE_KEY, query=query)


@_endpoint("GET", "/schemas/types", "The schema languages")
def types(call: Call) -> Any:
    """AVRO and JSON."""
    _permit(call)
    return ["AVRO", "JSON"]


@_endpoint("GET", "/subjects", "The subjects", SubjectsQuery)
def subjects(call: Call) -> Any:
    """Names, in order."""
    return list_subjects(_permit(call), call.rooms, call.query.subject_prefix)


@_endpoint("GET", "/subjects/{subject}/versions", "The versions of a subject")
def versions(call: Call) -> Any:
    """Numbers, in order."""
    return list_versions(_permit(call), call.rooms, call.path["subject"])


@_endpoint("GET", "/subjects/{subject}/versions/{version}", "One version; `latest` for the newest")
def version(call: Call) -> Any:
    """The schema with its id."""
    it = show_version(_permit(call), call.rooms, call.path["subject"], call.path["version"])
    return Answered(it.subject, it.version, it.id, it.schema.text, it.schema.kind)


@_endpoint("GET", "/subjects/{subject}/versions/{version}/schema", "The schema of a version, bare")
def version_schema(call: Call) -> Any:
    """The schema itself, not as text within JSON."""
    it = show_version(_permit(call), call.rooms, call.path["subject"], call.path["version"])
    return msgspec.Raw(it.schema.text.encode())


@_endpoint("GET", "/subjects/{subject}/versions/{version}/referencedby", "Schemas that refer to it: none")
def referenced_by(call: Call) -> Any:
    """References are not taken, so there are none."""
    show_version(_permit(call), call.rooms, call.path["subject"], call.path["version"])
    return []


@_endpoint("POST", "/subjects/{subject}/versions", "Registers a schema")
def register(call: Call) -> Any:
    """Its id; 409 says field by field why the contract or other versions do not allow it."""
    it = register_schema(_permit(call), call.rooms, call.path["subject"], _said(call))
    return Answered(it.subject, it.version, it.id, it.schema.text, it.schema.kind)


@_endpoint("POST", "/subjects/{subject}", "Looks a schema up")
def look_up(call: Call) -> Any:
    """The version that has it."""
    it = find_schema(_permit(call), call.rooms, call.path["subject"], _said(call))
    return Answered(it.subject, it.version, it.id, it.schema.text, it.schema.kind)


@_endpoint("GET", "/schemas/ids/{id}", "The schema of an id")
def schema(call: Call) -> Any:
    """What a consumer asks for with the id that stands before every message."""
    it = show_schema(_permit(call), call.rooms, _number(call))
    return {"schema": it.text, "schemaType": it.kind}


@_endpoint("GET", "/schemas/ids/{id}/schema", "The schema of an id, bare")
def schema_bare(call: Call) -> Any:
    """The schema itself, not as text within JSON."""
    return msgspec.Raw(show_schema(_permit(call), call.rooms, _number(call)).text.encode())


@_endpoint("GET", "/schemas/ids/{id}/versions", "The subjects and versions of an id")
def schema_versions(call: Call) -> Any:
    """Pairs of subject and version."""
    found = list_places(_permit(call), call.rooms, _number(call))
    return [{"subject": subject, "version": version} for subject, version in found]


@_endpoint("GET", "/schemas/ids/{id}/subjects", "The subjects of an id")
def schema_subjects(call: Call) -> Any:
    """Names, in order."""
    return [subject for subject, _ in list_places(_permit(call), call.rooms, _number(call))]


@_endpoint(
    "POST",
    "/compatibility/subjects/{subject}/versions",
    "Whether a schema could be registered",
    CompatibilityQuery,
)
def compatibility(call: Call) -> Any:
    """Judged as registering it would be."""
    return _compatible(call, "")


@_endpoint(
    "POST",
    "/compatibility/subjects/{subject}/versions/{version}",
    "Whether a schema goes with one version",
    CompatibilityQuery,
)
def compatibility_with(call: Call) -> Any:
    """Judged by the contract and that version alone."""
    return _compatible(call, call.path["version"])


def _compatible(call: Call, against: str) -> dict[str, Any]:
    faults = check_schema(_permit(call), call.rooms, call.path["subject"], against, _said(call))
    answer: dict[str, Any] = {"is_compatible": not faults}
    return answer | {"messages": faults} if call.query.verbose else answer


@_endpoint("GET", "/config", "The compatibility where a contract says nothing")
def config(call: Call) -> Any:
    """BACKWARD."""
    return {"compatibilityLevel": show_level(_permit(call), call.rooms, "")}


@_endpoint("GET", "/config/{subject}", "The compatibility of a subject")
def config_of(call: Call) -> Any:
    """What its contract says, or more if more was set."""
    return {"compatibilityLevel": show_level(_permit(call), call.rooms, call.path["subject"])}


@_endpoint("PUT", "/config", "Refused: every contract states its own")
def set_config(call: Call) -> Any:
    """Always an error that says so."""
    return {"compatibility": set_level(_permit(call), call.rooms, "", "")}


@_endpoint("PUT", "/config/{subject}", "Sets a subject's compatibility, not below its contract's")
def set_config_of(call: Call) -> Any:
    """Only by the source that the subject belongs to."""
    permit, word = _permit(call), str(_said(call).get("compatibility", ""))
    return {"compatibility": set_level(permit, call.rooms, call.path["subject"], word)}


@_endpoint("GET", "/mode", "READWRITE")
def mode(call: Call) -> Any:
    """Schemas can be registered."""
    _permit(call)
    return {"mode": "READWRITE"}


@_endpoint("GET", "/mode/{subject}", "READWRITE")
def mode_of(call: Call) -> Any:
    """Schemas can be registered."""
    list_versions(_permit(call), call.rooms, call.path["subject"])
    return {"mode": "READWRITE"}


def _deletion(path: str) -> Endpoint:
    def refused(call: Call) -> Any:
        """Always an error that says what to do instead."""
        refuse_deletion(_permit(call), call.rooms)

    return _endpoint("DELETE", path, "Refused: a contract is deprecated, not deleted")(refused)


ENDPOINTS: tuple[Endpoint, ...] = (
    types,
    subjects,
    versions,
    version,
    version_schema,
    referenced_by,
    register,
    look_up,
    schema,
    schema_bare,
    schema_versions,
    schema_subjects,
    compatibility,
    compatibility_with,
    config,
    config_of,
    set_config,
    set_config_of,
    mode,
    mode_of,
    *map(_deletion, ("/subjects/{subject}", "/subjects/{subject}/versions/{version}", "/config/{subject}")),
)
