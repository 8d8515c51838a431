"""Slow clients: thousands of sockets that say nothing, half a head, or half a body. A normal client from another
address must be served all the while, and the sockets must be let go.

    slow.py [--sockets 600] [--seconds 40]

What the normal client waited is printed, never judged: a loaded machine is not a fault.
"""

import argparse
import select
import socket
import sys
import tempfile
import time

import school

KINDS = {
    "无声": b"",
    "半个请求头": b"GET /api/v1/setup HTTP/1.1\r\nHost: a\r\nX-A: ",
    "半个请求体": b"POST /api/v1/session HTTP/1.1\r\nHost: a\r\nX-Juanzong: 1\r\nSec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{",
}
KINDS["每秒一字节"] = KINDS["半个请求体"]


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--sockets", type=int, default=600)
    words.add_argument("--seconds", type=int, default=40)
    words = words.parse_args()
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="juanzong-slow-") as folder:
        data = f"{folder}/data"
        school.cli(data, "init")
        with school.Server(data) as server:
            for name, first in KINDS.items():
                good, said = trial(server.port, first, words.sockets, words.seconds, name == "每秒一字节")
                print(f"{name}：{said}", flush=True)
                passed, failed = passed + good, failed + (not good)
            if server.process.poll() is not None:
                print(f"服务中途退出：{server.said()}")
                failed += 1
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def trial(port, first, count, seconds, drips):
    slow = []
    for n in range(count):
        try:
            # More than one address may have, from some.
            source = (f"127.0.0.{2 + n // 300}", 0)
            one = socket.create_connection(("127.0.0.1", port), timeout=5, source_address=source)
            one.sendall(first)
            slow.append(one)
        except OSError:
            pass  # Refused at once is the best answer to the 201st from one address.
    waits, errors, end = [], 0, time.monotonic() + seconds
    while time.monotonic() < end:
        begin = time.monotonic()
        try:
            ask(port)
        except OSError:
            errors += 1
        waits.append(time.monotonic() - begin)
        if drips and len(waits) % 8 == 0:
            drip(slow)
        time.sleep(0.1)
    held = sum(not gone(one) for one in slow)
    for one in slow:
        one.close()
    waits.sort()
    p99 = waits[int(len(waits) * 0.99) - 1] * 1e3
    said = f"开出 {len(slow)} 个，{seconds} 秒后还占着 {held} 个；正常请求 {len(waits)} 次，失败 {errors} 次，p99 {p99:.0f} 毫秒"
    return bool(slow and held == 0 and errors == 0 and waits), said


def ask(port):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as one:
        one.sendall(b"GET /api/v1/setup HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        answer = b""
        while piece := one.recv(4096):
            answer += piece
        if b" 200 " not in answer[:20]:
            raise OSError(answer[:80])


def drip(slow):
    for one in slow:
        try:
            one.send(b" ")
        except OSError:
            pass  # The other side has closed, as it should.


def gone(one):
    """Whether the other side has closed."""
    try:
        while select.select([one], [], [], 0)[0]:
            if not one.recv(4096):
                return True
    except OSError:
        return True
    return False


if __name__ == "__main__":
    sys.exit(main())
