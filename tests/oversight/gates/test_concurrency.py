"""Concurrent writes: evaluations include the rows of all transactions, one editor of gates wins."""

from dataclasses import replace

from portal.oversight.gates import definition_queries, programme_gate_commands, queries
from portal.oversight.gates.definition_rules import GateAcceptor
from portal.oversight.gates.programme_gate_commands import GateChangeReason, GateContent, GateMonthAndAcceptor
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict
from portal.project.data_sources import commands
from portal.project.data_sources.commands import SourceFacts
from portal.project.data_sources.models import DataSource
from portal.project.projects.queries import get_programme_of
from tests.support import factories as make
from tests.support import project_file
from tests.support.hands import HANDS, at_once


def test_the_last_of_six_has_the_gate_judged_on_what_all_six_wrote(app, project):
    """Each writes the purpose of another source, so no transaction waits for a row of another."""
    person = make.role(project.id, Role.TEAM_MEMBER)
    ids = [project_file.source(project, purpose="").id for _hand in range(HANDS)]

    def write(actor, theirs, n):
        source = db.session.get_one(DataSource, ids[n])
        values = {name: getattr(source, name) for name in SourceFacts.__dataclass_fields__}
        facts = replace(SourceFacts(**values), purpose="Trier les lettres")
        commands.change_source(actor, theirs, source, facts, source.version)

    assert at_once(app, project, person, write) == [None] * HANDS
    evaluations = queries.read_histories_until([project])[project.id].evaluations
    (latest,) = [dated.evaluation for dated in evaluations if dated.evaluation.gate == 2]
    (result,) = [result for result in latest.results if result.predicate == "purposes_written"]
    assert result.is_met, result


def test_one_of_six_who_change_the_acceptors_at_once_wins(app, project):
    person = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    lead = make.actor(person)

    def assign(_actor, theirs, n):
        programme = get_programme_of(theirs)
        values = {2: GateMonthAndAcceptor(month=n + 3, acceptor=GateAcceptor.DIRECTION, track="")}
        change = GateChangeReason(because="b", knowingly=True)
        programme_gate_commands.set_months_and_acceptors(lead, programme, values, change)

    answers = at_once(app, project, person, assign)
    refused = [answer for answer in answers if answer is not None]
    assert [type(answer) for answer in refused] == [Conflict] * (HANDS - 1)
    assert len(definition_queries.list_gate_editions(project.programme_id, 2)) == 1


def test_gates_that_six_add_at_once_have_six_numbers(app, project):
    person = make.role(project.programme_id, Role.PROGRAMME_LEAD)
    lead = make.actor(person)

    def add(_actor, theirs, n):
        programme_gate_commands.add_gate(
            lead,
            get_programme_of(theirs),
            GateContent(name_fr=f"Jalon {n}", name_en="", predicates=["data_received"]),
            weight=1,
            assignment=GateMonthAndAcceptor(month=1, acceptor=GateAcceptor.DIRECTION, track=""),
            change=GateChangeReason(because="b", knowingly=True),
        )

    assert at_once(app, project, person, add) == [None] * HANDS
    numbers = [each.number for each in definition_queries.list_definitions(project.programme_id)]
    assert numbers == list(range(12 + HANDS))
