"""What comes next for a coach or an ethics reviewer who has no team in a programme yet."""

from collections.abc import Sequence
from uuid import UUID

from portal.people.programmes import newcomer_queries, policy
from portal.people.programmes.models import Programme
from portal.platform.kernel.access import Actor, Role
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.urls import path_to

COACH, REVIEWER = policy.POOL
ACTIVITIES: dict[Role, LazyString] = {
    COACH: _l(
        "Sur la page d’une équipe, un coach tient et note ses séances, commente, recommande, et accepte ou"
        " refuse les jalons de son volet."
    ),
    REVIEWER: _l(
        "Un relecteur lit les revues éthiques remises, répond section par section, et décide avec des motifs."
    ),
}
GUIDES: dict[Role, tuple[str, LazyString]] = {
    COACH: ("coachs", _l("Le guide des coachs")),
    REVIEWER: ("relecture", _l("Le guide des relecteurs")),
}


def describe_next_steps(actor: Actor, programme: Programme) -> Sequence[tuple[str, str, str, str]]:
    """For each role of the actor that waits for a first team: who gives it, what is done in that role, and
    the path and name of its guide."""
    roles = newcomer_queries.list_roles_without_team(actor, programme)
    return [
        (
            describe_awaited_team([programme.id], role),
            str(ACTIVITIES[role]),
            path_to("guides.page", guide=guide),
            str(name),
        )
        for role in roles
        for guide, name in [GUIDES[role]]
    ]


def describe_awaited_team(programme_ids: Sequence[UUID], role: Role = COACH) -> str:
    """Who will give a first team to a coach, or a review to a reviewer, by name."""
    names = newcomer_queries.list_lead_names(programme_ids)
    who = ", ".join(names) or _("La direction de programme")
    count = max(1, len(names))
    if role is REVIEWER:
        return ngettext(
            "%(who)s vous confiera la relecture d’une équipe ; vous serez prévenu par notification.",
            "%(who)s vous confieront la relecture d’une équipe ; vous serez prévenu par notification.",
            count,
            who=who,
        )
    return ngettext(
        "%(who)s vous confiera une équipe, sur un volet ; vous serez prévenu par notification.",
        "%(who)s vous confieront une équipe, sur un volet ; vous serez prévenu par notification.",
        count,
        who=who,
    )
