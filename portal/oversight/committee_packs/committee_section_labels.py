"""The packs of a committee, on its page."""

from collections.abc import Sequence
from datetime import date

from portal.oversight.committee_packs.models import CommitteePack
from portal.oversight.committee_packs.queries import list_completed_packs_until
from portal.oversight.committees.section_queries import CommitteeLink, CommitteePageLinks
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor
from portal.platform.kernel.clock import day_of, today
from portal.platform.kernel.text import format_day, format_moment
from portal.platform.kernel.text import gettext as _
from portal.user_tests.rounds.labels import LANGUAGES


def describe_making(pack: CommitteePack) -> str:
    """« à 9:10 », after its day where that is not the day whose state it holds."""
    hour = format_moment(pack.created_at, "HH:mm")
    made_on = day_of(pack.created_at)
    if made_on == pack.as_of_on:
        return _("à %(hour)s", hour=hour)
    return _("le %(day)s à %(hour)s", day=format_day(made_on), hour=hour)


def list_pack_links(actor: Actor, programme: Programme, held_on: date) -> Sequence[CommitteeLink]:
    """The last packs as of a day up to the committee's, then all of them, and the way to make one as of its
    day, or of today before it."""
    path = f"/programmes/{programme.slug}/packs"
    packs = [
        CommitteeLink(
            _(
                "Dossier de comité, état au %(day)s, fait %(when)s (%(language)s)",
                day=format_day(pack.as_of_on),
                when=describe_making(pack),
                language=LANGUAGES[pack.language],
            ),
            f"{path}/{pack.id}",
        )
        for pack in list_completed_packs_until(actor, programme, held_on)
    ]
    as_of_on = min(held_on, today())
    make = CommitteeLink(_("Préparer un dossier"), f"{path}?on={as_of_on}#new", is_act=True)
    return [*packs, CommitteeLink(_("Tous les dossiers"), path), make]


SECTION = CommitteePageLinks(list_pack_links)
