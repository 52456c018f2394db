"""Answers triggers: no impact, or the reviews are reopened in part or as a whole."""

from collections.abc import Collection
from dataclasses import dataclass
from operator import attrgetter

from portal.ethics.rereviews import policy, queries
from portal.ethics.rereviews.models import AwaitedReplyKind, Trigger, TriggerAnswer
from portal.ethics.rereviews.queries import ConcernedReview
from portal.ethics.reviews.commands import reopen_review, widen_round
from portal.ethics.reviews.models import Review
from portal.people.accounts.queries import read_person_names
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import check_version, lock_row, reload_row
from portal.platform.kernel.errors import Overtaken, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import record_change, require_project_active

ANSWERED = audit.Action("rereview.answered", _l("a répondu au réexamen %(number)s"))
CONFIRMED = audit.Action("rereview.confirmed", _l("a confirmé que le réexamen %(number)s est sans effet"))
CONFIRMATION_UNDONE = audit.Action(
    "rereview.confirmation_undone", _l("a annulé sa confirmation du réexamen %(number)s")
)
RETURNED = audit.Action("rereview.returned", _l("a renvoyé le réexamen %(number)s à l’équipe"))
WHO_ANSWERS = _l("Seuls le porteur, le relecteur ou la direction répondent à un réexamen.")
WHO_CONFIRMS = _l(
    "Seuls la direction, ou le relecteur de toutes les revues concernées,"
    " confirment qu’un réexamen est sans effet."
)
SECOND_PERSON = _l("Qui a répondu ne confirme pas : il faut une deuxième personne.")


@dataclass(frozen=True)
class TriggerReply:
    """The answer to a trigger, and the reason."""

    answer: TriggerAnswer
    because: str


def answer_trigger(
    actor: Actor, project: Project, trigger: Trigger, reply: TriggerReply, expected_version: int
) -> None:
    """Answer a trigger.

    `NO_IMPACT` waits for a second person to confirm it. Otherwise the concerned reviews are
    reopened: all sections of them, or with `PARTIAL` the touched ones where the fact touches some. A
    `FULL` answer also answers the other triggers of the same reviews. Raises `RuleBroken` on `because`,
    and on `answer` for a partial review where the whole of each is touched; `TooLate` once it is
    answered, or while one of its reviews waits for a decision; `Conflict`.
    """
    concerned = queries.list_concerned_reviews(trigger)
    reviews = [concerned_review.review for concerned_review in concerned]
    require(policy.may_answer(actor, project, reviews), WHO_ANSWERS)
    require_project_active(project)
    if reply.answer is not TriggerAnswer.NO_IMPACT:
        _lock_reviews(reviews)
    _lock_project_and_refresh_trigger(project, trigger)
    if not policy.can_answer(actor, project, trigger, reviews):
        raise TooLate(_("Ce réexamen a déjà sa réponse."), row_path(project, trigger))
    check_version(trigger, expected_version)
    if not reply.because:
        raise RuleBroken("because", _("Dites pourquoi : votre nom et cette raison resteront."))
    if reply.answer is not TriggerAnswer.NO_IMPACT:
        _reopen_reviews(actor, project, trigger, concerned, reply)
    _store_reply(actor, project, trigger, reply)
    if reply.answer is TriggerAnswer.FULL:
        for other in queries.list_other_unanswered_triggers(trigger, reviews):
            _store_reply(actor, project, other, reply)


def _lock_reviews(reviews: Collection[Review]) -> None:
    """Before the project's lock, as commands on reviews do: their projection locks the project."""
    for review in sorted(reviews, key=attrgetter("id")):
        lock_row(Review, review.id)


def _reopen_reviews(
    actor: Actor,
    project: Project,
    trigger: Trigger,
    concerned: Collection[ConcernedReview],
    reply: TriggerReply,
) -> None:
    """Reopen the last review of each questionnaire; widen the round of one with its team."""
    is_partial = reply.answer is TriggerAnswer.PARTIAL
    if is_partial and not queries.can_be_reviewed_in_part(concerned, trigger):
        sentence = _("Ce fait touche toute la revue %(n)s : demandez une revue entière.")
        numbers = ", ".join(str(concerned_review.review.number) for concerned_review in concerned)
        raise RuleBroken("answer", sentence % {"n": numbers})
    for concerned_review, last in queries.pair_reviews_to_reopen(project, concerned):
        touched = concerned_review.list_touched_sections(trigger.typed_causes) if is_partial else ()
        sections = [section.key for section in touched]
        if last.state.is_decided:
            reopen_review(actor, project, last, sections, reply.because)
        else:
            widen_round(actor, project, last, sections)


def confirm_no_impact(
    actor: Actor, project: Project, trigger: Trigger, expected_version: int, because: str = ""
) -> None:
    """Confirm, as a second person, that it has no impact; the trail keeps why.

    Raises `RuleBroken` on `confirmed_because` without a reason where somebody may be harmed, `TooLate`,
    `Conflict`.
    """
    _lock_trigger_to_confirm(actor, project, trigger)
    check_version(trigger, expected_version)
    if trigger.is_about_harm and not because:
        raise RuleBroken("confirmed_because", _("Dites pourquoi : un préjudice est possible."))
    trigger.confirmed_at, trigger.confirmed_by_id = clock.now(), actor.person_id
    changes = {"confirmed_because": (None, because)} if because else {}
    record_change(actor, CONFIRMED, trigger, changes, project=project)


def undo_confirmation(actor: Actor, project: Project, trigger: Trigger, expected_version: int) -> None:
    """Undo one's own confirmation: the answer waits again for a second person.

    Raises `NotAllowed`, `Conflict`, and `TooLate` after an hour.
    """
    reviews = [concerned_review.review for concerned_review in queries.list_concerned_reviews(trigger)]
    require(policy.may_confirm(actor, project, reviews), WHO_CONFIRMS)
    _lock_project_and_refresh_trigger(project, trigger)
    if not policy.can_undo_confirmation(actor, project, trigger, reviews):
        sentence = _("Une confirmation s’annule pendant une heure, par qui l’a donnée.")
        raise TooLate(sentence, row_path(project, trigger))
    check_version(trigger, expected_version)
    trigger.confirmed_at = trigger.confirmed_by_id = None
    record_change(actor, CONFIRMATION_UNDONE, trigger, project=project)


def return_trigger_to_team(
    actor: Actor, project: Project, trigger: Trigger, because: str, expected_version: int
) -> None:
    """Reject an answer of no impact, as a second person: the trigger waits for another answer.

    Raises `RuleBroken` on `returned_because`, `TooLate`, `Conflict`.
    """
    _lock_trigger_to_confirm(actor, project, trigger)
    check_version(trigger, expected_version)
    if not because:
        sentence = _("Dites ce qui vous fait douter : l’équipe le lira.")
        raise RuleBroken("returned_because", sentence)
    trigger.answer, trigger.answered_at, trigger.answered_by_id = None, None, None
    trigger.returned_because = because
    record_change(actor, RETURNED, trigger, project=project)


def _lock_trigger_to_confirm(actor: Actor, project: Project, trigger: Trigger) -> None:
    reviews = [concerned_review.review for concerned_review in queries.list_concerned_reviews(trigger)]
    require(policy.may_confirm(actor, project, reviews), WHO_CONFIRMS)
    _lock_project_and_refresh_trigger(project, trigger)
    if trigger.waits is not AwaitedReplyKind.CONFIRMATION:
        raise Overtaken(_describe_why_not_to_confirm(trigger), row_path(project, trigger))
    require(policy.can_confirm(actor, project, trigger, reviews), SECOND_PERSON)


def _describe_why_not_to_confirm(trigger: Trigger) -> str:
    """Why a trigger waits for no confirmation: somebody gave it, or returned it."""
    if trigger.confirmed_by_id is not None:
        who = read_person_names([trigger.confirmed_by_id])[trigger.confirmed_by_id]
        return _("%(who)s l’a déjà confirmé. Rien n’a été changé.", who=who)
    if trigger.returned_because:
        why = trigger.returned_because
        return _("Il vient d’être rendu à l’équipe : « %(why)s ». Rien n’a été changé.", why=why)
    return _("Ce réexamen n’attend pas de confirmation.")


def _store_reply(actor: Actor, project: Project, trigger: Trigger, reply: TriggerReply) -> None:
    trigger.answer, trigger.because = reply.answer, reply.because
    trigger.answered_at, trigger.answered_by_id = clock.now(), actor.person_id
    trigger.returned_because = ""
    record_change(actor, ANSWERED, trigger, {"answer": (None, reply.answer)}, project=project)


def _lock_project_and_refresh_trigger(project: Project, trigger: Trigger) -> None:
    lock_row(Project, project.id)  # serialises raising and answering the triggers of a project
    reload_row(trigger)
