"""Factories of health statements and of a programme's thresholds."""

from datetime import timedelta
from uuid import UUID

from portal.oversight.gates.definition_rules import GateVerb
from portal.oversight.gates.models import GateDecision
from portal.oversight.gates.projections import judge_project_gates
from portal.oversight.gates.queries import read_last_evaluation_rows_by_gate
from portal.oversight.health import projections
from portal.oversight.health.definition_rules import LeadOpinionLevel, SignalCode
from portal.oversight.health.models import DeclaredWeather, LeadOpinion, SignalCharge, SignalTerms
from portal.oversight.health.queries import read_state
from portal.oversight.health.state_rules import HealthSnapshot
from portal.oversight.portfolio.models import PortfolioView
from portal.people.accounts.models import Person
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.projects.models import Project
from portal.sprints.sprints.outlook_rules import OutlookLevel
from tests.support import factories as make
from tests.support.keeping import kept
from tests.support.project_file import save


def known(project: Project) -> HealthSnapshot:
    """Update the stored health, as the end of a transaction does, and return it."""
    projections.refresh_project_reading(project)
    db.session.commit()
    state = read_state(project)
    assert state is not None
    return state


@kept
def one_of_each(project: Project, lead: Person, direction: Person) -> UUID:
    """Return the id of a view of the portfolio shared by the programme's lead."""
    until = clock.today() + timedelta(days=9)
    ids = {"project_id": project.id}
    save(DeclaredWeather(outlook=OutlookLevel.RAINY, sentence="s", declared_by_id=lead.id, **ids))
    word = {"level": LeadOpinionLevel.WATCH.value, "text": "t", "until": until}
    save(LeadOpinion(**word, said_by_id=direction.id, **ids))
    charge = {"code": SignalCode.NO_SPRINT, "edition": 1, "text": "t", "taken_on": clock.today()}
    save(SignalCharge(**charge, until=until, taken_by_id=direction.id, **ids))
    asked = {"programme_id": project.programme_id, "code": SignalCode.NO_SPRINT, "edition": 1}
    numbers = {"watch": 9, "alert": None, "because": "b"}
    save(SignalTerms(**asked, **numbers, changed_by_id=direction.id))
    known(project)
    ids = {"programme_id": project.programme_id, "person_id": direction.id}
    return save(PortfolioView(name="Aide", query="help=1", is_shared=True, **ids)).id


@kept
def heavy(project: Project) -> None:
    """Fill a project with health statements, open reviews, and accepted and submitted gates."""
    people = [make.role(project.id, Role.TEAM_LEAD), make.role(project.programme_id, Role.OBSERVER)]
    sentence = "Le serveur de calcul n’est promis que pour le mois prochain, rien n’avance. " * 3
    ids = {"project_id": project.id}
    weather = {"outlook": OutlookLevel.STORMY, "sentence": sentence}
    save(DeclaredWeather(**weather, declared_by_id=people[0].id, **ids))
    word = {"level": LeadOpinionLevel.ALERT.value, "text": sentence, "until": clock.today()}
    save(LeadOpinion(**word, said_by_id=people[1].id, **ids))
    known(project)
    for gate in (6, 7):
        save(GateDecision(gate=gate, verb=GateVerb.DECLARED, decided_by_id=people[0].id, **ids))
    judge_project_gates(project)
    for gate in (0, 1, 3, 4, 5, 8, 9, 10):
        seen = read_last_evaluation_rows_by_gate(project)[gate].id
        word = {"verb": GateVerb.ACCEPTED, "decided_by_id": people[1].id, "evaluation_id": seen}
        save(GateDecision(gate=gate, **word, **ids))
    known(project)
