"""The topics of a data folder: which the house reads, how their messages are written, and whose they are.

[[kafka]]
source = "bank"                          whose contract the messages are of
settings_file = "/run/secrets/kafka"     or settings_env: what the client needs to reach the broker
registry_file = "/run/secrets/registry"  or registry_env: another schema registry; without it, our own
group = "onefold"                        default: onefold-<tenant>-<jurisdiction>-<source>
consumers = 2                            members of the group in this house; default 1

[[kafka.topics]]
topic = "bank.visits"
format = "cloudevents"                   json, avro, cloudevents or debezium
object = "visit"                         for json and avro: the object whose rows these are
key = "id"                               for json and avro: the property that keys are, for tombstones

The settings are lines of `name=value` as librdkafka names them, with passwords among them, so they stand in a
file or variable of their own. Whoever owns the folder says whose topics are read; nobody else is asked.
"""

from __future__ import annotations

import os
from typing import Any

from onefold.adapters.files.secret_files import read_secret
from onefold.app.connections import settings
from onefold.app.folder import CONFIG, DataFolder
from onefold.kernel.errors import CallerError
from onefold.record.intake.envelopes.messages import Form
from onefold.usecases.consume_messages import TopicReading

CONSUMERS_MAX = 32
_WORDS = {
    "source", "settings_file", "settings_env", "registry_file", "registry_env", "group", "consumers", "topics"
}  # fmt: skip
_TOPIC_WORDS = {"topic", "format", "object", "key"}


class TopicEntry:
    """One entry of the topics, checked. What is secret is read when it is needed, and kept nowhere."""

    def __init__(self, folder: DataFolder, said: Any) -> None:
        if not isinstance(said, dict) or not set(said) <= _WORDS or not isinstance(said.get("source"), str):
            raise _wrong(f"each entry has a source, and of {_listed(_WORDS - {'source'})} what it needs")
        self._folder = folder
        self._said = said
        self.source: str = said["source"]
        self.readings = _readings(said.get("topics"))
        cell = folder.cell
        group = said.get("group", f"onefold-{cell.tenant}-{cell.jurisdiction}-{self.source}")
        if not isinstance(group, str) or not group:
            raise _wrong("group is a name")
        self.group: str = group
        consumers = said.get("consumers", 1)
        if (
            not isinstance(consumers, int)
            or isinstance(consumers, bool)
            or not 0 < consumers <= CONSUMERS_MAX
        ):
            raise _wrong(f"consumers is a whole number from 1 to {CONSUMERS_MAX}")
        self.consumers: int = consumers

    def broker(self) -> dict[str, str]:
        """The settings of the client; `CallerError` where they are not to be had."""
        found = self._properties("settings")
        if not found:
            raise _wrong(f'{self.source} has settings_file = "…" or settings_env = "VARIABLE"')
        return found

    def registry(self) -> dict[str, str]:
        """The settings of another registry; empty for our own."""
        return self._properties("registry")

    def _properties(self, name: str) -> dict[str, str]:
        path, variable = self._said.get(f"{name}_file"), self._said.get(f"{name}_env")
        if path is None and variable is None:
            return {}
        if path is not None and variable is not None:
            raise _wrong(f"{self.source} has {name}_file or {name}_env, not both")
        where = f"the file {path}" if path is not None else f"the variable {variable}"
        text = (
            read_secret(self._folder.root / str(path))
            if path is not None
            else os.environ.get(str(variable), "")
        )
        if not text.strip():
            raise CallerError(f"The {name} of the topics of {self.source} are not there: {where} is empty.")
        return _parsed(text, where)


def read_topics(folder: DataFolder) -> list[TopicEntry]:
    """Every entry of `config.toml`; `CallerError` for one that cannot be read."""
    found = settings(folder, "kafka") or []
    if not isinstance(found, list):
        raise _wrong("write [[kafka]], in double brackets")
    return [TopicEntry(folder, it) for it in found]


def _readings(said: Any) -> dict[str, TopicReading]:
    if not isinstance(said, list) or not said:
        raise _wrong("each entry has its topics, as [[kafka.topics]]")
    found: dict[str, TopicReading] = {}
    for it in said:
        if not isinstance(it, dict) or not set(it) <= _TOPIC_WORDS or not all(map(_is_text, it.values())):
            raise _wrong(f"each topic has of {_listed(_TOPIC_WORDS)} what it needs, each a text")
        topic, form, item = it.get("topic", ""), it.get("format", ""), it.get("object", "")
        if not topic or topic in found or form not in set(Form):
            raise _wrong(f"each topic stands once, with a format: {_listed(set(Form))}")
        if Form(form).is_enveloped and (item or "key" in it):
            raise _wrong(f"messages of {topic} say themselves which object they are of, as {form} does")
        if not Form(form).is_enveloped and not item:
            raise _wrong(f"{topic} needs the object whose rows its messages are")
        found[topic] = TopicReading(topic, Form(form), item, it.get("key", ""))
    return found


def _parsed(text: str, where: str) -> dict[str, str]:
    """`name=value` a line, as Kafka's own tools read it; a line that is none is named by its number alone."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith(("#", "!")):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip():
            raise CallerError(f"Line {number} of {where} is not name=value.")
        found[name.strip()] = value.strip()
    return found


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _listed(words: set[str] | set[Form]) -> str:
    return ", ".join(sorted(words))


def _wrong(what: str) -> CallerError:
    return CallerError(f"The topics in {CONFIG} cannot be read: {what}.")
