"""Opening a page and one 512-px tile: CPU of the whole request in our server, beside iipsrv on the same page.

    python3 bench/tiles/run.py [ROUNDS]         # JZ_BIN names another program

Ours: the served program, over HTTP, with session, rights, ledger and decryption; an archivist gets tiles
without, an organisation officer with the stamp burnt in. Theirs: Debian's iipsrv, asked over FastCGI (no web server
counted), on a tiled pyramid made by vips from the same picture; without it the column says so. CPU time is
user and kernel time of the server process and what it started, from /proc, so it counts in hundredths of a second:
each figure is many requests long.
"""

import io
import json
import os
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
if not os.environ.get("JZ_BIN"):
    os.environ["JZ_BIN"] = subprocess.check_output([f"{HERE}/../_build.sh"], text=True).strip() + "/juanzong"
sys.path.insert(0, f"{HERE}/../../tests-judges")
import school

IIPSRV = "/usr/lib/iipimage-server/iipsrv.fcgi"
TICK = os.sysconf("SC_CLK_TCK")


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    print(f"load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="juanzong-tiles-") as folder:
        data = os.path.join(folder, "data")
        demo = school.make(data)
        with school.Server(data) as server:
            keeper = school.Client(server).login(school.account(demo, "archivist"))
            officer = school.Client(server).login(school.account(demo, "org_officer"))
            pages = all_pages(keeper)
            master = keeper.get(f"/iiif/3/{pages[0]}/full/max/0/default.jpg", raw=True)
            sized = json.loads(keeper.get(f"/iiif/3/{pages[0]}/info.json", raw=True))
            print(f"page {sized['width']} x {sized['height']}, {len(pages)} pages")
            ours = {}
            for name, client in (("tile", keeper), ("tile, stamped", officer)):
                ours[name] = cost(server.process.pid, rounds, lambda n: client.get(tile(pages[n % len(pages)]), raw=True))
            ours["page facts"] = cost(server.process.pid, rounds, lambda n: keeper.get(f"/api/v1/pages/{pages[n % len(pages)]}"))
            idle = cost(server.process.pid, rounds, lambda n: keeper.get("/api/v1/setup"))
            theirs = iipsrv(folder, master, rounds)
            opened = opening(server, demo, pages)
            memory = rss(server.process.pid)
    for name, value in ours.items():
        beside = f"   iipsrv {theirs:6.3f} ms, ratio {value / theirs:.2f}" if theirs and name.startswith("tile") else ""
        print(f"{name:24} {value:7.3f} ms CPU a request{beside}")
    print(f"{'opening a page':24} {opened:7.3f} ms CPU (first look: rights, ledger entry, read, decrypt, verify, one tile)")
    print(f"{'smallest request':24} {idle:7.3f} ms CPU")
    print(f"{'resident memory':24} {memory:7.0f} MB")
    if not theirs:
        print("iipsrv: not measured (apt-get install iipimage-server libvips-tools)")


def tile(page):
    return f"/iiif/3/{page}/512,512,512,512/512,512/0/default.jpg"


def all_pages(client):
    found = []
    for volume in client.post("/api/v1/volumes/search", {"limit": 50})["rows"]:
        for group in client.get(f"/api/v1/volumes/{volume['id']}")["classes"]:
            for one in group["materials"]:
                found += [page["id"] for page in one["pages"]]
    return found


def opening(server, demo, pages):
    """A look counts once in ten minutes a session: a session for each round, each page once."""
    took, count = 0.0, 0
    for _ in range(18):
        client = school.Client(server).login(school.account(demo, "archivist"))
        before = cpu(server.process.pid)
        for page in pages:
            client.get(tile(page), raw=True)
            count += 1
        took += cpu(server.process.pid) - before
    return took / count * 1e3


def cpu(pid):
    """Seconds of a process and of the children it has waited for."""
    with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
        fields = file.read().rpartition(")")[2].split()
    return sum(int(f) for f in fields[11:15]) / TICK


def rss(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def cost(pid, rounds, ask):
    """Milliseconds of CPU a request."""
    for n in range(20):
        ask(n)
    before = cpu(pid)
    for n in range(rounds):
        ask(n)
    return (cpu(pid) - before) / rounds * 1e3


def iipsrv(folder, master, rounds):
    pyramid = os.path.join(folder, "page.tif")
    flat = os.path.join(folder, "page.jpg")
    with open(flat, "wb") as file:
        file.write(master)
    words = ["vips", "tiffsave", flat, pyramid, "--tile", "--pyramid", "--compression", "jpeg", "--Q", "85", "--tile-width", "512", "--tile-height", "512"]
    if not os.path.exists(IIPSRV) or subprocess.run(words, capture_output=True).returncode:
        return None
    port = school.free_port()
    # Its cache of finished tiles would answer without work; ours has none either.
    env = {"MAX_IMAGE_CACHE_SIZE": "0", "JPEG_QUALITY": "85", "VERBOSITY": "0", "LOGFILE": "/dev/null"}
    process = subprocess.Popen([IIPSRV, "--bind", f"127.0.0.1:{port}"], env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        query = f"IIIF={pyramid}/512,512,512,512/512,512/0/default.jpg"
        if b"image/jpeg" not in fastcgi(port, query)[:600]:
            return None
        return cost(process.pid, rounds, lambda _: fastcgi(port, query))
    finally:
        process.kill()
        process.wait()


def fastcgi(port, query):
    """One request in the FastCGI protocol; returns what the program wrote."""
    def record(kind, content):
        return bytes([1, kind, 0, 1]) + len(content).to_bytes(2, "big") + bytes(2) + content

    params = {"REQUEST_METHOD": "GET", "QUERY_STRING": query, "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "localhost",
              "REQUEST_URI": "/iipsrv?" + query, "SCRIPT_NAME": "/iipsrv"}
    # A short name, and a value whose length is written in four bytes.
    pairs = b"".join(bytes([len(k), 0x80]) + len(v).to_bytes(3, "big") + k.encode() + v.encode() for k, v in params.items())
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(record(1, b"\0\1\0\0\0\0\0\0") + record(4, pairs) + record(4, b"") + record(5, b""))
        stream, out = line.makefile("rb"), io.BytesIO()
        while True:
            head = stream.read(8)
            if len(head) < 8:
                return out.getvalue()
            content = stream.read(int.from_bytes(head[4:6], "big"))
            stream.read(head[6])
            if head[1] == 6:
                out.write(content)
            if head[1] == 3:
                return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
