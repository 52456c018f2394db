"""What the feature "rounds" brings to the application."""

from functools import partial

from portal.platform.kernel.personal_data import (
    PersonalDataset,
    SharedTextTable,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature, ProjectMenuEntry
from portal.platform.web.rate_limits import CountEffectOfSuccess, at_most, network, own_session
from portal.platform.web.uploads import READ_FACTOR, SmallUpload, UploadEndpoint
from portal.project.projects.attachment_queries import ProjectAttachmentKind
from portal.user_tests.rounds import (
    api,
    commands,
    consent_views,
    export_views,
    import_api,
    import_views,
    link_views,
    participant_views,
    removal_views,
    section_views,
    session_views,
    task_views,
    views,
)
from portal.user_tests.rounds.import_forms import FILE_MAX
from portal.user_tests.rounds.import_models import ResultsImport
from portal.user_tests.rounds.import_retention_commands import UPLOADS
from portal.user_tests.rounds.models import TestRound
from portal.user_tests.rounds.retention_queries import SESSIONS
from portal.user_tests.rounds.search import SEARCH
from portal.user_tests.rounds.session_models import ParticipantLink, ScaleAnswer, TestSession

FEATURE = Feature(
    api=(api.area, import_api.area),
    search=SEARCH,
    blueprints=(
        views.bp,
        task_views.bp,
        consent_views.bp,
        session_views.bp,
        link_views.bp,
        participant_views.bp,
        export_views.bp,
        import_views.bp,
        removal_views.bp,
    ),
    public=("participant.questions", "participant.reply"),
    sensitive=("test_results.export",),
    limits={
        "participant.questions": (at_most("300 per 15 minutes", network),),
        "participant.reply": (at_most("100 per 15 minutes", network, CountEffectOfSuccess.IS_GIVEN_BACK),),
        "participant_links.make": (at_most("60 per 15 minutes", own_session),),
        "test_results.export": (at_most("120 per hour", own_session),),
        "result_imports.upload": (at_most("60 per hour", own_session),),
        "result_imports.as_csv": (at_most("120 per hour", own_session),),
        "result_imports.as_xlsx": (at_most("120 per hour", own_session),),
        "consent.download": (at_most("120 per hour", own_session),),
    },
    uploads=dict.fromkeys(
        ("result_imports.upload", "api.stage_result_import"),
        UploadEndpoint(READ_FACTOR * FILE_MAX, partial(SmallUpload, FILE_MAX)),
    ),
    navigation=dict.fromkeys(
        (
            "rounds",
            "test_tasks",
            "consent",
            "test_sessions",
            "participant_links",
            "test_results",
            "result_imports",
            "round_removal",
        ),
        ProjectMenuEntry.TESTS,
    ),
    sections=(section_views.PROJECT_SECTION, section_views.SPRINT_SECTION, section_views.VERSION_TRIALS),
    attachments=(
        ProjectAttachmentKind(TestRound, _l("Série de tests %(n)s"), "rounds.page"),
        ProjectAttachmentKind(TestSession, _l("Séance P%(n)s"), "test_sessions.page", is_untraced=True),
    ),
    places={
        "rounds.record_access_needs": "rounds.page",
        "rounds.change": "rounds.page",
        "rounds.copy": "rounds.page",
        "rounds.history": "rounds.page",
        "round_removal.remove": "rounds.page",
        "rounds.plan": "rounds.index",
        "consent.change": "consent.page",
    },
    retention=(UPLOADS, SESSIONS),
    personal_data=(
        PersonalDataset(
            "user_tests",
            _l("Séances de test observées"),
            build_personal_tables_to_keep(TestSession, ParticipantLink, ScaleAnswer, ResultsImport),
        ),
        SharedTextTable(TestRound, (commands.PLANNED, commands.COPIED)),
    ),
)
