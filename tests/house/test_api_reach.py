"""What a page writes or shows, the API does too: only what a written reason keeps from machines is left to
pages."""

from collections.abc import Collection

import pytest
from flask import Flask

from portal.app.application.features import API_AREAS, SENSITIVE_ENDPOINTS
from portal.platform.web.api_operations import ApiOperation
from tests.house import page_reads
from tests.support.reach import Function, commands_of, commands_of_operation, writes

# Commands that pages alone call, by the reason. What a page asks the second factor for again is
# refused to every token, and needs no line here.
LEFT_TO_PAGES = {
    "Signing in and out, and proving who one is: a token is the proof of a machine.": """
        people.accounts.commands.close_session
        people.accounts.commands.close_other_sessions
        people.accounts.commands.open_session
        people.accounts.commands.sign_in
        people.accounts.commands.sign_out
        people.accounts.session_commands.record_session_proof
        people.accounts.session_commands.record_failed_sign_in
        people.accounts.session_commands.record_failed_factor
        people.proconnect.commands.resolve_provider_return
        people.second_factor.commands.sign_in_by_recovery_code
        people.second_factor.passkey_commands.create_proof_challenge
        people.second_factor.passkey_commands.create_registration_challenge
        people.second_factor.proof_commands.accept_proof
    """,
    "Passwords, addresses, second factors and invitations, by links that were sent to one person.": """
        communication.notifications.preference_commands.stop_mails
        people.accounts.address_commands.cancel_address_change
        people.accounts.address_commands.confirm_address_change
        people.accounts.address_commands.refuse_address_change
        people.accounts.commands.change_password
        people.accounts.reset_commands.request_password_reset
        people.accounts.reset_commands.end_session_and_add_reset
        people.accounts.reset_commands.reset_password_by_link
        people.programmes.commands.accept_invitation
        people.programmes.commands.open_invited_account
        people.second_factor.reset_commands.refuse_reset
    """,
    "How one's own pages read: one's name and language there, and what was read.": """
        collaboration.discussions.commands.mark_discussion_read
        communication.notifications.commands.mark_subjects_read
        people.accounts.commands.change_profile
        people.accounts.commands.choose_language
    """,
    "Other ways in: no token makes one, or closes another one. A leaked token revokes itself.": """
        api.tokens.commands.revoke_token
        api.tokens.machine_commands.close_machine
        api.tokens.machine_commands.revoke_machine_token
        communication.calendar.commands.create_or_replace_link
    """,
    "Erasures, invitations of administrators, the console of the installation: by people, on its pages.": """
        app.administration.commands.send_test_mail
        people.privacy.erasure_commands.withdraw_erasure
        people.programmes.commands.revoke_invitation
        platform.mail.commands.retry_all_letters
        platform.mail.commands.retry_letter
    """,
    "Answers of the participant of a test, who has a link and no account.": """
        user_tests.rounds.participant_commands.find_link_by_token
        user_tests.rounds.participant_commands.save_participant_answers
    """,
}

# Independent of the database: runs on one engine.
pytestmark = pytest.mark.parametrize("house", ["sqlite"], indirect=True)
OPERATIONS = [operation for area in API_AREAS for operation in area.operations]


def left_to_pages(app: Flask, operations: Collection[ApiOperation]) -> set[str]:
    """Name the writes of pages that no operation reaches, but those that ask for a proof again."""
    reached: set[Function] = set().union(*map(commands_of_operation, operations))
    pages = {
        rule.endpoint
        for rule in app.url_map.iter_rules()
        if "POST" in (rule.methods or ()) and not rule.endpoint.startswith("api.")
    }
    by_page = {endpoint: commands_of(app.view_functions[endpoint]) for endpoint in pages}
    guarded: set[Function] = set().union(*(by_page.get(each, set()) for each in SENSITIVE_ENDPOINTS))
    return {
        f"{command.__module__}.{command.__name__}".removeprefix("portal.")
        for command in set().union(*by_page.values()) - guarded - reached
        if writes(command)
    }


def test_what_a_page_writes_an_operation_writes_or_a_reason_forbids(app: Flask):
    written = {name for text in LEFT_TO_PAGES.values() for name in text.split()}
    assert left_to_pages(app, OPERATIONS) == written


@pytest.mark.parametrize("name", ["add_items", "note_risk", "start_sprint"])
def test_a_missing_operation_is_noticed(app: Flask, name: str):
    """By a view that calls its command, by one that is declared, and by one with a step before."""
    others = [operation for operation in OPERATIONS if operation.id != name]
    assert len(left_to_pages(app, others) - left_to_pages(app, OPERATIONS)) == 1


def list_pages(app: Flask) -> set[str]:
    """Name the pages that only show something: what a form is on writes by an operation of its own."""
    by_method = {
        method: {rule.endpoint for rule in app.url_map.iter_rules() if method in (rule.methods or ())}
        for method in ("GET", "POST")
    }
    return {each for each in by_method["GET"] - by_method["POST"] if not each.startswith("api.")}


def test_what_a_page_shows_an_operation_reads_or_a_reason_forbids(app: Flask):
    read = dict(line.split(maxsplit=1) for line in page_reads.READ_BY_OPERATIONS.strip().splitlines())
    left = {name for text in page_reads.LEFT_TO_PAGES.values() for name in text.split()}
    assert read.keys() | left == list_pages(app)
    assert read.keys() & left == set()
    reads = {operation.id for operation in OPERATIONS if not operation.writes}
    named = {name for names in read.values() for name in names.split()}
    assert named - reads == set()
