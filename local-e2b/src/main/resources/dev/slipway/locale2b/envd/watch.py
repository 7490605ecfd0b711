"""Tells what happens below a folder, inside the box and as the user that asked.

Arguments: the folder, and whether what is below its folders counts as well (1 or 0).
Writes fields that end with NUL: `START`, then kind and relative path of each event.
Exit: 40 no folder, 44 not there, else see standard error.
"""
import ctypes
import os
import struct
import sys

MODIFY, ATTRIB, MOVED_FROM, MOVED_TO, CREATE, DELETE = 0x2, 0x4, 0x40, 0x80, 0x100, 0x200
OVERFLOW, IGNORED, ONLYDIR, DONT_FOLLOW, ISDIR = 0x4000, 0x8000, 0x1000000, 0x2000000, 0x40000000
MASK = MODIFY | ATTRIB | MOVED_FROM | MOVED_TO | CREATE | DELETE | ONLYDIR
KINDS = (
    (CREATE | MOVED_TO, b"CREATE"),
    (MODIFY, b"WRITE"),
    (DELETE, b"REMOVE"),
    (MOVED_FROM, b"RENAME"),
    (ATTRIB, b"CHMOD"),
)
HEAD = struct.Struct("iIII")

root = os.fsencode(sys.argv[1])
recursive = sys.argv[2] == "1"
libc = ctypes.CDLL(None, use_errno=True)
inotify = libc.inotify_init1(os.O_CLOEXEC)
folders = {}


def fail(status, words):
    sys.stderr.write(words)
    sys.exit(status)


def watch(relative):
    """Begins to watch a folder; one that has gone meanwhile is none of ours any more."""
    path = os.path.join(root, relative) if relative else root
    mask = MASK | (DONT_FOLLOW if relative else 0)
    number = libc.inotify_add_watch(inotify, path, mask)
    if number < 0:
        return False
    folders[number] = relative
    return True


def below(relative):
    """What is in a folder and, as far as it counts, in its folders, which are watched from now on."""
    try:
        found = sorted(os.scandir(os.path.join(root, relative)), key=lambda one: one.name)
    except OSError:
        return
    for one in found:
        name = os.path.join(relative, one.name)
        yield name
        if one.is_dir(follow_symlinks=False) and watch(name):
            yield from below(name)


def say(*fields):
    out = b"".join(field + b"\0" for field in fields)
    while out:
        out = out[os.write(1, out):]


if inotify < 0:
    fail(1, os.strerror(ctypes.get_errno()))
if not os.path.lexists(root):
    fail(44, "path %s not found" % sys.argv[1])
if not os.path.isdir(root):
    fail(40, "path %s is not a directory" % sys.argv[1])
if not watch(b""):
    fail(1, os.strerror(ctypes.get_errno()))
if recursive:
    for _ in below(b""):
        pass
say(b"START")
while True:
    events = os.read(inotify, 65536)
    at = 0
    while at < len(events):
        number, mask, _, length = HEAD.unpack_from(events, at)
        at += HEAD.size
        name = events[at:at + length].rstrip(b"\0")
        at += length
        if mask & IGNORED:
            folders.pop(number, None)
        if mask & (IGNORED | OVERFLOW) or number not in folders or not name:
            continue
        relative = os.path.join(folders[number], name)
        for bits, kind in KINDS:
            if mask & bits:
                say(kind, relative)
        if recursive and mask & ISDIR and mask & (CREATE | MOVED_TO) and watch(relative):
            # made before we watched
            for found in below(relative):
                say(b"CREATE", found)
