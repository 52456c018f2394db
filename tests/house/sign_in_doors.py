"""Access table of second factors and of ways in beside the password (see `doors.py`)."""

from tests.house.door import ADMIN, EVERYBODY, MEMBER, Door, read, write

F = "/profile/second-factor"
R = "/people/{someone}/second-factor"
M = "/people/{member}/second-factor"  # whose reset waits

SIGN_IN_DOORS: dict[str, Door] = {
    "second_factor.ask_proof GET": read("/second-factor", EVERYBODY),
    "second_factor.proved GET": read("/second-factor/done", EVERYBODY),
    "second_factor.verify POST": write("/second-factor", {"code": "123456", "password": "p"}, EVERYBODY),
    "second_factor.recover_page GET": read("/second-factor/recovery", EVERYBODY),
    "second_factor.use_recovery_code POST": write("/second-factor/recovery", {"code": "c"}, EVERYBODY),
    "second_factor.page GET": read(F, EVERYBODY),
    "second_factor.start_codes POST": write(f"{F}/codes/new", {}, EVERYBODY),
    "second_factor.codes GET": read(f"{F}/codes", EVERYBODY),
    "second_factor.confirm_codes POST": write(f"{F}/codes", {"code": "123456"}, EVERYBODY),
    "second_factor.remove_codes_page GET": read(f"{F}/codes/remove", EVERYBODY),
    "second_factor.remove_codes POST": write(f"{F}/codes/remove", {}, EVERYBODY),
    "second_factor.recovery GET": read(f"{F}/recovery", EVERYBODY),
    "second_factor.finish_enrolment POST": write(f"{F}/recovery", {"code": "c"}, EVERYBODY),
    "second_factor.renew_recovery_codes POST": write(f"{F}/recovery/new", {}, EVERYBODY),
    "passkeys.add_page GET": read(f"{F}/passkeys", EVERYBODY),
    "passkeys.add POST": write(f"{F}/passkeys", {"name": "n", "credential": "x"}, EVERYBODY),
    "passkeys.remove_page GET": read(f"{F}/passkeys/{{passkey}}/remove", {MEMBER}),
    "passkeys.remove POST": write(f"{F}/passkeys/{{passkey}}/remove", {}, {MEMBER}),
    "proconnect.link POST": write("/profile/proconnect/link", {}, EVERYBODY),
    "proconnect.prove POST": write("/second-factor/proconnect", {}, EVERYBODY),
    "proconnect_links.page GET": read("/profile/proconnect", EVERYBODY),
    "proconnect_links.link_pending POST": write("/profile/proconnect/pending", {}, EVERYBODY),
    "proconnect_links.unlink_page GET": read("/profile/proconnect/{identity}/unlink", {MEMBER}),
    "proconnect_links.unlink POST": write("/profile/proconnect/{identity}/unlink", {}, {MEMBER}),
    "factor_resets.page GET": read(R, {ADMIN}),
    "factor_resets.ask POST": write(f"{R}/request", {}, {ADMIN}),
    "factor_resets.apply POST": write(f"{M}/apply", {}, {ADMIN}),
    "factor_resets.refuse POST": write(f"{M}/refuse", {}, {ADMIN}),
}
PUBLIC_SIGN_IN_DOORS: dict[str, Door] = {
    # Not configured in these tests: they lead to the sign-in, as `tests/people/proconnect` says otherwise.
    "proconnect.start POST": write("/sign-in/proconnect", {}, EVERYBODY),
    "proconnect.come_back GET": read("/sign-in/proconnect/return", EVERYBODY),
    "proconnect.finish POST": write("/sign-in/proconnect/return", {"state": "s", "code": "c"}, EVERYBODY),
    "proconnect.pending_identity GET": read("/sign-in/proconnect/waiting", EVERYBODY),
    "proconnect.use_other_account POST": write("/sign-in/proconnect/other", {}, EVERYBODY),
    "proconnect.signed_out GET": read("/sign-in/proconnect/signed-out", EVERYBODY),
    "passkeys.challenge POST": write("/passkeys/challenge", {"purpose": "sign_in"}, EVERYBODY),
    "passkeys.sign_in POST": write("/sign-in/passkey", {"credential": "x"}, EVERYBODY),
}
