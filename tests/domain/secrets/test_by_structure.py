"""Secrets whose name stands behind them, or some lines above, or is the file's own."""

from __future__ import annotations

import base64
import json

import pytest

from bot.domain.secrets import MASK
from bot.domain.secrets.redaction import redact

PASSWORD = "Kp9!vTz4qW"
SECRET = "B9200EBF0A7B5F18BEBBCE5AED6CD996991AFEB6B97D1C0973B79E404A32EA7E"
CODED = base64.b64encode(PASSWORD.encode()).decode()

PLACES = {
    "Postman": (json.dumps({"variable": [{"value": "{}", "key": "client_secret", "type": "string"}]}), SECRET),
    "Postman, others between": (
        json.dumps({"value": "{}", "enabled": True, "type": "any", "key": "password"}),
        PASSWORD,
    ),
    "Postman, in lines": (json.dumps([{"value": "{}", "key": "sf_password"}], indent=2), PASSWORD),
    "Postman, escaped": (json.dumps(json.dumps({"value": "{}", "key": "password"})), PASSWORD),
    "Spring": ('<property value="{}" name="password"/>', PASSWORD),
    "Terraform": ('variable "sf_password" {\n  type = string\n  default = "{}"\n}', PASSWORD),
    "a plan": ('~ client_secret = "[masked]" -> "{}"', SECRET),
    "Kubernetes": ("apiVersion: v1\nkind: Secret\ndata:\n  prod: {}\ntype: Opaque", CODED),
    "Kubernetes, its kind behind": ("apiVersion: v1\ndata:\n  prod: {}\nkind: Secret\nmetadata:\n  name: x", CODED),
    "Kubernetes, uncoded": ("kind: Secret\nstringData:\n  config.yml: {}\n", PASSWORD),
    "Kubernetes, in a list": ("kind: List\nitems:\n- kind: Secret\n  data:\n    cred: {}\n  type: Opaque", CODED),
    "Kubernetes, quoted": ("> kind: Secret\n> data:\n>   cred: {}\n> type: Opaque", CODED),
    "Kubernetes, JSON": (json.dumps({"kind": "Secret", "data": {"db": "{}"}, "type": "Opaque"}), CODED),
}


@pytest.mark.parametrize("place", PLACES)
def test_what_a_file_ties_to_a_name_is_masked(place: str) -> None:
    text, secret = PLACES[place]

    found = redact(text.replace("{}", secret))

    assert found.text == text.replace("{}", MASK)
    assert found.secrets
    assert redact(found.text).text == found.text


def test_bytes_in_the_registry_of_windows_are_masked_to_their_last_line() -> None:
    text = '"Server"="x"\n"Password"=hex:01,00,00,00,d0,8c,\\\n  9d,df,01,15\n"Size"=hex:01,00,00,00'

    assert redact(text).text == f'"Server"="x"\n"Password"={MASK}\n"Size"=hex:01,00,00,00'


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"value": "Admin2-users", "key": "permitted_users"}),
        json.dumps([{"key": "user", "value": "anna2026"}, {"key": "password_policy", "value": "90-days"}]),
        json.dumps({"value": "{{client_secret}}", "key": "client_secret"}),
        'variable "region" {\n  default = "eu-west-1"\n}\nvariable "password_length" {\n  default = "16-chars"\n}',
        'variable "sf_password" {\n  default = "${var.other}"\n}',
        '~ permitted_users = "self-authorize2" -> "admin-approved2"',
        "kind: ConfigMap\ndata:\n  mode: production",
        "kind: SecretProviderClass\ndata:\n  mode: production",
        "what kind of secret: consumer. The data: see below\nthere it is",
    ],
)
def test_what_is_tied_to_no_secrets_name_stays(text: str) -> None:
    assert redact(text).text == text
