# What the daemon does with files, inside the box and as the user that asked: a verb and its paths.
# Exit: 0 done, 40 not possible, 44 not there, 49 there already, else see standard error.
set -u
umask 022

fail() { # status, words
  printf '%s' "$2" >&2
  exit "$1"
}

exists() { [[ -e $1 || -L $1 ]]; }

require() { exists "$1" || fail 44 "file not found: $1: no such file or directory"; }

make_parent() {
  local parent=${1%/*}
  mkdir -p -- "${parent:-/}" || exit 1
}

# Records of ten fields, a mark, then what each link leads to: path, mode, mode in letters.
entries() { # arguments of find
  find "$@" -printf '%y\0%Y\0%s\0%m\0%M\0%u\0%g\0%T@\0%l\0%p\0' 2> /dev/null
  printf '=\0'
  find "$@" -type l -exec stat -L --printf '%n\0%a\0%A\0' {} + 2> /dev/null
  exit 0
}

verb=$1
shift
case $verb in
  stat)
    require "$1"
    entries "$1" -maxdepth 0
    ;;
  mkdir)
    if [[ -d $1 ]]; then fail 49 "directory already exists: $1"; fi
    if exists "$1"; then fail 40 "path already exists but it is not a directory: $1"; fi
    mkdir -p -- "$1" || exit 1
    entries "$1" -maxdepth 0
    ;;
  move)
    require "$1"
    if [[ $1 != "$2" ]]; then
      make_parent "$2"
      mv -T -f -- "$1" "$2" || exit 1
    fi
    entries "$2" -maxdepth 0
    ;;
  list)
    require "$1"
    [[ -d $1 ]] || fail 40 "path is not a directory: $1"
    entries -H "$1" -mindepth 1 -maxdepth "$2"
    ;;
  remove) rm -rf -- "$1" || exit 1 ;;
  read) # says size and time, is told from where and how many, and copies
    [[ -e $1 ]] || fail 44 "path '$1' does not exist"
    if [[ -d $1 ]]; then fail 40 "path '$1' is a directory"; fi
    [[ -f $1 ]] || fail 40 "path '$1' is not a regular file"
    exec 3< "$1" || exit 1
    stat -L --printf '%s %Y\n' - <&3 || exit 1
    read -r offset count || exit 0
    if [[ $count == all ]]; then exec cat <&3; fi
    if [[ $offset == 0 ]]; then exec head -c "$count" <&3; fi
    tail -c "+$((offset + 1))" <&3 | head -c "$count"
    ;;
  write)
    if [[ -d $1 ]]; then fail 40 "path '$1' is a directory"; fi
    make_parent "$1"
    exec cat > "$1"
    ;;
  end-all)
    # Where process 1 is not a box's, everybody would be killed.
    grep -qa /run/box/init.py /proc/1/cmdline || fail 40 "processes of this sandbox cannot be told apart"
    kill -KILL -1 2> /dev/null || true # but process 1, and ourselves
    ;;
  *) fail 40 "no verb $verb" ;;
esac
