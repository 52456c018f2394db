"""The team's pages about its sheet: preview, texts, selection, publication, withdrawal."""

from functools import partial
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.ethics.transparency import commands, labels, policy, queries
from portal.ethics.transparency.documents import build_bilingual_sheet, fingerprint_content
from portal.ethics.transparency.field_rules import list_missing_fields
from portal.ethics.transparency.forms import PublishForm, RowSelectionForm, WithdrawForm, make_part_form_class
from portal.ethics.transparency.models import TransparencyPartKind
from portal.platform.kernel.access import require
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.unchanged_answers import cache_until_change
from portal.platform.web import writes
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.rendering import render
from portal.project.projects.models import Project
from portal.project.projects.policy import rights_key
from portal.project.projects.queries import get_project
from portal.project.projects.workspace_views import Trail, build_trail, get_writable_project

bp = Blueprint("transparency", __name__, url_prefix="/projects/<slug>/transparency")


@bp.get("", defaults={"language": "fr"})
@bp.get("/<any(fr, en):language>")
def page(slug: str, language: str) -> Response:
    project = get_project(actor, slug)
    draft = queries.get_draft(project)
    key = "transparency", project.id, actor.person_id
    sheet_content = cache_until_change(
        actor, key, lambda: build_bilingual_sheet(queries.read_sheet_facts(actor, project), draft)
    )
    current = queries.find_current_publication(project)
    return render(
        "ethics/transparency/page.html",
        typed_columns=labels.TYPED_COLUMNS,
        project=project,
        sheet=sheet_content[language],
        language=language,
        missing_fields=list_missing_fields(draft.texts),
        needed_fields=list_missing_fields(draft.texts, only_needed=True),
        current=current,
        is_outdated=current is not None and current.fingerprint != fingerprint_content(sheet_content),
        editions=queries.list_editions(project),
        can_write=policy.can_write(actor, project),
        can_publish=policy.can_publish(actor, project),
        can_withdraw=policy.can_withdraw(actor, project),
        labels=labels,
    )


@bp.route("/edit/<any(public, experts):part>", methods=["GET", "POST"])
def write(slug: str, part: str) -> Response:
    project = get_writable_project(slug)
    sheet_part = TransparencyPartKind(part)
    row = queries.get_draft(project).rows.get(sheet_part)
    form = make_form(make_part_form_class(sheet_part), row, version=0)
    return writes.write_page(
        FormPage(
            trail=_build_sheet_trail(project),
            title=str(labels.PARTS[sheet_part]),
            step=_("Écrire"),
            lead=_("Le reste vient du dossier du projet. Écrivez les deux langues, l’une sous l’autre."),
            advice=(
                _("Ce texte sera lu par tous : aucun nom de personne, aucun sigle sans sa traduction."),
                _("Rien ne paraît tant que le porteur ne publie pas."),
            ),
        ),
        form,
        lambda values: commands.save_sheet_part(actor, project, sheet_part, form.texts(), values["version"]),
        message=_("Fiche de transparence enregistrée."),
        stored=row,
    )


@bp.route("/choice", methods=["GET", "POST"])
def choose_rows(slug: str) -> Response:
    project = get_writable_project(slug)
    key = "transparency facts", project.id, rights_key(actor, project)
    facts = cache_until_change(actor, key, lambda: queries.read_sheet_facts(actor, project))
    draft = queries.get_draft(project)
    row, selection = draft.rows.get(TransparencyPartKind.CHOICE), draft.choice
    shown = queries.list_shown_row_numbers(facts, selection)
    form = make_form(RowSelectionForm, version=row.version if row else 0, **shown)
    form.set_choices(facts.sources, facts.risks)
    return writes.write_page(
        FormPage(
            trail=_build_sheet_trail(project),
            title=str(labels.PARTS[TransparencyPartKind.CHOICE]),
            step=_("Choisir"),
            lead=_("Ce que vous ne cochez pas ne paraît pas ; la fiche dira combien il y en a."),
        ),
        form,
        lambda values: commands.choose_shown_rows(
            actor, project, values["sources"] or [], values["risks"] or [], values["version"]
        ),
        message=_("Choix enregistré."),
        stored=row,
    )


@bp.route("/publish", methods=["GET", "POST"])
def publish(slug: str) -> Response:
    """The page shows both languages for a last review."""
    project = get_project(actor, slug)
    if request.method in SAFE_METHODS:
        commands.require_may_publish(actor, project)
    else:
        require(policy.may_publish(actor, project), commands.WHO_PUBLISHES)
    draft = queries.get_draft(project)
    sheet_content = build_bilingual_sheet(queries.read_sheet_facts(actor, project), draft)
    form = make_form(PublishForm, reviewed=fingerprint_content(sheet_content))
    show_page = partial(_render_publish_page, project, form, draft, sheet_content)
    return writes.write(
        form,
        lambda values: commands.publish_sheet(
            actor, project, values["reviewed"], knowingly=values["knowingly"]
        ),
        message=lambda edition: _(
            "Fiche de transparence publiée, édition %(n)s. Chacun peut la lire.", n=edition.number
        ),
        to=url_for(".page", slug=slug),
        page=show_page,
    )


def _render_publish_page(
    project: Project,
    form: PublishForm,
    draft: queries.TransparencySheetDraft,
    sheet_content: dict[str, Any],
    status: int = 200,
) -> Response:
    """The form carries the fingerprint of the sheet as shown; a changed sheet is unticked."""
    fingerprint = fingerprint_content(sheet_content)
    if form.reviewed.data != fingerprint:
        form.agreed.data = False
    form.reviewed.process(None, fingerprint)
    form.reviewed.raw_data = None
    return render(
        "ethics/transparency/publish.html",
        typed_columns=labels.TYPED_COLUMNS,
        fragment="form",
        status=status,
        project=project,
        trail=_build_sheet_trail(project),
        form=form,
        sheet_content=sheet_content,
        needed_fields=list_missing_fields(draft.texts, only_needed=True),
        labels=labels,
    )


@bp.route("/withdraw", methods=["GET", "POST"])
def withdraw(slug: str) -> Response:
    project = get_project(actor, slug)
    require(policy.can_withdraw(actor, project), commands.WHO_PUBLISHES)
    edition = queries.get_current_publication(project)
    return writes.write_page(
        FormPage(
            trail=_build_sheet_trail(project),
            title=_("Retirer la fiche de transparence"),
            step=_("Retirer"),
            yes=_("Retirer la fiche de transparence"),
            lead=_("Son adresse ne montrera plus rien. Ce qui a été lu ou copié l’a été."),
        ),
        make_form(WithdrawForm),
        lambda values: commands.withdraw_edition(actor, project, edition, values["reason"]),
        message=_("Fiche de transparence retirée : plus personne ne la lit."),
    )


def _build_sheet_trail(project: Project) -> Trail:
    return build_trail(project, (_("Transparence"), url_for(".page", slug=project.slug)))
