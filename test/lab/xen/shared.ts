/** Storage that outlives a host: one folder of this machine, mounted on both hosts as a file server's export would be. */
import type { Lab } from './lab'

export const SHARED = '/shared'

/** Mounts it on both hosts. After it, QEMU can take no snapshot of a host any more; a host that was booted anew mounts it anew. */
export async function mountShared({ hosts }: Lab): Promise<void> {
  await Promise.all(
    hosts.map((host) =>
      host.print(`mount -t 9p -o trans=virtio,version=9p2000.L,msize=131072,cache=none shared ${SHARED}`),
    ),
  )
}
