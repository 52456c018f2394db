"""Answering: a section on a page, saved a question at a time; a question with all beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.discussions.views import beside
from portal.files.queries import count_of_each
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.errors import NotFound
from portal.kernel.text import gettext as _
from portal.projects.models import Project
from portal.projects.revisions import Revision, list_revisions
from portal.projects.workplace import files_of, open_to_write
from portal.questionnaires.definition import Item, Section
from portal.questionnaires.visibility import asked_in, is_asked
from portal.reviews import answer_commands as commands
from portal.reviews import policy, queries, round_queries, words
from portal.reviews.answer_forms import AnswersForm, filled, question_form, section_form
from portal.reviews.forms import OpinionForm
from portal.reviews.models import ReviewAnswer
from portal.reviews.queries import Held
from portal.reviews.workplace import open_held, parts_of
from portal.web.actor import current_actor as actor
from portal.web.forms import submit
from portal.web.render import render, see, see_path, wants_fragment

bp = Blueprint("review_questions", __name__, url_prefix="/projects/<slug>/reviews")
ONE = "/<int(max=9999):number>"


@bp.route(f"{ONE}/sections/<section>", methods=["GET", "POST"])
def section(slug: str, number: int, section: str) -> Response:
    """Its questions: to answer where this reader may now, to read otherwise."""
    is_asked_for = request.method in SAFE_METHODS
    project, held = _to_write(slug, number) if not is_asked_for else open_held(slug, number)
    asked = held.definition.section(section)
    if asked is None:
        raise NotFound
    kind = section_form(held.edition.fingerprint, asked)
    form = filled(kind, held.rows) if is_asked_for else kind()
    if is_asked_for:
        return _show_section(project, held, asked, _Given(form))
    attempt = _Attempt(project, held, form)
    before = _asked_around(held, asked)

    def again(status: int) -> Response:
        kept = attempt.as_kept()
        return _show_section(project, kept, asked, _Given(form, status, attempt.beside()))

    def done(_changed: Any) -> Response:
        flash(_("« %(section)s » est enregistrée.", section=asked.title))
        now = queries.hold(held.review)
        following = _following(now, asked)
        asks_more = not before >= _asked_around(now, asked)
        if following is None or asks_more or request.form.get("then") != "next":
            return see(".section", slug=slug, number=number, section=section)
        return see(".section", slug=slug, number=number, section=following.key)

    return submit(form, attempt.act, done, again)


@bp.route(f"{ONE}/questions/<item>", methods=["GET", "POST"])
def page(slug: str, number: int, item: str) -> Response:
    """One question: its answer, who gave it, what shows it, what is said of it."""
    is_asked_for = request.method in SAFE_METHODS
    project, held = _to_write(slug, number) if not is_asked_for else open_held(slug, number)
    asked, row = held.definition.item(item), held.rows.get(item)
    if row is None:
        raise NotFound
    if asked is None:  # of an earlier edition: what was said of it stays
        if not is_asked_for:
            raise NotFound
        return _show_gone(project, held, row)
    kind = question_form(held.edition.fingerprint, asked)
    if is_asked_for:
        return _show_question(project, held, asked, _Given(filled(kind, held.rows)))
    form = kind()
    attempt = _Attempt(project, held, form)
    before = _asked_around(held, held.definition.section_of(asked))

    def again(status: int) -> Response:
        kept = attempt.as_kept()
        return _show_question(project, kept, asked, _Given(form, status, attempt.beside()))

    def done(_changed: Any) -> Response:
        if not wants_fragment():
            flash(_("Réponse enregistrée."))
            return see_path(url_for(".page", slug=slug, number=number, item=item))
        now = queries.hold(held.review)
        return _saved(project, now, asked, before)

    return submit(form, attempt.act, done, again)


@dataclass(frozen=True)
class _Given:
    """A form as it is shown: with the status of the answer and, by question, two texts."""

    form: AnswersForm
    status: int = HTTPStatus.OK
    both: Mapping[str, Any] = field(default_factory=dict)


class _Attempt:
    """A save that may come too late for some questions: what is kept of them then."""

    def __init__(self, project: Project, held: Held, form: AnswersForm) -> None:
        self.project = project
        self.held = held
        self.form = form
        self.stale: tuple[str, ...] = ()

    def act(self, _values: Mapping[str, Any]) -> Any:
        try:
            said = self.form.said()
            return commands.answer(actor, self.project, self.held.review, said)
        except commands.Stale as stale:
            self.stale = tuple(stale.items)
            raise

    def as_kept(self) -> Held:
        """As it is now, after what was refused was undone."""
        number = self.held.review.number
        self.held = queries.read_review(actor, self.project, number)
        return self.held

    def beside(self) -> Mapping[str, Any]:
        """By question, both texts; the next save is a knowing one."""
        rows = {key: self.held.rows[key] for key in self.stale}
        both = {
            item.key: self.form.set_beside(item, rows[item.key])
            for item in self.form.asked
            if item.key in rows
        }
        self.form.mark(rows)
        if both:  # said in words of its own, with the way to each
            self.form.form_errors = []
        return both


def _to_write(slug: str, number: int) -> tuple[Project, Held]:
    project = open_to_write(slug)
    return project, queries.read_review(actor, project, number)


def _keys(items: Any) -> list[str]:
    return [item.key for item in items]


def _following(held: Held, section: Section) -> Section | None:
    """The next one that is asked and that this round lets the team answer."""
    parts = [one.section for one in parts_of(held) if one.is_open]
    order = list(held.definition.sections)
    after = [one for one in parts if order.index(one) > order.index(section)]
    return after[0] if after else None


def _beside_rows(project: Project, held: Held, items: Any) -> dict[str, Any]:
    """What is shown with each question: who answered, how many files and comments."""
    rows = [held.rows[item.key] for item in items if item.key in held.rows]
    return {
        "project": project,
        "held": held,
        "review": held.review,
        "names": queries.names_beside(held),
        "remarks": queries.count_remarks(rows),
        "files": count_of_each(ReviewAnswer.__tablename__, [row.id for row in rows]),
        "parts": parts_of(held),
        "words": words,
    }


def _show_section(project: Project, held: Held, section: Section, given: _Given) -> Response:
    review = held.review
    may_answer = policy.can_answer(actor, project, review)
    can_review = policy.can_review(actor, project, review)
    opinion = round_queries.find_opinion(actor, project, review, section.key)
    return render(
        "reviews/section.html",
        fragment="questions",
        status=given.status,
        section=section,
        form=given.form,
        both=given.both,
        asked=set(_keys(asked_in(held.definition, section, held.answers))),
        is_open=may_answer and (section.key in held.open_sections or given.status != HTTPStatus.OK),
        is_closed=may_answer and section.key not in held.open_sections,
        following=_following(held, section),
        opinion=opinion,
        opinion_form=_opinion_form(held, opinion) if can_review else None,
        **_beside_rows(project, held, section.items),
    )


def _opinion_form(held: Held, opinion: round_queries.Opinion | None) -> OpinionForm:
    """What the reviewer wrote in this round, to go on from."""
    is_now = opinion is not None and opinion.round == held.review.round
    row = opinion.row if is_now and opinion is not None else None
    if row is None:
        return OpinionForm(formdata=None, data={"version": 0})
    return OpinionForm(formdata=None, obj=row)


def _show_question(project: Project, held: Held, item: Item, given: _Given) -> Response:
    of, row = held.definition, held.rows[item.key]
    section = of.section_of(item)
    may_answer = policy.can_answer(actor, project, held.review)
    fragment = "discussion" if given.status == HTTPStatus.OK else "saved"
    return render(
        "reviews/question.html",
        fragment=fragment,
        status=given.status,
        item=item,
        section=section,
        row=row,
        form=given.form,
        both=given.both,
        asked=is_asked(of, item, held.answers),
        is_open=may_answer and section.key in held.open_sections,
        swapped=(),
        saves=_saves(held, item),
        **_beside_rows(project, held, [item]),
        **files_of(project, row, held.review.number),
        **beside(row.discussion_id),
    )


def _saves(held: Held, item: Item) -> Sequence[Revision]:
    """Who answered a question, and when: what was said then is not kept."""
    told = list_revisions([held.review.id], [one.code for one in commands.SAVES])
    return [one for one in told if item.key in one.facts["items"]]


def _show_gone(project: Project, held: Held, row: ReviewAnswer) -> Response:
    return render(
        "reviews/gone.html",
        fragment="discussion",
        project=project,
        review=held.review,
        row=row,
        **files_of(project, row, held.review.number),
        **beside(row.discussion_id),
    )


def _asked_around(held: Held, section: Section) -> frozenset[str]:
    return frozenset(_keys(asked_in(held.definition, section, held.answers)))


def _saved(project: Project, held: Held, item: Item, before: frozenset[str]) -> Response:
    """What htmx swaps once an answer is kept: its state, what is asked now, how far one is."""
    section = held.definition.section_of(item)
    now = _asked_around(held, section)
    swapped = [one for one in section.items if (one.key in now) is not (one.key in before)]
    shown = [item, *swapped]
    form = filled(section_form(held.edition.fingerprint, section), held.rows)
    return render(
        "reviews/question.html",
        fragment="saved",
        item=item,
        section=section,
        row=held.rows[item.key],
        form=form,
        both={},
        asked=now,
        is_open=True,
        swapped=swapped,
        **_beside_rows(project, held, shown),
    )
