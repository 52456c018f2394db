"""Words of archives."""

from portal.app.archives.models import ArchiveStage
from portal.platform.kernel.text import LazyString
from portal.platform.kernel.text import lazy_gettext as _l

STAGES: dict[ArchiveStage, tuple[LazyString, str]] = {
    ArchiveStage.WAITING: (_l("En préparation"), "info"),
    ArchiveStage.READY: (_l("Prête"), "success"),
    ArchiveStage.FAILED: (_l("Pas faite"), "error"),
    ArchiveStage.EXPIRED: (_l("Retirée"), "info"),
}
