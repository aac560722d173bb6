"""The directory: every object of HSDS 3.1.1, our own additions, the search index."""

from peewee import Database

STATEMENTS = (
    """
    CREATE TABLE "organization" (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT NOT NULL,
        alternate_name TEXT,
        description TEXT,
        email TEXT,
        website TEXT,
        tax_status TEXT,
        tax_id TEXT,
        year_incorporated TEXT,
        legal_status TEXT,
        logo TEXT,
        uri TEXT,
        parent_organization_id TEXT,
        extra TEXT,
        withdrawn_at TEXT
    )
    """,
    """
    CREATE TABLE "program" (
        id TEXT PRIMARY KEY NOT NULL,
        organization_id TEXT,
        name TEXT,
        alternate_name TEXT,
        description TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "service" (
        id TEXT PRIMARY KEY NOT NULL,
        organization_id TEXT NOT NULL REFERENCES organization (id),
        program_id TEXT,
        name TEXT NOT NULL,
        alternate_name TEXT,
        description TEXT,
        url TEXT,
        email TEXT,
        status TEXT NOT NULL,
        interpretation_services TEXT,
        application_process TEXT,
        fees_description TEXT,
        wait_time TEXT,
        fees TEXT,
        accreditations TEXT,
        eligibility_description TEXT,
        minimum_age TEXT,
        maximum_age TEXT,
        assured_date TEXT,
        assurer_email TEXT,
        licenses TEXT,
        alert TEXT,
        last_modified TEXT,
        extra TEXT,
        withdrawn_at TEXT
    )
    """,
    """
    CREATE TABLE "attribute" (
        id TEXT PRIMARY KEY NOT NULL,
        link_id TEXT,
        taxonomy_term_id TEXT,
        link_type TEXT,
        link_entity TEXT,
        value TEXT,
        label TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "service_at_location" (
        id TEXT PRIMARY KEY NOT NULL,
        service_id TEXT,
        location_id TEXT,
        description TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "location" (
        id TEXT PRIMARY KEY NOT NULL,
        location_type TEXT,
        url TEXT,
        organization_id TEXT,
        name TEXT,
        alternate_name TEXT,
        description TEXT,
        transportation TEXT,
        latitude TEXT,
        longitude TEXT,
        external_identifier TEXT,
        external_identifier_type TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "phone" (
        id TEXT PRIMARY KEY NOT NULL,
        location_id TEXT,
        service_id TEXT,
        organization_id TEXT,
        contact_id TEXT,
        service_at_location_id TEXT,
        number TEXT,
        extension TEXT,
        "type" TEXT,
        description TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "directory_contact" (
        id TEXT PRIMARY KEY NOT NULL,
        organization_id TEXT,
        service_id TEXT,
        service_at_location_id TEXT,
        location_id TEXT,
        name TEXT,
        title TEXT,
        department TEXT,
        email TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "address" (
        id TEXT PRIMARY KEY NOT NULL,
        location_id TEXT,
        attention TEXT,
        address_1 TEXT,
        address_2 TEXT,
        city TEXT,
        region TEXT,
        state_province TEXT,
        postal_code TEXT,
        country TEXT,
        address_type TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "schedule" (
        id TEXT PRIMARY KEY NOT NULL,
        service_id TEXT,
        location_id TEXT,
        service_at_location_id TEXT,
        valid_from TEXT,
        valid_to TEXT,
        dtstart TEXT,
        timezone TEXT,
        "until" TEXT,
        "count" TEXT,
        wkst TEXT,
        freq TEXT,
        "interval" TEXT,
        byday TEXT,
        byweekno TEXT,
        bymonthday TEXT,
        byyearday TEXT,
        description TEXT,
        opens_at TEXT,
        closes_at TEXT,
        schedule_link TEXT,
        attending_type TEXT,
        notes TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "funding" (
        id TEXT PRIMARY KEY NOT NULL,
        organization_id TEXT,
        service_id TEXT,
        source TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "service_area" (
        id TEXT PRIMARY KEY NOT NULL,
        service_id TEXT,
        service_at_location_id TEXT,
        name TEXT,
        description TEXT,
        extent TEXT,
        extent_type TEXT,
        uri TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "required_document" (
        id TEXT PRIMARY KEY NOT NULL,
        service_id TEXT,
        document TEXT,
        uri TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "language" (
        id TEXT PRIMARY KEY NOT NULL,
        service_id TEXT,
        location_id TEXT,
        phone_id TEXT,
        name TEXT,
        code TEXT,
        note TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "accessibility" (
        id TEXT PRIMARY KEY NOT NULL,
        location_id TEXT,
        description TEXT,
        details TEXT,
        url TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "taxonomy_term" (
        id TEXT PRIMARY KEY NOT NULL,
        code TEXT,
        name TEXT,
        description TEXT,
        parent_id TEXT,
        taxonomy TEXT,
        language TEXT,
        taxonomy_id TEXT,
        term_uri TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "metadata" (
        id TEXT PRIMARY KEY NOT NULL,
        resource_id TEXT,
        resource_type TEXT,
        last_action_date TEXT,
        last_action_type TEXT,
        field_name TEXT,
        previous_value TEXT,
        replacement_value TEXT,
        updated_by TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "meta_table_description" (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT,
        language TEXT,
        character_set TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "cost_option" (
        id TEXT PRIMARY KEY NOT NULL,
        service_id TEXT,
        valid_from TEXT,
        valid_to TEXT,
        "option" TEXT,
        currency TEXT,
        amount TEXT,
        amount_description TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "organization_identifier" (
        id TEXT PRIMARY KEY NOT NULL,
        organization_id TEXT,
        identifier_scheme TEXT,
        identifier_type TEXT,
        identifier TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "taxonomy" (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT,
        description TEXT,
        uri TEXT,
        version TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "service_capacity" (
        id TEXT PRIMARY KEY NOT NULL,
        service_id TEXT,
        unit_id TEXT,
        available TEXT,
        maximum TEXT,
        description TEXT,
        updated TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "unit" (
        id TEXT PRIMARY KEY NOT NULL,
        name TEXT,
        scheme TEXT,
        identifier TEXT,
        uri TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE "url" (
        id TEXT PRIMARY KEY NOT NULL,
        label TEXT,
        url TEXT,
        organization_id TEXT,
        service_id TEXT,
        extra TEXT
    )
    """,
    """
    CREATE TABLE service_verification (
        id TEXT PRIMARY KEY NOT NULL,
        service_id TEXT NOT NULL REFERENCES service (id),
        verified_on TEXT NOT NULL,
        how TEXT NOT NULL,
        verified_by TEXT NOT NULL
    )
    """,
    "CREATE INDEX service_verification_service_id ON service_verification (service_id, verified_on)",
    """
    CREATE TABLE service_remark (
        id TEXT PRIMARY KEY NOT NULL,
        service_id TEXT NOT NULL UNIQUE REFERENCES service (id),
        remark TEXT NOT NULL,
        changed_at TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE service_topic (
        id TEXT PRIMARY KEY NOT NULL,
        service_id TEXT NOT NULL REFERENCES service (id),
        topic TEXT NOT NULL,
        suggested INTEGER NOT NULL
    )
    """,
    "CREATE UNIQUE INDEX service_topic_service_id ON service_topic (service_id, topic)",
    """
    CREATE TABLE import_run (
        id TEXT PRIMARY KEY NOT NULL,
        source TEXT NOT NULL,
        kind TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        started_at TEXT NOT NULL,
        finished_at TEXT NOT NULL,
        account_id TEXT NOT NULL,
        counts TEXT NOT NULL,
        problems INTEGER NOT NULL
    )
    """,
    """
    CREATE TABLE import_bundle (
        organization_id TEXT PRIMARY KEY NOT NULL,
        source_id TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        row_hashes TEXT NOT NULL
    )
    """,
    """
    CREATE TABLE search_entry (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        service_id TEXT NOT NULL UNIQUE,
        service_name TEXT NOT NULL,
        organization_name TEXT NOT NULL,
        place TEXT NOT NULL,
        phone TEXT NOT NULL,
        topics TEXT NOT NULL,
        folded_name TEXT NOT NULL,
        folded_organization TEXT NOT NULL,
        folded_keywords TEXT NOT NULL,
        folded_place TEXT NOT NULL
    )
    """,
    "CREATE INDEX search_entry_folded_name ON search_entry (folded_name, number)",
    """
    CREATE TABLE search_word (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        word TEXT NOT NULL UNIQUE
    )
    """,
    # Text is folded before it comes here, so the plainest tokenizer does. detail=column: no phrases are asked for.
    """
    CREATE VIRTUAL TABLE search_index USING fts5 (
        name, organization, keywords, place, description, filters,
        content = '', contentless_delete = 1, detail = column, prefix = '2 3 4 5',
        tokenize = "ascii tokenchars '_'"
    )
    """,
    # The words themselves, to find a part of a compound and a misspelt word.
    """
    CREATE VIRTUAL TABLE search_word_parts USING fts5 (
        word, content = 'search_word', content_rowid = 'number', tokenize = 'trigram'
    )
    """,
    "CREATE INDEX service_organization_id ON service (organization_id)",
)

# Most links are empty in most rows.
LINKS = (
    ("organization", "parent_organization_id"),
    ("program", "organization_id"),
    ("service", "program_id"),
    ("attribute", "link_id"),
    ("attribute", "taxonomy_term_id"),
    ("service_at_location", "service_id"),
    ("service_at_location", "location_id"),
    ("location", "organization_id"),
    ("phone", "location_id"),
    ("phone", "service_id"),
    ("phone", "organization_id"),
    ("phone", "contact_id"),
    ("phone", "service_at_location_id"),
    ("directory_contact", "organization_id"),
    ("directory_contact", "service_id"),
    ("directory_contact", "service_at_location_id"),
    ("directory_contact", "location_id"),
    ("address", "location_id"),
    ("schedule", "service_id"),
    ("schedule", "location_id"),
    ("schedule", "service_at_location_id"),
    ("funding", "organization_id"),
    ("funding", "service_id"),
    ("service_area", "service_id"),
    ("service_area", "service_at_location_id"),
    ("required_document", "service_id"),
    ("language", "service_id"),
    ("language", "location_id"),
    ("language", "phone_id"),
    ("accessibility", "location_id"),
    ("taxonomy_term", "parent_id"),
    ("taxonomy_term", "taxonomy_id"),
    ("metadata", "resource_id"),
    ("cost_option", "service_id"),
    ("organization_identifier", "organization_id"),
    ("service_capacity", "service_id"),
    ("service_capacity", "unit_id"),
    ("url", "organization_id"),
    ("url", "service_id"),
)


def up(migrator: object, db: Database) -> None:
    """Create the tables."""
    for statement in STATEMENTS:
        db.execute_sql(statement)
    for table, column in LINKS:
        db.execute_sql(f"CREATE INDEX {table}_{column} ON {table} ({column}) WHERE {column} IS NOT NULL")
