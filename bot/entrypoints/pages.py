"""The two pages of a login in the browser: before Salesforce and after it. Plain HTML, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import Flask, make_response, render_template_string, request
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from bot.domain.answers import Answer, Text
from bot.domain.errors import LoginStopped, Why
from bot.domain.orgs.oauth_state import Back
from bot.guard import attempted
from bot.service.browser_login import MINUTES, BrowserLoginFlow
from bot.web_page import HEADERS, answered, html, page, status_of

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

_FORM = """
<h1>Connect <code>{{ name }}</code> to Flosum for Slack</h1>
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
{% if problem %}<p role="alert" id="problem">{{ problem }}</p>{% endif %}
<label>My Domain of the org
<input type="text" name="my_domain" value="{{ host or '' }}" placeholder="acme.my.salesforce.com" autocomplete="off"
 autocapitalize="none" spellcheck="false"
 {% if problem %}aria-invalid="true" aria-describedby="problem" autofocus{% endif %}></label>
</fieldset>
{% if asks_for_grants %}<fieldset><legend>What may it do in this org?</legend>
<label><input type="checkbox" name="grants" value="yes"{% if grants_allowed %} checked{% endif %}> Besides reading, it
may let people into the two Flosum apps: grant them to a permission set, or assign that to somebody. It asks each time,
and only people who may change things in Slack can say yes.</label>
</fieldset>{% endif %}
<button type="submit">Log in to Salesforce</button>
</form>
<p><small>The bot asks to use the API and to stay connected. It reads which connected apps are installed and who may use
them; {% if asks_for_grants %}without the tick above it only reads.{% else %}it changes nothing.{% endif %}</small></p>
"""
_ON = Markup("""<h1>On to Salesforce</h1>
<p>You log in there, and come back here. If nothing happens: <a href="{}">Continue to Salesforce</a></p>""")
_AFTER_DENIED = "If that was a slip: press **Try again** in Slack, and **Allow** at Salesforce."


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
        web.add_url_rule(CONNECT, view_func=self._sent, endpoint="begin", methods=["POST"])
        web.add_url_rule(CALLBACK, view_func=lambda: self._guarded(self._answer), endpoint="callback", methods=["GET"])

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
            problem=html(problem),
            asks_for_grants=shown.asks_for_grants,
            grants_allowed=bool(request.form.get("grants")) if request.method == "POST" else shown.grants_allowed,
        )
        stopped = "Not yet: " if problem else ""
        response = make_response(page(f"{stopped}Connect {shown.name}", Markup(body)), status)  # noqa: S704 - rendered above
        response.set_cookie(
            COOKIE,
            shown.cookie,
            max_age=2 * MINUTES,  # the link's ten, then the login's
            secure=self._secure(),
            httponly=True,
            samesite="Lax",
        )
        return response

    def _sent(self) -> AnyResponse:
        form = request.form  # read before the guard: a form that is too large is nothing unexpected
        return self._guarded(lambda: self._begin(form))

    def _begin(self, form: Mapping[str, str]) -> AnyResponse:
        link, cookie = form.get("link", ""), request.cookies.get(COOKIE, "")
        try:
            where, my_domain = form.get("where", ""), form.get("my_domain", "")
            address = self._login_flow.begin(link, where, my_domain, cookie, grants=bool(form.get("grants")))
        except LoginStopped as stopped:
            if stopped.why is Why.NOT_SALESFORCE:
                return self._invitation(link, stopped.text, _STATUS[stopped.why])
            raise
        # Not an HTTP redirect: browsers hold the form's policy against every hop of it, a company's own login included.
        body = _ON.format(address)
        return make_response(page("On to Salesforce", body, leads_to=address))

    def _answer(self) -> AnyResponse:
        """What Salesforce said; programs that only look at an address (HEAD) must not use it up."""
        return make_response("") if request.method == "HEAD" else self._finish()

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
        response = make_response(answered(answer), 200)
        response.delete_cookie(COOKIE)
        return response

    def _guarded(self, view: Callable[[], AnyResponse]) -> AnyResponse:
        response = attempted(view, _failed)
        response.headers.update(HEADERS)
        return response


def _failed(error: Exception, shown: Answer) -> AnyResponse:
    """The error in its own words; where a login was stopped, with what helps against it."""
    if not isinstance(error, LoginStopped):
        return make_response(answered(shown), status_of(error))
    if error.why is Why.DENIED:
        shown = replace(shown, lead=_AFTER_DENIED)
    meaning = error.meaning
    if meaning is not None and not meaning.unknown:
        lead = Text(" ".join(word for word in (meaning.headline, meaning.lead) if word))
        shown = Answer(shown.headline, shown.lead, parts=(lead, *meaning.parts), note=meaning.note)
    return make_response(answered(shown), _STATUS[error.why])
