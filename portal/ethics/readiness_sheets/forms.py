"""What a person types about a sheet as a whole; its sections are forms of their own."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from portal.ethics.questionnaires.section_forms import SectionForm, make_section_forms
from portal.ethics.readiness_sheets.definition_documents import editions
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import (
    CreateForm,
    EditForm,
    Form,
    choices_of,
    validate_plausible_date,
)
from portal.platform.web.template_filters import day
from portal.sprints.prototypes.models import PrototypeVersion

NO_VERSION = 0


@cache
def section_forms() -> Mapping[tuple[str, int, str], type[SectionForm]]:
    """Made once for all editions, by kind, edition and section."""
    return {
        (kind, edition, section): form
        for kind, them in editions().items()
        for edition, definition in them.items()
        for section, form in make_section_forms(definition).items()
    }


class _VersionFields(Form):
    prototype = SelectField(
        _l("Version du prototype"),
        coerce=int,
        description=_l("Ce que dit la fiche vaut pour cette version, et pas pour les suivantes."),
    )

    def __init__(self, versions: Sequence[PrototypeVersion], *args: Any, **usual: Any) -> None:
        super().__init__(*args, **usual)
        self.versions = {version.number: version for version in versions}
        named: list[tuple[int, str | LazyString]] = [
            (n, _("Version %(n)s, %(day)s", n=n, day=day(prototype_version.released_on)))
            for n, prototype_version in self.versions.items()
        ]
        self.prototype.choices = choices_of([*named, (NO_VERSION, _l("Pas encore dit"))])

    def selected_version(self) -> PrototypeVersion | None:
        return self.versions.get(self.prototype.data)


class BeginVersionSheetForm(_VersionFields, CreateForm):
    """Begins a sheet that holds for one version of the prototype."""


class BeginSheetForm(CreateForm):
    """Begins a sheet that holds for the project."""

    def selected_version(self) -> PrototypeVersion | None:
        return None


class SheetVersionForm(_VersionFields, EditForm):
    """Which version a sheet is about."""

    def as_stored(self, row: Any) -> Form:
        of = [n for n, version in self.versions.items() if version.id == row.prototype_version_id]
        data = {"prototype": of[0] if of else NO_VERSION, "version": row.version}
        return SheetVersionForm(list(self.versions.values()), formdata=None, data=data)


class CompleteSheetForm(EditForm):
    """The day on which the team says that the sheet is complete."""

    completed_on = DateField(
        _l("Complète le"), [InputRequired(_l("Donnez une date.")), validate_plausible_date]
    )


class SheetUpgradeForm(EditForm):
    """To the latest edition; nothing to say beside it."""
