"""Property: after random commands, stored rows give the states of every earlier moment, and no
command of one team changes another team's rows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.oversight.gates import commands, definition_queries, queries, terms_commands
from portal.oversight.gates.models import GateDecision, GateEvaluation
from portal.oversight.gates.state_rules import GateSnapshot, derive_states_as_of, sum_progress
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import RuleBroken
from portal.project.projects.queries import get_programme_of
from portal.sprints.prototypes import commands as prototypes
from portal.sprints.prototypes.commands import VersionFacts
from portal.sprints.prototypes.models import PrototypeVersion
from tests.support import factories as make
from tests.support import gates
from tests.support.gates import PROTOTYPE

COMMANDS: dict[str, Any] = {
    "declare": commands.declare_gate,
    "withdraw": commands.withdraw_declaration,
    "accept": commands.accept_gate,
    "refuse": commands.refuse_gate,
    "waive": commands.waive_gate,
    "restore": commands.restore_gate,
}
STORIES = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from((*COMMANDS, "link", "unlink", "release", "weigh"))),
    min_size=3,
    max_size=9,
)


USUAL = [
    (1, "accept"),
    (3, "unlink"),
    (2, "link"),
    (0, "weigh"),
    (1, "refuse"),
    (1, "declare"),
    (2, "waive"),
    (9, "restore"),
    (1, "accept"),
    (5, "unlink"),
]


class Story:
    """A team that has demonstrated a version, with its lead, coach and programme lead."""

    def __init__(self) -> None:
        self.project = make.project()
        gates.shown(self.project)
        self.lead = make.actor(make.role(self.project.id, Role.TEAM_LEAD))
        self.coach = make.actor(gates.coach(self.project))
        self.direction = make.actor(make.role(self.project.programme_id, Role.PROGRAMME_LEAD))
        gates.judged(self.project)

    def event(self, name: str) -> Callable[[], object]:
        verb, to = COMMANDS.get(name), (self.project, PROTOTYPE)
        by = {"accept": self.coach, "refuse": self.coach}.get(name, self.lead)
        events: dict[str, Callable[[], object]] = {
            "accept": lambda: verb(by, *to, self.fingerprint()),
            "refuse": lambda: verb(by, *to, "Pas encore."),
            "waive": lambda: verb(self.direction, *to, "Sans objet."),
            "restore": lambda: verb(self.direction, *to, "De nouveau utile."),
            "link": lambda: self.change("https://demo.example/v"),
            "unlink": lambda: self.change(""),
            "release": lambda: prototypes.release_version(self.lead, self.project, self.facts("")),
            "weigh": self.weigh,
        }
        return events.get(name, lambda: verb(by, *to))

    def fingerprint(self) -> str:
        return queries.read_last_evaluation_rows_by_gate(self.project)[PROTOTYPE].fingerprint

    def facts(self, link: str) -> VersionFacts:
        version = db.session.scalars(
            select(PrototypeVersion).where(PrototypeVersion.project_id == self.project.id)
        ).first()
        values = {name: getattr(version, name) for name in VersionFacts.__dataclass_fields__}
        return replace(VersionFacts(**values), link=link)

    def change(self, link: str) -> None:
        versions = select(PrototypeVersion).where(PrototypeVersion.project_id == self.project.id)
        version = db.session.scalars(versions.order_by(PrototypeVersion.number)).first()
        prototypes.change_version(self.lead, self.project, version, self.facts(link), version.version)

    def weigh(self) -> None:
        programme = get_programme_of(self.project)
        definition = definition_queries.get_definition(programme.id, PROTOTYPE)
        terms = replace(definition.terms, weight=definition.weight % 30 + 3)
        change = {"because": "Il compte autrement.", "read_edition": definition.edition, "knowingly": True}
        terms_commands.change_terms(self.direction, programme, PROTOTYPE, terms, **change)


def rows_of(project) -> tuple[int, int]:
    def count(model) -> int:
        statement = select(func.count()).select_from(model).where(model.project_id == project.id)
        return db.session.scalar(statement)

    return count(GateEvaluation), count(GateDecision)


def check(states: tuple[GateSnapshot, ...]) -> None:
    """Accepted is never more than proved; what was accepted is proved, or stale."""
    progress = sum_progress(states)
    assert 0 <= progress.accepted <= progress.proved <= progress.total
    assert all(not state.was_accepted or state.is_proved or state.stale for state in states)


@given(STORIES)
@example(USUAL)
@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_moment_is_read_as_it_was_and_no_other_team_is_touched(app, events):
    other, story = make.project(), Story()
    gates.judged(other)
    untouched, stored_states, at = rows_of(other), [], clock.now()
    for days, name in events:
        at += timedelta(days=days, minutes=1)
        with clock.frozen_at(at):
            try:
                story.event(name)()
            except RuleBroken:
                db.session.rollback()
            db.session.commit()
            stored_states.append((at, queries.read_stored_states(story.project)))
    if events == USUAL:  # the example loses its acceptance, regains it and loses it again
        was_accepted = [sum_progress(states).accepted > 0 for _at, states in stored_states]
        assert was_accepted == [True, False, True, True, False, False, False, False, True, False]
    whole = queries.read_project_gate_history(story.project)
    for moment, states in stored_states:
        check(states)
        assert derive_states_as_of(whole, moment, clock.day_of(moment)) == states
        last = queries.read_histories_until([story.project], moment)[story.project.id]
        assert queries.derive_states(story.project, last, moment) == states
    assert rows_of(other) == untouched
