"""What the feature "accounts" brings to the application."""

from portal.people.accounts import address_views, reset_views, session_views, views
from portal.people.accounts.known_browser_views import (
    known_browser,
    unknown_browser,
    unknown_browser_and_network,
)
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import CountOnSuccess, at_most, network, own_session, typed_email

FEATURE = Feature(
    blueprints=(views.bp, reset_views.bp, session_views.bp, address_views.bp),
    public=(
        "accounts.sign_in",
        "accounts.open_session",
        "accounts.language",
        "addresses.answer",
        "addresses.confirm",
        "addresses.open_link",
        "addresses.refuse",
        "passwords.ask",
        "passwords.asked",
        "passwords.choose",
        "passwords.forgotten",
        "passwords.open_link",
        "passwords.replace",
    ),
    limits={
        "accounts.open_session": (
            at_most("100 per 15 minutes", network, CountOnSuccess.IS_GIVEN_BACK),
            at_most("10 per 15 minutes", known_browser, CountOnSuccess.CLEARS),
            at_most("10 per 15 minutes", unknown_browser_and_network, CountOnSuccess.CLEARS),
            at_most("100 per 15 minutes", unknown_browser, CountOnSuccess.IS_GIVEN_BACK),
        ),
        "accounts.change_password": (at_most("10 per 15 minutes", own_session, CountOnSuccess.CLEARS),),
        "passwords.ask": (at_most("100 per 15 minutes", network), at_most("5 per 15 minutes", typed_email)),
        "passwords.replace": (at_most("100 per 15 minutes", network, CountOnSuccess.IS_GIVEN_BACK),),
        "addresses.ask": (at_most("10 per 15 minutes", own_session),),
    },
)
