"""Factories of a project with a demonstrated prototype, so that gate G5 is proved."""

from datetime import timedelta

from portal.oversight.gates import projections, queries
from portal.oversight.gates.definition_documents import read_default_gates
from portal.oversight.gates.definition_rules import GateAcceptor, GateVerb
from portal.oversight.gates.models import (
    ChangePlan,
    GateDecision,
    GateTerms,
    Panel,
    PanelOutcome,
    TeamKeyRoles,
)
from portal.people.accounts.models import Person
from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.unchanged_answers import clear_cached_answers
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of, list_tracks
from portal.sprints.ceremonies.models import Demonstration
from portal.sprints.sprints.models import Sprint
from tests.support import ceremonies, project_file
from tests.support import factories as make

PROTOTYPE = 5


def shown(project: Project) -> Demonstration:
    """Create the demonstration that proves G5."""
    version = project_file.version(project, link="https://demo.example/v1")
    closed = make.closed_sprint(project)
    return ceremonies.demonstration(project, closed, prototype_version_id=version.id)


def coach(project: Project, track: str = "technical", person: Person | None = None) -> Person:
    on = {each.key: each.id for each in list_tracks(project)}
    return make.role(project.id, Role.COACH, person, track_id=on[track])


def judged(project: Project) -> None:
    """Update the stored state of gates, as the end of a transaction does."""
    projections.judge_project_gates(project)
    db.session.commit()
    clear_cached_answers()  # no audit event invalidates them here


def panel(project: Project, **given: object) -> Panel:
    usual = {
        "held_on": clock.today(),
        "members": "Direction du service, DSI",
        "criteria": [["Les agents s’en servent", True], ["Le délai baisse", False]],
        "outcome": PanelOutcome.CONTINUE,
        "reasons": "Les agents veulent continuer.",
    }
    return project_file.of(project, Panel, **usual | given)


def decision(project: Project, gate: int, verb: GateVerb, by: Person, reason: str = "r") -> GateDecision:
    """Create a decision on the last stored state of a gate."""
    evaluation = queries.read_last_evaluation_rows_by_gate(project)[gate]
    values = {"reason": reason, "fingerprint": evaluation.fingerprint, "evaluation_id": evaluation.id}
    ids = {"project_id": project.id, "decided_by_id": by.id}
    return project_file.save(GateDecision(gate=gate, verb=verb, **ids, **values))


def one_of_each(project: Project, sprint: Sprint, lead: Person, direction: Person) -> str:
    """Create a panel, a change plan and an engagement; return the fingerprint of G5's evidence.

    G5 is proved and can be accepted by any coach, G4 and G6 are submitted, G10 is waived, G12 is
    left out.
    """
    panel(project)
    project_file.save(ChangePlan(project_id=project.id, missions="Relire", workflow="", training=""))
    project_file.save(TeamKeyRoles(project_id=project.id))
    version = project_file.version(project, link="https://demo.example/v")
    ceremonies.demonstration(project, sprint, prototype_version_id=version.id)
    usual = read_default_gates()[PROTOTYPE].terms
    terms = {"weight": usual.weight, "month": usual.month, "track": "", "thresholds": {}}
    ids = {"programme_id": project.programme_id, "changed_by_id": direction.id}
    any_coach = {"gate": PROTOTYPE, "edition": 1, "acceptor": GateAcceptor.ANY_COACH}
    project_file.save(GateTerms(**ids, **terms, **any_coach, because="Un seul coach suit l’équipe"))
    project_file.save(left_out_gate(project, direction))
    judged(project)
    for gate in (4, 6):
        decision(project, gate, GateVerb.DECLARED, lead)
    decision(project, 10, GateVerb.WAIVED, direction)
    return queries.read_last_evaluation_rows_by_gate(project)[PROTOTYPE].fingerprint


def left_out_gate(project: Project, direction: Person) -> GateTerms:
    """Return an edition of a gate that the programme added, and leaves out."""
    return GateTerms(
        programme_id=project.programme_id,
        gate=12,
        edition=1,
        weight=5,
        month=4,
        acceptor=GateAcceptor.DIRECTION,
        track="",
        thresholds={},
        because="Essai",
        changed_by_id=direction.id,
        name_fr="Données partagées",
        name_en="Shared data",
        predicates=["data_received"],
        is_left_out=True,
    )


def programme_slug(project: Project) -> str:
    return get_programme_of(project).slug


def teams_in_step(programme: Programme) -> list[Project]:
    """Five teams that passed their first four gates about when they were due: fifteen steps."""
    now = clock.now()
    teams = [
        make.project(programme, slug=f"p{n}", starts_on=clock.today() - timedelta(days=100 + n))
        for n in range(5)
    ]
    for n, team in enumerate(teams):
        by = coach(team)
        with clock.frozen_at(now - timedelta(days=100 + n)):
            judged(team)
        for number, days in enumerate((0, 30, 61, 61)):
            with clock.frozen_at(now - timedelta(days=100 - days)):
                decision(team, number, GateVerb.ACCEPTED, by)
    return teams
