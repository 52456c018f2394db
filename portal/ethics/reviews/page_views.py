"""Shared by the views of reviews: loaders, breadcrumbs, the page of a review, lines about it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import Response, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.ethics.questionnaires.completion_rules import AnswerProgress, compute_progress
from portal.ethics.questionnaires.definition_rules import QuestionnaireItem, QuestionnaireSection
from portal.ethics.questionnaires.visibility_rules import list_visible_items, list_visible_sections
from portal.ethics.reviews import labels, next_step_labels, policy, queries, reviewer_queries, round_queries
from portal.ethics.reviews.answer_commands import find_newer_edition
from portal.ethics.reviews.models import Review, ReviewState, RoundReason
from portal.ethics.reviews.queries import ReviewWithAnswers
from portal.ethics.reviews.round_queries import ReviewRoundWithOpinions
from portal.people.accounts.queries import read_person_names
from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.fragment_cache import cache_page_facts
from portal.platform.web.rendering import render
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path_by_number
from portal.project.projects.policy import rights_key
from portal.project.projects.queries import get_project
from portal.project.projects.section_queries import SectionLine
from portal.project.projects.workspace_views import (
    Trail,
    attachments_context,
    build_trail,
    get_writable_project,
)

TrailStep = tuple[str | LazyString, str]


@dataclass(frozen=True)
class ReviewSectionStatus:
    """A visible section, its progress, and whether the team may answer it in this round; `is_asked_again`
    while it was asked for in this round and nothing of it was answered since."""

    section: QuestionnaireSection
    progress: AnswerProgress
    is_open: bool
    is_asked_again: bool

    @property
    def is_incomplete(self) -> bool:
        return not self.progress.is_complete


def list_section_statuses(record: ReviewWithAnswers) -> Sequence[ReviewSectionStatus]:
    """The visible sections, in order."""
    definition, answers = record.definition, record.answers
    return [
        ReviewSectionStatus(
            section,
            compute_progress(definition, answers, section),
            section.key in record.open_sections,
            _is_asked_again(record, section),
        )
        for section in list_visible_sections(definition, answers)
    ]


def find_next_section(
    record: ReviewWithAnswers, section: QuestionnaireSection
) -> QuestionnaireSection | None:
    """The next visible section of this round: the one to answer, and then to give an opinion on."""
    open_sections = [status.section for status in list_section_statuses(record) if status.is_open]
    order = list(record.definition.sections)
    position = order.index(section)
    return next((other for other in open_sections if order.index(other) > position), None)


def list_asked_items(record: ReviewWithAnswers) -> Sequence[QuestionnaireItem]:
    """The open questions under which the reviewer's threads wait, while the team gives what was asked."""
    if record.review.state is not ReviewState.DRAFT or record.round.why is not RoundReason.MORE:
        return []
    keys = round_queries.list_item_keys_with_open_threads(record.review)
    return [
        item
        for status in list_section_statuses(record)
        if status.is_open
        for item in list_visible_items(record.definition, status.section, record.answers)
        if item.key in keys
    ]


def _is_asked_again(record: ReviewWithAnswers, section: QuestionnaireSection) -> bool:
    if record.review.state is not ReviewState.DRAFT or section.key not in record.round.sections:
        return False
    rows = [record.rows[item.key] for item in section.items if item.key in record.rows]
    return not any(row.answered_at and row.answered_at > record.round.created_at for row in rows)


def get_project_and_review(slug: str, number: int) -> tuple[Project, Review]:
    """The project and the review. Raises `NotFound`."""
    project = get_project(actor, slug)
    return project, queries.get_review(actor, project, number)


def get_review_to_read(slug: str, number: int) -> tuple[Project, ReviewWithAnswers]:
    """The project and the review with its answers. Raises `NotFound`."""
    project = get_project(actor, slug)
    return project, read_review_record(project, number)


def get_review_to_answer(slug: str, number: int) -> tuple[Project, ReviewWithAnswers]:
    """The same for somebody who writes in the project."""
    project = get_writable_project(slug)
    return project, read_review_record(project, number)


def read_review_record(project: Project, number: int) -> ReviewWithAnswers:
    """The record as it is read; a command opens its own."""
    key = "review record", project.id, number, rights_key(actor, project)
    return cache_until_change(actor, key, lambda: queries.get_review_with_answers(actor, project, number))


def build_review_trail(project: Project, number: int | None = None, *more_steps: TrailStep) -> Trail:
    """Breadcrumbs: the project, its reviews, one of them, and more steps."""
    steps: list[TrailStep] = [(_("Revues éthiques"), url_for("reviews.index", slug=project.slug))]
    if number is not None:
        steps.append((_("Revue %(n)s", n=number), row_path_by_number(project, Review, number)))
    return build_trail(project, *steps, *more_steps)


def show_review_form(
    template: str, project: Project, record: ReviewWithAnswers, form: Form, status: int = 200, **context: Any
) -> Response:
    """A page with a form about a review, in the block `form` of a template."""
    return render(
        template,
        fragment="form",
        status=status,
        project=project,
        record=record,
        review=record.review,
        form=form,
        trail=build_review_trail(project, record.review.number),
        labels=labels,
        **context,
    )


def collect_permissions(project: Project, review: Review) -> dict[str, Any]:
    """The actor's permissions on a review, as template variables."""
    return {
        "can_answer": policy.can_answer(actor, project, review),
        "can_submit": policy.can_submit(actor, project, review),
        "can_withdraw": policy.can_withdraw(actor, project, review),
        "can_discard": policy.can_discard(actor, project, review),
        "can_choose": policy.can_choose_reviewer(actor, project, review),
        "can_take": policy.can_take(actor, project, review),
        "can_review": policy.can_review(actor, project, review),
        "can_reopen": policy.can_reopen(actor, project, review),
        "is_reviewer": policy.is_reviewer(actor, project, review),
    }


def show_review(slug: str, number: int, status: int = 200, form: Form | None = None) -> Response:
    """The page of a review; `form` is a refused form of one of its buttons."""
    project = get_project(actor, slug)
    key = "review", project.id, number, actor.person_id, rights_key(actor, project)
    facts = cache_page_facts(actor, key, lambda: _read_page_context(project, number))
    review: Review = facts.values["review"]
    return render(
        "ethics/reviews/page.html",
        fragment="discussion",
        status=status,
        form=form,
        facts=facts,
        **facts.values,
        **attachments_context(project, review),
        **discussion_context(review.discussion_id),
    )


def _read_page_context(project: Project, number: int) -> dict[str, Any]:
    """What the page shows to the actor, but files and discussion."""
    record = queries.get_review_with_answers(actor, project, number)
    review = record.review
    rounds = round_queries.list_rounds(actor, project, review)
    conditions = round_queries.list_conditions(actor, project, review)
    reviewer = queries.find_reviewer(review)
    named = [] if reviewer else reviewer_queries.list_reviewer_names(project)
    lines = list_review_lines(actor, project, review)
    has_news = any(line.is_missing for line in lines)
    return {
        "project": project,
        "record": record,
        "review": review,
        "section_statuses": list_section_statuses(record),
        "rounds": rounds,
        "conditions": conditions,
        "reviewer": reviewer,
        "duty_links": list_duty_links_by_key(project, record),
        "newer": find_newer_edition(record) if review.is_with_team else None,
        "lines": lines,
        "names": _name_people(record, rounds),
        "next_step": next_step_labels.describe_next_step(
            record,
            reviewer,
            conditions,
            named,
            has_news=has_news,
            is_reviewer=policy.is_reviewer(actor, project, review),
            may_submit=policy.can_submit(actor, project, review),
            may_choose=policy.can_choose_reviewer(actor, project, review),
        ),
        "named_reviewers": named,
        "asked_items": list_asked_items(record),
        "is_asked_more": next_step_labels.is_more_requested(record),
        "labels": labels,
        "place": {"slug": project.slug, "number": number},
        **collect_permissions(project, review),
    }


@dataclass(frozen=True)
class DutyLink:
    """Where a duty is done, and whether it is."""

    url: str
    is_done: bool = False


def list_duty_links_by_key(project: Project, record: ReviewWithAnswers) -> Mapping[str, DutyLink]:
    """Where the duties that follow from a review are done, by key; those that the portal knows."""
    duties = {duty.key for duty in record.conclusion.duties}
    kinds = {key: kind for key, kind in labels.DUTY_KINDS.items() if key in duties}
    links = {"mitigations": DutyLink(url_for("risks.index", slug=project.slug))}
    last = queries.list_last_reviews_by_kind(project, kinds.values()) if kinds else {}
    for key, kind in kinds.items():
        if review := last.get(kind):
            url = url_for("reviews.page", slug=project.slug, number=review.number)
            links[key] = DutyLink(
                url, review.state in (ReviewState.ACCEPTED, ReviewState.ACCEPTED_WITH_CONDITIONS)
            )
        elif policy.can_open(actor, project):
            links[key] = DutyLink(url_for("review_desk.open_one", slug=project.slug, kind=kind))
    return links


def _name_people(record: ReviewWithAnswers, rounds: Sequence[ReviewRoundWithOpinions]) -> Mapping[UUID, str]:
    people: set[UUID | None] = {record.review.opened_by_id, record.review.reviewer_id}
    for details in rounds:
        people |= {details.round.begun_by_id, details.round.submitted_by_id}
    return read_person_names(people)


@dataclass(frozen=True)
class ReviewLinesSource(Contribution):
    """Lines about one review of a project, or about all of them."""

    list_lines: Callable[[Actor, Project, Review | None], Sequence[SectionLine]]


def list_review_lines(actor: Actor, project: Project, review: Review | None = None) -> Sequence[SectionLine]:
    """All lines, of one review or of all, in the order of the features."""
    sources = list_contributions(ReviewLinesSource)
    return [line for source in sources for line in source.list_lines(actor, project, review)]
