"""Forms of the parts of a sheet, of its publication and of its withdrawal."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length

from portal.ethics.risks.models import Risk
from portal.ethics.transparency.field_rules import TransparencyField, TransparencyFieldKind, list_part_fields
from portal.ethics.transparency.labels import LANGUAGES
from portal.ethics.transparency.models import (
    REASON_MAX,
    SHA256_LENGTH,
    StoredTransparencyPart,
    TransparencyPartKind,
)
from portal.platform.kernel.text import LOCALES
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    CreateForm,
    EditForm,
    Form,
    build_choices_from_pairs,
    validate_web_link,
)
from portal.platform.web.form_fields import text_field
from portal.project.data_sources.models import DataSource


class TransparencyPartForm(EditForm):
    """The fields of one part in both languages, named `summary_fr`, stored as `summary.fr`."""

    def __init__(self, row: StoredTransparencyPart | None = None, **usual: Any) -> None:
        if row is not None and "formdata" in usual:
            stored_values = {form_field_name(name): value for name, value in row.values.items()}
            usual["data"] = stored_values | {"version": row.version}
        super().__init__(**usual)

    def make_form_from_stored(self, row: Any) -> Form:
        return type(self)(row, formdata=None)

    def texts(self) -> dict[str, str]:
        """The texts by the names under which they are stored."""
        return {stored_text_name(name): value for name, value in self.values.items()}


def form_field_name(name: str) -> str:
    """The name of a field by that of its stored text."""
    return name.replace(".", "_")


def stored_text_name(name: str) -> str:
    """The name under which the text of a field is stored."""
    stem, _bar, language = name.rpartition("_")
    return f"{stem}.{language}" if stem and language in LOCALES else name


def make_part_form_class(part: TransparencyPartKind) -> type[TransparencyPartForm]:
    """Generate the form class of a part, with French before English."""
    fields = {}
    for field in list_part_fields(part):
        for language in LOCALES if field.is_bilingual else ("",):
            name = f"{field.key}_{language}" if language else field.key
            fields[name] = _make_text_field(field, language)
    return type("PartFormOfSheet", (TransparencyPartForm,), fields)


def _make_text_field(field: TransparencyField, language: str) -> Any:
    label = field.label
    if language:
        label = _l("%(what)s, en %(language)s", what=field.label, language=LANGUAGES[language])
    hint = field.hint if language in ("", LOCALES[0]) else ""
    limits = [
        Length(max=field.limit),
        *([validate_web_link] if field.kind is TransparencyFieldKind.LINK else []),
    ]
    if field.kind is TransparencyFieldKind.TEXT:
        return TextAreaField(label, limits, description=hint, render_kw={"rows": 4})
    return StringField(label, limits, description=hint)


class RowSelectionForm(EditForm):
    """The rows of the project that appear on the sheet."""

    sources = SelectMultipleField(_l("Sources de données qui paraissent"), coerce=int)
    risks = SelectMultipleField(_l("Risques ouverts qui paraissent"), coerce=int)

    def set_choices(self, sources: Sequence[DataSource], risks: Sequence[Risk]) -> None:
        """Offer these rows, by number."""
        self.offered = (sources, risks)
        self.sources.choices = build_choices_from_pairs([(source.number, source.name) for source in sources])
        self.risks.choices = build_choices_from_pairs(
            [(risk.number, _("R%(n)s : %(what)s", n=risk.number, what=risk.what)) for risk in risks]
        )

    def make_form_from_stored(self, row: Any) -> Form:
        stored_form = type(self)(formdata=None, data=row.values | {"version": row.version})
        stored_form.set_choices(*self.offered)
        return stored_form


class PublishForm(CreateForm):
    """The fingerprint of the reviewed sheet, and the confirmation that it was reviewed."""

    reviewed = HiddenField(validators=[Length(max=SHA256_LENGTH)])
    agreed = BooleanField(
        _l("J’ai relu la fiche dans les deux langues : elle peut être lue par tous"),
        [DataRequired(_l("Relisez la fiche, puis cochez la case."))],
    )
    knowingly = BooleanField(_l("Ces adresses sont celles de services, pas de personnes"))


class WithdrawForm(CreateForm):
    """Why the sheet is withdrawn."""

    reason = text_field(_l("Pourquoi la retirer"), REASON_MAX, rows=3, required=_l("Dites pourquoi."))
