/** Clients of EC2 ask STS, and some IAM, on the same URL: told apart by the service's one version, or by the action. */
import type { Pair } from '../codec'
import { parameter } from '../parameters'
import { QUERY_ACTIONS } from './actions'

export interface QueryService {
  readonly name: 'sts' | 'iam'
  readonly namespace: string
}

const SERVICES = {
  sts: { name: 'sts', namespace: 'https://sts.amazonaws.com/doc/2011-06-15/' },
  iam: { name: 'iam', namespace: 'https://iam.amazonaws.com/doc/2010-05-08/' },
} as const satisfies Record<QueryService['name'], QueryService>

/** EC2 has no version of these dates. */
const BY_VERSION: ReadonlyMap<string, QueryService> = new Map<string, QueryService>([
  ['2011-06-15', SERVICES.sts],
  ['2010-05-08', SERVICES.iam],
])
/** And no action of these names. */
const BY_ACTION: ReadonlyMap<string, QueryService> = new Map(
  QUERY_ACTIONS.map(({ name, service }) => [name, SERVICES[service]]),
)

/** STS or IAM when the request is theirs; undefined for EC2's. */
export const queryServiceOf = (pairs: readonly Pair[]): QueryService | undefined =>
  BY_VERSION.get(parameter(pairs, 'Version') ?? '') ?? BY_ACTION.get(parameter(pairs, 'Action') ?? '')
