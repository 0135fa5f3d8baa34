#!/usr/bin/env bash
# Compiles src/main/c/tiles.c to the library in the jar and notes the digest of its source; run it after every change there.
# Needs gcc 10 or later on Linux, x86-64. The library calls nothing outside itself.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
folder=src/main/resources/io/longspan/attention/fused/linux-x86_64
mkdir -p "$folder"
gcc -std=c11 -O3 -Wall -Wextra -Werror -ffreestanding -fno-stack-protector -fno-math-errno -fvisibility=hidden -fPIC -shared -nostdlib \
    -Wl,--build-id=none -o "$folder/liblongspan-tiles.so" src/main/c/tiles.c -lgcc
strip --strip-unneeded "$folder/liblongspan-tiles.so"
if nm -D --undefined-only "$folder/liblongspan-tiles.so" | grep -q .; then
    echo "the library asks for something outside itself:" >&2
    nm -D --undefined-only "$folder/liblongspan-tiles.so" >&2
    exit 1
fi
chmod 644 "$folder/liblongspan-tiles.so"
sha256sum src/main/c/tiles.c | cut -d' ' -f1 > "$folder/source.sha256"
