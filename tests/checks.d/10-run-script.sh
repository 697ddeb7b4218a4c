#!/bin/sh
# Does ./run keep its word? Its loop is tried with a stand-in for cargo and for the server:
# a killed server comes back, an ended one does not, signals are passed on, --reset is careful.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
try=$(mktemp -d)
trap 'rm -rf "$try"' EXIT
mkdir -p "$try/house/scripts" "$try/house/target/release" "$try/bin"
cp "$top/run" "$top/Cargo.toml" "$try/house/"
cp "$top/scripts/need.sh" "$try/house/scripts/"
printf '#!/bin/sh\nexit 0\n' >"$try/bin/cargo"
cat >"$try/house/target/release/shanji" <<STANDIN
#!/bin/sh
echo "\$\$ \$*" >>"$try/started"
case \$(cat "$try/mode") in
    panic) echo end >"$try/mode"; exit 101 ;;
    refuse) exit 3 ;;
    end) exit 0 ;;
esac
trap 'echo asked >>"$try/asked"; exit 0' TERM
while :; do sleep 0.1; done
STANDIN
chmod +x "$try/bin/cargo" "$try/house/target/release/shanji"
unset CARGO_TARGET_DIR SHANJI_DATA
PATH="$try/bin:$PATH"

passed=0
failed=0
# check WHAT EXPECTED FOUND
check() {
    if [ "$2" = "$3" ]; then passed=$((passed + 1)); else
        failed=$((failed + 1))
        printf '!! %s: expected %s, found %s\n' "$1" "$2" "$3"
        cat "$try/out"
    fi
}
starts() { if [ -e "$try/started" ]; then wc -l <"$try/started" | tr -d ' '; else echo 0; fi; }
# await_starts N  until the server was started N times, 10 s at most
await_starts() {
    left=100
    while [ "$(starts)" -lt "$1" ] && [ "$left" -gt 0 ]; do
        left=$((left - 1))
        sleep 0.1
    done
}
# begin MODE  a fresh try
begin() { rm -f "$try/started" "$try/asked"; echo "$1" >"$try/mode"; }
run() { (cd "$try" && exec house/run "$@" >"$try/out" 2>&1); }

begin serve
# not through the function: $! must be the script itself
(cd "$try" && exec house/run --port 8099 --data "$try/data" >"$try/out" 2>&1) &
script=$!
for life in 1 2 3; do
    await_starts "$life"
    kill -9 "$(tail -n 1 "$try/started" | cut -d ' ' -f 1)"
done
await_starts 4
check "a killed server comes back" 4 "$(starts)"
check "options are passed on" "demo --data $try/data --listen 127.0.0.1:8099 --witness" "$(tail -n 1 "$try/started" | cut -d ' ' -f 2-)"
kill -TERM "$script"
wait "$script"
check "TERM ends the script well" 0 $?
check "TERM reaches the server" asked "$(cat "$try/asked" 2>/dev/null)"

begin refuse
run
check "an error that was explained ends the script with its code" "3 1" "$? $(starts)"
begin panic
run
check "a crash is followed by a new start, a normal end is not" "0 2" "$? $(starts)"

begin end
run --port 70000
check "a bad port is refused" "1 0" "$? $(starts)"
mkdir "$try/mine"
touch "$try/mine/notes"
run --data mine --reset
check "--reset spares a folder that is not ours" "1 yes" "$? $([ -e "$try/mine/notes" ] && echo yes)"
touch "$try/mine/shanji.db"
run --data mine --reset
check "--reset deletes our own" "0 gone" "$? $([ -e "$try/mine" ] || echo gone)"
check "--data is seen from where ./run was called" "demo --data $try/mine --listen 127.0.0.1:8080 --witness" "$(tail -n 1 "$try/started" | cut -d ' ' -f 2-)"

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
