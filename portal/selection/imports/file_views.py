"""Pages of the import of a file: upload it, say what its columns say."""

from types import SimpleNamespace
from typing import Any

from flask import Blueprint, Response, url_for

from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.platform.web.actor import current_actor as actor
from portal.platform.web.form_page import EntryAboveForm, FormPage, make_form
from portal.platform.web.writes import write_page
from portal.selection.calls.queries import get_programme_and_led_call
from portal.selection.imports import labels, policy, queries, upload_commands
from portal.selection.imports.form_rules import ApplicationTargetField
from portal.selection.imports.forms import ColumnMappingForm, ExportUploadForm
from portal.selection.imports.models import UploadedExport
from portal.selection.imports.views import IMPORTS_RULE, trail_of_imports

bp = Blueprint("application_files", __name__)


@bp.route(f"{IMPORTS_RULE}/file", methods=["GET", "POST"])
def upload(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    form = make_form(ExportUploadForm)
    form_page = FormPage(
        title=_("Importer un fichier"),
        lead=row.title,
        trail=trail_of_imports(programme, row),
        step=_("Fichier"),
        yes=_("Déposer"),
        takes_file=True,
        advice=(
            _("Exportez les dossiers en tableur (.xlsx), et déposez le fichier sans l’ouvrir."),
            _("Un fichier peut ne contenir qu’une partie des dossiers : son import n’en retire aucun."),
        ),
    )

    def store_file(_values: dict[str, Any]) -> UploadedExport:
        return upload_commands.store_export_file(actor, row, *form.read_upload())

    return write_page(
        form_page,
        form,
        store_file,
        message=_("Fichier lu. Dites maintenant ce que disent ses colonnes."),
        to=url_for(".map_columns", slug=slug, call=call),
        permission=policy.can_import(actor, row),
    )


@bp.route(f"{IMPORTS_RULE}/file/columns", methods=["GET", "POST"])
def map_columns(slug: str, call: int) -> Response:
    programme, row = get_programme_and_led_call(actor, slug, call)
    file = queries.find_export_file(row)
    if file is None:
        raise NotFound
    trial = queries.find_trial_of_file(row)
    stored = SimpleNamespace(
        **{target.value: "" for target in ApplicationTargetField}
        | dict(upload_commands.proposed_mapping(file)),
        is_dry=trial is None,
        version=file.version,
    )
    form = make_form(ColumnMappingForm, queries.read_export_form(file), obj=stored)
    advice = [_("Deux colonnes du même nom sont deux champs : la seconde porte « (2) ».")]
    if trial is not None:
        sentence = _("Cet import écrit : pour essayer d’autres colonnes, cochez d’abord la case.")
        advice = [sentence, *advice]
    drift = [
        EntryAboveForm(text)
        for text in labels.column_change_sentences(
            *upload_commands.list_missing_and_new_columns_of_file(file)
        )
    ]
    return write_page(
        FormPage(
            title=_("Dire ce que disent les colonnes"),
            lead=file.file_name,
            trail=trail_of_imports(programme, row),
            step=_("Colonnes"),
            yes=_("Continuer") if trial is None else _("Importer"),
            beside=labels.FIELDS_BESIDE,
            advice=advice,
            entries_title=_("Ce qui diffère du fichier précédent"),
            entries=drift,
        ),
        form,
        lambda values: upload_commands.import_file(
            actor, row, file, form.mapping, values["version"], is_dry=values["is_dry"]
        ),
        message=lambda run: labels.started_run_message(is_dry=run.is_dry),
        to=url_for("application_imports.index", slug=slug, call=call),
        permission=policy.can_import(actor, row),
        stored=stored,
    )
