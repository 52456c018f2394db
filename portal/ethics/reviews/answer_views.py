"""Answering: a section on a page, saved a question at a time; a question with all beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.collaboration.files.queries import count_files_by_subject
from portal.ethics.questionnaires.definition_rules import QuestionnaireItem, QuestionnaireSection
from portal.ethics.questionnaires.visibility_rules import is_visible, list_visible_items
from portal.ethics.reviews import answer_commands as commands
from portal.ethics.reviews import labels, policy, queries, round_queries
from portal.ethics.reviews.answer_forms import AnswersForm, fill_form, question_form, section_form
from portal.ethics.reviews.forms import OpinionForm
from portal.ethics.reviews.models import ReviewAnswer
from portal.ethics.reviews.page_views import list_section_statuses, open_record
from portal.ethics.reviews.queries import ReviewRecord
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.rendering import redirect_to, redirect_to_path, render, wants_fragment
from portal.project.projects.models import Project
from portal.project.projects.revision_queries import AuditRevision, list_revisions
from portal.project.projects.workspace_views import attachments_context, get_writable_project

bp = Blueprint("review_questions", __name__, url_prefix="/projects/<slug>/reviews")
REVIEW_PATH = "/<int(max=9999):number>"


@bp.route(f"{REVIEW_PATH}/sections/<section>", methods=["GET", "POST"])
def section(slug: str, number: int, section: str) -> Response:
    """Its questions: to answer where this reader may now, to read otherwise."""
    is_safe_request = request.method in SAFE_METHODS
    project, record = (
        _open_to_answer(slug, number) if not is_safe_request else open_record(slug, number)
    )
    section_definition = record.definition.section(section)
    if section_definition is None:
        raise NotFound
    kind = section_form(record.edition.fingerprint, section_definition)
    form = fill_form(kind, record.rows) if is_safe_request else kind()
    if is_safe_request:
        return _show_section(project, record, section_definition, _FormState(form))
    attempt = _SaveAttempt(project, record, form)
    before = _visible_keys(record, section_definition)

    def again(status: int) -> Response:
        current_record = attempt.reload()
        return _show_section(
            project,
            current_record,
            section_definition,
            _FormState(form, status, attempt.compare_texts()),
        )

    def on_success(_changed: Any) -> Response:
        flash(_("« %(section)s » est enregistrée.", section=section_definition.title))
        now = queries.reload_record(record.review)
        following = _find_next_section(now, section_definition)
        asks_more = not before >= _visible_keys(now, section_definition)
        if following is None or asks_more or request.form.get("then") != "next":
            return redirect_to(".section", slug=slug, number=number, section=section)
        return redirect_to(".section", slug=slug, number=number, section=following.key)

    return submit(form, attempt.act, on_success, again)


@bp.route(f"{REVIEW_PATH}/questions/<item>", methods=["GET", "POST"])
def page(slug: str, number: int, item: str) -> Response:
    """One question: its answer, who gave it, what shows it, what is said of it."""
    is_safe_request = request.method in SAFE_METHODS
    project, record = (
        _open_to_answer(slug, number) if not is_safe_request else open_record(slug, number)
    )
    question, row = record.definition.item(item), record.rows.get(item)
    if row is None:
        raise NotFound
    if question is None:  # of an earlier edition: what was said of it stays
        if not is_safe_request:
            raise NotFound
        return _show_removed_question(project, record, row)
    kind = question_form(record.edition.fingerprint, question)
    if is_safe_request:
        return _show_question(project, record, question, _FormState(fill_form(kind, record.rows)))
    form = kind()
    attempt = _SaveAttempt(project, record, form)
    before = _visible_keys(record, record.definition.section_of(question))

    def again(status: int) -> Response:
        current_record = attempt.reload()
        return _show_question(
            project, current_record, question, _FormState(form, status, attempt.compare_texts())
        )

    def on_success(_changed: Any) -> Response:
        if not wants_fragment():
            flash(_("Réponse enregistrée."))
            return redirect_to_path(url_for(".page", slug=slug, number=number, item=item))
        now = queries.reload_record(record.review)
        return _show_saved_answer(project, now, question, before)

    return submit(form, attempt.act, on_success, again)


@dataclass(frozen=True)
class _FormState:
    """A form as it is shown: with the status of the answer and, by question, two texts."""

    form: AnswersForm
    status: int = HTTPStatus.OK
    conflict_texts: Mapping[str, Any] = field(default_factory=dict)


class _SaveAttempt:
    """A save that may come too late for some questions: what is kept of them then."""

    def __init__(self, project: Project, record: ReviewRecord, form: AnswersForm) -> None:
        self.project = project
        self.record = record
        self.form = form
        self.stale: tuple[str, ...] = ()

    def act(self, _values: Mapping[str, Any]) -> Any:
        try:
            answer_inputs = self.form.read_answers()
            return commands.save_answers(actor, self.project, self.record.review, answer_inputs)
        except commands.StaleAnswers as stale:
            self.stale = tuple(stale.items)
            raise

    def reload(self) -> ReviewRecord:
        """As it is now, after what was refused was undone."""
        number = self.record.review.number
        self.record = queries.get_record(actor, self.project, number)
        return self.record

    def compare_texts(self) -> Mapping[str, Any]:
        """By question, both texts; the next save is a knowing one."""
        rows = {key: self.record.rows[key] for key in self.stale}
        both = {
            item.key: self.form.compare_texts(item, rows[item.key])
            for item in self.form.items
            if item.key in rows
        }
        self.form.refresh_etags(rows)
        if both:  # said in words of its own, with the way to each
            self.form.form_errors = []
        return both


def _open_to_answer(slug: str, number: int) -> tuple[Project, ReviewRecord]:
    project = get_writable_project(slug)
    return project, queries.get_record(actor, project, number)


def _item_keys(items: Any) -> list[str]:
    return [item.key for item in items]


def _find_next_section(
    record: ReviewRecord, section: QuestionnaireSection
) -> QuestionnaireSection | None:
    """The next one that is asked and that this round lets the team answer."""
    parts = [part.section for part in list_section_statuses(record) if part.is_open]
    order = list(record.definition.sections)
    after = [candidate for candidate in parts if order.index(candidate) > order.index(section)]
    return after[0] if after else None


def _row_context(project: Project, record: ReviewRecord, items: Any) -> dict[str, Any]:
    """What is shown with each question: who answered, how many files and comments."""
    rows = [record.rows[item.key] for item in items if item.key in record.rows]
    return {
        "project": project,
        "held": record,
        "review": record.review,
        "names": queries.get_person_names(record),
        "remarks": queries.count_remarks(rows),
        "files": count_files_by_subject(ReviewAnswer.__tablename__, [row.id for row in rows]),
        "parts": list_section_statuses(record),
        "words": labels,
    }


def _show_section(
    project: Project, record: ReviewRecord, section: QuestionnaireSection, form_state: _FormState
) -> Response:
    review = record.review
    may_answer = policy.can_answer(actor, project, review)
    can_review = policy.can_review(actor, project, review)
    opinion = round_queries.find_opinion(actor, project, review, section.key)
    return render(
        "ethics/reviews/section.html",
        fragment="questions",
        status=form_state.status,
        section=section,
        form=form_state.form,
        both=form_state.conflict_texts,
        asked=set(_item_keys(list_visible_items(record.definition, section, record.answers))),
        is_open=may_answer
        and (section.key in record.open_sections or form_state.status != HTTPStatus.OK),
        is_closed=may_answer and section.key not in record.open_sections,
        following=_find_next_section(record, section),
        opinion=opinion,
        opinion_form=_opinion_form(record, opinion) if can_review else None,
        **_row_context(project, record, section.items),
    )


def _opinion_form(record: ReviewRecord, opinion: round_queries.LastOpinion | None) -> OpinionForm:
    """What the reviewer wrote in this round, to go on from."""
    is_now = opinion is not None and opinion.round == record.review.round
    row = opinion.row if is_now and opinion is not None else None
    if row is None:
        return OpinionForm(formdata=None, data={"version": 0})
    return OpinionForm(formdata=None, obj=row)


def _show_question(
    project: Project, record: ReviewRecord, item: QuestionnaireItem, form_state: _FormState
) -> Response:
    of, row = record.definition, record.rows[item.key]
    section = of.section_of(item)
    may_answer = policy.can_answer(actor, project, record.review)
    fragment = "discussion" if form_state.status == HTTPStatus.OK else "saved"
    return render(
        "ethics/reviews/question.html",
        fragment=fragment,
        status=form_state.status,
        item=item,
        section=section,
        row=row,
        form=form_state.form,
        both=form_state.conflict_texts,
        asked=is_visible(of, item, record.answers),
        is_open=may_answer and section.key in record.open_sections,
        swapped=(),
        saves=_list_saves(record, item),
        **_row_context(project, record, [item]),
        **attachments_context(project, row, record.review.number),
        **discussion_context(row.discussion_id),
    )


def _list_saves(record: ReviewRecord, item: QuestionnaireItem) -> Sequence[AuditRevision]:
    """Who answered a question, and when: what was said then is not kept."""
    revisions = list_revisions(
        [record.review.id], [action.code for action in commands.SAVE_ACTIONS]
    )
    return [revision for revision in revisions if item.key in revision.facts["items"]]


def _show_removed_question(project: Project, record: ReviewRecord, row: ReviewAnswer) -> Response:
    return render(
        "ethics/reviews/gone.html",
        fragment="discussion",
        project=project,
        review=record.review,
        row=row,
        **attachments_context(project, row, record.review.number),
        **discussion_context(row.discussion_id),
    )


def _visible_keys(record: ReviewRecord, section: QuestionnaireSection) -> frozenset[str]:
    return frozenset(_item_keys(list_visible_items(record.definition, section, record.answers)))


def _show_saved_answer(
    project: Project, record: ReviewRecord, item: QuestionnaireItem, before: frozenset[str]
) -> Response:
    """What htmx swaps once an answer is kept: its state, what is asked now, how far one is."""
    section = record.definition.section_of(item)
    now = _visible_keys(record, section)
    swapped = [
        other_item
        for other_item in section.items
        if (other_item.key in now) is not (other_item.key in before)
    ]
    drawn_items = [item, *swapped]
    form = fill_form(section_form(record.edition.fingerprint, section), record.rows)
    return render(
        "ethics/reviews/question.html",
        fragment="saved",
        item=item,
        section=section,
        row=record.rows[item.key],
        form=form,
        both={},
        asked=now,
        is_open=True,
        swapped=swapped,
        **_row_context(project, record, drawn_items),
    )
