/**
 * Operations in memory, for tests of the fronts: a map of records where every order is fulfilled at once. It keeps the faults
 * of the real ones (not found, wrong state, name taken), and leaves out what a front cannot see (queue, quota, placement).
 */
import { randomUUID } from 'node:crypto'
import { fault } from '../../src/faults'
import { type ComputeId, isUuid } from '../../src/model/ids'
import { accepts, allowedVerbs, type ComputeVerb, lifecycle } from '../../src/model/lifecycle'
import type { Size } from '../../src/model/machine'
import {
  type ComputeRecord,
  type ComputeWish,
  changedOptions,
  type ImageRecord,
  type MixinRecord,
  optionsOf,
  type SealedText,
  type TypeRecord,
} from '../../src/model/records'
import { changeTags } from '../../src/operations/check-tags'
import type { Caller } from '../../src/operations/context'
import type { NewSize } from '../../src/operations/modify/operations'
import { refuseUnlessOff } from '../../src/operations/modify/stopped'
import type { Changed, Operations, RunOrder } from '../../src/operations/operations'
import { withPartOfMachineTagged } from '../../src/operations/tag-parts'
import { ann, bob, OTHER_PROJECT, PROJECT } from './callers'
import { computeRecord, HOST } from './compute-record'
import { rootDisk, withDisk } from './fake-disk'
import { type FakeGroups, fakeGroups } from './fake-groups'
import { fakeKeyPairs } from './fake-key-pairs'
import { fakeLaunchTemplates } from './fake-launch-templates'
import { fakeMixins } from './fake-mixins'
import { type FakeNetworks, fakeNetworks } from './fake-networks'
import { at, image, instanceType, network } from './fake-offers'
import { type FakePlacementGroups, fakePlacementGroups } from './fake-placement-groups'
import { ranBefore } from './fake-ran'
import { sayings } from './fake-sayings'
import { type FakeStorages, fakeStorages } from './fake-storages'
import { fakeTogether } from './fake-together'
import { fulfilled } from './fulfilled'
import { loudlyLacking } from './loudly-lacking'
import type { OfNetworks, TenantOperations } from './tenant-operations'

export { ann, bob, OTHER_PROJECT, PROJECT }

const hex = (prefix: string, n: number): string => `${prefix}-${n.toString(16).padStart(17, '0')}`

type Others = FakeStorages &
  FakeGroups &
  FakeNetworks &
  FakePlacementGroups &
  Pick<ReturnType<typeof fakeKeyPairs>, 'keyPairs'>

export interface FakeOperations extends Operations, Others {
  /** What is kept; tests may put records in and change them. */
  readonly computes: Map<string, ComputeRecord>
  readonly images: ImageRecord[]
  readonly types: TypeRecord[]
  /** The orders as the front gave them, oldest first. */
  readonly orders: RunOrder[]
  /** The calls of verbs as the front gave them: `setPower {…}`. */
  readonly verbs: { readonly name: string; readonly input: unknown }[]
  /** Replaces the parts of a record that are given. */
  change(id: string, parts: { readonly [P in 'wish' | 'seen' | 'journal' | 'place']?: Partial<ComputeRecord[P]> }): void
}

export function fakeOperations(): FakeOperations {
  const computes = new Map<string, ComputeRecord>()
  const mixins = new Map<string, MixinRecord>()
  const images = [image(1, 'debian-12', 'Debian 12 (simulated)', 8), image(2, 'tiny', 'Tiny (simulated)', 1)]
  const types = [
    instanceType(1, 't2.nano', 1, 512),
    instanceType(2, 't2.micro', 1, 1024),
    instanceType(3, 'm1.small', 1, 1740),
  ]
  const orders: RunOrder[] = []
  const verbs: { name: string; input: unknown }[] = []
  let drawn = 0
  const nets = fakeNetworks(computes)
  const placementGroups = fakePlacementGroups(computes)

  const mine = (caller: Caller, id: string): ComputeRecord => {
    const record = computes.get(id)
    if (record === undefined || record.project !== caller.project)
      throw fault('not-found', `there is no compute ${id}`, { subject: { kind: 'compute', id } })
    return record
  }
  const put = (record: ComputeRecord): ComputeRecord => {
    const next = { ...record, rev: record.rev + 1 }
    computes.set(record.id, next)
    return next
  }
  const settle = (record: ComputeRecord, wish: ComputeWish): ComputeRecord =>
    put({
      ...record,
      generation: record.generation + 1,
      wish,
      seen: {
        ...record.seen,
        contact: 'ok',
        machine: fulfilled(wish, record.id),
        starts: wish.starts,
        boots: wish.boots,
        resets: wish.resets,
      },
    })

  /** All or nothing: every state is checked before anything changes. */
  const apply = (
    caller: Caller,
    call: { readonly ids: readonly ComputeId[]; readonly dryRun?: boolean },
    verb: ComputeVerb,
    already: 'accept' | 'refuse',
    wish: (wish: ComputeWish) => ComputeWish,
  ): Changed[] => {
    const records = [...new Set(call.ids)].map((id) => mine(caller, id))
    for (const record of records) {
      const state = lifecycle(record)
      const answer = accepts(verb, state)
      if (answer === 'no' || (answer === 'already' && already === 'refuse'))
        throw fault('state', `${verb} is not accepted while ${record.wish.name} is ${state}`, {
          subject: { kind: 'compute', id: record.id },
          allowed: allowedVerbs(state),
        })
    }
    return records.map((record) => {
      const before = lifecycle(record)
      if (call.dryRun || accepts(verb, before) === 'already') return { before, record }
      return { before, record: settle(record, wish(record.wish)) }
    })
  }

  const sizeOf = (order: RunOrder, diskGiB: number): Size => {
    const type = types.find((one) => one.wish.name === order.type)
    if (order.type !== undefined && type === undefined)
      throw fault('not-found', `there is no instance type ${order.type}`, { subject: { kind: 'type', id: order.type } })
    if (type !== undefined) return { ...type.wish.size, diskGiB }
    const standard = types[0]?.wish.size
    if (standard === undefined) throw fault('internal', 'no types')
    if (order.cores === undefined && order.memoryMiB === undefined) return { ...standard, diskGiB }
    const cores = order.cores ?? standard.cores
    return { type: '', cores, cpuHundredths: cores * 100, memoryMiB: order.memoryMiB ?? standard.memoryMiB, diskGiB }
  }

  const newSize = ({ type, ...own }: NewSize, diskGiB: number): Size =>
    sizeOf({ minCount: 1, maxCount: 1, ...own, ...(type === undefined ? {} : { type }) }, diskGiB)

  const create = (caller: Caller, order: RunOrder, reservation: string, launchIndex: number): ComputeRecord => {
    drawn += 1
    const id = order.id ?? (`11111111-2222-4333-8444-${drawn.toString(16).padStart(12, '0')}` as ComputeId)
    const holder = computes.get(id)
    if (!isUuid(id) || (holder !== undefined && holder.project !== caller.project))
      throw fault('invalid', 'a machine of your own naming needs a UUID in lower case that is not in use', {
        field: 'id',
      })
    const subject = { kind: 'compute', id }
    if (holder?.wish.exists) throw fault('exists', 'this machine is there already', { subject })
    if (holder !== undefined)
      throw fault('conflict', 'the machine that had this id is still being deleted', { subject })
    const chosen = images.find((one) => one.id === (order.image ?? images[0]?.id))
    if (chosen === undefined) throw fault('not-found', 'there is no such image')
    const base = computeRecord({ id, project: caller.project })
    const disk = base.wish.disks[0]
    const nic = base.wish.interfaces[0]
    const wish: ComputeWish = {
      ...base.wish,
      name: hex('i', drawn),
      reservation,
      launchIndex,
      image: chosen.id,
      size: sizeOf(order, order.rootGiB ?? chosen.wish.sizeGiB),
      disks: disk
        ? [rootDisk(disk, order, { sizeGiB: chosen.wish.sizeGiB, image: chosen.id, volume: hex('vol', drawn) })]
        : [],
      interfaces: nic ? nets.interfacesOf(caller, order, drawn, nic) : [],
      zone: order.zone ?? null,
      title: order.title ?? null,
      summary: order.summary ?? null,
      hostname: order.hostname ?? null,
      ...(order.share === undefined ? {} : { share: order.share }),
      ...(order.mixins === undefined ? {} : { mixins: order.mixins }),
      tags: order.tags ?? {},
      keyName: order.keyName ?? null,
      userData: (order.userData ?? null) as SealedText | null, // a fake seals nothing
      clientToken: order.token?.token ?? null,
      ...(order.options === undefined ? {} : { options: order.options }),
      ...placementGroups.membershipOf(caller, order),
      ...sayings(order),
      createdAt: at + drawn,
      createdBy: caller.userName,
    }
    return {
      ...base,
      wish,
      seen: {
        ...base.seen,
        at: at + drawn,
        host: HOST,
        machine: fulfilled(wish, id),
        starts: 1,
        startedAt: at + drawn,
      },
      place: {
        host: HOST,
        hostName: 'sim-1',
        zone: order.zone ?? 'local-1a',
        simulated: true,
        at: at + drawn,
        waiting: null,
      },
    }
  }

  const tenant: Omit<TenantOperations, OfNetworks> = {
    listPartnerOffers: async () => null,
    listPartnerUses: async () => null,
    identifyByPassword: async (user, password) =>
      password !== 'secret' ? undefined : user === 'ann' ? ann : user === 'bob' ? bob : undefined,
    identifyByAccessKey: async (id, _from, sessionToken) =>
      id === 'AKIAANNANNANNANNANN1' && sessionToken === undefined ? { secret: 'annsecret', caller: ann } : undefined,
    runComputes: async (caller, order) => {
      orders.push(order)
      const before = order.token && ranBefore({ computes, orders }, caller, order.token)
      if (before) return { computes: before, repeated: true }
      const reservation = hex('r', drawn + 1)
      const made = Array.from({ length: order.maxCount }, (_, index) => create(caller, order, reservation, index))
      if (!order.dryRun) for (const record of made) computes.set(record.id, record)
      return { computes: made, repeated: false }
    },
    ranBefore: async (caller, token) => ranBefore({ computes, orders }, caller, token),
    updateCompute: async (caller, id, { addMixins = [], removeMixins = [], options, size, ...texts }) => {
      verbs.push({
        name: 'updateCompute',
        input: { id, addMixins, removeMixins, ...texts, ...(options ? { options } : {}), ...(size ? { size } : {}) },
      })
      const record = mine(caller, id)
      const kept = (record.wish.mixins ?? []).filter((one) => !removeMixins.includes(one) && !addMixins.includes(one))
      const mixins = [...kept, ...addMixins]
      const chosen = options === undefined ? {} : { options: changedOptions(optionsOf(record.wish), options) }
      if (size) refuseUnlessOff(record, lifecycle(record), 'its size is')
      const resized = size ? { size: newSize(size, record.wish.size.diskGiB) } : {}
      return put({ ...record, wish: { ...record.wish, ...texts, ...chosen, ...resized, mixins } })
    },
    setPower: async (caller, verb) => {
      verbs.push({ name: 'setPower', input: verb })
      const word =
        verb.to === 'on' ? 'start' : verb.to === 'suspended' ? 'suspend' : verb.how === 'hard' ? 'stop-hard' : 'stop'
      return apply(caller, verb, word, verb.already, (wish) => ({
        ...wish,
        power: verb.to,
        how: verb.how ?? 'graceful',
        starts: wish.starts + (verb.to === 'on' ? 1 : 0),
      }))
    },
    restartComputes: async (caller, verb) => {
      verbs.push({ name: 'restartComputes', input: verb })
      return apply(caller, verb, verb.how === 'cold' ? 'reset' : 'restart', 'refuse', (wish) =>
        verb.how === 'cold' ? { ...wish, resets: wish.resets + 1 } : { ...wish, boots: wish.boots + 1 },
      )
    },
    deleteComputes: async (caller, verb) => {
      verbs.push({ name: 'deleteComputes', input: verb })
      return apply(caller, verb, 'delete', 'accept', (wish) => ({
        ...wish,
        exists: false,
        deletedAt: wish.deletedAt ?? wish.createdAt + 1,
      }))
    },
    tagResources: async (caller, change) => {
      for (const ref of change.refs) {
        if (volumes.tagSnapshot(ref.id, change)) continue
        if (ref.part !== undefined) {
          const machine = withPartOfMachineTagged(mine(caller, ref.id), ref.part, change)
          if (!change.dryRun) put(machine)
          continue
        }
        const volume = volumes.storages.get(ref.id)
        if (volume) {
          const tags = changeTags(volume.wish.tags, change)
          if (!change.dryRun) volumes.changeRecord(ref.id, { wish: { tags } })
          continue
        }
        const record = mine(caller, ref.id)
        const tags: Record<string, string> = change.removeAll ? {} : { ...record.wish.tags }
        for (const { key, value } of change.remove ?? []) if (value === null || tags[key] === value) delete tags[key]
        if (!change.dryRun) put({ ...record, wish: { ...record.wish, tags: { ...tags, ...change.set } } })
      }
    },
    setOptions: async (caller, change) =>
      change.ids.map((id) => {
        const record = mine(caller, id)
        verbs.push({ name: 'setOptions', input: change })
        if (change.dryRun) return record
        const options = changedOptions(optionsOf(record.wish), change.options)
        return put({ ...record, wish: { ...record.wish, options } })
      }),
    changeDisk: async (caller, change) => {
      const changed = withDisk(mine(caller, change.id), change)
      return change.dryRun ? changed : put(changed)
    },
    setInterface: async (caller, { id, interface: name, description, dryRun }) => {
      const record = mine(caller, id)
      if (description.length > 255) throw fault('invalid', 'too long', { field: 'description' })
      const interfaces = record.wish.interfaces.map((one) => (one.name === name ? { ...one, description } : one))
      return dryRun ? record : put({ ...record, wish: { ...record.wish, interfaces } })
    },
    setUserData: async (caller, change) => {
      verbs.push({ name: 'setUserData', input: change })
      const record = mine(caller, change.id)
      return change.dryRun
        ? record
        : put({ ...record, wish: { ...record.wish, userData: (change.userData || null) as SealedText | null } })
    },
    resizeCompute: async (caller, change) => {
      verbs.push({ name: 'resizeCompute', input: change })
      const record = mine(caller, change.id)
      const size = newSize(change, record.wish.size.diskGiB)
      return change.dryRun ? record : put({ ...record, wish: { ...record.wish, size } })
    },
    project: () => undefined,
    consoleOutput: async (caller, id) => (mine(caller, id).wish.exists ? { asked: 1, text: 'login: é\n', at } : null),
    listComputes: async (caller) => [...computes.values()].filter((one) => one.project === caller.project),
    getCompute: async (caller, id) => mine(caller, id),
    // Addresses are tested over the real operations.
    freeAddresses: () => 65_532,
    userDataOf: ({ wish }) => wish.userData,
    namedComputes: async (caller, names) => {
      const found = names.map((name) =>
        [...computes.values()].find((one) => one.wish.name === name && one.project === caller.project),
      )
      const missing = names.filter((_, index) => found[index] === undefined)
      if (missing.length > 0)
        throw fault('not-found', `there is no instance ${missing.join(', ')}`, {
          subject: { kind: 'compute', id: missing.join(', ') },
        })
      return found.filter((one) => one !== undefined)
    },
    ...fakeMixins(computes, put, () => volumes.storages, mixins),
    listImages: async () => images,
    listTypes: async () => types,
    listZones: async () => ['a', 'b', 'c', 'd'].map((zone) => ({ name: `local-1${zone}`, enabled: true, hosts: 2 })),
    defaults: () => ({ image: images[0], type: types[0], network }),
    image: (id) => images.find((one) => one.id === id),
    // Something may always have changed.
    asOf: () => randomUUID(),
    readiness: async () => ({ redis: true, mirror: true }),
  }

  const more: Omit<FakeOperations, keyof Operations | keyof Others> = {
    computes,
    images,
    types,
    orders,
    verbs,
    change: (id, parts) => {
      const record = computes.get(id)
      if (record === undefined) throw new Error(`the fake has no compute ${id}`)
      put({
        ...record,
        wish: { ...record.wish, ...parts.wish },
        seen: { ...record.seen, ...parts.seen },
        journal: { ...record.journal, ...parts.journal },
        place: { ...record.place, ...parts.place },
      })
    },
  }
  const volumes = fakeStorages(computes, mixins)
  const noReservations: Pick<Operations, 'listReservations' | 'reservation'> = {
    listReservations: async () => [],
    reservation: () => undefined,
  }
  const { interfacesOf: _forOrders, ...networks } = nets
  const groups = fakeGroups(computes)
  const kept = [computes, volumes.storages, volumes.madeImages, nets.networks, nets.addresses, groups.groups]
  const operations = loudlyLacking({
    ...tenant,
    ...volumes,
    ...networks,
    ...fakeKeyPairs(),
    ...fakeLaunchTemplates(),
    ...groups,
    ...placementGroups,
    ...noReservations,
    ...fakeTogether(() => operations, kept as readonly Map<string, unknown>[]),
    ...more,
  }) as FakeOperations
  return operations
}
