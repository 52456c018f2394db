"""What the feature "second factor" brings to the application."""

from portal.people.accounts.access_commands import AccessBesidePasswordSource
from portal.people.accounts.known_browser_views import proved_browser_limit_key, unproved_browsers_limit_key
from portal.people.second_factor import passkey_views, reset_views, views
from portal.people.second_factor.labels import list_passkey_labels
from portal.people.second_factor.models import FactorReset, OneTimeSecret, Passkey, RecoveryCode
from portal.platform.kernel.personal_data import (
    ErasureEffect,
    PersonalDataset,
    PersonalTable,
    build_personal_tables_to_keep,
)
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import (
    CountEffectOfSuccess,
    LimitKey,
    RateLimit,
    at_most,
    network,
    own_account,
)

FAILURES = CountEffectOfSuccess.IS_GIVEN_BACK


def build_proof_limits(*keys: LimitKey) -> tuple[RateLimit, ...]:
    """Limits of guesses by each of these keys: failures alone count, and guessing a code takes years."""
    rates = ("5 per 5 minutes", "20 per hour", "50 per day")
    by_key = (at_most(rate, key, FAILURES) for key in keys for rate in rates)
    return (at_most("50 per hour", network, FAILURES), *by_key)


# A browser where the owner proved a factor has a count of its own: who knows the password locks out nobody.
PROOF_LIMITS = build_proof_limits(proved_browser_limit_key, unproved_browsers_limit_key)
ENROLMENT_LIMITS = build_proof_limits(own_account)

FEATURE = Feature(
    blueprints=(views.bp, passkey_views.bp, reset_views.bp),
    public=("passkeys.challenge", "passkeys.sign_in"),
    limits={
        "second_factor.verify": PROOF_LIMITS,
        "second_factor.use_recovery_code": PROOF_LIMITS,
        "second_factor.confirm_codes": ENROLMENT_LIMITS,
        "second_factor.finish_enrolment": ENROLMENT_LIMITS,
        "passkeys.sign_in": (at_most("50 per hour", network, FAILURES),),
        "passkeys.challenge": (at_most("300 per 15 minutes", network),),
    },
    personal_data=(
        PersonalDataset(
            "second_factor",
            _l("Second facteur"),
            (
                PersonalTable(model=OneTimeSecret, effect=ErasureEffect.DELETED, secrets=("closed_secret",)),
                PersonalTable(
                    model=Passkey, effect=ErasureEffect.DELETED, secrets=("credential_id", "public_key")
                ),
                PersonalTable(model=RecoveryCode, effect=ErasureEffect.DELETED, secrets=("code_hash",)),
                *build_personal_tables_to_keep(FactorReset),
            ),
        ),
    ),
    sections=(AccessBesidePasswordSource(list_passkey_labels, "second_factor.page"),),
    sensitive=(
        "second_factor.page",
        "second_factor.start_codes",
        "second_factor.codes",
        "second_factor.confirm_codes",
        "second_factor.remove_codes_page",
        "second_factor.remove_codes",
        "second_factor.recovery",
        "second_factor.renew_recovery_codes",
        "second_factor.finish_enrolment",
        "passkeys.add_page",
        "passkeys.add",
        "passkeys.remove_page",
        "passkeys.remove",
        "factor_resets.ask",
        "factor_resets.apply",
    ),
)
