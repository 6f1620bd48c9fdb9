#!/bin/bash
# steps.sh - sourced by the scripts beside it: their commands print little on the terminal and everything in a log; when one fails,
# its last lines and the likely remedy are shown.
deploy_log=${PARLOUR_DEPLOY_LOG:-$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/build/deploy.log}

# begin_log - starts a log for this run, which nobody else can read; scripts that it calls append to the same log.
begin_log() {
    mkdir -p "$(dirname "$deploy_log")"
    rm -f "$deploy_log"
    (umask 077 && : >"$deploy_log")
    export PARLOUR_DEPLOY_LOG=$deploy_log
}

# A pattern and the remedy when a log has it, the likeliest first.
remedies() {
    cat <<'END'
No space left|ENOSPC|enough free space|Disk quota exceeded	The disk is full. Make room (df -h shows where), then run this again.
CERT_|certificate verif|[Ss]elf.signed certificate|unable to get (local )?issuer|certificate is NOT trusted	A proxy on the way signs TLS anew, and its certificate is not known here. Put that certificate as NAME.crt into /usr/local/share/ca-certificates, run update-ca-certificates, and for npm: export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
407 |Proxy Authentication	The proxy asks for a password: put it into http_proxy and https_proxy (http://NAME:PASSWORD@HOST:PORT).
not in the sudoers|a (terminal|password) is required|may not run sudo|incorrect password	This account may not become root. Run this as root, or ask the administrator of the machine to install the packages named above.
Could not get lock|Unable to acquire the dpkg frontend lock	Another program is installing packages. Wait until it has ended, then run this again.
dpkg was interrupted	An earlier installation was cut off. Run: dpkg --configure -a
Temporary failure resolving|Could not resolve|EAI_AGAIN|ENOTFOUND|[Nn]etwork is unreachable|ENETUNREACH|ETIMEDOUT|[Cc]onnection timed out|Could not connect|ECONNREFUSED|ECONNRESET|Unable to fetch|Failed to fetch	The network is not reached. Check the connection and the name server; behind a proxy, export http_proxy and https_proxy.
Unable to locate package|no installation candidate	This release does not have the package. Parlour needs Debian 12 or newer, with the section "main" in its sources.
[Kk]illed|[Oo]ut of memory|cannot allocate memory	The memory did not last. Building needs about 1 GB: end other programs, or add swap.
EACCES|Permission denied	Files belong to somebody else. Run this as the user who owns the folder, or take it over: chown -R "$USER" .
END
}

# explain TEXT - prints the remedy for the error in TEXT, if there is one.
explain() {
    local pattern remedy

    while IFS=$'\t' read -r pattern remedy; do
        grep -Eq -- "$pattern" <<<"$1" && printf 'Likely remedy: %s\n' "$remedy" && return
    done < <(remedies)
}

# quietly COMMAND... - its output goes into the log. When it fails: its last lines, the remedy, and the same status.
quietly() {
    local from status=0

    mkdir -p "$(dirname "$deploy_log")"
    touch "$deploy_log"
    from=$(($(wc -c <"$deploy_log") + 1))
    printf '\n$ %s\n' "$*" >>"$deploy_log"
    "$@" >>"$deploy_log" 2>&1 || status=$?
    ((status == 0)) && return
    {
        printf '\nThis failed (status %d): %s\n' "$status" "${1##*/} ${2:-}"
        tail -c "+$from" "$deploy_log" | grep -v '^$' | tail -n 8 | sed 's/^/    /'
        explain "$(tail -c "+$from" "$deploy_log")"
        printf 'All of it: %s\n' "$deploy_log"
    } >&2
    return "$status"
}

# size PATH... - "12 MB", all of it.
size() { du -scm "$@" 2>/dev/null | tail -n 1 | sed -E 's/^([0-9]+).*/\1 MB/'; }

# done_in SECONDS_BEFORE TEXT - the last line of a step; SECONDS counts from the start of the script.
done_in() { printf '  %s, %d s\n' "$2" $((SECONDS - $1)); }
