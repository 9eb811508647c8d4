"""The Tornado tutorial's application, with the mixin that it leaves to its readers: tornado.auth.OAuth2Mixin for Globus."""

import asyncio
import json
import threading
from urllib.parse import urlencode

import requests
import tornado.auth
import tornado.httpclient
import tornado.httpserver
import tornado.netutil
import tornado.web
from support import MAYA, ORIGIN, WORLD, Browser, feature

app = WORLD["clients"]["tornado"]
FIELDS = ("sub", "preferred_username", "email", "name", "organization")
SCOPES = ["openid", "profile", "email", "urn:globus:auth:scope:transfer.api.globus.org:all"]


class GlobusMixin(tornado.auth.OAuth2Mixin):
    _OAUTH_AUTHORIZE_URL = f"{ORIGIN}/v2/oauth2/authorize"
    _OAUTH_ACCESS_TOKEN_URL = f"{ORIGIN}/v2/oauth2/token"

    async def fetch_tokens(self, **form):
        response = await self.get_auth_http_client().fetch(
            self._OAUTH_ACCESS_TOKEN_URL,
            method="POST",
            auth_username=app["id"],
            auth_password=app["secret"],
            body=urlencode(form),
        )
        return json.loads(response.body)

    async def fetch_user(self, access_token):
        return await self.oauth2_request(f"{ORIGIN}/v2/oauth2/userinfo", access_token=access_token)

    async def oauth2_request(self, url, access_token=None, post_args=None, **args):
        # Tornado would put the token into the query, where Globus does not look for it.
        headers = {"Authorization": f"Bearer {access_token}"}
        response = await self.get_auth_http_client().fetch(url, headers=headers)
        return json.loads(response.body)


class Main(tornado.web.RequestHandler):
    def get(self):
        name = self.get_signed_cookie("name")
        self.write(f"Hello {name.decode()}!" if self.get_signed_cookie("sub") else '<a href="/login">Login to Globus</a>')


class Login(tornado.web.RequestHandler, GlobusMixin):
    async def get(self):
        code = self.get_argument("code", None)
        if code is None:
            self.authorize_redirect(
                redirect_uri=app["redirect_uri"],
                client_id=app["id"],
                scope=SCOPES,
                response_type="code",
                extra_params={"access_type": "offline"},
            )
            return
        form = {"grant_type": "authorization_code", "code": code, "redirect_uri": app["redirect_uri"]}
        tokens = await self.fetch_tokens(**form)
        user = await self.fetch_user(tokens["access_token"])
        for field in FIELDS:
            self.set_signed_cookie(field, user[field])
        self.application.settings["tokens"] = tokens
        self.redirect("/")


class Logout(tornado.web.RequestHandler):
    def get(self):
        self.clear_cookie("sub")
        self.redirect("/")


async def serve(ready: threading.Event) -> None:
    application.listen(app["port"], "127.0.0.1")
    ready.set()
    await asyncio.Event().wait()


handlers = [("/", Main), ("/login", Login), ("/logout", Logout)]
application = tornado.web.Application(handlers, cookie_secret="only for this program", xsrf_cookies=True)
listening = threading.Event()
threading.Thread(target=lambda: asyncio.run(serve(listening)), daemon=True).start()
assert listening.wait(60)
home = f"http://localhost:{app['port']}/"
visitor = requests.Session()
visitor.trust_env = False


@feature("login")
def login():
    sent = visitor.get(f"{home}login", allow_redirects=False, timeout=60).headers["location"]
    page = visitor.get(Browser().authorize(sent), timeout=60)
    assert page.text == f"Hello {MAYA['name']}!", page.text


@feature("userinfo", needs="login")
def userinfo():
    assert all(field in visitor.cookies for field in FIELDS), visitor.cookies


@feature("refresh", needs="login")
def refresh():
    tokens = application.settings["tokens"]
    assert [other["resource_server"] for other in tokens["other_tokens"]] == ["transfer.api.globus.org"], tokens
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    answer = requests.post(f"{ORIGIN}/v2/oauth2/token", data=form, auth=(app["id"], app["secret"]), timeout=60)
    assert answer.json()["resource_server"] == "auth.globus.org", answer.text


@feature("logout", needs="login")
def logout():
    assert "Login to Globus" in visitor.get(f"{home}logout", timeout=60).text
