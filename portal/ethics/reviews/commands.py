"""Opens, submits, withdraws, discards and reopens reviews, and assigns reviewers."""

from collections.abc import Collection
from uuid import UUID

from portal.collaboration.discussions.commands import create_discussion
from portal.ethics.questionnaires.commands import get_or_insert_edition
from portal.ethics.questionnaires.definition_rules import Answers, Questionnaire
from portal.ethics.questionnaires.edition_change_rules import carry_answers
from portal.ethics.reviews import policy, queries, shared_commands
from portal.ethics.reviews.models import Review, ReviewRound, ReviewState, RoundReason
from portal.ethics.reviews.round_rules import keep_answers_of_visible_items, keep_known_section_keys
from portal.people.accounts.models import Person
from portal.platform.kernel import audit, clock
from portal.platform.kernel.access import Actor, require
from portal.platform.kernel.database import db, flush_session
from portal.platform.kernel.errors import Overtaken, RuleBroken, TooLate
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.kernel.text import ngettext
from portal.project.projects.commands import assign_reviewer
from portal.project.projects.models import Project
from portal.project.projects.numbered_queries import next_row_number
from portal.project.projects.path_rules import row_path, row_path_by_number
from portal.project.projects.work_commands import (
    lock_fresh,
    record_change,
    require_project_active,
    require_team_member,
)
from portal.sprints.prototypes.queries import find_latest_version

ANY_REVIEWER = UUID(int=0)  # whoever reviews now
OPENED = audit.Action("review.opened", _l("a ouvert la revue éthique %(number)s"))
SUBMITTED = audit.Action("review.submitted", _l("a soumis la revue éthique %(number)s"))
REVIEWER_ASSIGNED = audit.Action(
    "review.reviewer_chosen", _l("a confié la revue éthique %(number)s à %(person)s")
)
WITHDRAWN = audit.Action("review.withdrawn", _l("a repris la revue éthique %(number)s, qui était soumise"))
DISCARDED = audit.Action("review.discarded", _l("a abandonné la revue éthique %(number)s"))
REOPENED = audit.Action("review.reopened", _l("a rouvert la revue éthique %(number)s"))

WHO_OPENS = _l("Seule l’équipe du projet, ou la direction du programme, peut ouvrir une revue.")
WHO_SUBMITS = _l("Seul le porteur soumet une revue. Rien n’a été changé.")
WHO_WITHDRAWS = _l("Seul le porteur reprend ou abandonne une revue. Rien n’a été changé.")
WHO_ASSIGNS = _l("Seule la direction du programme choisit le relecteur. Rien n’a été changé.")
WHO_REOPENS = _l("Seuls le porteur, le relecteur ou la direction rouvrent une revue décidée.")


def open_review(actor: Actor, project: Project, definition: Questionnaire) -> Review:
    """Open a review with the answers of the last one of the same questionnaire, if any.

    Raises `RuleBroken` while another one is under way.
    """
    require(policy.may_open(actor, project), WHO_OPENS)
    require_project_active(project)
    number = next_row_number(Review, project)
    last = queries.find_last_review(actor, project, definition.key)
    if last is not None and not last.state.is_decided:
        sentence = _("La revue %(n)s de ce questionnaire n’est pas finie.", n=last.number)
        raise RuleBroken(None, sentence)
    review = Review(
        project_id=project.id,
        number=number,
        discussion_id=create_discussion(project.id, page=row_path_by_number(project, Review, number)).id,
        kind=definition.key,
        edition_id=get_or_insert_edition(definition).id,
        opened_by_id=actor.person_id,
        reviewer_id=last and last.reviewer_id,
        reviewer_assigned_at=last and last.reviewer_assigned_at,
    )
    db.session.add(review)
    flush_session()
    _start_round(actor, review, RoundReason.OPENED)
    shared_commands.create_missing_answers(project, review, definition, {})
    flush_session()
    if last is not None:
        former = queries.reload_review(last)
        _copy_answers(
            review, former, carry_answers(former.definition, definition, former.answers).answers, definition
        )
    record_change(actor, OPENED, review, kind=definition.key, edition=definition.edition, project=project)
    return review


def _copy_answers(
    review: Review, former: queries.ReviewWithAnswers, answers: Answers, definition: Questionnaire
) -> None:
    """Copy answers with their author and date."""
    rows = queries.list_answer_rows_by_item(review)
    for item in definition.items:
        former_row = former.rows.get(item.key)
        if former_row is None or item.key not in answers:
            continue
        row = rows[item.key]
        row.value, row.note = answers[item.key], str(answers.get(item.note_key, ""))
        row.answered_at, row.answered_by_id = former_row.answered_at, former_row.answered_by_id


def submit_review(actor: Actor, project: Project, review: Review) -> None:
    """Submit a review to its reviewer. Raises `RuleBroken` while a required answer is missing."""
    require_team_member(actor, project)
    require(policy.may_submit(actor, project), WHO_SUBMITS)
    shared_commands.lock_review_to_answer(actor, project, review)
    record = queries.reload_review(review)
    if n := len(record.missing):
        sentence = ngettext(
            "Il manque %(num)s réponse obligatoire.", "Il manque %(num)s réponses obligatoires.", n
        )
        raise RuleBroken(None, sentence)
    now = clock.now()
    version = find_latest_version(actor, project)
    review.state = ReviewState.SUBMITTED
    review.submitted_at = review.submitted_at or now
    record.round.submitted_at, record.round.submitted_by_id = now, actor.person_id
    record.round.prototype_version_id = version.id if version else None
    record.round.edition_id = review.edition_id
    record.round.answers = keep_answers_of_visible_items(record.definition, record.answers)
    changes = {"state": (ReviewState.DRAFT, ReviewState.SUBMITTED)}
    record_change(actor, SUBMITTED, review, changes, round=review.round, project=project)


def withdraw_submission(actor: Actor, project: Project, review: Review) -> None:
    """Withdraw a submission: the round goes on and its answers can be changed again.

    Raises `TooLate` once a reviewer has started, or when nothing is submitted.
    """
    _lock_review_to_withdraw_or_discard(actor, project, review)
    if not policy.can_withdraw(actor, project, review):
        sentence = _("Cette revue n’attend pas de relecteur : elle ne se reprend pas.")
        raise TooLate(sentence, row_path(project, review))
    record = queries.reload_review(review)
    review.state = ReviewState.DRAFT
    if review.round == 1:  # it was never read outside the project
        review.submitted_at = None
    record.round.submitted_at, record.round.submitted_by_id = None, None
    record.round.prototype_version_id, record.round.edition_id = None, None
    record.round.answers = None
    changes = {"state": (ReviewState.SUBMITTED, ReviewState.DRAFT)}
    record_change(actor, WITHDRAWN, review, changes, round=review.round, project=project)


def discard_review(actor: Actor, project: Project, review: Review) -> None:
    """Discard a draft: it stays readable but frozen, and another review may be opened.

    Raises `TooLate` once it was submitted.
    """
    _lock_review_to_withdraw_or_discard(actor, project, review)
    if not policy.can_discard(actor, project, review):
        sentence = _("Seule une revue qui n’a jamais été soumise s’abandonne.")
        raise TooLate(sentence, row_path(project, review))
    review.discarded_at = clock.now()
    record_change(actor, DISCARDED, review, kind=review.kind, project=project)


def _lock_review_to_withdraw_or_discard(actor: Actor, project: Project, review: Review) -> None:
    require_team_member(actor, project)
    require(policy.may_submit(actor, project), WHO_WITHDRAWS)
    require_project_active(project)
    lock_fresh(review)


def choose_reviewer(
    actor: Actor, project: Project, review: Review, person: Person, *, instead_of: UUID | None = ANY_REVIEWER
) -> None:
    """Assign one of the programme's ethics reviewers and give them the role in the project.

    `instead_of` is who reviewed when the actor opened the form, None for nobody. Raises
    `RuleBroken` on `person` for one who is not independent, `TooLate` when it is over, and
    `Overtaken` where somebody else chose another person meanwhile.
    """
    require(policy.may_choose_reviewer(actor, project), WHO_ASSIGNS)
    lock_fresh(review)
    if not policy.can_choose_reviewer(actor, project, review):
        sentence = _("Cette revue est finie : personne n’a plus à la relire.")
        raise TooLate(sentence, row_path(project, review))
    if review.reviewer_id not in {instead_of, person.id} and instead_of != ANY_REVIEWER:
        sentence = _(
            "La revue a été confiée entre-temps à %(who)s. Renvoyez seulement si vous en êtes convenus.",
            who=queries.name_of_reviewer(review) or "—",
        )
        raise Overtaken(sentence, row_path(project, review))
    if queries.is_involved(person.id, project):
        raise RuleBroken("person", str(shared_commands.INDEPENDENCE))
    if queries.has_person_written_answer(person.id, review):
        sentence = _("Cette personne a écrit des réponses de la revue : elle ne peut la relire.")
        raise RuleBroken("person", sentence)
    if not queries.has_reviewer_role(person.id, project):
        assign_reviewer(actor, project, person)
    if review.reviewer_id == person.id:
        return
    before = review.reviewer_id
    review.reviewer_id, review.reviewer_assigned_at = person.id, clock.now()
    if review.state is ReviewState.IN_REVIEW:  # the new reviewer has to take it
        review.state = ReviewState.SUBMITTED
    changes = {"reviewer_id": (before, person.id)}
    record_change(actor, REVIEWER_ASSIGNED, review, changes, person_id=person.id, project=project)


def reopen_review(
    actor: Actor, project: Project, review: Review, sections: Collection[str], because: str
) -> None:
    """Give a decided review back to its team; the decision stays.

    `sections` are the keys to answer again, all when empty. Raises `TooLate` before a decision;
    `RuleBroken` on `because`, and when a later review of the same questionnaire replaced it.
    """
    lock_fresh(review)
    require(policy.may_reopen(actor, project, review), WHO_REOPENS)
    require_project_active(project)
    if not policy.can_reopen(actor, project, review):
        raise TooLate(_("Cette revue est encore en cours : rien n’est à rouvrir."), row_path(project, review))
    if not because:
        raise RuleBroken("because", _("Dites pourquoi elle est rouverte."))
    last = queries.find_last_review(actor, project, review.kind)
    if last is not None and last.id != review.id:
        sentence = _("La revue %(n)s du même questionnaire l’a remplacée.", n=last.number)
        raise RuleBroken(None, sentence)
    before = review.state
    review.state, review.round = ReviewState.DRAFT, review.round + 1
    section_keys = keep_known_section_keys(queries.get_definition(review), sections)
    _start_round(actor, review, RoundReason.REOPENED, because, section_keys)
    changes = {"state": (before, ReviewState.DRAFT)}
    record_change(actor, REOPENED, review, changes, round=review.round, project=project)


def _start_round(
    actor: Actor, review: Review, why: RoundReason, because: str = "", sections: Collection[str] = ()
) -> None:
    db.session.add(
        ReviewRound(
            review_id=review.id,
            number=review.round,
            why=why,
            because=because,
            sections=list(sections),
            begun_by_id=actor.person_id,
        )
    )


WIDENED = audit.Action("review.widened", _l("a élargi ce qui est à revoir de la revue éthique %(number)s"))


def widen_round(actor: Actor, project: Project, review: Review, sections: Collection[str]) -> None:
    """Open more sections of a round to its team; all of them when `sections` is empty.

    Raises `TooLate` when the review is not with its team.
    """
    is_allowed = (
        policy.is_reviewer(actor, project, review)
        or policy.may_submit(actor, project)
        or policy.may_choose_reviewer(actor, project)
    )
    require(is_allowed, _("Seuls le porteur, le relecteur ou la direction élargissent une revue."))
    require_project_active(project)
    lock_fresh(review)
    if not review.is_with_team:
        sentence = _("La revue %(n)s attend sa décision : répondez quand elle est rendue.")
        raise TooLate(sentence % {"n": review.number}, row_path(project, review))
    record = queries.reload_review(review)
    before = record.round.sections
    if not before:  # all sections are open already
        return
    after = keep_known_section_keys(record.definition, [*before, *sections]) if sections else []
    if after != before:
        record.round.sections = after
        changes = {"sections": (before, after)}
        record_change(actor, WIDENED, review, changes, round=review.round, project=project)
