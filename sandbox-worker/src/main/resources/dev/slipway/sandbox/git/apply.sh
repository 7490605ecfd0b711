# What a commit becomes by a patch. Arguments: the commit, the patch, and for a commit of what it becomes: its parent and
# the file with its message. Prints the tree, and the commit. Exit status 70: the patch does not fit.
git read-tree "$1" || exit
[ ! -s "$2" ] || git apply --cached --binary --whitespace=nowarn "$2" || exit 70
tree=$(git write-tree) || exit
echo "$tree"
[ $# -eq 2 ] || git commit-tree "$tree" -p "$3" -F "$4"
