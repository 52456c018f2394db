"""Commands of the reviewer: take a review, write opinions and conditions, request more, decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.collaboration.files.queries import list_files_by_subject
from portal.ethics.questionnaires.answer_documents import fingerprint_answers
from portal.ethics.questionnaires.completion_rules import compute_progress
from portal.ethics.questionnaires.score_rules import compute_conclusion
from portal.ethics.reviews import policy, queries, round_queries, shared_commands
from portal.ethics.reviews.models import (
    DECIDED,
    Review,
    ReviewAnswer,
    ReviewCondition,
    ReviewDecision,
    ReviewRound,
    ReviewState,
    RoundReason,
    SectionOpinion,
)
from portal.ethics.reviews.round_rules import keep_known_section_keys
from portal.people.accounts.queries import read_person_names
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor
from portal.platform.kernel.database import check_version, db, flush_session, reload_row
from portal.platform.kernel.errors import RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_row_number
from portal.project.projects.path_rules import row_path
from portal.project.projects.work_commands import lock_fresh, record_change, require_valid_due_date

REVIEW_STARTED = audit.Action("review.taken", _l("a pris en relecture la revue éthique %(number)s"))
OPINION_WRITTEN = audit.Action("review.opinion_written")  # no label: private until the round ends
MORE_REQUESTED = audit.Action(
    "review.more_asked", _l("a demandé des compléments à la revue éthique %(number)s")
)
DECISIONS = {
    ReviewState.ACCEPTED: audit.Action("review.accepted", _l("a accepté la revue éthique %(number)s")),
    ReviewState.ACCEPTED_WITH_CONDITIONS: audit.Action(
        "review.accepted_with_conditions", _l("a accepté avec conditions la revue éthique %(number)s")
    ),
    ReviewState.REFUSED: audit.Action("review.refused", _l("a refusé la revue éthique %(number)s")),
}
CONDITIONS_MAX = 50  # of one decision


@dataclass(frozen=True, kw_only=True)
class ConditionFacts:
    """What is asked, and by when."""

    what: str
    due_on: date


def take_review(actor: Actor, project: Project, review: Review) -> None:
    """Start reviewing. Idempotent. Raises `TooLate` when it is not submitted."""
    shared_commands.require_reviewer(actor, project, review)
    lock_fresh(review)
    shared_commands.require_reviewer(actor, project, review)
    if review.state is ReviewState.IN_REVIEW:
        return
    if not policy.can_take(actor, project, review):
        sentence = _("Cette revue n’attend pas de relecture pour l’instant.")
        raise TooLate(sentence, row_path(project, review))
    review.state = ReviewState.IN_REVIEW
    queries.reload_review(review).round.taken_at = clock.now()
    changes = {"state": (ReviewState.SUBMITTED, ReviewState.IN_REVIEW)}
    record_change(actor, REVIEW_STARTED, review, changes, round=review.round, project=project)


def write_opinion(
    actor: Actor,
    project: Project,
    review: Review,
    section: str,
    *,
    reasons: str,
    lacks: bool,
    expected_version: int,
) -> None:
    """Save the opinion of a section; `lacks`: the team has to complete it.

    `expected_version` is 0 for a new one. Raises `RuleBroken` on `reasons` when they are missing
    for a section that lacks something, `TooLate`, `Conflict`.
    """
    shared_commands.lock_review_for_reviewer(actor, project, review)
    record = queries.reload_review(review)
    if not keep_known_section_keys(record.definition, [section]):
        raise TooLate(_("Cette section n’est plus dans la revue."))
    if lacks and not reasons:
        raise RuleBroken("reasons", _("Dites ce qui manque : l’équipe le lira."))
    row = round_queries.list_opinions_by_section(record.round).get(section)
    if row is None:
        row = SectionOpinion(round_id=record.round.id, section=section)
        db.session.add(row)
    else:
        check_version(row, expected_version)
    row.reasons, row.lacks, row.written_by_id = reasons, lacks, actor.person_id
    record_change(actor, OPINION_WRITTEN, review, section=section, project=project)


def request_more(actor: Actor, project: Project, review: Review, because: str) -> None:
    """Return the review to its team for the sections that lack something; for all without any.

    Raises `RuleBroken` on `because`, `TooLate`.
    """
    shared_commands.lock_review_for_reviewer(actor, project, review)
    if not because:
        raise RuleBroken("because", _("Dites ce que vous demandez à l’équipe."))
    record = queries.reload_review(review)
    opinions = round_queries.list_opinions_by_section(record.round)
    lacking = [key for key, opinion in opinions.items() if opinion.lacks]
    record.round.ended_at = clock.now()
    review.state, review.round = ReviewState.DRAFT, review.round + 1
    sections = keep_known_section_keys(record.definition, lacking)
    db.session.add(
        ReviewRound(
            review_id=review.id,
            number=review.round,
            why=RoundReason.MORE,
            because=because,
            sections=sections,
            begun_by_id=actor.person_id,
        )
    )
    changes = {"state": (ReviewState.IN_REVIEW, ReviewState.DRAFT)}
    record_change(
        actor, MORE_REQUESTED, review, changes, round=review.round, sections=sections, project=project
    )


def draft_condition(actor: Actor, project: Project, review: Review, facts: ConditionFacts) -> ReviewCondition:
    """Draft a condition of the coming acceptance; private until the decision.

    Raises `RuleBroken` on `due_on`, and beyond `CONDITIONS_MAX`.
    """
    shared_commands.lock_review_for_reviewer(actor, project, review)
    require_valid_due_date("due_on", facts.due_on)
    if len(round_queries.list_drafted_conditions(review)) >= CONDITIONS_MAX:
        raise RuleBroken(None, _("C’est la limite : %(n)s conditions.", n=CONDITIONS_MAX))
    condition = ReviewCondition(
        project_id=project.id,
        number=next_row_number(ReviewCondition, project),
        review_id=review.id,
        round_id=queries.reload_review(review).round.id,
        what=facts.what,
        due_on=facts.due_on,
    )
    db.session.add(condition)
    flush_session()
    return condition


def change_drafted_condition(
    actor: Actor,
    project: Project,
    condition_and_review: tuple[ReviewCondition, Review],
    facts: ConditionFacts,
    expected_version: int,
) -> None:
    """Edit a draft. Raises `RuleBroken` on `due_on`, `TooLate` once it is signed, `Conflict`."""
    condition = _lock_drafted_condition(actor, project, condition_and_review)
    check_version(condition, expected_version)
    if facts.due_on != condition.due_on:
        require_valid_due_date("due_on", facts.due_on)
    condition.what, condition.due_on = facts.what, facts.due_on
    flush_session()


def drop_drafted_condition(
    actor: Actor, project: Project, condition_and_review: tuple[ReviewCondition, Review]
) -> None:
    """Delete a drafted condition. Raises `TooLate` once it is signed."""
    db.session.delete(_lock_drafted_condition(actor, project, condition_and_review))
    flush_session()


def decide_review(
    actor: Actor, project: Project, review: Review, outcome: ReviewState, reasons: str
) -> ReviewDecision:
    """Sign a decision, which never changes afterwards.

    Raises `RuleBroken` on `outcome` when it does not match the drafted conditions, and on
    `reasons`; `TooLate`.
    """
    shared_commands.lock_review_for_reviewer(actor, project, review)
    if outcome not in DECIDED:
        raise RuleBroken("outcome", _("Choisissez une décision."))
    if not reasons:
        raise RuleBroken("reasons", _("Motivez la décision : elle engage votre nom."))
    conditions = round_queries.list_drafted_conditions(review)
    _require_conditions_to_match_outcome(outcome, conditions)
    now, record = clock.now(), queries.reload_review(review)
    decision = _sign_decision(actor, record, conditions, outcome, reasons)
    review.state, review.decided_at, record.round.ended_at = outcome, now, now
    for condition in conditions:
        condition.decided_at, condition.round_id = now, record.round.id
    changes = {"state": (ReviewState.IN_REVIEW, outcome)}
    facts = {"round": review.round, "fingerprint": decision.fingerprint, "kind": review.kind}
    facts["conditions"] = [condition.number for condition in conditions]
    record_change(actor, DECISIONS[outcome], review, changes, project=project, **facts)
    return decision


def _sign_decision(
    actor: Actor,
    record: queries.ReviewWithAnswers,
    conditions: Sequence[ReviewCondition],
    outcome: ReviewState,
    reasons: str,
) -> ReviewDecision:
    definition, submitted_answers = record.definition, record.round.answers or {}
    progress, scored = (
        compute_progress(definition, submitted_answers),
        compute_conclusion(definition, submitted_answers).scored,
    )
    decision = ReviewDecision(
        review_id=record.review.id,
        round_id=record.round.id,
        outcome=outcome,
        reasons=reasons,
        signed_at=clock.now(),
        signed_by_id=actor.person_id,
        signed_name=read_person_names([actor.person_id])[actor.person_id],
        edition_id=record.edition.id,
        edition_version=record.edition.version,
        fingerprint=fingerprint_answers(definition, record.edition.fingerprint, submitted_answers),
        answered=progress.answered,
        question_count=progress.question_count,
        level=scored.level if scored else None,
        score=scored.value if scored else None,
        content=_build_decision_content(record, conditions),
    )
    db.session.add(decision)
    return decision


def _build_decision_content(
    record: queries.ReviewWithAnswers, conditions: Sequence[ReviewCondition]
) -> dict[str, Any]:
    opinions = round_queries.list_opinions_by_section(record.round)
    return {
        "answers": record.round.answers or {},
        "reasons": {key: opinion.reasons for key, opinion in opinions.items() if opinion.reasons},
        "conditions": [
            {"number": condition.number, "what": condition.what, "due_on": condition.due_on.isoformat()}
            for condition in conditions
        ],
        "files": _list_evidence_files(record),
    }


def _list_evidence_files(record: queries.ReviewWithAnswers) -> list[dict[str, str]]:
    """The attached files: item key ("" for the whole review), name and SHA-256 of each."""
    items = {row.id: row.item for row in record.rows.values()}
    files_by_answer = list_files_by_subject(ReviewAnswer.__tablename__, items)
    files_by_review = list_files_by_subject(Review.__tablename__, [record.review.id])
    evidence = [("", file) for file in files_by_review.get(record.review.id, ())]
    evidence += [(items[id_], file) for id_, files in files_by_answer.items() for file in files]
    return [{"item": item, "name": file.name, "sha256": file.sha256} for item, file in evidence]


def _require_conditions_to_match_outcome(outcome: ReviewState, conditions: Sequence[ReviewCondition]) -> None:
    if outcome is ReviewState.ACCEPTED_WITH_CONDITIONS and not conditions:
        raise RuleBroken("outcome", _("Écrivez d’abord au moins une condition."))
    if outcome is not ReviewState.ACCEPTED_WITH_CONDITIONS and conditions:
        sentence = _("Des conditions sont écrites : acceptez avec elles, ou retirez-les d’abord.")
        raise RuleBroken("outcome", sentence)


def _lock_drafted_condition(
    actor: Actor, project: Project, condition_and_review: tuple[ReviewCondition, Review]
) -> ReviewCondition:
    condition, review = condition_and_review
    shared_commands.lock_review_for_reviewer(actor, project, review)
    reload_row(condition)
    if condition.decided_at is not None:
        raise TooLate(_("Cette condition est signée : elle ne change plus."))
    return condition
