# A small Debian, booted with systemd beside this one, to try an installed service in (bash, sourced
# from the top of the checkout after deploy/common.sh; needs root and the packages of `booted:`).
#
#   tree=$(make_tree BINARY)         a folder with the system that BINARY runs in; made once
#   boot TREE FOLDER...              starts it; it sees the FOLDERs as they are here
#   inside COMMAND...                runs a command in it, as root, with a clean environment
#   power_off
#
# The machine writes to memory only: tree and FOLDERs stay as they are. It has no network but its
# own loopback.
# shellcheck shell=bash

# Trees are kept between runs: the packages of one are half a gigabyte.
trees=${PAPERD_TREES:-/var/cache/paperd-trees}

# library_packages BINARY: the packages with the libraries that it names; apt knows those of these.
library_packages() {
    local named
    named=$(objdump -p "$1" | awk '$1 == "NEEDED" {print $2}')
    ldd "$1" | awk '$2 == "=>" {print $1, $3}' | grep -F -e "$named" | cut -d' ' -f2 |
        xargs readlink -f | sed 's|.*/|*/|' | xargs dpkg-query -S | cut -d: -f1 | sort -u
}

# fill_tree CODENAME FOLDER PACKAGE...
fill_tree() {
    local codename=$1 folder=$2
    shift 2
    rm -rf "$folder"
    mkdir -p "$folder"
    debootstrap --variant=minbase "$codename" "$folder" &&
        chroot "$folder" env DEBIAN_FRONTEND=noninteractive \
            apt-get install -y -q --no-install-recommends "$@" &&
        chroot "$folder" apt-get clean
}

make_tree() {
    local release codename packages tree
    release=$(debian_release) || exit 1
    codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
    packages=$(
        packages_of "$release" run tree
        library_packages "$1"
    )
    tree=$trees/$codename-$(sha256sum <<<"$packages" | cut -c1-12)
    if [ ! -d "$tree" ]; then
        say "making $tree (once; some minutes)"
        # shellcheck disable=SC2086  # a word a package
        fill_tree "$codename" "$tree.part" $packages </dev/null >"$tree.log" 2>&1 ||
            die "cannot make a Debian tree; see $tree.log"
        mv "$tree.part" "$tree"
    fi
    echo "$tree"
}
