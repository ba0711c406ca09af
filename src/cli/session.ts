/** `<data>/first-session.json`: all that a tenant needs to begin. Secret, 0600. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fault } from '../faults'

const shape = z.object({
  occiUrl: z.string(),
  ec2Url: z.string(),
  user: z.string(),
  password: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  accountId: z.string(),
  region: z.string(),
  imageId: z.string(),
  instanceType: z.string(),
})
export type Session = z.infer<typeof shape>

const fileIn = (data: string): string => join(data, 'first-session.json')

/** undefined when there is none (yet). 'invalid' when it is not what it should be. */
export function readSession(data: string): Session | undefined {
  const file = fileIn(data)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
  try {
    return shape.parse(JSON.parse(text))
  } catch (cause) {
    throw fault('invalid', `${file} is not a first session; remove it and start again: a new one is made`, { cause })
  }
}

/** Written whole or not at all. */
export function writeSession(data: string, session: Session): void {
  const file = fileIn(data)
  writeFileSync(`${file}.new`, `${JSON.stringify(session, null, 2)}\n`, { mode: 0o600 })
  renameSync(`${file}.new`, file)
}

/** Where the two fronts are, for a gateway at that URL (without a slash at its end). */
export const endpoints = (url: string): Pick<Session, 'occiUrl' | 'ec2Url'> => ({
  occiUrl: `${url}/`,
  ec2Url: `${url}/ec2/`,
})

const quoted = (value: string): string => `'${value.replaceAll("'", `'\\''`)}'`

/** As shell exports: what `aws` and the OCCI examples read. */
export const shellExports = (session: Session): string =>
  Object.entries({
    AWS_ACCESS_KEY_ID: session.accessKeyId,
    AWS_SECRET_ACCESS_KEY: session.secretAccessKey,
    AWS_DEFAULT_REGION: session.region,
    AWS_ENDPOINT_URL_EC2: session.ec2Url,
    AWS_ENDPOINT_URL_STS: session.ec2Url,
    AWS_ENDPOINT_URL_IAM: session.ec2Url,
    OCCI_ENDPOINT: session.occiUrl,
    OCCI_USER: session.user,
    OCCI_PASSWORD: session.password,
  })
    .map(([name, value]) => `export ${name}=${quoted(value)}\n`)
    .join('')
