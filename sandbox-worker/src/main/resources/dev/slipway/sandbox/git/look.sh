# How far a clone has come. Arguments: path, operation.
# Says `git_missing`, `taken` (something else is there), `unwritable`, `placed` (it was renamed), or `part` and then the
# digests of those parts that have arrived.
path=$1 operation=$2
part=$path.part-$operation
version=$(git version 2> /dev/null) || { echo git_missing; exit 0; }
version=${version#git version }
major=${version%%.*}
minor=${version#*.} minor=${minor%%.*}
case $major$minor in *[!0-9]* | '') echo git_missing; exit 0 ;; esac
[ "$major" -gt 2 ] || { [ "$major" -eq 2 ] && [ "$minor" -ge 25 ]; } || { echo git_missing; exit 0; }
[ ! -e "$path/.git/slipway/$operation" ] || { echo placed; exit 0; }
if [ -e "$path" ] || [ -L "$path" ]; then
  [ -d "$path" ] && [ ! -L "$path" ] && [ -z "$(ls -A -- "$path" 2> /dev/null)" ] || { echo taken; exit 0; }
fi
mkdir -p -- "$part/.git/slipway/parts" 2> /dev/null || { echo unwritable; exit 0; }
echo part
cd -- "$part/.git/slipway/parts" || exit 0
for file in *; do [ ! -f "$file" ] || sha256sum -- "$file"; done
