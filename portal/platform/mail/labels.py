"""Labels of mail states and explanations of delivery problems."""

from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.mail.queries import LetterState

STATES: dict[LetterState, LazyString] = {
    LetterState.GIVEN_UP: _l("Abandonnés"),
    LetterState.WAITING: _l("En attente"),
    LetterState.SENT: _l("Partis"),
}
BADGES: dict[LetterState, tuple[LazyString, str]] = {
    LetterState.GIVEN_UP: (_l("Abandonné"), "error"),
    LetterState.WAITING: (_l("En attente"), "info"),
    LetterState.SENT: (_l("Parti"), "success"),
}
_KNOWN_PROBLEMS: dict[str, LazyString] = {
    "unfinished": _l("L’envoi a été interrompu à chaque essai."),
    "TimeoutError": _l("Le serveur de courriel ne répond pas."),
    "ConnectionRefusedError": _l("Le serveur de courriel refuse la connexion."),
    "gaierror": _l("Le nom du serveur de courriel est introuvable."),
    "SMTPServerDisconnected": _l("Le serveur de courriel a coupé la connexion."),
    "SSLCertVerificationError": _l("Le certificat du serveur de courriel n’est pas reconnu."),
    "SMTPNotSupportedError": _l("Le serveur de courriel ne sait pas faire ce qui lui est demandé."),
}


def describe_problem(text: str) -> str:
    """A sentence for a stored problem; an SMTP server's answer is quoted."""
    if not text:
        return ""
    if text.startswith("not written"):
        return _("Le courriel n’a pas pu être rédigé (%(fault)s).", fault=text.partition(": ")[2])
    if text in _KNOWN_PROBLEMS:
        return str(_KNOWN_PROBLEMS[text])
    if text[:3].isdigit():
        return _("Le serveur de courriel a répondu « %(text)s ».", text=text)
    return _("L’envoi a échoué (%(fault)s).", fault=text)
