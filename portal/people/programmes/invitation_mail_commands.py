"""Queue the letter of an invitation (`templates/mail/invitation`)."""

from portal.people.accounts.models import Person
from portal.people.programmes import policy
from portal.people.programmes.models import Invitation
from portal.platform.kernel import outbox
from portal.platform.kernel.text import using_language


def queue_invitation_mail(invitation: Invitation, invitee: Person | None, inviter: Person) -> None:
    """Queue the letter in the invitee's language, or the inviter's if there is no account yet."""
    locale = (invitee or inviter).locale
    with using_language(locale):
        role = str(policy.ROLE_LABELS[invitation.role])
    outbox.queue_letter(
        "invitation",
        address=invitation.email,
        locale=locale,
        person_id=invitee.id if invitee else None,
        facts={
            "id": str(invitation.id),
            "inviter": inviter.name,
            "place_fr": invitation.place_fr,
            "place_en": invitation.place_en,
            "role": role,
            "expires_at": invitation.expires_at.isoformat(),
        },
    )
