"""What the independent reviewer does: takes a review, writes reasons, asks for more, decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.accounts.queries import names_of
from portal.files.queries import list_of_each
from portal.kernel import audit, clock
from portal.kernel.access import Actor
from portal.kernel.db import check_version, db, save
from portal.kernel.errors import RuleBroken, TooLate
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.projects.models import Project
from portal.projects.numbered import next_number
from portal.questionnaires.answers import progress
from portal.questionnaires.conclusions import conclude
from portal.questionnaires.exchange import fingerprint_of
from portal.reviews import pen, policy, queries, round_queries
from portal.reviews.models import (
    DECIDED,
    Review,
    ReviewAnswer,
    ReviewCondition,
    ReviewDecision,
    ReviewRound,
    SectionOpinion,
    State,
    Why,
)
from portal.reviews.standing import known_sections

TAKEN = audit.Action("review.taken", _l("a pris en relecture la revue éthique %(number)s"))
OPINED = audit.Action("review.opinion_written")  # the reviewer's own until the round ends
ASKED_MORE = audit.Action(
    "review.more_asked", _l("a demandé des compléments à la revue éthique %(number)s")
)
DECISIONS = {
    State.ACCEPTED: audit.Action("review.accepted", _l("a accepté la revue éthique %(number)s")),
    State.ACCEPTED_WITH_CONDITIONS: audit.Action(
        "review.accepted_with_conditions",
        _l("a accepté avec conditions la revue éthique %(number)s"),
    ),
    State.REFUSED: audit.Action("review.refused", _l("a refusé la revue éthique %(number)s")),
}
CONDITIONS_MAX = 50  # of one decision


@dataclass(frozen=True, kw_only=True)
class ConditionFacts:
    what: str
    due_on: date


def take(actor: Actor, project: Project, review: Review) -> None:
    """Begin to look at it. What is taken already stays so."""
    pen.require_reviewer(actor, project, review)
    pen.hold(review)
    pen.require_reviewer(actor, project, review)
    if review.state is State.IN_REVIEW:
        return
    if not policy.can_take(actor, project, review):
        sentence = _("Cette revue n’attend pas de relecture pour l’instant.")
        raise TooLate(sentence, pen.path_of(project, review.number))
    review.state = State.IN_REVIEW
    queries.hold(review).round.taken_at = clock.now()
    changes = {"state": (State.SUBMITTED, State.IN_REVIEW)}
    pen.tell(actor, project, TAKEN, review, changes, round=review.round)


def write_opinion(
    actor: Actor,
    project: Project,
    review: Review,
    section: str,
    *,
    reasons: str,
    lacks: bool,
    seen: int,
) -> None:
    """What the reviewer thinks of a section, and whether more is to be asked about it.

    `seen` is 0 before the first. Raises `RuleBroken` on `reasons` where something lacks and nothing
    is said, `Conflict`.
    """
    pen.hold_in_review(actor, project, review)
    held = queries.hold(review)
    if not known_sections(held.definition, [section]):
        raise TooLate(_("Cette section n’est plus dans la revue."))
    if lacks and not reasons:
        raise RuleBroken("reasons", _("Dites ce qui manque : l’équipe le lira."))
    row = round_queries.list_opinions(held.round).get(section)
    if row is None:
        row = SectionOpinion(round_id=held.round.id, section=section)
        db.session.add(row)
    else:
        check_version(row, seen)
    row.reasons, row.lacks, row.written_by_id = reasons, lacks, actor.person_id
    pen.tell(actor, project, OPINED, review, section=section)


def ask_more(actor: Actor, project: Project, review: Review, because: str) -> None:
    """Back to the team, for the sections that lack something; for all where none was marked.

    Raises `RuleBroken` on `because`.
    """
    pen.hold_in_review(actor, project, review)
    if not because:
        raise RuleBroken("because", _("Dites ce que vous demandez à l’équipe."))
    held = queries.hold(review)
    opinions = round_queries.list_opinions(held.round)
    named = [key for key, one in opinions.items() if one.lacks]
    held.round.ended_at = clock.now()
    review.state, review.round = State.DRAFT, review.round + 1
    sections = known_sections(held.definition, named)
    db.session.add(
        ReviewRound(
            review_id=review.id,
            number=review.round,
            why=Why.MORE,
            because=because,
            sections=sections,
            begun_by_id=actor.person_id,
        )
    )
    changes = {"state": (State.IN_REVIEW, State.DRAFT)}
    pen.tell(actor, project, ASKED_MORE, review, changes, round=review.round, sections=sections)


def draft_condition(
    actor: Actor, project: Project, review: Review, facts: ConditionFacts
) -> ReviewCondition:
    """What an acceptance will ask for; the reviewer's own until the decision.

    Raises `RuleBroken` on `due_on`, and for too many.
    """
    pen.hold_in_review(actor, project, review)
    _check_due(facts.due_on)
    if len(round_queries.list_drafts(review)) >= CONDITIONS_MAX:
        raise RuleBroken(None, _("C’est la limite : %(n)s conditions.", n=CONDITIONS_MAX))
    condition = ReviewCondition(
        project_id=project.id,
        number=next_number(ReviewCondition, project),
        review_id=review.id,
        round_id=queries.hold(review).round.id,
        what=facts.what,
        due_on=facts.due_on,
    )
    db.session.add(condition)
    save()
    return condition


def change_draft(
    actor: Actor,
    project: Project,
    of: tuple[ReviewCondition, Review],
    facts: ConditionFacts,
    seen: int,
) -> None:
    """Raises `TooLate` once it is decided, `Conflict`."""
    condition = _hold_draft(actor, project, of)
    check_version(condition, seen)
    if facts.due_on != condition.due_on:
        _check_due(facts.due_on)
    condition.what, condition.due_on = facts.what, facts.due_on
    save()


def drop_draft(actor: Actor, project: Project, of: tuple[ReviewCondition, Review]) -> None:
    """Think better of it, before the decision."""
    db.session.delete(_hold_draft(actor, project, of))
    save()


def decide(
    actor: Actor, project: Project, review: Review, outcome: State, reasons: str
) -> ReviewDecision:
    """Sign a decision, which nobody changes afterwards.

    Raises `RuleBroken` on `outcome` where conditions are drafted and it has none, or the other way
    round, and on `reasons`.
    """
    pen.hold_in_review(actor, project, review)
    if outcome not in DECIDED:
        raise RuleBroken("outcome", _("Choisissez une décision."))
    if not reasons:
        raise RuleBroken("reasons", _("Motivez la décision : elle engage votre nom."))
    conditions = round_queries.list_drafts(review)
    _check_conditions(outcome, conditions)
    now, held = clock.now(), queries.hold(review)
    decision = _sign(actor, held, conditions, outcome, reasons)
    review.state, review.decided_at, held.round.ended_at = outcome, now, now
    for condition in conditions:
        condition.decided_at, condition.round_id = now, held.round.id
    changes = {"state": (State.IN_REVIEW, outcome)}
    facts = {"round": review.round, "fingerprint": decision.fingerprint, "kind": review.kind}
    facts["conditions"] = [one.number for one in conditions]
    pen.tell(actor, project, DECISIONS[outcome], review, changes, **facts)
    return decision


def _sign(
    actor: Actor,
    held: queries.Held,
    conditions: Sequence[ReviewCondition],
    outcome: State,
    reasons: str,
) -> ReviewDecision:
    of, answers = held.definition, held.round.answers or {}
    how_far, concluded = progress(of, answers), conclude(of, answers)
    scored = concluded.scored
    decision = ReviewDecision(
        review_id=held.review.id,
        round_id=held.round.id,
        outcome=outcome,
        reasons=reasons,
        signed_at=clock.now(),
        signed_by_id=actor.person_id,
        signed_name=names_of([actor.person_id])[actor.person_id],
        edition_id=held.edition.id,
        edition_version=held.edition.version,
        fingerprint=fingerprint_of(of, held.edition.fingerprint, answers),
        answered=how_far.answered,
        asked=how_far.asked,
        level=scored.level if scored else None,
        score=scored.value if scored else None,
        content=_content(held, conditions),
    )
    db.session.add(decision)
    return decision


def _content(held: queries.Held, conditions: Sequence[ReviewCondition]) -> dict[str, Any]:
    opinions = round_queries.list_opinions(held.round)
    return {
        "answers": held.round.answers or {},
        "reasons": {key: one.reasons for key, one in opinions.items() if one.reasons},
        "conditions": [
            {"number": one.number, "what": one.what, "due_on": one.due_on.isoformat()}
            for one in conditions
        ],
        "files": _files(held),
    }


def _files(held: queries.Held) -> list[dict[str, str]]:
    """The evidence that was there: which question it was beside ("" for the whole), its name and
    its SHA-256."""
    items = {row.id: row.item for row in held.rows.values()}
    found = list_of_each(ReviewAnswer.__tablename__, items)
    whole = list_of_each(Review.__tablename__, [held.review.id]).get(held.review.id, ())
    told = [("", file) for file in whole]
    told += [(items[of], file) for of, files in found.items() for file in files]
    return [{"item": item, "name": file.name, "sha256": file.sha256} for item, file in told]


def _check_conditions(outcome: State, conditions: Sequence[ReviewCondition]) -> None:
    if outcome is State.ACCEPTED_WITH_CONDITIONS and not conditions:
        raise RuleBroken("outcome", _("Écrivez d’abord au moins une condition."))
    if outcome is not State.ACCEPTED_WITH_CONDITIONS and conditions:
        sentence = _("Des conditions sont écrites : acceptez avec elles, ou retirez-les d’abord.")
        raise RuleBroken("outcome", sentence)


def _hold_draft(
    actor: Actor, project: Project, of: tuple[ReviewCondition, Review]
) -> ReviewCondition:
    condition, review = of
    pen.hold_in_review(actor, project, review)
    db.session.refresh(condition)
    if condition.decided_at is not None:
        raise TooLate(_("Cette condition est signée : elle ne change plus."))
    return condition


def _check_due(day: date | None) -> None:
    if said := clock.find_not_due(day):
        raise RuleBroken("due_on", said)
