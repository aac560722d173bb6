"""The tables of the directory: every object of HSDS 3.1.1 with every column, and what is ours.

Columns of HSDS are text throughout: a value that does not validate is kept as it came, and "+49 …" or
"-80.19" survive import and export unchanged. Columns that HSDS does not know wait as JSON in `extra`.
Links between HSDS objects are no foreign keys, for real sources break them; only what our own records
hang on is one (a service belongs to an organisation).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from peewee import AutoField, IntegerField, TextField

from desktop_app.storage.tables import Table


class Organization(Table):
    """An organisation (Träger oder Anbieter)."""

    id = TextField(primary_key=True)
    name = TextField()
    alternate_name = TextField(null=True)
    description = TextField(null=True)
    email = TextField(null=True)
    website = TextField(null=True)
    tax_status = TextField(null=True)
    tax_id = TextField(null=True)
    year_incorporated = TextField(null=True)
    legal_status = TextField(null=True)
    logo = TextField(null=True)
    uri = TextField(null=True)
    parent_organization_id = TextField(null=True)
    extra = TextField(null=True)
    withdrawn_at = TextField(null=True)

    class Meta:
        table_name = "organization"


class Program(Table):
    """A programme that bundles services of an organisation."""

    id = TextField(primary_key=True)
    organization_id = TextField(null=True)
    name = TextField(null=True)
    alternate_name = TextField(null=True)
    description = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "program"


class Service(Table):
    """A service (Angebot)."""

    id = TextField(primary_key=True)
    organization_id = TextField()
    program_id = TextField(null=True)
    name = TextField()
    alternate_name = TextField(null=True)
    description = TextField(null=True)
    url = TextField(null=True)
    email = TextField(null=True)
    status = TextField()
    interpretation_services = TextField(null=True)
    application_process = TextField(null=True)
    fees_description = TextField(null=True)
    wait_time = TextField(null=True)
    fees = TextField(null=True)
    accreditations = TextField(null=True)
    eligibility_description = TextField(null=True)
    minimum_age = TextField(null=True)
    maximum_age = TextField(null=True)
    assured_date = TextField(null=True)
    assurer_email = TextField(null=True)
    licenses = TextField(null=True)
    alert = TextField(null=True)
    last_modified = TextField(null=True)
    extra = TextField(null=True)
    withdrawn_at = TextField(null=True)

    class Meta:
        table_name = "service"


class Attribute(Table):
    """A taxonomy term attached to any other record."""

    id = TextField(primary_key=True)
    link_id = TextField(null=True)
    taxonomy_term_id = TextField(null=True)
    link_type = TextField(null=True)
    link_entity = TextField(null=True)
    value = TextField(null=True)
    label = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "attribute"


class ServiceAtLocation(Table):
    """A service given at a location."""

    id = TextField(primary_key=True)
    service_id = TextField(null=True)
    location_id = TextField(null=True)
    description = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "service_at_location"


class Location(Table):
    """A place (Ort)."""

    id = TextField(primary_key=True)
    location_type = TextField(null=True)
    url = TextField(null=True)
    organization_id = TextField(null=True)
    name = TextField(null=True)
    alternate_name = TextField(null=True)
    description = TextField(null=True)
    transportation = TextField(null=True)
    latitude = TextField(null=True)
    longitude = TextField(null=True)
    external_identifier = TextField(null=True)
    external_identifier_type = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "location"


class Phone(Table):
    """A telephone number of any other record."""

    id = TextField(primary_key=True)
    location_id = TextField(null=True)
    service_id = TextField(null=True)
    organization_id = TextField(null=True)
    contact_id = TextField(null=True)
    service_at_location_id = TextField(null=True)
    number = TextField(null=True)
    extension = TextField(null=True)
    type = TextField(null=True)
    description = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "phone"


class DirectoryContact(Table):
    """A contact person or desk named by the source; the table is not called contact: that is a visit here."""

    id = TextField(primary_key=True)
    organization_id = TextField(null=True)
    service_id = TextField(null=True)
    service_at_location_id = TextField(null=True)
    location_id = TextField(null=True)
    name = TextField(null=True)
    title = TextField(null=True)
    department = TextField(null=True)
    email = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "directory_contact"


class Address(Table):
    """A postal or physical address of a location."""

    id = TextField(primary_key=True)
    location_id = TextField(null=True)
    attention = TextField(null=True)
    address_1 = TextField(null=True)
    address_2 = TextField(null=True)
    city = TextField(null=True)
    region = TextField(null=True)
    state_province = TextField(null=True)
    postal_code = TextField(null=True)
    country = TextField(null=True)
    address_type = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "address"


class Schedule(Table):
    """Opening hours."""

    id = TextField(primary_key=True)
    service_id = TextField(null=True)
    location_id = TextField(null=True)
    service_at_location_id = TextField(null=True)
    valid_from = TextField(null=True)
    valid_to = TextField(null=True)
    dtstart = TextField(null=True)
    timezone = TextField(null=True)
    until = TextField(null=True)
    count = TextField(null=True)
    wkst = TextField(null=True)
    freq = TextField(null=True)
    interval = TextField(null=True)
    byday = TextField(null=True)
    byweekno = TextField(null=True)
    bymonthday = TextField(null=True)
    byyearday = TextField(null=True)
    description = TextField(null=True)
    opens_at = TextField(null=True)
    closes_at = TextField(null=True)
    schedule_link = TextField(null=True)
    attending_type = TextField(null=True)
    notes = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "schedule"


class Funding(Table):
    """Where money comes from."""

    id = TextField(primary_key=True)
    organization_id = TextField(null=True)
    service_id = TextField(null=True)
    source = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "funding"


class ServiceArea(Table):
    """The area a service is meant for."""

    id = TextField(primary_key=True)
    service_id = TextField(null=True)
    service_at_location_id = TextField(null=True)
    name = TextField(null=True)
    description = TextField(null=True)
    extent = TextField(null=True)
    extent_type = TextField(null=True)
    uri = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "service_area"


class RequiredDocument(Table):
    """A document to bring."""

    id = TextField(primary_key=True)
    service_id = TextField(null=True)
    document = TextField(null=True)
    uri = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "required_document"


class Language(Table):
    """A language spoken."""

    id = TextField(primary_key=True)
    service_id = TextField(null=True)
    location_id = TextField(null=True)
    phone_id = TextField(null=True)
    name = TextField(null=True)
    code = TextField(null=True)
    note = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "language"


class Accessibility(Table):
    """An accessibility feature of a location."""

    id = TextField(primary_key=True)
    location_id = TextField(null=True)
    description = TextField(null=True)
    details = TextField(null=True)
    url = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "accessibility"


class TaxonomyTerm(Table):
    """A term of a taxonomy of the source."""

    id = TextField(primary_key=True)
    code = TextField(null=True)
    name = TextField(null=True)
    description = TextField(null=True)
    parent_id = TextField(null=True)
    taxonomy = TextField(null=True)
    language = TextField(null=True)
    taxonomy_id = TextField(null=True)
    term_uri = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "taxonomy_term"


class Metadata(Table):
    """A change note of the source."""

    id = TextField(primary_key=True)
    resource_id = TextField(null=True)
    resource_type = TextField(null=True)
    last_action_date = TextField(null=True)
    last_action_type = TextField(null=True)
    field_name = TextField(null=True)
    previous_value = TextField(null=True)
    replacement_value = TextField(null=True)
    updated_by = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "metadata"


class MetaTableDescription(Table):
    """A table note of the source."""

    id = TextField(primary_key=True)
    name = TextField(null=True)
    language = TextField(null=True)
    character_set = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "meta_table_description"


class CostOption(Table):
    """A price."""

    id = TextField(primary_key=True)
    service_id = TextField(null=True)
    valid_from = TextField(null=True)
    valid_to = TextField(null=True)
    option = TextField(null=True)
    currency = TextField(null=True)
    amount = TextField(null=True)
    amount_description = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "cost_option"


class OrganizationIdentifier(Table):
    """An identifier of an organisation, such as a register number."""

    id = TextField(primary_key=True)
    organization_id = TextField(null=True)
    identifier_scheme = TextField(null=True)
    identifier_type = TextField(null=True)
    identifier = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "organization_identifier"


class Taxonomy(Table):
    """A taxonomy of the source."""

    id = TextField(primary_key=True)
    name = TextField(null=True)
    description = TextField(null=True)
    uri = TextField(null=True)
    version = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "taxonomy"


class ServiceCapacity(Table):
    """Free places of a service."""

    id = TextField(primary_key=True)
    service_id = TextField(null=True)
    unit_id = TextField(null=True)
    available = TextField(null=True)
    maximum = TextField(null=True)
    description = TextField(null=True)
    updated = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "service_capacity"


class Unit(Table):
    """A unit that capacities count."""

    id = TextField(primary_key=True)
    name = TextField(null=True)
    scheme = TextField(null=True)
    identifier = TextField(null=True)
    uri = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "unit"


class Url(Table):
    """A further web address."""

    id = TextField(primary_key=True)
    label = TextField(null=True)
    url = TextField(null=True)
    organization_id = TextField(null=True)
    service_id = TextField(null=True)
    extra = TextField(null=True)

    class Meta:
        table_name = "url"


class ServiceVerification(Table):
    """A check with the provider. Only people make one; an import never does."""

    id = TextField(primary_key=True)
    service_id = TextField()
    verified_on = TextField()
    how = TextField()
    verified_by = TextField()

    class Meta:
        table_name = "service_verification"


class ServiceRemark(Table):
    """What colleagues should know about a service. Never printed, never exported."""

    id = TextField(primary_key=True)
    service_id = TextField(unique=True)
    remark = TextField()
    changed_at = TextField()

    class Meta:
        table_name = "service_remark"


class ServiceTopic(Table):
    """One of our topics of a service; `suggested` ones were derived from its words."""

    id = TextField(primary_key=True)
    service_id = TextField()
    topic = TextField()
    suggested = IntegerField()

    class Meta:
        table_name = "service_topic"


class ImportRun(Table):
    """One import that changed something."""

    local_only = True
    id = TextField(primary_key=True)
    source = TextField()
    kind = TextField()
    fingerprint = TextField()
    started_at = TextField()
    finished_at = TextField()
    account_id = TextField()
    counts = TextField()
    problems = IntegerField()

    class Meta:
        table_name = "import_run"


class ImportBundle(Table):
    """What the last import brought for one organisation: tells an unchanged source at a glance.

    `source_id` is the same for all bundles of one source. `row_hashes` is JSON: object type to id to hash
    of the row as imported; only rows listed there may be removed by a later import. What belongs to no
    organisation (taxonomies, units) is the bundle with an empty `organization_id`.
    """

    local_only = True
    organization_id = TextField(primary_key=True)
    source_id = TextField()
    fingerprint = TextField()
    row_hashes = TextField()

    class Meta:
        table_name = "import_bundle"


class SearchEntry(Table):
    """What a result list shows of a service and what ranks it; `number` is its row in the search index."""

    local_only = True
    number = AutoField()
    service_id = TextField(unique=True)
    service_name = TextField()
    organization_name = TextField()
    place = TextField()
    phone = TextField()
    topics = TextField()
    folded_name = TextField()
    folded_organization = TextField()
    folded_keywords = TextField()
    folded_place = TextField()

    class Meta:
        table_name = "search_entry"


class SearchWord(Table):
    """A word of the search index, folded; words only ever come in."""

    local_only = True
    number = AutoField()
    word = TextField(unique=True)

    class Meta:
        table_name = "search_word"


#: HSDS object type to table.
HSDS_TABLES: Mapping[str, type[Table]] = {
    "organization": Organization,
    "program": Program,
    "service": Service,
    "attribute": Attribute,
    "service_at_location": ServiceAtLocation,
    "location": Location,
    "phone": Phone,
    "contact": DirectoryContact,
    "address": Address,
    "schedule": Schedule,
    "funding": Funding,
    "service_area": ServiceArea,
    "required_document": RequiredDocument,
    "language": Language,
    "accessibility": Accessibility,
    "taxonomy_term": TaxonomyTerm,
    "metadata": Metadata,
    "meta_table_description": MetaTableDescription,
    "cost_option": CostOption,
    "organization_identifier": OrganizationIdentifier,
    "taxonomy": Taxonomy,
    "service_capacity": ServiceCapacity,
    "unit": Unit,
    "url": Url,
}


@lru_cache(maxsize=64)
def column_names(table: type[Table]) -> tuple[str, ...]:
    """Return the columns of a table in their order."""
    return tuple(table._meta.columns)


@lru_cache(maxsize=64)
def select_all(table: type[Table]) -> str:
    """Return the SELECT of all columns, to be followed by a condition: Peewee would build it anew each time."""
    names = ", ".join(f'"{column}"' for column in column_names(table))
    return f'SELECT {names} FROM "{table._meta.table_name}"'  # noqa: S608 - names of our own tables
