"""Rows of the access table that are granted, and whose input breaks a rule."""

from tests.house import doors

# Access is granted, but the input of the table breaks a rule.
BY_A_RULE = {
    # The warning names the teams that the change moves; the box confirms another one.
    ("gate_terms.change POST", None),
    ("programme_gates.set_months_and_acceptors POST", None),
    ("programme_gates.add POST", None),
    ("programme_gates.edit POST", None),
    ("programme_gates.leave_out POST", None),
    ("programme_gates.put_back POST", None),
    ("application_imports.connect POST", None),  # no procedure answers
    ("application_files.upload POST", None),  # no file
    ("source_replies.propose POST", None),  # nothing is set
    ("source_replies.approve POST", None),  # nothing is set
    ("accounts.change_password POST", None),  # too few fields
    ("addresses.ask POST", None),  # no input
    ("accounts.open_session POST", None),  # unknown address
    ("files.attach POST", None),  # no file
    ("sprints.start POST", None),  # another sprint is active
    ("imports.upload POST", None),  # no file
    ("result_imports.upload POST", None),  # no file
    ("transparency.publish POST", None),  # outdated fingerprint
    ("tracks.remove POST", None),  # a project is on it
    ("programmes.invite POST", doors.ADMIN),  # may invite leads, not coaches
    ("invitations.accept POST", doors.MEMBER),  # holds the role already
    ("invitations.accept POST", doors.COACH),  # holds an incompatible role
    ("invitations.accept POST", doors.REVIEWER),
    ("instalments.defer POST", None),  # none of its gates went stale
    ("agreements.end POST", None),  # instalments go on
    *((f"second_factor.{name} POST", None) for name in ("verify", "use_recovery_code", "finish_enrolment")),
    *(
        ("second_factor.renew_recovery_codes POST", name) for name in doors.EVERYBODY - {doors.MEMBER}
    ),  # no factor
    ("proconnect_links.link_pending POST", None),  # nothing waits
    ("proconnect_links.unlink POST", doors.MEMBER),  # the only way in
    ("passkeys.add POST", None),  # no browser made it
    ("passkeys.sign_in POST", None),  # no browser signed it
    ("factor_resets.ask POST", doors.ADMIN),  # nothing to remove
    ("privacy.request_export POST", doors.MEMBER),  # has one already
    ("erasures.ask POST", doors.MEMBER),  # has asked
    ("settings.end_maintenance POST", None),  # there is none
    ("questionnaire_editions.load POST", None),  # a text that is none
    ("account_joins.choose_other_account POST", None),  # nobody has the address
    ("account_joins.join POST", None),  # not the address of the one that goes
    ("erasures.approve POST", None),  # a text is not decided on
}
