"""Acts in place on what waits for a decision: what features offer on its lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal.platform.kernel.access import Actor
from portal.platform.kernel.contributions import Contribution
from portal.platform.web.base_form import Form
from portal.project.projects.to_decide_rules import WaitingLine

Options = Sequence[tuple[str, str]]  # value and label, or name and value


@dataclass(frozen=True, kw_only=True)
class InPlaceAct:
    """An act on a line, as plain values: a page may hold a hundred of them.

    `context` is what one reads before filling it. `code` is what `submit` takes, `label` the button.
    `hidden` are the names and values that tell what the reader saw. Its one field is `field`, a choice
    among `options` or a text; `buttons` are the values of the field `outcome`, each sent by a button of
    its own. With `path` it is a link to the page where it is done.
    """

    label: str
    code: str = ""
    path: str = ""
    hidden: Options = (("version", "0"),)
    context: str = ""
    field: str = ""
    field_label: str = ""
    options: Options = ()
    buttons: Options = ()
    is_folded: bool = False
    is_main: bool = False


@dataclass(frozen=True, kw_only=True)
class SubmittedAct:
    """An act that somebody sent: its form, what it does with the values, what to say then.

    `stored` is the row as it is now, shown beside a stale text."""

    form: Form
    command: Callable[[dict[str, Any]], object]
    message: str
    stored: object = None


@dataclass(frozen=True, eq=False, kw_only=True)
class InPlaceActs(Contribution):
    """The acts of one `WaitingKind`, by its `code`.

    `offer` returns the acts of the shown lines, in their order, in a constant number of statements.
    `submit` opens the row of an act in the actor's scope; raises `NotFound`, `NotAllowed`.
    """

    code: str
    offer: Callable[[Actor, Sequence[WaitingLine]], Sequence[Sequence[InPlaceAct]]]
    submit: Callable[[Actor, UUID, str], SubmittedAct]
