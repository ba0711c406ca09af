/** Names that operators give. They stand in logs, keys and URLs, so they are plain. */
import { fault } from '../faults'

const FORMS = {
  project: /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/,
  // HTTP Basic ends a user's name at the first colon (RFC 7617 §2).
  user: /^[a-zA-Z0-9][a-zA-Z0-9._@-]{0,62}$/,
  host: /^[a-zA-Z0-9][a-zA-Z0-9.-]{0,62}$/,
  zone: /^[a-z][a-z0-9-]{0,62}$/,
  driver: /^[a-z][a-z0-9-]{0,31}$/,
} as const

/** Faults: 'invalid' naming the field. */
export function checkName(what: keyof typeof FORMS, field: string, name: string): void {
  if (!FORMS[what].test(name))
    throw fault('invalid', `${field} is no usable name: up to 63 letters, digits, dots and hyphens`, { field })
}
