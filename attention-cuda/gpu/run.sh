#!/bin/sh
# Everything that needs a GPU, in one go: every kernel against float64, the contract kit on the Java
# backend, then the times. Builds nothing. Needs python3 with numpy and torch; the kit needs what
# prepare.sh made, and is left out with a word when that is missing.
# Usage, in the repository's root: attention-cuda/gpu/run.sh [folder for the reports]
set -u
cd "$(dirname "$0")/.."
out=${1:-target/gpu-report}
mkdir -p "$out"
failed=0
nvidia-smi --query-gpu=name,driver_version,compute_cap --format=csv | tee "$out/device.txt"
python3 gpu/check.py --cases 40 2>&1 | tee "$out/check.txt"
grep -q ': 0 faults' "$out/check.txt" || failed=1
if [ -x target/gpu/jre/bin/java ]; then
    target/gpu/jre/bin/java -Xmx4g --enable-native-access=ALL-UNNAMED -Dtestkit.expect=cuda \
        -cp "target/gpu/classes:target/gpu/test-classes:target/gpu/lib/*" \
        io.longspan.attention.cuda.ContractMain 2>&1 | tee "$out/kit.txt"
    grep -q '^kit: .* 0 failed' "$out/kit.txt" || failed=1
else
    echo "kit: not run, target/gpu is missing; make it with attention-cuda/gpu/prepare.sh" | tee "$out/kit.txt"
fi
python3 gpu/time_kernels.py 2>&1 | tee "$out/times.md"
python3 gpu/time_kernels.py --sequences 1 --length 16384 --cases 1 2>&1 | tee "$out/times-long.md"
exit $failed
