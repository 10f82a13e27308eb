#!/bin/sh
# The first process of a User-mode Linux whose root is this computer's, read-only. It mounts the FAT32 image with Linux' own
# driver and runs $SCRIPT with $PYTHON; what comes of it goes to the folder $RESULTS, which is this computer's again.
mount -t proc none /proc
mount -t sysfs none /sys
mount -t tmpfs none /mnt
mkdir /mnt/results /mnt/disk
mount -t hostfs -o "$RESULTS" none /mnt/results
modules=/usr/lib/uml/modules/$(uname -r)/kernel/fs
for module in nls/nls_cp437 nls/nls_iso8859-1 fat/fat fat/vfat; do
  /sbin/insmod "$modules/$module.ko"
done
HOME=/mnt PYTHONDONTWRITEBYTECODE=1 "$PYTHON" "$SCRIPT" /dev/ubdb /mnt/disk "$BUILD" \
  >/mnt/results/results.json 2>/mnt/results/errors
echo $? >/mnt/results/code
sync
echo o >/proc/sysrq-trigger
sleep 60
