"""Pages that answer a section or a single question; htmx saves one question at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.collaboration.discussions.views import discussion_context
from portal.ethics.questionnaires.definition_rules import QuestionnaireItem, QuestionnaireSection
from portal.ethics.questionnaires.visibility_rules import is_item_visible, list_visible_items
from portal.ethics.reviews import answer_commands as commands
from portal.ethics.reviews import answer_forms, labels, page_views, policy, queries, round_queries
from portal.ethics.reviews.answer_forms import AnswersForm
from portal.ethics.reviews.conflict_labels import describe_conflicts
from portal.ethics.reviews.forms import OpinionForm
from portal.ethics.reviews.models import ReviewAnswer
from portal.ethics.reviews.next_step_labels import describe_saved_answers
from portal.ethics.reviews.queries import ReviewWithAnswers
from portal.ethics.reviews.round_rules import question_path
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.rendering import redirect_to_path, render, wants_fragment
from portal.platform.web.writes import Message, flash_message, write
from portal.project.projects.models import Project
from portal.project.projects.policy import rights_key
from portal.project.projects.revision_queries import AuditRevision, list_revisions
from portal.project.projects.workspace_views import attachments_context, count_files_by_row

bp = Blueprint("review_questions", __name__, url_prefix="/projects/<slug>/reviews")
REVIEW_PATH = "/<int(max=9999):number>"


@bp.route(f"{REVIEW_PATH}/sections/<section>", methods=["GET", "POST"])
def section(slug: str, number: int, section: str) -> Response:
    """The questions of a section: a form for whoever may answer now, else read-only."""
    is_safe_request = request.method in SAFE_METHODS
    get = page_views.get_review_to_read if is_safe_request else page_views.get_review_to_answer
    project, record = get(slug, number)
    section_definition = record.definition.section(section)
    if section_definition is None:
        raise NotFound
    kind = answer_forms.section_form_class(record.edition.fingerprint, section_definition)
    form = answer_forms.make_filled_form(kind, record.rows) if is_safe_request else kind()
    if is_safe_request:
        return _show_section(project, record, section_definition, _FormToRender(form))
    attempt = _SaveAttempt(project, record, form)

    def find_next_page(_changed: Any) -> str:
        saved_record = queries.reload_review(record.review)
        following = page_views.find_next_section(saved_record, section_definition)
        added = form.list_added_items(saved_record, section_definition)
        stays = following is None or added or request.form.get("then") != "next"
        key = section if stays or following is None else following.key
        anchor = f"q-{added[0].key}" if added else None
        return url_for(".section", slug=slug, number=number, section=key, _anchor=anchor)

    def describe_save(_changed: Any) -> Message:
        saved_record = queries.reload_review(record.review)
        return describe_saved_answers(
            _("« %(section)s » est enregistrée.", section=section_definition.title),
            saved_record,
            section_definition.items,
            added=len(form.list_added_items(saved_record, section_definition)),
            section_path=request.path,
        )

    return write(
        form,
        attempt.save,
        message=describe_save,
        to=find_next_page,
        page=lambda status: _show_section(
            project, attempt.reload(), section_definition, attempt.form_to_render(status)
        ),
    )


@bp.route(f"{REVIEW_PATH}/questions/<item>", methods=["GET", "POST"])
def review_question(slug: str, number: int, item: str) -> Response:
    """One question with its answer, history, files and discussion."""
    is_safe_request = request.method in SAFE_METHODS
    get = page_views.get_review_to_read if is_safe_request else page_views.get_review_to_answer
    project, record = get(slug, number)
    question, row = record.definition.item(item), record.rows.get(item)
    if row is None:
        raise NotFound
    if question is None:  # removed by a later edition: its discussion stays readable
        if not is_safe_request:
            raise NotFound
        return _show_removed_question(project, record, row)
    kind = answer_forms.question_form_class(record.edition.fingerprint, question)
    if is_safe_request:
        form_state = _FormToRender(answer_forms.make_filled_form(kind, record.rows))
        return _show_question(project, record, question, form_state)
    form = kind()
    chosen_etag = request.form.get("mine", "")
    is_automatic = wants_fragment() and not chosen_etag and "stored" not in request.form
    if chosen_etag:
        form.choose_typed_answers(chosen_etag)
    attempt = _SaveAttempt(project, record, form, is_automatic=is_automatic)
    before = _visible_item_keys(record, record.definition.section_of(question))

    def on_success(_changed: Any) -> Response:
        if not wants_fragment():
            saved_record = queries.reload_review(record.review)
            flash_message(describe_saved_answers(_("Réponse enregistrée."), saved_record, [question]))
            return redirect_to_path(question_path(project, number, item))
        return _show_saved_answer(project, queries.reload_review(record.review), question, before)

    return submit(
        form,
        attempt.save,
        on_success,
        lambda status: _show_question(project, attempt.reload(), question, attempt.form_to_render(status)),
    )


@dataclass(frozen=True)
class _FormToRender:
    """A form to render, the status of the response, and the conflicting texts by item key."""

    form: AnswersForm
    status: int = HTTPStatus.OK
    conflict_texts: Mapping[str, Any] = field(default_factory=dict)


class _SaveAttempt:
    """Saves a form; after a conflict, it reloads the answers and compares the texts."""

    def __init__(
        self, project: Project, record: ReviewWithAnswers, form: AnswersForm, *, is_automatic: bool = False
    ) -> None:
        self.project = project
        self.record = record
        self.form = form
        self.is_automatic = is_automatic
        self.stale: tuple[str, ...] = ()

    def save(self, _values: Mapping[str, Any]) -> Any:
        """Raises as `save_answers` does, and remembers which answers are stale."""
        try:
            chosen_key = request.form.get("stored", "")
            answer_inputs = self.form.read_answers(but=chosen_key, is_automatic=self.is_automatic)
            return commands.save_answers(actor, self.project, self.record.review, answer_inputs)
        except commands.StaleAnswersConflict as stale:
            self.stale = tuple(stale.items)
            raise

    def reload(self) -> ReviewWithAnswers:
        """Reload the review after the rollback of a refused save."""
        number = self.record.review.number
        self.record = queries.get_review_with_answers(actor, self.project, number)
        return self.record

    def form_to_render(self, status: int) -> _FormToRender:
        """The refused form with the conflicting texts; a button chooses between them."""
        rows = {key: self.record.rows[key] for key in self.stale}
        conflict_texts = {
            item.key: self.form.compare_texts(item, rows[item.key])
            for item in self.form.items
            if item.key in rows
        }
        names = queries.read_review_person_names(self.record) if rows else {}
        self.form.conflict_sentences = describe_conflicts(rows, names, actor.person_id)
        self.form.set_etags_to_choose(rows, is_automatic=wants_fragment())
        if conflict_texts:  # the page shows its own message, with links to each
            self.form.form_errors = []
        return _FormToRender(self.form, status, conflict_texts)


def _build_question_context(project: Project, record: ReviewWithAnswers, items: Any) -> dict[str, Any]:
    """Context of the question templates: names, and numbers of files and comments."""
    rows = [record.rows[item.key] for item in items if item.key in record.rows]
    key = "answers", record.review.id, tuple(row.id for row in rows), rights_key(actor, project)
    return {
        "project": project,
        "record": record,
        "review": record.review,
        "labels": labels,
        **cache_until_change(actor, key, lambda: _read_counts(project, record, rows)),
    }


def _read_counts(project: Project, record: ReviewWithAnswers, rows: Sequence[ReviewAnswer]) -> dict[str, Any]:
    return {
        "names": queries.read_review_person_names(record),
        "remarks": queries.count_remarks_by_discussion(rows),
        "files": count_files_by_row(rows),
        "section_statuses": page_views.list_section_statuses(record),
        "asked_items": page_views.list_asked_items(record),
        "duty_links": page_views.list_duty_links_by_key(project, record),
    }


def _show_section(
    project: Project, record: ReviewWithAnswers, section: QuestionnaireSection, form_state: _FormToRender
) -> Response:
    review = record.review
    may_answer = policy.can_answer(actor, project, review)
    opinion = round_queries.find_last_opinion(actor, project, review, section.key)
    return render(
        "ethics/reviews/section.html",
        fragment="questions",
        status=form_state.status,
        section=section,
        form=form_state.form,
        conflict_texts=form_state.conflict_texts,
        visible_keys=_visible_item_keys(record, section),
        is_open=may_answer and (section.key in record.open_sections or form_state.status != HTTPStatus.OK),
        is_closed=may_answer and section.key not in record.open_sections,
        following=page_views.find_next_section(record, section),
        can_attach=may_answer,
        opinion=opinion,
        opinion_form=policy.can_review(actor, project, review) and _make_opinion_form(record, opinion),
        **_build_question_context(project, record, section.items),
    )


def _make_opinion_form(record: ReviewWithAnswers, opinion: round_queries.LastOpinion | None) -> OpinionForm:
    """The form with the reviewer's opinion of this round, if any."""
    is_now = opinion is not None and opinion.round == record.review.round
    return OpinionForm.filled(opinion.row if is_now and opinion is not None else None)


def _show_question(
    project: Project, record: ReviewWithAnswers, item: QuestionnaireItem, form_state: _FormToRender
) -> Response:
    row, section = record.rows[item.key], record.definition.section_of(item)
    may_answer = policy.can_answer(actor, project, record.review)
    return render(
        "ethics/reviews/question.html",
        fragment="discussion" if form_state.status == HTTPStatus.OK else "saved",
        status=form_state.status,
        item=item,
        section=section,
        row=row,
        form=form_state.form,
        conflict_texts=form_state.conflict_texts,
        is_visible=is_item_visible(record.definition, item, record.answers),
        is_open=may_answer and section.key in record.open_sections,
        toggled_items=(),
        is_replaced=False,
        saves=cache_until_change(actor, ("saves", row.id), lambda: _list_answer_saves(record, item)),
        **_build_question_context(project, record, [item]),
        **attachments_context(project, row, record.review.number),
        **discussion_context(row.discussion_id),
    )


def _list_answer_saves(record: ReviewWithAnswers, item: QuestionnaireItem) -> Sequence[AuditRevision]:
    """Who saved an answer, and when; former answers are not stored."""
    revisions = list_revisions([record.review.id], [action.code for action in commands.SAVE_ACTIONS])
    return [revision for revision in revisions if item.key in revision.facts["items"]]


def _show_removed_question(project: Project, record: ReviewWithAnswers, row: ReviewAnswer) -> Response:
    return render(
        "ethics/reviews/removed_question.html",
        fragment="discussion",
        project=project,
        review=record.review,
        row=row,
        **attachments_context(project, row, record.review.number),
        **discussion_context(row.discussion_id),
    )


def _visible_item_keys(record: ReviewWithAnswers, section: QuestionnaireSection) -> frozenset[str]:
    return frozenset(item.key for item in list_visible_items(record.definition, section, record.answers))


def _show_saved_answer(
    project: Project, record: ReviewWithAnswers, item: QuestionnaireItem, before: frozenset[str]
) -> Response:
    """The fragment after a save: the question's state, toggled questions, the progress."""
    visible_keys = _visible_item_keys(record, section := record.definition.section_of(item))
    toggled_items = [other for other in section.items if other.key in before ^ visible_keys]
    kind = answer_forms.section_form_class(record.edition.fingerprint, section)
    return render(
        "ethics/reviews/question.html",
        fragment="saved",
        item=item,
        section=section,
        row=record.rows[item.key],
        form=answer_forms.make_filled_form(kind, record.rows),
        conflict_texts={},
        is_replaced=request.form.get("stored") == item.key,
        visible_keys=visible_keys,
        is_open=True,
        toggled_items=toggled_items,
        **_build_question_context(project, record, [item, *toggled_items]),
    )
