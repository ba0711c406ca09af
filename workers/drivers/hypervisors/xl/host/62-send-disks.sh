# A machine's disks from its host to another one, when the machine moves (60-move.sh): what the other one has otherwise is sent, block by block.

# Bytes of a block.
XL_BLOCK=16777216

# Disks of the machine that are on this host alone, a line `name bytes format path` each.
xl_own_disks() {
  while read -r name _; do
    disk_lines "$name" | while read -r _ disk bytes format pool path; do
      [ "$pool" != - ] || printf '%s %s %s %s\n' "$disk" "$bytes" "$format" "$path"
    done
  done <"$XL_M/disks"
}

# --- on the host that they come to

# NAME DISK BYTES: pieces, each a line BLOCK, a line LENGTH and so many bytes, compressed by the sender one by one; `end` ends it.
# Answers with a line `BLOCK CHECKSUM` of each, read anew, and with ok when the disk is as large as it has to be.
free_xl_take_disk() {
  xl_open "$1"
  check_name "$2" && check_number "$3"
  [ "$(xl_mark)" = arriving ] || { echo "$1 is not expected here" >&2; return 0; }
  holder=$(xl_holder "$2")
  [ -z "$holder" ] || [ "$holder" = "$1" ] || { echo "$2 hangs on $holder here" >&2; return 0; }
  touch "$XL_M/mark"
  place=$(disk_place -) || exit
  kind=${place%% *} where=${place##* }
  target=$(disk_target "$2") || return 0
  if [ -z "$target" ]; then
    "${kind}_blank" "$where" "$2" "$3" || return 0
    target=$(disk_target "$2")
  fi
  # What is sent is flat.
  [ "${target%% *}" = raw ] || { echo "$2 is here already, as ${target%% *}" >&2; return 0; }
  file=${target#* }
  while read -r block; do
    [ "$block" != end ] || {
      [ "$(file_bytes "$file")" -eq "$3" ] || { echo "$2 is here already, and larger" >&2; return 0; }
      settle_file "$file" && echo ok
      return 0
    }
    check_number "$block"
    read -r bytes
    check_number "$bytes"
    dd bs=65536 count="$bytes" iflag=fullblock,count_bytes 2>/dev/null | gzip -dc | dd of="$file" bs=$XL_BLOCK seek="$block" conv=notrunc iflag=fullblock 2>/dev/null || return 0
    xl_sum "$file" "$block"
  done
}

# FILE BLOCK: a line `BLOCK CHECKSUM`.
xl_sum() {
  sum=$(dd if="$1" bs=$XL_BLOCK skip="$2" count=1 2>/dev/null | cksum)
  echo "$2 ${sum%% *}"
}
# FILE: such a line of each of its blocks.
xl_sums() {
  [ -f "$1" ] || return 0
  blocks=$((($(stat -c %s "$1") + XL_BLOCK - 1) / XL_BLOCK)) block=0
  while [ $block -lt $blocks ]; do
    xl_sum "$1" $block
    block=$((block + 1))
  done
}
# NAME DISK: such lines of it, or `blank`: it is not here, and will be made so.
free_xl_sums() {
  check_name "$2"
  target=$(disk_target "$2") || return 0
  if [ -n "$target" ]; then xl_sums "${target#* }"; else echo blank; fi
  echo ok
}

# --- on the host that they leave

# PEER DISK FORMAT PATH moving|still: the blocks that the other host has otherwise. One that nobody writes to meanwhile (still) came
# only if the other host then has all of it as it is here, by what it reads itself.
xl_send_disk() {
  flat=$4
  if [ "$3" != raw ]; then
    flat=$OCCI_WORK/flat
    timeout -k 5 14400 qemu-img convert -q -U -f "$3" -O raw "$4" "$flat" || return 1
  fi
  xl_ask "$1" xl_sums "$XL_N" "$2" >"$OCCI_WORK/there" || return 1
  xl_sums "$flat" >"$OCCI_WORK/here"
  bytes=$(stat -c %s "$flat")
  xl_differ "$OCCI_WORK/there" >"$OCCI_WORK/differ"
  xl_pieces "$flat" | xl_peer "$1" xl_take_disk "$XL_N" "$2" "$bytes" >"$OCCI_WORK/came" && grep -q -x ok "$OCCI_WORK/came"
  code=$?
  [ "$flat" = "$4" ] || rm -f "$flat"
  [ "$code:$5" = 0:still ] || return $code
  [ "$(wc -l <"$OCCI_WORK/here")" -eq $(((bytes + XL_BLOCK - 1) / XL_BLOCK)) ] &&
    xl_differ "$OCCI_WORK/there" "$OCCI_WORK/came" >"$OCCI_WORK/differ" && [ ! -s "$OCCI_WORK/differ" ] ||
    { echo "$2 did not come to $1 as it is here" >&2; return 1; }
}
# FILE…: the blocks of "$OCCI_WORK/here" that are otherwise in those; later lines count. Not told apart by NR == FNR, which holds for
# all of the second file where the first one is empty.
xl_differ() {
  nothing=
  if grep -q -x blank "$@"; then nothing=$(dd if=/dev/zero bs=$XL_BLOCK count=1 2>/dev/null | cksum); fi
  awk -v nothing="${nothing%% *}" '
    here { if (($1 in there ? there[$1] : blank ? nothing : "none") != $2) print $1; next }
    $1 == "blank" { blank = 1 }
    NF == 2 { there[$1] = $2 }' "$@" here=1 "$OCCI_WORK/here"
}
# FILE: its blocks of "$OCCI_WORK/differ", as free_xl_take_disk takes them.
xl_pieces() {
  blocks=$(wc -l <"$OCCI_WORK/differ") sent=0
  while read -r block; do
    dd if="$1" bs=$XL_BLOCK skip="$block" count=1 2>/dev/null | gzip -1 -c >"$OCCI_WORK/piece"
    printf '%s\n%s\n' "$block" "$(stat -c %s "$OCCI_WORK/piece")"
    cat "$OCCI_WORK/piece"
    sent=$((sent + 1))
    percent $((5 + sent * 80 / blocks))
  done <"$OCCI_WORK/differ"
  echo end
}
# PEER moving|still
xl_send_disks() {
  xl_own_disks >"$OCCI_WORK/disks"
  while read -r disk bytes format path; do
    xl_send_disk "$1" "$disk" "$format" "$path" "$2" </dev/null || { echo "the disk $disk could not be sent to $1" >&2; return 1; }
  done <"$OCCI_WORK/disks"
}
