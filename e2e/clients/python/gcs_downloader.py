"""globus-sdk's GCSDownloader: learns from a plain link which collection it is, logs in for it, and reads the file."""

import hashlib
import os
from pathlib import Path
from urllib.parse import quote

import globus_sdk
from globus_sdk import GlobusAppConfig, UserApp
from globus_sdk.experimental.gcs_downloader import GCSDownloader
from globus_sdk.login_flows import CommandLineLoginFlowManager
from globus_sdk.token_storage import MemoryTokenStorage
from support import WORLD, Browser, code_of, feature

browser = Browser()
c = {name: entry["id"] for name, entry in WORLD["collections"].items()}
names = ["plain.txt", "100%25 & more #1?.txt", "naïve ü.csv", "línea\nrota"]


class PageLogin(CommandLineLoginFlowManager):
    """The documented way to put another prompt in the place of the terminal's."""

    def print_authorize_url(self, authorize_url: str) -> None:
        self._address = authorize_url

    def prompt_for_code(self) -> str:
        return code_of(browser.authorize(self._address))


def app() -> UserApp:
    config = GlobusAppConfig(login_flow_manager=PageLogin, token_storage=MemoryTokenStorage())
    return UserApp("judge", client_id=WORLD["clients"]["native"]["id"], config=config)


def plant(collection: str, name: str, content: bytes) -> str:
    """Puts a file into a collection and gives its address."""
    folder = Path(WORLD["places"][collection], "downloads")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(content)
    return f"{WORLD['servers'][collection]}/downloads/{quote(name, safe='')}"


@feature("private file")
def private_file():
    address = plant(c["tidalSurveyArchive"], "plain.txt", "level\n".encode())
    with GCSDownloader(app()) as downloader:
        assert downloader.read_file(address) == "level\n"


@feature("odd names", needs="private file")
def odd_names():
    with GCSDownloader(app()) as downloader:
        for name in names:
            address = plant(c["tidalSurveyArchive"], name, name.encode())
            assert downloader.read_file(address, as_text=False) == name.encode(), name


@feature("large file", needs="private file")
def large_file():
    content = os.urandom(20_000_000)
    address = plant(c["tidalSurveyArchive"], "large.bin", content)
    with GCSDownloader(app()) as downloader:
        read = downloader.read_file(address, as_text=False)
    assert hashlib.sha256(read).digest() == hashlib.sha256(content).digest()


@feature("guest collection")
def guest_collection():
    address = plant(c["tideCrewWorkspace"], "crew.txt", b"crew")
    with GCSDownloader(app()) as downloader:
        assert downloader.read_file(address, as_text=False) == b"crew"


@feature("missing file", needs="private file")
def missing_file():
    address = plant(c["tidalSurveyArchive"], "plain.txt", b"x") + ".none"
    with GCSDownloader(app()) as downloader:
        try:
            downloader.read_file(address)
        except globus_sdk.GlobusAPIError as error:
            assert error.http_status == 404, error
        else:
            raise AssertionError("a missing file was read")
