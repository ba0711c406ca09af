/** An order for machines, checked before anything is read: counts, lengths, user data, tags. */
import { fault } from '../../faults'
import { isUuid } from '../../model/ids'
import { wrongIn } from '../../model/placement'
import { type BurstOrder, wrongInTemplate } from '../../model/providers/template'
import { checkTags } from '../check-tags'
import type { RunOrder } from '../operations'
import { unusableId } from '../own-id'
import { checkSize, MOST_VOLUMES } from '../storage/check'

export const MOST_AT_ONCE = 1000
const USER_DATA_BYTES = 16 * 1024
const LONGEST = { title: 255, summary: 1024, keyName: 255, zone: 64, type: 64 } as const
const HOSTNAME = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i

const isCount = (value: number): boolean => Number.isInteger(value) && value >= 1 && value <= MOST_AT_ONCE

/** Faults: 'invalid', 'combination' or 'too-large', each naming the field of the order. */
export function checkOrder(order: RunOrder): void {
  for (const field of ['minCount', 'maxCount'] as const)
    if (!isCount(order[field]))
      throw fault('invalid', `${field} is a whole number from 1 to ${MOST_AT_ONCE}`, { field })
  if (order.minCount > order.maxCount)
    throw fault('combination', 'minCount is greater than maxCount', { field: 'minCount' })
  if (order.id !== undefined && !isUuid(order.id)) throw unusableId('compute', order.id)
  if (order.id !== undefined && order.maxCount !== 1)
    throw fault('combination', 'an id can be chosen for one machine only', { field: 'id' })
  for (const [field, most] of Object.entries(LONGEST) as [keyof typeof LONGEST, number][])
    if ((order[field]?.length ?? 0) > most) throw fault('invalid', `${field} has at most ${most} characters`, { field })
  if (order.hostname !== undefined && !HOSTNAME.test(order.hostname))
    throw fault('invalid', 'hostname is no valid DNS name', { field: 'hostname' })
  const wrong = order.placement && wrongIn(order.placement)
  if (wrong) throw fault('invalid', `${wrong.field}: ${wrong.message}`, { field: `placement.${wrong.field}` })
  if (order.burst) checkBurst(order.burst)
  if (order.tags) checkTags(order.tags)
  for (const tags of [order.interfaceTags, order.rootTags, ...(order.newVolumes ?? []).map((volume) => volume.tags)])
    if (tags) checkTags(tags)
  if (order.rootGiB !== undefined) checkSize(order.rootGiB)
  if ((order.newVolumes?.length ?? 0) + (order.attach?.length ?? 0) > MOST_VOLUMES)
    throw fault('too-large', `a machine has at most ${MOST_VOLUMES} volumes`, { field: 'volumes' })
  checkAmounts(order)
}

/** Faults: 'unknown-field' for a kind or key that there is not, 'invalid', 'too-large'. */
function checkBurst(burst: BurstOrder): void {
  const wrong = wrongInTemplate(burst)
  if (wrong)
    throw fault(wrong.allowed === undefined ? 'invalid' : 'unknown-field', `${wrong.field}: ${wrong.message}`, {
      field: `burst.${wrong.field}`,
      ...(wrong.allowed === undefined ? {} : { allowed: wrong.allowed }),
    })
  for (const text of Object.values(burst.userData ?? {})) canonicalUserData(text)
}

function checkAmounts(order: RunOrder): void {
  const { cores, memoryMiB } = order
  if (cores !== undefined && !(Number.isInteger(cores) && cores >= 1 && cores <= 4096))
    throw fault('invalid', 'cores is a whole number of at least 1', { field: 'cores' })
  if (memoryMiB !== undefined && !(Number.isInteger(memoryMiB) && memoryMiB >= 1 && memoryMiB <= 2 ** 32))
    throw fault('invalid', 'memory is a whole number of MiB, at least 1', { field: 'memoryMiB' })
}

/** User data in canonical base64. Faults: 'invalid' when it is none, 'too-large' above 16 KiB decoded (EC2 RunInstances). */
export function canonicalUserData(userData: string | undefined): string | null {
  if (userData === undefined || userData === '') return null
  const text = userData.replace(/[\r\n\t ]+/g, '')
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.replace(/=+$/, '').length % 4 === 1)
    throw fault('invalid', 'user data is not valid base64', { field: 'userData' })
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length > USER_DATA_BYTES)
    throw fault('too-large', `user data has at most ${USER_DATA_BYTES} bytes`, { field: 'userData' })
  return bytes.length === 0 ? null : bytes.toString('base64')
}
