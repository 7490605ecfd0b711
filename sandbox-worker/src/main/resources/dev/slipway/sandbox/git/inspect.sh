# Looks into changed files. Arguments: the commit that they were changed since, a file for its index, a file with their paths
# (each ended by NUL), one with the ids of what they hold now (a line each), a file for their attributes as they are and as
# they were, most bytes, and a file for all that they hold, or nothing. Exit status 71: they hold more.
base=$1 before=$2 names=$3 blobs=$4 attributes=$5 most=$6 contents=$7
GIT_INDEX_FILE=$before git read-tree "$base" || exit
git check-attr --cached -z --stdin filter < "$names" > "$attributes" || exit
GIT_INDEX_FILE=$before git check-attr --cached -z --stdin filter < "$names" >> "$attributes" || exit
sizes=$(git cat-file --batch-check='%(objectsize)' < "$blobs") || exit
sum=0
for size in $sizes; do sum=$((sum + size)); done
[ "$sum" -le "$most" ] || exit 71
[ -z "$contents" ] || git cat-file --batch --buffer < "$blobs" > "$contents"
