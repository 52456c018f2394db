"""What follows when a laureate becomes a project: how long it is supported, and the places of its call."""

from collections.abc import Sequence
from datetime import date

from portal.platform.kernel.text import format_day, ngettext
from portal.platform.kernel.text import gettext as _
from portal.selection.deliberation.project_commands import SupportFacts


def laureates_beyond_places_sentence(laureates: int, places: int) -> str:
    """That a call has more laureates than places; "" where it has not."""
    if laureates <= places:
        return ""
    return _(
        "L’appel offre %(places)s et compte %(laureates)s lauréates.",
        places=ngettext("%(num)s place", "%(num)s places", places),
        laureates=laureates,
    )


def describe_support_days(support: SupportFacts, programme_ends_on: date) -> Sequence[str]:
    """How long a new team would be supported, and that this goes on after the programme."""
    days = (support.ends_on - support.starts_on).days + 1
    sentences = [
        _(
            "Du %(first)s au %(last)s, l’équipe est accompagnée %(days)s jours : ses jalons s’y comptent.",
            first=format_day(support.starts_on),
            last=format_day(support.ends_on),
            days=days,
        )
    ]
    if support.ends_on > programme_ends_on:
        sentences.append(
            _(
                "Le programme finit le %(day)s : cette équipe finirait après lui.",
                day=format_day(programme_ends_on),
            )
        )
    return sentences
