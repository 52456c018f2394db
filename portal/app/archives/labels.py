"""Words of archives, and of programmes whose content leaves."""

from collections.abc import Callable, Mapping

from portal.app.archives.models import ArchiveStage
from portal.platform.kernel.text import LazyString, ngettext
from portal.platform.kernel.text import lazy_gettext as _l

STAGES: dict[ArchiveStage, tuple[LazyString, str]] = {
    ArchiveStage.WAITING: (_l("En préparation"), "info"),
    ArchiveStage.READY: (_l("Prête"), "success"),
    ArchiveStage.FAILED: (_l("Pas faite"), "error"),
    ArchiveStage.EXPIRED: (_l("Retirée"), "info"),
}
_STATISTICS: Mapping[str, Callable[[int], str]] = {
    "finished": lambda n: ngettext("%(num)s projet terminé", "%(num)s projets terminés", n),
    "stopped": lambda n: ngettext("%(num)s projet arrêté", "%(num)s projets arrêtés", n),
    "sprint": lambda n: ngettext("%(num)s sprint", "%(num)s sprints", n),
    "item": lambda n: ngettext("%(num)s élément de carnet", "%(num)s éléments de carnet", n),
    "test_round": lambda n: ngettext("%(num)s série de tests", "%(num)s séries de tests", n),
    "review": lambda n: ngettext("%(num)s revue éthique", "%(num)s revues éthiques", n),
    "gate_decision": lambda n: ngettext("%(num)s décision de jalon", "%(num)s décisions de jalon", n),
    "recommendation": lambda n: ngettext("%(num)s recommandation", "%(num)s recommandations", n),
    "comment": lambda n: ngettext("%(num)s message", "%(num)s messages", n),
    "attachment": lambda n: ngettext("%(num)s fichier", "%(num)s fichiers", n),
    "application": lambda n: ngettext("%(num)s candidature", "%(num)s candidatures", n),
}


def list_row_count_lines(counts: Mapping[str, int]) -> list[str]:
    """What a programme held, a line each, from its rows by table."""
    return [word(counts[name]) for name, word in _STATISTICS.items() if counts.get(name)]
