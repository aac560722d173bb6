"""Guessing the topics of services from their words: the same at every desk, however a service came there."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection

from desktop_app.directory.rules import suggest_topics
from desktop_app.directory.tables import ServiceTopic
from desktop_app.storage.unit_of_work import UnitOfWork, insert_sql

_TOPIC_NAMESPACE = uuid.UUID("0f4b8c1e-52d7-5c0a-8f0d-9f3b6a7c2d10")
_WITHOUT_TOPICS = """
SELECT id, name, COALESCE(description, '') FROM service WHERE id IN (SELECT value FROM json_each(?))
   AND NOT EXISTS (SELECT 1 FROM service_topic WHERE service_id = service.id)
"""
_INSERT = insert_sql(ServiceTopic, ("id", "service_id", "topic", "suggested"))


def guess_topics(unit: UnitOfWork, service_ids: Collection[str]) -> None:
    """Give topics to those services that have none; what people chose is never touched.

    A guess is derived from what travels anyway, so nobody is told of it. The search index has to be renewed after.
    """
    if not service_ids:
        return
    unit.derived_many(
        _INSERT,
        [
            # The id is the same on every desk: two of them may import the same file before they meet.
            (str(uuid.uuid5(_TOPIC_NAMESPACE, f"{service_id}:{topic}")), service_id, topic, 1)
            for service_id, name, description in unit.sql(_WITHOUT_TOPICS, (json.dumps(sorted(service_ids)),))
            for topic in suggest_topics(name, description)
        ],
    )
