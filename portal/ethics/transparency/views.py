"""The sheet for its team: what it says today, what it lacks, what is published of it."""

from typing import Any

from flask import Blueprint, Response, flash, request, url_for

from portal.ethics.transparency import commands, labels, policy, queries
from portal.ethics.transparency.documents import build_content, fingerprint_content
from portal.ethics.transparency.field_rules import list_missing_fields
from portal.ethics.transparency.forms import (
    PublishForm,
    RowSelectionForm,
    WithdrawForm,
    make_part_form,
)
from portal.ethics.transparency.models import Publication, SheetPart, TransparencyPart
from portal.platform.kernel.access import require
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import submit
from portal.platform.web.form_page import FormPage, answer_form, make_form
from portal.platform.web.rendering import redirect_to_path, render
from portal.project.projects.models import Project
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import Trail, build_trail, get_writable_project

bp = Blueprint("transparency", __name__, url_prefix="/projects/<slug>/transparency")


@bp.get("", defaults={"language": "fr"})
@bp.get("/<any(fr, en):language>")
def page(slug: str, language: str) -> Response:
    project = get_project(actor, slug)
    written = queries.get_draft(project)
    sheet_content = build_content(queries.read_facts(actor, project), written)
    read = queries.find_current_publication(project)
    return render(
        "ethics/transparency/page.html",
        project=project,
        told=sheet_content[language],
        language=language,
        lacks=list_missing_fields(written.texts),
        needs=list_missing_fields(written.texts, only_needed=True),
        read=read,
        is_behind=read is not None and read.fingerprint != fingerprint_content(sheet_content),
        editions=queries.list_editions(project),
        can_write=policy.can_write(actor, project),
        can_publish=policy.can_publish(actor, project),
        can_withdraw=policy.can_withdraw(actor, project),
        parts=TransparencyPart,
        words=labels,
    )


@bp.route("/edit/<any(public, experts):part>", methods=["GET", "POST"])
def write(slug: str, part: str) -> Response:
    project = get_writable_project(slug)
    of = TransparencyPart(part)
    row = queries.get_draft(project).rows.get(of)
    form = _fill_form(make_part_form(of), row)
    form_page = _make_form_page(
        project,
        title=str(labels.PARTS[of]),
        step=_("Écrire"),
        lead=_(
            "Le reste vient du dossier du projet. Écrivez les deux langues, l’une sous l’autre."
        ),
        advice=(
            _("Ce texte sera lu par tous : aucun nom de personne, aucun sigle sans sa traduction."),
            _("Rien ne paraît tant que qui porte le projet ne publie pas."),
        ),
    )

    def act(values: dict[str, Any]) -> None:
        commands.write_part(actor, project, of, form.texts(), values["version"])

    return answer_form(form_page, form, act, _("Fiche enregistrée."), stored=row)


def _fill_form(form: Any, row: SheetPart | None) -> Any:
    """As it was sent; before it was, as it is kept."""
    if request.method not in SAFE_METHODS:
        return form()
    return form(row, formdata=None) if row else form(formdata=None, data={"version": 0})


@bp.route("/choice", methods=["GET", "POST"])
def choose(slug: str) -> Response:
    project = get_writable_project(slug)
    facts, written = queries.read_facts(actor, project), queries.get_draft(project)
    row, choice = written.rows.get(TransparencyPart.CHOICE), written.choice
    usual = {
        "version": row.version if row else 0,
        "sources": [
            source.number for source in facts.sources if choice.shows_source(source.number)
        ],
        "risks": [risk.number for risk in facts.risks if choice.shows_risk(risk.number)],
    }
    form = make_form(RowSelectionForm, **usual)
    form.set_choices(facts.sources, facts.risks)
    form_page = _make_form_page(
        project,
        title=str(labels.PARTS[TransparencyPart.CHOICE]),
        step=_("Choisir"),
        lead=_("Ce que vous ne cochez pas ne paraît pas ; la fiche dira combien il y en a."),
    )

    def act(values: dict[str, Any]) -> None:
        selection = {name: sorted(values[name] or []) for name in ("sources", "risks")}
        commands.write_part(actor, project, TransparencyPart.CHOICE, selection, values["version"])

    return answer_form(form_page, form, act, _("Choix enregistré."), stored=row)


@bp.route("/publish", methods=["GET", "POST"])
def publish(slug: str) -> Response:
    """Both languages to be read again, as anybody will read them."""
    project = get_project(actor, slug)
    if request.method in SAFE_METHODS:
        commands.require_to_publish(actor, project)
    else:
        require(policy.may_publish(actor, project), commands.explain_who_publishes())
    written = queries.get_draft(project)
    sheet_content = build_content(queries.read_facts(actor, project), written)
    form = make_form(PublishForm, reviewed=fingerprint_content(sheet_content))

    def again(status: int = 200) -> Response:
        if form.reviewed.data != fingerprint_content(sheet_content):
            form.agreed.data = False  # what is there now was not read yet
        form.reviewed.process(None, fingerprint_content(sheet_content))
        form.reviewed.raw_data = None
        return render(
            "ethics/transparency/publish.html",
            fragment="form",
            status=status,
            project=project,
            trail=_trail(project),
            form=form,
            made=sheet_content,
            needs=list_missing_fields(written.texts, only_needed=True),
            words=labels,
        )

    if request.method in SAFE_METHODS:
        return again()

    def act(values: dict[str, Any]) -> Publication:
        knowingly = values["knowingly"]
        return commands.publish(actor, project, values["reviewed"], knowingly=knowingly)

    def on_success(edition: Publication) -> Response:
        flash(_("Fiche publiée, édition %(n)s. Chacun peut la lire.", n=edition.number))
        return redirect_to_path(url_for(".page", slug=slug))

    return submit(form, act, on_success, again)


@bp.route("/withdraw", methods=["GET", "POST"])
def withdraw(slug: str) -> Response:
    project = get_project(actor, slug)
    require(policy.can_withdraw(actor, project), commands.explain_who_publishes())
    edition = queries.get_current_publication(project)
    form_page = _make_form_page(
        project,
        title=_("Retirer la fiche"),
        step=_("Retirer"),
        yes=_("Retirer la fiche"),
        lead=_("Son adresse ne montrera plus rien. Ce qui a été lu ou copié l’a été."),
    )

    def act(values: dict[str, Any]) -> None:
        commands.withdraw(actor, project, edition, values["reason"])

    return answer_form(
        form_page, make_form(WithdrawForm), act, _("Fiche retirée : plus personne ne la lit.")
    )


def _trail(project: Project) -> Trail:
    return build_trail(project, (_("Transparence"), url_for(".page", slug=project.slug)))


def _make_form_page(project: Project, **page: Any) -> FormPage:
    return FormPage(trail=_trail(project), **page)
