"""Rows of the access table that the fuzz test treats otherwise than the rest, and why."""

# What must be typed for a text to be kept beside all the others: a draft comes before its close, a
# gate is accepted as it was seen, a stopped project takes no more, and two tracks of one programme
# are not called the same.
FIRST = {
    *("gate_decisions.accept POST", "sprint_log.save_draft POST", "application_jury.settle_conflict POST"),
    "scoring.sheet POST",  # before its juror finds an interest
}
LAST = "projects.change_state POST"
SHORT = ("applications.add POST", "applications.change POST", "jury.seat_juror POST", "jury.change_seat POST")
UNIQUE = {  # adding tries it
    **{row: {"company_number"} for row in SHORT},
    "tracks.edit POST": {"name_fr"},
    "groups.change POST": {"name"},
    "programme_gates.edit POST": {"name_fr"},
}
ALSO = {
    **{row: {"version": "2"} for row in ("sprint_log.close POST", "calls.change_criterion POST")},
    "sprints.edit_plan POST": {"starts_on": "2028-03-06", "ends_on": "2028-03-17"},
    LAST: {"move": "stop"},
    # The same row was saved just before, by the door above.
    **{row: {"version": "2"} for row in ("assumptions.settle POST", "data_sources.move_access POST")},
    "data_sources.judge_quality POST": {"version": "3"},
    "rounds.record_access_needs POST": {"version": "2"},
    "committees.change POST": {"held_on": "2026-11-24"},  # the door above took the other day
    "programme_gates.set_months_and_acceptors POST": {"version": "3"},  # editions of all gates
    "programme_gates.edit POST": {"version": "2"},
    "programme_gates.leave_out POST": {"version": "3"},
    "applications.judge_eligibility POST": {"version": "3"},
    "applications.withdraw POST": {"version": "4"},
    "settings.change_banner POST": {"version": "1"},  # the door above saved the same row
}
FORMATS = {"agreements.edit POST"}  # a number of Chorus has its format
# The form of a kind does not ask for what another kind asks for.
UNASKED = {"funding_changes.file_request POST": {"learnings", "purpose"}}
# What is sent before may shut these. A call moves on with each of its steps.
SHUT_BY_OTHERS = {
    *("application_jury.open_scores POST", "decision_letters.close_appeal POST", "scoring.send POST"),
    # An instalment and a change request move on as well, and a plan shuts once one is asked.
    *(f"instalments.{name} POST" for name in ("check", "refuse")),
    *(f"payments.{name} POST" for name in ("announce_recovery", "book_recovery")),
    *(f"funding_changes.{name} POST" for name in ("decide", "correct")),
    *("instalment_plan.plan POST", "instalment_plan.change POST"),
    *("agreements.amend POST", "agreements.replace_signed_document POST"),  # once the agreement was closed
    "gatherings.cancel POST",  # once attendance is noted
}
FILES = {  # their answer is the file, or what a check shows
    *("invitation_lists.check POST", "questionnaire_editions.check POST", "team_imports.check POST"),
    *(f"exports.{name} POST" for name in ("as_csv", "as_xlsx")),
    "extracts.export_portfolio POST",
    "privacy.download POST",
    "archives.download POST",
    *(f"departures.{name} POST" for name in ("download", "download_payments")),
    "passkeys.challenge POST",  # the challenge
    "concern_exports.export_issues POST",
    "reviews.as_json POST",
    "risk_exports.as_csv POST",
    *(f"application_exports.{name} POST" for name in ("as_csv", "as_xlsx", "as_json")),
    "test_results.export POST",
    *(f"funding_reports.{name} POST" for name in ("as_csv", "as_xlsx")),
}
SEALED = {"unsubscribe.unsubscribe POST"}  # mail programs post it (RFC 8058): its link is what allows it
