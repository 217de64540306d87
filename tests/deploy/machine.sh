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
    packages=$(packages_of "$release" run tree)
    packages+=" $(library_packages "$1")" || die "which packages have the libraries of $1?"
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

# boot TREE FOLDER...
boot() {
    machine=$(mktemp -d)
    unshare --mount --propagation private "$BASH" -c '. tests/deploy/machine.sh; run_machine "$@"' \
        machine "$machine" "$@" >"$machine/console" 2>&1 &
    nspawn_pid=$!
    local until=$((SECONDS + 120)) controller
    # Its first process is systemd once nspawn has changed into it.
    until init_pid=$(pgrep -P "$nspawn_pid" -x systemd) && inside test -S /run/systemd/private; do
        if [ "$SECONDS" -ge "$until" ] || ! kill -0 "$nspawn_pid" 2>/dev/null; then
            cat "$machine/console" >&2
            die "the machine does not boot; see above"
        fi
        sleep 0.2
    done
    # Where controllers are mounted apart (version 1), nspawn gives them read-only, and MemoryMax
    # and TasksMax would be words.
    for controller in memory pids; do
        if inside mountpoint -q "/sys/fs/cgroup/$controller"; then
            inside mount -o remount,bind,rw "/sys/fs/cgroup/$controller"
        fi
    done
    inside systemctl daemon-reexec
    inside systemctl is-system-running --wait >/dev/null || die "the machine did not start well"
}

# run_machine MACHINE TREE FOLDER...: in a mount namespace of its own, which takes all mounts along
# when the machine ends.
run_machine() {
    local machine=$1 tree=$2 hierarchy folder binds=()
    shift 2
    mkdir "$machine/memory"
    mount -t tmpfs tmpfs "$machine/memory"
    # nspawn keeps files of its own here, which must not meet those of a systemd outside.
    mount -t tmpfs tmpfs /run
    cover "$tree" "$machine/memory" root
    for folder in "$@"; do
        cover "$folder" "$machine/memory" "folder$folder"
        binds+=(--bind "$machine/memory/folder$folder:$folder")
    done
    # A control group that nspawn may give away; the root group is not its to give.
    for hierarchy in /sys/fs/cgroup/{systemd,unified} /sys/fs/cgroup; do
        if [ -e "$hierarchy/cgroup.procs" ]; then
            mkdir -p "$hierarchy/paperd-test-$$"
            echo $$ >"$hierarchy/paperd-test-$$/cgroup.procs"
        fi
    done
    exec systemd-nspawn --quiet --directory "$machine/memory/root" --machine paperd-test --boot \
        --register=no --keep-unit --private-network --capability=all \
        --system-call-filter='bpf keyctl @memlock' --console=pipe "${binds[@]}"
}

# cover LOWER MEMORY PATH: LOWER is seen at MEMORY/PATH, and what is written there stays in memory.
cover() {
    local writes
    writes=$(mktemp -d "$2/writes.XXXXXX")
    mkdir -p "$writes/upper" "$writes/work" "$2/$3"
    mount -t overlay -o "lowerdir=$1,upperdir=$writes/upper,workdir=$writes/work" overlay "$2/$3"
}

inside() {
    nsenter --target "$init_pid" --mount --uts --ipc --net --pid --cgroup env --ignore-environment \
        PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        LANG=C.UTF-8 TERM=dumb SYSTEMD_PAGER= "$@"
}

power_off() {
    # SIGRTMIN+4: systemd powers off.
    kill -s RTMIN+4 "$init_pid"
    wait "$nspawn_pid" || true
    find /sys/fs/cgroup -noleaf -depth -path "*/paperd-test-$nspawn_pid*" -type d \
        -exec rmdir {} +
    rm -rf "$machine"
}
