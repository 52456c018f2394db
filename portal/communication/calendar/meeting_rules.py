"""What a meeting needs."""

from portal.platform.kernel.errors import RuleBroken
from portal.platform.kernel.text import gettext as _


def require_hour_for_duration(hour: str, duration: int | None) -> None:
    """Raise `RuleBroken` on `hour` for a length that begins at none."""
    if duration is not None and not hour:
        raise RuleBroken("hour", _("Donnez l’heure à laquelle elle commence."))
