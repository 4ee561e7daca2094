"""How much memory this process has in use, asked so cheaply that every request can."""

import ctypes
import os
import time

LOOK_EVERY_SECONDS = 0.005

_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE")
# Without letting go of the interpreter's lock, as os.pread would: getting it back costs a busy
# process more than the call itself.
_pread = ctypes.PyDLL(None).pread
_pread.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_size_t, ctypes.c_long)
_pread.restype = ctypes.c_ssize_t

# One for all threads: whoever reads it finds what the process had in use a moment ago.
_text = ctypes.create_string_buffer(64)
_statm: int | None = None
_last, _looked = 0, 0.0


def growth() -> int:
    """Bytes more than at the last look, by any thread: what the requests since then took.

    Many requests in a short while are looked at together, and the last of them stands for all.
    """
    global _last, _looked
    moment = time.monotonic()
    if moment - _looked < LOOK_EVERY_SECONDS:
        return 0
    now = resident_bytes()
    grown, _last, _looked = now - _last if _last else 0, now, moment
    return grown


def resident_bytes() -> int:
    """Memory this process has in use; 0 where the system does not say."""
    global _statm
    if _statm is None:
        try:
            _statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            _statm = -1
    if _pread(_statm, _text, 63, 0) <= 0:
        return 0
    return int(_text.value.split(b" ", 2)[1]) * _PAGE_BYTES


def _after_fork() -> None:
    """What was opened before tells of the parent."""
    global _statm, _last
    if _statm is not None and _statm >= 0:
        os.close(_statm)
    _statm, _last = None, 0


os.register_at_fork(after_in_child=_after_fork)
