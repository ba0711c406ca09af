/** Users' mixins in memory, for tests of the OCCI front. */
import { fault } from '../../src/faults'
import type { MixinId } from '../../src/model/ids'
import type { ComputeRecord, MixinRecord } from '../../src/model/records'
import type { StorageRecord } from '../../src/model/storage'
import type { MixinMember, Operations } from '../../src/operations/operations'
import { at } from './fake-offers'

type MixinOperations = Pick<Operations, 'addMixins' | 'removeMixins' | 'listMixins' | 'associateMixin' | 'mixin'>

export function fakeMixins(
  computes: ReadonlyMap<string, ComputeRecord>,
  put: (record: ComputeRecord) => ComputeRecord,
  storages: () => Map<string, StorageRecord>,
  kept: Map<string, MixinRecord>,
): MixinOperations {
  let drawn = 0
  const own = (project: string) => [...kept.values()].filter((one) => one.project === project)
  return {
    addMixins: async ({ project }, orders) => {
      for (const order of orders) {
        const [same] = own(project).filter(({ wish }) => wish.scheme + wish.term === order.scheme + order.term)
        const [there] = own(project).filter(({ wish }) => wish.location === order.location)
        if (same !== undefined && same === there) continue
        if (same !== undefined || there !== undefined) throw fault('exists', 'this mixin or its location is taken')
      }
      for (const order of orders) {
        if (own(project).some(({ wish }) => wish.location === order.location)) continue
        drawn += 1
        const id = `bbbbbbbb-0000-4000-8000-${String(drawn).padStart(12, '0')}` as MixinId
        const wish = { ...order, createdAt: at + drawn }
        const numbers = { rev: 1, generation: 1, epoch: { era: 0, number: 0 }, wakes: 0, phase: 0, schema: 1 }
        kept.set(id, { kind: 'mixin', id, project, ...numbers, wish, seen: null, journal: null, place: null })
      }
    },
    removeMixins: async ({ project }, ids) => {
      const found = ids.map((id) => own(project).find(({ wish }) => wish.scheme + wish.term === id))
      if (found.includes(undefined)) throw fault('not-found', `there is no mixin ${ids.join(', ')}`)
      for (const one of found) kept.delete(one?.id ?? '')
    },
    listMixins: async ({ project }) => own(project),
    associateMixin: async ({ project }, { mixin, how, members }) => {
      const partOf = (one: MixinMember) => (one.kind === 'compute' ? (one.interface ?? one.volume) : undefined)
      const named = new Set<string>(
        members.map((one) => (partOf(one) === undefined ? one.id : `${one.id}/${partOf(one)}`)),
      )
      const next = <T extends { readonly mixins?: readonly MixinId[] }>(holder: T, key: string): T => {
        const others = (holder.mixins ?? []).filter((one) => one !== mixin)
        const has = holder.mixins?.includes(mixin) ?? false
        const should = named.has(key) ? how !== 'remove' : has && how !== 'exactly'
        return { ...holder, mixins: should ? [...others, mixin] : others }
      }
      for (const record of [...computes.values()].filter((one) => one.project === project && one.wish.exists)) {
        const interfaces = record.wish.interfaces.map((one) => next(one, `${record.id}/${one.name}`))
        const volumes = (record.wish.volumes ?? []).map((one) => next(one, `${record.id}/${one.name}`))
        put({ ...record, wish: { ...next(record.wish, record.id), interfaces, volumes } })
      }
      for (const record of [...storages().values()].filter((one) => one.project === project))
        storages().set(record.id, { ...record, wish: next(record.wish, record.id) })
    },
    mixin: (id) => kept.get(id),
  }
}
