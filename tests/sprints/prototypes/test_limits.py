"""The last accepted value of each limit on versions, protocols and runs."""

from dataclasses import replace

import pytest

from portal.platform.kernel.errors import RuleBroken
from portal.sprints.prototypes import evaluation_commands as evaluation
from portal.sprints.prototypes import evaluation_queries
from portal.sprints.prototypes.evaluation_models import SUBGROUPS_MAX
from portal.sprints.prototypes.subgroup_rules import SubgroupFigure, parse_subgroups
from tests.sprints.prototypes.test_commands import PLAN, facts
from tests.support import project_file


def test_a_run_has_up_to_fifty_subgroups(project, member):
    protocol, version = project_file.protocol(project), project_file.version(project)
    subgroups = [SubgroupFigure(f"Canton {n}", 0.5, n) for n in range(SUBGROUPS_MAX)]
    run = evaluation.note_run(member, project, protocol, facts(version, subgroups=subgroups))
    assert len(evaluation_queries.list_subgroups_by_run([run])[run.id]) == SUBGROUPS_MAX
    one_more = facts(version, subgroups=[*subgroups, SubgroupFigure("Canton 50", 0.5, None)])
    with pytest.raises(RuleBroken) as refused:
        evaluation.change_run(member, project, protocol, run, one_more, expected_version=run.version)
    assert refused.value.field == "subgroups"


def test_a_threshold_may_equal_the_baseline(project, member):
    protocol = evaluation.write_protocol(member, project, replace(PLAN, threshold=PLAN.baseline))
    assert protocol.threshold == protocol.baseline


def test_a_subgroup_size_has_up_to_ten_digits():
    assert parse_subgroups("a;1;9999999999") == [SubgroupFigure("a", 1, 9_999_999_999)]
    with pytest.raises(ValueError, match="1"):
        parse_subgroups("a;1;10000000000")
