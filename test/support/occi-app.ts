/** The OCCI front alone in an express app, over operations in memory; the body is read and the caller set as http/app.ts does it. */
import express, { type Express } from 'express'
import request, { type Test } from 'supertest'
import { fault } from '../../src/faults'
import { type Model, occiErrors, occiFront, openModel } from '../../src/occi'
import type { Caller } from '../../src/operations/context'
import type { Operations } from '../../src/operations/operations'
import { ann, bob, type FakeOperations, fakeOperations } from './fake-operations'

export const product = { name: 'occi-gateway', version: '0.1.0' }

/** Read once: the files do not change while tests run. */
const standard: Model = openModel()

export interface OcciApp {
  readonly app: Express
  readonly operations: FakeOperations
  readonly model: Model
  /** A request of ann's; `as` for somebody else. */
  readonly ask: Ask
}

export type Ask = (method: 'get' | 'head' | 'post' | 'put' | 'delete' | 'options' | 'patch', path: string) => Test

interface Options {
  readonly publicUrl?: string
  readonly model?: Model
  readonly origins?: readonly string[]
}

export function occiApp(options: Options = {}): OcciApp {
  const operations = fakeOperations()
  const { app, ask } = frontOver(operations, { ann, bob }, options)
  return { app, operations, model: options.model ?? standard, ask }
}

/** The front over operations that a test has, say the real ones; `ann` unless the header `x-test-user` says otherwise. */
export function frontOver(
  operations: Operations,
  callers: Readonly<Record<'ann' | 'bob', Caller>>,
  options: Options = {},
): { readonly app: Express; readonly ask: Ask } {
  const model = options.model ?? standard
  const app = express()
  app.disable('x-powered-by')
  app.use(express.raw({ type: () => true, limit: '1mb' }))
  app.use(
    occiFront({
      operations,
      product,
      model,
      ...(options.origins === undefined ? {} : { origins: options.origins }),
      ...(options.publicUrl === undefined ? {} : { publicUrl: options.publicUrl }),
      authenticate: (req, _res, next) => {
        const who = req.get('x-test-user') ?? 'ann'
        if (who === 'nobody') return next(fault('unauthenticated', 'this needs a user and a password'))
        req.user = who === 'bob' ? callers.bob : callers.ann
        next()
      },
    }),
  )
  app.use(occiErrors(product))
  return {
    app,
    ask: (method, path) => request(app)[method](path).set('Host', 'cloud.example.org').buffer(true).parse(asText),
  }
}

/** superagent would parse JSON and leave unknown types unread; tests look at the bytes. */
function asText(res: unknown, done: (error: Error | null, body: string) => void): void {
  const stream = res as NodeJS.ReadableStream
  const parts: Buffer[] = []
  stream.on('data', (part: Buffer) => parts.push(part))
  stream.on('end', () => done(null, Buffer.concat(parts).toString('utf8')))
}

export const BASE = 'http://cloud.example.org'
const OCCI = 'http://schemas.ogf.org/occi/'
export const COMPUTE_KIND = `Category: compute; scheme="${OCCI}infrastructure#"; class="kind"`

/** Creates a compute and says its path. */
export async function created(app: OcciApp, ...lines: readonly string[]): Promise<string> {
  const answer = await app
    .ask('post', '/compute/')
    .set('Content-Type', 'text/plain')
    .send([COMPUTE_KIND, ...lines].join('\n'))
  if (answer.status !== 201) throw new Error(`not created: ${answer.status} ${String(answer.body)}`)
  return String(answer.headers.location).slice(BASE.length)
}
