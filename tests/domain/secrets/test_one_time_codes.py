"""One-time codes: masked where words say what they are, and no other number is."""

from __future__ import annotations

import pytest

from bot.domain.secrets import MASK, Secret
from bot.domain.secrets.redaction import redact

SAID = """
Your Salesforce verification code is {}. It expires in 15 minutes.
Verification Code: {}
Verification code:\\n\\n{}\\n\\nIf you didn't log in, tell your admin.
*Verification Code:*\\n`{}`
Verify your identity in Salesforce. Code: {}
Use verification code {} for Salesforce authentication.
MFA code: {}
my 2FA code was {} and it failed
authenticator code {} doesn't work
I typed the 6-digit code {} and it fails
I entered the code from my authenticator app {} twice
passcode {}
one-time passcode is {}
multi-factor passcode {}
your authentication passcode: {}
OTP {}
the otp: {}
Temporary verification code: {}
{} is your Google verification code
{} is your Salesforce security code.
they texted me the code {}
Ihr Verifizierungscode lautet {}
Bestätigungscode: {}
Sicherheitscode: {}
Votre code de vérification est {}
code à usage unique : {}
Su código de verificación es {}
Seu código de segurança é {}
Il codice di verifica: {}
確認コード: {}
验证码：{}
인증번호: {}
Код подтверждения: {}
verification code: {} [error 1234567]
"""
CODES = ("482913", "48213", "482 913")


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("said", SAID.strip().splitlines())
def test_a_code_is_masked_where_words_say_what_it_is(said: str, code: str) -> None:
    text = said.replace("\\n", "\n")

    found = redact(text.format(code))

    assert (found.text, found.secrets) == (text.format(MASK), (Secret.ONE_TIME_CODE,))
    assert redact(found.text).text == found.text


@pytest.mark.parametrize("code", ["4821", "Xk3pQ9zT7m", "G-482913", "GF7H-9KLM", "48213579"])
def test_a_code_of_another_form_takes_a_name_of_its_own(code: str) -> None:
    assert redact(f"verification code: {code}").text == f"verification code: {MASK}"


def test_codes_for_a_lost_phone_are_masked_each() -> None:
    result = redact("Recovery codes:\nabcd-1234-ef56\n9a8b-77cc-dd01\nKeep them safe.")

    assert result.text == f"Recovery codes:\n{MASK}\n{MASK}\nKeep them safe."


HARMLESS = """
error code: 404123 while the verification runs
verification code error 503
the security code expired at 10:15
verification code: invalid
The verification code you entered is incorrect (error 1234567)
Enter your password and the code from your authenticator app
MFA code required since 2022
security code 2024 edition, 4-digit code 2026
exit code 482913, mfa is on
Error code: 50076 multi-factor authentication is required
{"code":500121,"message":"multi-factor authentication"}
AADSTS50076: authentication code AADSTS50076
device code flow RFC8628, user code expired in 900 seconds
pinned 12345 and pin 12345
verification code sent to +49 170 1234567
identity code review #48213
verification code 12345678901
authentication code INVALID2FA, login code LOGIN_MUST_USE_SECURITY_TOKEN
Verification code expired after 15 minutes
code coverage 98765 lines verified
no recovery codes are left
"""


@pytest.mark.parametrize("text", HARMLESS.strip().splitlines())
def test_another_number_stays(text: str) -> None:
    assert redact(text).text == text
