"""Sentences about webhooks and their deliveries."""

from portal.api.webhooks.models import DeliveryState, PauseReason
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l

STATES: dict[DeliveryState, LazyString] = {
    DeliveryState.WAITING: _l("En attente"),
    DeliveryState.DELIVERED: _l("Reçu"),
    DeliveryState.FAILED: _l("Non reçu"),
}
PAUSES: dict[PauseReason, LazyString] = {
    PauseReason.ASKED: _l("En pause, à votre demande."),
    PauseReason.CLOSED: _l("En pause : le destinataire a répondu qu’il n’existe plus (410)."),
    PauseReason.FAILING: _l("En pause : un envoi a échoué dix fois, pendant trois jours."),
}
