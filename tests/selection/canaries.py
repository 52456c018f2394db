"""Texts that nobody may read before their moment, and those who may never."""

from portal.collaboration.files.models import Attachment
from portal.people.programmes.models import INSTALLATION
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.identifiers import new_id
from portal.selection.applications import commands as applications
from portal.selection.calls.models import CallState
from tests.support import calls as some
from tests.support import factories as make

SECRET, SCORE, MESSAGE, CONFLICT = (f"CANARI-{n}" for n in range(4))
FILE = "CANARI-piece.pdf"


def plant(programme, lead, call, jurors):
    """An application with a canary in every text, sent by one of two jurors; a second one that the
    first juror has not declared on; a third that nobody else knows."""
    rows = [some.application(lead, call, problem=SECRET, summary=SECRET) for _ in range(3)]
    for row in rows:
        some.eligible(lead, row)
    some.move(lead, call, CallState.IN_REVIEW)
    some.assign(lead, rows[0], *jurors[:2])
    some.assign(lead, rows[1], jurors[0], jurors[2])
    some.judge(jurors[0], rows[0], 4, SCORE)
    some.declare(jurors[1], rows[0])
    some.declare(jurors[2], rows[1], conflict=True)
    loaded = some.load(jurors[0], rows[0])
    applications.write_message(make.actor(jurors[0]), loaded, MESSAGE)
    file = Attachment(
        id=new_id(),
        scope_id=programme.id,
        subject="application",
        subject_id=rows[0].id,
        number=1,
        name=FILE,
        media_type="application/pdf",
        size=1,
        sha256="0" * 64,
        key=f"key-{new_id().hex[:20]}",
        was_scanned=False,
        author_id=lead.person_id,
    )
    db.session.add(file)
    db.session.commit()
    return rows, file


def outsiders(programme, call):
    """Whoever has no part in the call, by name."""
    project = make.project(programme)
    other = make.programme(slug="autre")
    other_lead = make.role(other.id, Role.PROGRAMME_LEAD)
    other_call = some.call(make.actor(other_lead), other)
    people = {role.value: make.holder(role, project) for role in Role if role is not Role.PROGRAMME_LEAD}
    people |= {
        "lead of another programme": other_lead,
        "juror of another jury": some.juror(make.actor(other_lead), other_call),
        "juror of the call without this application": some.juror(some_lead(programme), call),
        "coach in the programme": make.role(programme.id, Role.COACH),
        "reviewer in the programme": make.role(programme.id, Role.ETHICS_REVIEWER),
        "administrator": make.role(INSTALLATION, Role.ADMINISTRATOR),
    }
    return people | {"stranger": None}


def some_lead(programme):
    return make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))
