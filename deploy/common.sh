# Shared by the scripts of deploy/ and tests/deploy/ (bash, sourced from the top of the checkout):
# installs what deploy/packages names, configures and builds. Each step looks first and does nothing
# when there is nothing to do.
# shellcheck shell=bash

say() { printf '== %s\n' "$*" >&2; }

die() {
    printf 'error: %s\n' "$*" >&2
    exit 1
}

# Runs a command as root. sudo asks for a password only where somebody can type one.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif ! command -v sudo >/dev/null; then
        die "'$*' takes root: run this as root, or install sudo"
    elif [ -t 2 ] && [ -z "${CI:-}" ]; then
        sudo "$@"
    else
        sudo -n "$@" || die "'sudo $*' failed: run it by hand, or run this as root"
    fi
}

# 12 or 13; other systems may work, but their packages have other names.
debian_release() {
    local id=unknown version=unknown
    if [ -r /etc/os-release ]; then
        id=$(. /etc/os-release && echo "${ID:-unknown}")
        version=$(. /etc/os-release && echo "${VERSION_ID:-unknown}")
    fi
    case "$id:$version" in
        debian:12 | debian:13) echo "$version" ;;
        *)
            die "this is $id $version; paperd is packaged for Debian 12 and 13." \
                "Elsewhere, install the equals of deploy/packages by hand, then run" \
                "'cmake --preset release && cmake --build --preset release'"
            ;;
    esac
}

# packages_of RELEASE SECTION...: the packages' names, one a line.
packages_of() {
    local release=$1 section
    shift
    for section in "$@"; do
        sed -nE "s|^$section(/$release)?:||p" deploy/packages | tr -s ' ' '\n' | sed '/^$/d'
    done
}

is_installed() {
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# install_packages SECTION...: those that are missing.
install_packages() {
    local release package missing=()
    release=$(debian_release) || exit 1
    while read -r package; do
        is_installed "$package" || missing+=("$package")
    done < <(packages_of "$release" "$@")
    if [ ${#missing[@]} -eq 0 ]; then
        return
    fi
    say "installing ${missing[*]}"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q </dev/null >&2 ||
        die "'apt-get update' failed; see above"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends \
        "${missing[@]}" </dev/null >&2 || die "'apt-get install' failed; see above"
}

# Points Debian's BLAS and LAPACK alternatives at OpenBLAS with threads, where they point elsewhere.
use_openblas() {
    local name current path
    while read -r name _ current; do
        path=$(update-alternatives --list "$name" | grep openblas-pthread) || continue
        if [ "$current" != "$path" ]; then
            say "choosing $path"
            as_root update-alternatives --set "$name" "$path" >&2
        fi
    done < <(update-alternatives --get-selections | grep -E '^lib(blas|lapack)\.so\.3-')
}

# ensure_locale NAME CHARSET: makes a locale where it is missing.
ensure_locale() {
    local listed
    listed=$(locale -a 2>/dev/null)
    if ! grep -qix "$1.${2/-/}" <<<"$listed"; then
        say "making the locale $1.$2"
        as_root localedef -i "$1" -f "$2" "$1.$2"
    fi
}

# Compilers that run at once: one a core, but 1.5 GB of memory each, which LibTorch's headers take.
build_jobs() {
    local cores memory_kb jobs
    cores=$(nproc)
    memory_kb=$(awk '/^MemAvailable:/ {print $2}' /proc/meminfo)
    jobs=$((memory_kb / 1500000))
    [ "$jobs" -lt "$cores" ] || jobs=$cores
    [ "$jobs" -ge 1 ] || jobs=1
    echo "$jobs"
}

# build PRESET [TARGET...]: everything where no target is named.
build() {
    local preset=$1 target targets=()
    shift
    for target in "$@"; do
        targets+=(--target "$target")
    done
    say "building ${*:-everything} (preset $preset)"
    cmake --preset "$preset" >&2 || die "cmake could not configure; see above"
    cmake --build --preset "$preset" --parallel "$(build_jobs)" "${targets[@]}" >&2 ||
        die "the build failed; see above"
}
