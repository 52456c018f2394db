"""The link by which a participant answers the scale alone: made, taken back, used once.

A link opens one scale of one session for two hours. Of its token only the hash is kept; the token
itself is the link's id sealed with the installation's key, so that its page can be read again.
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
from portal.project.projects.work_commands import require_work
from portal.user_tests.rounds.models import Scale, TestRound
from portal.user_tests.rounds.session_commands import lock_session, record_action, require_open
from portal.user_tests.rounds.session_models import ParticipantLink, ScaleAnswer, TestSession
from portal.user_tests.rounds.session_queries import SessionDetails, reload_session, usable_link
from portal.user_tests.rounds.sum_rules import ITEM_COUNTS

LINK_LIFETIME = timedelta(hours=2)
LINK_MADE = audit.Action("participant_link.made")
REVOKED = audit.Action("participant_link.revoked")
ANSWERED = audit.Action("participant_link.used")

_ASIDE = {"synchronize_session": False}


@dataclass(frozen=True)
class OpenedLink:
    """What a token opens: the link, and of its round what is asked and by which project."""

    link: ParticipantLink
    session: TestSession
    round: TestRound
    project: Project

    @property
    def has_served(self) -> bool:
        return self.link.used_at is not None


def make_link(
    actor: Actor, project: Project, details: SessionDetails, seal: Callable[[UUID], str]
) -> ParticipantLink:
    """A new one; what was open before is taken back. Raises `TooLate`."""
    require_work(actor, project)
    require_open(project, details.round)
    session = lock_session(details)
    now = reload_session(details)
    if session.started_at is None:
        raise TooLate(_("Rien ne se note avant que la personne ait donné son accord."))
    if details.round.scale is Scale.NONE:
        raise TooLate(_("Cette série n’a pas de questionnaire de fin."))
    if now.answers:
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
    record_action(actor, LINK_MADE, project, details.round)
    return link


def revoke_link(actor: Actor, project: Project, details: SessionDetails) -> None:
    """Nothing happens where there is none to use any more."""
    require_work(actor, project)
    if _revoke_links(lock_session(details)):
        record_action(actor, REVOKED, project, details.round)


def _revoke_links(session: TestSession) -> int:
    open_ = update(ParticipantLink).where(ParticipantLink.session_id == session.id, *usable_link())
    result = db.session.execute(open_.values(revoked_at=clock.now()), execution_options=_ASIDE)
    return cast("CursorResult[Any]", result).rowcount


def find_opened_link(token: str) -> OpenedLink | None:
    """What a token opens, or has opened. None for one that was never given, is too old or was
    taken back: nobody is told which."""
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
    return OpenedLink(*row) if row else None


def save_answers(opened: OpenedLink, values: Mapping[int, int]) -> None:
    """By the participant: every item, once. Raises `NotFound` where the link served elsewhere at
    the same moment, `RuleBroken` while an item is missing."""
    if set(values) != set(range(1, ITEM_COUNTS[opened.round.scale] + 1)):
        raise RuleBroken(None, _("Il manque une réponse."))
    usable_links = update(ParticipantLink).where(
        ParticipantLink.id == opened.link.id, *usable_link()
    )
    used = db.session.execute(usable_links.values(used_at=clock.now()), execution_options=_ASIDE)
    if not cast("CursorResult[Any]", used).rowcount:
        raise NotFound
    for item, value in values.items():
        db.session.add(ScaleAnswer(session_id=opened.session.id, item=item, value=value))
    flush_session()
    record_action(None, ANSWERED, opened.project, opened.round)
