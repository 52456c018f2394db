"""The page of an instalment, and what people do with it."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, url_for

from portal.funding.agreements import queries
from portal.funding.agreements.labels import money
from portal.funding.agreements.models import Instalment
from portal.funding.agreements.page_views import build_funding_trail, file_options, instalment_trail_step
from portal.funding.agreements.queries import LoadedInstalment
from portal.funding.instalments import commands, document_commands, labels
from portal.funding.instalments.forms import (
    CheckInstalmentForm,
    ChooseDocumentForm,
    ExpenseStatementForm,
    InstalmentReasonForm,
    RequestInstalmentForm,
    ReturnInstalmentForm,
)
from portal.funding.instalments.instalment_page_views import show_instalment
from portal.funding.instalments.queries import InstalmentWithNeeds, read_instalment_with_needs
from portal.funding.instalments.rules import UNDER_REVIEW
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import EditForm
from portal.platform.web.form_page import EntryAboveForm, FormPage, FormPageLink, make_form
from portal.platform.web.writes import VersionedButtonForm, write, write_page
from portal.project.projects.models import NUMBER_MAX, Project
from portal.project.projects.policy import can_read

bp = Blueprint("instalments", __name__, url_prefix="/projects/<slug>/funding/instalments")
RULE = f"/<int(max={NUMBER_MAX}):number>"
Command = Callable[[Actor, LoadedInstalment, str, int], None]


@bp.get(RULE)
def page(slug: str, number: int) -> Response:
    return show_instalment(slug, number)


def build_form_page(project: Project, row: Instalment, title: str, **options: Any) -> FormPage:
    """The page of a form about an instalment, for whoever reads its amount."""
    trail = build_funding_trail(project, instalment_trail_step(project, row))
    team, amount = project.short_name, money(row.amount_cents)
    lead = _("%(team)s, tranche %(n)s : %(amount)s", team=team, n=row.number, amount=amount)
    if standstill := labels.standstill_sentence(project, queries.find_agreement(project)):
        options["advice"] = (standstill, *options.get("advice", ()))
    return FormPage(title=title, lead=lead, trail=trail, step=title, **options)


def list_lack_entries(project: Project, view: InstalmentWithNeeds) -> list[EntryAboveForm]:
    """What an instalment waits for, each with the page that mends it, for who may open it."""
    entries = []
    for lack in view.lacks:
        is_open = can_read(actor, project) or lack.kind not in labels.GATE_LACKS
        links = [FormPageLink(_("Ouvrir"), labels.path_of_lack(project, view.row, lack))] if is_open else []
        entries.append(EntryAboveForm(labels.describe_lack(project, lack), links))
    return entries


@bp.route(f"{RULE}/ask", methods=["GET", "POST"])
def ask(slug: str, number: int) -> Response:
    loaded = queries.get_instalment(actor, slug, number)
    project, _agreement, row = loaded
    commands.require_requester(actor, project)
    entries = list_lack_entries(project, read_instalment_with_needs(project, row))
    return write_page(
        build_form_page(
            project,
            row,
            _("Demander la tranche %(n)s", n=row.number),
            yes=_("Demander"),
            entries_title=_("Il manque encore"),
            entries=entries,
            is_closed=bool(entries),
            advice=(_("L’opérateur contrôle, puis une autre personne verse."),),
        ),
        make_form(RequestInstalmentForm, obj=row),
        lambda values: commands.request_instalment(actor, loaded, values["version"]),
        message=_("Tranche demandée : c’est à l’opérateur."),
        stored=row,
    )


def _respond_with_reason_form(
    slug: str, number: int, form_class: type[EditForm], command: Command, texts: tuple[str, str, str]
) -> Response:
    """A form with a reason, for an operator; `texts` are title, button and message."""
    loaded = queries.get_instalment(actor, slug, number)
    project, _agreement, row = loaded
    commands.require_operator(actor, project)
    commands.require_instalment_state(loaded, UNDER_REVIEW, may_be_over=command is commands.refuse_instalment)
    title, yes, message = texts
    stored = SimpleNamespace(reason="", version=row.version)
    view = read_instalment_with_needs(project, row)
    entries = list_lack_entries(project, view)
    form = make_form(form_class, obj=stored)
    if isinstance(form, CheckInstalmentForm):
        form.drop_reason_unless_stale(is_stale=bool(entries))
    return write_page(
        build_form_page(
            project,
            row,
            title,
            yes=yes,
            entries_title=_("Périmé depuis la demande") if entries else _("Ce que la demande réunit"),
            entries=entries or [EntryAboveForm(text) for text in labels.list_met_conditions(view)],
        ),
        form,
        lambda values: command(actor, loaded, values.get("reason", ""), values["version"]),
        message=message,
        stored=stored,
    )


@bp.route(f"{RULE}/return", methods=["GET", "POST"])
def send_back(slug: str, number: int) -> Response:
    texts = _("Rendre la tranche à compléter"), _("Rendre"), _("Tranche rendue : c’est à l’équipe.")
    return _respond_with_reason_form(slug, number, ReturnInstalmentForm, commands.return_instalment, texts)


@bp.route(f"{RULE}/refuse", methods=["GET", "POST"])
def refuse(slug: str, number: int) -> Response:
    texts = _("Refuser la tranche"), _("Refuser"), _("Tranche refusée.")
    return _respond_with_reason_form(slug, number, InstalmentReasonForm, commands.refuse_instalment, texts)


@bp.route(f"{RULE}/check", methods=["GET", "POST"])
def check(slug: str, number: int) -> Response:
    texts = _("Contrôler la tranche"), _("Tout est là"), _("Tranche contrôlée : une autre personne la verse.")
    return _respond_with_reason_form(slug, number, CheckInstalmentForm, commands.check_instalment, texts)


@bp.route(f"{RULE}/wait", methods=["GET", "POST"])
def defer(slug: str, number: int) -> Response:
    texts = _("Attendre un jalon"), _("Attendre"), _("Attente notée : la tranche reste à instruire.")
    return _respond_with_reason_form(slug, number, InstalmentReasonForm, commands.defer_instalment, texts)


@bp.route(f"{RULE}/documents/<uuid:document>", methods=["GET", "POST"])
def hand_in(slug: str, number: int, document: UUID) -> Response:
    loaded = queries.get_instalment(actor, slug, number)
    project, _agreement, row = loaded
    document_commands.require_team_member(actor, project)
    queries.get_needed_document(row, document)
    stored = SimpleNamespace(file="", version=row.version)
    form = make_form(ChooseDocumentForm, file_options(row), obj=stored)
    advice = (_("Joignez d’abord le fichier sur la page de la tranche ; son empreinte est gardée."),)
    return write_page(
        build_form_page(
            project, row, _("Remettre un document"), yes=_("Remettre le document"), advice=advice
        ),
        form,
        lambda values: document_commands.hand_in_document(
            actor, loaded, document, values["file"], values["version"]
        ),
        message=_("Document remis."),
        stored=stored,
    )


@bp.route(f"{RULE}/statement", methods=["GET", "POST"])
def prepare_statement(slug: str, number: int) -> Response:
    loaded = queries.get_instalment(actor, slug, number)
    project, _agreement, row = loaded
    document_commands.require_team_member(actor, project)
    advice = (_("Une autre personne de l’équipe le certifie ensuite."),)
    return write_page(
        build_form_page(project, row, _("Préparer l’état des dépenses"), advice=advice),
        make_form(ExpenseStatementForm, obj=row),
        lambda values: document_commands.prepare_expense_statement(
            actor, loaded, values["statement_cents"], values["version"]
        ),
        message=_("État des dépenses préparé : à certifier par une autre personne."),
        stored=row,
    )


@bp.post(f"{RULE}/certify")
def certify_expenses(slug: str, number: int) -> Response:
    loaded = queries.get_instalment(actor, slug, number)
    project, _agreement, row = loaded
    document_commands.require_team_member(actor, project)
    form = VersionedButtonForm()
    return write(
        form,
        lambda values: document_commands.certify_expenses(actor, loaded, values["version"]),
        message=_("État des dépenses certifié."),
        to=url_for(".page", slug=slug, number=number),
        page=lambda status: show_instalment(slug, number, status, form),
        stored=row,
    )
