"""Sentences on joins of accounts."""

from portal.communication.account_joins.queries import JoinObstacle, ObstacleKind
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l

OWN_ACCOUNT = _l("L’un de ces comptes est le vôtre : un autre administrateur les réunit.")
_OBSTACLES: dict[ObstacleKind, LazyString] = {
    ObstacleKind.SAME: _l("C’est le même compte."),
    ObstacleKind.NOBODY: _l(
        "%(what)s : ce compte est effacé, déjà réuni à un autre, ou celui d’une machine."
    ),
    ObstacleKind.ERASURE: _l("%(what)s : l’effacement est demandé. Terminez-le ou retirez-le d’abord."),
    ObstacleKind.CLOSED: _l(
        "%(what)s : ce compte est fermé, il ne peut pas être celui qui reste. Rouvrez-le, ou gardez l’autre."
    ),
    ObstacleKind.INDEPENDENCE: _l(
        "%(what)s : la même personne serait à la fois dans l’équipe et parmi ceux qui l’accompagnent ou"
        " la relisent. Retirez d’abord l’un des rôles."
    ),
    ObstacleKind.CONTENT: _l(
        "%(what)s : les deux comptes ont chacun leur part de la même chose (%(num)s fois)."
        " N’en garder qu’une perdrait ce que l’autre a écrit."
    ),
    ObstacleKind.UNFINISHED: _l(
        "%(what)s : les deux comptes ont signé un acte qui attend encore une autre personne (%(num)s fois)."
        " Terminez-le d’abord."
    ),
}


def obstacle_sentence(obstacle: JoinObstacle) -> str:
    """Why two accounts cannot be joined, and what would help."""
    return str(_OBSTACLES[obstacle.kind]) % {"what": obstacle.detail, "num": obstacle.count}
