"""A system-call filter for the reading process: no network, no new process, no change on disk.

It needs no privilege (PR_SET_NO_NEW_PRIVS comes first) and cannot be taken off again. Linux on
x86_64 and aarch64; `confine` says whether it holds. Numbers are those of the kernel's unistd.h.
"""

import ctypes
import os
import platform
import struct

# name → (x86_64, aarch64); None where the machine has no such call.
_REFUSED: dict[str, tuple[int | None, int | None]] = {
    "socket": (41, 198),
    "socketpair": (53, 199),
    "connect": (42, 203),
    "bind": (49, 200),
    "listen": (50, 201),
    "accept": (43, 202),
    "accept4": (288, 242),
    "sendto": (44, 206),
    "sendmsg": (46, 211),
    "sendmmsg": (307, 269),
    "fork": (57, None),
    "vfork": (58, None),
    "execve": (59, 221),
    "execveat": (322, 281),
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "setsid": (112, 157),
    "setpgid": (109, 154),
    "tkill": (200, 130),
    "rt_sigqueueinfo": (129, 138),
    "rt_tgsigqueueinfo": (297, 240),
    "pidfd_send_signal": (424, 424),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "creat": (85, None),
    "truncate": (76, 45),
    "chmod": (90, None),
    "fchmod": (91, 52),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "fchown": (93, 55),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "utimensat": (280, 88),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "open_by_handle_at": (304, 265),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "setrlimit": (160, 164),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
    "mq_open": (240, 180),
}
# Their arguments lie in memory, where a filter cannot look: libraries fall back to the older call.
_ABSENT = {"clone3": 435, "openat2": 437, "io_uring_setup": 425}
_CLONE, _KILL, _TGKILL = (56, 220), (62, 129), (234, 131)
_OPENAT, _OPEN = (257, 56), (2, None)
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}

_LOAD, _EQUAL, _ABOVE, _ANY_BIT, _ANSWER = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _EPERM, _ENOSYS = 0x7FFF0000, 0x00050001, 0x00050026
_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENT_AT = 0, 4, 16
_CLONE_THREAD = 0x00010000
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_X32 = 0x40000000
_NO_NEW_PRIVS, _SET_SECCOMP, _FILTER = 38, 22, 2

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


def confine() -> bool:
    """Puts the filter on this process for good; False where the system offers none."""
    column, architecture = _ARCHITECTURES.get(platform.machine(), (0, 0))
    if not architecture or platform.system() != "Linux":
        return False
    packed = b"".join(struct.pack("=HBBI", *step) for step in _program(column, architecture))
    steps = ctypes.create_string_buffer(packed, len(packed))
    filter_ = struct.pack("=HxxxxxxQ", len(packed) // 8, ctypes.addressof(steps))
    pointer = ctypes.create_string_buffer(filter_, len(filter_))
    prctl = ctypes.CDLL(None, use_errno=True).prctl
    zero, one = ctypes.c_ulong(0), ctypes.c_ulong(1)
    if prctl(_NO_NEW_PRIVS, one, zero, zero, zero) != 0:
        return False
    mode = ctypes.c_ulong(_FILTER)
    return bool(prctl(_SET_SECCOMP, mode, ctypes.byref(pointer), zero, zero) == 0)


def _program(column: int, architecture: int) -> list[Instruction]:
    """The filter as BPF: each rule stands alone, so that no jump is longer than four steps."""
    steps: list[Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_EQUAL, 1, 0, architecture),
        (_ANSWER, 0, 0, _EPERM),
        (_LOAD, 0, 0, _NUMBER_AT),
        (_ABOVE, 0, 1, _X32),
        (_ANSWER, 0, 0, _EPERM),
    ]
    for numbers in _REFUSED.values():
        if (number := numbers[column]) is not None:
            steps += [(_EQUAL, 0, 1, number), (_ANSWER, 0, 0, _EPERM)]
    for number in _ABSENT.values():
        steps += [(_EQUAL, 0, 1, number), (_ANSWER, 0, 0, _ENOSYS)]
    steps += _unless(_CLONE[column], 0, (_ANY_BIT, _CLONE_THREAD))
    steps += _unless(_KILL[column], 0, (_EQUAL, os.getpid()))
    steps += _unless(_TGKILL[column], 0, (_EQUAL, os.getpid()))
    for call, argument in ((_OPENAT[column], 2), (_OPEN[column], 1)):
        if call is not None:
            steps += [
                (_EQUAL, 0, 4, call),
                (_LOAD, 0, 0, _ARGUMENT_AT + 8 * argument),
                (_ANY_BIT, 0, 1, _WRITES),
                (_ANSWER, 0, 0, _EPERM),
                (_ANSWER, 0, 0, _ALLOW),
            ]
    return [*steps, (_ANSWER, 0, 0, _ALLOW)]


def _unless(call: int, argument: int, test: tuple[int, int]) -> list[Instruction]:
    """Refuses a call unless the low half of its argument passes the test."""
    return [
        (_EQUAL, 0, 4, call),
        (_LOAD, 0, 0, _ARGUMENT_AT + 8 * argument),
        (test[0], 1, 0, test[1]),
        (_ANSWER, 0, 0, _EPERM),
        (_ANSWER, 0, 0, _ALLOW),
    ]
