/** A wish, all or nothing: scripts/change.lua. */
import { monthOf } from '../model/providers/money'
import { SCHEMA } from '../model/records'
import { checkedId, refArguments } from './check'
import { texts, unexpected } from './reply'
import { type Argument, encode, listed, loadScript, runScript, type Site } from './script'
import type { Change, ChangeResult } from './store'

const script = loadScript('change')

/** Safe to run again with the same operation id: it changes nothing and gives the first answer. */
export async function change(site: Site, asked: Change, now: number): Promise<ChangeResult> {
  const [state, first, second] = texts(await runScript(site, script, changeArguments(asked, now)))
  switch (state) {
    case 'done':
      return { state, answer: asked.answer ?? null }
    case 'repeated':
      return { state, answer: JSON.parse(first ?? 'null') }
    case 'token':
      return { state, digest: first ?? '', answer: JSON.parse(second ?? 'null') }
    case 'moved': {
      const ref = refOf(asked, first, second)
      return { state, ref }
    }
    case 'taken': {
      const take = asked.takes?.[Number(first)]
      if (take) return { state, take }
      break
    }
    case 'quota': {
      const counter = asked.counters?.[Number(first)]
      if (counter) return { state, counter, have: Number(second) }
    }
  }
  throw unexpected([state, first, second])
}

function refOf(asked: Change, kind: string | null | undefined, id: string | null | undefined) {
  if (asked.reclaims?.some(({ host }) => kind === 'host' && host === id)) return { kind: 'host', id: id ?? '' } as const
  if (asked.groups?.some(({ group }) => kind === 'placementgroup' && group === id))
    return { kind: 'placementgroup', id: id ?? '' } as const
  if (asked.unchanged?.some(({ project }) => kind === 'project' && project === id))
    return { kind: 'project', id: id ?? '' } as const
  const all = [...(asked.holds ?? []), ...(asked.creates ?? []), ...(asked.updates ?? []), ...(asked.removals ?? [])]
  const found = all.find(({ ref }) => ref.kind === kind && ref.id === id)
  if (!found) throw unexpected(['moved', kind, id])
  return found.ref
}

const changeArguments = (asked: Change, now: number): readonly Argument[] => [
  checkedId(asked.operationId),
  now,
  ...[asked.what, asked.actor.user, asked.actor.key, asked.actor.source, asked.actor.requestId],
  encode(asked.answer),
  ...(asked.token ? [`${checkedId(asked.token.project)}:${asked.token.token}`, asked.token.digest] : ['', '']),
  ...listed(asked.holds, (h) => [...refArguments(h.ref), h.generation]),
  ...listed(asked.creates, (c) => [
    ...refArguments(c.ref),
    c.project === null ? '' : checkedId(c.project),
    SCHEMA,
    ...[encode(c.wish), encode(c.seen), encode(c.journal), encode(c.place)],
    c.wake,
  ]),
  ...listed(asked.updates, (u) => [
    ...refArguments(u.ref),
    u.generation,
    u.phase ?? '',
    encode(u.wish),
    u.raisePhase,
    u.wake,
    u.place === undefined ? '' : encode(u.place),
  ]),
  ...listed(asked.removals, (r) => [...refArguments(r.ref), r.generation]),
  ...listed(asked.releases, (r) => [r.hash, r.field]),
  ...listed(asked.takes, (t) => [t.hash, t.field, t.value]),
  ...listed(asked.counters, (c) => [c.project, c.name, c.by, c.limit ?? '']),
  ...listed(asked.waiting, (id) => [id]),
  ...listed(asked.stopWaiting, (id) => [id]),
  ...listed(asked.wakes, refArguments),
  ...listed(asked.reclaims, (r) => [checkedId(r.host), r.revision, checkedId(r.compute), r.claim, r.begins === true]),
  ...listed(asked.groups, (g) => [checkedId(g.group), g.revision]),
  monthOf(now),
  ...listed(asked.used, (one) => [encode(one)]),
  ...listed(asked.unchanged, (u) => [checkedId(u.project), u.revision]),
]
