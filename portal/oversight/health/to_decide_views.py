"""Links from silent coaches and stale gates, on the page of what is to decide, to where each is
settled."""

from collections.abc import Mapping, Sequence
from functools import partial
from urllib.parse import urlencode
from uuid import UUID

from portal.oversight.health import policy
from portal.oversight.health.definition_rules import SignalCode
from portal.oversight.health.silent_coach_queries import count_silent_days_by_project, list_silent_coach_loads
from portal.oversight.health.to_decide_labels import COACHES, COACHLESS, STALE
from portal.platform.kernel.access import Actor
from portal.platform.kernel.errors import NotFound
from portal.platform.kernel.text import gettext as _
from portal.project.projects.to_decide_rules import WaitingLine
from portal.project.projects.to_decide_views import InPlaceAct, InPlaceActs, SubmittedAct


def offer_acts_on_silent_coaches(
    _actor: Actor, lines: Sequence[WaitingLine], code: SignalCode = SignalCode.NO_CONTACT
) -> Sequence[Sequence[InPlaceAct]]:
    """See the coaches whom the team does not see, what they carry and when they last came; where the silent
    tracks have none, assign one; or say what is done about it."""
    charge = f"health/{code.value}/charge"
    with_tracks = [line.project.id for line in lines] if code is SignalCode.NO_CONTACT else []
    silent = count_silent_days_by_project(with_tracks)
    loads = list_silent_coach_loads(with_tracks) if with_tracks else {}
    return [
        [
            InPlaceAct(label=_("Voir les coachs…"), path=f"/coaches#team-{line.project.slug}", is_main=True)
            if loads.get(line.project.id)
            else InPlaceAct(
                label=_("Affecter un coach…"),
                path=_build_assignment_path(line.project.slug, silent.get(line.project.id, {})),
                is_main=True,
            ),
            InPlaceAct(label=_("S’engager…"), path=f"/projects/{line.project.slug}/{charge}"),
        ]
        for line in lines
    ]


def _build_assignment_path(slug: str, days_by_track: Mapping[str, int]) -> str:
    """The form that assigns a coach, at the track that is silent for longest, if any is."""
    track = next(iter(days_by_track), "")  # the longest first
    query = f"?{urlencode({'track': track})}" if track else ""
    return f"/projects/{slug}/team{query}#coach"


def offer_acts_on_stale_gates(actor: Actor, lines: Sequence[WaitingLine]) -> Sequence[Sequence[InPlaceAct]]:
    """Look again at one's own, on the page that shows the evidence; coaches and leads say what is
    done about others."""
    charge = f"health/{SignalCode.GATE_STALE.value}/charge"
    look, lack = _("Regarder de nouveau…"), _("Voir ce qui manque")
    return [
        [InPlaceAct(label=look if line.is_ready else lack, path=line.path, is_main=True)]
        if line.is_own
        else [InPlaceAct(label=_("S’engager…"), path=f"/projects/{line.project.slug}/{charge}")]
        if policy.may_take_charge(actor, line.project)
        else []
        for line in lines
    ]


def refuse_submitted_act(_actor: Actor, _id: UUID, _act: str) -> SubmittedAct:
    """These acts have pages of their own. Raises `NotFound`."""
    raise NotFound


ACTS = (
    InPlaceActs(code=COACHES, offer=offer_acts_on_silent_coaches, submit=refuse_submitted_act),
    InPlaceActs(
        code=COACHLESS,
        offer=partial(offer_acts_on_silent_coaches, code=SignalCode.KEY_ROLE),
        submit=refuse_submitted_act,
    ),
    InPlaceActs(code=STALE, offer=offer_acts_on_stale_gates, submit=refuse_submitted_act),
)
