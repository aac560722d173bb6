"""Tables of sync: which hub, how far, what the hub has, what waits, and what people have to decide."""

from __future__ import annotations

from typing import ClassVar

from peewee import IntegerField, TextField

from desktop_app.storage.tables import Table


class SyncHub(Table):
    """The one hub this desk is connected to, and who we are there."""

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)  # always "hub"
    address = TextField()
    hub_id = TextField()
    carrier_id = TextField()
    carrier_name = TextField()
    office_id = TextField()
    office_name = TextField()
    role = TextField()
    device_id = TextField()
    device_label = TextField()
    token = TextField()
    state = TextField()
    counter = IntegerField()  # newest stamp of a record this device sealed; rises, in milliseconds since 1970 or beyond
    told = IntegerField()  # newest outbox row that was told, as long as that row is kept
    connected_at = TextField()
    tried_at = TextField(null=True)
    finished_at = TextField(null=True)
    problem = TextField()
    shut_out = IntegerField(default=0)  # 1: the hub lets this desk in no more; only a new code helps
    paused = IntegerField()
    recovery_sheet = IntegerField()  # 1: the printed key of the office is still to be confirmed
    successor = TextField()  # JSON of the request under which this desk goes on after a restored backup, or empty

    class Meta:
        table_name = "sync_hub"


class SyncSpace(Table):
    """How far we have read a space of the hub.

    `compare` is empty, or says from where on every record is still to be compared with what the hub has:
    "-" from the beginning, or "collection/id" of the last one that was.
    """

    local_only: ClassVar[bool] = True
    name = TextField(primary_key=True)
    kind = TextField()
    epoch = TextField()
    seq = IntegerField()
    readable = IntegerField()
    writable = IntegerField()
    with_office = TextField(null=True)
    compare = TextField()
    renewed = (
        IntegerField()
    )  # 1 while what the hub has after a restored backup is read; seq of unseen shadows is negative
    pulled_at = TextField(null=True)
    compared_at = TextField(null=True)

    class Meta:
        table_name = "sync_space"


class SyncShadow(Table):
    """What the hub has of a record as far as we know: the base of every merge.

    The id is `collection/id` of the document; what could not be opened has `wire:collection/id`. `writers` is JSON: the
    highest counter seen of each device, so that an old ciphertext played back is known.
    """

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    space = TextField()
    seq = IntegerField()
    owner = TextField(null=True)
    deleted = IntegerField()  # 2: erased
    document = TextField(null=True)
    writers = TextField()
    key_id = TextField()  # of the office key it is sealed with

    class Meta:
        table_name = "sync_shadow"


class SyncPush(Table):
    """A push as it is sent, kept until its answer is applied: a repeat sends the same bytes."""

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    space = TextField()
    body = TextField()
    made_at = TextField()

    class Meta:
        table_name = "sync_push"


class SyncParked(Table):
    """A record that came and can't be applied (yet): as it came, and why."""

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)  # space/collection/id as on the wire
    space = TextField()
    document_id = TextField()  # collection/id of the document, empty when unknown
    record = TextField()
    reason = TextField()
    parked_at = TextField()

    class Meta:
        table_name = "sync_parked"


class SyncConflict(Table):
    """A value that lost, or two between which a person decides. Travels among the desks of the office."""

    id = TextField(primary_key=True)
    conflict_id = TextField()  # the same for all fields of one meeting of two states
    collection = TextField()
    record_id = TextField()
    field = TextField()
    kind = TextField()
    mine = TextField(null=True)
    theirs = TextField(null=True)
    before = TextField(null=True)
    stands = TextField()
    device_label = TextField()
    found_at = TextField()
    state = TextField()
    chosen = TextField(null=True)
    former = TextField(null=True)
    decided_at = TextField(null=True)
    decided_by = TextField(null=True)
    theirs_device = TextField(null=True)  # who wrote „theirs“, where that is certain

    class Meta:
        table_name = "sync_conflict"


class SyncDeviceKey(Table):
    """A key pair of this device; the id is its public half. Former ones still open what was sealed to them."""

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    device_id = TextField()
    private_key = TextField()
    is_current = IntegerField()
    made_at = TextField()

    class Meta:
        table_name = "sync_device_key"


class SyncMembership(Table):
    """The one office whose keys this device holds."""

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)  # always "office"
    office_id = TextField()
    space = TextField()
    index_key = TextField()

    class Meta:
        table_name = "sync_membership"


class SyncOfficeKey(Table):
    """An office key, current or former.

    `tainted_by` is JSON: devices that were shut out after they could have known it. `retired_seq` is the hub's number from
    which on nothing new may come under a former key.
    """

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    secret = TextField()
    office_private_key = TextField()
    generation = IntegerField()
    tainted_by = TextField()
    retired_seq = IntegerField(null=True)

    class Meta:
        table_name = "sync_office_key"


class SyncTrustedDevice(Table):
    """A public key that the office's keys are or were sealed to: a desk's or the printed one's."""

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    kind = TextField()
    device_id = TextField()
    label = TextField()
    admitted_by = TextField()
    standing = IntegerField()
    recovery_secret = TextField()

    class Meta:
        table_name = "sync_trusted_device"


class SyncAdmission(Table):
    """An admission that goes on: of this device (the id is its own public key) or by this device (the other's)."""

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    stage = TextField()
    partner = TextField()
    own_nonce = TextField()
    partner_nonce = TextField()
    commitment = TextField()
    begun_at = TextField()

    class Meta:
        table_name = "sync_admission"


class SyncKeyRecord(Table):
    """A record of the collection "k" as the hub has it or is to get it; `content` is the digest of what an own one says."""

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    is_own = IntegerField()
    seq = IntegerField()
    is_waiting = IntegerField()
    content = TextField()
    data = TextField()

    class Meta:
        table_name = "sync_key_record"


class SyncBundleDesk(Table):
    """A desk with which files were exchanged; the own one too. The id is its lineage: drawn at random, once a database.

    `number` is of the newest file that came from it (own: that was written). `taken_whole` is of the newest one of which
    nothing had to be left out, `has_of_ours` of our newest one that it had taken whole.
    """

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    is_own = IntegerField()
    label = TextField()
    number = IntegerField()
    taken_whole = IntegerField()
    has_of_ours = IntegerField()
    at = TextField(null=True)

    class Meta:
        table_name = "sync_bundle_desk"


class SyncBundleSent(Table):
    """In which of our files a record stood first as it is now; the id is that of the document."""

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    number = IntegerField()
    digest = TextField()

    class Meta:
        table_name = "sync_bundle_sent"


class SyncBundleState(Table):
    """A state of a record that went by file and that the hub is not known to include: a base for merging.

    The id is `document_id#lineage#number`. `vector` is JSON: which states of which lineages it includes.
    """

    local_only: ClassVar[bool] = True
    id = TextField(primary_key=True)
    document_id = TextField()
    lineage = TextField()
    number = IntegerField()
    document = TextField(null=True)
    vector = TextField()

    class Meta:
        table_name = "sync_bundle_state"
