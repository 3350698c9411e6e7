"""Intuit's OAuth 2 over HTTP: the consent page, the token endpoint, revocation and the discovery document.

One host plays the three that Intuit uses; the paths are Intuit's own.
"""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode
from uuid import NAMESPACE_URL, uuid5

from qbo_pipeline.emulator.oauth.apps import App
from qbo_pipeline.emulator.oauth.consent import consent_page, refusal_page
from qbo_pipeline.emulator.oauth.grants import BearerStatus, Grants, InvalidGrantError, Tokens
from qbo_pipeline.emulator.web.exchange import Answer, Request, UnusableBodyError, json_answer

AUTHORIZE_PATH = "/connect/oauth2"
TOKEN_PATH = "/oauth2/v1/tokens/bearer"  # noqa: S105 - a path
REVOKE_PATH = "/v2/oauth2/tokens/revoke"
_JWKS_PATH = "/op/v1/jwks"
_USER_INFO_PATH = "/v1/openid_connect/userinfo"
# Intuit's own Python library asks with a slash at the end.
_DISCOVERY_PATHS = tuple(
    f"/.well-known/{name}{end}"
    for name in ("openid_configuration", "openid_sandbox_configuration")
    for end in ("", "/")
)

_ACCOUNTING = "com.intuit.quickbooks.accounting"
_SCOPES = frozenset({_ACCOUNTING, "com.intuit.quickbooks.payment", "openid", "profile", "email", "phone", "address"})
_NOT_CACHED = {"Cache-Control": "no-cache, no-store", "Pragma": "no-cache"}


class _RefusedError(Exception):
    """An OAuth error that is answered as JSON."""

    def __init__(self, error: str, description: str | None = None, status: int = 400) -> None:
        super().__init__(error)
        self.answer = json_answer(
            status,
            {"error": error} | ({"error_description": description} if description else {}),
            _NOT_CACHED | ({"WWW-Authenticate": 'Basic realm="Intuit"'} if status == 401 else {}),
        )


class OAuth:
    """The OAuth endpoints over `grants`. `companies` gives the names of the companies by realm id."""

    def __init__(
        self,
        apps: Mapping[str, App],
        grants: Grants,
        companies: Callable[[], Mapping[str, str]],
        url: Callable[[], str],
    ) -> None:
        self._apps = apps
        self._grants = grants
        self._companies = companies
        self._url = url
        self._endpoints: dict[tuple[str, str], Callable[[Request], Answer]] = {
            ("GET", AUTHORIZE_PATH): self._ask_for_consent,
            ("POST", AUTHORIZE_PATH): self._take_decision,
            ("POST", TOKEN_PATH): self._issue_tokens,
            ("POST", REVOKE_PATH): self._revoke,
            ("GET", _JWKS_PATH): lambda request: json_answer(200, {"keys": []}),
            ("GET", _USER_INFO_PATH): self._tell_who,
        } | {("GET", path): self._discover for path in _DISCOVERY_PATHS}

    def serves(self, request: Request) -> bool:
        """Whether the request is for one of these endpoints, whatever its method."""
        return any(path == request.path for _, path in self._endpoints)

    def realm_concerned(self, request: Request) -> str | None:
        """The company whose tokens a token request is about, where that can be told."""
        if request.path != TOKEN_PATH:
            return None
        try:
            form = request.form()
        except UnusableBodyError:
            return None
        return self._grants.realm_of(form.get("refresh_token") or form.get("code", ""))

    def answer(self, request: Request) -> Answer:
        """Answer a request for one of these endpoints."""
        endpoint = self._endpoints.get((request.method, request.path))
        if endpoint is None:
            return json_answer(405, {"error": "invalid_request", "error_description": "method not allowed"})
        try:
            return endpoint(request)
        except UnusableBodyError as error:
            return _RefusedError("invalid_request", str(error)).answer
        except _RefusedError as refused:
            return refused.answer

    def _ask_for_consent(self, request: Request) -> Answer:
        fields = request.params
        refusal = self._refused_consent(fields)
        if refusal is not None:
            return refusal
        asked = {name: fields[name] for name in ("client_id", "response_type", "scope", "redirect_uri", "state")}
        return consent_page(fields["client_id"], fields["scope"], self._companies(), asked)

    def _take_decision(self, request: Request) -> Answer:
        fields = request.form()
        refusal = self._refused_consent(fields)
        if refusal is not None:
            return refusal
        if fields.get("decision") != "connect":
            return _return_to(fields, error="access_denied")
        realm_id = fields.get("realm_id", "")
        if realm_id not in self._companies():
            return refusal_page("Choose one of the companies.")
        chosen = realm_id if _ACCOUNTING in fields["scope"].split() else None
        code = self._grants.issue_code(fields["client_id"], chosen, fields["redirect_uri"])
        return _return_to(fields, code=code, **({"realmId": chosen} if chosen else {}))

    def _refused_consent(self, fields: Mapping[str, str]) -> Answer | None:
        missing = [name for name in ("client_id", "redirect_uri", "state", "scope") if not fields.get(name)]
        if missing:
            return refusal_page(f"The request lacks {', '.join(missing)}.")
        app = self._apps.get(fields["client_id"])
        if app is None:
            return refusal_page("No app has this client_id.")
        if not app.may_return_to(fields["redirect_uri"]):
            return refusal_page("The redirect_uri is not one of those registered for this app.")
        if fields.get("response_type") != "code":
            return _return_to(fields, error="unsupported_response_type")
        if not _SCOPES.issuperset(fields["scope"].split()):
            return _return_to(fields, error="invalid_scope")
        return None

    def _issue_tokens(self, request: Request) -> Answer:
        form = request.form()
        app = self._authenticated_app(request, form)
        tokens = self._tokens_for(app, form)
        answer = {
            "x_refresh_token_expires_in": tokens.refresh_seconds,
            "refresh_token": tokens.refresh_token,
            "access_token": tokens.access_token,
            "token_type": "bearer",
            "expires_in": tokens.access_seconds,
        }
        if request.headers.get("x-include-refresh-token-hard-expires-in", "").lower() == "true":
            answer["x_refresh_token_hard_expires_in"] = tokens.hard_limit_seconds
        return json_answer(200, answer, _NOT_CACHED)

    def _tokens_for(self, app: App, form: Mapping[str, str]) -> Tokens:
        match form.get("grant_type"):
            case "authorization_code":
                code, redirect_uri = _required(form, "code", "redirect_uri")
                try:
                    return self._grants.redeem(app.client_id, code, redirect_uri)
                except InvalidGrantError:
                    raise _RefusedError("invalid_grant") from None
            case "refresh_token":
                (refresh_token,) = _required(form, "refresh_token")
                try:
                    return self._grants.refresh(app.client_id, refresh_token)
                except InvalidGrantError:
                    raise _RefusedError("invalid_grant", "Incorrect or invalid refresh token") from None
            case None | "":
                raise _RefusedError("invalid_request", "grant_type is missing")
            case _:
                raise _RefusedError("unsupported_grant_type")

    def _revoke(self, request: Request) -> Answer:
        app = self._authenticated_app(request, {})
        token = request.json().get("token")
        if not isinstance(token, str):
            raise _RefusedError("invalid_request", "token is missing")
        try:
            self._grants.revoke(app.client_id, token)
        except InvalidGrantError:
            raise _RefusedError("invalid_request", "the token is not valid") from None
        return Answer(200, content_type=None)

    def _authenticated_app(self, request: Request, form: Mapping[str, str]) -> App:
        credentials = request.basic_credentials() or (form.get("client_id", ""), form.get("client_secret", ""))
        app = self._apps.get(credentials[0])
        if app is None or not app.has_secret(credentials[1]):
            raise _RefusedError("invalid_client", status=401)
        return app

    def _discover(self, request: Request) -> Answer:
        url = self._url()
        return json_answer(
            200,
            {
                "issuer": "https://oauth.platform.intuit.com/op/v1",
                "authorization_endpoint": url + AUTHORIZE_PATH,
                "token_endpoint": url + TOKEN_PATH,
                "revocation_endpoint": url + REVOKE_PATH,
                "userinfo_endpoint": url + _USER_INFO_PATH,
                "jwks_uri": url + _JWKS_PATH,
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "scopes_supported": ["openid", "email", "profile", "address", "phone"],
                "token_endpoint_auth_methods_supported": ["client_secret_post", "client_secret_basic"],
            },
        )

    def _tell_who(self, request: Request) -> Answer:
        bearer = self._grants.bearer(request.headers.get("Authorization", "").removeprefix("Bearer "))
        if bearer.status is not BearerStatus.VALID:
            raise _RefusedError("invalid_token", status=401)
        return json_answer(200, {"sub": str(uuid5(NAMESPACE_URL, f"{self._url()}/{bearer.client_id}"))})


def _required(form: Mapping[str, str], *names: str) -> list[str]:
    missing = [name for name in names if not form.get(name)]
    if missing:
        raise _RefusedError("invalid_request", f"{', '.join(missing)} is missing")
    return [form[name] for name in names]


def _return_to(fields: Mapping[str, str], **outcome: str) -> Answer:
    # A registered redirect_uri has no query of its own.
    location = f"{fields['redirect_uri']}?{urlencode({**outcome, 'state': fields['state']})}"
    return Answer(302, content_type=None, headers={"Location": location, "Cache-Control": "no-store"})
