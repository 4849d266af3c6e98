"""One embedded server: made on first use, started, looked at, stopped, removed.

Every verb is idempotent and holds the directory's lock, so that two commands at once do one thing after the
other.  The record is written before what it names is made: whatever a kill leaves behind, the next start
completes and `remove` finds.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from pgraduate.cluster import configuration, creation, postmaster
from pgraduate.cluster.account import Account, account_for
from pgraduate.cluster.binaries import Binaries, find_binaries
from pgraduate.cluster.conninfo import conninfo
from pgraduate.cluster.files import delete, exclusive, write_private
from pgraduate.cluster.places import (
    Places,
    Record,
    choose_place,
    claim,
    make_directory,
    places_of,
    read_record,
    require_claim,
    require_unused,
    socket_directory,
    write_record,
)
from pgraduate.cluster.status import ServerStatus
from pgraduate.errors import TargetUnusable

_NO_SETTINGS: Mapping[str, str] = MappingProxyType({})


class Embedded:
    """The server in a directory; nothing is read or made before a method asks for it.

    `fsync=False` is for servers that no data outlive; `settings` are laid over the cluster's postgresql.conf at
    each start that this object does; a setting that cannot be raises UsageError.
    """

    def __init__(self, directory: Path, *, fsync: bool = True, settings: Mapping[str, str] = _NO_SETTINGS) -> None:
        self.directory = directory.absolute()
        self.fsync = fsync
        self.settings = configuration.checked(settings)

    def start(self) -> ServerStatus:
        """Start the server, making it on first use; one that runs is left as it is.

        Raises TargetUnusable where there are no fitting binaries or the server does not start, Refused where the
        directory or its data belong to something else.
        """
        with self._os_errors_explained(), self._made_and_locked():
            record = read_record(self.directory)
            if record is None or not self._places(record).place.is_dir():
                record = self._new_record()  # a place can go with its container and leave its record
            places = self._places(record)
            claim(places)
            if not postmaster.is_ready(places, self._address(record)):
                self._start(places, record)
            return self._status()

    def stop(self) -> ServerStatus:
        """Stop the server in fast mode; one that does not run is left as it is."""
        with self._os_errors_explained(), self._locked() as record:
            if record is not None:
                postmaster.stop(self._places(record))
            return self._status()

    def status(self) -> ServerStatus:
        """Say what is known of the server without changing anything and without waiting."""
        with self._os_errors_explained():
            return self._status()

    def remove(self) -> None:
        """Stop the server and delete all that it made, data included; nothing else is touched."""
        with self._os_errors_explained(), self._locked() as record:
            if record is not None:
                places = self._places(record)
                postmaster.stop(places)
                self._delete(places, record)

    def superuser_conninfo(self) -> str:
        """Give the conninfo of the server's superuser, for steps that say that they need it.

        Raises TargetUnusable where no server was made.
        """
        with self._os_errors_explained():
            record = read_record(self.directory)
        if record is None or not record.sockets:
            raise TargetUnusable(
                "there is no embedded server", where=str(self.directory), hint="start it: pgraduate server start"
            )
        passfile = self._places(record).superuser_passfile
        return self._conninfo(record, creation.SUPERUSER, "postgres", passfile)

    def _places(self, record: Record) -> Places:
        places = places_of(self.directory, record)
        require_claim(places)
        return places

    def _new_record(self) -> Record:
        """Choose a place for a new cluster."""
        account = account_for(self.directory / "data")
        find_binaries()
        ignore = self.directory / ".gitignore"
        if not ignore.exists():
            write_private(ignore, "*\n")
        record = Record(place=choose_place(self.directory, account))
        write_record(self.directory, record)
        return record

    def _start(self, places: Places, record: Record) -> None:
        account = account_for(places.data)
        binaries = find_binaries(_major(places.data))
        if account.switches:
            binaries.require(account)
        port = configuration.port_of(self.settings)
        sockets = socket_directory(places, port, account)
        text = configuration.render(sockets, self.settings, fsync=self.fsync)
        started = replace(
            record,
            sockets=_relative(sockets, self.directory),
            port=port,
            binaries=str(binaries.directory),
            version=binaries.version,
        )
        write_record(self.directory, started)
        if record.sockets and record.sockets != started.sockets:
            delete(self.directory / record.sockets)
        self._prepare_data(places, binaries, account)
        write_private(places.configuration, text, uid=account.uid)
        postmaster.start(places, binaries, account, sockets, port)

    def _prepare_data(self, places: Places, binaries: Binaries, account: Account) -> None:
        creation.sweep(places)
        if not places.data.exists():
            creation.create(places, binaries, account, fsync=self.fsync)
        elif not (places.passfile.exists() and places.superuser_passfile.exists()):
            creation.renew_passwords(places, binaries, account, fsync=self.fsync)

    def _status(self) -> ServerStatus:
        record = read_record(self.directory)
        if record is None:
            return ServerStatus("absent", self.directory)
        places = self._places(record)
        if not places.data.is_dir():
            return ServerStatus("absent", self.directory)
        pid = postmaster.running_pid(places)
        return ServerStatus(
            state="stopped" if pid is None else "running",
            directory=self.directory,
            data=places.data,
            binaries=Path(record.binaries) if record.binaries else None,
            version=record.version,
            pid=pid,
            conninfo=self._conninfo(record, creation.OWNER, creation.DATABASE, places.passfile),
            bytes=_size(places.data),
        )

    def _address(self, record: Record) -> Path:
        return self.directory / record.sockets / f".s.PGSQL.{record.port}"

    def _conninfo(self, record: Record, role: str, database: str, passfile: Path) -> str:
        return conninfo(self.directory / record.sockets, record.port, database, role, passfile)

    def _delete(self, places: Places, record: Record) -> None:
        """Delete the record last: until then a second `remove` can complete the first."""
        if record.sockets:
            delete(self.directory / record.sockets)
        for path in (
            places.data,
            *places.unfinished_data(),
            places.log,
            places.configuration,
            places.superuser_passfile,
            places.initial_password,
        ):
            delete(path)
        if places.is_outside:
            delete(places.place)
        for path in (places.passfile, places.ignore, places.record, places.lock):
            delete(path)
        if not any(self.directory.iterdir()):
            self.directory.rmdir()

    @contextmanager
    def _made_and_locked(self) -> Iterator[None]:
        """Make the directory and hold its lock; where no server comes of it, leave nothing behind."""
        made = not self.directory.exists()
        if made:
            make_directory(self.directory, account_for(self.directory / "data"))
        else:
            require_unused(self.directory)
        lock = self.directory / "lock"
        with exclusive(lock):
            try:
                yield
            except BaseException:
                if not (self.directory / "server.json").exists():
                    delete(self.directory if made else lock)
                raise

    @contextmanager
    def _locked(self) -> Iterator[Record | None]:
        """Hold the directory's lock if it holds a server, and give the server's record."""
        if read_record(self.directory) is None:
            yield None
            return
        with exclusive(self.directory / "lock"):
            yield read_record(self.directory)

    @contextmanager
    def _os_errors_explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise TargetUnusable(
                f"the embedded server's files cannot be used: {error.strerror}",
                where=str(error.filename or self.directory),
                hint="name another directory: --to embedded:DIR",
            ) from error


def _major(data: Path) -> int | None:
    """Read which major version a data directory is of; None for one that is still to be made."""
    if not data.exists():
        return None
    text = (data / "PG_VERSION").read_text("ascii").strip()
    if not text.isdigit():
        raise TargetUnusable(f"'{text}' is not a version of PostgreSQL", where=str(data / "PG_VERSION"))
    return int(text)


def _relative(path: Path, directory: Path) -> str:
    return str(path.relative_to(directory)) if path.is_relative_to(directory) else str(path)


def _size(directory: Path) -> int:
    total = 0
    for folder, _, names in os.walk(directory):
        for name in names:
            try:
                total += Path(folder, name).lstat().st_size
            except FileNotFoundError:
                continue
    return total
