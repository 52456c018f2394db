"""What an erasure never touches: codes, texts of strangers, and the last holder of a role."""

from collections import Counter
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa

from portal.app.archives.models import ProgrammeArchive
from portal.collaboration.discussions.models import Comment
from portal.collaboration.search.commands import rebuild_search_index
from portal.people.accounts.models import Person
from portal.people.accounts.queries import read_person_names
from portal.people.privacy import erasure_commands as commands
from portal.people.privacy import erasure_jobs as jobs
from portal.people.privacy.erasure_models import Erasure, ErasureMention, ErasureStage, MentionDecision
from portal.people.privacy.journal_exports import ErasureJournalEntry
from portal.people.privacy.text_column_queries import is_typed_text_column
from portal.people.programmes.models import INSTALLATION, Invitation, RoleAssignment
from portal.people.programmes.queries import find_open_invitation
from portal.platform.kernel import clock
from portal.platform.kernel.access import Role
from portal.platform.kernel.database import Base, db
from portal.platform.kernel.tokens import new_token, token_hash
from tests.support import erasures
from tests.support import factories as make
from tests.support.browser import words_of

ERASED_AT = "2026-11-27T10:00:00+00:00"
# Short columns in which people write words of their own.
SHORT_TYPED = {
    *(
        "person.handle",
        "account_join.handle",
        "passkey.name",
        "webhook.name",
        "api_token.name",
        "portfolio_view.name",
    ),
    *("project.acronym", "impact_metric.unit", "metric_definition.unit", "imported_file.field"),
    *("erasure_mention.table_name", "erasure_mention.column_name"),
    *("application_import.problem", "backlog_import.refusal", "source_reply.problem"),
    *(
        "funding_agreement.number",
        "funding_agreement.legal_commitment",
        "funding_agreement.operator_reference",
    ),
    *("instalment.payment_reference", "ledger_entry.reference", "payment_recovery.reference"),
}


def all_texts() -> Counter[tuple[str, ...]]:
    """Every row of every table as its texts and codes, but for the person, roles and the trail."""
    db.session.commit()
    left_out = ("person", "role_assignment", "erasure", "audit_", "trail_text", "search_", "read_", "visit_")
    with db.engine.connect() as connection:
        return Counter(
            (table.name, *map(str, row))
            for table in Base.metadata.sorted_tables
            if not table.name.startswith(left_out)
            for row in connection.execute(sa.select(*list_texts(table)))
        )


def list_texts(table: sa.Table) -> list[sa.Column[Any]]:
    keys = list(table.primary_key.columns)
    return keys + [column for column in table.columns if isinstance(column.type, sa.String)]


@pytest.fixture
def porter(project) -> Person:
    """A person whose name is made of words that everybody writes."""
    who = make.role(project.id, Role.TEAM_MEMBER, make.person(name="Porteur de démonstration"))
    others = make.role(project.id, Role.TEAM_LEAD)
    for text in ("Une démonstration le 3", "Programme inventé pour la démonstration", "Le porteur a dit oui"):
        make.comment(project.discussion_id, others, text)
    make.item(project, title="Préparer la démonstration")
    rebuild_search_index()
    db.session.commit()
    return who


def test_words_of_the_programme_are_not_taken_for_a_name(project, porter):
    admin = make.role(INSTALLATION, Role.ADMINISTRATOR)
    admin_id = admin.id
    db.session.commit()
    before = all_texts()
    erasure_id = erasures.prepare(porter, admin)
    assert db.session.scalar(sa.select(sa.func.count()).select_from(ErasureMention)) == 0
    erasures.carry_out(erasure_id, admin_id)
    assert before - all_texts() == Counter()


def test_a_replay_changes_no_text_of_strangers(project, porter):
    porter_id = porter.id
    before = all_texts()
    assert jobs.replay_erasure(ErasureJournalEntry(str(porter_id), ERASED_AT, [], []))
    assert before - all_texts() == Counter()


def test_a_replay_redacts_a_word_alone_only_where_that_was_decided(project):
    other = make.role(project.id, Role.TEAM_LEAD)
    who_id = make.role(project.id, Role.TEAM_MEMBER, make.person(name="Zéphyrine Quatrebarbes")).id
    decided_id = make.comment(project.discussion_id, other, "Merci à quatrebarbes").id
    make.comment(project.discussion_id, other, "Rue des Quatrebarbes")
    make.comment(project.discussion_id, other, "Merci à Zéphyrine Quatrebarbes")
    make.comment(project.discussion_id, other, "Gardé : Zéphyrine Quatrebarbes")
    db.session.commit()
    kept_id = db.session.scalar(sa.select(Comment.id).where(Comment.body.startswith("Gardé")))
    places = [[["comment", "body", f'["{id_}"]']] for id_ in (kept_id, decided_id)]
    assert jobs.replay_erasure(ErasureJournalEntry(str(who_id), ERASED_AT, *places))
    assert sorted(db.session.scalars(sa.select(Comment.body))) == [
        "Gardé : Zéphyrine Quatrebarbes",
        "Merci à ancien membre",
        "Merci à ancien membre",
        "Rue des Quatrebarbes",
    ]


def test_a_word_that_others_bear_or_that_the_language_has_is_not_sought_alone(project):
    make.person(name="Ariane Marchand")
    lead = make.role(project.id, Role.TEAM_LEAD)
    who = make.role(project.id, Role.TEAM_MEMBER, make.person(name="Ariane Petit Quatrebarbes"))
    for n in range(10):
        make.comment(project.discussion_id, lead, f"Un petit pas {n}")
    make.comment(project.discussion_id, lead, "Merci ARIANE")
    admin = make.role(INSTALLATION, Role.ADMINISTRATOR)
    db.session.commit()
    erasure = db.session.get_one(Erasure, erasures.prepare(who, admin))
    assert erasure.words_alone == ["quatrebarbes"]


def test_a_word_kept_wherever_it_stood_alone_stays_in_copies(project):
    lead = make.role(project.id, Role.TEAM_LEAD)
    who = make.role(project.id, Role.TEAM_MEMBER, make.person(name="Odile Quatrebarbes"))
    make.comment(project.discussion_id, lead, "Rue des Quatrebarbes")
    make.letter(facts={"title": "Rue des Quatrebarbes", "name": "Odile Quatrebarbes"})
    admin = make.role(INSTALLATION, Role.ADMINISTRATOR)
    admin_id = admin.id
    db.session.commit()
    erasure_id = erasures.prepare(who, admin)
    erasures.decide_all(erasure_id, admin_id, MentionDecision.KEEP, "Une rue")
    erasures.carry_out(erasure_id, admin_id)
    facts = db.session.scalar(sa.text("SELECT facts FROM outbox_message"))
    assert "Rue des Quatrebarbes" in str(facts)
    assert "Odile" not in str(facts)


def ask(who_id: UUID, admin_id: UUID) -> UUID:
    who, admin = (db.session.get_one(Person, id_) for id_ in (who_id, admin_id))
    return commands.ask_erasure(make.actor(admin), who).id


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PROGRAMME_LEAD, Role.TEAM_LEAD])
def test_two_approvals_at_once_leave_a_holder_of_the_role(project, role):
    scope_id = {
        Role.ADMINISTRATOR: INSTALLATION,
        Role.PROGRAMME_LEAD: project.programme_id,
        Role.TEAM_LEAD: project.id,
    }[role]
    ids = [make.role(scope_id, role).id for _ in range(2)]
    admins = ids[::-1] if role is Role.ADMINISTRATOR else [make.role(INSTALLATION, Role.ADMINISTRATOR).id] * 2
    db.session.commit()
    pairs = [
        (db.session.get_one(Person, a), db.session.get_one(Person, b))
        for a, b in zip(ids, admins, strict=True)
    ]
    erasure_ids = [commands.ask_erasure(make.actor(admin), who).id for who, admin in pairs]
    db.session.commit()
    jobs.advance_erasures()
    for erasure_id, admin_id in zip(erasure_ids, admins, strict=True):
        actor = make.actor(db.session.get_one(Person, admin_id))
        commands.approve_erasure(actor, db.session.get_one(Erasure, erasure_id))
    db.session.commit()
    jobs.advance_erasures()
    stages = [db.session.get_one(Erasure, id_).stage for id_ in erasure_ids]
    assert stages == [ErasureStage.ERASED, ErasureStage.LISTED]
    held = sa.select(RoleAssignment.person_id).where(RoleAssignment.role == role)
    assert list(db.session.scalars(held)) == [ids[1]]


@pytest.mark.parametrize("was_closed", [False, True])
def test_open_invitations_of_who_is_erased_stay_by_a_former_member(project, was_closed):
    make.role(project.id, Role.TEAM_LEAD)
    who = make.role(project.id, Role.TEAM_LEAD)
    admin = make.role(INSTALLATION, Role.ADMINISTRATOR)
    admin_id, who_id = admin.id, who.id
    token = new_token()
    make.invitation(
        scope_id=project.id, role=Role.TEAM_MEMBER, invited_by_id=who.id, token_hash=token_hash(token)
    )
    who.disabled_at = clock.now() if was_closed else None
    db.session.commit()
    erasures.carry_out(erasures.prepare(db.session.get_one(Person, who_id), admin), admin_id)
    offer = find_open_invitation(token)
    assert (offer is None) == was_closed
    names = read_person_names([who_id])
    assert names[who_id] == "Ancien membre"


@pytest.mark.parametrize("inviter_is_closed", [False, True])
def test_open_invitations_to_any_address_of_who_is_erased_are_withdrawn(
    project, browser_for, inviter_is_closed
):
    lead = make.role(project.id, Role.TEAM_LEAD)
    who, admin = make.person(email="vera@demo.example"), make.role(INSTALLATION, Role.ADMINISTRATOR)
    make.address_change(who, email="vera.avant@demo.example", applied_at=clock.now())
    tokens = [new_token() for _ in range(3)]
    emails = ("vera@demo.example", "vera.avant@demo.example", "autre@demo.example")
    for token, email in zip(tokens, emails, strict=True):
        make.invitation(
            scope_id=project.id,
            role=Role.TEAM_MEMBER,
            email=email,
            invited_by_id=lead.id,
            token_hash=token_hash(token),
        )
    lead.disabled_at = clock.now() if inviter_is_closed else None
    admin_id, lead_id, slug = admin.id, lead.id, project.slug
    db.session.commit()
    erasures.carry_out(erasures.prepare(who, admin), admin_id)
    db.session.get_one(Person, lead_id).disabled_at = None
    db.session.commit()
    assert [find_open_invitation(token) is None for token in tokens] == [True, True, False]
    assert not {*emails[:2]} & set(db.session.scalars(sa.select(Invitation.email)))
    team = words_of(browser_for(db.session.get_one(Person, lead_id)).visit(f"/projects/{slug}/team"))
    assert "autre@demo.example" in team
    assert "erased.invalid" not in team


def test_every_short_column_is_a_code_or_known_to_hold_words():
    """A new column of codes is named in `text_column_queries`, one of words here."""
    short = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if is_typed_text_column(column) and 0 < (getattr(column.type, "length", None) or 0) <= 100
    }
    assert short == SHORT_TYPED
    assert not is_typed_text_column(ProgrammeArchive.__table__.c.fingerprint)
