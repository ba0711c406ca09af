/** EC2 requests without HTTP: an action and its parameters in, status and XML out, or the fault. */

import { dispatch } from '../../src/ec2/dispatch'
import { ec2Code } from '../../src/ec2/faults'
import { asFault, type Fault } from '../../src/faults'
import { textOf } from '../../src/fragments/body'
import type { Caller } from '../../src/operations/context'
import type { Operations } from '../../src/operations/operations'
import { ann } from './fake-operations'

export type Parameters = Readonly<Record<string, string | number | boolean>>

export interface CallOptions {
  readonly operations: Operations
  readonly caller?: Caller
}

export const REQUEST_ID = '99999999-0000-4000-8000-000000000009'

/** Does one request as `caller` (ann unless said). */
export async function call(
  action: string,
  parameters: Parameters,
  options: CallOptions,
): Promise<{ readonly status: number; readonly body: string }> {
  const { status, body } = await dispatch(
    [['Action', action], ...Object.entries(parameters).map(([name, value]) => [name, String(value)] as const)],
    {
      operations: options.operations,
      caller: options.caller ?? ann,
      region: 'local-1',
      endpoint: '127.0.0.1:8787',
    },
    REQUEST_ID,
  )
  return { status, body: textOf(body) }
}

/** The XML of a request that must work. */
export async function xmlOf(action: string, parameters: Parameters, options: CallOptions): Promise<string> {
  const answer = await call(action, parameters, options)
  if (answer.status !== 200) throw new Error(`${action} answered ${answer.status}: ${answer.body}`)
  return answer.body
}

/** The fault of a request that must be refused. */
export async function faultOf(action: string, parameters: Parameters, options: CallOptions): Promise<Fault> {
  try {
    const answer = await call(action, parameters, options)
    throw new Error(`${action} was not refused: ${answer.status} ${answer.body}`)
  } catch (thrown) {
    const failure = asFault(thrown)
    if (failure.kind === 'internal') throw thrown
    return failure
  }
}

/** EC2's code of a request that must be refused. */
export const codeOf = async (action: string, parameters: Parameters, options: CallOptions): Promise<string> =>
  ec2Code(await faultOf(action, parameters, options)).code

/** The texts of all elements of a name, in order. */
export const texts = (xml: string, tag: string): string[] =>
  [...xml.matchAll(new RegExp(`<${tag}>([^<]*)</${tag}>|<${tag}/>`, 'g'))].map((match) => match[1] ?? '')

/** Indented, one element a line, for golden files. */
export function pretty(xml: string): string {
  let depth = 0
  return xml
    .replace(/>\s*</g, '>\n<')
    .split('\n')
    .map((line) => {
      if (line.startsWith('</')) depth -= 1
      const text = '  '.repeat(Math.max(depth, 0)) + line
      if (/^<[^/?][^>]*[^/]>$/.test(line) || /^<\w>$/.test(line)) depth += 1
      return text
    })
    .join('\n')
    .concat('\n')
}
