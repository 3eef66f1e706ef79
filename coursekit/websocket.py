"""How the course's JupyterLab sends a kernel's messages to the browser: at once."""

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection


class DirectConnection(ZMQChannelsWebsocketConnection):
    """Jupyter's connection without Nagle's algorithm.

    That algorithm (RFC 896) keeps a small packet back until the one before it is acknowledged, and
    the receiving system may do so late (RFC 1122, 4.2.3.2; Linux after 40 ms). A widget that
    answers a slider, or that plays, sends small packets only: each second one waited.
    """

    def connect(self):  # type: ignore[no-untyped-def]  # Jupyter's classes differ in its type
        """Connect the browser's side to the kernel's."""
        self.websocket_handler.set_nodelay(True)
        return super().connect()
