#!/usr/bin/env bash
# Makes one backup of the hub's database, proves it by opening it, and lets old ones go.
#   QUARTIERSLOTSE_HUB_DATABASE    as for the hub: postgresql://… or sqlite:///…
#   QUARTIERSLOTSE_BACKUP_FOLDER   where to; made when missing
#   QUARTIERSLOTSE_BACKUP_DAYS     how many days keep their newest one (7)
#   QUARTIERSLOTSE_BACKUP_WEEKS    how many weeks keep their newest one (4)
# PostgreSQL needs psql, pg_dump, pg_restore of the server's version and a role that may create databases; SQLite needs python3.
# Exit code 0: there is a new backup, and it was opened. Anything else: see the last line.
set -euo pipefail
umask 077

say() { printf '%s\n' "$*"; }
fail() {
    printf '%s\n' "$*" >&2
    exit 1
}

url=${QUARTIERSLOTSE_HUB_DATABASE:-}
folder=${QUARTIERSLOTSE_BACKUP_FOLDER:-}
days=${QUARTIERSLOTSE_BACKUP_DAYS:-7}
weeks=${QUARTIERSLOTSE_BACKUP_WEEKS:-4}
[[ -n $url ]] || fail "QUARTIERSLOTSE_HUB_DATABASE fehlt: welche Datenbank?"
[[ -n $folder ]] || fail "QUARTIERSLOTSE_BACKUP_FOLDER fehlt: wohin?"
[[ $days =~ ^[1-9][0-9]*$ && $weeks =~ ^[0-9]+$ ]] || fail "QUARTIERSLOTSE_BACKUP_DAYS und …_WEEKS müssen Zahlen sein."
mkdir -p "$folder" || fail "Der Ordner $folder lässt sich nicht anlegen."

stamp=$(date -u +%Y-%m-%dT%H-%M-%SZ)
draft=
scratch=
clean_up() {
    [[ -z $draft ]] || rm -f "$draft" "$draft-wal" "$draft-shm"
    [[ -z $scratch ]] || psql -qX "$url" -c "DROP DATABASE IF EXISTS \"$scratch\"" >/dev/null 2>&1 || true
}
trap clean_up EXIT
trap 'exit 130' INT TERM

# The same over the same rows gives the same line, wherever they lie.
FINGERPRINT="SELECT (SELECT count(*) FROM space) || ' ' || (SELECT coalesce(sum(seq), 0) FROM space)
    || ' ' || (SELECT count(*) FROM device) || ' ' || (SELECT count(*) FROM record)
    || ' ' || (SELECT coalesce(sum(hashtextextended(collection || '/' || id || '/' || seq || '/' || state || '/' || data, 0)), 0)
               FROM record)"

postgresql_backup() {
    local password snapshot before after
    # A password in the arguments would be seen by everybody on the machine.
    if [[ $url =~ ^(postgres(ql)?://[^:@/]*):([^@/]*)@(.*)$ ]]; then
        password=${BASH_REMATCH[3]}
        url=${BASH_REMATCH[1]}@${BASH_REMATCH[4]}
        printf -v PGPASSWORD '%b' "${password//%/\\x}"
        export PGPASSWORD
    fi
    file=$folder/hub-$stamp.dump
    draft=$file.part

    psql -qAtX "$url" -c "SELECT 1" >/dev/null || fail "Die Datenbank antwortet nicht."
    # Dump and fingerprint see the same moment, while everybody goes on writing.
    coproc SQL { psql -qAtX "$url" 2>&1; }
    # shellcheck disable=SC2153 # the shell makes SQL_PID
    local sql_pid=$SQL_PID
    printf '%s\n' "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;" "SELECT pg_export_snapshot();" >&"${SQL[1]}"
    IFS= read -r -t 60 snapshot <&"${SQL[0]}" || fail "Die Datenbank antwortet nicht."
    [[ $snapshot =~ ^[0-9A-F-]+$ ]] || fail "Die Datenbank antwortet nicht: $snapshot"
    pg_dump --format=custom --no-owner --no-privileges --snapshot="$snapshot" --file="$draft" --dbname="$url"
    printf '%s;\n' "$FINGERPRINT" >&"${SQL[1]}"
    IFS= read -r -t 600 before <&"${SQL[0]}" || fail "Die Datenbank antwortet nicht mehr."
    printf '%s\n' "COMMIT;" '\q' >&"${SQL[1]}"
    wait "$sql_pid" || true

    scratch=hub_check_$$_$(date -u +%s)
    psql -qX "$url" -c "CREATE DATABASE \"$scratch\" TEMPLATE template0" \
        || fail "Zum Prüfen der Sicherung muss die Rolle Datenbanken anlegen dürfen: ALTER ROLE … CREATEDB"
    pg_restore --exit-on-error --no-owner --no-privileges --dbname="$(database_url "$scratch")" "$draft"
    after=$(psql -qAtX "$(database_url "$scratch")" -c "$FINGERPRINT")
    psql -qX "$url" -c "DROP DATABASE \"$scratch\""
    scratch=
    [[ $before == "$after" ]] || fail "Die Sicherung enthält nicht dasselbe wie die Datenbank ($before, $after)."
    read -r _ _ _ records _ <<<"$after"
}

# Return the address of another database on the same server.
database_url() {
    local head=${url%%\?*} query=
    [[ $url != *\?* ]] || query="?${url#*\?}"
    printf '%s/%s%s' "${head%/*}" "$1" "$query"
}

sqlite_backup() {
    file=$folder/hub-$stamp.db
    draft=$file.part
    records=$(python3 - "${url#sqlite:///}" "$draft" <<'PYTHON'
import sqlite3
import sys
from pathlib import Path
from urllib.parse import quote, unquote

source_path, target_path = unquote(sys.argv[1]), sys.argv[2]
FINGERPRINT = (
    "SELECT collection, id, seq, state, data FROM record ORDER BY space_id, collection, id",
    "SELECT name, epoch, seq, purged_below FROM space ORDER BY id",
    "SELECT id, token_hash, revoked_at FROM device ORDER BY id",
)


def fingerprint(connection):
    import hashlib

    hashed, records = hashlib.sha256(), 0
    for number, statement in enumerate(FINGERPRINT):
        for row in connection.execute(statement):
            hashed.update(repr(row).encode())
            records += number == 0
    return records, hashed.hexdigest()


if not Path(source_path).is_file():
    sys.exit(f"Die Datenbank {source_path} gibt es nicht.")
try:
    source = sqlite3.connect(f"file:{quote(source_path)}?mode=rw", uri=True, isolation_level=None, timeout=30)
    source.execute("BEGIN")  # everything below sees this moment, while everybody goes on writing
    before = fingerprint(source)
    target = sqlite3.connect(target_path, isolation_level=None)
    source.backup(target)
    source.execute("COMMIT")
    target.execute("PRAGMA journal_mode = DELETE")
    target.close()
    check = sqlite3.connect(f"file:{quote(target_path)}?mode=ro", uri=True)
    ((verdict,),) = check.execute("PRAGMA integrity_check(1)").fetchall()
    if verdict != "ok" or fingerprint(check) != before:
        sys.exit("Die Sicherung enthält nicht dasselbe wie die Datenbank.")
except sqlite3.Error as error:
    sys.exit(f"Die Datenbank lässt sich nicht sichern: {error}")
print(before[0])
PYTHON
    )
}

case $url in
    postgresql://* | postgres://*) postgresql_backup ;;
    sqlite:///*) sqlite_backup ;;
    *) fail "Die Datenbank muss mit postgresql:// oder sqlite:/// beginnen." ;;
esac
sync "$draft"
mv "$draft" "$file"
draft=
say "Gesichert und geprüft: $file, $(wc -c <"$file") Bytes, $records Datensätze."

# Thinning: the newest of each of the last days and weeks stays, and always the one just made.
declare -A kept_day=() kept_week=()
while IFS= read -r old; do
    name=${old##*/hub-}
    day=${name%%T*}
    week=$(date -u -d "$day" +%G-%V)
    if [[ -n ${kept_day[$day]:-} ]]; then
        rm -f "$old"
    elif ((${#kept_day[@]} < days)); then
        kept_day[$day]=1
        kept_week[$week]=1
    elif [[ -z ${kept_week[$week]:-} ]] && ((${#kept_week[@]} < days / 7 + weeks)); then
        kept_day[$day]=1
        kept_week[$week]=1
    else
        rm -f "$old"
    fi
done < <(find "$folder" -maxdepth 1 -type f -name 'hub-????-??-??T??-??-??Z.*' ! -name '*.part' | sort -r)
