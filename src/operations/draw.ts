/** Drawing names at random: ids, EC2's short names, MAC addresses, account ids, keys and passwords. */
import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { type ShortKind, shortName } from '../model/ids'

/** A fresh UUID as the id of a record. */
export const drawId = <Id extends string>(): Id => randomUUID() as string as Id

/** A fresh EC2 name: prefix and 17 hex digits. */
export const drawName = (kind: ShortKind): string => shortName(kind, randomBytes(9).toString('hex').slice(0, 17))

/** A locally administered unicast MAC address; 2^40 of them. Whoever makes an interface takes it, so that no site has one twice. */
export const drawMac = (): string => ['02', ...(randomBytes(5).toString('hex').match(/../g) ?? [])].join(':')

/** An account id: 12 digits, the first no zero, so that no tool takes it for octal or drops it. */
export const drawAccount = (): string =>
  `${randomInt(1, 10)}${randomInt(0, 10 ** 11)
    .toString()
    .padStart(11, '0')}`

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** An access key id in AWS's form: AKIA and 16 characters of base32. */
export const drawAccessKeyId = (): string =>
  `AKIA${Array.from(randomBytes(16), (byte) => BASE32[byte & 31] ?? 'A').join('')}`

/** A secret access key in AWS's form: 40 characters of base64. */
export const drawSecret = (): string => randomBytes(30).toString('base64')

/** A password that pastes well: 24 characters of base64url, 144 bits. */
export const drawPassword = (): string => randomBytes(18).toString('base64url')

/** The id of an operator's token: `op-` and 12 hex digits. */
export const drawTokenId = (): string => `op-${randomBytes(6).toString('hex')}`
