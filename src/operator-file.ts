/** `<data>/operator.json` (0600): `{url, token}`, the command line's way to the admin API. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { fault } from './faults'
import { jsonOf } from './model/json'
import type { TokenFile } from './operations/bootstrap-operator'

const shape = z.object({ url: z.string(), token: z.string().min(1) })

export interface OperatorFile extends TokenFile {
  /** Names where the gateway answers now, if there is a token to go with it. */
  setUrl(url: string): void
}

/** Faults: 'invalid' when there is a file that is none of ours. */
export function operatorFile(data: string): OperatorFile {
  const file = join(data, 'operator.json')
  const read = (): z.output<typeof shape> | undefined => {
    let text: string
    try {
      text = readFileSync(file, 'utf8')
    } catch {
      return undefined
    }
    const parsed = shape.safeParse(jsonOf(text))
    if (parsed.success) return parsed.data
    throw fault('invalid', `${file} is not as this gateway wrote it; bring back the right one`)
  }
  const write = (content: z.output<typeof shape>): void => {
    mkdirSync(data, { recursive: true, mode: 0o700 })
    writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600, flush: true })
    renameSync(`${file}.new`, file)
  }
  return {
    read: () => read()?.token,
    write: (token) => write({ url: read()?.url ?? '', token }),
    setUrl(url) {
      const content = read()
      if (content && content.url !== url) write({ ...content, url })
    },
  }
}
