/**
 * The first operator. The token must reach the operator's file before the record exists: were it the other way round, a
 * process killed in between would leave a site whose only token nobody knows.
 */
import { fault } from '../faults'
import type { KeyId } from '../model/ids'
import type { KeyRecord, KeyWish } from '../model/records'
import { seal, unseal } from '../store/sealed'
import { NOBODY } from '../store/store'
import { attempt } from './attempt'
import type { Context } from './context'
import { drawId, drawSecret, drawTokenId } from './draw'

/** Where the token is kept: the operator's file. */
export interface TokenFile {
  read(): string | undefined
  write(token: string): void
}

/**
 * Makes the operator's key unless there is one already; then a lost file is written again, for whoever has the key ring has
 * the token. Faults: 'unavailable'.
 */
export async function bootstrapOperator(context: Context, file: TokenFile): Promise<void> {
  await attempt(context, NOBODY, 'bootstrap-operator', async () => {
    await context.mirror.fresh()
    const known = context.mirror.all('key').filter((key) => key.wish.role === 'operator')
    if (known.length > 0) {
      writeAgain(context, file, known)
      return { change: undefined, value: undefined }
    }
    const token = file.read() ?? `${drawTokenId()}.${drawSecret()}`
    file.write(token)
    return { change: operatorKey(context, token), value: undefined }
  })
}

function writeAgain({ ring, log }: Context, file: TokenFile, known: readonly KeyRecord[]): void {
  if (file.read() !== undefined) return
  const key = known.find(({ wish }) => wish.enabled)
  if (!key) {
    log.warn({ event: 'operator.disabled' }, "the operator's file is lost and every operator's key disabled")
    return
  }
  try {
    file.write(`${key.wish.accessKeyId}.${unseal(ring, key.id, key.wish.secret)}`)
    log.warn({ event: 'operator.written-again' }, "the operator's file was lost: written again")
  } catch (err) {
    log.error({ event: 'operator.lost', err }, "the operator's file is lost and this key ring does not open its key")
  }
}

function operatorKey(context: Context, token: string) {
  const [tokenId = '', secret = ''] = [token.slice(0, token.indexOf('.')), token.slice(token.indexOf('.') + 1)]
  if (tokenId === '' || secret === '') throw fault('internal', "the operator's file has no usable token")
  const id = drawId<KeyId>()
  const wish: KeyWish = {
    accessKeyId: tokenId,
    secret: seal(context.ring, id, secret),
    user: null,
    role: 'operator',
    enabled: true,
    createdAt: context.clock.now(),
  }
  return {
    creates: [
      { ref: { kind: 'key', id } as const, project: null, wish, seen: null, journal: null, place: null, wake: false },
    ],
    takes: [{ hash: 'names', field: `key:${tokenId}`, value: `key:${id}` }],
  }
}
