/** Where the lab keeps what it built: outside of the repository, so that every checkout finds it. */
import { homedir } from 'node:os'
import { join } from 'node:path'

/** OCCI_GATEWAY_LAB_CACHE, else a folder of the user's cache. */
export function labCache(env: NodeJS.ProcessEnv = process.env): string {
  if (env.OCCI_GATEWAY_LAB_CACHE) return env.OCCI_GATEWAY_LAB_CACHE
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'occi-gateway-lab')
}
