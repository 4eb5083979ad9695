"""Schemas of another registry, over Confluent's client: by id, with those they refer to."""

from __future__ import annotations

from collections.abc import Mapping

from confluent_kafka.schema_registry import SchemaReference, SchemaRegistryClient
from confluent_kafka.schema_registry.error import OAuthTokenError, SchemaRegistryError

from onefold.kernel.errors import CallerError, Unavailable

# The client takes the one of these that it finds, in this order, and lets its errors pass.
try:
    import httpx2 as httpx
except ImportError:
    import httpx  # type: ignore[no-redef]

REFERENCES_MAX = 50
_NUMBERS = {"max.retries", "retries.wait.ms", "retries.max.wait.ms", "timeout", "cache.capacity"}
_AVRO = "AVRO"
_MISSING = 404


class RemoteSchemas:
    """Implements `Schemas`. The client remembers what it was answered."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        try:
            said = {name: int(it) if name in _NUMBERS else it for name, it in settings.items()}
            self._client = SchemaRegistryClient(said)
        except (ValueError, TypeError):
            # Its words may hold a value.
            raise CallerError(
                "The settings of the schema registry cannot be used.",
                hint="Write url=…, and basic.auth.user.info=… where it asks who you are.",
            ) from None

    def __call__(self, number: int) -> list[str]:
        """The schema of an id, what it refers to before it; nothing where there is none of Avro."""
        try:
            schema = self._client.get_schema(number)
            if (schema.schema_type or _AVRO) != _AVRO or schema.schema_str is None:
                return []
            found: dict[tuple[str, int], str] = {}
            self._follow(schema.references or [], found)
            return [*found.values(), schema.schema_str]
        except SchemaRegistryError as error:
            if error.http_status_code == _MISSING:
                return []
            raise Unavailable(
                "The schema registry cannot serve.", detail=f"It answers {error.http_status_code}."
            ) from None
        except (httpx.HTTPError, OAuthTokenError) as error:
            raise Unavailable(
                "The schema registry does not answer.", detail=f"{type(error).__name__}."
            ) from None

    def close(self) -> None:
        """Lets go of its connections."""
        self._client.close()

    def _follow(self, references: list[SchemaReference], found: dict[tuple[str, int], str]) -> None:
        for it in references:
            place = str(it.subject), int(it.version or 0)
            if place in found or len(found) >= REFERENCES_MAX:
                continue
            registered = self._client.get_version(*place)
            self._follow(registered.schema.references or [], found)
            found[place] = registered.schema.schema_str or ""
