/** What a person has to say in the environment before anything is made at Amazon. Pure. */
import { type SmallType, TYPES } from './cost'

interface Variable {
  readonly means: string
  readonly form: RegExp
  /** Without it nothing begins, unless this is what it is then. */
  readonly otherwise?: string
}

/** As docs/bursting.md lists them. */
export const VARIABLES = {
  AWS_ACCESS_KEY_ID: { means: 'key of a user of the account', form: /^\w{4,128}$/ },
  AWS_SECRET_ACCESS_KEY: { means: 'its secret', form: /^\S+$/ },
  LIVE_EC2_REGION: { means: 'region, as `eu-west-1`', form: /^[a-z]{2,}[a-z0-9-]*$/ },
  LIVE_EC2_IMAGE: { means: 'image there of a plain Linux, `ami-…`', form: /^ami-[0-9a-f]{8,17}$/ },
  LIVE_EC2_MOST_USD: { means: 'what it may cost at most, as `0.50`', form: /^\d+(\.\d+)?$/ },
  LIVE_EC2_TYPE: {
    means: `\`t3.nano\` if not said; one of ${TYPES.join(', ')}`,
    form: new RegExp(`^(${TYPES.map((type) => type.replace('.', '\\.')).join('|')})$`),
    otherwise: 't3.nano',
  },
  LIVE_EC2_SUBNET: {
    means: 'subnet of the machine, where the account has no default one',
    form: /^subnet-\w+$/,
    otherwise: '',
  },
  LIVE_EC2_ENDPOINT: {
    means: 'URL of the service, where it is not `https://ec2.REGION.amazonaws.com`',
    form: /^https?:\/\/\S+$/,
    otherwise: '',
  },
  LIVE_EC2_AGREED: { means: '`yes`: begin with what it says that it will do', form: /^yes$/, otherwise: 'no' },
} as const satisfies Readonly<Record<string, Variable>>
type Name = keyof typeof VARIABLES
const NAMES = Object.keys(VARIABLES) as readonly Name[]

export interface LiveSettings {
  readonly region: string
  readonly endpoint: string
  readonly image: string
  readonly type: SmallType
  readonly subnet: string | null
  /** US dollars. */
  readonly mostUsd: number
  readonly account: string
  /** Never printed. */
  readonly secret: string
  readonly agreed: 'yes' | 'no'
}

export type Environment = Readonly<Record<string, string | undefined>>

/** What is missing or not in its form, by name; values are never told, since one of them is the secret. */
export type SettingsRead =
  | { readonly settings: LiveSettings; readonly problems: readonly [] }
  | { readonly problems: readonly string[] }

/** Empty is not said. */
export function readSettings(env: Environment): SettingsRead {
  const problems = [...NAMES.flatMap((name) => problemOf(name, env[name])), ...withSession(env)]
  if (problems.length > 0) return { problems }
  const said = (name: Name): string => env[name] || ((VARIABLES[name] as Variable).otherwise ?? '')
  const region = said('LIVE_EC2_REGION')
  return {
    problems: [],
    settings: {
      region,
      endpoint: said('LIVE_EC2_ENDPOINT') || `https://ec2.${region}.amazonaws.com`,
      image: said('LIVE_EC2_IMAGE'),
      type: said('LIVE_EC2_TYPE') as SmallType,
      subnet: said('LIVE_EC2_SUBNET') || null,
      mostUsd: Number(said('LIVE_EC2_MOST_USD')),
      account: said('AWS_ACCESS_KEY_ID'),
      secret: said('AWS_SECRET_ACCESS_KEY'),
      agreed: said('LIVE_EC2_AGREED') === 'yes' ? 'yes' : 'no',
    },
  }
}

function problemOf(name: Name, value: string | undefined): readonly string[] {
  const { means, form, otherwise }: Variable = VARIABLES[name]
  if (value) return form.test(value) ? [] : [`${name} is not in its form: ${means}`]
  return otherwise === undefined ? [`${name} is missing: ${means}`] : []
}

/** The driver signs with the keys of a user, as operators give them: with those of a session every call would be refused. */
const withSession = ({ AWS_SESSION_TOKEN: token }: Environment): readonly string[] =>
  token ? ['AWS_SESSION_TOKEN is set: keys of a user are needed, not those of a session'] : []
