"""Pages: the public card of a project for its readers, forms of the programme's lead, its line."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.oversight.public_cards import commands, labels, policy, queries
from portal.oversight.public_cards.forms import FIELD_PAIRS, CardForm, HideCardForm, PublishCardForm
from portal.platform.kernel.access import Actor
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web import writes
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.platform.web.template_filters import day
from portal.project.projects.models import Project
from portal.project.projects.queries import get_programme_of, get_project
from portal.project.projects.section_queries import ProjectSection, SectionLine
from portal.project.projects.workspace_views import Trail, build_trail

bp = Blueprint("cards", __name__, url_prefix="/projects/<slug>/card")


@bp.get("")
def page(slug: str) -> Response:
    return _render_page(get_project(actor, slug))


def _render_page(project: Project, form: Form | None = None, status: int = 200) -> Response:
    card = queries.find_card(project)
    return render(
        "oversight/public_cards/page.html",
        status=status,
        project=project,
        programme=get_programme_of(project),
        card=card,
        missing_texts=labels.missing_texts(card),
        form=form,
        can_write=policy.can_write(actor, project),
        labels=labels,
    )


@bp.route("/edit", methods=["GET", "POST"])
def write(slug: str) -> Response:
    project = get_project(actor, slug)
    commands.require_can_write_card(actor, project)
    row = queries.find_card(project)
    if request.method not in SAFE_METHODS:
        form = CardForm()
    elif row is not None:
        form = make_form(CardForm, obj=row)
    else:
        draft = labels.build_draft_texts(project, queries.read_draft_inputs(actor, project))
        form = make_form(CardForm, **draft, version=0)
    form_page = FormPage(
        title=_("La carte publique"),
        trail=_build_card_trail(project),
        step=_("Écrire"),
        lead=_("Quatre textes courts, pour qui n’a jamais entendu parler du projet."),
        beside=FIELD_PAIRS,
        advice=(
            _("Les premiers textes viennent du dossier du projet : reprenez-les."),
            _("Aucun nom de personne, aucune adresse, aucun sigle sans sa traduction."),
            _("Si la carte est déjà publique, chacun lit ce que vous enregistrez."),
        ),
    )
    return writes.write_page(
        form_page,
        form,
        lambda values: commands.write_card(actor, project, form.values, values["version"]),
        message=_("Carte enregistrée."),
        stored=row,
    )


@bp.route("/show", methods=["GET", "POST"])
def publish(slug: str) -> Response:
    project = get_project(actor, slug)
    commands.require_can_write_card(actor, project)
    queries.get_card(project)
    form_page = FormPage(
        title=_("Rendre la carte publique"),
        trail=_build_card_trail(project),
        step=_("Rendre publique"),
        yes=_("Rendre publique"),
        lead=_("Chacun la lira sans compte, à une adresse qui ne change pas."),
        advice=(_("L’état du projet et ses dates y figurent, et suivent le projet."),),
    )
    return writes.write_page(
        form_page,
        make_form(PublishCardForm),
        lambda _values: commands.publish_card(actor, project),
        message=_("La carte est publique : chacun peut la lire."),
    )


@bp.post("/hide")
def hide(slug: str) -> Response:
    project, form = get_project(actor, slug), HideCardForm()
    commands.require_can_write_card(actor, project)
    queries.get_card(project)
    return writes.write(
        form,
        lambda _values: commands.hide_card(actor, project),
        message=_("La carte n’est plus publique. Ses textes restent ici."),
        to=url_for(".page", slug=slug),
        page=lambda status: _render_page(project, form, status),
    )


def _build_card_trail(project: Project) -> Trail:
    return build_trail(project, (_("Carte publique"), url_for(".page", slug=project.slug)))


def build_card_link_lines(_actor: Actor, project: Project, values: Sequence[Any]) -> Sequence[SectionLine]:
    """Return the line that links to the card; `values` is [`PUBLISHED_AT`]."""
    (shown_at,) = values
    status = _("Publique depuis le %(day)s", day=day(shown_at)) if shown_at else _("Pas publique")
    return [SectionLine(_("Carte publique"), status, url_for("cards.page", slug=project.slug), not shown_at)]


PROJECT_SECTION = ProjectSection(build_card_link_lines, (queries.PUBLISHED_AT,))
