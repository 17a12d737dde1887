#!/bin/bash
# Heap (after a collection) and resident memory of a worker process over 2,000 pictures, 10 to a request.
# Called by deploy/bench/run memory, from the repository's root.
set -euo pipefail

pictures=2000
data=$(mktemp -d)
children=()
trap 'kill "${children[@]}" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$data"' EXIT

start() { # name, then the command
    local name=$1
    shift
    "$@" >"$data/$name.out" 2>"$data/$name.err" &
    children+=($!)
}

await() { # what, then a command that succeeds when it is there
    local what=$1
    shift
    for _ in $(seq 300); do
        if "$@" >/dev/null 2>&1; then return; fi
        sleep 0.2
    done
    echo "memory: $what did not come up; see what it said:" >&2
    cat "$data"/*.err >&2
    exit 1
}

start broker ./thunderhead broker --data "$data/state" --port 0
await broker grep -q READY "$data/broker.out"
start store ./thunderhead store --data "$data/state" --port 0
await store grep -q READY "$data/store.out"
eval "$(grep -h '^export ' "$data/broker.out" "$data/store.out")"
key=$(./thunderhead key --account bench --keys "$data/keys.json")

export THUNDERHEAD_MODELS=deploy/models/tiny-lightning THUNDERHEAD_HOST=127.0.0.1
THUNDERHEAD_MANAGEMENT_PORT=18091 start worker ./thunderhead worker
worker=${children[-1]}
THUNDERHEAD_MANAGEMENT_PORT=18092 THUNDERHEAD_PORT=18090 THUNDERHEAD_KEYS_FILE="$data/keys.json" \
    THUNDERHEAD_MEDIA_SECRET=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n') start frontend ./thunderhead frontend
await worker curl -fs http://127.0.0.1:18091/readyz
await frontend curl -fs http://127.0.0.1:18092/readyz

sample() {
    jcmd "$worker" GC.run >/dev/null
    sleep 1
    heap=$(curl -fs http://127.0.0.1:18091/metrics | awk '/^jvm_memory_used_bytes\{area="heap"/ { sum += $NF } END { print sum / 1e6 }')
    resident=$(awk '/^VmRSS/ { print $2 / 1e3 }' "/proc/$worker/status")
    printf '| %d | %.1f | %.0f |\n' "$1" "$heap" "$resident"
}

printf '| pictures | heap MB | resident MB |\n| --- | --- | --- |\n'
for done in $(seq 10 10 $pictures); do
    status=$(curl -s -o "$data/answer" -w '%{http_code}' http://127.0.0.1:18090/v1/images/generations \
        -H "Authorization: Bearer $key" -H 'Content-Type: application/json' \
        -d "{\"prompt\": \"a red heart, number $((done / 10 % 8))\", \"n\": 10, \"size\": \"128x128\", \"steps\": 2}")
    if [ "$status" != 200 ]; then
        cat "$data/answer" >&2
        exit 1
    fi
    if [ "$done" = 100 ] || [ $((done % 500)) = 0 ]; then sample "$done"; fi
done
