# Makes a repository of the parts that have arrived, and renames it. Arguments: path, operation, digests of the parts,
# commit, branch (empty for none), address. Says `damaged`, `taken`, `failed` or `placed`.
path=$1 operation=$2 sums=$3 commit=$4 branch=$5 url=$6
part=$path.part-$operation
parts=$part/.git/slipway/parts
cd -- "$parts" || { echo damaged; exit 0; }
sha256sum -c --status <<< "$sums" || { echo damaged; exit 0; }
cd -- "$part" || { echo failed; exit 0; }
on_branch() {
  g config remote.origin.fetch "+refs/heads/$branch:refs/remotes/origin/$branch" &&
    g config "branch.$branch.remote" origin &&
    g config "branch.$branch.merge" "refs/heads/$branch" &&
    g update-ref "refs/remotes/origin/$branch" "$commit" &&
    g update-ref "refs/heads/$branch" "$commit" &&
    g symbolic-ref HEAD "refs/heads/$branch"
}
{
  g init -q --template= . &&
    mkdir -p .git/objects/pack &&
    for first in .git/slipway/parts/*.0000; do
      name=${first##*/} name=${name%.0000}
      case $name in pack-*) to=.git/objects/pack/$name ;; *) to=.git/$name ;; esac
      # of one part alone no copy is needed
      { [ ! -e ".git/slipway/parts/$name.0001" ] && ln -f -- "$first" "$to"; } ||
        cat -- ".git/slipway/parts/$name".[0-9][0-9][0-9][0-9] > "$to" || exit 1
    done
  g cat-file -e "$commit^{tree}" &&
    g config remote.origin.url "$url" &&
    if [ -z "$branch" ]; then g update-ref --no-deref HEAD "$commit"; else on_branch; fi &&
    rm -rf .git/slipway/parts &&
    : > ".git/slipway/$operation"
} > /dev/null 2>&1 || { echo failed; exit 0; }
[ ! -d "$path" ] || rmdir -- "$path" 2> /dev/null || { echo taken; exit 0; }
mv -T -- "$part" "$path" 2> /dev/null && echo placed || echo taken
