/** How the simulator says no: the statuses and words of the API, one line of text each. */

const STATUS = {
  usage: 400,
  auth: 401,
  billing: 402,
  missing: 404,
  method: 405,
  busy: 409,
  failed: 500,
  system: 500,
  full: 507,
} as const

/** The value of `X-Elastic-Error`. */
export type RefusalCode = keyof typeof STATUS

export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  constructor(
    readonly code: RefusalCode,
    message: string,
  ) {
    super(message)
    this.status = STATUS[code]
  }
}

export const refuse = (code: RefusalCode, message: string): Refusal => new Refusal(code, message)
