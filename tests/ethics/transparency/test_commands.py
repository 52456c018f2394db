"""Publishing, replacing and withdrawing a sheet; a publication never changes."""

import copy

import pytest
from sqlalchemy.exc import IntegrityError

from portal.ethics.transparency import commands, queries
from portal.ethics.transparency.documents import fingerprint_content
from portal.ethics.transparency.models import Publication, TransparencyPartKind
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.audit import AuditEvent
from portal.platform.kernel.database import db
from portal.platform.kernel.errors import Conflict, NotFound, RuleBroken, TooLate
from tests.support import factories as make
from tests.support import risks, transparency
from tests.support.refusals import forbidden
from tests.support.transparency import reviewed


def deeds():
    return [line.action for line in db.session.query(AuditEvent).order_by(AuditEvent.id)]


def test_what_was_reviewed_is_published_and_stays_as_it_was(project, lead):
    transparency.written(project)
    edition = commands.publish_sheet(lead, project, reviewed(lead, project))
    kept = copy.deepcopy(edition.content)
    db.session.commit()
    project.title_fr = "Tout autre titre"
    risks.risk(project, what="Depuis")
    db.session.commit()
    again = queries.get_published_sheet("heron").edition
    assert again.content == kept
    assert fingerprint_content(again.content) == again.fingerprint
    line = db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
    assert (line.action, line.facts["fingerprint"]) == ("transparency.published", again.fingerprint)


def test_a_new_edition_takes_the_place_of_the_one_before(project, lead):
    row = transparency.written(project)
    first = commands.publish_sheet(lead, project, reviewed(lead, project))
    with pytest.raises(RuleBroken, match="déjà"):
        commands.publish_sheet(lead, project, reviewed(lead, project))
    texts = transparency.texts(TransparencyPartKind.PUBLIC, summary__fr="Mieux dit")
    commands.save_sheet_part(lead, project, TransparencyPartKind.PUBLIC, texts, row.version)
    second = commands.publish_sheet(lead, project, reviewed(lead, project))
    assert [one.publication.number for one in queries.list_editions(project)] == [2, 1]
    assert first.ended_at is not None
    assert queries.find_current_publication(project) is second
    assert [each.edition for each in queries.list_published_sheets()] == [second]


def test_what_has_changed_since_it_was_read_is_read_again(project, lead):
    transparency.written(project)
    seen = reviewed(lead, project)
    risks.risk(project)
    with pytest.raises(RuleBroken, match="relisez-la"):
        commands.publish_sheet(lead, project, seen)
    assert db.session.query(Publication).count() == 0


@pytest.mark.parametrize("name", ["summary.en", "recourse.fr", "contact"])
def test_the_essentials_are_written_in_both_languages_first(project, lead, name):
    transparency.written(project, **{name.replace(".", "__"): ""})
    with pytest.raises(RuleBroken, match="essentiel"):
        commands.publish_sheet(lead, project, reviewed(lead, project))


def test_what_could_tell_who_somebody_is_is_asked_about(project, lead):
    """The address of a service is no personal identifier."""
    contact = "algorithmes@demo.example"
    row = transparency.written(project, contact=contact)
    commands.publish_sheet(lead, project, reviewed(lead, project))
    texts = transparency.texts(
        TransparencyPartKind.PUBLIC, contact=contact, recourse__fr="Écrire à ada@demo.example"
    )
    commands.save_sheet_part(lead, project, TransparencyPartKind.PUBLIC, texts, row.version)
    with pytest.raises(RuleBroken) as refused:
        commands.publish_sheet(lead, project, reviewed(lead, project))
    assert refused.value.field == "knowingly"
    commands.publish_sheet(lead, project, reviewed(lead, project), knowingly=True)


def test_what_is_withdrawn_is_read_by_nobody(project, lead, carrier):
    edition = transparency.published(project, carrier)
    direction = make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    commands.withdraw_edition(direction, project, edition, "Une erreur de base légale.")
    with pytest.raises(NotFound):
        queries.get_published_sheet("heron")
    assert queries.list_published_sheets() == []
    with pytest.raises(TooLate):
        commands.withdraw_edition(lead, project, edition, "r")
    transparency.written(project)
    commands.publish_sheet(lead, project, reviewed(lead, project))
    assert queries.get_published_sheet("heron").edition.number == 2
    assert deeds()[:1] == ["transparency.withdrawn"]


def test_only_who_carries_the_project_publishes_while_it_goes_on(project, member, lead):
    transparency.written(project)
    coach = make.actor(make.role(project.id, Role.COACH))
    direction = make.actor(make.role(project.programme_id, Role.PROGRAMME_LEAD))
    for other in (member, coach, direction):
        with forbidden():
            commands.publish_sheet(other, project, reviewed(lead, project))
    edition = commands.publish_sheet(lead, project, reviewed(lead, project))
    for other in (member, coach):
        with forbidden():
            commands.withdraw_edition(other, project, edition, "r")
    project.stopped_on, project.stop_reason, project.learnings = clock.today(), "r", "l"
    db.session.commit()
    with pytest.raises(TooLate):
        commands.publish_sheet(lead, project, reviewed(lead, project))
    commands.withdraw_edition(lead, project, edition, "r")


def test_one_edition_is_read_at_a_time_whatever_happens(project, carrier):
    transparency.published(project, carrier)
    with pytest.raises(IntegrityError):
        transparency.published(project, carrier)


def test_two_who_write_at_once_read_each_other(project, member, lead):
    first = transparency.texts(TransparencyPartKind.EXPERTS)
    commands.save_sheet_part(member, project, TransparencyPartKind.EXPERTS, first, 0)
    commands.save_sheet_part(
        lead, project, TransparencyPartKind.PUBLIC, transparency.texts(TransparencyPartKind.PUBLIC), 0
    )
    with pytest.raises(Conflict):
        commands.save_sheet_part(lead, project, TransparencyPartKind.EXPERTS, first | {"limits.fr": "x"}, 0)
    row = queries.get_draft(project).rows[TransparencyPartKind.EXPERTS]
    commands.save_sheet_part(lead, project, TransparencyPartKind.EXPERTS, first, row.version)
    assert deeds() == [
        "transparency.written",
        "transparency.written",
    ]  # saving the same text records no event
    with pytest.raises(Conflict):
        commands.save_sheet_part(lead, project, TransparencyPartKind.CHOICE, {"sources": [], "risks": []}, 4)
    coach = make.actor(make.role(project.id, Role.COACH))
    with forbidden():
        commands.save_sheet_part(coach, project, TransparencyPartKind.PUBLIC, {}, 1)
