"""Sentences about webhooks and their deliveries."""

from portal.api.webhooks.models import DeliveryState, PauseReason
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l

STATES: dict[DeliveryState, LazyString] = {
    DeliveryState.WAITING: _l("En attente"),
    DeliveryState.DELIVERED: _l("Reçu"),
    DeliveryState.FAILED: _l("Non reçu"),
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
