"""The course's JupyterLab hands on a kernel's small messages at once."""

import asyncio
import socket
from pathlib import Path

from jupyter_server.services.kernels.connection.channels import ZMQChannelsWebsocketConnection
from tornado.httpserver import HTTPServer
from tornado.testing import bind_unused_port
from tornado.web import Application
from tornado.websocket import WebSocketHandler, websocket_connect
from traitlets.utils.importstring import import_item

from coursekit.lab import command


def connection_class():
    """The class that ``coursekit lab`` gives the server by an option."""
    options = dict(part.split("=", 1) for part in command(Path(), []) if "=" in part)
    return import_item(options["--ServerApp.kernel_websocket_connection_class"])


def test_no_message_waits_for_an_acknowledgement(monkeypatch):
    connected = []

    def connect(connection):  # a kernel is not needed to see it
        sender = connection.websocket_handler.ws_connection.stream.socket
        connected.append(sender.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    monkeypatch.setattr(ZMQChannelsWebsocketConnection, "connect", connect)
    direct = connection_class()
    monkeypatch.setattr(direct, "websocket_handler", None)  # takes any handler, not only Jupyter's

    class Handler(WebSocketHandler):
        def open(self):
            connection = direct.__new__(direct)
            connection.websocket_handler = self
            connection.connect()

    async def visit():
        listening, port = bind_unused_port()
        server = HTTPServer(Application([("/", Handler)]))
        server.add_socket(listening)
        page = await websocket_connect(f"ws://127.0.0.1:{port}/")
        page.close()
        server.stop()
        await server.close_all_connections()

    asyncio.run(visit())
    assert connected and all(connected)
