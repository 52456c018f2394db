"""Withdrawal of a participant: delete the session with all its rows and files.

Foreign keys cascade; files lose their rows and, after the commit, their bytes; SQLite's WAL is
truncated. Figures are computed from the stored sessions, so they need no update. The audit line
names the round, never the participant.
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
from portal.project.projects.work_commands import record_change
from portal.user_tests.rounds import policy
from portal.user_tests.rounds.import_commands import delete_staged_imports_of_round
from portal.user_tests.rounds.session_commands import lock_session
from portal.user_tests.rounds.session_models import TestSession
from portal.user_tests.rounds.session_queries import SessionDetails

WITHDRAWN = audit.Action("test_session.withdrawn", ends=True)


def require_may_withdraw_session(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed`, saying who may."""
    sentence = _("Seules l’équipe du projet et la direction du programme peuvent supprimer une séance.")
    require(policy.can_withdraw_session(actor, project), sentence)


def withdraw_session(actor: Actor, project: Project, details: SessionDetails) -> None:
    """Delete the session, in any project state. Raises `AlreadyDeleted` if somebody just did."""
    require_may_withdraw_session(actor, project)
    lock_row(Scope, project.id)  # serialises with uploads to the session
    session = lock_session(details)
    erase_files(TestSession.__tablename__, [session.id])
    delete_staged_imports_of_round(details.round.id)  # a staged file may hold their results
    db.session.expunge(session)
    db.session.execute(
        delete(TestSession).where(TestSession.id == details.session.id),
        execution_options={"synchronize_session": False},
    )
    record_change(actor, WITHDRAWN, details.round, project=project)
    truncate_wal_after_commit()
