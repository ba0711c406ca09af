/** Templates and versions by EC2's ClientToken: what was made once is answered once more. */
import { fault } from '../../faults'
import type { Propose, Refusal } from '../attempt'
import type { Caller, Context } from '../context'
import { knownToken } from '../run/client-token'
import type { TemplateWithVersion } from './operations'
import { ownTemplate, versionNumbered, versionsOf } from './read'

interface Token {
  readonly token: string
  readonly digest: string
}

type Known = Extract<Refusal, { readonly state: 'token' }>

/**
 * The decision, kept under its token: who sends that again gets the first answer, even where it could no longer be had. Faults: those
 * of the decision, 'idempotency' for other parameters, 'not-found' for what was deleted since.
 */
export const once =
  <T>(
    caller: Caller,
    { token, dryRun }: { readonly token?: Token; readonly dryRun?: boolean },
    decide: Propose<T>,
    again: (context: Context, answer: unknown) => T,
  ): Propose<T> =>
  async (context, refusal) => {
    if (token === undefined || dryRun) return decide(context, refusal)
    const first = async (known: Known) => {
      if (known.digest !== token.digest)
        throw fault('idempotency', 'this client token was used with other parameters', { field: 'token' })
      await context.mirror.fresh(caller.project)
      return { change: undefined, value: again(context, known.answer) }
    }
    if (refusal?.state === 'token') return first(refusal)
    try {
      const { change, ...rest } = await decide(context, refusal)
      return { ...rest, change: change && { ...change, token: { project: caller.project, ...token } } }
    } catch (thrown) {
      const known = await knownToken(context, caller, token)
      if (known) return first(known)
      throw thrown
    }
  }

/** What the first answer named. Faults: 'not-found'. */
export function answered({ mirror }: Context, { project }: Caller, answer: unknown): TemplateWithVersion {
  const { launchTemplate: id, version: number } = { launchTemplate: '', version: 0, ...(answer as object) }
  const template = ownTemplate(mirror, project, id as TemplateWithVersion['template']['id'])
  return { template, version: versionNumbered(versionsOf(mirror, template), number) }
}
