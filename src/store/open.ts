/** Making a site's own keys: scripts/open.lua. */
import { SCHEMA } from '../model/records'
import { loadScript, runScript, type Site } from './script'

const script = loadScript('open')

/** Does nothing where they are there. */
export async function openSite(site: Site, now: number): Promise<void> {
  await runScript(site, script, [now, SCHEMA])
}
