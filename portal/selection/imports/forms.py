"""Forms of imports."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, FileField, HiddenField, SelectField, StringField
from wtforms.validators import AnyOf, DataRequired, Length
from wtforms.widgets import PasswordInput

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.tables.csv_file import TOO_LARGE, UnreadableFile
from portal.platform.web.base_form import CreateForm, EditForm, build_choices_from_pairs
from portal.platform.web.form_fields import integer_field
from portal.platform.web.uploads import StreamedUpload
from portal.selection.imports.export_documents import StoredExport, read_uploaded_export_and_tables
from portal.selection.imports.export_rules import ExportTable
from portal.selection.imports.form_rules import ApplicationTargetField, ProcedureForm
from portal.selection.imports.labels import TARGETS, field_choices, refused_file_sentence
from portal.selection.imports.models import PROCEDURE_MAX, READ_MODES, TOKEN_MAX


class ProcedureAccessForm(EditForm):
    """Name the procedure, and give its token."""

    procedure_number = integer_field(
        _l("Numéro de la démarche"),
        1,
        PROCEDURE_MAX,
        required=_l("Donnez le numéro de la démarche."),
        hint=_l("Il se lit dans l’adresse de la démarche, côté administrateur."),
    )
    token = StringField(
        _l("Jeton d’accès"),
        [DataRequired(_l("Collez le jeton.")), Length(max=TOKEN_MAX)],
        widget=PasswordInput(hide_value=True),
        description=_l(
            "Un jeton en lecture seule, limité à cette démarche. Il est chiffré, et ne se relit plus."
        ),
        render_kw={"autocomplete": "off"},
    )


class _MappingFields(EditForm):
    """Which field fills what; the choices are those of a form."""

    title = SelectField(TARGETS[ApplicationTargetField.TITLE])
    organisation = SelectField(TARGETS[ApplicationTargetField.ORGANISATION])
    company_number = SelectField(TARGETS[ApplicationTargetField.COMPANY_NUMBER])
    summary = SelectField(TARGETS[ApplicationTargetField.SUMMARY])
    problem = SelectField(TARGETS[ApplicationTargetField.PROBLEM])
    benefits = SelectField(TARGETS[ApplicationTargetField.BENEFITS])
    data_sources = SelectField(TARGETS[ApplicationTargetField.DATA_SOURCES])
    target_groups = SelectField(TARGETS[ApplicationTargetField.TARGET_GROUPS])
    ethical_risks = SelectField(TARGETS[ApplicationTargetField.ETHICAL_RISKS])
    contact_name = SelectField(TARGETS[ApplicationTargetField.CONTACT_NAME])
    contact_email = SelectField(TARGETS[ApplicationTargetField.CONTACT_EMAIL])
    member_first_name = SelectField(TARGETS[ApplicationTargetField.MEMBER_FIRST_NAME])
    member_name = SelectField(TARGETS[ApplicationTargetField.MEMBER_NAME])
    member_email = SelectField(TARGETS[ApplicationTargetField.MEMBER_EMAIL])
    member_function = SelectField(TARGETS[ApplicationTargetField.MEMBER_FUNCTION])

    def __init__(self, procedure_form: ProcedureForm, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.procedure_form = procedure_form
        for target in ApplicationTargetField:
            nothing = ("", _l("— rien —"))
            self[target.value].choices = build_choices_from_pairs(
                [nothing, *field_choices(procedure_form, target)]
            )

    @property
    def mapping(self) -> dict[str, str]:
        """The chosen fields, by field of an application."""
        return {target.value: self.values[target.value] or "" for target in ApplicationTargetField}

    def make_form_from_stored(self, row: object) -> "_MappingFields":
        """The same form, filled from the stored row."""
        return type(self)(self.procedure_form, formdata=None, obj=row)


class MappingForm(_MappingFields):
    """Say which field of the procedure fills what."""

    takes_files = BooleanField(_l("Joindre aussi les pièces déposées"))
    is_scheduled = BooleanField(_l("Importer de soi-même, chaque heure, et tout relire chaque nuit"))


class ColumnMappingForm(_MappingFields):
    """Say which column of a file fills what, then try or import."""

    is_dry = BooleanField(_l("Essayer à blanc : compter et comparer, sans rien écrire"))


class ExportUploadForm(CreateForm):
    """Upload an exported file."""

    file = FileField(
        _l("Fichier exporté de Démarches simplifiées"),
        description=_l(
            "CSV ou tableur (.xlsx), 10 Mo et 20 000 lignes au plus. Le tableur seul contient les équipes."
        ),
        render_kw={"accept": ".csv,.xlsx,.txt"},
    )

    def read_upload(self) -> tuple[str, StoredExport, Sequence[ExportTable]]:
        """Name, content and tables. Raises `RuleBroken` on `file`."""
        upload = self.file.data
        if not isinstance(getattr(upload, "stream", None), StreamedUpload) or not upload.filename:
            raise RuleBroken("file", _("Choisissez un fichier."))
        content = upload.stream.meter.content
        try:
            if content is None:
                code, facts = TOO_LARGE
                raise UnreadableFile(code, **facts)
            stored, tables = read_uploaded_export_and_tables(content)
        except UnreadableFile as refused:
            raise RuleBroken("file", refused_file_sentence(refused.code, refused.facts)) from None
        return upload.filename, stored, tables


class StartImportForm(CreateForm):
    """Start a run: what changed, everything, or a dry run of everything."""

    kind = HiddenField(validators=[AnyOf([*READ_MODES, "dry"])])
