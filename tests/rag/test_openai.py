"""What the generator for compatible servers does with servers that are good, slow, broken, hostile or not there."""

import datetime
import email.utils
import json
import re
import socket
import ssl
import subprocess
import sys
import threading
import time
import traceback

import pytest

from indexer.errors import ConfigError, GeneratorError
from indexer.types import Passage, Source
from rag.generators.openai import OpenAIGenerator
from rag.prompt import Limits
from rag.types import Hit, Prompt, Question, Usage
from tests.scripted_server import END, ScriptedServer, answers, drips, event, floods, hangs, head, resets, says

SOURCE = Source("pmid:26551272", title="SPRINT", design="randomized controlled trial", year=2015)
TEXT = "The hazard ratio was 0.75 (95% CI 0.64 to 0.89)."
PROMPT = Prompt(Question("Does it help?"), (Hit(Passage(SOURCE, "Results", None, 0, len(TEXT), TEXT), 1.0, {}),))
SECRET = "sk-do-not-print-4711"
CHUNKED = head(Transfer_Encoding="chunked")


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


@pytest.fixture(autouse=True)
def no_key(monkeypatch):
    monkeypatch.delenv("ANAMNESIS_API_KEY", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)


def made(server, *, seconds=10.0):
    return OpenAIGenerator(f"openai:tiny@{getattr(server, 'url', server)}", limits=Limits(seconds=seconds))


def draft(server, *, seconds=10.0):
    return "".join(made(server, seconds=seconds).generate(PROMPT))


def fails(*scripts, seconds=10.0):
    """The message of the GeneratorError, and how many requests were made."""
    with ScriptedServer(*scripts) as server:
        with pytest.raises(GeneratorError) as caught:
            draft(server, seconds=seconds)
        assert str(caught.value).startswith(f"openai:tiny@{server.url}: ")
        return str(caught.value), len(server.requests)


def test_asks_for_a_greedy_seeded_stream_and_yields_the_pieces():
    with ScriptedServer(answers("It ", "helps ", "[1]", "。\n")) as server:
        generator = made(server)
        assert list(generator.generate(PROMPT)) == ["It ", "helps ", "[1]", "。\n"]
        (body,) = server.bodies()
        first = server.requests[0].split(b"\r\n")
    assert first[0] == b"POST /v1/chat/completions HTTP/1.1"
    assert f"Host: 127.0.0.1:{server.port}".encode() in first
    assert not any(line.lower().startswith(b"authorization") for line in first)
    assert (body["model"], body["stream"], body["temperature"], body["seed"]) == ("tiny", True, 0.0, 0)
    assert [m["role"] for m in body["messages"]] == ["system", "user"]
    assert TEXT in body["messages"][1]["content"]
    assert generator.usage is None


def test_counts_tokens_when_the_server_does():
    usage = event(finish="stop") + b'data: {"choices": [], "usage": {"prompt_tokens": 70, "completion_tokens": 9}}\n\n'
    with ScriptedServer(says(head(), event("Yes [1]"), usage, b"data: [DONE]\n\n")) as server:
        generator = made(server)
        assert "".join(generator.generate(PROMPT)) == "Yes [1]"
    assert isinstance(generator.usage, Usage)
    assert (generator.usage.prompt_tokens, generator.usage.completion_tokens) == (70, 9)
    assert 0 < generator.usage.seconds < 10


def test_pieces_come_while_the_server_still_writes():
    with ScriptedServer(hangs(head(), event("First "))) as server:
        pieces = made(server).generate(PROMPT)
        began = time.monotonic()
        assert next(pieces) == "First "
        assert time.monotonic() - began < 5
        pieces.close()


WHOLE = event("二甲双胍") + event(" [1]") + END


@pytest.mark.parametrize(
    "script",
    [
        says(head(), *(WHOLE[i : i + 1] for i in range(len(WHOLE)))),
        says(CHUNKED, *(chunk(WHOLE[i : i + 7]) for i in range(0, len(WHOLE), 7)), b"0\r\n\r\n"),
        says(head(), b": ping\n\nevent: x\nid: 3\n" + WHOLE.replace(b"\n", b"\r\n") + b": after\n"),
        says(head(), WHOLE.replace(b"data: ", b"data:")),
        says(head(), event("二甲双胍"), event(" [1]", finish="stop")),  # no [DONE]
        says(head(), event(role="x"), event("二甲双胍 [1]"), END),
        says(head(kind="text/event-stream; charset=utf-8"), WHOLE),
        says(
            head(kind="application/json"),
            json.dumps({"choices": [{"message": {"content": "二甲双胍 [1]"}, "finish_reason": "stop"}]}).encode(),
        ),
        answers("<thi", "nk>Which passage? [7]", "</think>\n\n", "二甲双胍 [1]"),
    ],
)
def test_reads_what_servers_in_the_wild_send(script):
    with ScriptedServer(script) as server:
        assert draft(server) == "二甲双胍 [1]"


@pytest.mark.parametrize("bad", [says(head(500), b"boom"), says(head(503)), says(), resets(), resets(b"HTTP/1.1 20")])
def test_tries_again_before_the_first_piece(bad):
    with ScriptedServer(bad, bad, answers("ok [1]")) as server:
        assert draft(server) == "ok [1]"
        assert len(server.requests) == 3


def test_gives_up_after_four_tries():
    message, requests = fails(says(head(500, "text/plain"), b"out of\nmemory"))
    assert "the server answers 500: out of memory (tried 4 times)" in message
    assert requests == 4


def test_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    began = time.monotonic()
    with pytest.raises(GeneratorError, match=r"connection failed .*refused.*check that the server runs \(tried 4"):
        draft(f"http://127.0.0.1:{port}/v1")
    assert time.monotonic() - began < 8


def date(seconds):
    return email.utils.format_datetime(datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=seconds))


@pytest.mark.parametrize("value", ["1", lambda: date(2)])
def test_waits_as_long_as_the_server_asks(value):
    value = value if isinstance(value, str) else value()
    with ScriptedServer(says(head(429, Retry_After=value)), answers("ok")) as server:
        began = time.monotonic()
        assert draft(server) == "ok"
        assert time.monotonic() - began >= 0.9


@pytest.mark.parametrize("value", ["3600", lambda: date(3600)])
def test_does_not_wait_longer_than_the_deadline(value):
    value = value if isinstance(value, str) else value()
    began = time.monotonic()
    message, requests = fails(says(head(429, Retry_After=value)))
    assert "answers 429" in message
    assert requests == 1
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("value", ["", "soon", "-5", "1e9", "٣", "Mon, 99 Foo 2020"])
def test_a_retry_after_that_is_nonsense_counts_as_none(value):
    with ScriptedServer(says(head(503, Retry_After=value.encode().decode("latin-1"))), answers("ok")) as server:
        assert draft(server) == "ok"


def test_leaves_out_fields_that_the_server_refuses():
    refusal = says(head(422, "application/json"), b'{"detail": "extra fields: stream_options, seed"}')
    with ScriptedServer(refusal, answers("ok")) as server:
        assert draft(server) == "ok"
        first, second = server.bodies()
    assert set(first) - set(second) == {"stream_options", "seed"}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 413])
def test_other_refusals_are_final(status):
    message, requests = fails(
        says(head(status, "application/json"), b'{"error": {"message": "no such\x1b[31m model"}}')
    )
    assert f"the server answers {status}" in message
    assert "no such" in message
    assert message.isprintable()
    assert requests == 1


DATA = b"data: "


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        (says(head(kind="text/html"), b"<html>Log in</html>"), "text/html, not events"),
        (says(head(502, kind="text/html"), b"<html>"), "an HTML page"),
        (says(head(kind="application/json"), b"{}"), "another shape"),
        (says(head(kind="application/json"), b"[1]"), "no JSON object"),
        (says(head(kind="application/json"), b'{"choices": ['), "no JSON"),
        (says(head(), DATA + b"hello\n\n"), "no JSON"),
        (says(head(), DATA + b"[" * 100_000 + b"\n\n"), "no JSON"),
        (says(head(), DATA + b'"x"\n\n'), "no JSON object"),
        (says(head(), event("caf").replace(b"caf", b"caf\xe9")), "no JSON"),
        (says(head(), DATA + b'{"choices": "x"}\n\n'), "another shape"),
        (says(head(), DATA + b'{"choices": [{"delta": {"content": 7}}]}\n\n'), "another shape"),
        (says(head(), DATA + b'{"id": 1}\n\n'), "another shape"),
        (says(head(), event("Half"), DATA + b'{"error": {"message": "out of memory"}}\n\n'), "reports: out of memory"),
        (says(head(kind="application/json"), b'{"error": "no model"}'), "reports: no model"),
        (says(head(), event("Half"), event(finish="content_filter")), "filter stopped"),
        (says(head(), event(), event(finish="length")), "no text within 512 tokens"),
        (says(head()), "cut off"),
        (says(head(), event("Half a sen")), "cut off"),
        (says(head(), event("Half"), event(" more")[:20]), "no JSON"),
        (says(CHUNKED, chunk(event("Half")), b"ff\r\ndata: {"), "cut off|no JSON"),
        (says(CHUNKED, b"not hex\r\n"), "cut off|connection failed"),
        (resets(head(), event("Half")), "connection failed"),
        (says(b"SSH-2.0-OpenSSH_9.6\r\n"), "connection failed"),
        (says(b"HTTP/1.1 200 ok\r\n" + b"X: y\r\n" * 500 + b"\r\n"), "connection failed"),
        (floods(head(), again=event("word ") * 200), "more than 8 MiB"),
        (floods(head(), DATA, again=b"x" * 65536), "more than 8 MiB"),
        (floods(head(kind="application/json"), again=b" " * 65536), "more than 8 MiB"),
    ],
)
def test_nonsense_is_an_error_that_says_what_came(script, expected):
    message, _ = fails(script)
    assert any(e in message for e in expected.split("|")), message
    assert message.isprintable()
    assert len(message) < 700


def test_a_server_that_is_killed_in_the_midst_of_its_answer():
    code = (
        "import sys, time\nsys.path.insert(0, '.')\n"
        "from tests.scripted_server import ScriptedServer, event, floods, head\n"
        "def slow(c):\n    c.sendall(head())\n    while True:\n        c.sendall(event('word '))\n        time.sleep(0.02)\n"
        "with ScriptedServer(slow) as s:\n    print(s.url, flush=True)\n    time.sleep(60)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as process:
        pieces = made(process.stdout.readline().strip()).generate(PROMPT)
        assert next(pieces) == "word "
        process.kill()
        began = time.monotonic()
        with pytest.raises(GeneratorError, match=r"cut off|connection failed|no JSON"):
            list(pieces)
        assert time.monotonic() - began < 2


LATE = {
    "never answers": hangs(),
    "hangs in the head": hangs(b"HTTP/1.1 200 ok\r\nContent-"),
    "hangs after the head": hangs(head()),
    "hangs in an event": hangs(head(), event("word ") + event("more")[:9]),
    "drips the head": drips(head()),
    "drips the status for ever": drips(b"HTTP/1.1 200 "),
    "drips an event": drips(head() + b"data: "),
    "drips a chunk's size": drips(CHUNKED + b"0"),
    "drips comments": drips(head() + b": "),
    "says 100 for ever": floods(again=b"HTTP/1.1 100 Continue\r\n\r\n"),
    "drips an error": drips(head(500)),
    "drips JSON": drips(head(kind="application/json")),
    "is busy for ever": says(head(429, Retry_After="0")),
}


def assert_in_time(script, deadline=0.3):
    with ScriptedServer(script) as server:
        began = time.monotonic()
        with pytest.raises(GeneratorError):
            draft(server, seconds=deadline)
        assert time.monotonic() - began < deadline + 0.5


@pytest.mark.parametrize("name", LATE)
def test_the_deadline_holds(name):
    assert_in_time(LATE[name])


@pytest.mark.slow
def test_the_deadline_holds_a_hundred_times():
    names = list(LATE)
    for i in range(100):
        assert_in_time(LATE[names[i % len(names)]])


def test_closing_the_iterator_closes_the_connection():
    def slow(connection):
        connection.sendall(head())
        while True:
            connection.sendall(event("word "))
            time.sleep(0.01)

    with ScriptedServer(slow) as server:
        pieces = made(server).generate(PROMPT)
        next(pieces)
        began = time.monotonic()
        pieces.close()
        assert time.monotonic() - began < 0.5
        assert server.gone.wait(1)


def test_no_passages_no_request():
    with ScriptedServer(answers("x")) as server:
        assert list(made(server).generate(Prompt(Question("Does it help?")))) == []
        assert server.requests == []


def test_the_key_is_sent_and_never_shown(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "other")
    monkeypatch.setenv("ANAMNESIS_API_KEY", SECRET)
    echo = says(head(401, "application/json"), json.dumps({"error": f"Incorrect API key provided: {SECRET}"}).encode())
    with ScriptedServer(answers("ok"), echo) as server:
        generator = made(server)
        assert "".join(generator.generate(PROMPT)) == "ok"
        with pytest.raises(GeneratorError) as caught:
            list(generator.generate(PROMPT))
        assert f"Authorization: Bearer {SECRET}".encode() in server.requests[0]
    shown = "".join(traceback.format_exception(caught.value)) + repr(generator) + repr(vars(generator))
    assert "Incorrect API key provided: ***" in shown
    assert SECRET not in shown


def test_the_other_key_goes_to_this_machine_too(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", SECRET)
    with ScriptedServer(answers("ok")) as server:
        assert draft(server) == "ok"
        assert f"Authorization: Bearer {SECRET}".encode() in server.requests[0]


@pytest.mark.parametrize("key", ["two words", "new\nline", "schlüssel"])
def test_a_key_that_cannot_be_sent_is_refused_unseen(monkeypatch, key):
    monkeypatch.setenv("ANAMNESIS_API_KEY", key)
    with ScriptedServer(answers("x")) as server, pytest.raises(ConfigError) as caught:
        draft(server)
    assert "ANAMNESIS_API_KEY" in str(caught.value)
    assert key not in "".join(traceback.format_exception(caught.value))
    assert server.requests == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_redirects_are_not_followed(monkeypatch, status):
    monkeypatch.setenv("ANAMNESIS_API_KEY", SECRET)
    with ScriptedServer(answers("stolen")) as other:
        message, requests = fails(says(head(status, Location=f"{other.url}/chat/completions")))
        assert other.requests == []
    assert f"redirects to '{other.url}/chat/completions', which is not followed" in message
    assert requests == 1


def test_no_proxy_of_the_environment_is_used(monkeypatch):
    with ScriptedServer(answers("proxied")) as proxy, ScriptedServer(answers("direct")) as server:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "https_proxy"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        assert draft(server) == "direct"
        assert proxy.requests == []


@pytest.mark.parametrize("host", ["8.8.8.8", "[2001:4860:4860::8888]"])
def test_plain_http_does_not_leave_private_networks(host):
    with pytest.raises(GeneratorError, match=r"on the public internet .*only by https"):
        draft(f"http://{host}/v1")


def test_a_host_that_does_not_exist():
    with pytest.raises(GeneratorError, match="connection failed"):
        draft("http://no-such-host.invalid/v1", seconds=5)


def self_signed(folder):
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "server.pem"
    plain = serialization.NoEncryption()
    pem = serialization.Encoding.PEM
    file.write_bytes(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + certificate.public_bytes(pem))
    return file


def read_request(connection):
    """All of it: closing a connection with unread data would reset it before the answer is read."""
    data = b""
    while b"\r\n\r\n" not in data:
        data += connection.recv(65536)
    headers, _, body = data.partition(b"\r\n\r\n")
    length = int(re.search(rb"(?i)content-length: *(\d+)", headers)[1])
    while len(body) < length:
        body += connection.recv(65536)


def serve_tls(file, listening):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    while True:
        try:
            connection, _ = listening.accept()
            with context.wrap_socket(connection, server_side=True) as secure:
                read_request(secure)
                secure.sendall(head() + event("secret [1]") + END)
        except ssl.SSLError:
            continue
        except OSError:
            return


@pytest.mark.parametrize("trusted", [False, True])
def test_certificates_are_verified(tmp_path, monkeypatch, trusted):
    file = self_signed(tmp_path)
    if trusted:
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve_tls, args=(file, listening), daemon=True)
        thread.start()
        url = f"https://localhost:{listening.getsockname()[1]}/v1"
        if trusted:
            assert draft(url) == "secret [1]"
        else:
            with pytest.raises(GeneratorError, match=r"no secure connection .*certificate"):
                draft(url)
        listening.shutdown(socket.SHUT_RDWR)
    thread.join(5)


def test_tls_that_hangs_or_is_none():
    with ScriptedServer(says(b"HTTP/1.1 400 x\r\n\r\n")) as plain, pytest.raises(GeneratorError):
        draft(plain.url.replace("http:", "https:"), seconds=2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        began = time.monotonic()
        with pytest.raises(GeneratorError, match=r"no whole answer within 0\.3 s"):
            draft(f"https://127.0.0.1:{silent.getsockname()[1]}/v1", seconds=0.3)
        assert time.monotonic() - began < 0.8


@pytest.mark.parametrize(
    "spec",
    [
        "openai:", "openai:llama3", "openai:llama3@127.0.0.1:80", "openai:@http://127.0.0.1/v1", "openai:m@ftp://h/v1",
        "openai:m@http://", "openai:m@http://h:port/v1", "openai:m@http://h:99999/v1", "openai:m@http://h/v1?key=1",
        "openai:m@https://user:hunter2@h/v1", "openai:a b@http://h/v1", "openai:m@http://h/v1#x",
    ],
)  # fmt: skip
def test_specs_that_cannot_be_used(spec):
    with pytest.raises(ConfigError, match="expected openai:<model>@<url>") as caught:
        OpenAIGenerator(spec, limits=Limits())
    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize("model", ["qwen3:0.6b", "meta-llama/Llama-3.1-8B", "/models/a@b", "m@http"])
def test_models_keep_their_names(model):
    with ScriptedServer(answers("ok")) as server:
        generator = OpenAIGenerator(f"openai:{model}@{server.url}/", limits=Limits())
        assert "".join(generator.generate(PROMPT)) == "ok"
        assert server.bodies()[0]["model"] == model
        assert server.requests[0].startswith(b"POST /v1/chat/completions ")
