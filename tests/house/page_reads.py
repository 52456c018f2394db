"""What each page reads, by which operations of the API a machine reads it, or why none does."""

# Pages that show data of a programme, with the operations that read the same.
READ_BY_OPERATIONS = """
    actions.index                list_actions
    actions.page                 get_action
    agreement_list.index         list_agreements
    agreements.page              get_agreement list_amendments list_instalments list_change_requests
    application_imports.index    list_imports get_import_source get_import_file
    application_imports.run_page     get_import
    applications.index           list_call_applications
    applications.page            get_application get_application_decision list_application_scores
    assumptions.index            list_assumptions
    backlog.index                list_items
    calendars.page               get_calendar_link
    calls.redirect_to_call                  get_programme_call
    calls.everywhere             list_programme_calls
    calls.index                  list_programme_calls
    calls.page                   get_programme_call list_call_criteria
    cards.page                   get_public_card
    clinics.index                list_clinics
    clinics.page                 get_clinic
    coach_notes.index            list_coach_notes
    coaching.history             list_coaching_session_history
    coaching.index               list_coaching_sessions list_coaching_decisions
    coaching.page                get_coaching_session list_coaching_decisions
    committees.download          get_committee_record
    committees.index             list_committees
    committees.page              get_committee list_committee_agenda
    committees.record_page            get_committee_record
    concerns.index               list_concerns
    consent.download             get_consent_text
    consent.page                 get_consent_text
    data_sources.index           list_data_sources
    data_sources.page            get_data_source
    decision_letters.appeal_letter    get_application_appeal
    decision_letters.letter      get_application_decision
    decisions.history            list_decision_history
    decisions.index              list_decisions
    decisions.page               get_decision
    deliberation.everywhere      list_own_applications
    deliberation.page            list_agenda
    demonstrations.history       list_demonstration_history
    demonstrations.index         list_demonstrations
    demonstrations.page          get_demonstration
    desk.coaches                 list_coaches
    desk.coaching                list_coached_teams list_recommendations list_clinics
    desk.redirect_former_desk                   list_coaches list_coached_teams
    discussions.redirect_to_comment          get_comment
    discussions.history          list_comment_history
    discussions.redirect_to_discussion             list_comments
    discussions.redirect_to_thread                 get_thread
    evaluation.index             list_evaluation_protocols list_evaluation_runs
    evaluation.page              get_evaluation_protocol list_evaluation_runs
    files.subject_files                  list_files
    files.download               download_file
    files.redirect_to_file_subject                  get_file
    findings.history             list_finding_history
    findings.index               list_findings
    findings.page                get_finding get_finding_sightings get_finding_evidence
    funding_changes.letter       get_change_request
    funding_changes.page         get_change_request list_change_messages
    funding_reports.download     download_funding_report_file
    funding_reports.page         get_funding_report list_funding_report_files
    gate_forecast.page           list_forecast
    gate_terms.index             list_programme_gates
    gate_terms.page              get_programme_gate list_gate_editions
    gates.history                list_gate_history
    gates.index                  list_gates get_progress
    gates.page                   get_gate
    gatherings.choose_programme            list_group_sessions
    gatherings.index             list_group_sessions
    gatherings.page              get_group_session get_group_session_attendance
    groups.index                 list_target_groups
    health_terms.index           list_signal_terms list_signal_editions
    home.rereviews               list_review_triggers stream_review_triggers
    home.reviews                 list_to_decide list_review_register
    impact.index                 list_metrics get_change_plan
    impact.page                  get_metric list_measurements
    imports.page                 get_item_import list_item_import_lines
    inbox.index                  list_notifications
    instalments.page             get_instalment list_instalment_steps list_instalment_editions
    interviews.index             list_interviews
    items.page                   get_item
    jury.page                    list_jury_members list_call_conflicts
    mitigations.page             get_mitigation
    operator_desk.index          list_to_decide list_agreements
    outcomes.download            get_outcome_report
    outcomes.redirect_to_reader_language             get_outcome_report
    outcomes.page                get_outcome_report
    packs.download_jsonl               list_committee_pack_pages
    packs.download               download_committee_pack
    packs.index                  list_committee_packs
    packs.page                   get_committee_pack
    packs.team                   list_committee_pack_pages
    participant_links.page       get_participant_link
    portfolio.index              list_portfolio
    portfolio_figures.compare    compare_teams
    portfolio_figures.timeline     list_timeline
    portfolio_figures.changes_since      list_changed_teams list_changed_thresholds
    preferences.page             get_notification_preferences list_mutes
    programmes.index             list_programmes
    programmes.page              get_programme list_programme_roles list_programme_invitations
    project_files.index          list_project_files
    project_health.index         get_health get_signal_charge
    projects.activity            list_project_activity
    projects.discussions         list_comments
    projects.redirect_former_details_page                get_project get_engagement list_panels
    projects.index               list_projects
    projects.page                get_project get_health get_progress list_to_decide
    projects.unread              list_unread_project_comments
    prototypes.index             list_versions
    prototypes.page              get_version
    ranking.page                 list_ranking
    recommendations.history      list_recommendation_history
    recommendations.index        list_recommendations
    recommendations.page         get_recommendation
    rereviews.index              list_review_triggers
    rereviews.page               get_review_trigger
    result_imports.page          get_result_import list_result_import_lines
    retrospectives.history       list_retrospective_history
    retrospectives.page          get_retrospective list_actions
    review_conditions.page       get_review_condition
    review_register.index        list_review_register
    reviews.index                list_reviews
    reviews.page                 get_review list_review_answers list_review_conditions
    reviews.printed              list_review_answers
    risks.history                list_risk_history
    risks.index                  list_risks
    risks.page                   get_risk list_mitigations
    rounds.history               list_round_history
    rounds.index                 list_rounds
    rounds.page                  get_round list_tasks list_task_trends list_scale_trends
    scoring.index                list_own_applications
    search.index                 search
    session_preparation.page     get_session_preparation
    sheets.history               list_readiness_sheet_history
    sheets.index                 list_readiness_sheets
    sheets.list_gaps             list_readiness_sheet_sections
    sheets.page                  get_readiness_sheet list_readiness_sheet_sections
    source_replies.page          list_replies list_proposable_replies get_replies_setting
    sprint_board.page            list_items
    sprint_figures.page          get_project_figures
    sprint_scope.page            list_items
    sprints.history              list_sprint_history
    sprints.index                list_sprints
    sprints.page                 get_sprint get_sprint_draft
    team.index                   list_project_people list_project_invitations
    test_figures.compare         compare_rounds
    test_figures.coverage        get_coverage
    test_figures.trend           list_task_trends list_scale_trends
    test_reports.download        get_round_report
    test_reports.index           list_round_reports
    test_reports.page            get_round_report
    test_sessions.page           get_session
    threads.index                list_open_threads
    to_decide.index              list_to_decide
    tracks.index                 list_tracks
    trail.index                  list_trail
    transparency.page            get_transparency get_transparency_public get_transparency_experts
    webhooks.index               list_webhooks
    webhooks.page                get_webhook list_webhook_deliveries
"""
# Pages that no operation reads, by the reason.
LEFT_TO_PAGES = {
    "A form, or a question before an act, of what other operations read: it writes by its own operation.": """
        demonstrations.delete_page directory.administrator_page directory.close_page
        directory.end_role_page directory.open_page discussions.quote files.removal_question
        from_comments.redirect_to_recommend imports.show_upload_page items.block_page
        items.drop_page items.edit_page items.split_page programmes.edit_page
        programmes.end_role_page programmes.new_page projects.edit_page projects.new
        projects.state_page result_imports.show_upload_page settings.banner_page settings.begin_page
        settings.change_page settings.end_page sprint_log.close_page sprint_log.log_page
        sprints.drop_page sprints.edit_plan_page sprints.plan_page sprints.start_page
        team.end_role_page team.share_page team.tracks_page team_imports.index tracks.edit_page
        tracks.remove_page
    """,
    "Signing in, proving who one is, and what is one's own there: a token is the proof of a machine.": """
        accounts.profile accounts.sign_in addresses.confirmation_page addresses.edit
        addresses.open_link factor_resets.page invitations.show_link_once
        invitations.show_invitation passkeys.add_page passkeys.remove_page passwords.asked
        passwords.choose passwords.forgotten passwords.open_link proconnect.come_back
        proconnect.signed_out proconnect.pending_identity proconnect_links.page
        proconnect_links.unlink_page second_factor.ask_proof second_factor.codes second_factor.page
        second_factor.proved second_factor.recover_page second_factor.recovery
        second_factor.remove_codes_page sessions.index
    """,
    "Other ways in: no token lists what else opens, nor whose it is.": """
        api_tokens.everybody api_tokens.index machines.index machines.page calendars.feed
        unsubscribe.show_unsubscribe_page
    """,
    "People and personal data: read by people, on pages that say why.": """
        account_joins.choose_page account_joins.page administrators.index directory.index
        directory.page discussions.mentionable_people erasures.approve_page erasures.ask_for_page
        erasures.ask_page erasures.index erasures.page erasures.renounce_page erasures.withdraw_page
        invitation_lists.index privacy.index retention.index retention.programme_term_page
        retention.term_page
    """,
    "The console of the installation, not a programme's data.": """
        archives.index gallery.components health.live health.ready health.started
        installation.index installation.jobs
        letters.index letters.page metrics.serve_metrics questionnaire_editions.index settings.index
    """,
    "Public pages, which anybody reads without a token; sheets have a JSON address of their own.": """
        pages.accessibility pages.legal pages.privacy public_calls.redirect_to_reader_language
        public_calls.page public_cards.index public_cards.redirect_to_reader_language
        public_cards.page published.as_json published.download published.index published.landing
        published.page
    """,
    "Texts of the portal, and ways from page to page.": """
        api_guide.explore api_guide.guide guides.index guides.page home.index home.reports
        inbox.follow_link search.go_to search.keyboard_shortcuts
    """,
    "Answers of the participant of a test, who has a link and no account.": """
        participant.questions
    """,
    "Empty files to fill in, and dates that the calendar's link sends.": """
        clinics.invitation coaching.invitation gatherings.invitation result_imports.as_csv
        result_imports.as_xlsx scoring.booklet team_imports.download_template
    """,
    "What a review said in an earlier round, beside the answers that hold now.": """
        reviews.round_page
    """,
}
