"""What a delivery says of an event: numbers of its subject alone, slugs and links, no text."""

import json
from typing import Any
from uuid import UUID

from flask import Flask

from portal.api.webhooks import event_queries, jobs
from portal.api.webhooks.models import WebhookDelivery
from portal.people.programmes.models import Programme
from portal.platform.kernel import audit
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.services import get_service
from portal.platform.kernel.settings import Settings
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support.api import client
from tests.support.webhooks import webhook

PLANNED = audit.ACTIONS["sprint.planned"]
PLAN = {"goal": "Lire les courriers", "starts_on": "2027-03-01", "ends_on": "2027-03-14"}


def sent(hook: UUID) -> dict[str, dict[str, Any]]:
    """Return the data of all deliveries of a webhook, by action."""
    db.session.rollback()
    jobs._create_next_deliveries(hook)
    bodies = [row.body for row in db.session.query(WebhookDelivery).order_by(WebhookDelivery.number)]
    assert all(len(body.encode()) <= 20_000 for body in bodies)
    return {json.loads(body)["type"]: json.loads(body)["data"] for body in bodies}


def test_an_event_leads_to_what_it_is_about(app: Flask, project: Project):
    lead = make.role(project.id, Role.TEAM_LEAD)
    hook, _secret = webhook(lead, project.id, "https://forge.example/hook")
    programme = db.session.get_one(Programme, project.programme_id).slug
    api = client(app, lead)
    assert api.post("/projects/heron/sprints", PLAN).status_code == 201
    assert api.post("/projects/heron/items", {"items": [{"title": "a"}, {"title": "b"}]}).status_code == 201
    data, base = sent(hook), get_service(Settings).public_base_url
    planned, added = data["sprint.planned"], data["item.added_several"]
    assert (planned["object_number"], planned["project"], planned["programme"]) == (1, "heron", programme)
    assert planned["links"] == {
        "programme": f"{base}/api/v1/programmes/{programme}",
        "project": f"{base}/api/v1/projects/heron",
        "page": f"{base}/projects/heron/sprints/1",
    }
    assert api.get(planned["links"]["project"].removeprefix(f"{base}/api/v1")).status_code == 200
    assert (added["subject"], added["object_number"]) == ("project", None)
    assert added["links"]["page"] == f"{base}/projects/heron/backlog"
    assert "Lire" not in json.dumps(data)
    assert api.ask("DELETE", "/projects/heron/sprints/1").status_code == 204
    dropped = sent(hook)["sprint.dropped"]
    assert (dropped["object_number"], dropped["links"]["page"]) == (1, None)


def test_an_event_of_a_programme_leads_there(app: Flask, project: Project):
    lead = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    hook, _secret = webhook(lead, project.programme_id, "https://forge.example/hook")
    programme = db.session.get_one(Programme, project.programme_id)
    slug, facts = programme.slug, {"number": 7, "path": "/portfolio"}
    audit.record(make.actor(lead), PLANNED, programme, scope_id=programme.id, facts=facts)
    db.session.commit()
    data, base = sent(hook)["sprint.planned"], get_service(Settings).public_base_url
    assert (data["project"], data["programme"], data["object_number"]) == (None, slug, None)
    assert data["links"] == {
        "programme": f"{base}/api/v1/programmes/{slug}",
        "project": None,
        "page": f"{base}/portfolio",
    }


def test_the_number_is_that_of_the_row_whatever_a_fact_counts(app: Flask, project: Project):
    lead = make.role(project.id, Role.TEAM_LEAD)
    hook, _secret = webhook(lead, project.id, "https://forge.example/hook")
    audit.record(make.actor(lead), PLANNED, make.sprint(project), scope_id=project.id, facts={"number": 9})
    db.session.commit()
    assert sent(hook)["sprint.planned"]["object_number"] == 1


def test_a_fact_tells_the_number_of_what_is_gone_only_where_it_is_its_own():
    believed = set()
    for name in Base.metadata.tables:
        event = AuditEvent(action="sprint.dropped", subject=name, stored_facts={"number": 2})
        if event_queries._find_deleted_subject_number(event) is not None:
            believed.add(name)
    assert {"sprint", "risk", "finding"} <= believed
    assert believed.isdisjoint({"project", "programme", "funding_agreement", "test_task", "clinic"})
