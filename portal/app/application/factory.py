"""Creates the application: connects features, services, limits and the command line."""

import os
from pathlib import Path

from flask import Flask, Response, g, request, url_for
from flask_login import LoginManager, current_user
from flask_migrate import Migrate
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.api.tokens.bearer_api import authenticate_bearer
from portal.app.administration import installation, maintenance, measures
from portal.app.application.features import (
    API_AREAS,
    CSRF_EXEMPT_ENDPOINTS,
    FEATURES,
    MACHINE_ENDPOINTS,
    PLACES,
    PROJECT_ENTRIES,
    PUBLIC_ENDPOINTS,
    PUBLIC_OPERATIONS,
    RATE_LIMITS,
    SENSITIVE_ENDPOINTS,
    map_upload_endpoints,
)
from portal.app.command_line import (
    administrators,
    archives,
    audit,
    backup,
    calls,
    demo,
    erasures,
    ethics,
    files,
    gates,
    mail,
    questionnaires,
    sealed_secrets,
    search,
    upgrade,
    worker,
)
from portal.app.home import shell
from portal.app.home.navigation import ProjectMenuEntryByBlueprint
from portal.communication.notifications import inbox_projections, mail_documents
from portal.communication.notifications.kind_queries import NotificationEnd, NotificationRule, kinds_by_code
from portal.communication.notifications.queries import UNREAD_COUNT
from portal.people.accounts import commands as accounts
from portal.people.accounts import views as accounts_views
from portal.people.accounts.password_rules import PortalPasswordHasher
from portal.people.proconnect.provider_commands import ProviderDiscovery
from portal.people.programmes import visit_queries
from portal.people.programmes.visit_queries import CurrentVisitor
from portal.people.second_factor import gate_views
from portal.platform.kernel import audit_chain, database, outbox, settings
from portal.platform.kernel.contributions import list_contributions
from portal.platform.kernel.engines import SAFE_METHODS
from portal.platform.kernel.projection import Projection, register_projections
from portal.platform.kernel.secret_box import SecretBox
from portal.platform.kernel.services import provide_service
from portal.platform.kernel.settings import Settings
from portal.platform.kernel.tokens import TokenSealer
from portal.platform.mail import letters
from portal.platform.mail.wakeup_queue import WorkerWaker
from portal.platform.outgoing.client import build_client
from portal.platform.storage import intake as storage_intake
from portal.platform.storage.storage import Storage
from portal.platform.web import (
    actor,
    api_dispatch,
    assets,
    component_gallery,
    compression,
    cookies,
    error_pages,
    field_widgets,
    fragment_cache,
    headers,
    metrics,
    page_shell,
    placed_forms,
    rate_limits,
    recovered_text,
    rendering,
    request_checks,
    request_log,
    uploads,
)
from portal.platform.web.api_problems import is_api_request
from portal.platform.web.application import Portal

ROOT = Path(__file__).resolve().parents[3]
FORM_MEMORY = 512 * 1024  # bytes of typed text in one form
FORM_PARTS = 500


def create_app(app_settings: Settings | None = None) -> Flask:
    """The portal for one configuration; from the environment unless one is given."""
    app_settings = app_settings or settings.load_settings(os.environ)
    app = Portal(
        "portal", root_path=str(ROOT / "portal"), template_folder=str(ROOT / "templates"), static_folder=None
    )
    _configure_flask(app, app_settings)
    database.init_app(app, app_settings)
    audit_chain.init_app()
    inbox = inbox_projections.make_inbox_projection(
        list_contributions(NotificationRule), list_contributions(NotificationEnd)
    )
    register_projections([*list_contributions(Projection), inbox])
    Migrate(app, database.db, directory=str(ROOT / "migrations"), compare_type=True)
    compression.init_app(app)
    cookies.init_app(app)
    request_log.init_app(app, app_settings)
    metrics.init_app(app, measures.MEASURES)
    headers.init_app(app, app_settings)
    assets.init_app(app)
    uploads.init_app(app, map_upload_endpoints(app_settings))
    request_checks.init_app(app)
    error_pages.init_app(app)
    sealer = TokenSealer([*app_settings.secret_key_fallbacks[::-1], app_settings.secret_key])
    keys = [app_settings.secret_key, *app_settings.secret_key_fallbacks]
    waker = WorkerWaker(app_settings)
    intake = storage_intake.build_intake(app_settings)
    outgoing = build_client(app_settings)
    passwords = PortalPasswordHasher(app_settings.password_memory_kib)
    for service in (passwords, sealer, SecretBox(keys), waker, intake, outgoing, ProviderDiscovery()):
        provide_service(app, service)
    provide_service(app, intake.storage, Storage)
    # Before anything asks the database.
    rate_limits.init_app(app, RATE_LIMITS, app_settings.secret_key, unlimited={"accounts.sign_out"})
    outbox.init_app(app, waker.wake_worker)
    mails = mail_documents.NotificationMailBuilder(kinds_by_code(), sealer, app_settings)
    letters.init_app(app, mails.builders)
    installation.init_app(app, app_settings, MACHINE_ENDPOINTS)
    _register_identification(app)
    maintenance.init_app(app, MACHINE_ENDPOINTS)
    request_checks.register_upload_checks(app)
    _register_csrf_check(app)
    rendering.init_app(app)
    field_widgets.init_app(app)
    provide_service(app, ProjectMenuEntryByBlueprint(PROJECT_ENTRIES))
    page_shell.init_app(app, app_settings, shell.build_shell_context)
    _register_blueprints(app, app_settings)
    placed_forms.init_app(app, PLACES)
    for commands in (
        administrators.group,
        archives.group,
        audit.group,
        backup.group,
        calls.group,
        demo.group,
        erasures.group,
        sealed_secrets.group,
        ethics.group,
        files.group,
        mail.group,
        gates.group,
        questionnaires.group,
        search.group,
        upgrade.group,
        worker.worker_command,
    ):
        app.cli.add_command(commands)
    if app_settings.proxy_hops:
        hops = app_settings.proxy_hops
        app.wsgi_app = ProxyFix(app.wsgi_app, hops, hops, hops)  # type: ignore[method-assign]
    fragment_cache.init_app(app)  # last, because parts see only the globals that exist by then
    return app


def _configure_flask(app: Flask, app_settings: Settings) -> None:
    app.config.from_mapping(
        SECRET_KEY=app_settings.secret_key,
        SECRET_KEY_FALLBACKS=list(app_settings.secret_key_fallbacks),
        TRUSTED_HOSTS=list(app_settings.trusted_hosts),
        MAX_CONTENT_LENGTH=app_settings.request_max_bytes,
        MAX_FORM_MEMORY_SIZE=FORM_MEMORY,
        MAX_FORM_PARTS=FORM_PARTS,
        PERMANENT_SESSION_LIFETIME=accounts.SESSION_LIFE,
        SESSION_COOKIE_NAME="__Host-portal" if app_settings.is_https else "portal",
        SESSION_COOKIE_SECURE=app_settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,
        PREFERRED_URL_SCHEME="https" if app_settings.is_https else "http",
        PROPAGATE_EXCEPTIONS=False,
        WTF_CSRF_TIME_LIMIT=None,  # a form lives as long as its session
        WTF_CSRF_CHECK_DEFAULT=False,  # checked below, so that a stale form keeps what was typed
    )
    provide_service(app, app_settings)
    # Two slashes are not found: their usual redirect is an absolute address made from the host.
    app.url_map.merge_slashes = False
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True


def _register_identification(app: Flask) -> None:
    """Find who is asking, from the session's token; send strangers to the sign-in."""
    login = LoginManager(app, add_context_processor=False)
    login.session_protection = None  # sessions are rows of our own, revocable at once

    login.user_loader(_find_visit_by_session_token)

    @app.before_request
    def identify() -> Response | None:
        if is_api_request():
            if request.endpoint is not None:
                authenticate_bearer(is_public=request.endpoint in PUBLIC_OPERATIONS)
            return None
        if request.endpoint in MACHINE_ENDPOINTS:
            return None
        visit: CurrentVisitor = current_user._get_current_object()
        if visit.is_authenticated:
            g.session_lapsed = gate_views.has_session_lapsed(visit)
            if not g.session_lapsed:
                return gate_views.admit_visit(visit, PUBLIC_ENDPOINTS, SENSITIVE_ENDPOINTS)
        if request.endpoint in PUBLIC_ENDPOINTS or request.endpoint is None:
            return None
        if texts := recovered_text.read_texts_without_session():
            return accounts_views.render_sign_in_again_page(texts)
        is_page_request = request.method == "GET" and not rendering.wants_fragment()
        back = request.full_path.rstrip("?") if is_page_request else rendering.find_referring_path()
        return rendering.redirect_window(url_for("accounts.sign_in", next=back))


def _find_visit_by_session_token(session_token: str) -> CurrentVisitor | None:
    """What is new is counted for a page; a deed that is refused counts it as it draws one."""
    return visit_queries.find_visitor(session_token, UNREAD_COUNT if request.method in SAFE_METHODS else None)


def _register_csrf_check(app: Flask) -> None:
    """Check every unsafe request's token. A bad one changes nothing, whatever the view does.

    The refusal is left to the form, which gives back what was typed (`web.forms.submit`); a view
    that asks no form is refused by `Portal.dispatch_request`, before the commit.
    """
    csrf = CSRFProtect(app)

    @app.before_request
    def check() -> None:
        if not app.config["WTF_CSRF_ENABLED"] or request.method in SAFE_METHODS:
            return
        if request.endpoint in CSRF_EXEMPT_ENDPOINTS or is_api_request():  # no cookie counts there
            return
        try:
            csrf.protect()
        except CSRFError:
            actor.mark_csrf_failure()


def _register_blueprints(app: Flask, app_settings: Settings) -> None:
    for feature in FEATURES:
        for blueprint in feature.blueprints:
            app.register_blueprint(blueprint)
    api_dispatch.register_operations(app, API_AREAS)
    if not app_settings.is_production:
        app.register_blueprint(component_gallery.bp)
