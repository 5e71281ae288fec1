"""The two pages of a login in the browser: before Salesforce and after it. Plain HTML, nothing from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Mapping

from flask import Flask, Response, make_response, render_template_string, request
from markupsafe import Markup, escape
from werkzeug.wrappers import Response as AnyResponse

from bot.domain.answers import Answer, Buttons, Menu, Part, Steps, Text
from bot.domain.answers.markup import Span, spans, utc_words
from bot.domain.errors import AskerError, AssistantError, LoginStopped, OrgError, Why
from bot.domain.orgs.oauth_state import Back
from bot.guard import attempted
from bot.service.browser_login import MINUTES, BrowserLoginFlow

COOKIE = "flosum_login"
CONNECT, CALLBACK = "/salesforce/connect", "/salesforce/callback"

_STATUS: Mapping[Why, int] = {
    Why.UNKNOWN: 410,
    Why.TOO_OLD: 410,
    Why.OTHER_BROWSER: 403,
    Why.OTHER_ASKER: 403,
    Why.DENIED: 403,
    Why.REFUSED: 403,
    Why.WRONG_ORG: 409,
    Why.NOT_SALESFORCE: 400,
}

_STYLE = Markup("""
:root { color-scheme: light dark }
body { font: 1.05rem/1.6 system-ui, sans-serif; max-width: 36rem; margin: 3rem auto; padding: 0 1rem }
fieldset { border: 1px solid GrayText; border-radius: .4rem; margin: 1rem 0 }
label { display: block; padding: .2rem 0 }
input[type=text] { font: inherit; width: 100%; box-sizing: border-box; padding: .3rem }
button { font: inherit; padding: .5rem 1.2rem }
[role=alert] { border-left: .3rem solid #c00; padding-left: .8rem }
small { color: GrayText }
""")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ title }}</title>
{% if leads_to %}<meta http-equiv="refresh" content="0; url={{ leads_to }}">{% endif %}
<style>{{ style }}</style>
</head>
<body><main>{{ body }}</main></body>
</html>
"""
_FORM = """
<h1>Connect <code>{{ name }}</code> to the Flosum bot</h1>
{% if problem %}<p role="alert" id="problem">{{ problem }}</p>{% endif %}
<p><strong>{{ person or "Somebody" }}</strong> asked for this in Slack{% if place %}, in the workspace
<strong>{{ place }}</strong>{% endif %}. If that is not you, close this page: what you log in to would be connected to
their workspace.</p>
<form method="post" action="connect">
<input type="hidden" name="link" value="{{ link }}">
<fieldset><legend>Where do you log in?</legend>
<label><input type="radio" name="where" value="production"{% if not host %} checked{% endif %}> Production
<small>login.salesforce.com</small></label>
<label><input type="radio" name="where" value="sandbox"> Sandbox <small>test.salesforce.com</small></label>
<label><input type="radio" name="where" value="my-domain"{% if host %} checked{% endif %}> My Domain</label>
<label>My Domain of the org
<input type="text" name="my_domain" value="{{ host or '' }}" placeholder="acme.my.salesforce.com" autocomplete="off"
 spellcheck="false"{% if problem %} aria-invalid="true" aria-describedby="problem"{% endif %}></label>
</fieldset>
<button type="submit">Log in to Salesforce</button>
</form>
<p><small>The bot asks to use the API and to stay connected. It reads which connected apps are installed and who may use
them; it changes nothing by itself.</small></p>
"""


class ConnectPages:
    """The routes. ``secure``: browsers reach this bot by https, so that the cookie never travels otherwise."""

    def __init__(self, login_flow: BrowserLoginFlow, secure: Callable[[], bool]) -> None:
        self._login_flow = login_flow
        self._secure = secure

    def register(self, web: Flask) -> None:
        """Attach both pages."""
        web.add_url_rule(
            CONNECT,
            view_func=lambda: self._guarded(lambda: self._invitation(request.args.get("link", ""))),
            endpoint="connect",
            methods=["GET"],
        )
        web.add_url_rule(CONNECT, view_func=lambda: self._guarded(self._begin), endpoint="begin", methods=["POST"])
        web.add_url_rule(CALLBACK, view_func=lambda: self._guarded(self._finish), endpoint="callback", methods=["GET"])

    def _invitation(self, link: str, problem: str = "", status: int = 200) -> AnyResponse:
        shown = self._login_flow.page(link, request.cookies.get(COOKIE, ""))
        host = request.form.get("my_domain") or shown.host
        body = render_template_string(
            _FORM,
            name=shown.name,
            person=shown.person,
            place=shown.place,
            host=host,
            link=link,
            problem=problem.replace("`", ""),
        )
        response = make_response(_framed(f"Connect {shown.name}", Markup(body)), status)  # noqa: S704 - rendered above
        response.set_cookie(
            COOKIE,
            shown.cookie,
            max_age=2 * MINUTES,  # the link's ten, then the login's
            secure=self._secure(),
            httponly=True,
            samesite="Lax",
        )
        return response

    def _begin(self) -> AnyResponse:
        form = request.form
        link, cookie = form.get("link", ""), request.cookies.get(COOKIE, "")
        try:
            address = self._login_flow.begin(link, form.get("where", ""), form.get("my_domain", ""), cookie)
        except LoginStopped as stopped:
            if stopped.why is Why.NOT_SALESFORCE:
                return self._invitation(link, stopped.text, _STATUS[stopped.why])
            raise
        # Not an HTTP redirect: browsers hold the form's policy against every hop of it, a company's own login included.
        body = Markup('<h1>On to Salesforce</h1><p><a href="{}">Continue to Salesforce</a></p>').format(address)
        return make_response(_framed("On to Salesforce", body, leads_to=address))

    def _finish(self) -> AnyResponse:
        given = request.args
        back = Back(
            given.get("state", ""),
            given.get("code", ""),
            given.get("error", ""),
            given.get("error_description", ""),
            request.cookies.get(COOKIE, ""),
        )
        answer = self._login_flow.finish(back)
        response = make_response(_answered(answer), 200)
        response.delete_cookie(COOKIE)
        return response

    def _guarded(self, view: Callable[[], AnyResponse]) -> AnyResponse:
        """Nothing is loaded from elsewhere, nothing frames us, and no address of ours is told to others."""
        response = attempted(view, _failed)
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'; "
            "form-action 'self'"
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response


def _failed(error: Exception, shown: Answer) -> AnyResponse:
    """The error in its own words; where a login was stopped, with what helps against it."""
    if not isinstance(error, LoginStopped):
        by_kind = ((AskerError, 403), (OrgError, 502), (AssistantError, 503))
        return make_response(
            _answered(shown), next((status for kind, status in by_kind if isinstance(error, kind)), 500)
        )
    meaning = error.meaning
    if meaning is not None and not meaning.unknown:
        lead = Text(" ".join(word for word in (meaning.headline, meaning.lead) if word))
        shown = Answer(shown.headline, shown.lead, parts=(lead, *meaning.parts), note=meaning.note)
    return make_response(_answered(shown), _STATUS[error.why])


def _framed(title: str, body: Markup, leads_to: str = "") -> str:
    return render_template_string(_FRAME, title=title, body=body, style=_STYLE, leads_to=leads_to)


def _answered(answer: Answer) -> Response:
    """An answer as a page of its own."""
    parts = [Markup("<h1>{}</h1>").format(_html(answer.headline))]
    parts += [Markup("<p>{}</p>").format(_html(text)) for text in (answer.lead,) if text]
    parts += [_part(part) for part in answer.parts]
    parts += [Markup("<p><small>{}</small></p>").format(_html(text)) for text in (answer.note,) if text]
    parts.append(Markup("<p>You can close this page and go back to Slack.</p>"))
    return make_response(_framed("Flosum bot", Markup("\n").join(parts)))


def _part(part: Part) -> Markup:
    if isinstance(part, Text):
        return Markup("<p>{}</p>").format(_html(part.text))
    if isinstance(part, Buttons | Menu):  # they are for Slack; a page has its own way on
        return Markup("")
    if isinstance(part, Steps):
        kind, texts = "ol", part.items
    else:
        kind, texts = "ul", tuple(f"{each.name} · {each.detail}" if each.detail else each.name for each in part.items)
    lines = Markup("").join(Markup("<li>{}</li>").format(_html(text)) for text in texts)
    return Markup("<{0}>{1}</{0}>").format(kind, lines)


def _html(text: str) -> Markup:
    return Markup("").join(map(_span, spans(text)))


def _span(span: Span) -> Markup:
    if span.style == "link":
        return Markup('<a href="{}" rel="noreferrer">{}</a>').format(span.url, span.text)
    if span.style in ("bold", "code"):
        return Markup("<{0}>{1}</{0}>").format({"bold": "strong", "code": "code"}[span.style], span.text)
    return escape(utc_words(span.text) if span.style == "time" else span.text)
