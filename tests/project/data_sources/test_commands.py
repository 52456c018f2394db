from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, RuleBroken, TooLate
from portal.project.data_sources import commands, queries
from portal.project.data_sources.commands import DataQualityFacts, SampleMeasures, SourceFacts
from portal.project.data_sources.models import (
    AccessState,
    DataSource,
    DpiaScreening,
    Faithfulness,
    Fitness,
    PersonalDataPresence,
)
from tests.support import factories as make
from tests.support import project_file as file
from tests.support.refusals import forbidden

FACTS = SourceFacts(
    name="Lettres de suite",
    holder="Division régionale",
    contents="20 000 lettres",
    purpose="",
    personal=PersonalDataPresence.NO,
    legal_basis="",
    screening=DpiaScreening.NOT_DONE,
    screening_note="",
)
START = date(2026, 3, 2)
SAMPLE = SampleMeasures(rows=120, sha256="ab" * 32, received_on=START, measured=True)


@pytest.fixture
def project(app):
    return make.project()


@pytest.fixture
def member(project):
    return make.actor(make.role(project.id, Role.TEAM_MEMBER))


def trail(subject) -> list[AuditEvent]:
    events = sa.select(AuditEvent).where(AuditEvent.subject_id == subject.id)
    return list(db.session.scalars(events.order_by(AuditEvent.id)))


def move(member, project, source, access, *, days=0, note="") -> None:
    on = START + timedelta(days=days)
    seen = source.version
    commands.move_access(member, project, source, access, reached_on=on, note=note, version=seen)


def test_the_way_to_the_data_is_kept_step_by_step(project, member):
    source = commands.add_source(member, project, FACTS, identified_on=START)
    for days, access in enumerate(list(AccessState)[1:]):
        move(member, project, source, access, days=days)
    db.session.commit()
    steps = queries.list_access_steps(source)
    assert [step.access for step in reversed(steps)] == list(AccessState)
    assert [step.position for step in steps] == [5, 4, 3, 2, 1]
    assert (source.access, source.access_on) == (AccessState.USABLE, START + timedelta(days=3))
    assert trail(source)[-1].before["access"] == "received"


def test_a_step_back_says_why_and_is_told_as_one(project, member):
    source = file.source(project, access=AccessState.RECEIVED)
    with pytest.raises(RuleBroken, match="pourquoi") as refused:
        move(member, project, source, AccessState.REQUESTED)
    assert refused.value.field == "note"
    move(member, project, source, AccessState.REQUESTED, days=2, note="Le fichier était vide.")
    db.session.commit()
    assert queries.list_access_steps(source)[0].note == "Le fichier était vide."
    assert [line.action for line in trail(source)] == ["data_source.access_moved_back"]


@pytest.mark.parametrize("access", [AccessState.IDENTIFIED, AccessState.GRANTED, AccessState.USABLE])
def test_no_step_is_left_out(project, member, access):
    source = file.source(project)
    with pytest.raises(RuleBroken) as refused:
        move(member, project, source, access)
    assert refused.value.field == "access"


def test_a_step_is_not_of_tomorrow_nor_before_the_one_before(project, member):
    source = file.source(project)
    far = (clock.today() - START).days + 2
    for days, said in ((far, "à venir"), (-1, "précédente")):
        with pytest.raises(RuleBroken, match=said) as refused:
            move(member, project, source, AccessState.REQUESTED, days=days)
        assert refused.value.field == "reached_on"


def test_two_who_move_at_once_are_told(project, member):
    source = file.source(project)
    with pytest.raises(Conflict):
        commands.move_access(
            member, project, source, AccessState.REQUESTED, reached_on=START, note="", version=9
        )


def test_a_new_purpose_is_a_deed_of_its_own(project, member):
    source = commands.add_source(member, project, FACTS, identified_on=START)
    other = replace(FACTS, contents="Dix ans de lettres")
    commands.change_source(member, project, source, other, source.version)
    new = replace(other, purpose="Chercher les signaux faibles")
    commands.change_source(member, project, source, new, source.version)
    commands.change_source(member, project, source, new, source.version)
    last = replace(new, purpose="Répondre aux lettres")
    commands.change_source(member, project, source, last, source.version)
    db.session.commit()
    actions = [line.action for line in trail(source)]
    assert actions == [
        "data_source.added",
        "data_source.changed",
        "data_source.repurposed",  # a first purpose, too
        "data_source.repurposed",
    ]
    assert trail(source)[3].before == {"purpose": "Chercher les signaux faibles"}


@pytest.mark.parametrize("digest", ["", "ab", "AB" * 32, "g" * 64, "ab" * 33])
def test_a_fingerprint_looks_like_one(project, member, digest):
    source = file.source(project)
    sample = replace(SAMPLE, sha256=digest)
    with pytest.raises(RuleBroken) as refused:
        commands.replace_sample(member, project, source, sample, source.version)
    assert refused.value.field == "sha256"


def test_a_sample_and_its_quality_raise_the_readiness(project, member):
    source = file.source(project, access=AccessState.USABLE, purpose="Trier")
    assert queries.compute_source_readiness(source).level == "C2"
    commands.replace_sample(member, project, source, SAMPLE, source.version)
    assert queries.compute_source_readiness(source).level == "B3"
    good = DataQualityFacts(
        faithfulness=Faithfulness.CLEANED, fitness=Fitness.FIT, quality_note="Peu de 2012."
    )
    commands.record_quality(member, project, source, good, source.version)
    db.session.commit()
    assert queries.compute_source_readiness(source).level == "A2"
    assert [line.action for line in trail(source)] == ["data_source.sampled", "data_source.judged"]
    assert trail(source)[0].after["sample_sha256"] == "ab" * 32


def test_sources_are_counted_by_their_access(project, member):
    for access in (AccessState.USABLE, AccessState.REQUESTED, AccessState.REQUESTED):
        file.source(project, access=access)
    counted = sa.select(queries.SOURCE_COUNT, queries.USABLE_SOURCE_COUNT)
    assert db.session.execute(counted, {"project": project.id}).one() == (3, 1)


@pytest.mark.parametrize("role", [Role.COACH, Role.ETHICS_REVIEWER, Role.PROGRAMME_LEAD])
def test_who_reads_does_not_write(project, role):
    reader, source = make.actor(make.holder(role, project)), file.source(project)
    good = DataQualityFacts(faithfulness=Faithfulness.RAW, fitness=Fitness.FIT, quality_note="")
    for deed in (
        lambda: commands.add_source(reader, project, FACTS, identified_on=START),
        lambda: commands.change_source(reader, project, source, FACTS, source.version),
        lambda: move(reader, project, source, AccessState.REQUESTED),
        lambda: commands.replace_sample(reader, project, source, SAMPLE, source.version),
        lambda: commands.record_quality(reader, project, source, good, source.version),
    ):
        with forbidden():
            deed()
    assert db.session.query(DataSource).count() == 1


def test_a_project_that_rests_says_why_nobody_writes(project, member):
    project.paused_on = clock.today()
    with pytest.raises(TooLate):
        commands.add_source(member, project, FACTS, identified_on=START)
