"""Power cuts during imports: nothing acknowledged is lost, and the ledger always verifies.

An acknowledgement is a 2xx whose body was read to the end. It is remembered here, outside the disk
that loses its power. See disk.py for how the power is cut, control.py for why to believe it.
"""

import argparse
import os
import random
import sys
import threading
import time

import control
import school
from disk import CannotTest, Disk, family


def main():
    words = argparse.ArgumentParser()
    words.add_argument("--cuts", type=int, default=20)
    words.add_argument("--seed", type=int, default=1)
    words = words.parse_args()
    try:
        if not control.check():
            print("对照试验不成立：装置看不出断电造成的丢失，下面的结果不可信")
            print("0 passed, 1 failed")
            return 1
        with Disk() as disk:
            return run(disk, words.cuts, words.seed)
    except CannotTest as why:
        print(f"未检测：断电试验不能在这台机器上进行（{why}）")
        print(f"0 passed, 0 failed, {words.cuts} skipped")
        return 0


def run(disk, cuts, seed):
    rng = random.Random(seed)
    demo = school.make(os.path.join(disk.path, "data"))
    os.sync()
    archivist = school.account(demo, "archivist")
    passed = failed = 0
    with school.Server(os.path.join(disk.path, "data")) as server:
        client = school.Client(server).login(archivist)
        load, stop = school.Load(client, seed), threading.Event()
        worker = threading.Thread(target=load.run, args=(stop,))
        worker.start()
        try:
            for number in range(1, cuts + 1):
                time.sleep(rng.uniform(0.3, 2.0))
                told = list(load.acknowledged)
                copy = disk.cut(lambda: family(server.process.pid))
                load.gate.clear()
                with disk.recovered(copy) as path:
                    wrong = judge(os.path.join(path, "data"), archivist, told)
                print(f"断电 {number}：应答 {len(told)}，{'无缺失' if not wrong else '不符：' + '；'.join(wrong[:5])}", flush=True)
                passed, failed = passed + (not wrong), failed + bool(wrong)
                load.gate.set()
                if not worker.is_alive():
                    raise SystemExit(f"导入提前停止：{load.refused[-1:]} {server.said()}")
        finally:
            stop.set()
            worker.join(60)
    if not told:
        print("没有任何应答，试验没有内容")
        failed += 1
    if load.refused:
        print(f"被拒绝 {len(load.refused)} 次，例如 {load.refused[0]}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0


def judge(data, archivist, told):
    """Starts on what is left. Returns what does not fit."""
    wrong = []
    code, text = school.cli(data, "verify", check=False)
    if code:
        wrong.append(f"verify 退出码 {code}：{text.strip()[-300:]}")
    try:
        with school.Server(data) as server:
            client = school.Client(server).login(archivist)
            wrong += school.missing(client, told)
    except OSError as why:
        wrong.append(f"无法启动：{why}")
    return wrong


if __name__ == "__main__":
    sys.exit(main())
