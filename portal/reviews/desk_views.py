"""The course of a review: opened, given away, given to a reviewer, taken, asked about, decided."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, request

from portal.kernel.access import require
from portal.kernel.engines import SAFE_METHODS
from portal.kernel.errors import NotFound
from portal.kernel.text import gettext as _
from portal.kernel.text import ngettext
from portal.projects.models import Project
from portal.projects.queries import get_of_pool, get_project
from portal.projects.teamwork import require_under_way
from portal.questionnaires.queries import get_questionnaire, list_offered
from portal.reviews import commands, pen, policy, queries, reviewer_commands, round_queries, words
from portal.reviews.forms import (
    ActForm,
    DecideForm,
    MoreForm,
    OpenForm,
    OpinionForm,
    ReopenForm,
    ReviewerForm,
)
from portal.reviews.models import Review
from portal.reviews.workplace import (
    open_held,
    open_review,
    parts_of,
    path_of,
    show_review,
    trail_of,
)
from portal.risks.listing import list_unguarded
from portal.web.actor import current_actor as actor
from portal.web.formpage import FormPage, ask, fresh
from portal.web.forms import Form, submit
from portal.web.render import render, see_path

bp = Blueprint("review_desk", __name__, url_prefix="/projects/<slug>/reviews")
ONE = "/<int(max=9999):number>"


@bp.route("/new", methods=["GET", "POST"])
def open_one(slug: str) -> Response:
    project = get_project(actor, slug)
    require(policy.may_open(actor, project), commands.only_who_opens())
    if request.method in SAFE_METHODS:
        require_under_way(project)
    offered = list_offered()
    asked = request.args.get("kind", "")
    form = fresh(OpenForm, offered, kind=asked if asked in {one.key for one in offered} else None)
    page = FormPage(
        title=_("Ouvrir une revue éthique"),
        trail=trail_of(project),
        step=_("Ouvrir"),
        yes=_("Ouvrir la revue"),
        advice=(
            _("La revue de cadrage vient avant de bâtir, celle d’exposition avant d’élargir."),
            _("L’équipe répond à plusieurs, sur plusieurs semaines ; rien ne se perd."),
            _("Une seconde revue du même questionnaire reprend les réponses de la première."),
        ),
    )

    def act(values: dict[str, Any]) -> Review:
        return commands.open_review(actor, project, get_questionnaire(values["kind"]))

    def done(review: Review) -> tuple[str, str]:
        said = _("Revue %(n)s ouverte. L’équipe peut répondre.", n=review.number)
        return said, path_of(project, review.number)

    return ask(page, form, act, done)


@bp.route(f"{ONE}/submit", methods=["GET", "POST"])
def submit_one(slug: str, number: int) -> Response:
    """What is missing, each with the way there; or the last word before it is given away."""
    project, held = open_held(slug, number)
    require(policy.may_submit(actor, project), commands.only_who_carries())
    if request.method in SAFE_METHODS and not policy.can_submit(actor, project, held.review):
        return see_path(path_of(project, number))
    form = fresh(ActForm)

    def again(status: int = 200) -> Response:
        return render(
            "reviews/submit.html",
            fragment="form",
            status=status,
            project=project,
            held=held,
            review=held.review,
            form=form,
            trail=trail_of(project, number),
            words=words,
        )

    def done(_made: None) -> Response:
        flash(_("Revue soumise. Ses réponses sont figées jusqu’à ce qu’on vous la rende."))
        return see_path(path_of(project, number))

    def act(_values: dict[str, Any]) -> None:
        commands.submit(actor, project, held.review)

    return again() if request.method in SAFE_METHODS else submit(form, act, done, again)


@bp.route(f"{ONE}/reviewer", methods=["GET", "POST"])
def choose(slug: str, number: int) -> Response:
    """Among the programme's reviewers; who is involved in the project is named, and not offered."""
    project, review = open_review(slug, number)
    require(policy.may_choose(actor, project), commands.only_who_leads())
    found = queries.list_candidates(project)
    people = [(one.person.id, _called(one)) for one in found]
    form = fresh(ReviewerForm, people, person=review.reviewer_id)
    page = FormPage(
        title=_("Choisir qui relit la revue %(n)s", n=number),
        lead="" if people else _("Le programme n’a pas encore de relecteur : invitez-en un."),
        trail=trail_of(project, number),
        step=_("Relecteur"),
        yes=_("Confier la revue"),
        advice=(
            _("Un relecteur n’est ni de l’équipe, ni coach du projet : le portail y veille."),
            _("Il lira tout le projet, commentera, et décidera en son nom."),
        ),
    )

    def act(values: dict[str, Any]) -> None:
        person = get_of_pool(project, policy.REVIEWER, UUID(values["person"]))
        commands.choose_reviewer(actor, project, review, person)

    return ask(page, form, act, _("La revue est confiée."))


def _called(one: queries.Candidate) -> str:
    if one.is_involved:
        return _("%(name)s (de l’équipe ou coach : ne peut pas)", name=one.person.name)
    waiting = ngettext("%(num)s revue l’attend", "%(num)s revues l’attendent", one.under_way)
    return _("%(name)s (%(waiting)s)", name=one.person.name, waiting=waiting)


@bp.post(f"{ONE}/take")
def take(slug: str, number: int) -> Response:
    project, review = open_review(slug, number)
    pen.require_reviewer(actor, project, review)
    said = _("Vous relisez la revue %(n)s. Écrivez votre avis section par section.", n=number)
    return _act(project, number, said, lambda: reviewer_commands.take(actor, project, review))


def _act(project: Project, number: int, said: str, deed: Callable[[], None]) -> Response:
    """One click; back to the review."""
    form = ActForm()

    def done(_made: None) -> Response:
        flash(said)
        return see_path(path_of(project, number))

    def again(status: int) -> Response:
        return show_review(project.slug, number, status, form)

    return submit(form, lambda _values: deed(), done, again)


@bp.route(f"{ONE}/sections/<section>/opinion", methods=["GET", "POST"])
def opine(slug: str, number: int, section: str) -> Response:
    """The reviewer's reasons for a section, and whether something lacks."""
    project, held = open_held(slug, number)
    asked = held.definition.section(section)
    pen.require_reviewer(actor, project, held.review)
    if asked is None:
        raise NotFound
    row = round_queries.list_opinions(held.round).get(section)
    form = OpinionForm() if request.method == "POST" else _opinion(row)
    here = (str(asked.title), f"{path_of(project, number)}/sections/{section}")
    page = FormPage(
        title=_("Mon avis : %(section)s", section=asked.title),
        trail=trail_of(project, number, here),
        step=_("Avis"),
    )

    def act(values: dict[str, Any]) -> None:
        reviewer_commands.write_opinion(
            actor,
            project,
            held.review,
            section,
            reasons=values["reasons"],
            lacks=values["lacks"],
            seen=values["version"],
        )

    return ask(page, form, act, _("Avis enregistré."), stored=row)


def _opinion(row: Any) -> OpinionForm:
    if row is None:
        return OpinionForm(formdata=None, data={"version": 0})
    return OpinionForm(formdata=None, obj=row)


@bp.route(f"{ONE}/more", methods=["GET", "POST"])
def ask_more(slug: str, number: int) -> Response:
    project, held = open_held(slug, number)
    pen.require_reviewer(actor, project, held.review)
    opinions = round_queries.list_opinions(held.round)
    lacking = words.titles(held.definition, [key for key, one in opinions.items() if one.lacks])
    named = lacking or _("la revue entière : aucune section n’est marquée « à compléter »")
    page = FormPage(
        title=_("Demander des compléments"),
        lead=_("Rendue à l’équipe : %(sections)s.", sections=named),
        trail=trail_of(project, number),
        step=_("Compléments"),
        yes=_("Rendre à l’équipe"),
        advice=(_("L’équipe lira vos avis de chaque section, et ne rouvrira que celles-ci."),),
    )
    form = fresh(MoreForm)

    def act(values: dict[str, Any]) -> None:
        reviewer_commands.ask_more(actor, project, held.review, values["because"])

    return ask(page, form, act, _("La revue est rendue à l’équipe."))


@bp.route(f"{ONE}/decide", methods=["GET", "POST"])
def decide(slug: str, number: int) -> Response:
    """Signed in the reviewer's name, with the conditions that were written."""
    project, held = open_held(slug, number)
    pen.require_reviewer(actor, project, held.review)
    if request.method in SAFE_METHODS and not policy.can_review(actor, project, held.review):
        return see_path(path_of(project, number))
    form = fresh(DecideForm)

    def again(status: int = 200) -> Response:
        return render(
            "reviews/decide.html",
            fragment="form",
            status=status,
            project=project,
            held=held,
            review=held.review,
            form=form,
            parts=parts_of(held),
            drafts=round_queries.list_drafts(held.review),
            opinions=round_queries.list_opinions(held.round),
            unguarded=list_unguarded(actor, project),
            trail=trail_of(project, number),
            words=words,
        )

    def act(values: dict[str, Any]) -> None:
        chosen, reasons = values["outcome"], values["reasons"]
        reviewer_commands.decide(actor, project, held.review, chosen, reasons)

    def done(_made: None) -> Response:
        flash(_("Décision signée, en votre nom. Elle ne change plus."))
        return see_path(path_of(project, number))

    return again() if request.method in SAFE_METHODS else submit(form, act, done, again)


@bp.route(f"{ONE}/reopen", methods=["GET", "POST"])
def reopen(slug: str, number: int) -> Response:
    project, held = open_held(slug, number)
    require(policy.may_reopen(actor, project, held.review), commands.only_who_reopens())
    sections = [(one.key, str(one.title)) for one in held.definition.sections]
    form: Form = fresh(ReopenForm, sections)
    page = FormPage(
        title=_("Rouvrir la revue %(n)s", n=number),
        lead=_("La décision signée reste ; une autre la suivra."),
        trail=trail_of(project, number),
        step=_("Rouvrir"),
        yes=_("Rouvrir"),
    )

    def act(values: dict[str, Any]) -> None:
        chosen = values["sections"] or []
        commands.reopen(actor, project, held.review, chosen, values["because"])

    return ask(page, form, act, _("La revue est rouverte : l’équipe reprend la main."))
