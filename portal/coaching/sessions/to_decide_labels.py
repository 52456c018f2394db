"""Sessions of which nothing is written yet, on the page of what is to decide."""

from collections.abc import Sequence

from portal.coaching.sessions import queries
from portal.coaching.sessions.labels import describe_unwritten_session
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.to_decide_queries import WaitingKind
from portal.project.projects.to_decide_rules import PATIENCE, WaitingLine, WaitingLineProject

CODE = "session_minutes"


def list_lines(actor: Actor) -> Sequence[WaitingLine]:
    """Those that the actor logged for a team of theirs, from the day after on, the oldest first."""
    return [
        WaitingLine(
            id=session.id,
            project=WaitingLineProject.of(project),
            path=f"/projects/{project.slug}/coaching/{session.number}",
            title=describe_unwritten_session(session),
            detail=_("cette séance ne compte pas encore"),
            since=session.held_on,
            patience=PATIENCE,
            number=session.number,
            is_own=True,
        )
        for session, project in queries.list_own_unwritten_sessions(actor)
    ]


WAITING = WaitingKind(
    code=CODE,
    title=lambda count: ngettext(
        "Compte rendu à écrire (%(num)s)", "Comptes rendus à écrire (%(num)s)", count
    ),
    short=_l("Compte rendu"),
    list_lines=list_lines,
    rank=2,
    is_private=True,
)
