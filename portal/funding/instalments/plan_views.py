"""The plan of instalments: add, change, remove, share out."""

from types import SimpleNamespace

from flask import Blueprint, Response, url_for

from portal.funding.agreements import queries
from portal.funding.agreements.commands import require_handler, require_open_draft
from portal.funding.agreements.models import Instalment
from portal.funding.agreements.page_views import build_funding_trail, instalment_trail_step
from portal.funding.instalments import plan_commands
from portal.funding.instalments.plan_forms import ChangeInstalmentForm, PlanInstalmentForm, SharesForm
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import FormPage, make_form
from portal.platform.web.writes import VersionedButtonForm, write_page
from portal.project.projects.gate_queries import list_gate_options
from portal.project.projects.models import NUMBER_MAX, Project

bp = Blueprint("instalment_plan", __name__, url_prefix="/projects/<slug>/funding")
RULE = f"/instalments/<int(max={NUMBER_MAX}):number>"
_BESIDE = (("amount_cents", "due_on"),)


def _build_form_page(project: Project, title: str, *steps: tuple[str, str], **options: object) -> FormPage:
    trail = build_funding_trail(project, *steps)
    return FormPage(title=title, lead=project.short_name, trail=trail, step=title, **options)  # type: ignore[arg-type]


@bp.route("/instalments/new", methods=["GET", "POST"])
def plan(slug: str) -> Response:
    project = queries.get_project_with_readable_amounts(actor, slug)
    require_handler(actor, project)
    agreement = queries.get_agreement(project)
    require_open_draft(project, agreement)
    form = make_form(PlanInstalmentForm, list_gate_options(project))
    return write_page(
        _build_form_page(project, _("Prévoir une tranche"), beside=_BESIDE),
        form,
        lambda _values: plan_commands.plan_instalment(actor, project, agreement, form.facts()),
        message=_("Tranche prévue."),
    )


@bp.route("/shares", methods=["GET", "POST"])
def share_out(slug: str) -> Response:
    project = queries.get_project_with_readable_amounts(actor, slug)
    require_handler(actor, project)
    agreement = queries.get_agreement(project)
    require_open_draft(project, agreement)
    form = make_form(SharesForm, obj=SimpleNamespace(shares="", version=agreement.version))
    advice = (_("Les tranches déjà prévues gardent leurs conditions ; celles en trop disparaissent."),)
    return write_page(
        _build_form_page(project, _("Répartir le montant en tranches"), advice=advice),
        form,
        lambda values: plan_commands.plan_instalments_by_shares(
            actor, project, agreement, form.read_shares(), values["version"]
        ),
        message=_("Montant réparti."),
        stored=SimpleNamespace(shares="", version=agreement.version),
    )


def _read_stored_instalment_values(row: Instalment) -> SimpleNamespace:
    documents = queries.list_documents_by_instalment([row]).get(row.id, ())
    lines = (
        each.row.name + (f" ; {each.row.due_on:%d/%m/%Y}" if each.row.due_on else "") for each in documents
    )
    return SimpleNamespace(
        amount_cents=row.amount_cents,
        due_on=row.due_on,
        gates=row.gates,
        documents="\n".join(lines),
        needs_statement=row.needs_statement,
        reason="",
        version=row.version,
    )


@bp.route(f"{RULE}/edit", methods=["GET", "POST"])
def change(slug: str, number: int) -> Response:
    loaded = queries.get_instalment(actor, slug, number)
    project, agreement, row = loaded
    require_handler(actor, project)
    plan_commands.require_changeable_instalment(loaded)
    stored = _read_stored_instalment_values(row)
    form = make_form(ChangeInstalmentForm, list_gate_options(project), agreement.is_committed, obj=stored)
    advice = (
        _("Après la signature, la somme des tranches reste la même : la dernière prévue compense."),
        _("Ce qui change après un contrôle est à contrôler de nouveau, et l’équipe est prévenue."),
    )
    return write_page(
        _build_form_page(
            project,
            _("Modifier la tranche"),
            instalment_trail_step(project, row),
            beside=_BESIDE,
            advice=advice,
        ),
        form,
        lambda values: plan_commands.change_instalment(
            actor, loaded, form.facts(), values["version"], values.get("reason", "")
        ),
        message=_("Tranche enregistrée."),
        stored=stored,
    )


@bp.route(f"{RULE}/remove", methods=["GET", "POST"])
def remove(slug: str, number: int) -> Response:
    loaded = queries.get_instalment(actor, slug, number)
    project, agreement, row = loaded
    require_handler(actor, project)
    require_open_draft(project, agreement)
    title = _("Retirer la tranche %(n)s", n=row.number)
    advice = (_("Elle n’est ni signée ni demandée : elle disparaît du plan."),)
    return write_page(
        _build_form_page(
            project, title, instalment_trail_step(project, row), yes=_("Retirer"), advice=advice
        ),
        make_form(VersionedButtonForm, obj=row),
        lambda values: plan_commands.remove_instalment(actor, loaded, values["version"]),
        message=_("Tranche retirée."),
        to=url_for("agreements.page", slug=slug),
        stored=row,
    )
