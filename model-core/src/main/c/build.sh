#!/usr/bin/env bash
# Builds the library beside MklFullSpeed's class and writes the digests of source and library, which a test compares.
set -euo pipefail
cd "$(dirname "$0")"
target=../resources/io/longspan/model/tensor/linux-x86_64
gcc -O2 -shared -fPIC -nostdlib -s -Wl,--build-id=none -Wl,-z,noseparate-code -Wl,-z,noexecstack \
    -Wl,-soname,liblongspan-mkl.so -o "$target/liblongspan-mkl.so" mkl_full_speed.c
{
    sha256sum mkl_full_speed.c
    (cd "$target" && sha256sum liblongspan-mkl.so)
} > "$target/liblongspan-mkl.sha256"
