"""Forms of an import: the upload, columns and words, decisions on lines."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from wtforms import FileField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import NumberRange, ValidationError

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.tables.csv_file import (
    FILE_MAX,
    TOO_LARGE,
    CsvIntake,
    UnreadableFile,
    read_layout,
)
from portal.platform.web.base_form import VERSION_MAX, CreateForm, Form, build_choices_from_pairs
from portal.platform.web.uploads import StreamedUpload
from portal.sprints.backlog.labels import KINDS
from portal.sprints.backlog_import import labels
from portal.sprints.backlog_import.choice_rules import ImportChoices
from portal.sprints.backlog_import.commands import StagedFile
from portal.sprints.backlog_import.mapping_rules import WORDS_MAX
from portal.sprints.backlog_import.models import BacklogImport
from portal.sprints.backlog_import.team_rules import TeamMemberIndex
from portal.sprints.backlog_import.tool_rules import ImportField, count_recognised_names


class BacklogUploadForm(CreateForm):
    """Upload a file."""

    csv = FileField(
        _l("Fichier CSV"),
        description=_l("10 Mo et 20 000 lignes au plus."),
        render_kw={
            "accept": ".csv,.tsv,.txt,text/csv,text/tab-separated-values",
            "data-largest": FILE_MAX,
            "data-too-large": LazyString(labels.refusal_sentence, *TOO_LARGE),
        },
    )

    def read_upload(self, backlog_url: str) -> StagedFile:
        """The file for a backlog at an absolute URL. Raises `RuleBroken` on `csv`."""
        return read_staged_file(self.csv.data, backlog_url, field="csv")


def read_staged_file(upload: Any, backlog_url: str, *, field: str) -> StagedFile:
    """An uploaded file, as it is staged. Raises `RuleBroken` on `field`."""
    if not isinstance(getattr(upload, "stream", None), StreamedUpload) or not upload.filename:
        raise RuleBroken(field, _("Choisissez un fichier."))
    intake: CsvIntake = upload.stream.meter
    try:
        content, encoding = intake.finish()
        layout = read_layout(content, encoding, count_recognised_names)
    except UnreadableFile as refused:
        raise RuleBroken(field, labels.refusal_sentence(refused.code, refused.facts)) from None
    return StagedFile(
        name=upload.filename, size=intake.size, content=content, layout=layout, backlog_url=backlog_url
    )


class _DecisionValuesField(SelectMultipleField):
    """Values of checkboxes and hidden fields, validated by a pattern."""

    takes_several = True
    data: Any

    def pre_validate(self, _form: Any) -> None:
        for text in self.data or ():
            if not _DECISION_PATTERN.fullmatch(text):
                raise ValidationError(_("Cette ligne n’est pas reconnue : rechargez la page."))


_DECISION_PATTERN = re.compile(r"\d{1,6}(:[a-z]{1,20})?")


class OverwriteDecisionsForm(Form):
    """Decide which fields changed here the file overwrites: on the lines of a page, or on all.

    `seen` is the round of the comparison that was read, `shown` the positions of its lines, `take`
    holds `position:field`.
    """

    seen = IntegerField(validators=[NumberRange(1, VERSION_MAX)])
    shown = _DecisionValuesField(_l("Lignes"), choices=[], validate_choice=False)
    take = _DecisionValuesField(_l("Prendre du fichier"), choices=[], validate_choice=False)
    every = SelectField(
        _l("Pour toutes les lignes"),
        choices=build_choices_from_pairs((name, name) for name in ("", "take", "keep")),
        default="",
    )

    def positions(self) -> list[int]:
        return [int(text.partition(":")[0]) for text in self.shown.data or ()]

    def read_overwrites(self) -> dict[int, set[str]]:
        """The names of the fields to overwrite, by position."""
        fields_by_position: dict[int, set[str]] = {}
        for text in self.take.data or ():
            position, _colon, name = text.partition(":")
            fields_by_position.setdefault(int(position), set()).add(name)
        return fields_by_position


def column_choice_field_name(field: ImportField) -> str:
    """The name of the form field that chooses the column of an import field."""
    return f"column_{field.value}"


class ImportChoicesForm(Form):
    """Choose the column of a field and the meaning of a word (added by `build_form_class_for_import`)."""

    words_of: ClassVar[Sequence[tuple[str, str, str]]] = ()  # (field's name, kind of word, word)
    has_unmatched_people = False  # a name in the file is nobody's, and the team did not say whose

    @classmethod
    def build_form_class_for_import(
        cls, imported: BacklogImport, team: Sequence[tuple[UUID, str]]
    ) -> "type[ImportChoicesForm]":
        """The form for an import into the backlog of a team, given as ids and names."""
        columns = [("", _("Aucune colonne")), *_list_column_choices(imported.names)]
        fields: dict[str, Any] = {
            column_choice_field_name(field): SelectField(
                labels.FIELDS[field], choices=build_choices_from_pairs(columns)
            )
            for field in ImportField
        }
        word_fields = []
        people: list[tuple[str, object]] = [("", _("À personne"))]
        people += [(str(id_), name) for id_, name in team]
        choices_by_kind = {"states": _list_state_choices(), "kinds": _list_kind_choices(), "people": people}
        for kind, word_choices in choices_by_kind.items():
            word_counts: dict[str, int] = imported.words.get(kind, {})
            for n, (word, count) in enumerate(list(word_counts.items())[:WORDS_MAX]):
                name = f"{kind}_{n}"
                label = _("« %(word)s » (%(n)s fois)", word=word, n=count)
                fields[name] = SelectField(label, choices=build_choices_from_pairs(word_choices))
                word_fields.append((name, kind, word))
        return type(cls.__name__, (cls,), fields | {"words_of": tuple(word_fields)})

    @classmethod
    def build_form_from_import(
        cls, imported: BacklogImport, team: Sequence[tuple[UUID, str]], index: TeamMemberIndex
    ) -> "ImportChoicesForm":
        """The form, filled with the current choices, and with who a name that was never answered may be."""
        form_class = cls.build_form_class_for_import(imported, team)
        choices = ImportChoices.from_json(imported.choices)
        places = {name: str(n) for n, name in reversed(list(enumerate(imported.names)))}
        data: dict[str, Any] = {
            column_choice_field_name(f): places[name] for f, name in choices.columns.items()
        }
        finders = {"states": choices.find_state, "kinds": choices.find_kind, "people": choices.find_person}
        for name, kind, word in form_class.words_of:
            data[name] = str(finders[kind](word) or "")
        unmatched = {
            name: word
            for name, kind, word in form_class.words_of
            if kind == "people" and choices.find_person(word) is None
        }
        proposals = {name: index.propose_person_id(word) or "" for name, word in unmatched.items()}
        form = form_class(formdata=None, data=data | proposals)
        form.has_unmatched_people = bool(unmatched)
        for name in filter(proposals.get, proposals):
            form[name].description = _("Proposé d’après son adresse : « Comparer à nouveau » le retient.")
        return form

    def choices(self, imported: BacklogImport) -> ImportChoices:
        """The choices; earlier ones for words that are not in this file stay."""
        values = self.values
        columns = {
            field: imported.names[int(place)]
            for field in ImportField
            if (place := values[column_choice_field_name(field)])
        }
        words: dict[str, dict[str, str]] = {"states": {}, "kinds": {}, "people": {}}
        for name, kind, word in self.words_of:
            words[kind][word] = values[name]
        return ImportChoices.from_json(imported.choices).renewed(columns, **words)

    @property
    def states(self) -> list[Any]:
        return [self[name] for name, kind, _word in self.words_of if kind == "states"]

    @property
    def kinds(self) -> list[Any]:
        return [self[name] for name, kind, _word in self.words_of if kind == "kinds"]

    @property
    def people(self) -> list[Any]:
        return [self[name] for name, kind, _word in self.words_of if kind == "people"]

    @property
    def columns(self) -> list[Any]:
        return [self[column_choice_field_name(field)] for field in ImportField]


def _list_column_choices(names: Sequence[str]) -> list[tuple[str, object]]:
    """Each column name once, by the position of its first column."""
    first = {name: str(n) for n, name in reversed(list(enumerate(names)))}
    return [(first[name], labels.column_label(name, names)) for name in dict.fromkeys(names)]


def _list_state_choices() -> list[tuple[str, object]]:
    return [("", _("À choisir")), *((str(k), v) for k, v in labels.MEANINGS.items())]


def _list_kind_choices() -> list[tuple[str, object]]:
    return [("", _("Sans effet sur la nature")), *((k.value, v) for k, v in KINDS.items())]
