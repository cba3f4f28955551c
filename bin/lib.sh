# Shared by bin/sandbox, bin/test and bin/lint: packages, the build, a private PostgreSQL.
# shellcheck shell=bash

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
PG_BIN=/usr/lib/postgresql/15/bin
NODE_AT_LEAST=18
# shellcheck disable=SC2034 # read by the scripts that source this file
PROGRAM=$(basename "$0")

say() {
    printf '%s: %s\n' "$PROGRAM" "$*"
}

# die MESSAGE: one line that says what is wrong and what to do, then stop.
die() {
    printf '%s: %s\n' "$PROGRAM" "$*" >&2
    exit 1
}

# quietly SHOW COMMAND...: runs the command without its noise; when it fails, SHOW (`tail -n 3`, say)
# picks what to print of it. In a shell of its own: a trap that fires must not write into the log.
quiet_log=
quietly() {
    local show=$1 status=0
    shift
    quiet_log=$(mktemp "${TMPDIR:-/tmp}/cpd-api-log.XXXXXX") ||
        die "cannot write to ${TMPDIR:-/tmp}"
    ("$@") >"$quiet_log" 2>&1 || status=$?
    if [[ $status -ne 0 ]]; then
        # shellcheck disable=SC2086 # a command and its options
        $show "$quiet_log" | sed 's/^/    /' >&2
    fi
    rm -f "$quiet_log"
    return "$status"
}

# --- Packages ------------------------------------------------------------------------------------

# packages_of SECTION...: the packages of these sections of packages.txt.
packages_of() {
    local section
    for section in "$@"; do
        awk -v wanted="[$section]" '
            /^[[:space:]]*(#|$)/ { next }
            /^\[/ { inside = ($1 == wanted); next }
            inside { print $1 }' "$ROOT/packages.txt"
    done
}

node_is_new_enough() {
    local version
    version=$(node --version 2>/dev/null) || return 1
    version=${version#v}
    [[ ${version%%.*} -ge $NODE_AT_LEAST ]]
}

# packages_missing PACKAGE...: those of them that are not there.
packages_missing() {
    local package installed
    # shellcheck disable=SC2016 # the format is dpkg-query's, not the shell's
    installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
        sed -n 's/^installed //p') || true # it fails when it does not know one of them
    for package in "$@"; do
        case $package in
        nodejs) node_is_new_enough && continue ;;
        npm) command -v npm >/dev/null && continue ;;
        esac
        grep -qxF "$package" <<<"$installed" || printf '%s\n' "$package"
    done
}

apt_get() {
    "${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@"
}

# apt_get_idle ARGUMENT...: what is installed starts no service, unless the machine has a policy.
apt_get_idle() {
    local policy=/usr/sbin/policy-rc.d status=0
    if [[ -e $policy ]]; then
        apt_get "$@"
        return
    fi
    "${AS_ROOT[@]}" sh -c "printf '#!/bin/sh\nexit 101\n' >$policy && chmod 755 $policy"
    apt_get "$@" || status=$?
    "${AS_ROOT[@]}" rm -f "$policy"
    return $status
}

apt_install() {
    # Before PostgreSQL comes for the first time: it shall not make and start a cluster of its own.
    local keep=/etc/postgresql-common/createcluster.d/cpd-api.conf was_there=yes status=0
    if [[ ! -d /etc/postgresql-common ]]; then
        was_there=no
        "${AS_ROOT[@]}" mkdir -p "${keep%/*}"
        "${AS_ROOT[@]}" sh -c "echo 'create_main_cluster = false' >$keep"
    fi
    apt_get_idle install --no-install-recommends "$@" || status=$?
    # Nor shall Prometheus run as a service of this machine, now or after the next boot.
    if [[ " $* " == *" prometheus "* && -d /run/systemd/system ]]; then
        "${AS_ROOT[@]}" systemctl -q disable prometheus || true
    fi
    if [[ $was_there == no ]]; then
        "${AS_ROOT[@]}" rm -f "$keep"
    fi
    return $status
}

# packages_install SECTION...: installs what is missing, as root or through sudo.
packages_install() {
    local -a wanted missing
    command -v dpkg-query >/dev/null ||
        die "this is not a Debian system: install what packages.txt lists by hand"
    mapfile -t wanted < <(packages_of "$@")
    mapfile -t missing < <(packages_missing "${wanted[@]}")
    [[ ${#missing[@]} -gt 0 ]] || return 0

    if [[ $EUID -eq 0 ]]; then
        AS_ROOT=()
    elif command -v sudo >/dev/null; then
        AS_ROOT=(sudo)
    else
        die "these packages are missing, and neither root nor sudo is at hand: ${missing[*]}"
    fi
    say "installing ${#missing[@]} packages: ${missing[*]}"
    # The lists of a machine may be old or absent: fetch them when the first try does not succeed.
    apt_install "${missing[@]}" >/dev/null 2>&1 && return 0
    quietly "tail -n 2" apt_get update ||
        die "the package lists cannot be fetched: check the network and /etc/apt"
    quietly "tail -n 2" apt_install "${missing[@]}" ||
        die "these packages cannot be installed: ${missing[*]}"
}

# npm_install all|runtime: what package-lock.json names, once for each state of that file.
npm_install() {
    local stamp="$ROOT/node_modules/.installed" lock have
    local -a omit=()
    lock=$(cksum <"$ROOT/package-lock.json")
    have=$(cat "$stamp" 2>/dev/null || true)
    [[ $have == "$lock all" || $have == "$lock $1" ]] && return 0
    [[ $1 == all ]] || omit=(--omit=dev)

    say "fetching the node packages"
    (cd "$ROOT" && quietly "head -n 2" npm ci --ignore-scripts --no-audit --no-fund "${omit[@]}") ||
        die "npm cannot fetch the packages of package-lock.json: check the network and npm's settings"
    printf '%s %s\n' "$lock" "$1" >"$stamp"
}

# --- The build -----------------------------------------------------------------------------------

# build_program FOLDER TARGET CMAKE_ARGUMENT...: configures once, then lets ninja do what is due.
# Two scripts that build at the same time take turns.
build_program() {
    local folder="$ROOT/$1" target=$2
    shift 2
    (
        flock 9
        if ! grep -qsxF "CMAKE_HOME_DIRECTORY:INTERNAL=$ROOT" "$folder/CMakeCache.txt"; then
            rm -rf "$folder" # made for another place
        fi
        if [[ ! -f $folder/build.ninja ]]; then
            quietly "tail -n 20" cmake -S "$ROOT" -B "$folder" -G Ninja "$@" || exit 1
        fi
        quietly "tail -n 60" ninja -C "$folder" "$target" || exit 1
    ) 9<"$ROOT/CMakeLists.txt" || die "the build in $(basename "$folder")/ failed (see above)"
}

# --- A private PostgreSQL --------------------------------------------------------------------------
# Unix socket only, in a folder that none but its account (and root) can enter: that is its
# authentication. PostgreSQL refuses to run as root, so there an unprivileged account runs it.

pg_account() {
    if [[ $EUID -ne 0 ]]; then
        id -un
    elif id postgres >/dev/null 2>&1; then
        echo postgres
    else
        echo nobody
    fi
}

# pg_run COMMAND...: as the account of PostgreSQL.
pg_run() {
    local -a as=()
    if [[ $EUID -eq 0 ]]; then
        as=(setpriv "--reuid=$(pg_account)" "--regid=$(id -g "$(pg_account)")" --clear-groups
            "--inh-caps=-all")
    fi
    (cd / && exec "${as[@]}" env -u PGHOST -u PGPORT -u PGUSER -u PGDATABASE -u PGDATA \
        LC_ALL=C.UTF-8 "$@")
}

# pg_create FOLDER: a new cluster, unless there is one. The owner of its databases is `cpd`.
pg_create() {
    local folder=$1 have
    [[ -x $PG_BIN/initdb ]] || die "$PG_BIN/initdb is missing: install postgresql-15"
    if [[ -f $folder/PG_VERSION ]]; then
        have=$(<"$folder/PG_VERSION")
        [[ $have == 15 ]] || die "$folder is of PostgreSQL $have, not 15: move it away"
        return 0
    fi
    mkdir -p "$folder" 2>/dev/null || die "the data folder $folder cannot be made"
    chmod 700 "$folder"
    if [[ $EUID -eq 0 ]]; then
        chown "$(pg_account):" "$folder"
    fi
    pg_run test -w "$folder" ||
        die "the account $(pg_account), which runs PostgreSQL, cannot reach $folder"
    quietly "tail -n 3" pg_run "$PG_BIN/initdb" -D "$folder" -U cpd -A trust -E UTF8 \
        --locale=C.UTF-8 || die "no PostgreSQL data folder could be made in $folder"
}

# pg_start FOLDER SOCKET_FOLDER SETTING=VALUE...: starts it unless it runs already.
pg_start() {
    local folder=$1 socket=$2 setting options
    shift 2
    pg_run "$PG_BIN/pg_ctl" -D "$folder" status >/dev/null 2>&1 && return 0
    options="-c listen_addresses='' -c unix_socket_directories='$socket' -c unix_socket_permissions=0700"
    for setting in "$@"; do
        options+=" -c $setting"
    done
    if ! pg_run "$PG_BIN/pg_ctl" -D "$folder" -w -t 60 -l "$folder/server.log" -o "$options" \
        start >/dev/null 2>&1; then
        tail -n 5 "$folder/server.log" 2>/dev/null | sed 's/^/    /' >&2
        die "PostgreSQL in $folder did not start (its last lines, if any, are above)"
    fi
}

pg_stop() {
    pg_run "$PG_BIN/pg_ctl" -D "$1" -m fast -w -t 30 stop >/dev/null 2>&1 ||
        pg_run "$PG_BIN/pg_ctl" -D "$1" -m immediate stop >/dev/null 2>&1 || true
}

# pg_url SOCKET_FOLDER DATABASE
pg_url() {
    local host=$1
    host=${host//%/%25}
    host=${host// /%20}
    host=${host//&/%26}
    host=${host//+/%2B}
    host=${host//#/%23}
    printf 'postgresql:///%s?host=%s&user=cpd\n' "$2" "$host"
}
