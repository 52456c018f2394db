"""What archives bring to the application."""

from portal.app.archives import departure_views, jobs, notifications, table_labels, views
from portal.app.archives.departure_commands import mark_departures_due
from portal.app.archives.departure_models import FormerRole, ProgrammeDeparture
from portal.app.archives.departure_queries import (
    TERM_DAYS,
    TERM_KEY,
    build_departure_due_condition,
    list_announced_removals,
    list_departed_programmes,
)
from portal.app.archives.models import ProgrammeArchive
from portal.people.privacy.unused_rules import FIRST_NOTICE
from portal.people.programmes.notice_labels import DepartedProgrammeSource
from portal.platform.kernel.personal_data import (
    ErasureStep,
    PersonalDataset,
    TextPageSource,
    build_personal_tables_to_delete,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.retention import AnnouncedRemovalSource, RetentionGroup, RetentionRule
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

_DOWNLOADS = (at_most("60 per hour", own_session),)
FEATURE = Feature(
    blueprints=(views.bp, departure_views.bp),
    sensitive=(
        "archives.index",
        "archives.request_archive",
        "archives.download",
        "departures.download",
        "departures.download_payments",
    ),
    limits={
        "archives.request_archive": (at_most("10 per day", own_session),),
        "archives.download": _DOWNLOADS,
        "departures.download": _DOWNLOADS,
        "departures.download_payments": _DOWNLOADS,
    },
    sections=(DepartedProgrammeSource(list_departed_programmes, departure_views.show_departed_programme),),
    notifications=(*notifications.KINDS, *notifications.RULES),
    personal_data=(
        PersonalDataset(
            "archives",
            _l("Archives de programmes demandées"),
            build_personal_tables_to_keep(ProgrammeArchive),
        ),
        PersonalDataset(
            "former_roles",
            _l("Rôles dans des programmes partis"),
            build_personal_tables_to_delete(FormerRole),
        ),
        TextPageSource(table_labels.row_kind_label, lambda _actor, _table, _ids: {}),
        ErasureStep(after=jobs.expire_archives_after_erasure),
    ),
    retention=(
        RetentionRule(
            key=TERM_KEY,
            group=RetentionGroup.PROGRAMMES,
            title=_l("Programmes clos et archivés : tout leur contenu, sauf l’archive et les comptes"),
            reason=_l(
                "Répondre aux questions jusqu’au bilan, puis ne garder que l’archive ;"
                " l’argent reste, comme la comptabilité le demande"
            ),
            days=TERM_DAYS,
            model=ProgrammeDeparture,
            is_over=build_departure_due_condition,
            programme=ProgrammeDeparture.programme_id,
            forget=mark_departures_due,
            least=FIRST_NOTICE.days,
            least_reason=_l("Au moins 30 jours : sa direction est prévenue trente puis sept jours avant."),
        ),
        AnnouncedRemovalSource(list_announced_removals),
    ),
)
