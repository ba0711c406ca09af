/**
 * One look at an account for all who ask at the same time. A look that was under way before somebody asked may not show what that one
 * knows to be there, so it is not shared: whoever asks meanwhile waits for the next one, together with all others.
 */
import type { Told } from './account'
import type { Client } from './api/client'

/** Servers before drives: what was made in between is seen as not finished, never as one too many. */
async function lookAt(client: Client): Promise<Told> {
  const servers = await client.servers()
  const drives = await client.drives()
  return { servers, drives, addresses: await client.resources('ip') }
}

export interface Looks {
  /** At one account, by a key of its own. */
  at(account: string, client: Client): Promise<Told>
}

interface Shared {
  readonly current: Promise<unknown>
  next: Promise<Told> | null
}

export function shareLooks(): Looks {
  const accounts = new Map<string, Shared>()
  const begin = (account: string, client: Client): Promise<Told> => {
    const look = lookAt(client)
    const shared: Shared = { current: look, next: null }
    accounts.set(account, shared)
    const over = () => {
      if (accounts.get(account) === shared) accounts.delete(account)
    }
    look.then(over, over)
    return look
  }
  return {
    at(account, client) {
      const shared = accounts.get(account)
      if (!shared) return begin(account, client)
      const after = () => begin(account, client)
      shared.next ??= shared.current.then(after, after)
      return shared.next
    },
  }
}
