# Makes a branch, without a change to files. Arguments: path, commit, name. Says `base_not_found`, `exists`, `failed`, `made`.
path=$1 commit=$2 name=$3
cd -- "$path" 2> /dev/null && g rev-parse --git-dir > /dev/null 2>&1 || { echo failed; exit 0; }
g cat-file -e "$commit^{commit}" 2> /dev/null || { echo base_not_found; exit 0; }
tip=$(g rev-parse -q --verify "refs/heads/$name" 2> /dev/null)
[ -z "$tip" ] || [ "$tip" = "$commit" ] || { echo exists; exit 0; }
g update-ref "refs/heads/$name" "$commit" > /dev/null 2>&1 || { echo exists; exit 0; }
g symbolic-ref HEAD "refs/heads/$name" > /dev/null 2>&1 && echo made || echo failed
