"""The form that hands a team over starts from what its coach wrote with the request, and nothing else."""

from datetime import timedelta

import pytest

from portal.coaching.coach_notes.commands import request_hand_over
from portal.coaching.coach_notes.models import BODY_MAX, CoachNote
from portal.people.programmes.models import RoleAssignment
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from tests.support import coaching as some
from tests.support import factories as make

WHY, NOTE = "Je change de poste en janvier.", "La DSI valide tout."


@pytest.mark.parametrize("is_lead", [False, True])
def test_the_lead_starts_from_no_note_that_was_not_written_with_the_request(
    browser_for, project, coaching, leading, is_lead
):
    (id_,) = db.session.query(RoleAssignment.id).filter_by(scope_id=project.id, role=Role.COACH).one()
    author, ago = (leading, timedelta()) if is_lead else (coaching, timedelta(minutes=1))
    some.note(project, author, number=1, body="Autre chose.", created_at=clock.now() - ago)
    request_hand_over(make.actor(coaching), project, None, WHY)
    db.session.commit()
    form = browser_for(leading).visit(f"/projects/{project.slug}/hand-over/{id_}")
    assert not form.select_one("[name=note]").text.strip()


def test_a_note_that_grew_since_the_request_starts_a_form_that_is_taken(
    browser_for, project, coaching, successor, leading
):
    (id_,) = db.session.query(RoleAssignment.id).filter_by(scope_id=project.id, role=Role.COACH).one()
    request_hand_over(make.actor(coaching), project, None, WHY, NOTE)
    db.session.query(CoachNote).filter_by(number=1).one().body = f"{NOTE}\n" * (BODY_MAX // (len(NOTE) + 1))
    db.session.commit()
    lead, path = browser_for(leading), f"/projects/{project.slug}/hand-over/{id_}"
    start = lead.visit(path).select_one("[name=note]").text.strip()
    assert start.startswith(NOTE)
    assert start.endswith("…")
    lead.submit(path, to=str(successor.id), note=start)
    (part,) = db.session.query(RoleAssignment).filter_by(scope_id=project.id, role=Role.COACH)
    assert part.person_id == successor.id
