/** What may stand in a machine's files on a host: adopting lets through what defining takes, and nothing else. */

/** What a domain calls a disk of its own: also names that Xen has for disks of other guests (xen-vbd-interface(7)). */
export const VDEV = /^(?:xvd|hd|sd)[a-z]{1,2}[0-9]{0,2}$/

/** Where a disk lies on its host, in letters that neither a shell nor xl reads anything into. */
export const PATH = /^\/[A-Za-z0-9._/+:@=-]+$/
