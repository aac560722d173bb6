#!/usr/bin/env bash
# Installs or updates the hub for systemd, from this copy of the project: sudo packaging/hub/install.sh
# Needs Python 3.11 or newer with venv. Nothing is started; docs/hub.md says how it goes on.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
root=${QUARTIERSLOTSE_INSTALL_ROOT:-}  # another root, to try it out
home=$root/opt/quartierslotse-hub
python=${PYTHON:-python3}

if [[ -z $root ]]; then
    [[ $(id -u) == 0 ]] || { echo "Bitte mit sudo aufrufen." >&2; exit 1; }
    id quartierslotse-hub >/dev/null 2>&1 \
        || useradd --system --home-dir /var/lib/quartierslotse-hub --shell /usr/sbin/nologin quartierslotse-hub
fi
install -d -m 755 "$home" "$home/desktop_app/sync" "$home/packaging/hub" "$home/docs" "$root/usr/local/bin" \
    "$root/etc/systemd/system"

# The hub, and the three files of the desk that say what travels on the wire.
rm -rf "$home/hub"
cp -R "$here/hub" "$home/hub"
find "$home/hub" -name __pycache__ -prune -exec rm -rf {} +
cp "$here/desktop_app/__init__.py" "$home/desktop_app/"
cp "$here/desktop_app/sync/"{__init__,protocol,enrolment_text}.py "$home/desktop_app/sync/"
cp "$here/packaging/hub/"{backup,restore}.sh "$here/packaging/hub/Caddyfile" "$home/packaging/hub/"
cp "$here/docs/hub.md" "$home/docs/"

if [[ ${QUARTIERSLOTSE_INSTALL_PACKAGES:-yes} == yes ]]; then
    "$python" -m venv "$home/.venv"
    "$home/.venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --no-deps -r "$here/requirements/hub.lock"
fi

# By hand it runs as the hub's own user and with its settings, whoever calls it.
cat >"$root/usr/local/bin/quartierslotse-hub" <<'TOOL'
#!/bin/bash
set -eu
home=/opt/quartierslotse-hub
settings=/etc/quartierslotse-hub/hub.env
if [[ $(id -u) == 0 ]]; then
    exec runuser -u quartierslotse-hub -- "$0" "$@"
fi
if [[ -z ${QUARTIERSLOTSE_HUB_DATABASE:-} && -r $settings ]]; then
    set -a
    # shellcheck disable=SC1090
    . "$settings"
    set +a
fi
cd / && PYTHONPATH=$home PYTHONUTF8=1 PYTHONDONTWRITEBYTECODE=1 exec "$home/.venv/bin/python" -P -m hub.cli "$@"
TOOL
chmod 755 "$root/usr/local/bin/quartierslotse-hub"

cp "$here/packaging/hub/"quartierslotse-hub*.{service,timer} "$root/etc/systemd/system/"
settings=$root/etc/quartierslotse-hub/hub.env
if [[ ! -e $settings ]]; then
    install -d -m 755 "$root/etc/quartierslotse-hub"
    install -m 640 "$here/packaging/hub/hub.env" "$settings"
fi
if [[ -z $root ]]; then
    chown root:quartierslotse-hub "$settings"
    install -d -m 700 -o quartierslotse-hub -g quartierslotse-hub /var/lib/quartierslotse-hub /var/backups/quartierslotse-hub
    systemctl daemon-reload
fi
echo "Installiert in $home. Einstellungen: $settings"
