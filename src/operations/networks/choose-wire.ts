/**
 * The VLAN of a project's network: the next one of the pool that nobody has. A cursor that only grows says where to look, and the
 * creating script takes the wire in `vlans`, so no two networks ever share one.
 */
import { fault } from '../../faults'
import { isPooled, poolSize, type VlanPool, type Wire, wireAt } from '../../model/vlan-pool'
import type { Context } from '../context'

export const VLANS = 'vlans'

/** How a wire is taken. */
export const wireField = ({ bridge, vlan }: { readonly bridge: string; readonly vlan: number | null }): string =>
  `${bridge}:${vlan}`

/** Faults: 'unsupported' for a site that gives none away, 'forbidden' for one that is not in its pool, 'in-use', 'no-capacity'. */
export async function chooseWire(context: Context, wanted: number | undefined): Promise<Wire> {
  const { vlans = [] } = context
  if (vlans.length === 0)
    throw fault(
      'unsupported',
      'this site has no VLANs for networks of projects: its operator sets tenantVlans; the networks for everybody can be used',
      { field: 'kind' },
    )
  const found = wanted === undefined ? await nextWire(context, vlans) : await wireOf(context, vlans, wanted)
  if (found !== undefined) return found
  throw fault('no-capacity', 'all VLANs that this site has for networks of projects are in use', {
    field: 'vlan',
    reason: 'vlans',
  })
}

/** By number; a project does not choose among bridges. */
async function wireOf(context: Context, pool: VlanPool, vlan: number): Promise<Wire> {
  const wires = pool.filter(({ bridge }) => isPooled(pool, { bridge, vlan })).map(({ bridge }) => ({ bridge, vlan }))
  if (wires.length === 0)
    throw fault('forbidden', `VLAN ${vlan} is not one that this site gives to networks of projects`, {
      field: 'vlan',
      allowed: pool.map(({ first, last }) => `${first} to ${last}`),
    })
  const [free] = await unused(context, wires)
  if (free) return free
  throw fault('in-use', `VLAN ${vlan} belongs to another network`, { field: 'vlan' })
}

const WINDOW = 256

async function nextWire(context: Context, pool: VlanPool): Promise<Wire | undefined> {
  const size = poolSize(pool)
  for (let looked = 0; looked < size; looked += WINDOW) {
    const width = Math.min(WINDOW, size - looked)
    const start = await context.store.advance(VLANS, 1)
    const window = Array.from({ length: width }, (_, at) => wireAt(pool, start + looked + at)).filter(
      (wire) => wire !== undefined,
    )
    const [free] = await unused(context, window)
    if (free) return free
  }
  return undefined
}

/** An operator may have used one before it was put into the pool. */
async function unused({ store, mirror }: Context, wires: readonly Wire[]): Promise<readonly Wire[]> {
  const holders = await store.resolve(VLANS, wires.map(wireField))
  const own = new Set(mirror.list('network', null).map(({ wish }) => wireField(wish)))
  return wires.filter((wire, at) => holders[at] === undefined && !own.has(wireField(wire)))
}
