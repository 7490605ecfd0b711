# Makes one patch of all that differs from a commit: what was committed since, and what was not. Arguments: path, commit,
# operation, most bytes, and the id of a tree that an earlier run has told, if it is to be of that.
# Says `gone`, `base_not_found`, `nested`, `failed`, `tree_lost`, `too_large`, or `patch`, the tree, size and digest; the
# patch is in /tmp/.slipway/git-<operation>/patch.
path=$1 commit=$2 operation=$3 most=$4 tree=${5-}
d=/tmp/.slipway/git-$operation
cd -- "$path" 2> /dev/null && g rev-parse --git-dir > /dev/null 2>&1 || { echo gone; exit 0; }
# With what their index knows of files that are as they were, so that not all are read again; unless it hides some.
from_theirs() {
  cp -p -- .git/index "$d/index" 2> /dev/null && ! g ls-files -v 2> /dev/null | grep -q '^[a-zS]' &&
    g read-tree -m HEAD 2> /dev/null
}
(umask 077 && mkdir -p -- "$d") || { echo failed; exit 0; }
g cat-file -e "$commit^{tree}" 2> /dev/null || { echo base_not_found; exit 0; }
if [ -z "$tree" ]; then
  rm -f "$d/index" "$d/index.lock"
  # what is ignored and was added all the same
  g diff-index --cached --name-only --no-renames --diff-filter=A -z HEAD -- > "$d/added" 2> /dev/null
  export GIT_INDEX_FILE=$d/index
  from_theirs || { rm -f "$d/index"; g read-tree HEAD 2> /dev/null; } || g read-tree "$commit" 2> /dev/null ||
    { echo base_not_found; exit 0; }
  g add -A -- . > /dev/null 2>&1 || { echo nested; exit 0; }
  g update-index --add --remove -z --stdin < "$d/added" > /dev/null 2>&1 || { echo failed; exit 0; }
  tree=$(g write-tree 2> /dev/null) || { echo failed; exit 0; }
  # so that a clean-up in the sandbox does not take it
  g update-ref "refs/slipway/$operation" "$tree" 2> /dev/null || { echo failed; exit 0; }
fi
g cat-file -e "$tree^{tree}" 2> /dev/null || { echo tree_lost; exit 0; }
g diff-tree -r -p --binary --full-index --no-ext-diff --no-textconv --no-renames --no-color --ignore-submodules=none \
  --submodule=short --src-prefix=a/ --dst-prefix=b/ "$commit" "$tree" -- 2> /dev/null | head -c $((most + 1)) > "$d/patch"
status=("${PIPESTATUS[@]}")
size=$(stat -c %s "$d/patch")
[ "$size" -le "$most" ] || { rm -f "$d/patch"; echo too_large; exit 0; }
[ "${status[0]}${status[1]}" = 00 ] || { echo failed; exit 0; }
digest=$(sha256sum < "$d/patch")
echo "patch $tree $size ${digest%% *}"
