/**
 * Images to a gateway of our own kind, by its tenants' own way for files (/images/v1): an image of the account's project, whose disk is sent in
 * pieces. OCCI itself has no word for it, so any other server is refused, before anything changes there. An image is known by its name, which
 * only one of a project has: a lost answer makes no second one. One that failed keeps its name until it is removed (tidy), so the next has a
 * number behind it.
 */
import { z } from 'zod'
import { fault } from '../../../../src/faults'
import { pieceOfFile } from '../../../../src/model/pieces'
import type { HostTarget, ImageCarrier } from '../../driver'
import type { Answer, Sender, Sent } from '../http'
import type { Server } from './api/client'
import { faultOf } from './api/refusals'
import { addressAt } from './api/url'

const PIECE_BYTES = 2 * 1024 ** 2

const line = z.looseObject({
  id: z.uuid(),
  ami: z.string(),
  name: z.string(),
  state: z.string(),
  message: z.string().nullable(),
})
const listed = z.object({ images: z.array(line) })
const whole = line.extend({
  files: z.looseObject({ disk: z.looseObject({ sha256: z.string() }).optional() }),
  imports: z.array(z.looseObject({ id: z.uuid(), sent: z.boolean() })),
})
const progress = z.looseObject({ have: z.int().min(0) })

type Image = z.output<typeof whole>

export function openCarrier(site: string, serverOf: (host: HostTarget) => Server, sender: Sender): ImageCarrier {
  const send = (host: HostTarget, path: string, { method, body, headers }: Omit<Sent, 'url'>): Promise<Answer> => {
    const { endpoint, settings, credentials } = serverOf(host)
    const { account, secret } = credentials()
    const basic = Buffer.from(`${account}:${secret}`).toString('base64')
    const authorization = settings.auth === 'token' ? `Bearer ${secret}` : `Basic ${basic}`
    return sender.send({
      method,
      url: addressAt(endpoint, `/images/v1${path}`),
      headers: { authorization, accept: 'application/json', ...headers },
      ...(body === undefined ? {} : { body }),
    })
  }

  async function ask<T>(host: HostTarget, path: string, order: Partial<Sent>, shape: z.ZodType<T>): Promise<T> {
    const answer = await send(host, path, { method: 'GET', headers: {}, ...order })
    const { status } = answer
    // Somebody else, or the answer that was lost, was there before: it is looked at again.
    if (status === 409) throw fault('busy', 'its provider has something of that image already')
    if (status < 200 || status > 299) throw faultOf(answer, 'change', 'take an image')
    return readAs(shape, answer)
  }

  /** Of the account's project, those that bear the image's name. */
  async function ours(host: HostTarget, image: string): Promise<readonly z.output<typeof line>[]> {
    const answer = await send(host, '/images', { method: 'GET', headers: {} })
    if (answer.status === 404 || answer.status === 405) throw notOurKind()
    if (answer.status !== 200) throw faultOf(answer, 'look', 'list its images')
    const { images } = readAs(listed, answer)
    return images.filter(({ name }) => name === nameOf(site, image) || name.startsWith(`${nameOf(site, image)}.`))
  }

  const read = (host: HostTarget, object: string): Promise<Image> =>
    ask(host, `/images/${idsIn(object).image}`, {}, whole)

  return {
    pieceBytes: (fileBytes) => pieceOfFile(PIECE_BYTES, fileBytes),
    async begin(host, { image, bytes, sha256 }) {
      const there = await ours(host, image)
      for (const { id, state } of there) {
        if (state === 'failed') continue
        const found = await read(host, id)
        if (state === 'available' && found.files.disk?.sha256 === sha256) return { object: id, bytes }
        const [one] = found.imports
        if (state !== 'pending' || one === undefined) continue
        const have = one.sent ? bytes : (await ask(host, `/uploads/${one.id}`, {}, progress)).have
        return { object: objectOf(id, one.id), bytes: have }
      }
      const taken = new Set(there.map(({ name }) => name))
      const body = JSON.stringify({
        name: freeName(nameOf(site, image), taken),
        parts: { disk: { bytes, digest: sha256 } },
      })
      const made = await ask(host, '/images', { method: 'POST', headers: JSON_BODY, body }, whole)
      const [one] = made.imports
      // The same contents are there already: nothing is to be sent.
      return one === undefined || one.sent
        ? { object: objectOf(made.id, one?.id ?? ''), bytes }
        : { object: objectOf(made.id, one.id), bytes: 0 }
    },
    async put(host, object, at, piece) {
      const range = `bytes ${at}-${at + piece.length - 1}/*`
      const headers = { 'content-type': 'application/octet-stream', 'content-range': range }
      const answer = await send(host, `/uploads/${idsIn(object).file}`, { method: 'PUT', headers, body: piece })
      if (answer.status === 404) throw fault('not-found', 'what it was sent to is not there any more')
      if (answer.status !== 409) {
        if (answer.status < 200 || answer.status > 299) throw faultOf(answer, 'change', 'take a piece of an image')
        return
      }
      // This very piece, of which nobody heard that it came; or all that came was dropped.
      const { have } = readAs(progress.partial(), answer)
      if (have === undefined || have < at) throw fault('not-found', 'what was sent so far is not there any more')
      if (have < at + piece.length) throw fault('busy', 'its provider has a part of this piece')
    },
    async finish(host, object) {
      const { ami, state, message } = await read(host, object)
      if (state === 'available') return ami
      if (state === 'failed')
        throw fault('refused', `its provider could not use it: ${message ?? 'it does not say why'}`)
      throw fault('busy', 'its provider is still storing it')
    },
    async tidy(host, image, keep) {
      for (const { id, ami } of await ours(host, image)) {
        if (keep !== null && isNamed(keep, { id, ami })) continue
        const answer = await send(host, `/images/${id}`, { method: 'DELETE', headers: {} })
        if (answer.status !== 404 && (answer.status < 200 || answer.status > 299))
          throw faultOf(answer, 'change', 'remove an image')
      }
    },
  }
}

const JSON_BODY = { 'content-type': 'application/json' }

/** What a person sees in the provider's own list. */
const nameOf = (site: string, image: string): string => `og-${site}-${image}`

/** The name itself, or with the first number behind it that none has: what failed is not removed in the order in which it was made. */
function freeName(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name
  let number = 2
  while (taken.has(`${name}.${number}`)) number += 1
  return `${name}.${number}`
}

/** The image's id there, and that of its file on its way. */
const objectOf = (image: string, file: string): string => `${image}/${file}`
const idsIn = (object: string) => {
  const [image = '', file = ''] = object.split('/')
  return { image, file }
}

/** By what it came as, or an operator registered it by: its id, its `ami-…`, or that as a template's term, with or without the scheme. */
function isNamed(keep: string, { id, ami }: Pick<z.output<typeof line>, 'id' | 'ami'>): boolean {
  const term = keep.slice(keep.indexOf('#') + 1).toLowerCase()
  return term === ami || idsIn(term).image === id
}

const notOurKind = () =>
  fault('refused', 'its provider is no occi-gateway, and OCCI has no way to bring an image to a cloud')

/** Faults: 'refused' for a page for people, 'unreachable' for JSON of something else. */
function readAs<T>(shape: z.ZodType<T>, { body }: Answer): T {
  const read = shape.safeParse(jsonIn(body))
  if (read.success) return read.data
  throw fault('unreachable', "its provider's answer about an image cannot be read")
}

function jsonIn(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw notOurKind()
  }
}
