"""Factories of risks and mitigations; a test gives only relevant fields."""

from datetime import timedelta
from typing import Any

from portal.ethics.risks.models import Mitigation, MitigationState, Risk
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from tests.support import factories as make
from tests.support.project_file import of

PROOF = "https://demo.example/preuve"


def risk(project: Project, **given: Any) -> Risk:
    """Create an open moderate risk: 2 × 2."""
    talk = make.discussion(project.id, page=f"/projects/{project.slug}/risks/1")
    usual = {
        "discussion_id": talk.id,
        "what": "Une demande est écartée à tort.",
        "affected": "Les demandeurs",
        "likelihood": 2,
        "severity": 2,
    }
    return of(project, Risk, **usual | given)


def closed(project: Project, by: Person, **given: Any) -> Risk:
    ended = {"closed_at": clock.now(), "closed_by_id": by.id, "closing_reason": "r"}
    return risk(project, **ended | given)


def mitigation(of_: Risk, **given: Any) -> Mitigation:
    """Create a decided mitigation without owner or due date."""
    project = db.session.get_one(Project, of_.project_id)
    return of(project, Mitigation, **{"risk_id": of_.id, "what": "Relire chaque refus"} | given)


def in_place(of_: Risk, by: Person, **given: Any) -> Mitigation:
    ended = {"progress": MitigationState.IN_PLACE, "settled_at": clock.now(), "settled_by_id": by.id}
    return mitigation(of_, **ended | {"proof_link": PROOF} | given)


def late(of_: Risk, owner: Person | None = None, days: int = 1, **given: Any) -> Mitigation:
    """Create a mitigation that was due some days ago."""
    due = clock.today() - timedelta(days=days)
    return mitigation(of_, due_on=due, owner_id=owner and owner.id, **given)


def one_of_each(project: Project, by: Person) -> None:
    """Create a risk or mitigation for each write route that takes input.

    Risk 1 has no mitigation, 2 has mitigation 1 in place, 3 is to be closed, 4 is closed; 5 has
    mitigations 2 to 6, the last of which was dropped.
    """
    risk(project)
    in_place(risk(project), by)
    risk(project)
    closed(project, by)
    last = risk(project)
    for _number in range(4):
        mitigation(last, owner_id=by.id)
    ended = {"settled_at": clock.now(), "settled_by_id": by.id, "note": "r"}
    mitigation(last, progress=MitigationState.DROPPED, **ended)
