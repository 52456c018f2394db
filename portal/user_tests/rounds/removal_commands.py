"""Remove a round without sessions; the audit trail keeps its plan."""

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError

from portal.collaboration.discussions.queries import has_comments
from portal.collaboration.files.queries import has_files
from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import db, flush_session, lock_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import project_path
from portal.project.projects.work_commands import require_team_may_write
from portal.user_tests.rounds import policy, queries
from portal.user_tests.rounds.models import ConsentText, RoundGroup, TestRound, TestTask
from portal.user_tests.rounds.session_models import TestSession
from portal.user_tests.rounds.tally_models import RoundTally

REMOVED = audit.Action("round.removed", _l("a supprimé la série de tests %(number)s"))
_TRAIL_FIELDS = ("title", "method", "scale", "hypotheses", "script", "starts_on", "ends_on")
_NO_SYNC = {"synchronize_session": False}


def has_any_session(round_: TestRound) -> bool:
    """Whether the round has any session: started or not, a rehearsal, or purged."""
    current = exists().where(TestSession.round_id == round_.id)
    purged = exists().where(RoundTally.round_id == round_.id)
    return bool(db.session.scalar(select(current | purged)))


def require_removable(actor: Actor, project: Project, round_: TestRound) -> None:
    """Raise `NotAllowed`, or `TooLate` for a round with any session."""
    require_team_may_write(actor, project)
    has_sessions = has_any_session(round_)
    if not policy.can_remove(actor, project, has_sessions=has_sessions):
        raise TooLate(
            _("Cette série a des séances : elle ne se supprime plus. Terminez-la, elle garde sa place.")
        )


def remove_round(actor: Actor, project: Project, round_: TestRound) -> None:
    """Delete a round with its tasks and consent texts; its copies then follow its predecessor.

    Raises `RuleBroken` for a round with comments, files or findings.
    """
    lock_row(TestRound, round_.id)  # serialises with the start of a session
    require_removable(actor, project, round_)
    if has_comments(round_.discussion_id):
        raise RuleBroken(None, _("Des messages s’y rattachent : modifiez-la plutôt."))
    if has_files(TestRound.__tablename__, round_.id):
        raise RuleBroken(None, _("Des fichiers y sont joints : supprimez-les d’abord."))
    changes = {name: (value, None) for name in _TRAIL_FIELDS if (value := getattr(round_, name))}
    changes["version"] = (queries.get_tested_version(round_).number, None)
    facts = {"number": round_.number, "path": f"{project_path(project)}/tests"}
    audit.record(actor, REMOVED, round_, scope_id=project.id, facts=facts, changes=changes)
    copies = update(TestRound).where(TestRound.follows_id == round_.id)
    db.session.execute(copies.values(follows_id=round_.follows_id), execution_options=_NO_SYNC)
    for model in (RoundGroup, TestTask, ConsentText):
        deletion = delete(model).where(model.round_id == round_.id)
        db.session.execute(deletion, execution_options=_NO_SYNC)
    db.session.delete(round_)
    try:
        flush_session()
    except IntegrityError:  # a finding references the round; this feature does not import findings
        sentence = _("Des constats s’y rattachent : elle reste, avec eux.")
        raise RuleBroken(None, sentence) from None
