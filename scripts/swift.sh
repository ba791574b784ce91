#!/usr/bin/env bash
# The Swift binding: swift.sh generate | test | run PACKAGE [ARGUMENTS]
#   generate  writes Sources/Chartkeeper/Chartkeeper.swift and the C header from the built library
#   test      swift test
#   run       swift run of another package of this tree, such as examples/swift
# A Swift 6 on the PATH is used as it is. Without one, root on a Debian machine gets Debian trixie's, in a folder of
# its own that later runs and other checkouts share. Where neither is possible it says so and exits with 75 (skipped).
set -euo pipefail
cd "$(dirname "$0")/.."

root=${CHARTKEEPER_SWIFT_ROOT:-/var/cache/chartkeeper-swift}
package=bindings-swift
library=$package/.build/library

skip() {
  echo "skipped: $1"
  exit 75
}

build_library() {
  cargo build --quiet -p chartkeeper-swift
  target=$(cargo metadata --format-version 1 --no-deps --offline | sed -E 's/.*"target_directory":"([^"]*)".*/\1/')
  mkdir -p "$library"
  cp -u "$target"/debug/libchartkeeper_swift.* "$library"
}

generate() {
  local out
  out=$(mktemp -d)
  cargo run --quiet -p chartkeeper-bindgen -- "$(ls "$library"/libchartkeeper_swift.{so,dylib} 2>/dev/null | head -1)" "$out"
  # The generator leaves blanks at the ends of lines; git complains of those.
  sed -E 's/[[:space:]]+$//' "$out/Chartkeeper.swift" >"$package/Sources/Chartkeeper/Chartkeeper.swift"
  cp "$out/ChartkeeperFFI.h" "$package/Sources/ChartkeeperFFI/"
  rm -rf "$out"
}

provide_toolchain() {
  [ -e "$root/.ready" ] && return
  [ "$(id -u)" = 0 ] || skip "no swift on the PATH, and only root can install one"
  command -v apt-get >/dev/null || skip "no swift on the PATH, and this is not Debian"
  if ! command -v debootstrap >/dev/null; then
    apt-get update -qq && apt-get install -qq --no-install-recommends debootstrap >/dev/null ||
      skip "no swift on the PATH, and debootstrap cannot be installed"
  fi
  echo "installing Debian's swift into $root, once for this machine (about 2 minutes, 2.7 GB)"
  rm -rf "$root"
  mkdir -p "$root"
  debootstrap --variant=minbase trixie "$root" >"$root.log" 2>&1 || skip "Debian trixie cannot be fetched; see $root.log"
  chroot "$root" apt-get install -qq --no-install-recommends swiftlang libc6-dev libstdc++-14-dev gcc g++ git \
    ca-certificates >>"$root.log" 2>&1 || skip "swift cannot be fetched; see $root.log"
  touch "$root/.ready"
}

# Runs swift from the root of this tree. The private mount namespace leaves nothing mounted behind.
swift_here() {
  if command -v swift >/dev/null; then
    LD_LIBRARY_PATH=$PWD/$library swift "$1" -Xlinker "-L$PWD/$library" "${@:2}"
    return
  fi
  provide_toolchain
  unshare --mount true 2>/dev/null || skip "this machine allows no mounts, which a swift of its own needs"
  mkdir -p "$root/source"
  unshare --mount --propagation private bash -euc '
    root=$1 library=/source/$2 command=$3
    mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
    mount --rbind /dev "$root/dev"
    mount --bind . "$root/source"
    exec chroot "$root" env -i -C /source HOME=/root PATH=/usr/bin:/bin LANG=C.UTF-8 \
      LD_LIBRARY_PATH="/usr/libexec/swift/lib/swift/linux:$library" swift "$command" -Xlinker "-L$library" "${@:4}"
  ' swift "$root" "$library" "$@"
}

case "$1" in
generate)
  build_library
  generate ;;
test)
  build_library
  swift_here test --package-path $package ;;
run)
  build_library
  swift_here run --quiet --package-path "$2" "${@:3}" ;;
*)
  echo "usage: swift.sh generate | test | run PACKAGE [ARGUMENTS]"
  exit 2 ;;
esac
