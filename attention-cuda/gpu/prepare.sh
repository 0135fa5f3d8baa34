#!/bin/sh
# Makes attention-cuda/target/gpu: a Java run-time image and the contract kit's class path, for a
# machine with a GPU and nothing else. Run at home, in the repository's root, after
# mvn -q test-compile -pl attention-cuda -am.
set -eu
cd "$(dirname "$0")/.."
rm -rf target/gpu
mkdir -p target/gpu/lib
"${JAVA_HOME:?}/bin/jlink" --add-modules java.base,java.logging,java.management,java.xml \
    --strip-debug --no-header-files --no-man-pages --compress zip-9 --output target/gpu/jre
mvn -q dependency:copy-dependencies -DincludeScope=test -DoutputDirectory=target/gpu/lib
# The kit runs on plain memory: what only an engine needs would make the folder too large to carry.
rm -f target/gpu/lib/jna-*.jar target/gpu/lib/commons-*.jar target/gpu/lib/gson-*.jar
cp -r target/classes target/test-classes target/gpu/
du -sh target/gpu
