#!/bin/sh
# Compiles the kernels to the images that the jar carries, PTX text and cubins, and writes the digest of
# their source and what ptxas says of every kernel on every target.
# Needs nvcc and ptxas of CUDA 13 on the path; nothing of it is needed to build or run the jar.
# Usage: build-images.sh
set -eu
cd "$(dirname "$0")"
source=src/main/cuda
images=src/main/resources/io/longspan/attention/cuda/images
report=src/test/resources/io/longspan/attention/cuda/ptxas.txt
# Devices that get machine code, for drivers as young as the compiler; all others compile the text, and so do
# these for what is rarely used there: 16-bit types without tensor cores.
cubins="sm_80 sm_90"
mkdir -p "$images" "$(dirname "$report")"
rm -f "$images"/*.gz
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The kernels use no instruction that is younger than PTX 7.0, so the text says 7.0 and drivers from
# CUDA 11.0 on take it; ptxas refuses the text below if that is ever untrue.
isa=7.0

# image NAME SOURCE ELEMENT VIRTUAL-ARCHITECTURE TARGETS...
image() {
    name=$1; file=$2; element=$3; virtual=$4
    shift 4
    nvcc -std=c++17 -O3 -I "$source" -DELEMENT="$element" -DLONGSPAN_IMAGE="\"$name\"" \
        -arch="$virtual" -ptx -o "$work/$name.full.ptx" "$source/$file"
    {
        echo "// longspan-image: $name"
        # used_bytes_mask is a hint for the compiler's analysis, younger than the version above.
        sed -e "s/^\.version .*/.version $isa/" -e '/\.pragma "used_bytes_mask/d' -e '/^\/\//d' -e '/^[[:space:]]*$/d' \
            "$work/$name.full.ptx"
    } > "$work/$name.ptx"
    for target in "$@"; do
        # Also the proof that the text is what its version says.
        if ! ptxas -v -arch="$target" -o "$work/$name.cubin" "$work/$name.ptx" \
            2> "$work/$name.$target.txt"; then
            cat "$work/$name.$target.txt" >&2
            exit 1
        fi
        if grep -E '[1-9][0-9]* bytes (stack frame|spill)' "$work/$name.$target.txt"; then
            echo "build-images: $name for $target spills registers or uses a stack" >&2
            exit 1
        fi
        awk -v image="$name" -v target="$target" '
            /Compiling entry function/ { split($0, part, "\047"); kernel = part[2] }
            /bytes stack frame/ { stack = $1; stores = $5; loads = $9 }
            /Used [0-9]+ registers/ {
                match($0, /Used [0-9]+/)
                print image, target, kernel, substr($0, RSTART + 5, RLENGTH - 5), stack, stores, loads
            }' "$work/$name.$target.txt" >> "$work/report"
        case " $cubins " in
            *" $target "*) [ "$file $element" = "ffma.cu Float16" ] || [ "$file $element" = "ffma.cu BFloat16" ] || gzip -9 -n -c "$work/$name.cubin" > "$images/$name.${target%a}.cubin.gz" ;;
        esac
    done
    gzip -9 -n -c "$work/$name.ptx" > "$images/$name.ptx.gz"
}

all="sm_75 sm_80 sm_86 sm_89 sm_90 sm_100 sm_120"
image ffma-fp32 ffma.cu Float32 compute_75 $all
image ffma-fp16 ffma.cu Float16 compute_75 $all
image ffma-bf16 ffma.cu BFloat16 compute_75 $all
image mma-fp16 mma.cu Float16 compute_80 ${all#* }
image mma-bf16 mma.cu BFloat16 compute_80 ${all#* }
# The instructions of one device; their text is of version 8.0, for drivers from CUDA 12.0 on.
isa=8.0
cubins=sm_90a
image hopper-fp16 hopper.cu Float16 compute_90a sm_90a
image hopper-bf16 hopper.cu BFloat16 compute_90a sm_90a

# What the test compares: the sources in the order of their names, name and content.
digest() {
    for file in $(ls "$source" | LC_ALL=C sort); do
        printf '%s\n' "$file"
        cat "$source/$file"
    done | sha256sum | cut -d ' ' -f 1
}
digest > "$images/source.sha256"
{
    echo "# sources $(cat "$images/source.sha256")"
    echo "# image target kernel registers stack-bytes spill-stores spill-loads"
    cat "$work/report"
} > "$report"
ls -l "$images"
