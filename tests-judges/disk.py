"""A disk whose power can be cut, without device-mapper.

An ext4 file system lies on a loop device whose backing file is in memory (tmpfs). What is in the
backing file is exactly what reached "the disk"; the page cache is what a power cut would lose.
To cut: stop the writers (SIGSTOP), wait until the device is idle, copy the backing file. The copy
is the disk after the cut. It is mounted elsewhere, the file system recovers, and the program under
test must recover too.

A copy during which the device was still written is no state that a disk was ever in: it is thrown
away and taken again. Without that rule the harness invents corruption.
"""

import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import time


class CannotTest(Exception):
    """This machine cannot do it; the reason is for people."""


def sh(*words):
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"{' '.join(words[:2])}: {done.stderr.strip()}")
    return done.stdout.strip()


def tool(name):
    found = shutil.which(name, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin")
    if not found:
        raise CannotTest(f"没有 {name}")
    return found


def memory_folder(need_mb):
    """A folder on tmpfs with room, or the reason why not."""
    for folder in ("/dev/shm", tempfile.gettempdir()):
        kind = subprocess.run(["stat", "-f", "-c", "%T", folder], capture_output=True, text=True).stdout.strip()
        if kind == "tmpfs" and shutil.disk_usage(folder).free > need_mb * 1_000_000:
            return folder
    raise CannotTest(f"没有 {need_mb} MB 的内存文件系统（tmpfs）")


class Disk:
    """A mounted disk. Use it in a `with`; nothing of it stays."""

    def __init__(self, mb=768):
        if os.geteuid() != 0:
            raise CannotTest("挂载循环设备需要管理员身份")
        self.losetup, mkfs = tool("losetup"), tool("mkfs.ext4")
        self.memory = tempfile.mkdtemp(prefix="juanzong-disk-", dir=memory_folder(mb * 3))
        self.backing = os.path.join(self.memory, "disk")
        self.mounts = []
        self.device = None
        try:
            with open(self.backing, "wb") as file:
                file.truncate(mb * 1024 * 1024)
            # Everything is written at once: a lazily written inode table would keep the device busy.
            sh(mkfs, "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", self.backing)
            self.device = sh(self.losetup, "--find", "--show", self.backing)
            self.path = self._mount(self.device)
        except OSError as why:
            self.close()
            raise CannotTest(f"循环设备不可用：{why}") from why

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def _mount(self, device, *options):
        point = tempfile.mkdtemp(prefix="juanzong-mount-")
        try:
            sh("mount", "-t", "ext4", *options, device, point)
        except OSError:
            os.rmdir(point)
            raise
        self.mounts.append(point)
        return point

    def _unmount(self, point):
        for attempt in range(20):
            if subprocess.run(["umount", point], capture_output=True).returncode == 0:
                break
            time.sleep(0.2)
        else:
            subprocess.run(["umount", "--lazy", point], capture_output=True)
        self.mounts.remove(point)
        os.rmdir(point)

    def close(self):
        for point in list(self.mounts):
            self._unmount(point)
        if self.device:
            subprocess.run([self.losetup, "--detach", self.device], capture_output=True)
        shutil.rmtree(self.memory, ignore_errors=True)

    def _counters(self):
        """What the device has done, and what is in flight."""
        fields = pathlib.Path(f"/sys/block/{os.path.basename(self.device)}/stat").read_text().split()
        return fields, int(fields[8])

    def _wait_idle(self, patience=10.0):
        end = time.monotonic() + patience
        calm, last = 0, None
        while time.monotonic() < end:
            now, in_flight = self._counters()
            calm = calm + 1 if now == last and in_flight == 0 else 0
            last = now
            if calm >= 3:
                return now
            time.sleep(0.01)
        return None

    def cut(self, processes):
        """The disk as it would be after a cut now, as a backing file. The writers go on afterwards."""
        for process in processes():
            _signal(process, signal.SIGSTOP)
        try:
            for attempt in range(5):
                before = self._wait_idle()
                if before is None:
                    continue
                copy = os.path.join(self.memory, "copy")
                sh("cp", "--sparse=always", self.backing, copy)
                if self._counters()[0] == before:
                    return copy
            raise OSError("设备一直没有空闲，无法取得断电时的状态")
        finally:
            for process in processes():
                _signal(process, signal.SIGCONT)

    def recovered(self, copy):
        """Mounts a copy: the file system replays its journal. Returns a context with its path."""
        return _Recovered(self, copy)


class _Recovered:
    def __init__(self, disk, copy):
        self.disk, self.copy = disk, copy

    def __enter__(self):
        self.device = sh(self.disk.losetup, "--find", "--show", self.copy)
        try:
            self.point = self.disk._mount(self.device)
        except OSError:
            subprocess.run([self.disk.losetup, "--detach", self.device], capture_output=True)
            raise
        return self.point

    def __exit__(self, *_):
        self.disk._unmount(self.point)
        subprocess.run([self.disk.losetup, "--detach", self.device], capture_output=True)
        os.unlink(self.copy)


def _signal(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def family(pid):
    """A process and everything below it, now."""
    children = {}
    for stat in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rsplit(")", 1)[1].split()
        except (OSError, IndexError):
            continue
        children.setdefault(int(fields[1]), []).append(int(stat.parent.name))
    found, open_ = [], [pid]
    while open_:
        one = open_.pop()
        found.append(one)
        open_.extend(children.get(one, []))
    return found
