"""Sentences about webhooks and their deliveries."""

from portal.api.webhooks.models import DeliveryState, PauseReason, WebhookDelivery
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

STATES: dict[DeliveryState, LazyString] = {
    DeliveryState.WAITING: _l("En attente"),
    DeliveryState.DELIVERED: _l("Reçu"),
    DeliveryState.FAILED: _l("Non reçu"),
}
# Why a delivery was not received, by the code of `OutgoingFailed`, where no status tells it.
FAULTS: dict[str, LazyString] = {
    "paused": _l("webhook en pause"),
    "network": _l("pas de connexion"),
    "timeout": _l("pas de réponse à temps"),
    "unresolved": _l("nom introuvable"),
    "private": _l("adresse d’un réseau privé"),
    "insecure": _l("adresse sans https"),
    "port": _l("port refusé"),
    "url": _l("adresse refusée"),
    "host": _l("adresse refusée"),
    "redirect": _l("redirection refusée"),
    "too_large": _l("réponse trop longue"),
    "encoding": _l("réponse illisible"),
}
# Of an address that is refused before it is resolved, by the code of `RefusedAddress`.
REFUSED_ADDRESSES: dict[str, LazyString] = {
    "url": _l("Donnez une adresse complète, sans nom ni mot de passe, qui commence par https://."),
    "insecure": _l("Donnez une adresse qui commence par https://."),
    "port": _l("Ce port n’est pas permis : employez 443, ou un port à partir de 1024."),
    "private": _l("Cette adresse est celle d’un réseau privé : le portail n’y envoie rien."),
}
PAUSES: dict[PauseReason, LazyString] = {
    PauseReason.ASKED: _l("En pause, à votre demande."),
    PauseReason.CLOSED: _l("En pause : le destinataire a répondu qu’il n’existe plus (410)."),
    PauseReason.FAILING: _l("En pause : un envoi a échoué dix fois, pendant trois jours."),
}


def delivery_state(delivery: WebhookDelivery) -> str:
    """What became of a delivery, and why where that is known: « Non reçu (réponse 500) »."""
    state = str(STATES[delivery.state])
    if not delivery.fault:
        return state
    answered = _("réponse %(status)s", status=delivery.fault)
    return f"{state} ({FAULTS.get(delivery.fault, answered)})"
