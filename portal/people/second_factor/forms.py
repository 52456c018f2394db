"""Forms of second factors: proofs, codes, passkeys, and what to keep."""

from uuid import UUID

from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from portal.people.accounts.forms import KeepTokensAndLinksForm
from portal.people.accounts.models import PASSWORD_MAX
from portal.people.second_factor.models import PASSKEY_NAME_MAX
from portal.people.second_factor.passkey_commands import CREDENTIAL_MAX
from portal.people.second_factor.proof_commands import Proof
from portal.platform.kernel.text import lazy_gettext as _l
from portal.platform.web.base_form import Form
from portal.platform.web.form_fields import line_field

CODE_MAX = 100  # characters; spaces and hyphens are left out
NEXT_MAX = 1000


class ProofForm(Form):
    """A one-time code, a passkey's signature, or (without a second factor) the password."""

    code = StringField(_l("Code à six chiffres"), [Length(max=CODE_MAX)])
    password = PasswordField(_l("Mot de passe"), [Length(max=PASSWORD_MAX)])
    credential = HiddenField(validators=[Length(max=CREDENTIAL_MAX)])
    next = HiddenField(validators=[Length(max=NEXT_MAX)])

    def proof(self, request_id: UUID | None) -> Proof:
        return Proof(
            code=self.code.data or "",
            credential=self.credential.data or "",
            password=self.password.data or "",
            request_id=request_id,
        )


class RecoveryCodeForm(Form):
    code = StringField(_l("Code de secours"), [InputRequired(), Length(max=CODE_MAX)])
    next = HiddenField(validators=[Length(max=NEXT_MAX)])


class PasskeySignInForm(Form):
    credential = HiddenField(validators=[InputRequired(), Length(max=CREDENTIAL_MAX)])
    next = HiddenField(validators=[Length(max=NEXT_MAX)])


class FirstCodeForm(KeepTokensAndLinksForm):
    code = StringField(_l("Code à six chiffres"), [InputRequired(), Length(max=CODE_MAX)])


class RecoveryCheckForm(KeepTokensAndLinksForm):
    """Ends an enrolment: one recovery code is typed, which shows that they were noted."""

    code = StringField(_l("Un des codes de secours"), [InputRequired(), Length(max=CODE_MAX)])


class AddPasskeyForm(KeepTokensAndLinksForm):
    name = line_field(
        _l("Nom de la clé"),
        PASSKEY_NAME_MAX,
        required=_l("Donnez un nom."),
        hint=_l("Par exemple le téléphone."),
    )
    credential = HiddenField(validators=[InputRequired(), Length(max=CREDENTIAL_MAX)])
