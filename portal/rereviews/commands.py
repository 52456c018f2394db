"""Answering a trigger: it has no impact, or its reviews are asked again, in part or whole."""

from collections.abc import Collection
from dataclasses import dataclass

from portal.kernel import audit, clock
from portal.kernel.access import Actor, require
from portal.kernel.db import check_version, db, lock_row
from portal.kernel.errors import RuleBroken, TooLate
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.projects.teamwork import require_under_way
from portal.rereviews import policy, queries
from portal.rereviews.models import Answer, Trigger, Waits
from portal.rereviews.places import path_of
from portal.rereviews.queries import Concerned
from portal.reviews.commands import reopen
from portal.reviews.queries import find_last
from portal.reviews.round_commands import widen

# Read by whatever must know that a decision is in question no more.
ANSWERED = audit.Action("rereview.answered", _l("a répondu au réexamen %(number)s"))
CONFIRMED = audit.Action(
    "rereview.confirmed", _l("a confirmé que le réexamen %(number)s est sans effet")
)
RETURNED = audit.Action("rereview.returned", _l("a renvoyé le réexamen %(number)s à l’équipe"))


@dataclass(frozen=True)
class Given:
    """What follows from a fact, and why."""

    answer: Answer
    because: str


def answer(actor: Actor, project: Project, trigger: Trigger, given: Given, seen: int) -> None:
    """Say what follows. Without impact, it waits for a second person; else its reviews are reopened
    at once, and so is answered whatever else waited for a review that is asked again as a whole.

    Raises `RuleBroken` on `because`, and on `answer` for a part of what is touched as a whole;
    `TooLate` while one of its reviews waits for its decision, or once it was answered; `Conflict`.
    """
    concerned = queries.list_concerned(trigger)
    reviews = [one.review for one in concerned]
    require(policy.may_answer(actor, project, reviews), only_who_answers())
    require_under_way(project)
    _hold(project, trigger)
    if not policy.can_answer(actor, project, trigger, reviews):
        raise TooLate(_("Ce réexamen a déjà sa réponse."), path_of(project, trigger.number))
    check_version(trigger, seen)
    if not given.because:
        raise RuleBroken("because", _("Dites pourquoi : votre nom et cette raison resteront."))
    if given.answer is not Answer.NO_IMPACT:
        _ask_again(actor, project, trigger, concerned, given)
    _write(actor, project, trigger, given)
    if given.answer is Answer.FULL:
        for other in queries.list_others(trigger, reviews):
            _write(actor, project, other, given)


def _ask_again(
    actor: Actor,
    project: Project,
    trigger: Trigger,
    concerned: Collection[Concerned],
    given: Given,
) -> None:
    """Of each questionnaire the last review; one that is with its team already is widened."""
    for one in concerned:
        sections = _sections_of(one, trigger) if given.answer is Answer.PARTIAL else []
        last = find_last(actor, project, one.review.kind) or one.review
        if last.state.is_decided:
            reopen(actor, project, last, sections, given.because)
        else:
            widen(actor, project, last, sections)


def _sections_of(of: Concerned, trigger: Trigger) -> Collection[str]:
    """Those that the fact touches. Raises `RuleBroken` when it touches the whole."""
    sections = [one.key for one in of.touched(trigger.why)]
    if not sections:
        sentence = _("Ce fait touche toute la revue %(n)s : demandez une revue entière.")
        raise RuleBroken("answer", sentence % {"n": of.review.number})
    return sections


def confirm(actor: Actor, project: Project, trigger: Trigger, seen: int) -> None:
    """A second person agrees that it has no impact. Raises `TooLate`, `Conflict`."""
    _hold_to_confirm(actor, project, trigger)
    check_version(trigger, seen)
    trigger.confirmed_at, trigger.confirmed_by_id = clock.now(), actor.person_id
    _tell(actor, project, CONFIRMED, trigger)


def give_back(actor: Actor, project: Project, trigger: Trigger, because: str, seen: int) -> None:
    """They do not agree: it waits for another answer.

    Raises `RuleBroken` on `returned_because`, `TooLate`, `Conflict`.
    """
    _hold_to_confirm(actor, project, trigger)
    check_version(trigger, seen)
    if not because:
        sentence = _("Dites ce qui vous fait douter : l’équipe le lira.")
        raise RuleBroken("returned_because", sentence)
    trigger.answer, trigger.answered_at, trigger.answered_by_id = None, None, None
    trigger.returned_because = because
    _tell(actor, project, RETURNED, trigger)


def _hold_to_confirm(actor: Actor, project: Project, trigger: Trigger) -> None:
    reviews = [one.review for one in queries.list_concerned(trigger)]
    require(policy.may_confirm(actor, project, reviews), only_who_confirms())
    _hold(project, trigger)
    if trigger.waits is not Waits.CONFIRMATION:
        sentence = _("Ce réexamen n’attend pas de confirmation.")
        raise TooLate(sentence, path_of(project, trigger.number))
    require(policy.can_confirm(actor, project, trigger, reviews), not_the_same())


def _write(actor: Actor, project: Project, trigger: Trigger, given: Given) -> None:
    trigger.answer, trigger.because = given.answer, given.because
    trigger.answered_at, trigger.answered_by_id = clock.now(), actor.person_id
    trigger.returned_because = ""
    _tell(actor, project, ANSWERED, trigger, {"answer": (None, given.answer)})


def _hold(project: Project, trigger: Trigger) -> None:
    lock_row(Project, project.id)  # whoever raises or answers another one waits here
    db.session.refresh(trigger)


def _tell(
    actor: Actor,
    project: Project,
    action: audit.Action,
    trigger: Trigger,
    changes: audit.Changes | None = None,
) -> None:
    facts = {"number": trigger.number, "path": path_of(project, trigger.number)}
    audit.record(actor, action, trigger, scope_id=project.id, facts=facts, changes=changes)


def only_who_answers() -> str:
    return _("Seuls le porteur, le relecteur ou la direction répondent à un réexamen.")


def only_who_confirms() -> str:
    return _("Seuls le relecteur ou la direction confirment qu’un réexamen est sans effet.")


def not_the_same() -> str:
    return _("Qui a répondu ne confirme pas : il faut une deuxième personne.")
