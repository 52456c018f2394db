"""Remind whoever has a late review that it is awaited; for leads of the programme."""

from portal.ethics.reviews import commands, policy, queries, reviewer_commands, reviewer_queries
from portal.ethics.reviews.models import UNDER_REVIEW, ReviewState
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import lock_row
from portal.platform.kernel.errors import Overtaken, RuleBroken
from portal.platform.kernel.history import REMINDER_PAUSE, was_recorded_since
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import require_project_active

REVIEWER_REMINDED = audit.Action(
    "review.reviewer_reminded",
    _l("rappelle à %(person)s que la revue éthique %(number)s est à relire"),
    told_as=commands.REVIEWER_ASSIGNED,
)
TEAM_REMINDED = audit.Action(
    "review.team_reminded",
    _l("rappelle à %(person)s qu’une revue éthique est attendue"),
    told_as=reviewer_commands.MORE_REQUESTED,
)
WHO_REMINDS = _l("Seule la direction du programme relance qui a une revue éthique.")


def remind_of_review(actor: Actor, project: Project, kind: str) -> None:
    """Remind the reviewer of the last review of a questionnaire, or the team's leads while the team has it
    or opened none; at most once a day.

    Raises `Overtaken` once the review is accepted, `RuleBroken`
    within the day and where nobody has it.
    """
    require_can_remind(actor, project)
    require_project_active(project)
    lock_row(Project, project.id)
    review = queries.find_last_review(actor, project, kind)
    path = row_path(project, review) if review else f"/projects/{project.slug}/reviews"
    if review is not None and review.state.is_decided and review.state is not ReviewState.REFUSED:
        raise Overtaken(_("Cette revue est acceptée."), path)
    action = REVIEWER_REMINDED if review is not None and review.state in UNDER_REVIEW else TEAM_REMINDED
    subject = review or project
    if was_recorded_since(subject.id, action.code, clock.now() - REMINDER_PAUSE):
        raise RuleBroken(None, _("Un rappel est déjà parti aujourd’hui : attendez demain."))
    people = [
        person
        for person in reviewer_queries.list_people_to_remind(project, review)
        if person.id != actor.person_id
    ]
    if not people:
        raise RuleBroken(None, _("Personne d’autre n’a cette revue : donnez-en d’abord le rôle."))
    for person in people:
        facts = {"path": path, "person_id": str(person.id)} | ({"number": review.number} if review else {})
        audit.record(actor, action, subject, scope_id=project.id, facts=facts)


def require_can_remind(actor: Actor, project: Project) -> None:
    """Raise `NotAllowed` to all but the leads of the programme."""
    require(policy.may_choose_reviewer(actor, project), WHO_REMINDS)
