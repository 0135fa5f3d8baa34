# Sourced by the start scripts. Prints the home of a JDK 25 on standard output, or nothing when there is none.

is_jdk_25() {
    [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ] && grep -q '^JAVA_VERSION="25[."]' "$1/release" 2>/dev/null
}

find_jdk_25() {
    if [ -n "${JAVA_HOME:-}" ] && is_jdk_25 "$JAVA_HOME"; then
        echo "$JAVA_HOME"
        return
    fi
    on_path=$(command -v javac 2>/dev/null) && on_path=$(readlink -f "$on_path") && on_path=${on_path%/bin/javac}
    if [ -n "${on_path:-}" ] && is_jdk_25 "$on_path"; then
        echo "$on_path"
        return
    fi
    if [ -x /usr/libexec/java_home ]; then
        mac=$(/usr/libexec/java_home -v 25 2>/dev/null) && is_jdk_25 "$mac" && echo "$mac" && return
    fi
    for home in /usr/lib/jvm/* /opt/java/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
        if is_jdk_25 "$home"; then
            echo "$home"
            return
        fi
    done
}
