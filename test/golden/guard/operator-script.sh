set -e
umask 022
mkdir -p '/var/lib/occi-gateway/guard'
chmod 711 '/var/lib/occi-gateway' '/var/lib/occi-gateway/guard'
cat >'/var/lib/occi-gateway/guard/enter' <<'END-OF-ENTER'
#!/bin/sh
# The way into the guard of occi-gateway on this host. It stays the same over versions of the guard:
#
#   enter HASH VERB …      runs the installed version of that hash (SHA-256 of its text)
#   enter install HASH     installs a version, its text on standard input
#   enter --line LINE      takes LINE apart as our client quotes it, for a forced command in authorized_keys
#
# Answers begin with a line `og1 WORD …`.
umask 077
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin
export PATH
og_self=$0
og_folder=${0%/guard/enter}

# No shell reads the line: words in single quotes, a quote within them as '\''.
if [ "${1-}" = --line ]; then
  og_line=${2-}
  set --
  while [ -n "$og_line" ]; do
    og_word=
    while :; do
      case $og_line in
        "'"*"'"*) ;;
        *) echo 'og1 broken a forced command of another form'; exit 0 ;;
      esac
      og_line=${og_line#"'"}
      og_word=$og_word${og_line%%"'"*}
      og_line=${og_line#*"'"}
      case $og_line in
        "\\''"*) og_word="$og_word'" og_line=${og_line#"\\'"} ;;
        *) break ;;
      esac
    done
    set -- "$@" "$og_word"
    og_line=${og_line# }
  done
  # What comes before our own name is how an account without the forced command would have got here.
  while [ $# -gt 0 ]; do
    og_word=$1
    shift
    case $og_word in */guard/enter) break ;; esac
  done
fi

og_version() { [ "${#1}" = 64 ] && case $1 in *[!0-9a-f]*) false ;; esac }

if [ "${1-}" = install ] && og_version "${2-}"; then
  og_new=$og_folder/guard/versions/new.$$
  if mkdir -p "$og_folder/guard/versions" && cat >"$og_new" && og_sum=$(sha256sum <"$og_new") &&
    [ "${og_sum%% *}" = "$2" ] && { sync "$og_new" 2>/dev/null || sync; } &&
    mv "$og_new" "$og_folder/guard/versions/$2"; then
    # One that a late worker still uses is installed again by its next call.
    find "$og_folder/guard/versions" -type f -mtime +2 ! -name "$2" -exec rm -f {} +
    echo 'og1 installed'
  else
    rm -f "$og_new"
    echo 'og1 broken the guard was not written whole'
  fi
  exit 0
fi
og_version "${1-}" || { echo 'og1 broken not a version of the guard'; exit 0; }
[ -f "$og_folder/guard/versions/$1" ] || { echo 'og1 missing'; exit 0; }
. "$og_folder/guard/versions/$1"
END-OF-ENTER
chmod 755 '/var/lib/occi-gateway/guard/enter'
echo 'occi ALL=(root) NOPASSWD: /var/lib/occi-gateway/guard/enter' >/etc/sudoers.d/occi-gateway
chmod 440 /etc/sudoers.d/occi-gateway
