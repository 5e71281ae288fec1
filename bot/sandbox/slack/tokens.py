"""What one workspace lets an app in with: its tokens, the codes that become tokens, and how they end."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Iterable

from bot.sandbox.slack.method_context import ApiError
from bot.sandbox.slack.records import APP, BOT_USER, Json, Team

LIFE = 43_200  # seconds, where tokens rotate


class Tokens:
    """The bot's tokens in one workspace. ``rotating``: they end after ``life`` seconds and are refreshed, each once."""

    def __init__(self, team: Team, first: str, scopes: Iterable[str]) -> None:
        self._team = team
        self._lock = threading.Lock()
        self._good = {first}
        self._ended: dict[str, str] = {}
        self._codes: dict[str, str] = {}
        self._refresh: set[str] = set()
        self.scopes = frozenset(scopes)
        self.rotating = False
        self.life = LIFE

    def knows(self, secret: str | None) -> bool:
        """Whether this token, code or refresh token was given out here."""
        return secret in self._good or secret in self._ended or secret in self._codes or secret in self._refresh

    def admit(self, token: str | None) -> None:
        """Raise ApiError unless the token is good."""
        if not token:
            raise ApiError("not_authed")
        if token not in self._good:
            raise ApiError(self._ended.get(token, "invalid_auth"))

    def end(self, error: str = "account_inactive") -> None:
        """Let no token, code or refresh token open anything any more."""
        with self._lock:
            self._ended |= dict.fromkeys(self._good, error)
            self._good.clear()
            self._codes.clear()
            self._refresh.clear()

    def admit_again(self) -> None:
        """Let those that ended open everything again, as after an installation that gives the same token."""
        with self._lock:
            self._good |= self._ended.keys()
            self._ended.clear()

    def expire(self) -> None:
        """Let the tokens in use end as those do that nobody refreshed in time."""
        with self._lock:
            self._ended |= dict.fromkeys(self._good, "token_expired")
            self._good.clear()

    def new_code(self, scopes: str) -> str:
        """What an approving admin's browser carries back; good for one exchange."""
        code = f"{self._team.id}.{secrets.token_hex(16)}"
        with self._lock:
            self._codes[code] = scopes
        return code

    def exchange(self, args: Json, installer: str) -> Json:
        """``oauth.v2.access``: a code or a refresh token, spent, becomes a token. Raises ApiError."""
        with self._lock:
            if args.get("grant_type") == "refresh_token":
                if args.get("refresh_token") not in self._refresh:
                    raise ApiError("invalid_refresh_token")
                self._refresh.remove(str(args["refresh_token"]))
            else:
                code = args.get("code")
                if code not in self._codes:
                    raise ApiError("invalid_code")
                self.scopes = frozenset(self._codes.pop(code).split(","))
                self._good.clear()
            return self._granted(installer)

    def _granted(self, installer: str) -> Json:
        team = self._team
        token = f"{'xoxe.' if self.rotating else ''}xoxb-{secrets.token_hex(80)}"
        self._good.add(token)
        answer: Json = {"access_token": token, "token_type": "bot", "scope": ",".join(sorted(self.scopes))}
        answer |= {"bot_user_id": BOT_USER, "app_id": APP, "authed_user": {"id": installer}}
        answer |= {"is_enterprise_install": team.org_wide, "enterprise": None}
        answer["team"] = None if team.org_wide else {"id": team.id, "name": team.name}
        if team.enterprise:
            answer["enterprise"] = {"id": team.enterprise, "name": "Grid"}
        if self.rotating:
            refresh_token = f"xoxe-1-{secrets.token_hex(80)}"
            self._refresh.add(refresh_token)
            answer |= {"refresh_token": refresh_token, "expires_in": self.life}
        return answer
