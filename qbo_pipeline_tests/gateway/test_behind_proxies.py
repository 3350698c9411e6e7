"""The proxies' examples as they stand, with a certificate and addresses of the test's own, in front of a running gateway."""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
import requests

from qbo_pipeline_tests.gateway.browsing import read_forms
from qbo_pipeline_tests.gateway.conftest import SECRET
from qbo_pipeline_tests.installation import Installation

EXAMPLES = Path(__file__).parents[2] / "deploy"
NAME = "qbo.example.com"
# Any hash will do: nobody signs in to Dagster's UI here.
HASH = "$2a$04$hZZeaVGo6DeP0hDbFWlBj.wl6a3ClnxxUcpgWVSkPzZYbLbFzaqVq"


@pytest.fixture(params=["nginx", "caddy"])
def proxied(
    request: pytest.FixtureRequest,
    install: Callable[..., Installation],
    clean_environment: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Iterator[str]:
    """The address one of the proxies serves the gateway at."""
    proxy = shutil.which(request.param, path=f"{os.environ['PATH']}:/usr/sbin")
    if proxy is None:
        if os.environ.get("QBO_TEST_NO_SKIPS"):
            pytest.fail(f"{request.param} must be installed here")
        pytest.skip(f"needs {request.param}")
    port, behind = _free_port(), _free_port()
    settings = {"PUBLIC_URL": f"https://{NAME}", "TRUSTED_PROXIES": "127.0.0.1", "GATEWAY_SECRET": SECRET}
    for name, value in settings.items():
        clean_environment.setenv(f"QBO_{name}", value)
    install("landscaping").connect()
    clean_environment.setenv("DAGSTER_PASSWORD_HASH", HASH)
    clean_environment.setenv("HOME", str(tmp_path))
    configure = _nginx if request.param == "nginx" else _caddy
    gateway = [sys.executable, "-c", "from qbo_pipeline.cli.main import main; main()", "gateway", "--port", str(behind)]
    command = [proxy, *configure(tmp_path, _certificate(tmp_path), port, behind)]
    with _running(gateway, behind), _running(command, port):
        yield f"https://127.0.0.1:{port}"


def _nginx(folder: Path, certificate: Path, port: int, behind: int) -> list[str]:
    """The arguments with which nginx runs its example."""
    text = (EXAMPLES / "nginx.conf").read_text()
    text = re.sub(r"ssl_certificate .*;", f"ssl_certificate {certificate};", text)
    text = re.sub(r"ssl_certificate_key .*;", f"ssl_certificate_key {certificate.with_suffix('.key')};", text)
    text = text.replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl").replace(
        "listen 80", f"listen 127.0.0.1:{_free_port()}"
    )
    text = text.replace("http://127.0.0.1:8700", f"http://127.0.0.1:{behind}").replace(
        "/etc/nginx/dagster.htpasswd", str(folder / "none")
    )
    temporary = "".join(
        f"{kind}_temp_path {folder / kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = folder / "nginx.conf"
    whole.write_text(
        f"pid {folder / 'pid'};\nerror_log stderr;\ndaemon off;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}{text}\n}}\n"
    )
    return ["-c", str(whole), "-p", str(folder)]


def _caddy(folder: Path, certificate: Path, port: int, behind: int) -> list[str]:
    """The arguments with which Caddy runs its example, with a certificate that no authority has to issue."""
    text = (EXAMPLES / "Caddyfile").read_text()
    site = f"https://{NAME}:{port} {{\n\tbind 127.0.0.1\n\ttls {certificate} {certificate.with_suffix('.key')}"
    text = text.replace(f"{NAME} {{", site, 1).replace("127.0.0.1:8700", f"127.0.0.1:{behind}")
    whole = folder / "Caddyfile"
    whole.write_text(f"{{\n\tadmin off\n\tauto_https off\n\tdefault_sni {NAME}\n}}\n{text}")
    return ["run", "--config", str(whole), "--adapter", "caddyfile"]


def test_people_sign_in_through_the_proxy_and_their_cookie_is_for_https_alone(proxied: str) -> None:
    with requests.Session() as session:
        session.headers["Host"] = NAME
        page = session.get(f"{proxied}/", timeout=20, verify=False)
        (form,) = read_forms(page.text)
        answer = session.post(
            f"{proxied}{form.action}",
            data=form.fields | {"secret": SECRET, "name": "Pat"},
            headers={"Origin": f"https://{NAME}", "Cookie": _cookies(page)},
            timeout=20,
            verify=False,
            allow_redirects=False,
        )
    assert answer.status_code == 303, answer.text
    assert "secure" in answer.headers["Set-Cookie"].lower()


def test_what_is_not_signed_is_refused_whatever_address_it_claims(proxied: str) -> None:
    headers = {"Host": NAME, "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "http"}
    answer = requests.post(f"{proxied}/webhooks", data=b"{}", headers=headers, verify=False, timeout=20)
    assert answer.status_code == 401, answer.text


def _cookies(page: requests.Response) -> str:
    return "; ".join(f"{name}={value}" for answer in (*page.history, page) for name, value in answer.cookies.items())


def _certificate(folder: Path) -> Path:
    path = folder / "proxy.pem"
    subject = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"]
    key = path.with_suffix(".key")
    subprocess.run(
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-days",
            "2",
            *subject,
            "-keyout",
            key,
            "-out",
            path,
        ],
        check=True,
        capture_output=True,
    )
    return path


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def _running(command: list[str], port: int) -> Iterator[None]:
    """A server in a process of its own, from when it answers on its port."""
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL) as server:
        try:
            for _ in range(600):
                if server.poll() is not None:
                    pytest.fail(f"{command[0]} did not start: {server.stderr.read().decode()}")
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                    break
                time.sleep(0.1)
            yield
        finally:
            server.terminate()
