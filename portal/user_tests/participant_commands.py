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

from portal.kernel import audit, clock
from portal.kernel.access import Actor
from portal.kernel.db import db, save
from portal.kernel.errors import NotFound, RuleBroken, TooLate
from portal.kernel.ids import new_id
from portal.kernel.secrets import token_hash
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.teamwork import require_work
from portal.user_tests.models import Scale, TestRound
from portal.user_tests.session_commands import hold, record, require_open
from portal.user_tests.session_queries import Held, reread, usable
from portal.user_tests.sessions import ParticipantLink, ScaleAnswer, TestSession
from portal.user_tests.sums import ITEMS

LIFE = timedelta(hours=2)
OFFERED = audit.Action("participant_link.made")
TAKEN_BACK = audit.Action("participant_link.revoked")
ANSWERED = audit.Action("participant_link.used")

_ASIDE = {"synchronize_session": False}


@dataclass(frozen=True)
class Opened:
    """What a token opens: the link, and of its round what is asked and by which project."""

    link: ParticipantLink
    session: TestSession
    round: TestRound
    project: Project

    @property
    def has_served(self) -> bool:
        return self.link.used_at is not None


def make_link(
    actor: Actor, project: Project, held: Held, seal: Callable[[UUID], str]
) -> ParticipantLink:
    """A new one; what was open before is taken back. Raises `TooLate`."""
    require_work(actor, project)
    require_open(project, held.round)
    session = hold(held)
    now = reread(held)
    if session.started_at is None:
        raise TooLate(_("Rien ne se note avant que la personne ait donné son accord."))
    if held.round.scale is Scale.NONE:
        raise TooLate(_("Cette série n’a pas de questionnaire de fin."))
    if now.answers:
        raise TooLate(_("Des réponses sont déjà notées : la personne ne répond pas deux fois."))
    _take_back(session)
    id_ = new_id()
    made = ParticipantLink(
        id=id_,
        session_id=session.id,
        token_hash=token_hash(seal(id_)),
        made_by_id=actor.person_id,
        expires_at=clock.now() + LIFE,
    )
    db.session.add(made)
    record(actor, OFFERED, project, held.round)
    return made


def revoke_link(actor: Actor, project: Project, held: Held) -> None:
    """Nothing happens where there is none to use any more."""
    require_work(actor, project)
    if _take_back(hold(held)):
        record(actor, TAKEN_BACK, project, held.round)


def _take_back(session: TestSession) -> int:
    open_ = update(ParticipantLink).where(ParticipantLink.session_id == session.id, *usable())
    done = db.session.execute(open_.values(revoked_at=clock.now()), execution_options=_ASIDE)
    return cast("CursorResult[Any]", done).rowcount


def find_opened(token: str) -> Opened | None:
    """What a token opens, or has opened. None for one that was never given, is too old or was
    taken back: nobody is told which."""
    found = db.session.execute(
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
    return Opened(*found) if found else None


def answer(opened: Opened, values: Mapping[int, int]) -> None:
    """By the participant: every item, once. Raises `NotFound` where the link served elsewhere at
    the same moment, `RuleBroken` while an item is missing."""
    if set(values) != set(range(1, ITEMS[opened.round.scale] + 1)):
        raise RuleBroken(None, _("Il manque une réponse."))
    mine = update(ParticipantLink).where(ParticipantLink.id == opened.link.id, *usable())
    used = db.session.execute(mine.values(used_at=clock.now()), execution_options=_ASIDE)
    if not cast("CursorResult[Any]", used).rowcount:
        raise NotFound
    for item, value in values.items():
        db.session.add(ScaleAnswer(session_id=opened.session.id, item=item, value=value))
    save()
    record(None, ANSWERED, opened.project, opened.round)
