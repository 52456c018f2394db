"""A participant changes their mind: their session goes at once, with all that hangs on it.

The database deletes every row below it, whoever made it; files lose their rows and, once that is
kept, their bytes, and SQLite's log is cut. Figures are computed from the sessions that are there,
and follow by themselves. The trail says that a session of a round went, and not whose.
"""

from sqlalchemy import delete

from portal.files.commands import forget_all
from portal.kernel import audit
from portal.kernel.access import Actor, require
from portal.kernel.db import db, lock_row
from portal.kernel.erasure import leave_no_bytes
from portal.kernel.text import gettext as _
from portal.programmes.models import Scope
from portal.projects.models import Project
from portal.user_tests import policy
from portal.user_tests.import_commands import forget_staged
from portal.user_tests.session_commands import hold, record
from portal.user_tests.session_queries import Held
from portal.user_tests.sessions import TestSession

WITHDRAWN = audit.Action("test_session.withdrawn", ends=True)


def require_to_withdraw(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed`, with who may."""
    sentence = _("L’équipe du projet ou la direction du programme efface une séance.")
    require(policy.can_withdraw(actor, project), sentence)


def withdraw(actor: Actor, project: Project, held: Held) -> None:
    """Delete the session, in any state of the project. Raises `Gone` when somebody just did."""
    require_to_withdraw(actor, project)
    lock_row(Scope, project.id)  # whoever attaches a file meanwhile finds no session any more
    session = hold(held)
    forget_all(TestSession.__tablename__, [session.id])
    forget_staged(held.round.id)  # a file that waits for a word may tell of them
    db.session.expunge(session)
    db.session.execute(
        delete(TestSession).where(TestSession.id == held.session.id),
        execution_options={"synchronize_session": False},
    )
    record(actor, WITHDRAWN, project, held.round)
    leave_no_bytes()
