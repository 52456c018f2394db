"""Forms of items, and the handles by which lists name items."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from uuid import UUID

from wtforms import SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import VERSION_MAX, CreateForm, EditForm, Form, build_choices_from_pairs
from portal.platform.web.form_fields import integer_field, line_field
from portal.sprints.backlog.commands import ItemFacts
from portal.sprints.backlog.entry_rules import parse_item_lines
from portal.sprints.backlog.labels import KINDS, STATES
from portal.sprints.backlog.models import POINTS_MAX, REASON_MAX, TEXT_MAX, TITLE_MAX, ItemKind, Iteration
from portal.sprints.backlog.order_commands import ItemPosition

LINES_MAX = 20_000
TOP, BOTTOM, SPRINT = "top", "bottom", "sprint-"
_HANDLE = re.compile(r"(\d{1,5})-(\d{1,10})")


@dataclass(frozen=True)
class ItemHandle:
    """An item by its number, with the version that the page showed."""

    number: int
    version: int


def parse_item_handle(text: str | None) -> ItemHandle:
    """Raises `ValidationError` for a malformed handle."""
    match = _HANDLE.fullmatch(text or "")
    if match is None or int(match[2]) > VERSION_MAX:
        raise ValidationError(_("Cet élément n’est pas reconnu : rechargez la page."))
    return ItemHandle(int(match[1]), int(match[2]))


class ItemHandlesField(SelectMultipleField):
    """The ticked items of a list."""

    takes_several = True
    data: Any

    def pre_validate(self, _form: Any) -> None:
        for text in self.data or ():
            parse_item_handle(text)

    @property
    def handles(self) -> list[ItemHandle]:
        return [parse_item_handle(text) for text in self.data or ()]


def list_target_choices(iterations: Sequence[Iteration]) -> list[tuple[str, object]]:
    """The choices of « Où ? »: open sprints, then both ends of the backlog."""
    sprints = [
        (f"{SPRINT}{iteration.number}", _("Sprint %(number)s", number=iteration.number))
        for iteration in iterations
    ]
    return [*sprints, (TOP, _("Carnet, en premier")), (BOTTOM, _("Carnet, en dernier"))]


def parse_target_sprint(target: str) -> int | None:
    """The number of the sprint that a choice names; None for the backlog."""
    return int(target.removeprefix(SPRINT)) if target.startswith(SPRINT) else None


class _TargetFields(Form):
    to = SelectField(_l("Où ?"), default=BOTTOM)

    def set_target_choices(self, iterations: Sequence[Iteration]) -> None:
        self.to.choices = build_choices_from_pairs(list_target_choices(iterations))


class _LinesFields(Form):
    lines = TextAreaField(
        _l("Un élément par ligne"), [DataRequired(_l("Écrivez au moins une ligne.")), Length(max=LINES_MAX)]
    )

    def item_texts(self) -> list[ItemFacts]:
        return [
            ItemFacts(title=line.title, kind=line.kind, points=line.points)
            for line in parse_item_lines(self.lines.data or "")
        ]


class AddForm(_LinesFields, _TargetFields, CreateForm):
    """Fast entry: one item per line."""


class SplitForm(_LinesFields, EditForm, CreateForm):
    """Split an item: its parts, one per line, and the points that it keeps."""

    points = integer_field(_l("Points qui restent à cet élément"), 0, POINTS_MAX)


class ArrangeForm(_TargetFields):
    """The form of a list: move ticked items to a target, or one item to another place.

    `place` is the value of a row's button: `12-3:before:11`, the item's handle and its new place.
    """

    items = ItemHandlesField(_l("Éléments choisis"), choices=[], validate_choice=False)
    place = StringField(_l("Place"))

    def validate_place(self, field: StringField) -> None:
        if field.data:
            self.parse_place()

    def validate_items(self, field: ItemHandlesField) -> None:
        if not field.data and not self.place.data:
            raise ValidationError(_("Cochez au moins un élément."))

    def parse_place(self) -> tuple[ItemHandle, ItemPosition, int | None]:
        """The item, its new position, and the number of the other item, if any.

        Raises `ValidationError`.
        """
        handle, _colon, where = (self.place.data or "").partition(":")
        place, _colon, other = where.partition(":")
        if place not in set(ItemPosition) or not re.fullmatch(r"\d{0,5}", other):
            raise ValidationError(_("Cette place n’est pas reconnue : rechargez la page."))
        return parse_item_handle(handle), ItemPosition(place), int(other) if other else None


class EditItemForm(EditForm):
    """Edit an item; `build_form_class_for_team` sets the possible assignees."""

    people: ClassVar[Sequence[tuple[UUID, str]]] = ()

    title = line_field(_l("Titre"), TITLE_MAX, required=_l("Donnez un titre."))
    kind = SelectField(_l("Nature"), choices=build_choices_from_pairs(KINDS), coerce=ItemKind)
    points = integer_field(_l("Points"), 0, POINTS_MAX)
    assignee_id = SelectField(_l("Qui s’en occupe ?"))
    description = TextAreaField(_l("Description"), [Length(max=TEXT_MAX)])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = [(str(id_), name) for id_, name in self.people]
        self.assignee_id.choices = build_choices_from_pairs([("", _("Personne pour l’instant")), *named])

    @classmethod
    def build_form_class_for_team(cls, people: Sequence[tuple[UUID, str]]) -> "type[EditItemForm]":
        return type(cls.__name__, (cls,), {"people": people})

    def item_facts(self) -> ItemFacts:
        assignee_id = self.assignee_id.data
        return ItemFacts(**self.values | {"assignee_id": UUID(assignee_id) if assignee_id else None})


class BlockForm(EditForm):
    """Block an item, with a reason."""

    reason = line_field(
        _l("Qu’est-ce qui bloque ?"),
        REASON_MAX,
        required=_l("Dites ce qui bloque : c’est ce que vos coachs liront."),
    )


class MoveItemForm(_TargetFields, EditForm):
    """Move one item to a target."""


class ItemStateForm(EditForm):
    """A button of an item's page that changes its state."""

    state = SelectField(_l("État"), choices=build_choices_from_pairs(STATES))


class ItemActionForm(EditForm):
    """A button that sends only the version that was read."""


class DropItemForm(EditForm, CreateForm):
    """Confirm that an item is dropped; idempotent by its form key."""
