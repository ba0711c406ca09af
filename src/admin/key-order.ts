/** An order for credentials of a user: an access key or a token. */
import { z } from 'zod'
import { text } from './input'

export const keyOrderShape = z.strictObject({
  user: text,
  access: z.literal('read-only', 'read-only, or left out').optional(),
  expiresInSeconds: z.int('a whole number').optional(),
})

interface KeyOrder {
  readonly user: string
  readonly access?: 'read-only'
  readonly expiresInSeconds?: number
}

/** The order without what was left out. */
export const keyOrder = ({ user, access, expiresInSeconds }: z.output<typeof keyOrderShape>): KeyOrder => ({
  user,
  ...(access === undefined ? {} : { access }),
  ...(expiresInSeconds === undefined ? {} : { expiresInSeconds }),
})
