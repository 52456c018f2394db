"""Commands on a recommendation that somebody else saved meanwhile, and what they lock."""

import pytest

from portal.coaching.recommendations import commands
from portal.coaching.recommendations.commands import RecommendationProof
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict
from tests.coaching.recommendations.test_commands import ADVICE
from tests.support.trail import is_locked


def test_a_stale_version_is_a_conflict_and_changes_nothing(project, coach, member):
    row = commands.recommend(coach, project, ADVICE)
    db.session.commit()
    stale = row.version - 1
    proof = RecommendationProof(text="200 images")
    for command in (
        lambda: commands.change_recommendation(coach, project, row, ADVICE, stale),
        lambda: commands.decline(member, project, row, "Trop cher.", stale),
    ):
        with pytest.raises(Conflict):
            command()
    commands.accept(member, project, row)
    db.session.commit()
    with pytest.raises(Conflict):
        commands.complete(member, project, row, proof, stale)
    commands.complete(member, project, row, proof, row.version)
    db.session.commit()
    with pytest.raises(Conflict):
        commands.send_back(coach, project, row, "Sur combien d’images ?", stale)
    assert row.sent_back == ""


def test_each_step_locks_the_recommendation(project, coach, member):
    row = commands.recommend(coach, project, ADVICE)
    proof = RecommendationProof(text="200 images")
    for command in (
        lambda: commands.accept(member, project, row),
        lambda: commands.complete(member, project, row, proof, row.version),
        lambda: commands.send_back(coach, project, row, "Combien ?", row.version),
    ):
        db.session.commit()
        command()
        assert is_locked(row)
