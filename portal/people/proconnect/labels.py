"""Sentences about sign-ins that did not end well."""

from portal.people.accounts.models import Person
from portal.people.proconnect import queries
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

_SENTENCES: dict[str, LazyString] = {
    "down": _l("ProConnect ne répond pas. Réessayez dans un moment, ou connectez-vous autrement."),
    "answer": _l("ProConnect a donné une réponse que le portail ne comprend pas. Réessayez."),
    "issuer": _l("Ce n’est pas le service ProConnect que le portail connaît. Prévenez un administrateur."),
    "signature": _l("La réponse n’est pas signée par ProConnect. Rien n’a été ouvert."),
    "claims": _l("La réponse de ProConnect n’est pas pour ce portail, ou elle est trop ancienne. Réessayez."),
    "subject": _l("ProConnect a parlé de deux personnes à la fois. Rien n’a été ouvert. Réessayez."),
    "acr_missing": _l("ProConnect ne dit pas comment vous vous êtes identifié. Réessayez."),
    "replayed": _l(
        "Cette réponse de ProConnect ne vaut plus : elle a déjà servi, elle est trop ancienne, ou votre "
        "session a changé depuis. Recommencez."
    ),
    "session_ended": _l(
        "La session du portail qui l’avait demandé n’est plus ouverte ici. Connectez-vous, puis recommencez."
    ),
    "other_person": _l("Ce compte ProConnect n’ouvre pas le compte du portail où vous êtes connecté."),
    "one_factor": _l("ProConnect ne vous a pas demandé deux facteurs : cela ne suffit pas pour confirmer."),
    "stale": _l(
        "Vous vous êtes identifié avec ProConnect il y a plus de quinze minutes. Identifiez-vous de "
        "nouveau là-bas pour confirmer."
    ),
    "other_address": _l(
        "Cette invitation est pour une autre adresse que celle de votre compte ProConnect. Demandez à être "
        "invité à cette adresse-là, ou ouvrez l’invitation avec un mot de passe."
    ),
    "closed": _l("Votre compte du portail est fermé. Adressez-vous à un administrateur."),
    "access_denied": _l("Vous avez renoncé à vous identifier avec ProConnect."),
    "login_required": _l("Il faut vous identifier avec ProConnect."),
    "Y000400": _l("ProConnect n’a pas accepté la demande du portail. Prévenez un administrateur."),
    "Y500015": _l("Votre fournisseur d’identité n’est pas ouvert à ce portail dans ProConnect."),
}


def identity_label(email: str | None) -> str:
    """The name of a linked account: its address, where the provider gave it."""
    return _("Compte ProConnect %(email)s", email=email) if email else _("Compte ProConnect")


def list_identity_labels(person: Person) -> list[str]:
    """The linked accounts that open a person's account whatever its password."""
    return [identity_label(identity.email) for identity in queries.list_identities_of(person.id)]


def failure_sentence(code: str, detail: str = "") -> str:
    """The sentence of a failure; an error of the provider that has none is named."""
    if code == "acr_unknown":
        return _(
            "Le portail ne connaît pas le niveau d’identification « %(acr)s » de ProConnect.", acr=detail
        )
    if code in _SENTENCES:
        return str(_SENTENCES[code])
    return _("ProConnect a répondu par l’erreur %(code)s. Réessayez.", code=code)
