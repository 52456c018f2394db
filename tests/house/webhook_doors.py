"""Access table of tokens and webhooks (see `doors.py`)."""

from tests.house.door import ADMIN, DIRECTION, EVERYBODY, IN_PROGRAMME, LEAD, MEMBER, Door, read, write

W = "/webhooks/{webhook}"
M = "/programmes/ami/machines"
LEADS = {LEAD, DIRECTION}

WEBHOOK_DOORS: dict[str, Door] = {
    "api_tokens.index GET": read("/profile/tokens", EVERYBODY),
    "api_tokens.create POST": write("/profile/tokens", {"name": "n", "days": "30"}, EVERYBODY),
    "api_tokens.revoke POST": write("/profile/tokens/{api_token}/revoke", {}, {MEMBER, ADMIN}),
    "api_tokens.everybody GET": read("/admin/tokens", {ADMIN}),
    "machines.index GET": read(M, {DIRECTION}, IN_PROGRAMME),
    "machines.create POST": write(M, {"name": "n", "role": "observer"}, {DIRECTION}, IN_PROGRAMME),
    "machines.page GET": read(f"{M}/{{machine}}", {DIRECTION}, IN_PROGRAMME),
    "machines.create_token POST": write(
        f"{M}/{{machine}}/tokens", {"name": "n", "days": "30"}, {DIRECTION}, IN_PROGRAMME
    ),
    "machines.revoke_token POST": write(
        f"{M}/{{machine}}/tokens/{{machine_token}}/revoke", {}, {DIRECTION}, IN_PROGRAMME
    ),
    "machines.close POST": write(f"{M}/{{machine}}/close", {}, {DIRECTION}, IN_PROGRAMME),
    "webhooks.index GET": read("/webhooks/of/{project}", LEADS),
    "webhooks.create POST": write(
        "/webhooks/of/{project}", {"name": "n", "url": "https://forge.example/hook"}, LEADS
    ),
    "webhooks.page GET": read(W, LEADS),
    "webhooks.test POST": write(f"{W}/test", {}, LEADS),
    "webhooks.rotate POST": write(f"{W}/rotate", {}, LEADS),
    "webhooks.pause POST": write(f"{W}/pause", {}, LEADS),
    "webhooks.resume POST": write(f"{W}/resume", {}, LEADS),
    "webhooks.replay POST": write(f"{W}/deliveries/1/replay", {}, LEADS),
    "webhooks.delete POST": write(f"{W}/delete", {}, LEADS),
}
