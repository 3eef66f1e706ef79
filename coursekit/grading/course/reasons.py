"""Why the system refused something, in the language that is spoken: it speaks its own."""

import errno

from coursekit.language import mark, say

DENIED = mark("permission denied")
FULL = mark("no space is left on the disk")
READ_ONLY = mark("it can only be read")
IN_USE = mark("another program is using it")
DISK_ERROR = mark("the disk reports an error")
_REASONS = {
    errno.EACCES: DENIED,
    errno.EPERM: DENIED,
    errno.ENOENT: mark("there is no such file or folder"),
    errno.EEXIST: mark("something of this name exists"),
    errno.EISDIR: mark("it is a folder"),
    errno.ENOTDIR: mark("a part of its path is not a folder"),
    errno.ENAMETOOLONG: mark("its name is too long"),
    errno.ENOSPC: FULL,
    errno.EDQUOT: mark("no more space is allowed"),
    errno.EROFS: READ_ONLY,
    errno.EBUSY: IN_USE,
    errno.EMFILE: mark("too many files are open"),
    errno.ENFILE: mark("too many files are open"),
    errno.EAGAIN: mark("too many processes are running"),
    errno.ENOMEM: mark("there is not enough memory"),
    errno.EIO: DISK_ERROR,
}


def reason_of(error: Exception) -> str:
    """Return a common reason in the course's words, and any other in the system's, quoted."""
    found = _REASONS.get(getattr(error, "errno", None) or 0)
    words = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return say(found) if found else f'"{words}"'
