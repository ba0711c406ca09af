/**
 * The names of all keys of one site. The hash tag in front keeps them in one slot, so that a script may touch any of them
 * and sites on one Redis share nothing. `scripts/keys.lua` says the same in Lua; a test compares them.
 */
import { fault } from '../faults'
import type { Kind, ProjectId, Ref } from '../model/ids'

export interface Keys {
  readonly site: string
  /** Hash: era, epochs (numbers drawn), events (dense event number). KEYS[1] of every script. */
  readonly root: string
  /** Hash: the record. */
  record(kind: Kind, id: string): string
  /** Set: ids of all records of a kind. */
  ids(kind: Kind): string
  /** Sorted set: `kind:id` by when to look next, ms. */
  readonly agenda: string
  /** Sorted set: compute ids that wait for a place, by creation, ms. */
  readonly waiting: string
  /** Hash: scope (project id or `*`) to revision. */
  readonly revisions: string
  /** Stream: events. */
  readonly events: string
  /** List: stream ids of a record's events, newest first. */
  history(ref: Ref): string
  /** String: the answer of an operation id. */
  operation(id: string): string
  /** Hash: digest, answer, at; of a client token. */
  token(project: ProjectId, token: string): string
  /** Hash of taken names: `names`, `macs`, `leases:<network>`. */
  taken(hash: string): string
  /** Hash: a project's counters. */
  counters(project: ProjectId): string
  /** Hash: compute id to the JSON of what it claims on that host. */
  claims(host: string): string
  /** Hash: host to the revision of its claims. */
  readonly claimRevisions: string
  /** Hash: cursors. */
  readonly cursors: string
  /** String of bits: which uses of something happened. */
  uses(what: string): string
  /** Hash: at, host, machines; what a host and its machines used when it answered last. */
  usage(host: string): string
  /** List: points of a window, newest first; `subject` is `host:<id>` or `machine:<i-…>`. */
  points(window: string, subject: string): string
  /** List: uses that ended in a month (`2026-11`), in the order of their ends. */
  used(month: string): string
  /** Hash: `<project> <host> <sent|received>` to bytes, of a month. */
  flows(month: string): string
  /** Hash: `<id> <from> <from|until>` of uses that began in a month to the times at which a lender says that they did, ms. */
  settled(month: string): string
}

const SITE = /^[a-z0-9][a-z0-9-]{0,62}$/

/** 'invalid' for a site name that is not of small letters, digits and hyphens (it stands in every key and in bullmq's prefix). */
export function keysOf(site: string): Keys {
  if (!SITE.test(site)) throw fault('invalid', `a site's name has small letters, digits and hyphens only: ${site}`)
  const prefix = `{${site}}:`
  return {
    site,
    root: `${prefix}site`,
    record: (kind, id) => `${prefix}record:${kind}:${id}`,
    ids: (kind) => `${prefix}ids:${kind}`,
    agenda: `${prefix}agenda`,
    waiting: `${prefix}waiting`,
    revisions: `${prefix}revisions`,
    events: `${prefix}events`,
    history: (ref) => `${prefix}history:${ref.kind}:${ref.id}`,
    operation: (id) => `${prefix}operation:${id}`,
    token: (project, token) => `${prefix}token:${project}:${token}`,
    taken: (hash) => `${prefix}taken:${hash}`,
    counters: (project) => `${prefix}counters:${project}`,
    claims: (host) => `${prefix}claims:${host}`,
    claimRevisions: `${prefix}claim-revisions`,
    cursors: `${prefix}cursors`,
    uses: (what) => `${prefix}uses:${what}`,
    usage: (host) => `${prefix}usage:${host}`,
    points: (window, subject) => `${prefix}points:${window}:${subject}`,
    used: (month) => `${prefix}used:${month}`,
    flows: (month) => `${prefix}flows:${month}`,
    settled: (month) => `${prefix}settled:${month}`,
  }
}

/** BullMQ's prefix: under the same hash tag. */
export const queuePrefix = (site: string): string => `{${keysOf(site).site}}:q`
