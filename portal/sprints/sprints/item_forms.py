"""Forms of a sprint's items: a line to add, the buttons of the board, and the choice of its scope."""

from wtforms import StringField
from wtforms.validators import ValidationError

from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import CreateForm, Form
from portal.platform.web.form_fields import line_field
from portal.sprints.backlog.commands import ItemFacts
from portal.sprints.backlog.entry_rules import parse_item_lines
from portal.sprints.backlog.flow_rules import ItemState
from portal.sprints.backlog.forms import ItemHandle, ItemHandlesField, parse_item_handle
from portal.sprints.backlog.models import TITLE_MAX


class QuickAddForm(CreateForm):
    """A line that becomes an item of the sprint."""

    title = line_field(_l("Nouvel élément"), TITLE_MAX, required=_l("Écrivez au moins une ligne."))

    def item_texts(self) -> list[ItemFacts]:
        return [
            ItemFacts(title=line.title, kind=line.kind, points=line.points)
            for line in parse_item_lines(self.title.data or "")
        ]


class BoardForm(Form):
    """A card's button: `12-3:done`, the item's handle and its new state."""

    move = StringField(_l("Mouvement"))

    def validate_move(self, _field: StringField) -> None:
        self.parse_move()

    def parse_move(self) -> tuple[ItemHandle, ItemState]:
        """Raises `ValidationError` for an unknown state or handle."""
        handle, _colon, state = (self.move.data or "").partition(":")
        if state not in set(ItemState):
            raise ValidationError(_("Ce mouvement n’est pas reconnu : rechargez la page."))
        return parse_item_handle(handle), ItemState(state)


class ScopeForm(Form):
    """Ticked items go into the sprint; or the button of one row sends its item `back`."""

    items = ItemHandlesField(_l("Éléments choisis"), choices=[], validate_choice=False)
    back = StringField(_l("Remettre au carnet"))

    def validate_items(self, field: ItemHandlesField) -> None:
        if not field.data and not self.back.data:
            raise ValidationError(_("Cochez au moins un élément."))

    def validate_back(self, field: StringField) -> None:
        if field.data:
            parse_item_handle(field.data)

    @property
    def handles(self) -> list[ItemHandle]:
        return [parse_item_handle(self.back.data)] if self.back.data else self.items.handles
