/** What `up` prints when it is ready: what it is, where it is, and two sessions to paste. No secret is printed. */
import { relative } from 'node:path'
import type { Session } from '../session'

export interface Greeting {
  readonly version: string
  readonly session: Session
  readonly data: string
  readonly simulatedHosts: number
  readonly seconds: number
  readonly continued: boolean
}

/** Data folder as the reader would type it, from where they are. */
const typed = (data: string): string => {
  const near = relative(process.cwd(), data)
  return near.startsWith('..') ? data : near || '.'
}

const simulatedNote = (hosts: number): readonly string[] =>
  hosts === 0
    ? []
    : [
        '',
        `The ${hosts} hosts behind it are SIMULATED: machines are records and timers, nothing is virtualised,`,
        'and no guest can be logged in to. Every front says so of each machine.',
      ]

/** The greeting's text, a newline at its end. */
export function greeting(it: Greeting): string {
  const { session } = it
  const folder = typed(it.data)
  const env = `eval "$(npx occi-gateway env${folder === 'data' ? '' : ` --data ${folder}`})"`
  return `${[
    '',
    `occi-gateway ${it.version}: a cloud gateway that speaks OCCI 1.2 and the EC2 API over the same machines.`,
    ...simulatedNote(it.simulatedHosts),
    '',
    `  OCCI    ${session.occiUrl}`,
    `  EC2     ${session.ec2Url}   (region ${session.region})`,
    `  admin   ${new URL('/api/v1/', session.occiUrl)}   (occi-gateway host list, …)`,
    `  data    ${folder}/   (first-session.json: user and keys; logs/)`,
    '',
    'A first session with aws, in another terminal:',
    '',
    `  ${env}`,
    ...awsSession(session),
    '',
    'The same machines by OCCI, with curl:',
    '',
    `  ${env}`,
    ...OCCI_SESSION,
    '',
    `${it.continued ? 'Ready again' : 'Ready'} after ${it.seconds.toFixed(1)} s. Ctrl-C ends all of it; the state is kept.`,
  ].join('\n')}\n`
}

/** The endpoint is named because clients before 2.13 do not read it from the environment. */
const EC2 = (action: string): string => `  aws ec2 ${action} --endpoint-url "$AWS_ENDPOINT_URL_EC2" \\`

const awsSession = (session: Session): readonly string[] => [
  EC2('run-instances'),
  `    --image-id ${session.imageId} --instance-type ${session.instanceType} --count 2 \\`,
  // Short enough that no client opens a pager, which would eat the lines pasted behind it.
  "    --output table --query 'Instances[].[InstanceId,State.Name]'",
  EC2('describe-instances'),
  "    --output table --query 'Reservations[].Instances[].[InstanceId,InstanceType,State.Name]'",
]

const OCCI_SESSION: readonly string[] = [
  '  curl -w \'\\n\' -u "$OCCI_USER:$OCCI_PASSWORD" -H \'Accept: text/uri-list\' "$OCCI_ENDPOINT"compute/',
  '  curl -w \'\\n\' -u "$OCCI_USER:$OCCI_PASSWORD" -X POST "$OCCI_ENDPOINT"compute/ -H \'Content-Type: text/occi\' \\',
  '    -H \'Category: compute; scheme="http://schemas.ogf.org/occi/infrastructure#"; class="kind"\' \\',
  `    -H 'X-OCCI-Attribute: occi.core.title="my first"'`,
]
