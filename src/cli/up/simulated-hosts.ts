/** How many of the site's hosts are simulated: what `up` must say. */
import { z } from 'zod'
import type { AdminClient } from '../admin-client'

const hosts = z.object({ hosts: z.array(z.object({ simulated: z.boolean() })) })

/** Counts them. */
export const simulatedHosts = async (admin: AdminClient): Promise<number> =>
  hosts.parse(await admin.get('/hosts')).hosts.filter((host) => host.simulated).length
