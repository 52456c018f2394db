"""Signals on alert in a reader's digest, by the sentences of the pages."""

from collections.abc import Sequence

from portal.communication.notifications.digest_queries import DigestLine, DigestSection
from portal.oversight.health.alert_queries import list_unattended_alerts
from portal.oversight.health.labels import signal_sentence
from portal.platform.kernel.access import Actor
from portal.platform.kernel.text import lazy_gettext as _l


def list_alert_lines(actor: Actor) -> Sequence[DigestLine]:
    """A line a team: its first signal on alert in nobody's charge."""
    return [
        DigestLine(
            alert.project.short_name,
            signal_sentence(alert.signal, alert.state),
            f"/projects/{alert.project.slug}/health",
        )
        for alert in list_unattended_alerts(actor)
    ]


SECTION = DigestSection(_l("Alertes que personne ne suit encore"), list_alert_lines)
