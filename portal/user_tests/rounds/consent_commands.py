"""Change the consent text of a round, until the first session."""

from dataclasses import asdict, dataclass

from portal.platform.kernel import audit
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, lock_row
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.user_tests.rounds.commands import require_tasks_editable
from portal.user_tests.rounds.consent_queries import READ_OVER, WRITTEN, read_proposal_state_by_language
from portal.user_tests.rounds.models import ConsentText, TestRound

_LEFT_OUT = frozenset({"id", "created_at", "round_id", "locale"})


@dataclass(frozen=True, kw_only=True)
class ConsentParts:
    purpose: str
    course: str
    retention: str
    withdrawal: str
    dpo_contact: str


def change_consent_text(
    actor: Actor,
    project: Project,
    round_: TestRound,
    text: ConsentText,
    parts: ConsentParts,
    *,
    expected_version: int,
) -> None:
    """Change a consent text; a proposed one that is left as it is was read over.

    Raises `TooLate` once there are sessions, and `Conflict`.
    """
    lock_row(TestRound, round_.id)
    require_tasks_editable(actor, project, round_)
    check_version(text, expected_version)
    for name, value in asdict(parts).items():
        setattr(text, name, value)
    changes = audit.changes_of(text, leave_out=_LEFT_OUT)
    if not changes and not read_proposal_state_by_language(project, round_)[text.locale]:
        return
    action = WRITTEN if changes else READ_OVER
    path = row_path(project, round_)
    facts = {"number": round_.number, "language": text.locale, "path": path}
    audit.record(actor, action, text, scope_id=project.id, facts=facts, changes=changes)
