"""Addresses that open something: where they lead stays, what makes them open is masked."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest

from bot.domain.secrets import MASK, Secret
from bot.domain.secrets.redaction import redact

# Of invented letters, and each address in parts, so that a scanner of this repository takes none for a real one.
MIXED = "Ab1Cd2Ef3Gh4Ij5Kl6Mn7Op8Qr9St0Uv1Wx2Yz3"
SMALL = "ab1cd2ef3gh4ij5kl6mn7op8qr9st0uv"
UUID = "7f3c2b1a-9d4e-4f60-8a2b-1c3d5e7f9a0b"
HEX = "46eb452e5cbe0561e5c806302904682b"

HOOKS = {
    "Teams": ("https://acme.webhook.office.com/webhookb2/{}", f"{UUID}@{UUID}/IncomingWebhook/{HEX}/{UUID}"),
    "Teams, older": ("https://outlook.office.com/webhook/{}", f"{UUID}@{UUID}/IncomingWebhook/{HEX}/{UUID}"),
    "Discord": ("https://discord.com/api/webhooks/{}", f"123456789012345678/{MIXED}"),
    "Discord, with a version": ("https://discordapp.com/api/v10/webhooks/{}", f"123456789012345678/{MIXED}"),
    "Zapier": ("https://hooks.zapier.com/hooks/catch/{}", "1234567/b1c2d3e/"),
    "Zapier, older": ("https://hooks.zapier.com/hooks/standard/{}", f"1234567/{HEX}/"),
    "Make": ("https://hook.eu1.make.com/{}", SMALL),
    "Integromat": ("https://hook.integromat.com/{}", SMALL),
    "n8n": ("https://acme.app.n8n.cloud/webhook/{}", UUID),
    "n8n, tried out": ("https://n8n.acme.test/webhook-test/{}", UUID),
    "IFTTT": ("https://maker.ifttt.com/trigger/failed/with/key/{}", MIXED),
    "PagerDuty": ("https://events.pagerduty.com/integration/{}", f"{HEX}/enqueue"),
    "Telegram": ("https://api.telegram.org/bot{}", f"123456789:AA{MIXED}/sendMessage"),
    "Mattermost": ("https://mm.acme.test/hooks/{}", SMALL[:26]),
    "Rocket.Chat": ("https://chat.acme.test/hooks/{}", f"{HEX[:24]}/{MIXED}"),
    "Webex": ("https://webexapis.com/v1/webhooks/incoming/{}", MIXED),
    "Slack, for authorities": ("https://hooks.slack-gov.com/services/{}", f"T0123ABCD/B0123ABCD/{MIXED}"),
}
LINKS = {
    "a forgotten password": ("https://acme.my.salesforce.com/secur/forgotpassword.jsp?r=00D5g000004CYAb&c={}", MIXED),
    "a new user": ("https://acme.my.salesforce.com/?c={}", MIXED),
    "of the login page": ("https://login.salesforce.com/secur/fp?c={}", MIXED),
    "a page to change it": ("https://acme.my.salesforce.com/_ui/system/security/ChangePassword?fpot={}", MIXED),
    "a site of Salesforce's": ("https://acme.my.site.com/portal/login?c={}", MIXED),
    "a login for another page": ("https://acme.my.salesforce.com/secur/singleaccess?otp={}", MIXED),
    "without its host": ("/secur/forgotpassword.jsp?c={}", MIXED),
    "anybody's reset": ("https://app.acme.test/reset-password/{}", MIXED),
    "an invitation": ("https://app.acme.test/invitations/{}", UUID),
}
SIGNED = {
    "Power Automate": ("https://prod-1.logic.azure.com/workflows/0a/triggers/manual/paths/invoke?sig={}", MIXED),
    "a shared file": ("https://acme.blob.core.windows.net/c?sv=2022-11-02&sig={}", MIXED),
    "a file in a bucket": ("https://b.s3.amazonaws.com/k?X-Amz-Expires=60&X-Amz-Signature={}", HEX * 2),
}
CASES = {
    **{f"webhook: {name}": (*case, Secret.WEBHOOK) for name, case in HOOKS.items()},
    **{f"link: {name}": (*case, Secret.ONE_TIME_LINK) for name, case in LINKS.items()},
    **{f"signed: {name}": (*case, Secret.OTHER_TOKEN) for name, case in SIGNED.items()},
}
WRITTEN: dict[str, Callable[[str], str]] = {
    "alone": str,
    "in a sentence": lambda address: f"we post to {address} and get 403",
    "a link of Slack's": lambda address: f"<{address}|the hook>",
    "json": lambda address: json.dumps({"url": address, "retries": 3}),
    "json with escaped slashes": lambda address: json.dumps({"url": address}).replace("/", "\\/"),
    "in another address": lambda address: f"https://x.test/?back={quote(address, safe='')}&n=1",
    "curl": lambda address: f"curl -X POST -d @body.json '{address}'",
    "a setting": lambda address: f"ALERT_URL={address}",
}


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("case", CASES)
def test_what_makes_an_address_open_is_masked_and_where_it_leads_stays(case: str, written: str) -> None:
    address, value, kind = CASES[case]

    found = redact(WRITTEN[written](address.format(value)))

    assert _masked_in(WRITTEN[written], address, value) == found.text
    assert found.secrets == (kind,)
    assert redact(found.text).text == found.text


def _masked_in(write: Callable[[str], str], address: str, value: str) -> str:
    """What is expected: the whole with a mask where the value stands, however it is written there."""
    whole, other = write(address.format(value)), write(address.format("0"))
    start = next(at for at, letters in enumerate(zip(whole, other, strict=False)) if letters[0] != letters[1])
    behind = len(other) - start - 1
    return whole[:start] + MASK + whole[len(whole) - behind :]


def test_an_address_that_became_the_name_of_a_file_is_masked() -> None:
    assert MIXED not in redact(f"https://mm.acme.test/hooks/{MIXED}.log").text


@pytest.mark.parametrize(
    "text",
    [
        "https://acme.my.salesforce.com/lightning/setup/ConnectedAppsUsage/home?c=1&t=2",
        "https://api.github.com/repos/acme/app/hooks/109948940/deliveries",
        "webpack:///src/hooks/useOAuth2SessionToken.ts:12:5",
        "the webhook /services/apexrest/webhooks/incoming_orders_2026 answers 403",
        "https://docs.acme.test/webhooks/getting-started-2026 and /reset-password/page2",
        "https://api.slack.com/messaging/webhooks, https://hooks.zapier.com/ and https://www.make.com/en/help",
        "https://acme.my.salesforce.com/services/apexrest/flosum/hooks/00D5g000004CYAbEAO",
        "https://example.test/search?c=salesforce-connected-apps and sig=none",
    ],
)
def test_an_address_that_opens_nothing_stays(text: str) -> None:
    assert redact(text).text == text
