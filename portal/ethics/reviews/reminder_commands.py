"""Remind whoever has a late review that it is awaited; for leads of the programme."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.ethics.reviews import policy, queries, reviewer_queries
from portal.ethics.reviews.models import UNDER_REVIEW
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, lock_row
from portal.platform.kernel.errors import Overtaken, RuleBroken
from portal.platform.kernel.history import lowest_event_id_after
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import require_project_active

REVIEWER_REMINDED = audit.Action(
    "review.reviewer_reminded",
    _l("rappelle à %(person)s que la revue éthique %(number)s est à relire"),
)
FRAMING_REMINDED = audit.Action(
    "review.framing_reminded", _l("rappelle à %(person)s que la revue de cadrage est attendue")
)
EXPOSURE_REMINDED = audit.Action(
    "review.exposure_reminded", _l("rappelle à %(person)s que la revue avant exposition est attendue")
)
# By key of a questionnaire that gates require: an action each, so that one does not stop the other.
_TEAM_REMINDED = {"framing": FRAMING_REMINDED, "exposure": EXPOSURE_REMINDED}
WHO_REMINDS = _l("Seule la direction du programme relance qui a une revue éthique.")
ALREADY_REMINDED = _l("Un rappel est déjà parti aujourd’hui\u00a0: attendez demain.")
NOBODY_ELSE = _l("Personne d’autre n’a cette revue\u00a0: donnez-en d’abord le rôle.")


@dataclass(frozen=True)
class ReviewTurn:
    """Whose turn it is in the last review of a questionnaire: `number` is None where none was opened; its
    reviewer has it once it is submitted, else the team."""

    project_id: UUID
    kind: str
    number: int | None
    is_with_reviewer: bool

    @property
    def action(self) -> audit.Action:
        """What reminds whoever has it."""
        return REVIEWER_REMINDED if self.is_with_reviewer else _TEAM_REMINDED[self.kind]


def find_turns_reminded_today(turns: Collection[ReviewTurn]) -> Collection[ReviewTurn]:
    """Those of which whoever has them was reminded today, so that nobody is again. One statement."""
    since = clock.start_of_today_for_reader()
    statement = select(audit.AuditEvent).where(
        audit.AuditEvent.scope_id.in_({turn.project_id for turn in turns}),
        audit.AuditEvent.id >= lowest_event_id_after(since),
        audit.AuditEvent.action.in_({turn.action.code for turn in turns}),
        audit.AuditEvent.created_at > since,
    )
    events = db.session.scalars(statement)
    reminded = {(event.scope_id, event.action, event.facts.get("number")) for event in events}
    return {turn for turn in turns if (turn.project_id, turn.action.code, turn.number) in reminded}


def remind_of_review(actor: Actor, project: Project, kind: str) -> None:
    """Remind the reviewer of the last review of a questionnaire, or the team's leads while the team has it
    or opened none; at most once a day. Whether it is late is for the caller, who knows gates.

    Raises `RuleBroken` on `kind` for a questionnaire that no gate requires, `Overtaken` once any of its
    reviews is accepted, `RuleBroken` within the day and where nobody else has it.
    """
    require_can_remind(actor, project)
    require_project_active(project)
    if kind not in _TEAM_REMINDED:
        raise RuleBroken("kind", _("Aucun jalon ne demande de revue par ce questionnaire."))
    lock_row(Project, project.id)
    accepted = queries.find_accepted_review(actor, project, kind)
    if accepted is not None:
        raise Overtaken(_("Cette revue est acceptée."), row_path(project, accepted))
    review = queries.find_last_review(actor, project, kind)
    turn = ReviewTurn(
        project.id,
        kind,
        review.number if review else None,
        is_with_reviewer=review is not None and review.state in UNDER_REVIEW,
    )
    if find_turns_reminded_today([turn]):
        raise RuleBroken(None, str(ALREADY_REMINDED))
    people = reviewer_queries.list_people_to_remind(actor, project, review)
    if not people:
        raise RuleBroken(None, str(NOBODY_ELSE))
    path = row_path(project, review) if review else f"/projects/{project.slug}/reviews"
    for person in people:
        facts = {"path": path, "person_id": str(person.id)} | ({"number": review.number} if review else {})
        audit.record(actor, turn.action, review or project, scope_id=project.id, facts=facts)


def require_can_remind(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` to all but the leads of the programme."""
    require(policy.may_choose_reviewer(actor, project), WHO_REMINDS)
