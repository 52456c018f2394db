"""Labels of the directory: states, sort orders, filters, places and events."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from portal.communication.calendar import commands as links
from portal.communication.directory.history_queries import AccountEvent
from portal.communication.directory.queries import (
    AccountState,
    CurrentRole,
    DirectorySort,
    RoleScopeNames,
    get_scope_names_by_id,
)
from portal.people.accounts import address_commands, join_commands, reset_commands, session_commands
from portal.people.accounts import commands as accounts
from portal.people.privacy import erasing_commands as erasing
from portal.people.proconnect import commands as proconnect
from portal.people.programmes import role_commands as roles
from portal.people.programmes.models import ScopeKind
from portal.people.programmes.policy import ROLE_LABELS
from portal.people.second_factor import commands as factors
from portal.people.second_factor import reset_commands as factor_resets
from portal.platform.kernel.text import LazyString, lower_first
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l

STATES: dict[AccountState, LazyString] = {
    AccountState.OPEN: _l("Ouvert"),
    AccountState.UNUSED: _l("Jamais utilisé"),
    AccountState.CLOSED: _l("Fermé"),
    AccountState.ERASED: _l("Effacé"),
}
BADGES: dict[AccountState, str | None] = {
    AccountState.OPEN: "success",
    AccountState.UNUSED: None,
    AccountState.CLOSED: "error",
    AccountState.ERASED: None,
}
SORTS: dict[DirectorySort, LazyString] = {
    DirectorySort.NAME: _l("Nom"),
    DirectorySort.LAST_SEEN: _l("Dernier passage"),
    DirectorySort.CREATED: _l("Compte le plus récent"),
}
FILTERS: dict[str, LazyString] = {
    "q": _l("Nom ou adresse"),
    "state": _l("Compte"),
    "role": _l("Rôle"),
    "programme": _l("Programme"),
    "sort": _l("Trier par"),
    "page": _l("Page"),
}
EVENT_LABELS: dict[str, LazyString] = {
    accounts.CREATED.code: _l("Compte créé"),
    accounts.SIGNED_IN.code: _l("Connexion"),
    accounts.GAVE_PASSWORD.code: _l("Mot de passe accepté, second facteur attendu"),
    accounts.SIGNED_OUT.code: _l("Déconnexion"),
    session_commands.PROVED.code: _l("Identité confirmée"),
    session_commands.SIGN_IN_FAILED.code: _l("Connexion refusée"),
    accounts.CHANGED_PROFILE.code: _l("Profil modifié"),
    accounts.CHANGED_PASSWORD.code: _l("Mot de passe changé"),
    accounts.RESET_PASSWORD.code: _l("Mot de passe remplacé"),
    reset_commands.REQUESTED.code: _l("Nouveau mot de passe demandé"),
    address_commands.REQUESTED.code: _l("Changement d’adresse demandé"),
    address_commands.CONFIRMED.code: _l("Changement d’adresse confirmé"),
    address_commands.CHANGED.code: _l("Adresse changée"),
    address_commands.CANCELLED.code: _l("Changement d’adresse abandonné"),
    address_commands.REFUSED.code: _l("Changement d’adresse refusé"),
    accounts.CLOSED_SESSION.code: _l("Session fermée"),
    accounts.CLOSED_SESSIONS.code: _l("Sessions fermées"),
    accounts.DISABLED.code: _l("Compte fermé"),
    accounts.ENABLED.code: _l("Compte rouvert"),
    erasing.ERASED.code: _l("Compte effacé"),
    factors.ENROLLED.code: _l("Second facteur mis en place"),
    factors.ADDED.code: _l("Second facteur ajouté"),
    factors.REMOVED.code: _l("Second facteur retiré"),
    factors.RENEWED_CODES.code: _l("Codes de secours refaits"),
    factors.RECOVERED.code: _l("Ouvert par un code de secours"),
    factor_resets.REQUESTED.code: _l("Retrait du second facteur demandé"),
    factor_resets.APPLIED.code: _l("Second facteur retiré par deux administrateurs"),
    factor_resets.APPLIED_ON_MACHINE.code: _l("Second facteur retiré sur la machine"),
    factor_resets.REFUSED.code: _l("Retrait du second facteur refusé"),
    factor_resets.WITHDRAWN.code: _l("Demande de retrait du second facteur abandonnée"),
    proconnect.LINKED.code: _l("Compte ProConnect relié"),
    proconnect.UNLINKED.code: _l("Compte ProConnect délié"),
    links.CREATED.code: _l("Lien de calendrier créé"),
    links.REVOKED.code: _l("Lien de calendrier retiré"),
    join_commands.JOINED.code: _l("Réuni avec un autre compte"),
    roles.GRANTED.code: _l("Rôle reçu"),
    roles.ASSIGNED.code: _l("Rôle donné"),
    roles.ENDED.code: _l("Rôle retiré"),
    roles.LEFT.code: _l("Rôle quitté"),
}


def role_scope_label(place: RoleScopeNames) -> str:
    """Where a role applies: « CHU de Toulouse, AMI IA 2019 », or the whole portal."""
    if place.kind is ScopeKind.INSTALLATION:
        return _("Tout le portail")
    return f"{place.project}, {place.programme}" if place.project else place.programme


def role_scope_labels_by_id(scope_ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The same by the ids of scopes."""
    return {id_: role_scope_label(place) for id_, place in get_scope_names_by_id(scope_ids).items()}


def role_label(role: CurrentRole) -> str:
    """For example "Coach, technique"."""
    label = str(ROLE_LABELS[role.assignment.role])
    return f"{label}, {lower_first(role.track.name)}" if role.track else label


def event_label(event: AccountEvent) -> str:
    """For example "Rôle donné : Coach, AMI IA 2019", or "Compte fermé (ancienne@adresse.example)"."""
    sentence = str(EVENT_LABELS.get(event.action, event.action))
    if event.account:
        return f"{sentence} ({event.account})"
    if event.role is None or event.place is None:
        return sentence
    role, place = ROLE_LABELS[event.role], role_scope_label(event.place)
    return _("%(deed)s : %(role)s, %(place)s", deed=sentence, role=role, place=place)
