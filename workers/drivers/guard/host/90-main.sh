# The call: HASH VERB SITE …
LC_ALL=C
export LC_ALL
og_hash=$1 og_verb=$2 OCCI_SITE=$3
shift 3
og_state=$og_folder/guard/records/$OCCI_SITE
OCCI_FOLDER=$og_folder
export OCCI_FOLDER OCCI_SITE

og_name() { case $1 in '' | .* | */*) og_broken "$1 is not a name" ;; esac }
og_name "$OCCI_SITE"

# RESOURCE: which one
og_resource() {
  og_name "$1"
  OCCI_RESOURCE=$1
  og_dir=$og_state/resources/$1
  OCCI_WORK=$og_dir/tmp
  export OCCI_RESOURCE OCCI_WORK
}

# og_knows KIND DEED: whether a deed is there
og_knows() { command -v "$1_$2" >/dev/null || { og_say unsupported; echo "this host's guard has no deed $1_$2"; exit 0; }; }

# A Buffer that the client sent, whole (BYTES of it), into a file: half of it is none.
og_spool() {
  og_input=
  case $1 in *[!0-9]*) return ;; esac
  [ -d "$og_state/input" ] || mkdir -p "$og_state/input"
  og_input=$og_state/input/$$
  trap 'rm -f "$og_input"' EXIT
  cat >"$og_input"
  [ "$(wc -c <"$og_input")" -eq "$1" ] || og_broken 'the input did not come whole'
}

case $og_verb in
  # look SITE RESOURCE ERA NUMBER PATIENCE DEED ARG…
  look)
    og_resource "$1"
    og_my_era=$2 og_my_number=$3 og_patience=$4 og_deed=$5
    shift 5
    og_knows look "$og_deed"
    og_enter og_look "$@"
    ;;
  # effect SITE RESOURCE ERA NUMBER PATIENCE KEY MODE INPUT DEED ARG…; MODE: attached, detached; INPUT: none, stream, bytes
  effect)
    og_resource "$1"
    og_my_era=$2 og_my_number=$3 og_patience=$4 OCCI_KEY=$5 og_mode=$6 og_deed=$8
    export OCCI_KEY
    og_knows effect "$og_deed"
    og_spool "$7"
    shift 8
    og_enter og_effect "$@"
    ;;
  # cancel SITE RESOURCE ERA NUMBER PATIENCE KEY
  cancel)
    og_resource "$1"
    og_my_era=$2 og_my_number=$3 og_patience=$4 OCCI_KEY=$5
    og_enter og_cancel
    ;;
  # work SITE RESOURCE KEY DEED ARG…: by og_begin only, which leaves it the lock
  work)
    og_resource "$1"
    OCCI_KEY=$2 og_deed=$3
    export OCCI_KEY
    shift 3
    og_run_work "$@"
    ;;
  # free SITE DEED ARG…
  free)
    og_deed=$1
    shift
    og_knows free "$og_deed"
    # One that a call of ours begins is of that call.
    [ -n "${OCCI_CALL-}" ] || og_me
    og_say free
    ("free_$og_deed" "$@")
    ;;
  sweep) og_sweep ;;
  uninstall) og_uninstall ;;
  *) og_broken "no such call: $og_verb" ;;
esac
