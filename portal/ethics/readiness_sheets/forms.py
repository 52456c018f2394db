"""Forms of a sheet as a whole; the forms of its sections are generated."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from wtforms import SelectField

from portal.ethics.questionnaires.field_forms import SectionForm, make_section_form_classes
from portal.ethics.readiness_sheets.definition_documents import read_definitions_by_kind_and_edition
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import day_field
from portal.platform.web.template_filters import day
from portal.sprints.prototypes.models import PrototypeVersion

NO_VERSION = 0


@cache
def section_form_classes() -> Mapping[tuple[str, int, str], type[SectionForm]]:
    """Form classes by kind, edition and section key, generated once."""
    return {
        (kind, edition, section): form
        for kind, by_edition in read_definitions_by_kind_and_edition().items()
        for edition, definition in by_edition.items()
        for section, form in make_section_form_classes(definition).items()
    }


class _PrototypeVersionFields(Form):
    prototype = SelectField(
        _l("Version du prototype"),
        coerce=int,
        description=_l("Ce que dit la fiche vaut pour cette version, et pas pour les suivantes."),
    )

    def __init__(self, versions: Sequence[PrototypeVersion], *args: Any, **usual: Any) -> None:
        super().__init__(*args, **usual)
        self.versions = {version.number: version for version in versions}
        labelled: list[tuple[int, str | LazyString]] = [
            (n, _("Version %(n)s, %(day)s", n=n, day=day(version.released_on)))
            for n, version in self.versions.items()
        ]
        self.prototype.choices = build_choices_from_pairs([*labelled, (NO_VERSION, _l("Pas encore dit"))])

    def selected_version(self) -> PrototypeVersion | None:
        return self.versions.get(self.prototype.data)


class BeginVersionSheetForm(_PrototypeVersionFields, CreateForm):
    """Starts a sheet about one version of the prototype."""


class BeginSheetForm(CreateForm):
    """Starts a sheet about the project."""

    def selected_version(self) -> PrototypeVersion | None:
        return None


class SheetPrototypeVersionForm(_PrototypeVersionFields, EditForm):
    """The version of the prototype that a sheet is about."""

    def make_form_from_stored(self, row: Any) -> Form:
        numbers = {version.id: n for n, version in self.versions.items()}
        number = numbers.get(row.prototype_version_id, NO_VERSION)
        data = {"prototype": number, "version": row.version}
        return SheetPrototypeVersionForm(list(self.versions.values()), formdata=None, data=data)


class CompleteSheetForm(EditForm):
    """The date of completion."""

    completed_on = day_field(_l("Complète le"))
