"""Writers with known behaviour: the proof that the power-cut harness sees what it must see.

`careless` renames files into place without syncing them; a cut loses acknowledged ones.
`careful` commits to SQLite with synchronous=FULL; a cut loses none.
A harness that finds nothing with the first, or something with the second, proves nothing.
"""

import os
import sqlite3
import subprocess
import sys
import threading
import time

from disk import Disk, family


def careless(folder):
    n = 0
    while True:
        text = f"{n}\n" * 200
        part = os.path.join(folder, "part")
        with open(part, "w") as file:
            file.write(text)
        os.rename(part, os.path.join(folder, str(n)))
        print(n, flush=True)
        n += 1
        time.sleep(0.002)


def careful(folder):
    database = sqlite3.connect(os.path.join(folder, "db"), isolation_level=None)
    database.execute("pragma journal_mode=wal")
    database.execute("pragma synchronous=full")
    database.execute("create table if not exists t (n integer primary key)")
    n = 0
    while True:
        database.execute("insert into t values (?)", (n,))
        print(n, flush=True)
        n += 1


def lost_careless(folder, acknowledged):
    def intact(n):
        try:
            with open(os.path.join(folder, str(n))) as file:
                return file.read() == f"{n}\n" * 200
        except FileNotFoundError:
            return False

    return sum(not intact(n) for n in range(acknowledged))


def lost_careful(folder, acknowledged):
    database = sqlite3.connect(os.path.join(folder, "db"))
    found = {n for (n,) in database.execute("select n from t")}
    database.close()
    return sum(n not in found for n in range(acknowledged))


def losses(disk, writer, lost, cuts, pause):
    """Acknowledged and lost, over some cuts of one running writer."""
    folder = os.path.join(disk.path, writer)
    os.mkdir(folder)
    process = subprocess.Popen([sys.executable, __file__, writer, folder], stdout=subprocess.PIPE, text=True)
    seen = [0]

    def listen():
        for line in process.stdout:
            seen[0] = int(line) + 1

    threading.Thread(target=listen, daemon=True).start()
    gone = 0
    try:
        for _ in range(cuts):
            time.sleep(pause)
            # What is acknowledged before the cut begins must be there after it.
            acknowledged = seen[0]
            copy = disk.cut(lambda: family(process.pid))
            with disk.recovered(copy) as path:
                gone += lost(os.path.join(path, writer), acknowledged)
    finally:
        process.kill()
        process.wait()
    return seen[0], gone


def check():
    """True when the harness can be believed."""
    with Disk(mb=128) as disk:
        told, gone = losses(disk, "careless", lost_careless, cuts=2, pause=0.7)
        print(f"对照：不落盘的写法，应答 {told}，断电后缺失 {gone}（应大于 0）")
        told_full, gone_full = losses(disk, "careful", lost_careful, cuts=3, pause=0.7)
        print(f"对照：逐笔落盘的写法，应答 {told_full}，断电后缺失 {gone_full}（应为 0）", flush=True)
    return gone > 0 and gone_full == 0 and told_full > 0


if __name__ == "__main__":
    {"careless": careless, "careful": careful}[sys.argv[1]](sys.argv[2])
