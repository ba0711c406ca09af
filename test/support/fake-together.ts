/** Several orders in memory: one after the other by the operations themselves; where one is refused, all is put back as it was. */
import type { Caller } from '../../src/operations/context'
import type { Operations } from '../../src/operations/operations'
import type { Part, PartName, Parts, TogetherOperations } from '../../src/operations/together/operations'

type Run = { readonly [K in PartName]: (caller: Caller, order: Parts[K]['order']) => Promise<unknown> }

const runOf = (operations: Operations): Run => ({
  run: (caller, order) => operations.runComputes(caller, order),
  update: (caller, { id, update }) => operations.updateCompute(caller, id, update),
  deleteComputes: (caller, order) => operations.deleteComputes(caller, order),
  connect: (caller, order) => operations.connectInterface(caller, order),
  disconnect: (caller, order) => operations.disconnectInterface(caller, order),
  attach: (caller, order) => operations.attachStorage(caller, order),
  detach: (caller, order) => operations.detachStorage(caller, order),
  // A machine that goes has let go of them by then.
  deleteStorages: (caller, order) => operations.deleteStorages(caller, order),
  allocate: (caller, order) => operations.allocateAddress(caller, order),
  associate: (caller, order) => operations.associateAddress(caller, order),
  disassociate: (caller, order) => operations.disassociateAddress(caller, order),
  level: (caller, order) => operations.levelAddress(caller, order),
  release: (caller, address) => operations.releaseAddress(caller, { address }),
  createGroup: (caller, order) => operations.createGroup(caller, order),
  setGroups: (caller, order) => operations.setGroups(caller, order),
  deleteGroups: (caller, order) => operations.deleteGroups(caller, order),
  createNetwork: (caller, order) => operations.createNetwork(caller, order),
  changeNetwork: (caller, order) => operations.changeNetwork(caller, order),
  deleteNetworks: (caller, order) => operations.deleteNetworks(caller, order),
  createPlacementGroup: (caller, order) => operations.createPlacementGroup(caller, order),
  deletePlacementGroup: (caller, order) => operations.deletePlacementGroup(caller, order),
  reserve: async (caller, order) => operations.createReservation(caller, order),
  cancelReservation: (caller, order) => operations.cancelReservation(caller, order),
  save: async (caller, order) => {
    // The script refuses a name that is taken; the store in memory takes none.
    await operations.createImageOf(caller, { ...order, dryRun: true })
    return operations.createImageOf(caller, order)
  },
  wear: (caller, order) => operations.associateMixin(caller, order),
})

/** `kept`: the maps that hold everything. */
export function fakeTogether(operations: () => Operations, kept: readonly Map<string, unknown>[]): TogetherOperations {
  const runPart = (run: Run, caller: Caller, part: { readonly do: PartName; readonly order: unknown }) =>
    (run[part.do] as (caller: Caller, order: unknown) => Promise<unknown>)(caller, part.order)
  return {
    async together<K extends PartName>(caller: Caller, parts: readonly Part<K>[]) {
      const before = kept.map((map) => [...map])
      const run = runOf(operations())
      try {
        const done: unknown[] = []
        for (const part of parts) done.push(await runPart(run, caller, part))
        return done as readonly Parts[K]['done'][]
      } catch (thrown) {
        for (const [at, map] of kept.entries()) {
          map.clear()
          for (const [key, value] of before[at] ?? []) map.set(key, value)
        }
        throw thrown
      }
    },
  }
}
