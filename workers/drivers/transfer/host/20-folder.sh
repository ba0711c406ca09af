# Disks as files of a folder, for backends that are one: disks/<name>.<raw|qcow2>, snapshots/<name>.raw. What is being made is
# called .new-<name> until it is whole and on the disk. A symbolic link is a disk that lay elsewhere when its machine was taken over,
# a file or a block device: dropped, only the link goes.

# The virtual size of a qcow2 file: 8 bytes, big-endian, at 24 (QEMU's docs/interop/qcow2).
qcow2_bytes() { echo $((0x$(od -An -tx1 -j24 -N8 "$1" | tr -d ' \n'))); }

# Of a file or a block device, or of what a link leads to.
file_bytes() {
  real=$(readlink -f -- "$1")
  if [ -b "$real" ]; then echo $(($(cat "/sys/class/block/${real##*/}/size" 2>/dev/null || echo 0) * 512))
  else stat -c %s "$real" 2>/dev/null || echo 0; fi
}

# `bytes blocks path` of each, blocks of 512 bytes, or the word link: all files are measured at once.
folder_files() (
  folder=$1/disks
  shift
  [ -d "$folder" ] || exit 0
  [ $# -gt 0 ] || set -- '*'
  for pattern do
    shift
    for path in "$folder/"$pattern.raw "$folder/"$pattern.qcow2; do
      if [ -L "$path" ]; then [ ! -e "$path" ] || printf '%s link %s\n' "$(file_bytes "$path")" "$path"
      elif [ -f "$path" ]; then set -- "$@" "$path"; fi
    done
  done
  # One that goes meanwhile is none.
  [ $# -eq 0 ] || stat -c '%s %b %n' "$@" 2>/dev/null
)
folder_disks() {
  folder_files "$@" | while read -r bytes _ path; do
    disk=${path##*/} format=raw
    case $path in *.qcow2) bytes=$(qcow2_bytes "$path") format=qcow2 ;; esac
    printf '%s %s %s %s\n' "${disk%."$format"}" "$bytes" "$format" "$path"
  done
}

# Counted really: what the file system has left, and what disks that are not full yet may still ask of it. Blocks that several files
# share count for each of them, so where files have more than the file system says is in use, the rest is there once and promised: the
# next write to it asks for blocks of its own. A link takes nothing of it and is claimed by its machine, so it is counted whole among
# all that there is, in whole GiB as claims are. `all` as second word: for what is no disk, of which the operator's most says nothing.
folder_room() {
  room=$(df -Pk "$1" | { read -r _ && read -r _ _ used avail _ && echo "$used $avail"; })
  used=${room% *} avail=${room#* }
  folder_files "$1" | {
    taken=0 promised=$(disk_pending "$1") elsewhere=0
    while read -r bytes blocks path; do
      case $path in *.qcow2) bytes=$(qcow2_bytes "$path") ;; esac
      if [ "$blocks" = link ]; then elsewhere=$((elsewhere + (bytes + 1073741823) / 1073741824 * 1048576)); continue; fi
      held=$((blocks / 2))
      taken=$((taken + held))
      [ $((bytes / 1024)) -le "$held" ] || promised=$((promised + bytes / 1024 - held))
    done
    if [ "$taken" -gt "$used" ]; then promised=$((promised + taken - used)) taken=$used; fi
    total=$((avail + taken)) free=$((avail - promised))
    most=
    [ "${2-}" = all ] || most=$(disks_setting most)
    if [ -n "$most" ] && [ $((most * 1048576)) -lt "$total" ]; then
      free=$((most * 1048576 - taken - promised < free ? most * 1048576 - taken - promised : free))
      total=$((most * 1048576))
    fi
    echo "$((total + elsewhere)) $free"
  }
}

# Tried once and remembered: whether the file system shares extents is seen only by doing it.
folder_clones() {
  wanted=$(disks_setting clone)
  [ -z "$wanted" ] || { echo "$wanted"; return; }
  if [ ! -f "$1/.reflink" ]; then
    echo x >"$1/.try-$$"
    if cp --reflink=always "$1/.try-$$" "$1/.try-$$-2" 2>/dev/null; then word=yes; else word=no; fi
    rm -f "$1/.try-$$" "$1/.try-$$-2"
    echo $word >"$1/.reflink"
  fi
  read -r word <"$1/.reflink"
  if [ "$word" = yes ]; then echo reflink
  elif command -v qemu-img >/dev/null 2>&1 && [ "$2" != standalone ] && disk_served qcow2; then echo qcow2
  else echo copy; fi
}

# On the disk before it is called whole.
settle_file() { sync "$1" 2>/dev/null || sync; }

folder_new() {
  mkdir -p "$1/disks" || refuse "its folder cannot be written"
  rm -f "$1/disks/.new-$2"
  printf '%s\n' "$1/disks/.new-$2"
}
folder_keep() {
  chmod 600 "$1" && settle_file "$1" && mv "$1" "$2" || { rm -f "$1"; refuse "it could not be kept: ${2##*/}"; }
}

folder_blank() {
  new=$(folder_new "$1" "$2") || exit
  : >"$new" && truncate -s "$3" "$new" || { rm -f "$new"; refuse "no space left on device for $2"; }
  folder_keep "$new" "$1/disks/$2.raw"
}

# A file with its holes kept, where cp can.
copy_file() {
  if cp --help 2>&1 | grep -q -e --sparse; then sparse=--sparse=always; else sparse=; fi
  whole=$(size_of "$1")
  if [ "$whole" -lt 268435456 ]; then cp $sparse "$1" "$2"; return; fi
  cp $sparse "$1" "$2" &
  pid=$!
  while kill -0 $pid 2>/dev/null; do
    percent $(($(size_of "$2") * 99 / whole))
    sleep 1
  done
  wait $pid
}

folder_clone() {
  where=$1 disk=$2 bytes=$3 image=$4 format=$5 method=$6
  new=$(folder_new "$where" "$disk") || exit
  case $method in
  reflink) said=$(cp --reflink=always "$image" "$new" 2>&1) ;;
  qcow2) said=$(qemu-img create -q -f qcow2 -F "$format" -b "$image" "$new" "$bytes" 2>&1) ;;
  copy) said=$(copy_file "$image" "$new" 2>&1) ;;
  *) refuse "$method is no way to clone" ;;
  esac || { rm -f "$new"; refuse "$disk could not be made: $said"; }
  [ "$method" = qcow2 ] && format=qcow2
  resize_file "$new" "$format" "$bytes" || { rm -f "$new"; refuse "$disk could not be made as large as $bytes bytes"; }
  folder_keep "$new" "$where/disks/$disk.$format"
}

# Only ever larger.
resize_file() {
  case $2 in
  raw)
    [ "$(file_bytes "$1")" -ge "$3" ] || {
      [ ! -b "$1" ] || refuse "$(readlink -f -- "$1") is a block device of the host: make it larger there"
      truncate -s "$3" "$1"
    }
    ;;
  qcow2)
    [ "$(qcow2_bytes "$1")" -ge "$3" ] || {
      command -v qemu-img >/dev/null 2>&1 || refuse "this host has no qemu-img, which a qcow2 disk needs to grow"
      timeout -k 5 120 qemu-img resize -q -f qcow2 "$1" "$3"
    }
    ;;
  esac
}

folder_grow() {
  folder_disks "$1" "$2" | {
    read -r _ bytes format path
    # qcow2 gets other tables: a QEMU that has it open goes on by the old ones, and as Xen starts it no lock of its own forbids that.
    if [ "$format" = raw ]; then resize_file "$path" raw "$3"; else disk_closed "$2" resize_file "$path" "$format" "$3"; fi
    code=$?
    case $code in 3 | 5 | 124) exit $code ;; esac
    [ $code -eq 0 ] && settle_file "$path" || refuse "$2 could not be made larger"
    # A machine that runs sees it through a loop device, which has to be told; LOOP_SYS: for tests.
    for loop in "${LOOP_SYS:-/sys/class/block}"/loop*/loop/backing_file; do
      { read -r file; } 2>/dev/null <"$loop" && [ "$file" -ef "$path" ] || continue
      loop=${loop%/loop/backing_file}
      losetup -c "/dev/${loop##*/}"
    done
    return 0
  }
}

folder_drop() { rm -f "$1/disks/$2.raw" "$1/disks/$2.qcow2" "$1/disks/.new-$2"; }

# The contents as they are now, flat and raw.
folder_copy() {
  folder_disks "$1" "$2" | {
    read -r _ _ format path
    case $format in
    raw)
      if [ "$(folder_clones "$1")" = reflink ] && cp --reflink=always "$path" "$3" 2>/dev/null; then echo reflink
      else copy_file "$path" "$3" && echo copy || refuse "no space left on device for a copy of $2"; fi
      ;;
    qcow2)
      command -v qemu-img >/dev/null 2>&1 || refuse "this host has no qemu-img, which a copy of a qcow2 disk needs"
      # -U: the machine that runs has it open, and is held still meanwhile.
      timeout -k 5 14400 qemu-img convert -q -U -f qcow2 -O raw "$path" "$3" && echo copy || refuse "no space left on device for a copy of $2"
      ;;
    esac
  }
}
