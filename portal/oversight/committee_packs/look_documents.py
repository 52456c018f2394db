"""How the health of a team looks in a pack, and its word."""

from portal.oversight.health.definition_rules import HealthLevel
from portal.oversight.health.labels import LEVELS
from portal.oversight.health.state_rules import HealthSnapshot
from portal.platform.kernel.text import gettext as _

RESTING = "end"  # the look of projects that do not go on
LOOKS = {
    HealthLevel.ALERT: "alert",
    HealthLevel.WATCH: "warn",
    HealthLevel.FINE: "ok",
    HealthLevel.UNKNOWN: "early",
}


def get_health_look(health: HealthSnapshot | None) -> str:
    """The look of a team’s health; that of `RESTING` for a project that does not go on."""
    if health is None:
        return LOOKS[HealthLevel.UNKNOWN]
    return LOOKS[health.level] if health.facts.goes_on else RESTING


def list_look_labels() -> list[tuple[str, str]]:
    """The looks of health with their words, the worst first."""
    levels = [(LOOKS[level], str(LEVELS[level][0])) for level in LOOKS]
    return [*levels, (RESTING, _("N’est plus en cours"))]
