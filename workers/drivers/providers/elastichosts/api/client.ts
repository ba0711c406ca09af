/** The calls of a zone that the driver makes, each with what it takes and tells. Faults: those of request.ts and refusals.ts. */
import { fault } from '../../../../../src/faults'
import type { Sender, Sent } from '../../http'
import { type Configuration, type Format, MEDIA, writeConfiguration } from './format'
import { type Drive, driveIn, type Resource, resourceIn, type Server, serverIn } from './objects'
import { type Properties, readObjects } from './properties'
import { type Answer, faultOf } from './refusals'

export interface Zone {
  /** URL of the zone, with a path where a reseller has one. */
  readonly endpoint: string
  readonly format: Format
  /** Asked anew for each request, so that nothing here holds them. */
  readonly credentials: () => { readonly account: string; readonly secret: string }
}

/** Calls on a server that say nothing but that they were taken. */
export type ServerVerb = 'start' | 'stop' | 'shutdown' | 'reset' | 'destroy'
export type ResourceType = 'ip' | 'vlan'

export interface Client {
  /** All servers of the account in one call. */
  servers(): Promise<readonly Server[]>
  /** Made and started. */
  createServer(configuration: Configuration): Promise<Server>
  setServer(id: string, change: Configuration): Promise<Server>
  server(id: string, verb: ServerVerb): Promise<void>
  /** All drives of the account in one call. */
  drives(): Promise<readonly Drive[]>
  drive(id: string): Promise<Drive>
  /** Ids of the images that the zone offers, which are gzip files. */
  standardImages(): Promise<readonly string[]>
  createDrive(configuration: Configuration): Promise<Drive>
  setDrive(id: string, change: Configuration): Promise<Drive>
  destroyDrive(id: string): Promise<void>
  /** Starts a copy onto a drive; it runs on by itself. */
  copyImage(order: { readonly onto: string; readonly from: string; readonly how: 'plain' | 'gunzip' }): Promise<void>
  /** From its beginning, or `at` a byte of it; packed bytes are unpacked there. */
  writeDrive(id: string, bytes: Uint8Array, where?: Where): Promise<void>
  resources(type: ResourceType): Promise<readonly Resource[]>
  createResource(type: ResourceType, name: string): Promise<Resource>
  destroyResource(type: ResourceType, id: string): Promise<void>
}

interface Where {
  readonly at: number
  readonly encoding?: 'gzip'
}

type Order = Pick<Sent, 'method' | 'body'> & { readonly type?: string; readonly encoding?: 'gzip' }

export function openClient(zone: Zone, sender: Sender): Client {
  const { format } = zone

  /** Answers of status 2xx. */
  async function ask(path: string, { method, body, type = MEDIA[format], encoding }: Order): Promise<Answer> {
    const { account, secret } = zone.credentials()
    const headers = {
      authorization: `Basic ${Buffer.from(`${account}:${secret}`).toString('base64')}`,
      accept: MEDIA[format],
      ...(method === 'POST' ? { 'content-type': type } : {}),
      ...(encoding === undefined ? {} : { 'content-encoding': encoding }),
    }
    const {
      status,
      headers: told,
      body: said,
    } = await sender.send({
      method,
      url: new URL(path, zone.endpoint.endsWith('/') ? zone.endpoint : `${zone.endpoint}/`),
      headers,
      ...(body === undefined ? {} : { body }),
    })
    const answer = { status, code: String(told['x-elastic-error'] ?? ''), body: said }
    if (status < 200 || status > 299) throw faultOf(answer, commandIn(path))
    return answer
  }

  async function read<T>(path: string, order: Order, parse: (one: Properties) => T | undefined): Promise<readonly T[]> {
    const { status, body } = await ask(path, order)
    // Nothing at all is an empty list in text only: a JSON answer that was lost on its way is no proof that all is gone.
    const isLost = status !== 200 || (format === 'json' && body.length === 0)
    const objects = isLost ? undefined : readObjects(body)?.map(parse)
    if (!objects?.every((one) => one !== undefined))
      throw fault('unreachable', `the provider's answer to ${commandIn(path)} cannot be read`)
    return objects
  }

  const list = <T>(path: string, parse: (one: Properties) => T | undefined) => read(path, { method: 'GET' }, parse)

  async function readOne<T>(path: string, order: Order, parse: (one: Properties) => T | undefined): Promise<T> {
    const [object] = await read(path, order, parse)
    if (object === undefined) throw fault('unreachable', `the provider's answer to ${commandIn(path)} is empty`)
    return object
  }

  /** A change that tells the object that it made or changed. */
  const change = <T>(path: string, configuration: Configuration, parse: (one: Properties) => T | undefined) =>
    readOne(path, { method: 'POST', body: writeConfiguration(configuration, format) }, parse)

  const post = async (path: string, body?: Uint8Array, encoding?: 'gzip'): Promise<void> => {
    const packed = encoding === undefined ? {} : { encoding }
    await ask(path, { method: 'POST', ...(body ? { body, type: 'application/octet-stream', ...packed } : {}) })
  }

  return {
    servers: () => list('servers/info', serverIn),
    createServer: (configuration) => change('servers/create', configuration, serverIn),
    setServer: (id, changes) => change(`servers/${id}/set`, changes, serverIn),
    server: (id, verb) => post(`servers/${id}/${verb}`),
    drives: () => list('drives/info', driveIn),
    drive: (id) => readOne(`drives/${id}/info`, { method: 'GET' }, driveIn),
    standardImages: async () => (await list('drives/info/standard', driveIn)).map((drive) => drive.id),
    createDrive: (configuration) => change('drives/create', configuration, driveIn),
    setDrive: (id, changes) => change(`drives/${id}/set`, changes, driveIn),
    destroyDrive: (id) => post(`drives/${id}/destroy`),
    copyImage: ({ onto, from, how }) => post(`drives/${onto}/image/${from}${how === 'gunzip' ? '/gunzip' : ''}`),
    writeDrive: (id, bytes, where) =>
      post(`drives/${id}/write${where === undefined ? '' : `/${where.at}`}`, bytes, where?.encoding),
    resources: (type) => list(`resources/${type}/info`, resourceIn),
    createResource: (type, name) => change(`resources/${type}/create`, { name }, resourceIn),
    destroyResource: (type, id) => post(`resources/${type}/${id}/destroy`),
  }
}

/** A call without the ids in it: `servers/create`, `drives/image`. */
const commandIn = (path: string): string =>
  path
    .split('/')
    .filter((word) => /^[a-z]+$/.test(word))
    .join('/')
