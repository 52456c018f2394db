"""The workflow of a review: open, submit, assign a reviewer, take, request more, decide, reopen."""

from functools import partial
from uuid import UUID

from flask import Blueprint, Response, request

from portal.ethics.questionnaires.need_views import read_next_gate_needs
from portal.ethics.questionnaires.queries import get_questionnaire, list_latest_editions
from portal.ethics.reviews import (
    commands,
    labels,
    policy,
    queries,
    reviewer_commands,
    reviewer_queries,
    round_queries,
    shared_commands,
)
from portal.ethics.reviews.forms import (
    ChooseReviewerForm,
    OpenReviewForm,
    OpinionForm,
    ReopenReviewForm,
    RequestMoreForm,
    ReviewDecisionForm,
)
from portal.ethics.reviews.models import Review
from portal.ethics.reviews.next_step_labels import describe_reviews_under_way
from portal.ethics.reviews.opinion_rules import list_sections_without_opinion
from portal.ethics.reviews.page_views import (
    build_review_trail,
    find_next_section,
    get_project_and_review,
    get_review_to_read,
    list_section_statuses,
    show_review,
    show_review_form,
)
from portal.ethics.reviews.queries import ReviewWithAnswers
from portal.ethics.risks.register_queries import list_risks_without_assigned_mitigation
from portal.platform.kernel.access import require
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import redirect_to_path
from portal.platform.web.writes import ButtonForm, write, write_button, write_page
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path, row_path_by_number
from portal.project.projects.queries import get_programme_role_holder, get_project
from portal.project.projects.work_commands import require_project_active

bp = Blueprint("review_desk", __name__, url_prefix="/projects/<slug>/reviews")
REVIEW_PATH = "/<int(max=9999):number>"


@bp.route("/new", methods=["GET", "POST"])
def open_one(slug: str) -> Response:
    project = get_project(actor, slug)
    require(policy.may_open(actor, project), commands.WHO_OPENS)
    if request.method in SAFE_METHODS:
        require_project_active(project)
    offered = list_latest_editions()
    requested_kind = request.args.get("kind", "")
    last_reviews = queries.list_last_reviews_by_kind(project, [definition.key for definition in offered])
    under_way = {kind: review for kind, review in last_reviews.items() if not review.state.is_decided}
    if request.method in SAFE_METHODS:  # an older page is refused with its reason
        if requested_kind in under_way:
            return redirect_to_path(row_path(project, under_way[requested_kind]))
        offered = [definition for definition in offered if definition.key not in under_way]
    offered_kinds = {definition.key for definition in offered}
    asked_kinds = (
        [requested_kind] if requested_kind in offered_kinds else read_next_gate_needs(project).reviews
    )
    first_kinds = [kind for kind in asked_kinds if kind in offered_kinds]
    form: Form = make_form(ButtonForm)
    if offered:
        form = make_form(OpenReviewForm, offered, first_kinds, kind=next(iter(first_kinds), None))
    unfinished = describe_reviews_under_way(under_way.values())
    return write_page(
        FormPage(
            title=_("Ouvrir une revue éthique"),
            lead="" if offered else " ".join(unfinished),
            trail=build_review_trail(project),
            step=_("Ouvrir"),
            yes=_("Ouvrir la revue"),
            is_closed=not offered,
            advice=(
                _("La revue de cadrage vient avant de bâtir, celle d’exposition avant d’élargir."),
                _("L’équipe répond à plusieurs, sur plusieurs semaines ; rien ne se perd."),
                _("Une seconde revue du même questionnaire reprend les réponses de la première."),
                *(unfinished if offered else ()),
            ),
        ),
        form,
        lambda values: commands.open_review(actor, project, get_questionnaire(values["kind"])),
        message=lambda review: _("Revue %(n)s ouverte. L’équipe peut répondre.", n=review.number),
        to=lambda review: row_path(project, review),
    )


@bp.route(f"{REVIEW_PATH}/submit", methods=["GET", "POST"])
def submit_one(slug: str, number: int) -> Response:
    """The page links to each missing answer, or asks to confirm."""
    project, record = get_review_to_read(slug, number)
    require(policy.may_submit(actor, project), commands.WHO_SUBMITS)
    form = make_form(ButtonForm)
    show_page = partial(show_review_form, "ethics/reviews/submit.html", project, record, form)
    if request.method in SAFE_METHODS and not policy.can_submit(actor, project, record.review):
        return redirect_to_path(row_path_by_number(project, Review, number))
    return write(
        form,
        lambda _values: commands.submit_review(actor, project, record.review),
        message=_("Revue soumise. Ses réponses sont figées jusqu’à ce qu’on vous la rende."),
        to=row_path_by_number(project, Review, number),
        page=show_page,
    )


@bp.route(f"{REVIEW_PATH}/reviewer", methods=["GET", "POST"])
def choose_reviewer(slug: str, number: int) -> Response:
    """Offers the programme's reviewers; choosing one who is involved is refused."""
    project, review = get_project_and_review(slug, number)
    require(policy.may_choose_reviewer(actor, project), commands.WHO_ASSIGNS)
    candidates = reviewer_queries.list_reviewer_candidates(project)
    people = [(candidate.person.id, _label_candidate(candidate)) for candidate in candidates]
    form = make_form(ChooseReviewerForm, people, person=review.reviewer_id)
    instead_of = form.read_replaced_reviewer_id()
    form.remember_shown_reviewer(review.reviewer_id)
    return write_page(
        FormPage(
            title=_("Choisir le relecteur de la revue %(n)s", n=number),
            lead="" if people else _("Le programme n’a pas encore de relecteur : invitez-en un."),
            trail=build_review_trail(project, number),
            step=_("Relecteur"),
            yes=_("Confier la revue"),
            advice=(
                _("Un relecteur n’est ni de l’équipe, ni coach du projet : le portail y veille."),
                _("Il lira tout le projet, commentera, et décidera en son nom."),
            ),
        ),
        form,
        lambda values: commands.choose_reviewer(
            actor,
            project,
            review,
            get_programme_role_holder(project, policy.REVIEWER, UUID(values["person"])),
            instead_of=instead_of,
        ),
        message=_("La revue est confiée."),
    )


def _label_candidate(candidate: reviewer_queries.ReviewerCandidate) -> str:
    if candidate.is_involved:
        return _("%(name)s (de l’équipe ou coach : ne peut pas)", name=candidate.person.name)
    return labels.describe_reviewer_load(candidate.person.name, candidate.awaiting)


@bp.post(f"{REVIEW_PATH}/take")
def take(slug: str, number: int) -> Response:
    project, review = get_project_and_review(slug, number)
    shared_commands.require_reviewer(actor, project, review)
    return write_button(
        lambda: reviewer_commands.take_review(actor, project, review),
        message=_("Vous relisez la revue %(n)s. Écrivez votre avis section par section.", n=number),
        to=row_path(project, review),
        page=partial(show_review, slug, number),
    )


@bp.route(f"{REVIEW_PATH}/sections/<section>/opinion", methods=["GET", "POST"])
def write_opinion(slug: str, number: int, section: str) -> Response:
    project, record = get_review_to_read(slug, number)
    section_definition = record.definition.section(section)
    shared_commands.require_reviewer(actor, project, record.review)
    if section_definition is None:
        raise NotFound
    row = round_queries.list_opinions_by_section(record.round).get(section)
    form = OpinionForm() if request.method == "POST" else OpinionForm.filled(row)
    sections_path = f"{row_path_by_number(project, Review, number)}/sections"
    section_step = (str(section_definition.title), f"{sections_path}/{section}")
    following = form.then.data == "next" and find_next_section(record, section_definition)
    return write_page(
        FormPage(
            title=_("Mon avis : %(section)s", section=section_definition.title),
            trail=build_review_trail(project, number, section_step),
            step=_("Avis"),
        ),
        form,
        lambda values: reviewer_commands.write_opinion(
            actor,
            project,
            record.review,
            section,
            reasons=values["reasons"],
            lacks=values["lacks"],
            expected_version=values["version"],
        ),
        message=_("Votre avis sur « %(section)s » est enregistré.", section=section_definition.title),
        to=f"{sections_path}/{following.key}" if following else "",
        stored=row,
    )


@bp.route(f"{REVIEW_PATH}/more", methods=["GET", "POST"])
def request_more(slug: str, number: int) -> Response:
    project, record = get_review_to_read(slug, number)
    shared_commands.require_reviewer(actor, project, record.review)
    opinions = round_queries.list_opinions_by_section(record.round)
    lacking = labels.section_titles(
        record.definition, [key for key, opinion in opinions.items() if opinion.lacks]
    )
    lead = _("L’équipe rouvrira la revue entière, car aucune section n’est marquée « à compléter ».")
    if lacking:
        lead = _(
            "L’équipe ne rouvrira que ce que vous avez marqué « à compléter » : %(sections)s.",
            sections=lacking,
        )
    return write_page(
        FormPage(
            title=_("Demander des compléments"),
            lead=lead,
            trail=build_review_trail(project, number),
            step=_("Compléments"),
            yes=_("Rendre à l’équipe"),
        ),
        make_form(RequestMoreForm),
        lambda values: reviewer_commands.request_more(actor, project, record.review, values["because"]),
        message=_("La revue est rendue à l’équipe."),
    )


@bp.route(f"{REVIEW_PATH}/decide", methods=["GET", "POST"])
def decide(slug: str, number: int) -> Response:
    """Signs the decision with the drafted conditions."""
    project, record = get_review_to_read(slug, number)
    shared_commands.require_reviewer(actor, project, record.review)
    form = make_form(ReviewDecisionForm)
    show_page = partial(_render_decide_page, project, record, form)
    if request.method in SAFE_METHODS and not policy.can_review(actor, project, record.review):
        return redirect_to_path(row_path_by_number(project, Review, number))
    return write(
        form,
        lambda values: reviewer_commands.decide_review(
            actor, project, record.review, values["outcome"], values["reasons"]
        ),
        message=_("Décision signée, en votre nom. Elle ne change plus."),
        to=row_path_by_number(project, Review, number),
        page=show_page,
    )


def _render_decide_page(
    project: Project, record: ReviewWithAnswers, form: Form, status: int = 200
) -> Response:
    statuses, opinions = list_section_statuses(record), round_queries.list_opinions_by_section(record.round)
    sections = [status.section for status in statuses]
    return show_review_form(
        "ethics/reviews/decide.html",
        project,
        record,
        form,
        status,
        section_statuses=statuses,
        drafts=round_queries.list_drafted_conditions(record.review),
        opinions=opinions,
        without_opinion=list_sections_without_opinion(sections, record.round.sections, opinions),
        unguarded=list_risks_without_assigned_mitigation(actor, project),
    )


@bp.route(f"{REVIEW_PATH}/reopen", methods=["GET", "POST"])
def reopen(slug: str, number: int) -> Response:
    project, record = get_review_to_read(slug, number)
    require(policy.may_reopen(actor, project, record.review), commands.WHO_REOPENS)
    sections = [(section.key, str(section.title)) for section in record.definition.sections]
    form = make_form(ReopenReviewForm, sections)
    return write_page(
        FormPage(
            title=_("Rouvrir la revue %(n)s", n=number),
            lead=_("La décision signée reste ; une autre la suivra."),
            trail=build_review_trail(project, number),
            step=_("Rouvrir"),
            yes=_("Rouvrir"),
        ),
        form,
        lambda values: commands.reopen_review(
            actor, project, record.review, values["sections"] or [], values["because"]
        ),
        message=_("La revue est rouverte : l’équipe reprend la main."),
    )
