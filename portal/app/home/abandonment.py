"""An abandonment that its sponsor has not confirmed, among what waits in a project."""

from collections.abc import Iterable

from portal.app.home.duty import DutyButton, TeamDuty
from portal.funding.agreements.gate_queries import find_sponsor_id
from portal.funding.agreements.policy import reads_amounts
from portal.funding.change_requests.policy import can_confirm_abandonment, can_file_request
from portal.funding.change_requests.queries import find_abandonment_to_confirm
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import gettext as _
from portal.platform.web.template_filters import ago
from portal.platform.web.urls import path_to
from portal.project.projects.models import Project
from portal.project.projects.path_rules import row_path


def list_abandonment_duties(actor: Actor, project: Project) -> Iterable[TeamDuty]:
    """The sponsor's confirmation, or the sponsor to name first, for whoever reads the request."""
    change = find_abandonment_to_confirm(project) if reads_amounts(actor, project) else None
    if change is None:
        return
    sponsor_id, url = find_sponsor_id(project), row_path(project, change)
    if sponsor_id in {None, change.filed_by_id}:
        roles = path_to("gate_facts.note_key_roles", slug=project.slug)
        is_own, who, act = (
            can_file_request(actor, project),
            _("Au porteur"),
            DutyButton(_("Nommer un autre sponsor"), roles),
        )
    else:
        is_own, who = can_confirm_abandonment(actor, change, sponsor_id), _("Au sponsor")
        act = DutyButton(_("Lire et confirmer"), url)
    yield TeamDuty(
        text=_("Confirmer l’abandon du projet"),
        url=url,
        note=_("demandé %(when)s, à confirmer par le sponsor", when=ago(change.created_at)),
        is_own=is_own,
        who=who,
        acts=(act,) if is_own else (),
    )
