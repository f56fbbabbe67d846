"""Requests of a soak: each is sent as a client of its kind would, and its answer judged."""

import http.client
import os
import socket
import threading
import time

BOUNDARY = "soak-7f3a"


class Wrong(Exception):
    """An answer that nothing explains."""


def form(parts):
    """A multipart body of names and bytes."""
    lines = b""
    for name, value in parts.items():
        lines += (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"; filename="{name}"\r\n\r\n'
        ).encode() + value + b"\r\n"
    return lines + f"--{BOUNDARY}--\r\n".encode()


FORM = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}


class Load:
    """The kinds of requests, their shares, and what came back."""

    def __init__(self, port, samples, keys):
        self.port, self.keys = port, keys
        read = lambda name: open(os.path.join(samples, name), "rb").read()
        self.pairs = {
            name: (read(f"{name}-probe.png"), read(f"{name}-reference.png"))
            for name in ("genuine", "impostor", "adversarial")
        }
        self.first = {}
        self.template = None
        self.lock = threading.Lock()
        self.counts, self.wrong, self.seen, self.quiet = {}, [], [], set()
        self.shares = [
            (self.verify, 14), (self.screen, 5), (self.embed, 8), (self.reconstruct, 4),
            (self.enrol, 2), (self.by_template, 6), (self.malformed, 25), (self.damaged, 12),
            (self.probes, 12), (self.without_key, 4), (self.too_large, 1), (self.cut, 4),
            (self.slow_head, 1), (self.slow_body, 1), (self.late_reader, 1),
        ]

    def one(self, chance):
        """One request of some kind."""
        kind = chance.choices([k for k, _ in self.shares], [s for _, s in self.shares])[0]
        name = kind.__name__
        try:
            kind(chance)
        except Wrong as error:
            with self.lock:
                self.wrong.append(f"{name}: {error}")
        except (OSError, http.client.HTTPException) as error:
            # Only kinds that ask for it may lose their connection, and they see to it themselves.
            with self.lock:
                self.wrong.append(f"{name}: {type(error).__name__} {error}")
        with self.lock:
            self.counts[name] = self.counts.get(name, 0) + 1

    def ask(self, path, body=None, fields=(), expect=(200,), key=True):
        """The answer's status and body; any other status than expected is wrong."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            fields = dict(fields)
            if key:
                fields["Authorization"] = "Bearer " + self.keys.current()
            connection.request("GET" if body is None else "POST", path, body, fields)
            answer = connection.getresponse()
            content = answer.read()
            name = answer.headers.get("X-Request-Id", "")
            with self.lock:
                self.seen.append(name)
                # Probes that went well have no line.
                if path in ("/livez", "/readyz", "/metrics"):
                    self.quiet.add(name)
        finally:
            connection.close()
        # Too much at once is told, and is no fault.
        if answer.status == 503 and answer.headers.get("Retry-After"):
            return 503, content
        if answer.status not in expect:
            raise Wrong(f"status {answer.status} where {expect} was expected: {content[:200]!r}")
        return answer.status, content

    def opens(self, key, seconds):
        """Whether a key is taken within some seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            status, _ = self.ask(
                "/v1/models", fields={"Authorization": "Bearer " + key}, expect=(200, 401), key=False)
            if status == 200:
                return True
            time.sleep(0.05)
        return False

    def same(self, what, content):
        """An answer that is the same each time, to the last byte."""
        with self.lock:
            first = self.first.setdefault(what, content)
        if first != content:
            raise Wrong(f"{what} got another answer than the first time")

    def verify(self, chance):
        name = chance.choice(sorted(self.pairs))
        probe, reference = self.pairs[name]
        status, content = self.ask("/v1/verify", form({"probe": probe, "reference": reference}), FORM)
        if status == 200:
            self.same("verify " + name, content)

    def picture(self, chance, path):
        name, side = chance.choice(sorted(self.pairs)), chance.randrange(2)
        status, content = self.ask(path, self.pairs[name][side], {"Content-Type": "image/png"})
        if status == 200:
            self.same(f"{path} {name} {side}", content)

    def screen(self, chance):
        self.picture(chance, "/v1/screen")

    def embed(self, chance):
        self.picture(chance, "/v1/embed")

    def reconstruct(self, chance):
        self.picture(chance, "/v1/reconstruct")

    def enrol(self, chance):
        parts = {f"picture_{i + 1}": p for i, p in enumerate(self.pairs["genuine"])}
        status, content = self.ask("/v1/templates", form({"name": b"soak", **parts}), FORM)
        if status == 200:
            self.same("template", content)
            self.template = content

    def by_template(self, chance):
        if not self.template:
            return
        parts = {"probe": self.pairs["genuine"][0], "template": self.template}
        status, content = self.ask("/v1/verify", form(parts), FORM)
        if status == 200:
            self.same("verify by template", content)

    def malformed(self, chance):
        body, fields, expect = chance.choice([
            (b'{"probe_base64": ', {"Content-Type": "application/json"}, (400,)),
            (b'{"probe_base64": "%%%", "reference_base64": "AA=="}',
             {"Content-Type": "application/json"}, (400, 415, 422)),
            (b'{"unknown": 1}', {"Content-Type": "application/json"}, (400,)),
            (b"[" * 5000, {"Content-Type": "application/json"}, (400,)),
            (b"nothing", {"Content-Type": "text/plain"}, (415,)),
            (b"no form", FORM, (400,)),
            (form({"probe": b"x"})[:-9], FORM, (400,)),
        ])
        self.ask("/v1/verify", body, fields, expect)

    def damaged(self, chance):
        picture = bytearray(self.pairs["genuine"][0])
        if chance.random() < 0.5:
            del picture[chance.randrange(1, len(picture)):]
        else:
            for _ in range(8):
                picture[chance.randrange(8, len(picture))] = chance.randrange(256)
        # A chunk nobody needs may be damaged without harm.
        self.ask("/v1/screen", bytes(picture), {"Content-Type": "image/png"}, (200, 400, 413, 415, 422))

    def probes(self, chance):
        path = chance.choice(["/livez", "/readyz", "/metrics", "/openapi.json", "/", "/nothing"])
        self.ask(path, expect=(404,) if path == "/nothing" else (200,), key=False)

    def without_key(self, chance):
        self.ask("/v1/embed", self.pairs["genuine"][0], {"Content-Type": "image/png"}, (401,), key=False)
        former = self.keys.former()
        if former:
            self.ask("/v1/models", fields={"Authorization": "Bearer " + former}, expect=(401,), key=False)

    def raw(self, body, fields, path="/v1/screen"):
        """A connection that has sent a head, and the body to come."""
        link = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {self.keys.current()}\r\n"
        for name, value in {"Content-Length": len(body), **fields}.items():
            head += f"{name}: {value}\r\n"
        return link, (head + "\r\n").encode()

    def too_large(self, chance):
        link, head = self.raw(b"", {"Content-Type": "image/png", "Content-Length": 10**12})
        with link:
            link.sendall(head)
            answer = link.recv(100)
            if b" 413 " not in answer:
                raise Wrong(f"a body of 10¹² bytes was answered by {answer!r}")

    def cut(self, chance):
        body = self.pairs["genuine"][0]
        link, head = self.raw(body, {"Content-Type": "image/png"})
        with link:
            whole = head + body
            link.sendall(whole[: chance.randrange(1, len(whole))])

    def slow_head(self, chance):
        link, head = self.raw(b"", {"Content-Type": "image/png"})
        self.trickle(link, head, seconds=30)

    def slow_body(self, chance):
        link, head = self.raw(b"x" * 4000, {"Content-Type": "image/png"})
        with_body = head + b"x" * 4000
        link.sendall(with_body[:-100])
        self.trickle(link, with_body[-100:], seconds=60)

    def trickle(self, link, rest, seconds):
        """A byte a second, until the service has had enough."""
        with link:
            end = time.monotonic() + seconds
            link.settimeout(1)
            for byte in rest:
                try:
                    link.sendall(bytes([byte]))
                    if not link.recv(1):
                        return
                    return
                except TimeoutError:
                    pass
                except OSError:
                    return
                if time.monotonic() > end:
                    raise Wrong(f"a client of a byte a second was still served after {seconds} s")

    def late_reader(self, chance):
        body = self.pairs["genuine"][0]
        link, head = self.raw(body, {"Content-Type": "image/png", "Connection": "close"}, "/v1/reconstruct")
        with link:
            link.sendall(head + body)
            time.sleep(5)
            answer = b""
            while piece := link.recv(1 << 16):
                answer += piece
            if not answer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 503")):
                raise Wrong(f"who reads late got {answer[:60]!r}")
