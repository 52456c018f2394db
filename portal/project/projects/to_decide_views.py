"""Acts in place on what waits for a decision: the forms that features offer on its lines."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution
from portal.platform.web.base_form import Form
from portal.project.projects.to_decide_rules import WaitingLine


@dataclass(frozen=True, kw_only=True)
class PlaceForm:
    """A form on a line: `act` is the code of what it does and `label` its button.

    `button_field` names a choice whose options are the buttons, instead of `label`. A form with
    `summary` is folded under it.
    """

    act: str
    label: str
    form: Form
    button_field: str = ""
    summary: str = ""


@dataclass(frozen=True, kw_only=True)
class SubmittedAct:
    """An act that somebody sent: its form, what it does with the values, what to say then.

    `stored` is the row as it is now, shown beside a stale text."""

    form: Form
    command: Callable[[dict[str, Any]], object]
    message: str
    stored: object = None


@dataclass(frozen=True, eq=False, kw_only=True)
class PlaceActs(Contribution):
    """The acts of one `WaitingKind`, by its `code`.

    `offer` returns the forms of the shown lines by line id, in a constant number of statements.
    `submit` opens the row of an act in the actor's scope; raises `NotFound`, `NotAllowed`.
    """

    code: str
    offer: Callable[[Actor, Sequence[WaitingLine]], Mapping[UUID, Sequence[PlaceForm]]]
    submit: Callable[[Actor, UUID, str], SubmittedAct]
