"""Speaks on a bus as systemd-logind does; orders come on the standard input, what is asked of it goes to the output.

``python logind_process.py ADDRESS``, then ``sleep``, ``wake``, ``lock``, ``hint`` or ``other`` (another session's lock).
"""

from __future__ import annotations

import os
import sys

from PySide6.QtCore import QCoreApplication, QSocketNotifier
from PySide6.QtDBus import (
    QDBusConnection,
    QDBusMessage,
    QDBusObjectPath,
    QDBusUnixFileDescriptor,
    QDBusVariant,
    QDBusVirtualObject,
)

MANAGER_PATH, MANAGER = "/org/freedesktop/login1", "org.freedesktop.login1.Manager"
SESSION_PATH, SESSION = "/org/freedesktop/login1/session/_32", "org.freedesktop.login1.Session"


def say(words: str) -> None:
    print(words, flush=True)


class Manager(QDBusVirtualObject):
    def __init__(self) -> None:
        super().__init__()
        self.notifiers: list[QSocketNotifier] = []
        self.is_hinted = False

    def introspect(self, _path: str) -> str:
        return ""

    def handleMessage(self, message: QDBusMessage, connection: QDBusConnection) -> bool:
        reply = message.createReply()
        if message.member() == "Inhibit":
            reading, writing = os.pipe()
            reply.setArguments([QDBusUnixFileDescriptor(writing)])
            connection.send(reply)
            os.close(writing)  # now only the message and its receiver hold that end
            self.watch(reading)
            say("inhibit " + " ".join(str(argument) for argument in message.arguments()))
            return True
        if message.member() == "GetSession":
            reply.setArguments([QDBusObjectPath(SESSION_PATH)])
            connection.send(reply)
            say("session")
            return True
        if message.member() == "Get":
            reply.setArguments([QDBusVariant(self.is_hinted)])
            connection.send(reply)
            return True
        return False

    def watch(self, reading: int) -> None:
        notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read)

        def closed() -> None:
            notifier.setEnabled(False)
            os.close(reading)
            say("released")

        notifier.activated.connect(closed)
        self.notifiers.append(notifier)


def main(address: str) -> int:
    application = QCoreApplication([])
    bus = QDBusConnection.connectToBus(address, "logind")
    manager = Manager()
    bus.registerVirtualObject(MANAGER_PATH, manager, QDBusConnection.VirtualObjectRegisterOption.SubPath)
    bus.registerService("org.freedesktop.login1")

    def signal(path: str, interface: str, name: str, *arguments: object) -> None:
        message = QDBusMessage.createSignal(path, interface, name)
        message.setArguments(list(arguments))
        bus.send(message)

    def obey_all() -> None:
        orders_read = os.read(sys.stdin.fileno(), 4096).decode()
        if not orders_read:
            application.quit()
        for order in orders_read.split():
            obey(order)

    def obey(order: str) -> None:
        if order in {"sleep", "wake"}:
            signal(MANAGER_PATH, MANAGER, "PrepareForSleep", order == "sleep")
        elif order == "lock":
            signal(SESSION_PATH, SESSION, "Lock")
        elif order == "other":
            signal(SESSION_PATH + "7", SESSION, "Lock")
        elif order == "hint":
            manager.is_hinted = True
            signal(
                SESSION_PATH, "org.freedesktop.DBus.Properties", "PropertiesChanged", SESSION, {"LockedHint": True}, []
            )

    orders = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)
    orders.activated.connect(obey_all)
    say("ready")
    return application.exec()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
