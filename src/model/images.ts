/**
 * Files of images and snapshots in the site's image store, each named by its contents (xl.cfg(5) for how they are
 * booted).
 */

/** A SHA-256 as files are named by: in small letters of hex. */
export const SHA256 = /^[0-9a-f]{64}$/

/** One file in the image store. The same contents are the same file, however many images name it. */
export interface ImageFile {
  /** Of the file's bytes as they lie in the store, 64 hex digits. */
  readonly sha256: string
  readonly bytes: number
  readonly format: 'raw' | 'qcow2' | 'kernel' | 'initramfs'
  /** What a disk of it has to hold at least, GiB; 1 for a kernel or an initramfs. */
  readonly sizeGiB: number
}

/** What an image is made of: a whole disk, a kernel with its initramfs, or all three. Without a disk it keeps nothing. */
export interface ImageFiles {
  readonly disk?: ImageFile
  readonly kernel?: ImageFile
  readonly initramfs?: ImageFile
}

/** How a Xen guest is started: paravirtual, PV in an HVM container, or fully virtual with a boot loader of its own. */
export const BOOT_MODES = ['pv', 'pvh', 'hvm'] as const
export interface ImageBoot {
  readonly mode: (typeof BOOT_MODES)[number]
  /** Appended to the kernel's command line; null: nothing. Only with a kernel. */
  readonly cmdline: string | null
}
