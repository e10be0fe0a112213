"""The application: everything put together, and what holds on every response."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, g, request
from flask_babel import Babel, get_locale
from flask_babel import gettext as _
from flask_limiter import Limiter
from flask_wtf.csrf import CSRFError, CSRFProtect
from jinja2 import StrictUndefined
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from webui import access, overload, pages
from webui.config import LOOPBACK, Settings
from webui.operations.log import ArchivedError, NotFoundError
from webui.staff import blueprint as staff
from webui.store import Database
from webui.students import blueprint as students
from webui.words import filters
from webui.words.sentences import begun, said

LANGUAGES = ("en", "da")
UPLOAD_LIMIT = 10 * 1024 * 1024
"""Bytes of a request (trust.md: spreadsheets of 10 MB)."""
FORM_LIMIT = 2 * 1024 * 1024
CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
ONE_YEAR_S = 31_536_000

csrf = CSRFProtect()
babel = Babel()


def create_app(
    settings: Settings,
    *,
    database: Database | None = None,
    clock: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
) -> Flask:
    """Make the application.

    Parameters
    ----------
    database
        Made from the settings when not given; its tables are there.
    clock
        Tells the moment, with its zone.

    Raises
    ------
    LookupError
        A route has no policy.
    """
    app = Flask(__name__)
    _configure(app, settings)
    app.extensions["company_dating"] = access.Services(
        database or Database(settings.database_url), settings, clock
    )
    app.before_request(overload.turn_away)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=_locale)
    if settings.proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # as Flask's manual has it
            app.wsgi_app,
            x_for=settings.proxies,
            x_proto=settings.proxies,
            x_host=settings.proxies,
        )
    limiter = Limiter(key_func=lambda: request.remote_addr or "", storage_uri="memory://", app=app)
    app.register_blueprint(pages.blueprint)
    app.register_blueprint(staff)
    app.register_blueprint(students)
    for endpoint, limit in access.LIMITS.items():
        view: Any = app.view_functions[endpoint]
        app.view_functions[endpoint] = limiter.limit(limit, methods=["POST"])(view)
    for endpoint, limit in access.LINK_LIMITS.items():
        view = app.view_functions[endpoint]
        has_form = any("POST" in (rule.methods or ()) for rule in app.url_map.iter_rules(endpoint))
        app.view_functions[endpoint] = limiter.limit(
            limit, key_func=access.link_key, methods=["POST"] if has_form else None
        )(view)
    app.before_request(_look_alike)
    app.before_request(_check_origin)
    app.before_request(access.guard)
    app.after_request(_headers)
    app.register_error_handler(ArchivedError, _archived)
    _handle_errors(app)
    filters.install(app)
    access.check_routes(app)
    return app


def _configure(app: Flask, settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SECRET_KEY_FALLBACKS=list(settings.secret_key_fallbacks),
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        MAX_FORM_MEMORY_SIZE=FORM_LIMIT,
        MAX_FORM_PARTS=5_000,
        SESSION_COOKIE_NAME="__Host-session" if settings.is_tls else "session",
        SESSION_COOKIE_SECURE=settings.is_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=sorted({settings.host} | (LOOPBACK if settings.host in LOOPBACK else set())),
        WTF_CSRF_TIME_LIMIT=None,  # a form that was open for a day can still be sent
        WTF_CSRF_SSL_STRICT=False,  # looks at Referer, which we do not ask browsers for
        BABEL_DEFAULT_LOCALE="en",
        BABEL_TRANSLATION_DIRECTORIES="translations",
        RATELIMIT_HEADERS_ENABLED=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.finalize = said
    app.jinja_env.filters["begun"] = begun
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True


def _locale() -> str:
    """The reader's language: as chosen, of the account, or as the browser asks."""
    chosen = request.cookies.get("language")
    if chosen in LANGUAGES:
        return chosen
    if "colleague" in g:
        return str(g.colleague.language)
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _look_alike() -> None:
    """Let views take HEAD for the GET that it is; they ask for GET, and else do what was sent."""
    if request.method == "HEAD":
        request.method = "GET"  # the server looks elsewhere, and leaves the body out


def _check_origin() -> tuple[str, int] | None:
    """Refuse what another site sends.

    Browsers say where a request comes from in Sec-Fetch-Site. Older ones say Origin, which is
    "null" on our own forms, because Referer is never asked for; there the token decides alone.
    """
    if request.method in ("GET", "OPTIONS"):
        return None
    origin = request.headers.get("Origin", "null")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    is_own_origin = origin in ("null", request.host_url.rstrip("/"))
    if is_own_origin and site in ("same-origin", "none"):
        return None
    return "This request comes from another site.", 403


def _headers(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if access.services().settings.is_tls:
        headers["Strict-Transport-Security"] = f"max-age={ONE_YEAR_S}"
    if request.endpoint in pages.SAME_FOR_ALL and response.status_code < 400:
        headers["Cache-Control"] = "public, max-age=3600"
    else:
        headers["Cache-Control"] = "no-store"  # files too, which Flask lets browsers keep
    return response


def _archived(_error: Exception) -> Any:
    if "HX-Request" in request.headers:  # the page is older than the archiving
        return "", 409, {"HX-Refresh": "true"}
    text = _("Nothing was changed. Bring the event back first, on the list of events.")
    return pages.error_page(409, title=_("This event is archived"), text=text), 409


def _handle_errors(app: Flask) -> None:
    def page(code: int, *, title: str, text: str) -> tuple[str, int]:
        return pages.error_page(code, title=title, text=text), code

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Any:
        code = error.code or InternalServerError.code
        if error.response is not None or code < 400:
            return error
        if isinstance(error, SecurityError):  # of another host, so no page can have addresses
            return "This server is not the one you asked for.", code
        if code in (401, 404) and access.is_students_page():
            return pages.link_ended(), code
        title, text = pages.words_of_error(code)
        return page(code, title=title, text=text)

    @app.errorhandler(CSRFError)
    def _csrf(_error: CSRFError) -> Any:
        return page(
            400,
            title=_("This form is too old"),
            text=_("Go back, load the page again and send it once more. Nothing was changed."),
        )

    @app.errorhandler(NotFoundError)
    def _missing(_error: NotFoundError) -> Any:
        if access.is_students_page():
            return pages.link_ended(), 404
        title, text = pages.words_of_error(404)
        return page(404, title=title, text=text)

    @app.errorhandler(OperationalError)
    def _database(error: OperationalError) -> Any:
        logging.getLogger("webui").error("database: %s", type(error.orig).__name__)
        answer = app.make_response(
            page(
                503,
                title=_("The database does not answer"),
                text=_("Nothing was changed. Try again in a moment."),
            )
        )
        answer.headers["Retry-After"] = "5"
        return answer

    @app.context_processor
    def _shown() -> dict[str, Any]:
        return {
            "now": access.now(),
            "signed_in": g.get("colleague"),
            "may_change": access.may_change(),
            "language": str(get_locale() or LANGUAGES[0]),
        }
