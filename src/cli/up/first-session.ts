/**
 * The first project: made through the admin API on the first start, with a user and a key, and written to
 * `<data>/first-session.json`. Killed between the two, the next start finds the project and gives it new credentials.
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { asFault } from '../../faults'
import type { AdminClient } from '../admin-client'
import { defaultOffers } from '../offers'
import { endpoints, readSession, type Session, writeSession } from '../session'

const PROJECT = 'first'

const newKey = z.object({ accessKeyId: z.string(), secretAccessKey: z.string() })
const newProject = newKey.extend({ user: z.string(), password: z.string(), accountId: z.string() })
const projects = z.object({ projects: z.array(z.object({ name: z.string(), accountId: z.string() })) })
type Credentials = z.infer<typeof newProject>

export interface Site {
  readonly data: string
  readonly region: string
  /** Where clients reach the gateway, without a slash at its end. */
  readonly url: string
}

/** The session of the first start, with the endpoints of this one. */
export async function firstSession(admin: AdminClient, site: Site): Promise<Session> {
  const kept = readSession(site.data)
  // Another region is another site: what is in the file is unknown there.
  const before = kept?.region === site.region ? kept : undefined
  const credentials = before ?? (await obtain(admin))
  const session: Session = {
    ...endpoints(site.url),
    user: credentials.user,
    password: credentials.password,
    accessKeyId: credentials.accessKeyId,
    secretAccessKey: credentials.secretAccessKey,
    accountId: credentials.accountId,
    region: site.region,
    ...(before ? { imageId: before.imageId, instanceType: before.instanceType } : await defaultOffers(admin)),
  }
  if (JSON.stringify(session) !== JSON.stringify(kept)) writeSession(site.data, session)
  return session
}

async function obtain(admin: AdminClient): Promise<Credentials> {
  try {
    return newProject.parse(await admin.post('/projects', { name: PROJECT }))
  } catch (error) {
    if (asFault(error).kind !== 'exists') throw error
    return renew(admin)
  }
}

async function renew(admin: AdminClient): Promise<Credentials> {
  const found = projects.parse(await admin.get('/projects')).projects.find((project) => project.name === PROJECT)
  const password = randomBytes(18).toString('base64url')
  await admin.patch(`/users/${PROJECT}`, { password })
  const key = newKey.parse(await admin.post('/keys', { user: PROJECT }))
  return { ...key, user: PROJECT, password, accountId: found?.accountId ?? '' }
}
