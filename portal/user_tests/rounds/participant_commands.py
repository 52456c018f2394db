"""One-time links by which a participant answers the scale: create, revoke, use.

A link opens the scale of one session for two hours. Only the hash of its token is stored; the token
is the link's id sealed with the installation's key, so that its page can be shown again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, select, update

from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import NotFound, RuleBroken, TooLate
from portal.platform.kernel.identifiers import new_id
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.tokens import token_hash
from portal.project.projects.models import Project
from portal.project.projects.work_commands import record_change, require_team_may_write
from portal.user_tests.rounds.models import RoundScale, TestRound
from portal.user_tests.rounds.session_commands import lock_session, require_round_open, require_started
from portal.user_tests.rounds.session_models import ParticipantLink, ScaleAnswer, TestSession
from portal.user_tests.rounds.session_queries import SessionDetails, reload_session, usable_link_conditions
from portal.user_tests.rounds.sum_rules import ITEM_COUNTS

LINK_LIFETIME = timedelta(hours=2)
LINK_MADE = audit.Action("participant_link.made")
REVOKED = audit.Action("participant_link.revoked")
ANSWERED = audit.Action("participant_link.used")

_NO_SYNC = {"synchronize_session": False}


@dataclass(frozen=True)
class LinkWithSession:
    """A link found by its token, with its session, round and project."""

    link: ParticipantLink
    session: TestSession
    round: TestRound
    project: Project

    @property
    def is_used(self) -> bool:
        return self.link.used_at is not None


def create_participant_link(
    actor: Actor, project: Project, details: SessionDetails, seal: Callable[[UUID], str]
) -> ParticipantLink:
    """Create a link and revoke earlier ones; `seal` makes the token of an id. Raises `TooLate`."""
    require_team_may_write(actor, project)
    require_round_open(project, details.round)
    session = lock_session(details)
    current = reload_session(details)
    require_started(session)
    if details.round.scale is RoundScale.NONE:
        raise TooLate(_("Cette série n’a pas de questionnaire de fin."))
    if current.answers:
        raise TooLate(_("Des réponses sont déjà notées : la personne ne répond pas deux fois."))
    _revoke_links(session)
    id_ = new_id()
    link = ParticipantLink(
        id=id_,
        session_id=session.id,
        token_hash=token_hash(seal(id_)),
        made_by_id=actor.person_id,
        expires_at=clock.now() + LINK_LIFETIME,
    )
    db.session.add(link)
    record_change(actor, LINK_MADE, details.round, project=project)
    return link


def revoke_participant_links(actor: Actor, project: Project, details: SessionDetails) -> None:
    """Revoke the usable links of a session, if there are any."""
    require_team_may_write(actor, project)
    if _revoke_links(lock_session(details)):
        record_change(actor, REVOKED, details.round, project=project)


def _revoke_links(session: TestSession) -> int:
    usable = update(ParticipantLink).where(
        ParticipantLink.session_id == session.id, *usable_link_conditions()
    )
    result = db.session.execute(usable.values(revoked_at=clock.now()), execution_options=_NO_SYNC)
    return cast("CursorResult[Any]", result).rowcount


def find_link_by_token(token: str) -> LinkWithSession | None:
    """Return the link of a token, used or not; None for an unknown, expired or revoked one."""
    row = db.session.execute(
        select(ParticipantLink, TestSession, TestRound, Project)
        .join(TestSession, TestSession.id == ParticipantLink.session_id)
        .join(TestRound, TestRound.id == TestSession.round_id)
        .join(Project, Project.id == TestRound.project_id)
        .where(
            ParticipantLink.token_hash == token_hash(token),
            ParticipantLink.revoked_at.is_(None),
            ParticipantLink.expires_at > clock.now(),
        )
    ).first()
    return LinkWithSession(*row) if row else None


def save_participant_answers(opened: LinkWithSession, values: Mapping[int, int]) -> None:
    """Save the participant’s answers to all items. Raises `NotFound` if the link was used or
    revoked meanwhile, `RuleBroken` while an item is missing."""
    if set(values) != set(range(1, ITEM_COUNTS[opened.round.scale] + 1)):
        raise RuleBroken(None, _("Il manque une réponse."))
    usable_links = update(ParticipantLink).where(
        ParticipantLink.id == opened.link.id, *usable_link_conditions()
    )
    used = db.session.execute(usable_links.values(used_at=clock.now()), execution_options=_NO_SYNC)
    if not cast("CursorResult[Any]", used).rowcount:
        raise NotFound
    for item, value in values.items():
        db.session.add(ScaleAnswer(session_id=opened.session.id, item=item, value=value))
    flush_session()
    record_change(None, ANSWERED, opened.round, project=opened.project)
