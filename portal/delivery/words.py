"""The words for letters: their states, and what went wrong with them."""

from portal.delivery.queries import State
from portal.kernel.text import LazyString
from portal.kernel.text import gettext as _
from portal.kernel.text import lazy_gettext as _l

STATES: dict[State, LazyString] = {
    State.GIVEN_UP: _l("Abandonnés"),
    State.WAITING: _l("En attente"),
    State.SENT: _l("Partis"),
}
BADGES: dict[State, tuple[LazyString, str]] = {
    State.GIVEN_UP: (_l("Abandonné"), "error"),
    State.WAITING: (_l("En attente"), "info"),
    State.SENT: (_l("Parti"), "success"),
}
_OF_OURS: dict[str, LazyString] = {
    "unfinished": _l("L’envoi a été interrompu à chaque essai."),
    "TimeoutError": _l("Le serveur de courriel ne répond pas."),
    "ConnectionRefusedError": _l("Le serveur de courriel refuse la connexion."),
    "gaierror": _l("Le nom du serveur de courriel est introuvable."),
    "SMTPServerDisconnected": _l("Le serveur de courriel a coupé la connexion."),
    "SSLCertVerificationError": _l("Le certificat du serveur de courriel n’est pas reconnu."),
    "SMTPNotSupportedError": _l("Le serveur de courriel ne sait pas faire ce qui lui est demandé."),
}


def problem(text: str) -> str:
    """What a person can do something with; a server's own words are quoted."""
    if not text:
        return ""
    if text.startswith("not written"):
        return _("Le courriel n’a pas pu être rédigé (%(fault)s).", fault=text.partition(": ")[2])
    if text in _OF_OURS:
        return str(_OF_OURS[text])
    if text[:3].isdigit():
        return _("Le serveur de courriel a répondu « %(text)s ».", text=text)
    return _("L’envoi a échoué (%(fault)s).", fault=text)
