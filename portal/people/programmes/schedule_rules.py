"""Days that a programme allows, and what else must fit between its first and its last."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from portal.people.programmes.models import Programme
from portal.platform.kernel import clock
from portal.platform.kernel.clock import DUE_AHEAD_MAX
from portal.platform.kernel.contributions import Contribution, list_contributions
from portal.platform.kernel.errors import RuleBroken, require_warning_seen
from portal.platform.kernel.months import months_after
from portal.platform.kernel.text import format_day
from portal.platform.kernel.text import gettext as _

ProgrammeDays = tuple[date, date]  # its first and last days


def running_first(programmes: Iterable[Programme]) -> list[Programme]:
    """In the order in which people need them, so that they land on the first: those that run today, the
    last begun first; those to come, the next first; those that ended, the last begun first."""
    today = clock.today()

    def order(programme: Programme) -> tuple[int, int, str]:
        begun = programme.starts_on.toordinal()
        if programme.starts_on > today:
            return 1, begun, programme.slug
        return (2 if programme.ends_on < today else 0), -begun, programme.slug

    return sorted(programmes, key=order)


@dataclass(frozen=True)
class TeamsOutsideNewDays(Contribution):
    """Names the teams whose days were within the first days given and are not within the second."""

    list_moved_out: Callable[[UUID, ProgrammeDays, ProgrammeDays], Sequence[str]]


@dataclass(frozen=True)
class StepsAfterEndSource(Contribution):
    """Names what a programme plans in a month after a number of months."""

    list_after: Callable[[UUID, int], Sequence[str]]


def require_steps_inside(programme_id: UUID, months: int, months_before: int, confirmed: bool | str) -> None:
    """Raise `RuleBroken` on `knowingly` when a programme made shorter plans something after its end,
    until the actor has seen what (`require_warning_seen`)."""
    if months >= months_before:
        return
    names = [
        name
        for steps in list_contributions(StepsAfterEndSource)
        for name in steps.list_after(programme_id, months)
    ]
    if names:
        sentence = _(
            "Ces jalons resteraient prévus après la fin du programme : %(gates)s. Changez ensuite leur mois.",
            gates=", ".join(names),
        )
        require_warning_seen("knowingly", sentence, confirmed)


def suggest_support_start(programme_days: ProgrammeDays, today: date) -> date:
    """The first day of a new team's support: the programme's, and from its second month on today, so
    that a team that joins later is not late at once. The programme's too once it is over."""
    first, last = programme_days
    return today if months_after(first, 1) <= today < last else first


def suggest_support_end(programme_days: ProgrammeDays, months: int, starts_on: date) -> date:
    """The last day of a new team's support: the programme's for a team that starts with it; for one that
    joins later, as many months as the programme lasts from its own first day."""
    first, last = programme_days
    return last if starts_on <= first else months_after(starts_on, months) - timedelta(days=1)


def require_day_not_long_after_end(field: str, day: date, ends_on: date) -> None:
    """Raise `RuleBroken` on the field for a day more than two years after the programme's last."""
    if day > ends_on + timedelta(days=DUE_AHEAD_MAX):
        sentence = _("C’est plus de deux ans après la fin du programme : donnez une date plus proche.")
        raise RuleBroken(field, sentence)


def require_past_day_of_programme(field: str, day: date, starts_on: date, today: date) -> None:
    """Raise `RuleBroken` on the field for a day after today, or before the programme's first."""
    require_day_not_future(field, day, today)
    if starts_on > today:
        sentence = _("Le programme ne commence que le %(first)s.", first=format_day(starts_on))
        raise RuleBroken(field, sentence)
    require_day_not_before_start(field, day, starts_on)


def require_day_not_future(field: str, day: date, today: date) -> None:
    """Raise `RuleBroken` on the field for a day after today."""
    if day > today:
        raise RuleBroken(field, _("Ce jour n’est pas encore venu."))


def require_day_not_before_start(field: str, day: date, starts_on: date) -> None:
    """Raise `RuleBroken` on the field for a day before the programme's first."""
    if day < starts_on:
        sentence = _(
            "Le programme commence le %(first)s : donnez ce jour-là ou un jour d’après.",
            first=format_day(starts_on),
        )
        raise RuleBroken(field, sentence)
