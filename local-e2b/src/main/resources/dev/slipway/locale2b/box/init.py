"""Process 1 of a sandbox. It starts the sandbox's processes one by one, tells how they ended, and
is the sandbox's life: when the server that holds the other end of its standard input is gone, it
ends, and the kernel then kills everything else in its process namespace.

Frames of both directions: four bytes of length, then fields parted by NUL. The pipes of a process
are not carried here: the server opens them below /proc/<this process>/fd, then says "taken".
"""

import errno
import fcntl
import os
import resource
import select
import signal
import struct
import sys
import termios

NAMES = {b"user": 1000, b"root": 0}
LARGEST_FRAME = 16 * 1024 * 1024
HIGHEST_DESCRIPTOR = 4096
LIMITS = {
    "processes": resource.RLIMIT_NPROC,
    "data": resource.RLIMIT_DATA,
    "file": resource.RLIMIT_FSIZE,
    "files": resource.RLIMIT_NOFILE,
    "core": resource.RLIMIT_CORE,
}


def send(*fields):
    payload = b"\0".join(f if isinstance(f, bytes) else str(f).encode() for f in fields)
    data = struct.pack(">I", len(payload)) + payload
    while data:
        data = data[os.write(1, data) :]


def close(*descriptors):
    for descriptor in descriptors:
        if descriptor is not None:
            os.close(descriptor)


class Refused(Exception):
    def __init__(self, kind, message):
        super().__init__(message)
        self.kind = kind


class Child:
    def __init__(self, pid, kept, terminal=None, typist=None):
        self.pid = pid
        self.kept = kept  # ours only until the server has opened them
        self.terminal = terminal
        self.typist = typist  # the process that writes what is typed

    def taken(self):
        close(*self.kept)
        self.kept = ()

    def ended(self):
        if self.terminal is not None:
            os.close(self.terminal)
            self.terminal = None


def become(uid):
    os.setgroups([uid])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)


def run(spec, stdin, stdout, stderr, report, terminal):
    """In the child: never returns."""
    step = b"command"
    try:
        # Of all that runs here this is what the kernel is to end when memory runs out.
        with open("/proc/self/oom_score_adj", "w") as score:
            score.write("500")
        os.setsid()
        for target, source in ((0, stdin), (1, stdout), (2, stderr)):
            os.dup2(source, target)
        if terminal:
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)
        for ignored in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(ignored, signal.SIG_DFL)
        become(NAMES[spec["user"]])
        os.umask(0o022)
        step = b"directory"
        os.chdir(spec["directory"])
        step = b"command"
        os.execvpe(spec["command"][0], spec["command"], spec["environment"])
    except Exception as error:
        message = os.strerror(error.errno) if isinstance(error, OSError) else str(error)
        os.write(report, b"%s\0%s" % (step, message.encode()))
    finally:
        os._exit(127)


def pump(source, sink):
    """In a child of its own: carries one direction of a terminal; never returns."""
    try:
        os.dup2(source, 3)
        os.dup2(sink, 4)
        os.closerange(0, 3)
        os.closerange(5, HIGHEST_DESCRIPTOR)
        become(NAMES[b"user"])
        while True:
            data = os.read(3, 16384)
            if not data:
                return
            while data:
                data = data[os.write(4, data) :]
    except OSError:
        pass  # EIO: nobody has the terminal open any more; EPIPE: nobody reads it
    finally:
        os._exit(0)


class Init:
    def __init__(self):
        self.children = {}  # by the server's number
        self.numbers = {}  # that number by pid
        self.stopped = None  # those that were stopped before everything was
        self.carriers = set()
        self.buffer = bytearray()

    def start(self, number, user, directory, stdin, size, count, *rest):
        count = int(count)
        spec = {
            "user": user,
            "directory": directory,
            "command": list(rest[:count]),
            "environment": dict(pair.split(b"=", 1) for pair in rest[count:] if pair),
        }
        try:
            if self.stopped is not None:
                raise Refused("frozen", "it is frozen")
            child, shown = (
                self.start_on_terminal(spec, size) if size else self.start_piped(spec, stdin == b"1")
            )
        except Refused as refused:
            send("failed", number, refused.kind, str(refused))
            return
        except OSError as error:
            kind = "limit" if error.errno in (errno.EAGAIN, errno.ENOMEM, errno.EMFILE) else "command"
            send("failed", number, kind, os.strerror(error.errno))
            return
        self.children[number] = child
        self.numbers[child.pid] = number
        send("started", number, child.pid, *shown)

    def start_piped(self, spec, with_stdin):
        opened = []
        try:
            for _ in range(2):
                opened.extend(os.pipe())
            out, out_in, err, err_in = opened
            if with_stdin:
                opened.extend(os.pipe())
                source, feed = opened[4:6]
            else:
                source, feed = os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC), None
                opened.append(source)
            pid = self.launch(spec, source, out_in, err_in, False)
        except BaseException:
            close(*opened)
            raise
        close(source, out_in, err_in)
        return Child(pid, (out, err, feed)), (out, err, -1 if feed is None else feed)

    def start_on_terminal(self, spec, size):
        opened = []
        try:
            opened.extend(os.openpty())
            master, slave = opened
            os.fchown(slave, NAMES[spec["user"]], -1)
            resize(master, *size.split(b" "))
            for _ in range(2):
                opened.extend(os.pipe())
            out, sink, source, feed = opened[2:]
            pid = self.launch(spec, slave, slave, slave, True)
            self.carry(master, sink)
            typist = self.carry(source, master)
        except BaseException:
            close(*opened)
            raise
        close(slave, sink, source)
        return Child(pid, (out, feed), master, typist), (out, -1, feed)

    def carry(self, source, sink):
        pid = os.fork()
        if pid == 0:
            # away from the numbers that they are moved to
            pump(*(fcntl.fcntl(one, fcntl.F_DUPFD, 5) for one in (source, sink)))
        self.carriers.add(pid)
        return pid

    def launch(self, spec, stdin, stdout, stderr, terminal):
        listen, report = os.pipe()
        try:
            pid = os.fork()
            if pid == 0:
                run(spec, stdin, stdout, stderr, report, terminal)
        except BaseException:
            close(listen)
            raise
        finally:
            close(report)
        answer = b""
        while True:
            part = os.read(listen, 4096)
            if not part:
                break
            answer += part
        close(listen)
        if answer:
            os.waitpid(pid, 0)
            kind, message = answer.split(b"\0", 1)
            raise Refused(kind.decode(), message.decode())
        return pid

    def taken(self, number):
        if number in self.children:
            self.children[number].taken()
            self.forget_if_over(number)

    def signal(self, number, value):
        child = self.children.get(number)
        if child and child.pid in self.numbers:
            os.kill(child.pid, int(value))

    def resize(self, number, rows, columns):
        child = self.children.get(number)
        if child and child.terminal is not None:
            resize(child.terminal, rows, columns)

    def freeze(self, token):
        if self.stopped is None:
            self.stopped = {pid for pid, state in states() if state in "Tt"}
            send_to(-1, signal.SIGSTOP)
        send("done", token)

    def thaw(self, token):
        if self.stopped is not None:
            for pid, _ in states():
                if pid not in self.stopped:
                    send_to(pid, signal.SIGCONT)
            self.stopped = None
        send("done", token)

    def reap(self):
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            number = self.numbers.pop(pid, None)
            if number is None:
                self.carriers.discard(pid)
                continue  # or an orphan of somebody's
            child = self.children[number]
            child.ended()
            if child.typist in self.carriers:
                os.kill(child.typist, signal.SIGKILL)
            if os.WIFSIGNALED(status):
                send("exited", number, "signal", os.WTERMSIG(status))
            else:
                send("exited", number, "code", os.WEXITSTATUS(status))
            self.forget_if_over(number)

    def forget_if_over(self, number):
        child = self.children[number]
        if child.pid not in self.numbers and not child.kept:
            del self.children[number]

    def receive(self):
        part = os.read(0, 1 << 16)
        if not part:
            os._exit(0)  # whose sandbox this is has gone
        self.buffer += part
        while len(self.buffer) >= 4:
            (length,) = struct.unpack(">I", self.buffer[:4])
            if length > LARGEST_FRAME:
                os._exit(1)
            if len(self.buffer) < 4 + length:
                return
            fields = bytes(self.buffer[4 : 4 + length]).split(b"\0")
            del self.buffer[: 4 + length]
            getattr(self, fields[0].decode())(*fields[1:])

    def serve(self):
        wake, woken = os.pipe()
        os.set_blocking(wake, False)
        os.set_blocking(woken, False)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        poll = select.poll()
        poll.register(0, select.POLLIN)
        poll.register(wake, select.POLLIN)
        send("ready")
        while True:
            for descriptor, _ in poll.poll():
                if descriptor == wake:
                    os.read(wake, 4096)
                    self.reap()
                else:
                    self.receive()


def resize(terminal, rows, columns):
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", int(rows), int(columns), 0, 0))


def states():
    """Every other process of this namespace, with its state."""
    for name in os.listdir("/proc"):
        if name.isdigit() and name != "1":
            try:
                with open("/proc/%s/stat" % name) as stat:
                    yield int(name), stat.read().rpartition(") ")[2][0]
            except OSError:
                pass  # ended meanwhile


def send_to(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # there is nobody any more


def main():
    os.closerange(3, HIGHEST_DESCRIPTOR)
    for pair in sys.argv[1:]:
        name, _, value = pair.partition("=")
        resource.setrlimit(LIMITS[name], (int(value), int(value)))
    # Without handlers, no signal from inside reaches process 1.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    # A change of user makes the kernel keep all others from tracing this process, however equal.
    os.seteuid(NAMES[b"user"])
    os.seteuid(0)
    os.chdir("/")
    Init().serve()


main()
