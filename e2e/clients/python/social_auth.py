"""python-social-auth's Globus backend in a web application that is nothing but a session and a user."""

import importlib.metadata

from social_core.backends.globus import GlobusOpenIdConnect
from social_core.storage import AssociationMixin, BaseStorage, NonceMixin
from social_core.strategy import BaseStrategy
from support import MAYA, ORIGIN, WORLD, Browser, feature, query

app = WORLD["clients"]["app"]
state: dict = {}


class Association(AssociationMixin):
    """Where the library keeps its nonces."""

    kept: dict = {}

    def __init__(self, server_url, handle, association):
        self.id = self.handle = handle
        self.server_url, self.secret, self.assoc_type = server_url, association.secret, association.assoc_type
        self.issued, self.lifetime = association.issued, association.lifetime

    @classmethod
    def store(cls, server_url, association):
        cls.kept[association.handle] = cls(server_url, association.handle, association)

    @classmethod
    def get(cls, server_url=None, handle=None):
        return [one for one in cls.kept.values() if (one.server_url, one.handle) == (server_url, handle)]

    @classmethod
    def remove(cls, ids_to_delete):
        for one in ids_to_delete:
            cls.kept.pop(one, None)


class Nonce(NonceMixin):
    """States, each used once."""

    kept: set = set()

    @classmethod
    def use(cls, server_url, timestamp, salt):
        is_new = (server_url, timestamp, salt) not in cls.kept
        cls.kept.add((server_url, timestamp, salt))
        return is_new

    @classmethod
    def consume(cls, server_url, timestamp, salt):
        is_known = (server_url, timestamp, salt) in cls.kept
        cls.kept.discard((server_url, timestamp, salt))
        return is_known


class Storage(BaseStorage):
    association = Association
    nonce = Nonce


class Strategy(BaseStrategy):
    """The part of a web framework that the library asks for."""

    settings = {
        "SOCIAL_AUTH_GLOBUS_KEY": app["id"],
        "SOCIAL_AUTH_GLOBUS_SECRET": app["secret"],
        "SOCIAL_AUTH_GLOBUS_OIDC_ENDPOINT": ORIGIN,
        "SOCIAL_AUTH_GLOBUS_AUTH_EXTRA_ARGUMENTS": {"access_type": "offline"},
        "SOCIAL_AUTH_GLOBUS_PIPELINE": [
            "social_core.pipeline.social_auth.social_details",
            "social_core.pipeline.social_auth.social_uid",
            f"{__name__}.make_user",
        ],
    }

    def __init__(self):
        super().__init__(storage=Storage)
        self.session, self.data = {}, {}

    def get_setting(self, name):
        return self.settings[name]

    def request_data(self, merge=True):
        return self.data

    def request_host(self):
        return "localhost"

    def build_absolute_uri(self, path=None):
        return path

    def redirect(self, url):
        return url

    def session_get(self, name, default=None):
        return self.session.get(name, default)

    def session_set(self, name, value):
        self.session[name] = value

    def session_pop(self, name):
        return self.session.pop(name, None)


class User:
    is_active = is_new = True
    social_user = None

    def __init__(self, uid, details, response):
        self.uid, self.details, self.response = uid, details, response


def make_user(uid, details, response, *args, **kwargs):
    return {"user": User(uid, details, response)}


strategy = Strategy()
backend = GlobusOpenIdConnect(strategy, redirect_uri=app["redirect_uri"])


@feature("login")
def login():
    address = Browser().authorize(backend.start())
    strategy.data = backend.data = query(address)
    state["user"] = backend.complete()
    assert state["user"].uid == MAYA["id"], vars(state["user"])


@feature("id token", needs="login")
def id_token():
    # The library checked signature, audience, nonce and at_hash of what it keeps.
    assert backend.id_token["sub"] == MAYA["id"] and backend.id_token["nonce"], backend.id_token


@feature("userinfo", needs="login")
def userinfo():
    assert state["user"].details["username"] == MAYA["username"], state["user"].details
    assert state["user"].details["email"] == MAYA["email"]


@feature("refresh", needs="login")
def refresh():
    renewed = backend.refresh_token(state["user"].response["refresh_token"])
    assert renewed["access_token"] != state["user"].response["access_token"]


print("social-auth-core", importlib.metadata.version("social-auth-core"))
