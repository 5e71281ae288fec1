"""Texts with planted secrets, from a seed: a named secret, a way to write it, and what stands around it.

Every value is invented. ``texts(seed, count)`` gives the same texts for the same seed; ``leaked`` says whether a
redacted text still shows a piece of what was planted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from random import Random
from string import ascii_letters, digits
from urllib.parse import quote

ALNUM = ascii_letters + digits
_MILD = "!#$%&*+-=?@^_~"  # what people put in passwords
_HARD = _MILD + ".,:;()[]{}/"


@dataclass(frozen=True, slots=True)
class Planted:
    """A text, the values in it as they are written there, and how it was made."""

    text: str
    values: tuple[str, ...]
    name: str
    way: str
    surrounding: str


@dataclass(frozen=True, slots=True)
class Name:
    """A secret's name as people say it and as programs write it, and how its values look."""

    said: tuple[str, ...]
    written: tuple[str, ...]
    value: Callable[[Random], str]


def _letters(alphabet: str, shortest: int, longest: int) -> Callable[[Random], str]:
    return lambda random: "".join(random.choices(alphabet, k=random.randint(shortest, longest)))


def _password(random: Random) -> str:
    """8 to 16 letters with a digit and, mostly, a special one, as password rules want them."""
    specials = random.choice(("!", _MILD, _MILD, _HARD))
    length = random.choice((8, 8, 10, 12, 16))
    letters = [random.choice(ascii_letters), random.choice(digits), random.choice(specials)]
    letters += random.choices(ALNUM + specials * 2, k=length - 3)
    random.shuffle(letters)
    return "".join(letters)


def _memorable(random: Random) -> str:
    """A password that a person made: a word, a number and perhaps a mark."""
    word = random.choice(("Summer", "Welcome", "flosum", "Hamburg", "rosebud", "Monday"))
    return f"{word}{random.randint(10, 9999)}{random.choice('!#$?*')}"


def _human_or_made(random: Random) -> str:
    return _memorable(random) if random.random() < 0.2 else _password(random)


def _consumer_secret(random: Random) -> str:
    alphabet = random.choice((digits + "ABCDEF", digits))
    return "".join(random.choices(alphabet, k=64 if alphabet != digits else 19))


_TOKEN = _letters(ALNUM, 24, 25)
_HEX = _letters("0123456789abcdef", 32, 64)
_BASE64 = _letters(ALNUM + "+/", 40, 88)
_URL_SAFE = _letters(ALNUM + "-_", 32, 64)

NAMES: dict[str, Name] = {
    "password": Name(
        ("password", "pass word", "login password", "sandbox password"),
        ("password", "passwd", "pwd", "sf_password", "userPassword"),
        _human_or_made,
    ),
    "pwd": Name(("pwd", "pw", "passwd"), ("pwd", "db_pwd", "PWD_PROD"), _password),
    "passphrase": Name(
        ("private key passphrase", "passphrase", "private key password"),
        ("passphrase", "private_key_password", "keyPassphrase", "privateKeyPassword"),
        _human_or_made,
    ),
    "consumer secret": Name(
        ("consumer secret", "Consumer Secret", "client secret", "app secret"),
        ("consumer_secret", "consumerSecret", "CONSUMER_SECRET"),
        _consumer_secret,
    ),
    "client_secret": Name(("client secret",), ("client_secret", "clientSecret", "client-secret"), _consumer_secret),
    "security token": Name(
        ("security token", "Security Token", "sec token", "user security token"),
        ("security_token", "securityToken", "sf.security.token", "SECURITY_TOKEN"),
        _TOKEN,
    ),
    "refresh token": Name(("refresh token",), ("refresh_token", "refreshToken", "refresh-token"), _URL_SAFE),
    "access token": Name(
        ("access token", "OAuth token", "bearer token"),
        ("access_token", "accessToken", "oauth_token", "bearerToken"),
        _URL_SAFE,
    ),
    "session id": Name(
        ("session id", "session ID", "session token"), ("session_id", "sessionId", "sid", "SESSIONID"), _URL_SAFE
    ),
    "api key": Name(("API key", "api key"), ("api_key", "apiKey", "x-api-key", "API_KEY"), _HEX),
    "private key": Name(("private key",), ("private_key", "privateKey"), _BASE64),
    "authorization code": Name(("authorization code", "auth code"), ("authorization_code", "auth_code"), _URL_SAFE),
    "code verifier": Name(("code verifier",), ("code_verifier", "codeVerifier"), _URL_SAFE),
    "signing secret": Name(
        ("signing secret",), ("signing_secret", "SLACK_SIGNING_SECRET"), _letters("0123456789abcdef", 32, 32)
    ),
    "bot token": Name(("bot token", "app-level token"), ("bot_token", "SLACK_BOT_TOKEN", "botToken"), _URL_SAFE),
    "environment password": Name(
        ("Salesforce password",), ("SALESFORCE_PASSWORD", "SF_PASSWORD", "SFDC_PASSWORD_UAT"), _human_or_made
    ),
    "environment secret": Name(
        ("Salesforce client secret",), ("SALESFORCE_CLIENT_SECRET", "SF_CONSUMER_SECRET"), _consumer_secret
    ),
    "environment token": Name(
        ("Salesforce security token",), ("SALESFORCE_SECURITY_TOKEN", "SF_SECURITY_TOKEN"), _TOKEN
    ),
    "cloud key": Name(
        ("secret access key",), ("aws_secret_access_key", "secretAccessKey"), _letters(ALNUM + "+/", 40, 40)
    ),
    "webhook secret": Name(("webhook secret", "shared secret"), ("webhook_secret", "sharedSecret"), _URL_SAFE),
    "german": Name(("Passwort", "Kennwort", "Sicherheitstoken", "Sicherheits-Token"), ("passwort", "kennwort"), _TOKEN),
    "french": Name(("mot de passe", "jeton de sécurité"), ("mot_de_passe", "motDePasse"), _TOKEN),
    "spanish": Name(("contraseña", "token de seguridad"), ("contrasena", "contraseña"), _TOKEN),
    "japanese": Name(("パスワード", "セキュリティトークン", "コンシューマの秘密"), ("パスワード",), _TOKEN),
}

Way = Callable[[str, str], tuple[str, str]]
"""Label and value to a text and the value as it stands in that text."""


def _as_is(template: str) -> Way:
    return lambda label, value: (template.format(label=label, value=value), value)


def _coded(template: str, code: Callable[[str], str]) -> Way:
    return lambda label, value: (template.format(label=label, value=code(value)), code(value))


def _csv(template: str) -> Way:
    """A value with a comma stands in quotes there."""
    return lambda label, value: (template.format(label=label, value=f'"{value}"' if "," in value else value), value)


def _in_json(text: str) -> str:
    return json.dumps(text)[1:-1]


def _in_url(text: str) -> str:
    return quote(text, safe="")


WRITTEN: dict[str, Way] = {
    "assignment": _as_is("{label}={value}"),
    "spaced assignment": _as_is("{label} = {value}"),
    "quoted assignment": _as_is("{label} = '{value}'"),
    "export": _as_is("export {label}={value}"),
    "quoted export": _as_is('export {label}="{value}"'),
    "docker": _as_is("docker run -e {label}={value} app"),
    "json": _coded('{{"user": "a@b.c", "{label}": "{value}", "n": 1}}', _in_json),
    "tight json": _coded('{{"{label}":"{value}"}}', _in_json),
    "json of json": _coded('"{{\\"{label}\\":\\"{value}\\"}}"', lambda value: _in_json(_in_json(value))),
    "yaml": _as_is("user: a@b.c\n{label}: {value}\nversion: 60"),
    "yaml block": _as_is("{label}: |\n  {value}"),
    "folded yaml": _as_is("{label}: >-\n  {value}"),
    "quoted yaml": _as_is('{label}: "{value}"'),
    "ini": _as_is("[org]\nuser = a@b.c\n{label} = {value}\n"),
    "properties": _as_is("sf.{label}={value}\nsf.user=a@b.c"),
    "spaced properties": _as_is("sf.{label} {value}"),
    "java option": _as_is("java -Dsf.{label}={value} -jar x.jar"),
    "query": _coded("https://x.test/in?{label}={value}&user=a", _in_url),
    "form": _coded("grant_type=x&user=a%40b.c&{label}={value}&format=json", _in_url),
    "encoded query": _coded("https%3A%2F%2Fx.test%3F{label}%3D{value}%26user%3Da", _in_url),
    "xml": _coded("<urn:{label}>{value}</urn:{label}>", escape),
    "escaped xml": _coded("&lt;{label}&gt;{value}&lt;/{label}&gt;", _in_url),
    "plist": _coded("<key>{label}</key>\n<string>{value}</string>", escape),
    "entry": _coded('<entry key="{label}">{value}</entry>', escape),
    "attributes": _coded('<add key="{label}" value="{value}" />', escape),
    "name and value": _coded('{{"name": "{label}", "value": "{value}"}}', _in_json),
    "html row": _coded("<tr><td>{label}</td><td>{value}</td></tr>", escape),
    "html input": _coded('<input type="text" name="{label}" value="{value}">', escape),
    "csv with head": _csv("user,{label},active\na@b.c,{value},true"),
    "csv row": _csv("{label},{value}"),
    "tabs with head": _as_is("user\t{label}\na@b.c\t{value}"),
    "table with head": _as_is("| user | {label} | note |\n|---|---|---|\n| a@b.c | {value} | uat |"),
    "flag": _as_is("tool login --{label} {value} --json"),
    "flag with equals": _as_is("tool login --{label}={value} --json"),
    "quoted flag": _as_is("tool login --{label} '{value}'"),
    "python": _as_is("Salesforce(username='a@b.c', {label}='{value}', domain='test')"),
    "ruby": _as_is(":{label} => '{value}', :host => 'x'"),
    "javascript": _as_is("const {label} = '{value}';"),
    "typed": _as_is('{label}: str = "{value}"'),
    "apex": _as_is("req.setHeader('{label}', '{value}');"),
    "environ": _as_is("os.environ['{label}'] = '{value}'"),
    "cookie": _as_is("Cookie: oid=1; {label}={value}; path=/"),
}

SAID: dict[str, Way] = {
    "colon": _as_is("{label}: {value}"),
    "tight colon": _as_is("{label}:{value}"),
    "wide colon": _as_is("{label}：{value}"),
    "equals": _as_is("{label} = {value}"),
    "blank": _as_is("{label} {value}"),
    "my": _as_is("my {label} {value}"),
    "is": _as_is("the {label} is {value}"),
    "was": _as_is("the {label} was {value}"),
    "is with colon": _as_is("Your new {label} is: {value}"),
    "is on the next line": _as_is("Your new {label} is:\n{value}"),
    "next line": _as_is("{label}\n{value}"),
    "next line after colon": _as_is("{label}:\n{value}"),
    "line between": _as_is("{label}\n\n{value}"),
    "remark": _as_is("{label} (case-sensitive): {value}"),
    "remark before the line": _as_is("{label} (case-sensitive):\n{value}"),
    "of an org": _as_is("{label} for the sandbox: {value}"),
    "of an org is": _as_is("the {label} for prod is {value}"),
    "dash": _as_is("{label} - {value}"),
    "long dash": _as_is("{label} – {value}"),
    "arrow": _as_is("{label} -> {value}"),
    "bold": _as_is("*{label}:* {value}"),
    "bold before the colon": _as_is("*{label}*: {value}"),
    "bold line": _as_is("*{label}*\n{value}"),
    "code": _as_is("{label}: `{value}`"),
    "code after a blank": _as_is("{label} `{value}`"),
    "fence": _as_is("{label}:\n```\n{value}\n```"),
    "quotes": _as_is('{label}: "{value}"'),
    "quotes after a blank": _as_is('{label} "{value}"'),
    "smart quotes": _as_is("{label} “{value}”"),
    "brackets": _as_is("{label} ({value})"),
    "table row": _as_is("| {label} | {value} |"),
    "tab": _as_is("{label}\t{value}"),
    "german is": _as_is("{label} lautet {value}"),
    "html bold": _as_is("<b>{label}:</b> {value}"),
    "html line": _as_is("{label}:<br>{value}"),
    "definition": _as_is("<dt>{label}</dt><dd>{value}</dd>"),
    "set to": _as_is("{label} set to {value}"),
    "again": _as_is("{label} again: {value}"),
    "quoted reply": _as_is("> {label}\n> {value}"),
    "copy button": _as_is("{label}\nCopy\n{value}"),
}


def _around(before: str, after: str = "") -> Callable[[str], str]:
    return lambda text: before + text + after


SURROUNDINGS: dict[str, Callable[[str], str]] = {
    "alone": str,
    "error": _around("error "),
    "error with colon": _around("Error: "),
    "invalid": _around("invalid "),
    "Invalid, and a sentence": _around("Invalid ", " - what now"),
    "INVALID": _around("INVALID "),
    "expired": _around("it says expired ", "\nwhat next"),
    "missing": _around("missing "),
    "wrong": _around("wrong "),
    "bad": _around("bad "),
    "no": _around("no "),
    "use": _around("use "),
    "revoked": _around("revoked "),
    "unsupported": _around("unsupported "),
    "error code before": _around("INVALID_LOGIN: Invalid username, password, security token; or user locked out.\n"),
    "said in double quotes": _around('they wrote "', '" to me'),
    "in brackets": _around("it fails (", ")"),
    "fence": _around("```\n", "\n```"),
    "inline code": _around("look: `", "`"),
    "quoted": lambda text: "\n".join(f"> {line}" for line in text.split("\n")),
    "escaped quote": lambda text: "\n".join(f"&gt; {line}" for line in text.split("\n")),
    "mention": _around("<@U012ABCDEF> hi, "),
    "link before": _around("<https://acme.my.salesforce.com|our org> "),
    "link after": _around("", " <https://acme.my.salesforce.com|our org>"),
    "log line": _around("2026-02-03T10:11:12.345Z ERROR [main] c.a.Login - "),
    "log with pairs": _around("level=error msg=failed ", " attempt=3 took=12ms"),
    "stack trace": _around(
        'Traceback (most recent call last):\n  File "a.py", line 3, in <module>\n    ', "\nValueError: no"
    ),
    "bullet": _around("• "),
    "dash bullet": _around("- "),
    "numbered": _around("1. open Setup\n2. ", "\n3. press Save"),
    "table cell": _around("| step | ", " |"),
    "goes on": _around("", " and it still says INVALID_LOGIN"),
    "goes on after a comma": _around("I used ", ", but the login fails"),
    "full stop": _around("Here: ", "."),
    "exclamation": _around("", " !!!"),
    "question": _around("is it right? ", " ?"),
    "mail": _around("Hi all,\n\n", "\n\nBest regards\nAnna"),
    "windows lines": lambda text: f"Hi\r\n{text}\r\nbye".replace("\r\n", "\n").replace("\n", "\r\n"),
    "hard blanks": lambda text: f"so\u00a0{text}".replace(" ", "\u00a0"),
    "narrow blanks": lambda text: text.replace(" ", "\u202f"),
    "zero width": _around("\u200b", "\u200b"),
    "zero width joints": lambda text: text.replace(": ", ":\u200b ").replace(" ", " \u200b"),
    "byte order mark": _around("\ufeff"),
    "mojibake": _around("see below â€“ ", " â€“ thanks"),
    "diff": lambda text: "\n".join(f"+{line}" for line in text.split("\n")),
    "prompt": _around("$ "),
    "indented": lambda text: "\n".join(f"      {line}" for line in text.split("\n")),
    "json message": lambda text: json.dumps({"text": text}),
    "emoji": _around(":key: ", " :pray:"),
    "long before": _around("we tried it for hours with the admin and with the integration user. " * 6),
}


def leaked(planted: Planted, redacted: str) -> bool:
    """Whether a piece of a planted value that would help a thief still stands there."""
    return any(_shows(value, redacted) for value in planted.values)


def _shows(value: str, text: str) -> bool:
    size = max(5, len(value) // 3)
    return any(value[at : at + size] in text for at in range(max(1, len(value) - size + 1)))


def texts(seed: int, count: int) -> Iterator[Planted]:
    """``count`` texts of that seed: every name comes in turn, ways and surroundings by chance."""
    random = Random(seed)  # noqa: S311 - tests, not secrets
    names = list(NAMES)
    for at in range(count):
        yield _planted(random, names[at % len(names)])


def _planted(random: Random, name: str) -> Planted:
    around = random.choice(list(SURROUNDINGS))
    parts = [_part(random, name)]
    if random.random() < 0.1:
        parts.append(_part(random, random.choice(list(NAMES))))
    text = SURROUNDINGS[around]("\n".join(text for text, _, _ in parts))
    shown = tuple(_in_json(value) if around == "json message" else value for _, value, _ in parts)
    return Planted(text, shown, name, " + ".join(way for _, _, way in parts), around)


def _part(random: Random, name: str) -> tuple[str, str, str]:
    ways = SAID if random.random() < 0.5 else WRITTEN
    kind = NAMES[name]
    label = random.choice(kind.said if ways is SAID else kind.written)
    way = random.choice(list(ways))
    text, shown = ways[way](_cased(random, label), kind.value(random))
    return text, shown, way


def _cased(random: Random, label: str) -> str:
    return random.choice((label, label, label, label.upper(), label.capitalize(), label.title()))
