#!/bin/sh
# Everything that needs a GPU, in one go of at most ten minutes: every kernel against float64, as the device's
# machine code and as text, the contract kit on the Java backend, then the times. Builds nothing. Needs python3
# with numpy and torch; the kit needs what prepare.sh made, and is left out with a word when that is missing.
# Usage, in the repository's root: attention-cuda/gpu/run.sh [folder for the reports]
# Ends with 0 only when everything ran and nothing was wrong.
set -u
if [ $# -gt 1 ]; then
    echo "run.sh: $# arguments; allowed: one folder for the reports" >&2
    exit 2
fi
case "${1:-}" in -*)
    echo "run.sh: '$1' is no folder; usage: attention-cuda/gpu/run.sh [folder for the reports]" >&2
    exit 2 ;;
esac
out=${1:-attention-cuda/target/gpu-report}
mkdir -p "$out"
out=$(cd "$out" && pwd)
cd "$(dirname "$0")/.."
failed=""
hopper=""

# step NAME SECONDS WANTED-LINE COMMAND...: runs it for so long at most and looks for the line in its report.
step() {
    name=$1; seconds=$2; wanted=$3
    shift 3
    echo "== $name"
    timeout "$seconds" "$@" > "$out/$name" 2>&1
    status=$?
    cat "$out/$name"
    [ $status -ne 124 ] || echo "$name: stopped after $seconds seconds" | tee -a "$out/$name"
    if [ $status -ne 0 ] || ! grep -q "$wanted" "$out/$name"; then
        failed="$failed $name"
    fi
}

step device.txt 10 , nvidia-smi --query-gpu=name,driver_version,compute_cap --format=csv
step check.txt 90 ': 0 faults' python3 gpu/check.py --seconds 60
step check-text.txt 60 ': 0 faults' python3 gpu/check.py --seconds 30 --cases 10 --text
if grep -q ' 9\.0$' "$out/device.txt"; then
    step check-hopper.txt 60 ': 0 faults' python3 gpu/check.py --seconds 30 --cases 10 --hopper
    # A kernel that is wrong is not timed: it might take the others' context with it.
    case "$failed" in *check-hopper*) ;; *) hopper=--hopper ;; esac
fi
if [ -x target/gpu/jre/bin/java ]; then
    step kit.txt 100 '^kit: .* 0 failed' target/gpu/jre/bin/java -Xmx4g --enable-native-access=ALL-UNNAMED \
        -Dtestkit.expect=cuda -cp "target/gpu/classes:target/gpu/test-classes:target/gpu/lib/*" \
        io.longspan.attention.cuda.ContractMain
else
    echo "kit: not run, target/gpu is missing; make it with attention-cuda/gpu/prepare.sh" | tee "$out/kit.txt"
    failed="$failed kit.txt"
fi
step times.md 190 '^| forward, base path' python3 gpu/time_kernels.py --cases 0 --seconds 120 $hopper
step times-long.md 60 '^| forward, base path' python3 gpu/time_kernels.py --cases 0 --seconds 20 $hopper --sequences 1 --length 16384
if [ -n "$failed" ]; then
    echo "gpu: not in order:$failed (reports in $out)"
    exit 1
fi
echo "gpu: everything ran and nothing was wrong (reports in $out)"
