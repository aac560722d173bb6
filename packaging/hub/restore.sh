#!/usr/bin/env bash
# Puts a backup of the hub in the place of its database. The present one is set aside, never overwritten.
#   restore.sh FILE       with QUARTIERSLOTSE_HUB_DATABASE as for the hub
# The hub has to be stopped. Afterwards nothing works until the epochs are new: quartierslotse-hub restored --yes
set -euo pipefail
umask 077

say() { printf "%s\n" "$@"; }
fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

file=${1:-}
url=${QUARTIERSLOTSE_HUB_DATABASE:-}
[[ -n $file && $# -eq 1 ]] || fail "Aufruf: restore.sh SICHERUNG"
[[ -n $url ]] || fail "QUARTIERSLOTSE_HUB_DATABASE fehlt: welche Datenbank?"
[[ -r $file ]] || fail "Die Sicherung $file gibt es nicht, oder sie ist nicht lesbar."
stamp=$(date -u +%Y%m%d_%H%M%S)
new=
clean_up() { [[ -z $new ]] || psql -qX "$(database_url postgres)" -c "DROP DATABASE IF EXISTS \"$new\"" >/dev/null 2>&1 || true; }
trap clean_up EXIT

# Return the address of another database on the same server.
database_url() {
    local head=${url%%\?*} query=
    [[ $url != *\?* ]] || query="?${url#*\?}"
    printf '%s/%s%s' "${head%/*}" "$1" "$query"
}

postgresql_restore() {
    local password name aside there connected
    if [[ $url =~ ^(postgres(ql)?://[^:@/]*):([^@/]*)@(.*)$ ]]; then
        password=${BASH_REMATCH[3]}
        url=${BASH_REMATCH[1]}@${BASH_REMATCH[4]}
        printf -v PGPASSWORD '%b' "${password//%/\\x}"
        export PGPASSWORD
    fi
    name=${url%%\?*}
    name=${name##*/}
    [[ -n $name ]] || fail "In QUARTIERSLOTSE_HUB_DATABASE fehlt der Name der Datenbank."
    pg_restore --list "$file" >/dev/null || fail "$file ist keine Sicherung von PostgreSQL."
    there=$(psql -qAtX "$(database_url postgres)" -c "SELECT count(*) FROM pg_database WHERE datname = '$name'")
    connected=$(psql -qAtX "$(database_url postgres)" -c "SELECT count(*) FROM pg_stat_activity WHERE datname = '$name'")
    [[ $connected == 0 ]] || fail "Die Datenbank ist noch in Gebrauch ($connected Verbindungen). Bitte den Hub anhalten."

    new=${name}_neu_$stamp
    psql -qX "$(database_url postgres)" -c "CREATE DATABASE \"$new\" TEMPLATE template0"
    pg_restore --exit-on-error --single-transaction --no-owner --no-privileges --dbname="$(database_url "$new")" "$file"
    # The hub refuses to run until `restored` has taken this table away.
    psql -qX "$(database_url "$new")" -c "SET client_min_messages = warning; CREATE TABLE IF NOT EXISTS put_back ()"
    aside=${name}_vor_$stamp
    if [[ $there == 1 ]]; then
        psql -qX -v ON_ERROR_STOP=1 "$(database_url postgres)" -c "ALTER DATABASE \"$name\" RENAME TO \"$aside\""
        say "Die bisherige Datenbank heißt jetzt $aside. Wenn alles gut ist: DROP DATABASE \"$aside\";"
    fi
    psql -qX -v ON_ERROR_STOP=1 "$(database_url postgres)" -c "ALTER DATABASE \"$new\" RENAME TO \"$name\""
    new=
}

sqlite_restore() {
    python3 - "${url#sqlite:///}" "$file" "$stamp" <<'PYTHON'
import os
import shutil
import sqlite3
import sys
from pathlib import Path
from urllib.parse import quote, unquote

target, backup, stamp = Path(unquote(sys.argv[1])), Path(sys.argv[2]), sys.argv[3]
new = target.with_name(target.name + ".neu")
try:
    shutil.copyfile(backup, new)
    connection = sqlite3.connect(new, isolation_level=None)
    try:
        ((verdict,),) = connection.execute("PRAGMA integrity_check(1)").fetchall()
        ((hubs,),) = connection.execute("SELECT count(*) FROM hub").fetchall()
        if verdict != "ok" or hubs != 1:
            raise sqlite3.DatabaseError("sie ist beschädigt")
        # The hub refuses to run until `restored` has taken this table away.
        connection.execute("CREATE TABLE IF NOT EXISTS put_back (empty INTEGER)")
    finally:
        connection.close()
    if target.exists():
        present = sqlite3.connect(f"file:{quote(str(target))}?mode=rw", uri=True, isolation_level=None, timeout=0)
        try:
            # Only alone can one leave WAL: a hub that runs keeps us from it.
            (mode,) = present.execute("PRAGMA journal_mode = DELETE").fetchone()
        except sqlite3.OperationalError:
            mode = "wal"
        except sqlite3.DatabaseError:
            mode = "damaged"
        finally:
            present.close()
        if mode == "wal":
            new.unlink()
            sys.exit("Die Datenbank ist noch in Gebrauch. Bitte den Hub anhalten.")
        aside = target.with_name(f"{target.name}.vor-{stamp}")
        for ending in ("", "-wal", "-shm"):
            if Path(f"{target}{ending}").exists():
                os.rename(f"{target}{ending}", f"{aside}{ending}")
        print(f"Die bisherige Datenbank heißt jetzt {aside}.")
    os.replace(new, target)
except (OSError, sqlite3.Error) as error:
    new.unlink(missing_ok=True)
    sys.exit(f"Die Sicherung lässt sich nicht zurückspielen: {error}")
PYTHON
}

case $url in
    postgresql://* | postgres://*) postgresql_restore ;;
    sqlite:///*) sqlite_restore ;;
    *) fail "Die Datenbank muss mit postgresql:// oder sqlite:/// beginnen." ;;
esac
say "Zurückgespielt: $file" "Jetzt, bevor der Hub startet: quartierslotse-hub init, dann quartierslotse-hub restored --yes"
