"""Kills at random moments during imports: the next start goes on, nothing acknowledged is lost.

This proves that the program recovers, not that anything is durable; powercut.py proves that.
"""

import argparse
import os
import random
import sys
import tempfile
import threading
import time

import school


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--kills", type=int, default=100)
    words.add_argument("--seed", type=int, default=1)
    words = words.parse_args()
    rng = random.Random(words.seed)
    passed = failed = 0
    with tempfile.TemporaryDirectory(prefix="juanzong-kill-") as folder:
        data = os.path.join(folder, "data")
        demo = school.make(data)
        archivist = school.account(demo, "archivist")
        told, cookie, load = [], None, None
        for number in range(1, words.kills + 1):
            server = school.Server(data)
            try:
                client = school.Client(server, cookie)
                if cookie is None:
                    client.login(archivist)
                    cookie = client.cookie
                # Everything of the last rounds, and some of all that came before.
                sample = told[-30:] + rng.sample(told, min(10, len(told)))
                wrong = school.missing(client, sample)
                load, stop = school.Load(client, words.seed * 1000 + number), threading.Event()
                worker = threading.Thread(target=load.run, args=(stop,))
                worker.start()
                time.sleep(rng.uniform(0.05, 1.2))
            finally:
                server.kill()
            stop.set()
            worker.join(60)
            told += load.acknowledged
            if number % 10 == 0 or number == words.kills:
                code, text = school.cli(data, "verify", check=False)
                if code:
                    wrong.append(f"verify 退出码 {code}：{text.strip()[-300:]}")
                print(f"强制结束 {number} 次，应答 {len(told)}", flush=True)
            if load.refused:
                wrong.append(f"被拒绝：{load.refused[0]}")
            if wrong:
                print(f"第 {number} 次：{'；'.join(wrong[:5])}", flush=True)
            passed, failed = passed + (not wrong), failed + bool(wrong)
        with school.Server(data) as server:
            wrong = school.missing(school.Client(server, cookie), told)
        print(f"最后核对全部 {len(told)} 个应答：缺失 {len(wrong)}{' ' + '；'.join(wrong[:5]) if wrong else ''}")
        passed, failed = passed + (not wrong and bool(told)), failed + (bool(wrong) or not told)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
