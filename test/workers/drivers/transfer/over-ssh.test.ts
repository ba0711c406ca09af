/** Disks behind a real sshd and the real guard: two workers, a connection that is cut under a piece, a snapshot and back. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Effect, EffectTicket } from '../../../../workers/drivers/driver'
import { type GuardedHost, openGuardedHost } from '../../../../workers/drivers/guard/guarded-host'
import { openRemote, type Remote } from '../../../../workers/drivers/remote'
import { type Disks, diskDeeds, openDisks } from '../../../../workers/drivers/transfer'
import { sha256 } from '../../../support/digest'
import { GIB, MIB, noise, same } from '../../../support/disk-stage'
import { type MemoryImages, openMemoryImages } from '../../../support/memory-images'
import { describeWithSshd, startSshd, type TestSshd } from '../../../support/sshd'
import { through } from '../../../support/through'

const SITE = 'local-1'
const SIZE = 16 * MIB

describeWithSshd('disks over ssh', () => {
  let host: TestSshd
  let images: MemoryImages
  let epochs = 0
  const opened: { readonly remote: Remote; readonly guarded: GuardedHost }[] = []
  const worker = (): Disks => {
    const remote = openRemote({ keyFile: host.keyFile })
    const guarded = openGuardedHost({ remote, site: SITE, deeds: diskDeeds(), folder: host.folder })
    opened.push({ remote, guarded })
    return openDisks({ guarded, images, pieceBytes: MIB, pushMs: 500 })
  }
  beforeEach(async () => {
    host = await startSshd()
    images = openMemoryImages()
  })
  afterEach(async () => {
    for (const { guarded, remote } of opened.splice(0)) {
      await guarded.close()
      await remote.close()
    }
    await host.close()
  })

  const claim = (resource: string, key: string): EffectTicket => ({
    resource,
    epoch: { era: 1, number: ++epochs },
    key,
  })
  /** As jobs do: after no answer, a newer claim, or work of another it is tried again in a moment. */
  const done = <T>(order: (ticket: EffectTicket) => Promise<Effect<T>>, resource: string, key: string): Promise<T> =>
    through(() => order(claim(resource, key)), {
      patienceMs: 100_000,
      mostMs: 300,
      retriesOn: ['unreachable', 'timeout', 'stale', 'busy'],
    })
  const logins = (): number => (host.log().match(/Accepted publickey/g) ?? []).length
  const make = (disks: Disks, name: string, file: { readonly sha256: string; readonly bytes: number }) =>
    done(
      (ticket) =>
        disks.disk.ensure(host.target, ticket, {
          name,
          sizeGiB: SIZE / GIB,
          source: { from: 'snapshot', snapshot: 's', file: { ...file, format: 'raw', sizeGiB: 1 } },
        }),
      name,
      `${name}/1`,
    )
  const disk = (name: string): Buffer => {
    const folder = join(host.folder, SITE, 'disks')
    return readFileSync(join(folder, `${name}.raw`))
  }

  test('two workers and a cut connection bring one image; a snapshot of its disk is the same disk again', async () => {
    const contents = noise(SIZE)
    images.files.set(sha256(contents), contents)
    const file = { sha256: sha256(contents), bytes: SIZE }
    const [one, two] = [worker(), worker()]
    // A raw clone, whatever tools this machine has.
    await opened[0]?.guarded.install(host.target)
    mkdirSync(join(host.folder, SITE), { recursive: true })
    writeFileSync(join(host.folder, SITE, 'settings'), 'clone=copy\n')
    let before: number | undefined
    images.spoil = (piece) => {
      if (before === undefined && images.given > SIZE / 2) {
        before = logins()
        host.dropConnections()
      }
      return piece
    }
    await Promise.all([make(one, 'vol-1', file), make(two, 'vol-2', file)])
    expect(logins()).toBeGreaterThan(before ?? Number.POSITIVE_INFINITY)
    expect(same(disk('vol-1'), contents)).toBe(true)
    expect(same(disk('vol-2'), contents)).toBe(true)
    images.files.clear()
    const snapshot = (disks: Disks) =>
      done((ticket) => disks.disk.snapshot(host.target, ticket, 'vol-1', 'snap-1'), 'vol-1', 'snap-1/snapshot/up/1')
    const [taken, again] = await Promise.all([snapshot(one), snapshot(two)])
    expect(taken).toMatchObject({ sha256: file.sha256, bytes: SIZE, format: 'raw' })
    expect(again).toEqual(taken)
    expect(same(images.files.get(file.sha256), contents)).toBe(true)
    await done((ticket) => one.disk.remove(host.target, ticket, 'snap-1'), 'vol-1', 'snap-1/snapshot/down/2')
    for (const name of ['vol-1', 'vol-2'])
      await done((ticket) => two.disk.remove(host.target, ticket, name), name, `${name}/down`)
  }, 120_000)
})
