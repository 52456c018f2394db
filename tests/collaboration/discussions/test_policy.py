"""Who may comment, resolve, edit and delete; without a database."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from portal.collaboration.discussions import policy
from portal.collaboration.discussions.models import Comment, Thread
from portal.people.programmes.models import INSTALLATION, Scope, ScopeKind
from portal.platform.kernel.access import Actor, Role

PROGRAMME, PROJECT = uuid4(), uuid4()
SCOPE = Scope(id=PROJECT, kind=ScopeKind.PROJECT, parent_id=PROGRAMME)
NOW = datetime(2026, 11, 24, tzinfo=UTC)

WHERE_HELD = {
    Role.TEAM_MEMBER: PROJECT,
    Role.TEAM_LEAD: PROJECT,
    Role.COACH: PROJECT,
    Role.ETHICS_REVIEWER: PROJECT,
    Role.PROGRAMME_LEAD: PROGRAMME,
    Role.JUROR: PROGRAMME,
    Role.OPERATOR: PROGRAMME,
    Role.OBSERVER: PROGRAMME,
    Role.ADMINISTRATOR: INSTALLATION,
}
READERS = (Role.TEAM_MEMBER, Role.TEAM_LEAD, Role.COACH, Role.ETHICS_REVIEWER, Role.PROGRAMME_LEAD)
OTHERS = tuple(role for role in Role if role not in READERS)


def holding(role: Role, where: UUID | None = None) -> Actor:
    return Actor(uuid4(), {where or WHERE_HELD[role]: frozenset({role})})


def by(actor: Actor, **given: object) -> Comment:
    return Comment(author_id=actor.person_id, body="Bonjour.", **given)


@pytest.mark.parametrize("role", READERS)
def test_whoever_reads_a_project_speaks_settles_and_reopens_in_it(role: Role) -> None:
    actor = holding(role)
    assert policy.can_comment(actor, SCOPE)
    assert policy.can_resolve(actor, SCOPE, Thread())
    assert policy.can_reopen(actor, SCOPE, Thread(resolved_at=NOW))


@pytest.mark.parametrize("role", OTHERS)
def test_nobody_else_does(role: Role) -> None:
    actor = holding(role)
    assert not policy.can_comment(actor, SCOPE)
    assert not policy.can_resolve(actor, SCOPE, Thread())
    assert not policy.can_reopen(actor, SCOPE, Thread(resolved_at=NOW))
    assert not policy.can_edit(actor, SCOPE, by(actor))
    assert not policy.can_delete(actor, SCOPE, by(actor))


@pytest.mark.parametrize("role", READERS)
def test_a_role_held_in_another_project_or_programme_opens_nothing_here(role: Role) -> None:
    elsewhere = holding(role, uuid4())
    assert not policy.can_comment(elsewhere, SCOPE)
    assert not policy.can_edit(elsewhere, SCOPE, by(elsewhere))
    assert not policy.can_delete(elsewhere, SCOPE, by(elsewhere))


def test_only_an_open_thread_is_settled_and_only_a_settled_one_reopened() -> None:
    actor = holding(Role.COACH)
    assert not policy.can_resolve(actor, SCOPE, Thread(resolved_at=NOW))
    assert not policy.can_reopen(actor, SCOPE, Thread())


@pytest.mark.parametrize("role", READERS)
def test_people_edit_and_delete_their_own_words(role: Role) -> None:
    actor = holding(role)
    assert policy.can_edit(actor, SCOPE, by(actor))
    assert policy.can_delete(actor, SCOPE, by(actor))


@pytest.mark.parametrize("role", READERS)
def test_nobody_edits_the_words_of_another(role: Role) -> None:
    assert not policy.can_edit(holding(role), SCOPE, by(holding(Role.TEAM_MEMBER)))


@pytest.mark.parametrize("role", READERS)
def test_only_the_programme_lead_deletes_the_words_of_another(role: Role) -> None:
    allowed = policy.can_delete(holding(role), SCOPE, by(holding(Role.TEAM_MEMBER)))
    assert allowed is (role is Role.PROGRAMME_LEAD)


def test_a_deleted_comment_is_neither_edited_nor_deleted_again() -> None:
    for role in (Role.TEAM_MEMBER, Role.PROGRAMME_LEAD):
        actor = holding(role)
        assert not policy.can_edit(actor, SCOPE, by(actor, deleted_at=NOW))
        assert not policy.can_delete(actor, SCOPE, by(actor, deleted_at=NOW))
