"""The topics of a data folder as its owner writes them, each way of writing them wrong, and secrets kept."""

from __future__ import annotations

import sys

import pytest

from onefold.app.consuming import consume
from onefold.app.folder import CONFIG, create_folder
from onefold.app.topics import read_topics
from onefold.kernel.errors import CallerError
from onefold.kernel.ids import Cell
from onefold.record.intake.envelopes.messages import Form
from onefold.usecases.consume_messages import TopicReading

TOPIC = 'topics = [{ topic = "t", format = "json", object = "person" }]'


@pytest.fixture
def folder(tmp_path):
    return create_folder(tmp_path / "data", Cell("demo", "uz"), None)


@pytest.fixture
def topics(folder):
    """Reads topics that are written so."""
    config = folder.root / CONFIG

    def read(text: str):
        config.write_text(config.read_text() + text)
        return read_topics(folder)

    return read


def test_a_folder_without_any_has_none(topics):
    assert topics("") == []


def test_entries_are_read(topics, tmp_path, monkeypatch):
    (tmp_path / "kafka").write_text("# ours\n\nbootstrap.servers = one:9092,two:9092\nsasl.password=a=b#c\n")
    (tmp_path / "kafka").chmod(0o600)
    monkeypatch.setenv("THE_REGISTRY", "url=https://registry.example\n")
    first, second = topics(
        f'[[kafka]]\nsource = "desk"\nsettings_file = "../kafka"\n{TOPIC}\n'
        '[[kafka]]\nsource = "bank"\nsettings_file = "../kafka"\nregistry_env = "THE_REGISTRY"\n'
        'group = "g"\nconsumers = 3\n'
        '[[kafka.topics]]\ntopic = "a"\nformat = "avro"\nobject = "o"\nkey = "id"\n'
        '[[kafka.topics]]\ntopic = "b"\nformat = "debezium"\n'
    )
    assert (first.source, first.group, first.consumers) == ("desk", "onefold-demo-uz-desk", 1)
    assert first.readings == {"t": TopicReading("t", Form.JSON, "person")}
    assert first.broker() == {"bootstrap.servers": "one:9092,two:9092", "sasl.password": "a=b#c"}
    assert first.registry() == {}
    assert (second.group, second.consumers) == ("g", 3)
    assert second.readings["a"] == TopicReading("a", Form.AVRO, "o", "id")
    assert second.readings["b"] == TopicReading("b", Form.DEBEZIUM)
    assert second.registry() == {"url": "https://registry.example"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (f"[kafka]\n{TOPIC}\n", "double brackets"),
        (f"[[kafka]]\n{TOPIC}\n", "has a source"),
        (f'[[kafka]]\nsource = "a"\npassword = "x"\n{TOPIC}\n', "has a source"),
        ('[[kafka]]\nsource = "a"\n', "has its topics"),
        ('[[kafka]]\nsource = "a"\ntopics = []\n', "has its topics"),
        (f'[[kafka]]\nsource = "a"\nconsumers = 0\n{TOPIC}\n', "from 1 to 32"),
        (f'[[kafka]]\nsource = "a"\nconsumers = true\n{TOPIC}\n', "from 1 to 32"),
        (f'[[kafka]]\nsource = "a"\ngroup = ""\n{TOPIC}\n', "group is a name"),
        ('[[kafka]]\nsource = "a"\ntopics = [{ topic = "t", format = "xml" }]\n', "with a format"),
        ('[[kafka]]\nsource = "a"\ntopics = [{ format = "json", object = "o" }]\n', "with a format"),
        ('[[kafka]]\nsource = "a"\ntopics = [{ topic = "t", format = "json" }]\n', "needs the object"),
        (
            '[[kafka]]\nsource = "a"\ntopics = [{ topic = "t", format = "debezium", object = "o" }]\n',
            "themselves",
        ),
        ('[[kafka]]\nsource = "a"\ntopics = [{ topic = "t", format = "json", object = 7 }]\n', "each a text"),
        ('[[kafka]]\nsource = "a"\ntopics = [{ topic = "t", size = "7" }]\n', "each a text"),
    ],
)
def test_an_entry_that_cannot_be_kept_is_said(topics, text, said):
    with pytest.raises(CallerError, match=said):
        topics(text)


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("", "settings_file = "),
        ('settings_file = "../a"\nsettings_env = "B"', "not both"),
        ('settings_file = "../nowhere"', "is empty"),
        ('settings_env = "NOT_SET_ANYWHERE"', "NOT_SET_ANYWHERE is empty"),
    ],
)
def test_settings_that_are_not_there_are_said(topics, where, said):
    (entry,) = topics(f'[[kafka]]\nsource = "a"\n{where}\n{TOPIC}\n')
    with pytest.raises(CallerError, match=said):
        entry.broker()


def test_a_line_that_is_none_is_named_by_its_number_alone(topics, tmp_path):
    (tmp_path / "kafka").write_text("bootstrap.servers=x\nhunter2\n")
    (tmp_path / "kafka").chmod(0o600)
    (entry,) = topics(f'[[kafka]]\nsource = "a"\nsettings_file = "../kafka"\n{TOPIC}\n')
    with pytest.raises(CallerError, match="Line 2 of the file") as caught:
        entry.broker()
    assert "hunter2" not in str(caught.value)


def test_without_topics_the_command_says_what_to_write(folder):
    with pytest.raises(CallerError, match=r"No topics are set for desk.*\[\[kafka\]\]"):
        consume(folder, "desk", until_end=True, watch=lambda *_: None)


def test_without_the_client_the_command_says_what_to_install(topics, folder, monkeypatch):
    topics(f'[[kafka]]\nsource = "desk"\nsettings_env = "X"\n{TOPIC}\n')
    for name in [it for it in sys.modules if it.startswith("onefold.adapters.kafka")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "confluent_kafka", None)
    with pytest.raises(CallerError, match=r"Kafka's client is not installed.*onefold\[kafka\]"):
        consume(folder, "desk", until_end=True, watch=lambda *_: None)
