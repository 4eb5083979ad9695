"""Apache Kafka through Confluent's client: topics as feeds, and the schemas of their messages."""
