"""What the feature "second factor" brings to the application."""

from portal.people.accounts.access_commands import LastingWayIn
from portal.people.second_factor import passkey_views, reset_views, views
from portal.people.second_factor.labels import list_lasting_ways
from portal.people.second_factor.models import FactorReset, OneTimeSecret, Passkey, RecoveryCode
from portal.platform.kernel.personal_data import ErasureEffect, PersonalDataset, PersonalTable, signed
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.feature import Feature
from portal.platform.web.rate_limits import CountOnSuccess, at_most, network, own_account

FAILURES = CountOnSuccess.IS_GIVEN_BACK
# Failures alone count. An account's limits hold in all browsers: guessing a code takes years.
PROOF_LIMITS = (
    at_most("50 per hour", network, FAILURES),
    at_most("5 per 5 minutes", own_account, FAILURES),
    at_most("20 per hour", own_account, FAILURES),
    at_most("50 per day", own_account, FAILURES),
)

FEATURE = Feature(
    blueprints=(views.bp, passkey_views.bp, reset_views.bp),
    public=("passkeys.challenge", "passkeys.sign_in"),
    limits={
        "second_factor.verify": PROOF_LIMITS,
        "second_factor.recover": PROOF_LIMITS,
        "second_factor.confirm_codes": PROOF_LIMITS,
        "second_factor.finish": PROOF_LIMITS,
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
                *signed(FactorReset),
            ),
        ),
    ),
    sections=(LastingWayIn(list_lasting_ways, "second_factor.page"),),
    sensitive=(
        "second_factor.page",
        "second_factor.start_codes",
        "second_factor.codes",
        "second_factor.confirm_codes",
        "second_factor.remove_codes_page",
        "second_factor.remove_codes",
        "second_factor.recovery",
        "second_factor.renew",
        "second_factor.finish",
        "passkeys.add_page",
        "passkeys.add",
        "passkeys.remove_page",
        "passkeys.remove",
        "factor_resets.ask",
        "factor_resets.apply",
    ),
)
