/** What is spoken with a server, from its query interface (GFD.223 §5.5.1). */
import { fault } from '../../../../../src/faults'
import { COMPUTE } from '../../../../../src/model/occi/names'
import type { Answer } from '../../http'
import { readJsonModel, readTextModel, type ServerModel } from './model'
import { faultOf } from './refusals'
import type { Rendering } from './write'

export interface Spoken {
  readonly version: '1.1' | '1.2'
  readonly rendering: Rendering
  readonly model: ServerModel
  /** Path of all computes. */
  readonly collection: string
}

/** Sends a GET; answers of any status. */
export type Get = (path: string, accept: string, version: Spoken['version']) => Promise<Answer>

const JSON_TYPE = 'application/occi+json'
/** The second one some servers have instead. */
const QUERY_INTERFACES = ['/-/', '/.well-known/org/ogf/occi/-/']

/** Faults: 'unreachable', also for what is no OCCI server; 'refused' where it does not speak what it has to by the settings. */
export async function discover(wanted: Rendering | 'auto', get: Get): Promise<Spoken> {
  const isJsonOnly = wanted === JSON_TYPE
  const model = isJsonOnly || wanted === 'auto' ? await jsonModel(get) : undefined
  if (model !== undefined) return spokenBy(model, '1.2', JSON_TYPE)
  if (isJsonOnly) throw fault('refused', 'its server does not speak JSON of OCCI 1.2')
  return spokenBy(await textModel(get), '1.1', wanted === 'text/occi' ? wanted : 'text/plain')
}

const spokenBy = (model: ServerModel, version: Spoken['version'], rendering: Rendering): Spoken => {
  const kind = model.get(COMPUTE)
  if (kind === undefined) throw fault('refused', 'its server offers no computes')
  const collection = kind.location ?? '/compute/'
  return { version, rendering, model, collection: collection.endsWith('/') ? collection : `${collection}/` }
}

/** Undefined: it has none of 1.2. A client of 1.2 is refused by a server of 1.1 (501), and so may be the type. */
async function jsonModel(get: Get): Promise<ServerModel | undefined> {
  for (const path of QUERY_INTERFACES) {
    const answer = await get(path, JSON_TYPE, '1.2')
    if (isNotThere(answer)) continue
    if ([400, 406, 415, 501].includes(answer.status)) return undefined
    if (answer.status !== 200) throw faultOf(answer, 'look', 'tell what it can do')
    return isOf(answer, JSON_TYPE) || isOf(answer, 'application/json') ? readJson(answer) : undefined
  }
  return undefined
}

const readJson = ({ body }: Answer): ServerModel | undefined => {
  try {
    return readJsonModel(body.toString('utf8'))
  } catch {
    return undefined
  }
}

async function textModel(get: Get): Promise<ServerModel> {
  for (const path of QUERY_INTERFACES) {
    const answer = await get(path, 'text/plain', '1.1')
    if (isNotThere(answer)) continue
    if (answer.status !== 200) throw faultOf(answer, 'look', 'tell what it can do')
    try {
      return readTextModel(answer.body.toString('utf8'))
    } catch (cause) {
      throw fault('unreachable', 'its provider tells what it can do in words that cannot be read', { cause })
    }
  }
  throw fault('unreachable', 'there is no OCCI server at its address')
}

const isNotThere = ({ status }: Answer): boolean => status === 404
const isOf = ({ headers }: Answer, type: string): boolean => (headers['content-type'] ?? '').startsWith(type)
