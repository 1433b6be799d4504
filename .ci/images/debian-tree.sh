# shellcheck shell=bash
# Sourced: makes the file trees of Debian that stand-in images are imported from. Needs root, debootstrap and a Debian mirror.

# The mirror is the one this machine already uses, so that no host name needs to be written here.
debian_mirror() {
  local mirror
  mirror=$(apt-get indextargets --format '$(ORIGIN) $(LABEL) $(REPO_URI)' 'Created-By: Packages' |
    awk '$1 == "Debian" && $2 == "Debian" { print $3; exit }')
  if [ -z "$mirror" ]; then
    echo >&2 'error: no Debian mirror is configured on this machine, so no stand-in image can be made'
    echo >&2 'hint: Pull the image by hand (`docker pull …`), or run this on Debian after `apt-get update`.'
    return 1
  fi
  printf '%s\n' "${mirror%/}"
}

# debian_tree SUITE FOLDER
debian_tree() {
  local suite=$1 tree=$2
  debootstrap --variant=minbase "$suite" "$tree" "$(debian_mirror)" >"$tree.log" 2>&1 || {
    tail -n 20 "$tree.log" >&2
    return 1
  }
  # Manuals and translations are half of such an image and nobody reads them there (Debian's own slim images do the same).
  printf 'path-exclude=/usr/share/%s/*\n' doc man info locale lintian >"$tree/etc/dpkg/dpkg.cfg.d/docs"
  # Packages may not start their services while they are being installed.
  printf '#!/bin/sh\nexit 101\n' >"$tree/usr/sbin/policy-rc.d"
  chmod +x "$tree/usr/sbin/policy-rc.d"
  # A proxy, or an old mirror's expired index, is this machine's affair: its settings are lent for the time of the installation.
  apt-config dump | grep '^Acquire::' >"$tree/etc/apt/apt.conf.d/99machine" || true
  mkdir -p "$tree/etc/ssl/certs"
  cp /etc/ssl/certs/ca-certificates.crt "$tree/etc/ssl/certs/" 2>/dev/null || true
}

# in_tree FOLDER COMMAND…: in a mount namespace of its own, so that /proc never stays mounted where a folder will be deleted.
in_tree() {
  local tree=$1
  shift
  unshare --mount env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C DEBIAN_FRONTEND=noninteractive \
    bash -c 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"' "$tree" "$@"
}

in_tree_install() {
  local tree=$1
  shift
  if ! {
    in_tree "$tree" apt-get update -q &&
      in_tree "$tree" apt-get install -qy --no-install-recommends -o DPkg::Options::=--force-confold "$@"
  } >>"$tree.log" 2>&1; then
    tail -n 20 "$tree.log" >&2
    return 1
  fi
}

# import_tree FOLDER IMAGE INSTRUCTION…: the instructions are those of a Dockerfile.
import_tree() {
  local tree=$1 image=$2 layer
  shift 2
  rm -rf "$tree/etc/apt/apt.conf.d/99machine" "$tree/usr/sbin/policy-rc.d" \
    "$tree"/{var/lib/apt/lists,var/cache/apt,var/cache/debconf,var/log,tmp}/* "$tree"/usr/share/{doc,man,info,locale,lintian}/*
  layer=$(tar -C "$tree" --numeric-owner -c . | docker import -)
  # `docker import --change` knows no STOPSIGNAL, and only the classic builder takes an image by its id.
  printf '%s\n' "FROM $layer" 'LABEL athena.stand-in=true' "$@" | DOCKER_BUILDKIT=0 docker build -q -t "$image" - >>"$tree.log" 2>&1 || {
    tail -n 20 "$tree.log" >&2
    return 1
  }
}
