"""What the feature "accounts" brings to the application."""

from portal.people.accounts import address_views, reset_views, retention_commands, session_views, views
from portal.people.accounts.join_models import AccountJoin
from portal.people.accounts.known_browser_views import (
    known_browser_limit_key,
    unknown_browser_and_network_limit_key,
    unknown_browser_limit_key,
)
from portal.people.accounts.models import AddressChange, OpenSession, PasswordReset, SignInChallenge
from portal.platform.kernel.api_answers import StoredApiAnswer
from portal.platform.kernel.audit import TrailText
from portal.platform.kernel.idempotency import IdempotencyKey
from portal.platform.kernel.outbox import OutboxMessage
from portal.platform.kernel.personal_data import (
    ErasureEffect,
    PersonalDataset,
    PersonalTable,
    PersonalTextRedaction,
    build_personal_tables_to_delete,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import CountEffectOfSuccess, at_most, network, own_session, typed_email

FEATURE = Feature(
    blueprints=(views.bp, reset_views.bp, session_views.bp, address_views.bp),
    public=(
        "accounts.sign_in",
        "accounts.open_session",
        "accounts.language",
        "addresses.confirmation_page",
        "addresses.confirm",
        "addresses.open_link",
        "addresses.refuse",
        "passwords.ask",
        "passwords.asked",
        "passwords.choose",
        "passwords.forgotten",
        "passwords.open_link",
        "passwords.choose_password",
    ),
    sensitive=("addresses.ask",),
    limits={
        "accounts.open_session": (
            at_most("100 per 15 minutes", network, CountEffectOfSuccess.IS_GIVEN_BACK),
            at_most("10 per 15 minutes", known_browser_limit_key, CountEffectOfSuccess.CLEARS),
            at_most("10 per 15 minutes", unknown_browser_and_network_limit_key, CountEffectOfSuccess.CLEARS),
            at_most("100 per 15 minutes", unknown_browser_limit_key, CountEffectOfSuccess.IS_GIVEN_BACK),
        ),
        "accounts.change_password": (at_most("10 per 15 minutes", own_session, CountEffectOfSuccess.CLEARS),),
        "passwords.ask": (at_most("100 per 15 minutes", network), at_most("5 per 15 minutes", typed_email)),
        "passwords.choose_password": (
            at_most("100 per 15 minutes", network, CountEffectOfSuccess.IS_GIVEN_BACK),
        ),
        "addresses.ask": (at_most("10 per 15 minutes", own_session),),
    },
    personal_data=(
        PersonalDataset(
            "account",
            _l("Compte et sessions"),
            (
                PersonalTable(
                    model=OpenSession, effect=ErasureEffect.DELETED, secrets=("token_hash", "closed_id_token")
                ),
                *build_personal_tables_to_delete(PasswordReset, AddressChange, AccountJoin),
                PersonalTable(
                    model=SignInChallenge,
                    effect=ErasureEffect.DELETED,
                    secrets=("secret_hash",),
                    left_out="Challenges of sign-ins that end elsewhere, kept some minutes.",
                ),
                PersonalTable(
                    model=IdempotencyKey,
                    effect=ErasureEffect.DELETED,
                    authors=("person_id",),
                    left_out="Keys of forms, kept ninety days: nothing but their paths.",
                ),
                PersonalTable(
                    model=StoredApiAnswer,
                    effect=ErasureEffect.DELETED,
                    authors=("person_id",),
                    left_out="Answers of the API, kept a day: they repeat what the features export.",
                ),
                PersonalTable(
                    model=OutboxMessage,
                    effect=ErasureEffect.DELETED,
                    authors=("person_id",),
                    addresses=("address",),
                ),
            ),
        ),
        PersonalTextRedaction(model=TrailText, is_copy=True),
        PersonalTextRedaction(model=OutboxMessage, is_copy=True),
        PersonalTextRedaction(model=StoredApiAnswer, is_copy=True),
        PersonalTextRedaction(model=AddressChange, is_copy=True),
        PersonalTextRedaction(model=AccountJoin, is_copy=True),
    ),
    retention=retention_commands.RULES,
)
