"""All features, once.

Their order is that of a project's file, of the kinds of notifications, and of what several features
contribute to one page.
"""

from collections.abc import Mapping
from functools import partial

from portal.api.reference.feature import FEATURE as API_REFERENCE
from portal.api.tokens.feature import FEATURE as API_TOKENS
from portal.api.webhooks.feature import FEATURE as WEBHOOKS
from portal.app.administration.feature import FEATURE as ADMINISTRATION
from portal.app.archives.feature import FEATURE as ARCHIVES
from portal.app.guides.feature import FEATURE as GUIDES
from portal.app.home.feature import FEATURE as HOME
from portal.app.search.feature import FEATURE as SEARCH
from portal.coaching.clinics.feature import FEATURE as CLINICS
from portal.coaching.coach_notes.feature import FEATURE as COACH_NOTES
from portal.coaching.group_sessions.feature import FEATURE as GROUP_SESSIONS
from portal.coaching.recommendations.feature import FEATURE as RECOMMENDATIONS
from portal.coaching.sessions.feature import FEATURE as SESSIONS
from portal.collaboration.discussions.feature import FEATURE as DISCUSSIONS
from portal.collaboration.files.feature import FEATURE as FILES
from portal.collaboration.search.feature import FEATURE as SEARCH_INDEX
from portal.collaboration.search.search import ApiAreasByKind, SearchSource
from portal.communication.account_joins.feature import FEATURE as ACCOUNT_JOINS
from portal.communication.calendar.feature import FEATURE as CALENDAR
from portal.communication.directory.feature import FEATURE as DIRECTORY
from portal.communication.notifications.feature import FEATURE as NOTIFICATIONS
from portal.ethics.readiness_sheets.feature import FEATURE as READINESS_SHEETS
from portal.ethics.rereviews.feature import FEATURE as REREVIEWS
from portal.ethics.reviews.feature import FEATURE as REVIEWS
from portal.ethics.risks.feature import FEATURE as RISKS
from portal.ethics.transparency.feature import FEATURE as TRANSPARENCY
from portal.funding.agreements.feature import FEATURE as AGREEMENTS
from portal.funding.change_requests.feature import FEATURE as FUNDING_CHANGES
from portal.funding.instalments.feature import FEATURE as INSTALMENTS
from portal.funding.operator_desk.feature import FEATURE as OPERATOR_DESK
from portal.funding.reports.feature import FEATURE as FUNDING_REPORTS
from portal.oversight.coach_desk.feature import FEATURE as COACH_DESK
from portal.oversight.committee_packs.feature import FEATURE as COMMITTEE_PACKS
from portal.oversight.committees.feature import FEATURE as COMMITTEES
from portal.oversight.decisions.feature import FEATURE as DECISIONS
from portal.oversight.final_reports.feature import FEATURE as FINAL_REPORTS
from portal.oversight.gates.feature import FEATURE as GATES
from portal.oversight.health.feature import FEATURE as HEALTH
from portal.oversight.open_issues.feature import FEATURE as OPEN_ISSUES
from portal.oversight.portfolio.feature import FEATURE as PORTFOLIO
from portal.oversight.public_cards.feature import FEATURE as PUBLIC_CARDS
from portal.oversight.session_preparation.feature import FEATURE as SESSION_PREPARATION
from portal.oversight.to_decide.feature import FEATURE as TO_DECIDE
from portal.people.accounts.feature import FEATURE as ACCOUNTS
from portal.people.privacy.feature import FEATURE as PRIVACY
from portal.people.proconnect.feature import FEATURE as PROCONNECT
from portal.people.programmes.feature import FEATURE as PROGRAMMES
from portal.people.second_factor.feature import FEATURE as SECOND_FACTOR
from portal.platform.kernel.contributions import register_contributions
from portal.platform.kernel.settings import Settings
from portal.platform.mail import views as letter_views
from portal.platform.storage.spool import Spool
from portal.platform.web import health_checks, legal_pages, metrics
from portal.platform.web.feature import Feature
from portal.platform.web.uploads import READ_FACTOR, UploadEndpoint
from portal.project.data_sources.feature import FEATURE as DATA_SOURCES
from portal.project.framing.feature import FEATURE as FRAMING
from portal.project.projects.feature import FEATURE as PROJECTS
from portal.project.team_import.feature import FEATURE as TEAM_IMPORT
from portal.selection.applications.feature import FEATURE as APPLICATIONS
from portal.selection.calls.feature import FEATURE as CALLS
from portal.selection.deliberation.feature import FEATURE as DELIBERATION
from portal.selection.imports.feature import FEATURE as APPLICATION_IMPORTS
from portal.selection.jury.feature import FEATURE as JURY
from portal.selection.ranking.feature import FEATURE as RANKING
from portal.selection.source_replies.feature import FEATURE as SOURCE_REPLIES
from portal.sprints.backlog.feature import FEATURE as BACKLOG
from portal.sprints.backlog_import.feature import FEATURE as BACKLOG_IMPORT
from portal.sprints.ceremonies.feature import FEATURE as CEREMONIES
from portal.sprints.prototypes.feature import FEATURE as PROTOTYPES
from portal.sprints.sprints.feature import FEATURE as SPRINTS
from portal.user_tests.findings.feature import FEATURE as FINDINGS
from portal.user_tests.reports.feature import FEATURE as REPORTS
from portal.user_tests.rounds.feature import FEATURE as ROUNDS

PLATFORM = Feature(
    blueprints=(letter_views.bp, legal_pages.bp, health_checks.bp, metrics.bp),
    public=(
        "pages.accessibility",
        "pages.legal",
        "pages.privacy",
        "health.live",
        "health.ready",
        "health.started",
        "metrics.serve_metrics",  # asks for a token of its own
    ),
    machine=("health.live", "health.ready", "health.started", "metrics.serve_metrics"),
)
FEATURES = (
    PLATFORM,
    NOTIFICATIONS,
    ACCOUNTS,
    PROGRAMMES,
    PRIVACY,
    SECOND_FACTOR,
    PROCONNECT,
    DIRECTORY,
    ACCOUNT_JOINS,
    CALENDAR,
    DISCUSSIONS,
    FILES,
    SEARCH_INDEX,
    FRAMING,
    DATA_SOURCES,
    PROTOTYPES,
    READINESS_SHEETS,
    ROUNDS,
    REPORTS,
    CEREMONIES,
    CLINICS,
    FINDINGS,
    RISKS,
    REVIEWS,
    REREVIEWS,
    TRANSPARENCY,
    RECOMMENDATIONS,
    SESSIONS,
    GROUP_SESSIONS,
    COACH_NOTES,
    PUBLIC_CARDS,
    FINAL_REPORTS,
    PROJECTS,
    TEAM_IMPORT,
    SPRINTS,
    BACKLOG,
    BACKLOG_IMPORT,
    DECISIONS,
    GATES,
    HEALTH,
    OPEN_ISSUES,
    COMMITTEE_PACKS,
    COMMITTEES,
    PORTFOLIO,
    COACH_DESK,
    CALLS,
    APPLICATIONS,
    APPLICATION_IMPORTS,
    JURY,
    RANKING,
    DELIBERATION,
    SOURCE_REPLIES,
    AGREEMENTS,
    INSTALMENTS,
    FUNDING_CHANGES,
    OPERATOR_DESK,
    FUNDING_REPORTS,
    SESSION_PREPARATION,
    TO_DECIDE,
    API_REFERENCE,
    API_TOKENS,
    WEBHOOKS,
    ADMINISTRATION,
    ARCHIVES,
    HOME,
    GUIDES,
    SEARCH,
)
# The entry of a project's menu under which the pages of each blueprint stand.
PROJECT_ENTRIES = {name: entry for feature in FEATURES for name, entry in feature.navigation.items()}
# What a stranger may open. Everything else asks who is there: deny by default.
PUBLIC_ENDPOINTS = frozenset(endpoint for feature in FEATURES for endpoint in feature.public)
# The operations of the API, and those that need no token.
API_AREAS = tuple(area for feature in FEATURES for area in feature.api)
PUBLIC_OPERATIONS = frozenset(
    each.endpoint for area in API_AREAS for each in area.operations if each.is_public
)
# For machines: whoever asks is not looked up.
MACHINE_ENDPOINTS = frozenset(endpoint for feature in FEATURES for endpoint in feature.machine)
# What asks for the second factor again when its last proof is old.
SENSITIVE_ENDPOINTS = frozenset(name for feature in FEATURES for name in feature.sensitive)
# What a sealed link allows by itself, without a session and so without a form's token (RFC 8058).
CSRF_EXEMPT_ENDPOINTS = frozenset(name for feature in FEATURES for name in feature.csrf_exempt)
# How often one may try, by endpoint. The network comes first: once it is over, nothing else is
# counted, and no more rows are made. A whole ministry shares one, so only its failures count.
RATE_LIMITS = {name: limits for feature in FEATURES for name, limits in feature.limits.items()}
UPLOAD_ENDPOINTS = {name: upload for feature in FEATURES for name, upload in feature.uploads.items()}
ATTACH_ENDPOINTS = frozenset(name for feature in FEATURES for name in feature.attaching)
# On which page each form stands.
PLACES = {form: page for feature in FEATURES for form, page in feature.places.items()}

# What is found by search is of the area in which its feature's operations are.
KIND_AREAS = ApiAreasByKind(
    {
        source.kind: feature.api[0].name
        for feature in FEATURES
        for source in feature.search
        if isinstance(source, SearchSource)
    }
)
register_contributions([KIND_AREAS, *(each for feature in FEATURES for each in feature.contributions)])


def map_upload_endpoints(settings: Settings) -> Mapping[str, UploadEndpoint]:
    """The endpoints that take a file; the size of an attached one is the installation's choice."""
    spool = partial(Spool, settings.incoming_folder, settings.file_max_bytes)
    attach = UploadEndpoint(READ_FACTOR * settings.file_max_bytes, spool)
    by_api = [each.endpoint for area in API_AREAS for each in area.operations if each.takes_file]
    return dict.fromkeys((*ATTACH_ENDPOINTS, *by_api), attach) | UPLOAD_ENDPOINTS
