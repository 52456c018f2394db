"""Health on a project's page: the sentence, what would turn it green, the weather of the team."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.oversight.health import labels, remedy_labels
from portal.oversight.health.definition_rules import HealthLevel
from portal.oversight.health.navigation_views import signal_remedy_url
from portal.oversight.health.state_rules import HealthSnapshot
from portal.platform.kernel.text import gettext as _
from portal.platform.web.template_filters import ago
from portal.project.projects import policy
from portal.project.projects.models import Project

_LOOKS = {
    HealthLevel.ALERT: "alert",
    HealthLevel.WATCH: "warn",
    HealthLevel.FINE: "ok",
    HealthLevel.UNKNOWN: "early",
}


@dataclass(frozen=True)
class HealthReason:
    """A raised signal: why, what would turn it green and where, who is in charge of it (`carer`) and what
    they do about it (`charge`)."""

    why: str
    remedy: str
    url: str
    carer: str
    charge: str


@dataclass(frozen=True)
class HealthPanel:
    """Health in words; `look` is the class of its mark, `weather` what the team declares,
    `override` how the programme's lead sees the project, both beside the signals."""

    label: str
    look: str
    reasons: Sequence[HealthReason] = ()
    weather: str = ""
    override: str = ""


def build_health_panel(project: Project, state: HealthSnapshot | None) -> HealthPanel | None:
    """None once the project is over or paused."""
    if not policy.is_project_active(project):
        return None
    if state is None:
        return HealthPanel(str(labels.LEVELS[HealthLevel.UNKNOWN][0]), _LOOKS[HealthLevel.UNKNOWN])
    reasons = [
        HealthReason(
            labels.signal_sentence(signal, state),
            remedy_labels.remedy(signal, state),
            signal_remedy_url(project.slug, signal, state),
            remedy_labels.describe_carer(signal, state),
            remedy_labels.describe_charge(signal, state),
        )
        for signal in state.reasons
    ]
    weather = ""
    if state.weather is not None:
        outlook = labels.OUTLOOKS_IN_SHORT[state.weather.outlook]
        weather = _("%(outlook)s, %(when)s", outlook=outlook, when=ago(state.weather.at))
    override = ""
    if state.override is not None:
        level = labels.OVERRIDE_LEVELS[state.override.level]
        override = _("%(level)s : %(text)s", level=level, text=state.override.text)
    label = str(labels.LEVELS[state.level][0])
    return HealthPanel(label, _LOOKS[state.level], reasons, weather, override)
