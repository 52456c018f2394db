"""What the feature "privacy" brings to the application."""

from portal.people.privacy import erasure_views, retention_views, views
from portal.people.privacy.erasure_models import Erasure, ErasureMention
from portal.people.privacy.models import DataExport, ExportStage
from portal.people.privacy.retention_models import UnusedAccountWarning
from portal.people.privacy.retention_queries import list_terms_for_privacy_notice
from portal.platform.kernel.personal_data import (
    ErasureEffect,
    PersonalDataset,
    PersonalTable,
    PersonalTextRedaction,
    build_personal_tables_to_delete,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.retention import RetentionGroup, RetentionRule, RetentionTermReader
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import at_most, own_session

FEATURE = Feature(
    blueprints=(views.bp, erasure_views.bp, retention_views.bp),
    sensitive=(
        "privacy.request_export",
        "privacy.download",
        "erasures.ask_page",
        "erasures.ask",
        "erasures.ask_for_page",
        "erasures.ask_on_behalf",
        "erasures.decide_mentions",
        "erasures.approve_page",
        "erasures.approve",
        "retention.term_page",
        "retention.change",
        "retention.programme_term_page",
        "retention.change_for_programme",
    ),
    limits={
        "privacy.request_export": (at_most("5 per day", own_session),),
        "privacy.download": (at_most("60 per hour", own_session),),
    },
    personal_data=(
        PersonalDataset(
            "privacy",
            _l("Exports de données"),
            (
                PersonalTable(model=DataExport, effect=ErasureEffect.DELETED, secrets=("key",)),
                *build_personal_tables_to_keep(Erasure, ErasureMention),
                *build_personal_tables_to_delete(UnusedAccountWarning),
            ),
        ),
        PersonalTextRedaction(model=ErasureMention, is_copy=True),  # reasons that quote the name
    ),
    retention=(
        RetentionRule(
            key="data_exports",
            group=RetentionGroup.ACCOUNTS,
            title=_l("Traces d’exports : quand, et rien de leur contenu"),
            reason=_l("Savoir que l’on a emporté ses données ; le fichier, lui, part au bout d’une semaine"),
            days=365,
            model=DataExport,
            is_over=lambda before: (
                DataExport.stage.in_([ExportStage.EXPIRED, ExportStage.FAILED])
                & (DataExport.created_at < before)
            ),
        ),
        RetentionTermReader(list_terms_for_privacy_notice),
    ),
)
