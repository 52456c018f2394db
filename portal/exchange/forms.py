"""What a person chooses about a file: which one, what its columns and words are, to confirm."""

import re
from collections.abc import Sequence
from typing import Any, ClassVar

from wtforms import FileField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import NumberRange, ValidationError

from portal.backlog.models import Kind
from portal.backlog.words import KINDS
from portal.exchange import words
from portal.exchange.mapping import WORDS_MAX, Choices
from portal.exchange.models import BacklogImport
from portal.exchange.reading import FILE_MAX, TOO_LARGE, Intake, Layout, NotReadable, read_layout
from portal.exchange.tools import Field, kind_of, plain
from portal.kernel.errors import RuleBroken
from portal.kernel.text import LazyString
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l
from portal.web.forms import VERSION_MAX, CreateForm, Form, choices_of
from portal.web.passing import Passed


class UploadForm(CreateForm):
    """One file."""

    csv = FileField(
        _l("Fichier CSV"),
        description=_l("10 Mo et 20 000 lignes au plus."),
        render_kw={
            "accept": ".csv,.tsv,.txt,text/csv,text/tab-separated-values",
            "data-largest": FILE_MAX,
            "data-too-large": LazyString(words.refusal, *TOO_LARGE),
        },
    )

    def read(self) -> tuple[str, int, bytes, Layout]:
        """Its name, size, packed content and layout. Raises `RuleBroken` on `csv`."""
        given = self.csv.data
        if not isinstance(getattr(given, "stream", None), Passed) or not given.filename:
            raise RuleBroken("csv", _("Choisissez un fichier."))
        intake: Intake = given.stream.meter
        try:
            content, encoding = intake.finish()
            layout = read_layout(content, encoding)
        except NotReadable as refused:
            raise RuleBroken("csv", words.refusal(refused.code, refused.facts)) from None
        return given.filename, intake.size, content, layout


class _SeveralField(SelectMultipleField):
    """Values of boxes and hidden fields that are checked by their shape."""

    takes_several = True
    data: Any

    def pre_validate(self, _form: Any) -> None:
        for text in self.data or ():
            if not _DECISION.fullmatch(text):
                raise ValidationError(_("Cette ligne n’est pas reconnue : rechargez la page."))


_DECISION = re.compile(r"\d{1,6}(:[a-z]{1,20})?")


class DecisionsForm(Form):
    """For the lines shown: which fields changed here the file overwrites; or for all of them.

    `seen` is the comparison that was read.
    """

    seen = IntegerField(validators=[NumberRange(1, VERSION_MAX)])
    shown = _SeveralField(_l("Lignes"), choices=[], validate_choice=False)
    take = _SeveralField(_l("Prendre du fichier"), choices=[], validate_choice=False)
    every = SelectField(
        _l("Pour toutes les lignes"),
        choices=choices_of((name, name) for name in ("", "take", "keep")),
        default="",
    )

    def positions(self) -> list[int]:
        return [int(text.partition(":")[0]) for text in self.shown.data or ()]

    def takes(self) -> dict[int, set[str]]:
        """By position, the names of the fields."""
        found: dict[int, set[str]] = {}
        for text in self.take.data or ():
            position, _colon, name = text.partition(":")
            found.setdefault(int(position), set()).add(name)
        return found


def column_of(field: Field) -> str:
    """What the choice of a field's column is called in the form."""
    return f"column_{field.value}"


class ChoicesForm(Form):
    """A choice for each field and for each word of the file; `of` makes it for one import."""

    words_of: ClassVar[Sequence[tuple[str, str, str]]] = ()  # (field's name, kind of word, word)

    @classmethod
    def of(cls, imported: BacklogImport) -> "type[ChoicesForm]":
        columns = [("", _("Aucune colonne")), *_columns(imported.names)]
        made: dict[str, Any] = {
            column_of(field): SelectField(words.FIELDS[field], choices=choices_of(columns))
            for field in Field
        }
        asked = []
        for kind, offered in (("states", _states), ("kinds", _kinds)):
            found: dict[str, int] = imported.words.get(kind, {})
            for n, (word, count) in enumerate(list(found.items())[:WORDS_MAX]):
                name = f"{kind}_{n}"
                label = _("« %(word)s » (%(n)s fois)", word=word, n=count)
                made[name] = SelectField(label, choices=choices_of(offered()))
                asked.append((name, kind, word))
        return type(cls.__name__, (cls,), made | {"words_of": tuple(asked)})

    @classmethod
    def filled(cls, imported: BacklogImport) -> "ChoicesForm":
        """As things are chosen now."""
        made = cls.of(imported)
        chosen = Choices.from_json(imported.choices)
        places = {name: str(n) for n, name in reversed(list(enumerate(imported.names)))}
        data: dict[str, Any] = {column_of(f): places[name] for f, name in chosen.columns.items()}
        for name, kind, word in made.words_of:
            means = chosen.state(word) if kind == "states" else chosen.kind(word)
            data[name] = str(means or "")
        return made(formdata=None, data=data)

    def choices(self, imported: BacklogImport) -> Choices:
        """What was chosen; what was chosen before for words that are not in this file stays."""
        values = self.values
        columns = {
            field: imported.names[int(place)]
            for field in Field
            if (place := values[column_of(field)])
        }
        kept = Choices.from_json(imported.choices)
        states, kinds = dict(kept.states), dict(kept.kinds)
        for name, kind, word in self.words_of:
            if kind == "states" and values[name]:
                states[plain(word)] = values[name]
            elif kind == "kinds":
                _choose_kind(kinds, word, values[name])
        return Choices(columns, states, kinds)

    @property
    def states(self) -> list[Any]:
        return [self[name] for name, kind, _word in self.words_of if kind == "states"]

    @property
    def kinds(self) -> list[Any]:
        return [self[name] for name, kind, _word in self.words_of if kind == "kinds"]

    @property
    def columns(self) -> list[Any]:
        return [self[column_of(field)] for field in Field]


def _choose_kind(kinds: dict[str, Kind | None], word: str, value: str) -> None:
    """Kept where it is not what the word means by itself."""
    kind = Kind(value) if value else None
    if kind is kind_of(word):
        kinds.pop(plain(word), None)
    else:
        kinds[plain(word)] = kind


def _columns(names: Sequence[str]) -> list[tuple[str, object]]:
    """Each name once, by the place of its first column."""
    first = {name: str(n) for n, name in reversed(list(enumerate(names)))}
    return [(first[name], words.column(name, names)) for name in dict.fromkeys(names)]


def _states() -> list[tuple[str, object]]:
    return [("", _("À choisir")), *((str(k), v) for k, v in words.MEANINGS.items())]


def _kinds() -> list[tuple[str, object]]:
    return [("", _("Sans effet sur la nature")), *((k.value, v) for k, v in KINDS.items())]
