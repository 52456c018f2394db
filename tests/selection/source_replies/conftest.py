"""A call whose results are published, connected to a server that takes decisions."""

import pytest

from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.selection.deliberation.models import DecisionKind
from portal.selection.source_replies import commands
from tests.support import calls as some
from tests.support import factories as make
from tests.support import instruction, sources
from tests.support.demarches import Demarches
from tests.support.dossiers import dossiers


@pytest.fixture
def other(programme):
    return make.actor(make.role(programme.id, Role.PROGRAMME_LEAD))


@pytest.fixture
def site(app):
    instruction.DECISIONS.clear()
    with Demarches(dossiers=dossiers(3)).serve() as serving, sources.asked_at(app, serving):
        yield serving


@pytest.fixture
def published(lead, call, jurors, other, site):
    """Three imported applications: a laureate, one not selected, one not eligible."""
    sources.connect(lead, call, site)
    sources.run(call)
    rows = some.applications_of(call)
    for row in rows[:2]:
        some.eligible(lead, row)
    reason = "Hors du champ."
    loaded = some.load(lead, rows[2])
    some.applications.judge_eligibility(
        lead, loaded, set(), reason, is_eligible=False, version=rows[2].version
    )
    db.session.commit()
    some.move(lead, call, some.CallState.IN_REVIEW)
    jurors = [db.session.merge(person) for person in jurors]
    for row, outcome in zip(rows[:2], (DecisionKind.LAUREATE, DecisionKind.NOT_SELECTED), strict=True):
        some.assign(lead, row, *jurors[:2])
        for person in jurors[:2]:
            some.judge(person, row, 4)
        some.decide(lead, row, outcome)
    some.move(lead, call, some.CallState.DELIBERATED)
    some.publish(lead, call)
    commands.save_reply_setting(lead, call, instruction.INSTRUCTOR, 0, is_silent=True)
    db.session.commit()
    return call
