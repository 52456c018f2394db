"""Names of the areas of the API, and what a token's scope allows, as a sentence."""

from collections.abc import Sequence

from portal.api.tokens.models import ApiToken
from portal.api.tokens.queries import TokenLine
from portal.platform.kernel.text import LazyString, format_day
from portal.platform.kernel.text import gettext as _
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.api_versions import get_api_version

AREAS: dict[str, LazyString] = {
    "projects": _l("Programmes et projets"),
    "sprints": _l("Sprints"),
    "backlog": _l("Carnet"),
    "discussions": _l("Messages"),
    "tests": _l("Tests et constats"),
    "ethics": _l("Éthique"),
    "coaching": _l("Accompagnement"),
    "oversight": _l("Jalons, santé et portefeuille"),
    "selection": _l("Appels et candidatures"),
    "funding": _l("Financement"),
    "personal": _l("Notifications et recherche"),
    "webhooks": _l("Webhooks"),
    "administration": _l("Administration"),
}


def scope_sentence(line: TokenLine, *, is_own: bool = True) -> str:
    """What a token may do, and where: « Lire et écrire · Sprints · AMI IA 2018 »."""
    everywhere = _("partout où vous avez un rôle") if is_own else _("partout où cette personne a un rôle")
    where = line.programme.name if line.programme else everywhere
    return f"{describe_token_rights(line.token)} · {where}"


def describe_token_rights(token: ApiToken) -> str:
    """What a token may do, and by which version of the API where that is an earlier one:
    « Lire et écrire · Sprints »."""
    rights = _("Lire et écrire") if token.can_write else _("Lire")
    scope = f"{rights} · {_join_area_names(token.areas)}"
    version = get_api_version(token.api_version)
    if version.sunset_on is None:
        return scope
    until = format_day(version.sunset_on)
    return f"{scope} · " + _(
        "version %(version)s de l’API, jusqu’au %(day)s", version=version.name, day=until
    )


def _join_area_names(areas: Sequence[str]) -> str:
    return ", ".join(str(AREAS[area]) for area in areas if area in AREAS) or _("tous les domaines")
