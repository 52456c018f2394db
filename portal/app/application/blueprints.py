"""Every page of the portal: the blueprints that the roof registers."""

from portal.app.home import views as home_views
from portal.coaching.clinics import views as clinic_views
from portal.coaching.coach_notes import views as coach_note_views
from portal.coaching.group_sessions import views as gathering_views
from portal.coaching.recommendations import comment_views
from portal.coaching.recommendations import views as recommendation_views
from portal.coaching.sessions import views as coaching_views
from portal.collaboration.discussions import views as discussions_views
from portal.collaboration.files import views as files_views
from portal.communication.calendar import views as calendar_views
from portal.communication.directory import views as directory_views
from portal.communication.notifications import preference_views, unsubscribe_views
from portal.communication.notifications import views as inbox_views
from portal.ethics.readiness_sheets import fill_views as sheet_fill_views
from portal.ethics.readiness_sheets import views as sheet_views
from portal.ethics.rereviews import views as rereview_views
from portal.ethics.reviews import answer_views as review_answer_views
from portal.ethics.reviews import condition_views as review_condition_views
from portal.ethics.reviews import import_views as review_import_views
from portal.ethics.reviews import register_views as review_register_views
from portal.ethics.reviews import views as review_views
from portal.ethics.reviews import withdrawal_views as review_withdrawal_views
from portal.ethics.reviews import workflow_views as review_desk_views
from portal.ethics.risks import export_views as risk_export_views
from portal.ethics.risks import mitigation_views
from portal.ethics.risks import views as risk_views
from portal.ethics.transparency import public_views
from portal.ethics.transparency import views as transparency_views
from portal.oversight.coach_desk import views as desk_views
from portal.oversight.committee_packs import export_views as extract_views
from portal.oversight.committee_packs import views as pack_views
from portal.oversight.final_reports import views as outcome_views
from portal.oversight.gates import decision_views as gate_decision_views
from portal.oversight.gates import fact_views as gate_fact_views
from portal.oversight.gates import terms_views as gate_terms_views
from portal.oversight.gates import views as gate_views
from portal.oversight.health import terms_views as health_terms_views
from portal.oversight.health import views as health_views
from portal.oversight.open_issues import export_views as concern_export_views
from portal.oversight.open_issues import views as concern_views
from portal.oversight.portfolio import figure_views as portfolio_figure_views
from portal.oversight.portfolio import views as portfolio_views
from portal.oversight.public_cards import public_views as public_card_views
from portal.oversight.public_cards import views as card_views
from portal.people.accounts import address_views, reset_views, session_views
from portal.people.accounts import views as accounts_views
from portal.people.programmes import administrator_views, invitation_views, track_views
from portal.people.programmes import views as programmes_views
from portal.platform.mail import views as delivery_views
from portal.platform.web import health_checks, legal_pages, metrics
from portal.project.data_sources import views as data_source_views
from portal.project.framing import assumption_views, group_views, interview_views, metric_views
from portal.project.projects import file_views, team_views, thread_views
from portal.project.projects import views as projects_views
from portal.sprints.backlog import item_views
from portal.sprints.backlog import views as backlog_views
from portal.sprints.backlog_import import export_views
from portal.sprints.backlog_import import views as import_views
from portal.sprints.ceremonies import action_views, demonstration_views, retrospective_views
from portal.sprints.prototypes import evaluation_views, version_views
from portal.sprints.sprints import board_views, figure_views, log_views, scope_views
from portal.sprints.sprints import views as sprints_views
from portal.user_tests.findings import closing_views, retest_views, sighting_views
from portal.user_tests.findings import views as finding_views
from portal.user_tests.reports import report_views
from portal.user_tests.reports import views as test_figure_views
from portal.user_tests.rounds import (
    consent_views,
    link_views,
    participant_views,
    removal_views,
    task_views,
)
from portal.user_tests.rounds import export_views as rounds_export_views
from portal.user_tests.rounds import import_views as result_import_views
from portal.user_tests.rounds import session_views as test_session_views
from portal.user_tests.rounds import tally_models as _tallies  # noqa: F401  the same
from portal.user_tests.rounds import views as round_views

BLUEPRINTS = tuple(
    views.bp
    for views in (
        home_views,
        desk_views,
        portfolio_views,
        portfolio_figure_views,
        concern_views,
        concern_export_views,
        sprints_views,
        log_views,
        board_views,
        figure_views,
        scope_views,
        backlog_views,
        item_views,
        import_views,
        export_views,
        group_views,
        assumption_views,
        interview_views,
        metric_views,
        data_source_views,
        version_views,
        evaluation_views,
        demonstration_views,
        retrospective_views,
        action_views,
        round_views,
        task_views,
        consent_views,
        test_figure_views,
        report_views,
        test_session_views,
        link_views,
        participant_views,
        rounds_export_views,
        result_import_views,
        removal_views,
        finding_views,
        sighting_views,
        closing_views,
        retest_views,
        review_views,
        review_register_views,
        review_answer_views,
        review_import_views,
        review_desk_views,
        review_condition_views,
        review_withdrawal_views,
        risk_views,
        mitigation_views,
        risk_export_views,
        rereview_views,
        recommendation_views,
        comment_views,
        thread_views,
        coaching_views,
        coach_note_views,
        clinic_views,
        gathering_views,
        transparency_views,
        public_views,
        card_views,
        public_card_views,
        outcome_views,
        pack_views,
        extract_views,
        sheet_views,
        sheet_fill_views,
        gate_views,
        gate_decision_views,
        gate_fact_views,
        gate_terms_views,
        health_views,
        health_terms_views,
        projects_views,
        team_views,
        file_views,
        files_views,
        directory_views,
        inbox_views,
        preference_views,
        unsubscribe_views,
        calendar_views,
        discussions_views,
        programmes_views,
        track_views,
        administrator_views,
        invitation_views,
        delivery_views,
        accounts_views,
        reset_views,
        session_views,
        address_views,
        legal_pages,
        health_checks,
        metrics,
    )
)
