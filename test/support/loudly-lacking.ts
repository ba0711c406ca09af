import { fault } from '../../src/faults'

/** The fake, refusing loudly whatever word of the real thing it lacks. */
export const loudlyLacking = <T extends object>(have: T): T =>
  new Proxy(have, { get: (from, name) => Reflect.get(from, name) ?? missing(name) })

/** Promises look for `then`, jest for its own symbols: only words of Operations are missed loudly. */
const missing = (name: string | symbol): unknown =>
  typeof name === 'symbol' || name === 'then' || name === 'toJSON' || name === 'asymmetricMatch' || name === '$$typeof'
    ? undefined
    : () => {
        throw fault('unsupported', `the fake operations lack ${name}`)
      }
