"""Concurrent writes: the last evaluation of a gate includes the rows of all transactions."""

from dataclasses import replace

from portal.oversight.gates import queries
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import db
from portal.project.data_sources import commands
from portal.project.data_sources.commands import SourceFacts
from portal.project.data_sources.models import DataSource
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
    evaluations = queries.read_histories([project])[project.id].evaluations
    (latest,) = [dated.evaluation for dated in evaluations if dated.evaluation.gate == 2]
    (result,) = [result for result in latest.results if result.predicate == "purposes_written"]
    assert result.is_met, result
