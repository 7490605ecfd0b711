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
import socket
import struct
import sys
import termios

NAMES = {b"user": 1000, b"root": 0}
LARGEST_FRAME = 16 * 1024 * 1024
HIGHEST_DESCRIPTOR = 4096
PROXY_PORT = 3128
PROXY_SOCKET = "/run/box/proxy.sock"
MOST_CONNECTIONS = 256
CHUNK = 65536
CLONE_NEWUSER = 0x10000000
PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
PATIENCE_SECONDS = 5
LIMITS = {
    "processes": resource.RLIMIT_NPROC,
    "data": resource.RLIMIT_DATA,
    "file": resource.RLIMIT_FSIZE,
    "files": resource.RLIMIT_NOFILE,
    "core": resource.RLIMIT_CORE,
}


# Where `user` cannot be mapped beside root: the user namespace in which it is.
namespace = None

# Whether there is no sandbox around us: we are not process 1, and everybody is who we are.
unsafe = False


def send(*fields):
    payload = b"\0".join(f if isinstance(f, bytes) else str(f).encode() for f in fields)
    data = struct.pack(">I", len(payload)) + payload
    while data:
        data = data[os.write(1, data) :]


def close(*descriptors):
    for descriptor in descriptors:
        if descriptor is not None:
            os.close(descriptor)


def unshare():
    if hasattr(os, "unshare"):  # Python 3.12
        os.unshare(CLONE_NEWUSER)
    elif library().unshare(CLONE_NEWUSER) != 0:
        raise OSError(ctypes_errno(), "unshare")


def enter(descriptor):
    if hasattr(os, "setns"):
        os.setns(descriptor, CLONE_NEWUSER)
    elif library().setns(descriptor, CLONE_NEWUSER) != 0:
        raise OSError(ctypes_errno(), "setns")


def library():
    import ctypes

    return ctypes.CDLL(None, use_errno=True)


def ctypes_errno():
    import ctypes

    return ctypes.get_errno()


def namespace_below():
    """Makes a user namespace in which who is root here is `user`, and keeps it open."""
    told, tell = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.close(told)
            unshare()
            os.write(tell, b"1")
            signal.pause()
        finally:
            os._exit(1)
    os.close(tell)
    made = os.read(told, 1)
    os.close(told)
    try:
        if not made:
            raise OSError("no user namespace could be made below this one")
        for name, text in (("setgroups", "deny"), ("uid_map", "1000 0 1"), ("gid_map", "1000 0 1")):
            with open("/proc/%d/%s" % (pid, name), "w") as file:
                file.write(text)
        return os.open("/proc/%d/ns/user" % pid, os.O_RDONLY | os.O_CLOEXEC)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


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
    if unsafe:
        return
    if namespace is not None:
        if uid == 0:
            return  # all that we can be here
        enter(namespace)
    else:
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
        become(NAMES[b"user"])
        os.dup2(source, 3)
        os.dup2(sink, 4)
        os.closerange(0, 3)
        os.closerange(5, HIGHEST_DESCRIPTOR)
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


class Pipe:
    """One direction of a connection: what was read from one side and not yet written to the other."""

    def __init__(self, source, sink):
        self.source = source
        self.sink = sink
        self.held = b""
        self.ended = False  # nothing more comes from the source
        self.over = False  # and the sink has been told

    def move(self):
        try:
            if not self.held and not self.ended:
                self.held = self.source.recv(CHUNK)
                self.ended = not self.held
            if self.held:
                self.held = self.held[self.sink.send(self.held) :]
            if self.ended and not self.held and not self.over:
                self.over = True
                self.sink.shutdown(socket.SHUT_WR)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EINTR):
                # this direction alone: the other may still have the reason to tell
                self.held = b""
                self.ended = self.over = True


class Relay:
    """Carries connections from the sandbox's loopback to the proxy's socket. Its own process: what it
    carries comes from strangers, so it has none of process 1's powers; the sandbox may kill it, and
    gets another one."""

    def __init__(self, listener):
        self.listener = listener
        self.pipes = {}  # both directions, by either descriptor

    def accept(self):
        try:
            near, _ = self.listener.accept()
        except BlockingIOError:
            return  # it went away again
        far = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        far.settimeout(PATIENCE_SECONDS)
        try:
            far.connect(PROXY_SOCKET)
        except OSError:
            near.close()
            far.close()
            return
        near.setblocking(False)
        far.setblocking(False)
        both = (Pipe(near, far), Pipe(far, near))
        self.pipes[near.fileno()] = self.pipes[far.fileno()] = both

    def watch(self):
        poll = select.poll()
        if len(self.pipes) < 2 * MOST_CONNECTIONS:
            poll.register(self.listener, select.POLLIN)
        for descriptor, both in self.pipes.items():
            events = 0
            for pipe in both:
                if pipe.source.fileno() == descriptor and not pipe.held and not pipe.ended:
                    events |= select.POLLIN
                if pipe.sink.fileno() == descriptor and pipe.held:
                    events |= select.POLLOUT
            if events:  # else a closed one would be reported again and again
                poll.register(descriptor, events)
        return poll.poll()

    def serve(self):
        while True:
            for descriptor, _ in self.watch():
                if descriptor == self.listener.fileno():
                    self.accept()
                    continue
                both = self.pipes.get(descriptor)
                if both is None:
                    continue  # closed a moment ago
                for pipe in both:
                    pipe.move()
                if all(pipe.over for pipe in both):
                    for side in (both[0].source, both[0].sink):
                        del self.pipes[side.fileno()]
                        side.close()


class Init:
    def __init__(self):
        self.children = {}  # by the server's number
        self.numbers = {}  # that number by pid
        self.stopped = None  # those that were stopped before everything was
        self.carriers = set()
        self.listener = self.relay = None
        if not unsafe:
            self.listener = socket.create_server(("127.0.0.1", PROXY_PORT), backlog=128)
            self.relay = self.start_relay()
        self.buffer = bytearray()

    def start_relay(self):
        pid = os.fork()
        if pid == 0:
            try:
                become(NAMES[b"user"])
                os.dup2(self.listener.fileno(), 3)
                os.closerange(0, 3)
                os.closerange(4, HIGHEST_DESCRIPTOR)
                listener = socket.socket(fileno=3)
                listener.setblocking(False)
                Relay(listener).serve()
            finally:
                os._exit(1)
        return pid

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
            if namespace is None and not unsafe:
                os.fchown(slave, NAMES[spec["user"]], -1)
            resize(master, *size.split(b" "))
            for _ in range(2):
                opened.extend(os.pipe())
            out, sink, source, feed = opened[2:]
            pid = self.launch(spec, slave, slave, slave, True)
            try:
                self.carry(master, sink)
                typist = self.carry(source, master)
            except OSError:
                os.kill(pid, signal.SIGKILL)
                raise
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
            self.stopped = {pid for pid, fields in statistics() if fields[0] in (b"T", b"t")}
            send_to_all(signal.SIGSTOP)
        send("done", token)

    def thaw(self, token):
        if self.stopped is not None:
            for pid, _ in statistics():
                if pid not in self.stopped:
                    send_to(pid, signal.SIGCONT)
            self.stopped = None
        send("done", token)

    def usage(self, token):
        own = {self.relay, *self.carriers}
        processes = ticks = pages = 0
        for pid, fields in statistics():
            ticks += int(fields[11]) + int(fields[12])
            pages += int(fields[21])
            processes += pid not in own
        gone = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = ticks / os.sysconf("SC_CLK_TCK") + gone.ru_utime + gone.ru_stime
        send("usage", token, processes, int(seconds * 1e9), pages * resource.getpagesize())

    def reap(self):
        while self.reap_one():
            pass
        if self.relay is None and self.listener is not None:
            try:
                self.relay = self.start_relay()
            except OSError:
                pass  # no room for it: when somebody ends, there is

    def reap_one(self):
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return False
        if pid == self.relay:
            self.relay = None
        self.carriers.discard(pid)
        number = self.numbers.pop(pid, None)
        if number is not None:  # else an orphan of somebody's
            self.end(number, status)
        return pid != 0

    def end(self, number, status):
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
        if not part:  # whose sandbox this is has gone
            if unsafe:
                send_to_all(signal.SIGKILL)
            os._exit(0)
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


def statistics():
    """Every other process here, with the fields of its `stat` from the state on."""
    found = {}
    for name in os.listdir("/proc"):
        if name.isdigit() and int(name) != os.getpid():
            try:
                with open("/proc/%s/stat" % name, "rb") as stat:
                    found[int(name)] = stat.read().rpartition(b") ")[2].split()
            except OSError:
                pass  # ended meanwhile
    if not unsafe:
        return found.items()
    ours = {os.getpid()}
    while True:
        more = {pid for pid, fields in found.items() if int(fields[1]) in ours} - ours
        if not more:
            return [(pid, fields) for pid, fields in found.items() if pid in ours]
        ours |= more


def send_to_all(number):
    if not unsafe:
        return send_to(-1, number)
    done = set()
    while True:  # those that are started meanwhile are found the next time
        more = {pid for pid, fields in statistics() if fields[0] != b"Z"} - done
        if not more:
            return
        for pid in more:
            send_to(pid, number)
        done |= more


def send_to(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass  # there is nobody any more


def main():
    global namespace, unsafe
    os.closerange(3, HIGHEST_DESCRIPTOR)
    options = sys.argv[1:]
    if options[-1:] == ["below"]:
        namespace = namespace_below()
        options.pop()
    if options[-1:] == ["unsafe"]:
        unsafe = True
        options.pop()
        os.setsid()  # else Ctrl-C in a terminal reaches us before whoever ends us in order
        library().prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for pair in options:
        name, _, value = pair.partition("=")
        resource.setrlimit(LIMITS[name], (int(value), int(value)))
    # Without handlers, no signal from inside reaches process 1.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    if unsafe:
        pass
    elif namespace is None:
        # A change of user makes the kernel keep all others from tracing this process, however equal.
        os.seteuid(NAMES[b"user"])
        os.seteuid(0)
    else:
        library().prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
    os.chdir("/")
    Init().serve()


main()
