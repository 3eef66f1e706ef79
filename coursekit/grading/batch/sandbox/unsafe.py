"""A worker without a sandbox, for machines on which nothing can be lost."""

import sys

from coursekit.grading.batch.sandbox.bubblewrap import START, Command


def unsafe_command(user: str = "") -> Command:
    """Assemble the command for a worker without a sandbox: it may do all that the user may."""
    as_user: tuple[str, ...] = ()
    if user:
        import pwd  # Windows has none

        group = f"--regid={pwd.getpwnam(user).pw_gid}"
        as_user = ("setpriv", f"--reuid={user}", group, "--clear-groups", "--no-new-privs", "--")
    return Command((*as_user, sys.executable, "-B", "-c", START))
