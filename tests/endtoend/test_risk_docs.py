"""The examples for monitors in docs/risks.md, run as they stand there against the whole bot."""

import asyncio
import copy
import json
import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.endtoend.office import GENERAL, Office, shown
from tests.endtoend.test_risks import _secret, added
from tests.rituals.risk.test_payloads import ALERTMANAGER

PAGE = Path("docs/risks.md").read_text(encoding="utf-8")
ADDRESS = "https://meridian.example/hooks/risk/…"


def example(language: str) -> str:
    """The one block of a language on the page."""
    (found,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
    return str(found)


@pytest.mark.skipif(
    not (shutil.which("curl") and shutil.which("openssl")), reason="curl and openssl are not here"
)
async def test_curl_signed(by_http: Office) -> None:
    """With the secret and the address put in, it is taken; the same again is refused."""
    secret, path = await _secret(by_http)
    script = example("sh")
    assert script.count("SECRET=…") == script.count(ADDRESS) == 1
    script = script.replace("SECRET=…", f"SECRET={secret}")
    script = script.replace(ADDRESS, f"{by_http.bot.web.url}{path}")
    again = script.replace("$(date +%s)", "1774900000")
    for typed, status in ((script, "202"), (again, "401")):
        pipe = asyncio.subprocess.PIPE
        child = await asyncio.create_subprocess_exec("sh", "-c", typed, stdout=pipe, stderr=pipe)
        said, _progress = await child.communicate()
        assert said.startswith(f"HTTP/1.1 {status} ".encode()), said
    await by_http.rest()
    (message,) = await by_http.messages(GENERAL)
    assert "Feature drift" in shown(message)
    assert "PSI 0.31" in shown(message)


async def test_alertmanager(by_http: Office) -> None:
    """Its configuration says where to post and what to show; what it posts finds its risk."""
    await added(by_http)
    await by_http.post("close", user="U01LENA")
    secret, path = await _secret(by_http)
    (receiver,) = yaml.safe_load(example("yaml"))["receivers"]
    (webhook,) = receiver["webhook_configs"]
    proof = webhook["http_config"]["authorization"]
    assert webhook["send_resolved"] is True
    url = webhook["url"].replace(ADDRESS, f"{by_http.bot.web.url}{path}")
    headers = {"Content-Type": "application/json", "Authorization": f"{proof['type']} {secret}"}
    told = copy.deepcopy(ALERTMANAGER) | {"receiver": receiver["name"]}
    told["alerts"][0]["labels"]["risk"] = "R1"
    body = json.dumps(told).encode()
    async with by_http.session.post(url, data=body, headers=headers) as reply:
        assert reply.status == 202
    await by_http.rest()
    said = [shown(one) for one in await by_http.messages(GENERAL)]
    assert len(said) == 1, "what is resolved, and was not heard of, is no message"
    for words in (
        "FeatureDrift",
        "PSI above 0.25",
        "warning",
        "value 0.31",
        "Labels arrive too late",
    ):
        assert words in said[0]
