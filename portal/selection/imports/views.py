"""Pages of imports: the procedure of a call, its mapping, the journal of runs."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, request, url_for

from portal.people.programmes.models import Programme
from portal.platform.kernel.access import require
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.base_form import Form
from portal.platform.web.form_page import EntryAboveForm, FormPage, make_form, requested_page_number
from portal.platform.web.rendering import render, wants_fragment
from portal.platform.web.writes import VersionedButtonForm, write, write_button, write_page
from portal.selection.calls.models import Call
from portal.selection.calls.queries import get_programme_and_led_call
from portal.selection.calls.views import CALL_RULE, trail_of_call
from portal.selection.imports import commands, labels, policy, procedure_commands, queries, run_commands
from portal.selection.imports.form_rules import ApplicationTargetField
from portal.selection.imports.forms import MappingForm, ProcedureAccessForm, StartImportForm
from portal.selection.imports.models import RUN_MAX, CallSource, ImportMode, ImportRun

bp = Blueprint("application_imports", __name__)
IMPORTS_RULE = f"{CALL_RULE}/imports"
RUN_RULE = f"{IMPORTS_RULE}/<int(max={RUN_MAX}):run>"


@bp.get(IMPORTS_RULE)
def index(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    return _show_source(programme, row)


def _show_source(programme: Programme, call: Call, status: int = 200, form: Form | None = None) -> Response:
    """The source of a call and its journal; `form` is a button that was refused."""
    source, runs = queries.find_source(call), queries.list_runs(call, requested_page_number())
    latest = runs.rows[0][0] if runs.rows and runs.page == 1 else None
    return render(
        "selection/imports/index.html",
        fragment="runs",
        status=status,
        programme=programme,
        call=call,
        source=source,
        runs=runs,
        latest=latest,
        can_import_file=_find_trial_to_import(call) is not None,
        page_url=lambda number: url_for(".index", slug=programme.slug, call=call.number, page=number),
        is_receiving=policy.is_receiving_applications(call),
        start_form=StartImportForm(formdata=None),
        form=form,
        is_fragment=wants_fragment(),
        labels=labels,
    )


def _find_trial_to_import(call: Call) -> ImportRun | None:
    """The dry run of a file that may now be imported."""
    return queries.find_trial_of_file(call) if policy.is_receiving_applications(call) else None


@bp.get(RUN_RULE)
def run_page(slug: str, call: int, run: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    imported = queries.get_run(row, run)
    return render(
        "selection/imports/run.html",
        programme=programme,
        call=row,
        run=imported,
        can_import_file=_find_trial_to_import(row) == imported,
        differences=queries.list_dry_run_differences(actor, row, imported),
        labels=labels,
    )


@bp.route(f"{IMPORTS_RULE}/source", methods=["GET", "POST"])
def connect(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    source = queries.find_source(row)
    stored = SimpleNamespace(
        procedure_number=source.procedure_number if source else None, version=source.version if source else 0
    )
    form = make_form(ProcedureAccessForm, obj=stored)
    return write_page(
        FormPage(
            title=_("Relier une démarche"),
            lead=row.title,
            trail=trail_of_imports(programme, row),
            step=_("Démarche"),
            yes=_("Relier et lire le formulaire"),
            advice=(
                _("L’administrateur de la démarche crée le jeton dans son profil."),
                _("Le portail lit les dossiers ; il n’y écrit rien."),
            ),
        ),
        form,
        lambda values: procedure_commands.connect_procedure(
            actor, (slug, call), values["procedure_number"], values["token"], values["version"]
        ),
        message=lambda _source: _message_of_connected_procedure(row),
        to=lambda _source: url_for(
            ".map_fields" if policy.is_receiving_applications(row) else ".index", slug=slug, call=call
        ),
        permission=policy.can_import(actor, row),
        stored=stored,
    )


def _message_of_connected_procedure(call: Call) -> str:
    if policy.is_receiving_applications(call):
        return _("La démarche est lue. Dites maintenant ce que disent ses champs.")
    return _("La démarche est lue.")


@bp.route(f"{IMPORTS_RULE}/mapping", methods=["GET", "POST"])
def map_fields(slug: str, call: int) -> Response:
    programme, row, source = _get_programme_call_and_source(slug, call)
    if request.method in SAFE_METHODS:
        run_commands.require_receiving_applications(row)
    procedure_form = commands.newest_read_form(source)
    stored = SimpleNamespace(
        **{target.value: "" for target in ApplicationTargetField} | dict(commands.proposed_mapping(source)),
        takes_files=source.takes_files,
        is_scheduled=source.is_scheduled,
        version=source.version,
    )
    form = make_form(MappingForm, procedure_form, obj=stored)
    changes = [
        EntryAboveForm(
            labels.form_change_text(change), note=_("(il servait ici)") if change["is_mapped"] else ""
        )
        for change in source.changes
    ]
    return write_page(
        FormPage(
            title=_("Dire ce que disent les champs"),
            lead=_("Démarche %(n)s, %(title)s", n=str(source.procedure_number), title=source.procedure_title),
            trail=trail_of_imports(programme, row),
            step=_("Correspondance"),
            yes=_("Confirmer la correspondance"),
            beside=labels.FIELDS_BESIDE,
            advice=(
                _("Le portail propose d’après les libellés ; ce que vous confirmez vaut pour tous."),
                _("Si le formulaire change ensuite, l’import s’arrête et vous montre en quoi."),
                _("L’équipe vient d’un bloc répétable : une ligne par personne."),
            ),
            entries_title=_("Ce qui a changé dans le formulaire"),
            entries=changes,
        ),
        form,
        lambda values: commands.save_mapping(
            actor,
            row,
            source,
            form.mapping,
            values["version"],
            takes_files=values["takes_files"],
            is_scheduled=values["is_scheduled"],
        ),
        message=_("Correspondance confirmée. Essayez l’import à blanc avant le premier."),
        to=url_for(".index", slug=slug, call=call),
        permission=policy.can_import(actor, row),
        stored=stored,
    )


@bp.post(f"{IMPORTS_RULE}/runs")
def start(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    require(policy.can_import(actor, row))
    form = StartImportForm()

    def start_run(values: dict[str, Any]) -> None:
        is_dry = values["kind"] == "dry"
        mode = ImportMode.COMPLETE if is_dry else ImportMode(values["kind"])
        run_commands.start_run(actor, row, mode, is_dry=is_dry)

    return write(
        form,
        start_run,
        message=lambda _result: labels.started_run_message(is_dry=form.kind.data == "dry"),
        to=url_for(".index", slug=slug, call=call),
        page=lambda status: _show_source(programme, row, status, form),
    )


@bp.post(f"{RUN_RULE}/cancel")
def cancel(slug: str, call: int, run: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    imported = queries.get_run(row, run)
    return write_button(
        lambda: commands.cancel_run(actor, row, imported),
        message=_("L’import est arrêté. Ce qu’il a écrit reste."),
        to=url_for(".index", slug=slug, call=call),
        page=lambda status, form: _show_source(programme, row, status, form),
    )


@bp.post(f"{IMPORTS_RULE}/source/remove")
def disconnect(slug: str, call: int) -> Response:
    programme, row, source = _get_programme_call_and_source(slug, call)
    form = VersionedButtonForm()
    return write(
        form,
        lambda values: commands.disconnect_source(actor, row, source, values["version"]),
        message=_("Le jeton est oublié. Ce qui a été importé reste."),
        to=url_for(".index", slug=slug, call=call),
        page=lambda status: _show_source(programme, row, status, form),
    )


def _get_programme_call_and_source(slug: str, number: int) -> tuple[Programme, Call, CallSource]:
    programme, call = get_programme_and_led_call(actor, slug, number)
    source = queries.find_source(call)
    if source is None:
        raise NotFound
    return programme, call, source


def trail_of_imports(programme: Programme, call: Call) -> list[tuple[str, str]]:
    """The breadcrumb of pages below the imports of a call."""
    place: dict[str, Any] = {"slug": programme.slug, "call": call.number}
    return [*trail_of_call(programme, call), (_("Imports"), url_for("application_imports.index", **place))]
