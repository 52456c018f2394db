"""A participant changes their mind: their session goes at once, with all that hangs on it.

The database deletes every row below it, whoever made it; files lose their rows and, once that is
kept, their bytes, and SQLite's log is cut. Figures are computed from the sessions that are there,
and follow by themselves. The trail says that a session of a round went, and not whose.
"""

from sqlalchemy import delete

from portal.collaboration.files.commands import erase_files
from portal.people.programmes.models import Scope
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.wal_truncation import truncate_wal_after_commit
from portal.project.projects.models import Project
from portal.user_tests.rounds import policy
from portal.user_tests.rounds.import_commands import delete_staged_imports
from portal.user_tests.rounds.session_commands import lock_session, record_action
from portal.user_tests.rounds.session_models import TestSession
from portal.user_tests.rounds.session_queries import SessionDetails

WITHDRAWN = audit.Action("test_session.withdrawn", ends=True)


def require_to_withdraw(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed`, with who may."""
    sentence = _("L’équipe du projet ou la direction du programme efface une séance.")
    require(policy.can_withdraw(actor, project), sentence)


def withdraw_session(actor: Actor, project: Project, details: SessionDetails) -> None:
    """Delete the session, in any state of the project. Raises `Gone` when somebody just did."""
    require_to_withdraw(actor, project)
    lock_row(Scope, project.id)  # whoever attaches a file meanwhile finds no session any more
    session = lock_session(details)
    erase_files(TestSession.__tablename__, [session.id])
    delete_staged_imports(details.round.id)  # a file that waits for a word may tell of them
    db.session.expunge(session)
    db.session.execute(
        delete(TestSession).where(TestSession.id == details.session.id),
        execution_options={"synchronize_session": False},
    )
    record_action(actor, WITHDRAWN, project, details.round)
    truncate_wal_after_commit()
