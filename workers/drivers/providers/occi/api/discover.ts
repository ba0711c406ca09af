/** What is spoken with a server, from its query interface (GFD.223 §5.5.1). */
import { fault } from '../../../../../src/faults'
import { COMPUTE } from '../../../../../src/model/occi/names'
import { readHeaders, readTextPlain } from '../../../../../src/model/occi/text'
import type { Answer } from '../../http'
import { readJsonModel, type ServerModel, textModelOf } from './model'
import { faultOf } from './refusals'
import type { Rendering } from './write'

export interface Spoken {
  readonly version: '1.1' | '1.2'
  readonly rendering: Rendering
  /** How a list in text comes: as a body, which has no bound, wherever the server has bodies at all. */
  readonly lists: 'text/plain' | 'text/occi'
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
  const told = await textModel(get)
  const rendering = wanted === 'auto' ? told.in : wanted
  return spokenBy(told.model, '1.1', rendering, told.in)
}

function spokenBy(
  model: ServerModel,
  version: Spoken['version'],
  rendering: Rendering,
  lists: Spoken['lists'] = 'text/plain',
): Spoken {
  const kind = model.get(COMPUTE)
  if (kind === undefined) throw fault('refused', 'its server offers no computes')
  const collection = kind.location ?? '/compute/'
  return { version, rendering, lists, model, collection: collection.endsWith('/') ? collection : `${collection}/` }
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

interface ToldInText {
  readonly model: ServerModel
  readonly in: Spoken['lists']
}

/** As a body first: headers that hold a whole model are more than many a client or proxy takes. */
async function textModel(get: Get): Promise<ToldInText> {
  for (const path of QUERY_INTERFACES)
    for (const accept of ['text/plain', 'text/occi']) {
      const answer = await get(path, accept, '1.1')
      if (isNotThere(answer)) break
      if (accept === 'text/plain' && [400, 406, 415].includes(answer.status)) continue
      if (answer.status !== 200) throw faultOf(answer, 'look', 'tell what it can do')
      return readText(answer)
    }
  throw fault('unreachable', 'there is no OCCI server at its address')
}

/** Some answer in headers whatever they are asked for. */
function readText(answer: Answer): ToldInText {
  try {
    if (isOf(answer, 'text/occi')) return { model: textModelOf(readHeaders(answer.rawHeaders)), in: 'text/occi' }
    return { model: textModelOf(readTextPlain(answer.body.toString('utf8'))), in: 'text/plain' }
  } catch (cause) {
    throw fault('unreachable', 'its provider tells what it can do in words that cannot be read', { cause })
  }
}

const isNotThere = ({ status }: Answer): boolean => status === 404
const isOf = ({ headers }: Answer, type: string): boolean => (headers['content-type'] ?? '').startsWith(type)
